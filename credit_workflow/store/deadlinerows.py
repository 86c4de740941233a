"""Between the rows of deadlines and deadlines. No SQL here, and no library of a database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from credit_workflow.engine.rules import Rules
from credit_workflow.engine.values import Deadline, Pause

DEADLINE_COLUMNS = (
    "case_no", "id", "kind", "late", "owed_by", "status", "starts", "due", "original_due", "edition",
    "provisional", "met", "extension", "flagged", "resumed", "length", "pauses", "pending",
)  # fmt: skip
#: What a deadline is made of; the other columns follow from its rule.
DEADLINE_VALUES = (
    "case_no", "id", "status", "starts", "due", "original_due", "edition", "provisional", "met", "extension",
    "flagged", "resumed", "length", "pauses",
)  # fmt: skip

_encode = msgspec.json.Encoder().encode
_pauses_decoder = msgspec.json.Decoder(tuple[Pause, ...])


def deadline_of(row: Sequence[Any]) -> Deadline:
    """Return a deadline from its values (`DEADLINE_VALUES`)."""
    return Deadline(
        id=row[1],
        status=row[2],
        starts=date.fromisoformat(row[3]),
        due=date.fromisoformat(row[4]),
        original_due=date.fromisoformat(row[5]),
        edition=row[6],
        provisional=bool(row[7]),
        met=_day(row[8]),
        extension=row[9],
        flagged=_day(row[10]),
        resumed=_day(row[11]),
        length=row[12],
        pauses=() if row[13] is None else _pauses_decoder.decode(row[13]),
    )


def deadline_row(case: str, deadline: Deadline, rules: Rules) -> tuple[Any, ...]:
    """Return a deadline as its row (`DEADLINE_COLUMNS`)."""
    rule = rules.deadline(deadline.id)
    pending = deadline.status == "running" and deadline.flagged is None and rule.at_end is not None
    return (
        case, deadline.id, rule.kind, rule.late, rule.owed_by, deadline.status, deadline.starts.isoformat(),
        deadline.due.isoformat(), deadline.original_due.isoformat(), deadline.edition, deadline.provisional,
        _text(deadline.met), deadline.extension, _text(deadline.flagged), _text(deadline.resumed), deadline.length,
        _encode(deadline.pauses).decode() if deadline.pauses else None, pending,
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
