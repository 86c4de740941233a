"""The log of look-ups: reading it, which is logged as well."""

from __future__ import annotations

from datetime import date

from credit_workflow.casework.audit.entries import Query
from credit_workflow.casework.journal.look_entries import OfLog
from credit_workflow.casework.records.look_up_answers import LookUp, LookUps
from credit_workflow.casework.records.lookup_log import look_ups
from credit_workflow.definition.library import scheme_of
from credit_workflow.errors import UsageFault
from credit_workflow.identity import parse_subject
from credit_workflow.service.use_case import Request
from credit_workflow.service.work import Work
from credit_workflow.text import Text

__all__ = ["LookUp", "LookUps", "ReadLookUps", "read_look_ups"]


class ReadLookUps(Request[LookUps], frozen=True, kw_only=True):
    """Read the log of look-ups.

    Args:
        account: those by this account only.
        subject: those of the person with this ID number or code only.
        record: those that gave or withheld this record only.
        first: from this day on.
        last: through this day.
        full: show whole ID numbers, which needs a purpose.
        purpose: why the log is read.
    """

    account: str | None = None
    subject: str | None = None
    record: str | None = None
    first: date | None = None
    last: date | None = None
    full: bool = False
    purpose: str | None = None


def read_look_ups(work: Work, request: ReadLookUps) -> LookUps:
    """Read the log of look-ups.

    Raises:
        NotAllowed: whole ID numbers are not for this account.
        UsageFault: ``full`` without a purpose, or the subject's number is none.
    """
    if request.full:
        work.require("see_whole_numbers")
    if request.full and not (request.purpose and request.purpose.strip()):
        message = Text("查看完整证件号须说明用途：--purpose", "the whole ID number needs a purpose: --purpose")
        raise UsageFault(message, code="missing_values", details={"missing": ["--purpose"]})
    given = request.subject
    query = Query(
        account=request.account,
        subject=None if given is None else parse_subject(given, scheme=scheme_of(work.definitions)).key,
        record=request.record,
        first=request.first,
        last=request.last,
    )
    look = OfLog(
        record=query.record,
        subject=query.subject,
        account=query.account,
        purpose=request.purpose,
        full=request.full,
    )
    work.look(look, "log")
    return LookUps(look_ups=look_ups(work.db, work.calendar, query, work.lang, full=request.full))
