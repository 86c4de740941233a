"""What there is to ask about how due dates were counted."""

from credit_workflow.service.use_case import ACCOUNT, UseCase

ENTRIES: tuple[UseCase, ...] = (
    UseCase(name="case.explain", request="explanations.ExplainCase", run="explain_case", permission=ACCOUNT),
)
