"""Convert deadlines from and to rows. No SQL here, and no library of a database."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from credit_workflow.engine.values import Deadline, Pause
from credit_workflow.store.mapping.shape import Shape
from credit_workflow.store.schema.columns import COLUMNS

if TYPE_CHECKING:  # who reads needs no rules
    from credit_workflow.engine.ruleset import Rules

#: Those columns that follow from a deadline's rule; a deadline is made of the others.
_OF_RULE = frozenset({"kind", "late", "owed_by", "pending"})
DEADLINE_VALUES = tuple(name for name in COLUMNS["case_deadline"] if name not in _OF_RULE)

_encode = msgspec.json.Encoder().encode
_pauses_decoder = msgspec.json.Decoder(tuple[Pause, ...])


_DEADLINES = Shape("case_deadline", Deadline, given=("pauses",))
_VALUES = Shape("case_deadline", Deadline, DEADLINE_VALUES[1:], given=("pauses",))


@lru_cache(maxsize=16_384)
def deadline_of(values: tuple[Any, ...]) -> Deadline:
    """Return a deadline from its values (`DEADLINE_VALUES` less the case's number).

    Deadlines that run alike are one and the same object: of a million, few differ.
    """
    return _VALUES.of(values, pauses=() if values[-1] is None else _pauses_decoder.decode(values[-1]))


def deadline_row(case: str, deadline: Deadline, rules: Rules) -> tuple[Any, ...]:
    """Return a deadline as its row (`columns.CASE_DEADLINE`)."""
    rule = rules.deadline(deadline.id)
    return _DEADLINES.row(
        deadline,
        case_no=case,
        kind=rule.kind,
        late=rule.late,
        owed_by=rule.owed_by,
        pauses=_encode(deadline.pauses).decode() if deadline.pauses else None,
        pending=deadline.status == "running" and deadline.flagged is None and rule.at_end is not None,
    )
