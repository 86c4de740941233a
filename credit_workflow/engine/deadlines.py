"""Deadlines: what an action starts, ends, moves and cancels, and how they stand on a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal

import msgspec

from credit_workflow.calendar import Period, WorkCalendar
from credit_workflow.definition.model import DeadlineRule
from credit_workflow.engine.rules import Rules
from credit_workflow.engine.values import Deadline

Standing = Literal["running", "met", "met_late", "overdue", "lapsed", "cancelled"]
_DAY = timedelta(days=1)


def started(rules: Rules, name: str, on: date, calendar: WorkCalendar) -> Deadline:
    """Return a deadline that begins on ``on`` (day 0, not counted).

    Raises:
        Refused: the date is outside what the calendar covers.
    """
    due = calendar.due(on, rules.periods[name])
    return Deadline(
        id=name,
        status="running",
        starts=on,
        due=due.day,
        original_due=due.day,
        provisional=due.provisional,
        edition=calendar.edition,
    )


def ended(rule: DeadlineRule, deadline: Deadline, on: date) -> Deadline:
    """Return the deadline as met on ``on``; on its last day is in time (民法典 203)."""
    late = rule.late != "met" and on > deadline.due
    return msgspec.structs.replace(deadline, status="met_late" if late else "met", met=on)


def passed(rule: DeadlineRule, deadline: Deadline, effective: date) -> Deadline:
    """Return the deadline after its passing has been recorded."""
    if rule.late == "overdue":
        return msgspec.structs.replace(deadline, flagged=effective)
    if rule.late == "lapsed":
        return msgspec.structs.replace(deadline, status="lapsed", flagged=effective)
    return msgspec.structs.replace(deadline, status="met", met=deadline.due, flagged=effective)


def resumed(deadline: Deadline, on: date) -> Deadline:
    """Return a deadline that runs again, to its old date."""
    return msgspec.structs.replace(deadline, status="running", met=None, resumed=on, flagged=None)


def extended(rule: DeadlineRule, deadline: Deadline, days: int, calendar: WorkCalendar) -> Deadline:
    """Return a deadline moved by working days, counted from its original due date.

    Args:
        rule: its rule; it says how far and how often.
        deadline: as it stands.
        days: working days, added to those already granted.
        calendar: counts them.

    Raises:
        ValueError: more than the rule allows; a guard of the definition should have refused it.
    """
    total = deadline.extension + days
    if rule.extension is None or not 1 <= total <= rule.extension.at_most:
        raise ValueError(f"{deadline.id} can't be extended by {total} working days")
    due = calendar.due(deadline.original_due, Period(total, "working days"))
    return msgspec.structs.replace(
        deadline,
        due=due.day,
        extension=total,
        provisional=deadline.provisional or due.provisional,
        edition=calendar.edition,
    )


def recounted(rules: Rules, deadline: Deadline, calendar: WorkCalendar) -> Deadline:
    """Return a deadline counted again with another edition of the calendar."""
    fresh = started(rules, deadline.id, deadline.starts, calendar)
    due = fresh.due
    provisional = fresh.provisional
    if deadline.extension:
        moved = calendar.due(fresh.due, Period(deadline.extension, "working days"))
        due, provisional = moved.day, provisional or moved.provisional
    return msgspec.structs.replace(
        deadline, due=due, original_due=fresh.due, provisional=provisional, edition=calendar.edition
    )


def cancelled(rules: Rules, deadlines: Mapping[str, Deadline]) -> dict[str, Deadline]:
    """Return those deadlines that a case's end cancels, as cancelled."""
    return {
        name: msgspec.structs.replace(deadline, status="cancelled")
        for name, deadline in deadlines.items()
        if deadline.status == "running" and not rules.deadline(name).outlives_case
    }


def standing(rule: DeadlineRule, deadline: Deadline, today: date) -> Standing:
    """Return how a deadline stands on a day, whether or not its passing has been recorded."""
    if deadline.status != "running" or today <= deadline.due:
        return deadline.status
    if rule.late == "lapsed" and deadline.provisional:
        return "running"  # a provisional date never lapses a right
    return rule.late


def passing(rule: DeadlineRule, deadline: Deadline, today: date) -> date | None:
    """Return the day as of which a deadline's passing is to be recorded, or None.

    It is the day after the last one, or the later day on which the deadline ran again. None
    where nothing is due: it does not run, its end is not past, its passing has been recorded,
    or its date is provisional and would end a right.
    """
    if deadline.status != "running" or deadline.flagged is not None or today <= deadline.due or rule.at_end is None:
        return None
    if rule.late == "lapsed" and deadline.provisional:
        return None
    after = deadline.due + _DAY
    return max(after, deadline.resumed) if deadline.resumed else after


def days_left(deadline: Deadline, today: date) -> int | None:
    """Return the calendar days from ``today`` to the due date; negative when past, None when ended."""
    return (deadline.due - today).days if deadline.status == "running" else None
