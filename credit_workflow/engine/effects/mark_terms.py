"""Move marks that stand until the end of a deadline, when it moves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec

from credit_workflow.engine.clocks.suspensions import NO_DATE
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import Case, Deadline, Mark


def last_day(deadline: Deadline) -> date | None:
    """Return the last day (inclusive) of what stands until the end of a deadline: none while its clock stands."""
    return None if deadline.due == NO_DATE else deadline.due


def marks_following(rules: Rules, case: Case, deadlines: Mapping[str, Deadline]) -> dict[str, Mark]:
    """Return the marks of a case that move, by kind.

    Args:
        rules: the definition by which it goes on.
        case: as it stands.
        deadlines: as they are from now on; may leave out those that stay.
    """
    moved = {}
    for kind, mark in case.marks.items():
        name = rules.mark_until.get(kind, "")
        old, new = case.deadlines.get(name), deadlines.get(name)
        if old is None or new is None or mark.lifted is not None or last_day(old) == last_day(new):
            continue
        if mark.last_day == last_day(old):
            moved[kind] = msgspec.structs.replace(mark, last_day=last_day(new))
    return moved
