"""Names that begin as typed: what a shell offers for completion."""

from credit_workflow.service.use_case import ANYBODY, UseCase

ENTRIES: tuple[UseCase, ...] = (
    UseCase(name="case.names", request="names.CaseNames", run="case_names", permission=ANYBODY),
    UseCase(name="record.names", request="names.RecordNames", run="record_names", permission=ANYBODY),
    UseCase(name="account.names", request="names.AccountNames", run="account_names", permission=ANYBODY),
)
