"""Say what the log keeps of a look that was refused: of whom, by what criteria, why it was asked for, why refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec.structs import fields

from credit_workflow.casework.journal.look_entries import RefusedLook
from credit_workflow.definition.library import scheme_of
from credit_workflow.errors import CreditWorkflowError, NotAllowed, NotFound, Refused
from credit_workflow.identity import parse_subject
from credit_workflow.service.use_case import Request, UseCase
from credit_workflow.service.work import Work

#: What of a request has a place of its own in the entry, or says how something is shown; files are no criteria.
_NO_CRITERIA = frozenset({"case", "record", "record_no", "subject", "purpose", "full", "page", "actions", "texts"})


def is_refused_look(use_case: UseCase, request: Request[Any], fault: CreditWorkflowError) -> bool:
    """Whether somebody was refused a look at a person: by a rule, or because the case is not for him to know."""
    if isinstance(fault, NotFound):
        return fault.code == "no_case" and isinstance(getattr(request, "case", None), str)
    by_rule = isinstance(fault, NotAllowed) or (isinstance(fault, Refused) and fault.source is not None)
    return use_case.is_look and by_rule


def refused_look(
    work: Work, use_case: UseCase, request: Request[Any], fault: CreditWorkflowError
) -> RefusedLook | None:
    """Return what the log says of it; None where there is nobody to look at.

    Args:
        work: who asked, with the database open.
        use_case: what for.
        request: what was asked.
        fault: why it was refused.
    """
    number, record = getattr(request, "case", None), getattr(request, "record_no", getattr(request, "record", None))
    subject = _person(work, getattr(request, "subject", None))
    if number is not None:
        try:
            case = work.db.cases.get(number)
        except NotFound:
            return None
        if isinstance(fault, NotFound) and work.sight.knows(number):
            return None
        subject = case.subject.key if case.subject.kind in ("natural", "legal") else None
    elif record is not None and subject is None:
        subject = next((known.subject.key for known in work.db.records.known([record]).values()), None)
    return RefusedLook(
        look=use_case.name,
        case=number,
        record=record,
        subject=subject,
        criteria=_criteria(request),
        purpose=getattr(request, "purpose", None) or None,
        full=bool(getattr(request, "full", False)),
        code=fault.code,
        message=fault.message.zh,
        message_en=fault.message.en,
        source=fault.source,
    )


def _person(work: Work, number: str | None) -> str | None:
    """Return the key of the person whose number was given; None where it is none."""
    if not number:
        return None
    try:
        return parse_subject(number, scheme=scheme_of(work.definitions)).key
    except CreditWorkflowError:
        return None


def _criteria(request: Request[Any]) -> Mapping[str, str]:
    """Return what was asked for besides, as text."""
    named = {field.name: field.default for field in fields(request) if field.name not in _NO_CRITERIA}
    given = {name: getattr(request, name) for name, default in named.items() if getattr(request, name) != default}
    return {name: str(value) for name, value in given.items() if isinstance(value, str | int | date)}
