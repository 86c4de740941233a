"""Convert deadlines from and to rows. No SQL here, and no library of a database."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from credit_workflow.engine.values import Deadline, Pause
from credit_workflow.store.schema.columns import CASE_DEADLINE

if TYPE_CHECKING:  # who reads needs no rules
    from credit_workflow.engine.ruleset import Rules

#: Those columns that follow from a deadline's rule; a deadline is made of the others.
_OF_RULE = frozenset({"kind", "late", "owed_by", "pending"})
DEADLINE_VALUES = tuple(name for name in CASE_DEADLINE if name not in _OF_RULE)

_encode = msgspec.json.Encoder().encode
_pauses_decoder = msgspec.json.Decoder(tuple[Pause, ...])


@lru_cache(maxsize=16_384)
def deadline_of(values: tuple[Any, ...]) -> Deadline:
    """Return a deadline from its values (`DEADLINE_VALUES` less the case's number).

    Deadlines that run alike are one and the same object: of a million, few differ.
    """
    return Deadline(
        id=values[0],
        status=values[1],
        starts=date.fromisoformat(values[2]),
        due=date.fromisoformat(values[3]),
        original_due=date.fromisoformat(values[4]),
        edition=values[5],
        provisional=bool(values[6]),
        met=_day(values[7]),
        extension=values[8],
        flagged=_day(values[9]),
        resumed=_day(values[10]),
        length=values[11],
        pauses=() if values[12] is None else _pauses_decoder.decode(values[12]),
    )


def deadline_row(case: str, deadline: Deadline, rules: Rules) -> tuple[Any, ...]:
    """Return a deadline as its row (`columns.CASE_DEADLINE`)."""
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
