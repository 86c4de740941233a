"""Read the log of look-ups, which is itself logged."""

from __future__ import annotations

from msgspec.structs import replace

from credit_workflow.casework.audit.entries import Query
from credit_workflow.casework.journal.look_entries import OfLog
from credit_workflow.casework.records.look_up_answers import LookUp, LookUps
from credit_workflow.casework.records.lookup_log import look_ups
from credit_workflow.definition.library import scheme_of
from credit_workflow.identity import parse_subject
from credit_workflow.service.use_case import Request
from credit_workflow.service.work import Work


class ReadLookUps(Request[LookUps], Query, frozen=True, kw_only=True):
    """Read the log of look-ups.

    Args:
        full: show whole ID numbers, which needs a purpose.
        purpose: why the log is read.
        unfiled: only looks at the counter that no filing has followed the same day.
    """

    unfiled: bool = False
    full: bool = False
    purpose: str | None = None


def read_look_ups(work: Work, request: ReadLookUps) -> LookUps:
    """Read the log of look-ups.

    Raises:
        NotAllowed: whole ID numbers are not for this account.
        UsageFault: ``full`` without a purpose, or the subject's number is none.
    """
    if request.full:
        work.see_in_full(request.purpose)
    query = query_of(work, request, request.purpose, "log", full=request.full)
    found = look_ups(work.db, work.calendar, query, work.lang, full=request.full, unfiled=request.unfiled)
    return LookUps(look_ups=found)


def query_of(work: Work, asked: Query, purpose: str | None, kind: str, *, full: bool = False) -> Query:
    """Return what is wanted of a log, with the person's key; that it is read is noted.

    Args:
        work: who reads.
        asked: what of it, with the person's number as it was given.
        purpose: why.
        kind: the note's kind.
        full: whether whole ID numbers are shown.

    Raises:
        UsageFault: the subject's number is none.
    """
    key = asked.subject and parse_subject(asked.subject, scheme=scheme_of(work.definitions)).key
    said = OfLog(record=asked.record, subject=key, account=asked.account, purpose=purpose, full=full)
    work.look(said, kind)
    return replace(asked, subject=key)
