"""Read the log of applications, which is itself logged, with the cases that came."""

from __future__ import annotations

from msgspec import UNSET
from msgspec.structs import replace

from credit_workflow.casework.audit.application_log import Application, Applications, LoggedMark, applications
from credit_workflow.casework.audit.entries import Query
from credit_workflow.casework.cases.looks import criteria_of
from credit_workflow.casework.journal.look_entries import OfCases
from credit_workflow.definition.library import scheme_of
from credit_workflow.identity import parse_subject
from credit_workflow.service.use_case import Request
from credit_workflow.service.work import Work

#: What of a request narrows the log, besides person and record, which have places of their own in the entry.
_CRITERIA = ("account", "first", "last", "limit", "after")

__all__ = ["Application", "Applications", "LoggedMark", "ReadApplicationLog", "read_application_log"]


class ReadApplicationLog(Request[Applications], Query, frozen=True, kw_only=True):
    """Read the log of applications.

    Args:
        limit: at most so many.
        after: where the page before ended: its ``next``.
        full: show whole ID numbers, which needs a purpose.
        purpose: why the log is read; case work unless given.
    """

    limit: int | None = None
    after: str | None = None
    full: bool = False
    purpose: str | None = None


def read_application_log(work: Work, request: ReadApplicationLog) -> Applications:
    """Read the log of applications.

    Raises:
        NotAllowed: whole ID numbers are not for this account.
        UsageFault: ``full`` without a purpose, ``limit`` less than one, or ``subject`` or ``after`` is none.
    """
    if request.full:
        work.see_in_full(request.purpose)
    key = request.subject and parse_subject(request.subject, scheme=scheme_of(work.definitions)).key
    wanted = replace(request, subject=key)
    found = applications(
        work.snapshot, work.viewer, wanted, full=request.full, limit=request.limit, after=request.after
    )
    work.look(_look_at(wanted, found, work.sight.purpose(request.purpose)), "applications")
    return found


def _look_at(wanted: ReadApplicationLog, found: Applications, purpose: str | None) -> OfCases:
    """Return what the log says of a reading, of nobody too: whose names or numbers were shown, and whose were not."""
    seen = [one.case for one in found.applications if wanted.full or one.name or one.reason]
    return OfCases(
        cases=tuple(seen),
        withheld=tuple(one.case for one in found.applications if one.case not in seen) or UNSET,
        record=wanted.record,
        subject=wanted.subject,
        criteria=criteria_of(wanted, _CRITERIA) or UNSET,
        purpose=purpose,
        full=wanted.full,
    )
