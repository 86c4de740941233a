"""Read the log of applications, which is itself logged, with the cases that came."""

from __future__ import annotations

from msgspec.structs import replace

from credit_workflow.casework.audit.application_log import Application, Applications, LoggedMark, applications
from credit_workflow.casework.audit.entries import Query
from credit_workflow.casework.journal.look_entries import OfCases
from credit_workflow.definition.library import scheme_of
from credit_workflow.identity import parse_subject
from credit_workflow.service.use_case import Request
from credit_workflow.service.work import Work

__all__ = ["Application", "Applications", "LoggedMark", "ReadApplicationLog", "read_application_log"]


class ReadApplicationLog(Request[Applications], Query, frozen=True, kw_only=True):
    """Read the log of applications.

    Args:
        full: show whole ID numbers, which needs a purpose.
        purpose: why the log is read.
    """

    full: bool = False
    purpose: str | None = None


def read_application_log(work: Work, request: ReadApplicationLog) -> Applications:
    """Read the log of applications.

    Raises:
        NotAllowed: whole ID numbers are not for this account.
        UsageFault: ``full`` without a purpose, or the subject's number is none.
    """
    if request.full:
        work.see_in_full(request.purpose)
    key = request.subject and parse_subject(request.subject, scheme=scheme_of(work.definitions)).key
    found = applications(work.snapshot, work.viewer, replace(request, subject=key), full=request.full)
    work.look(
        OfCases(
            record=request.record,
            subject=key,
            account=request.account,
            purpose=work.sight.purpose(request.purpose),
            full=request.full,
            cases=tuple(one.case for one in found),
        )
    )
    return Applications(applications=found)
