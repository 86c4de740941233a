"""Carry a running deadline over to another version of its definition: is it counted otherwise, and how?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import msgspec

from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.definition.clock_rules import DeadlineRule
from credit_workflow.engine.clocks import deadlines as dl
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import Case, Deadline

Holds = Callable[[str], bool]


def carried(old: Rules, new: Rules, deadline: Deadline, calendar: WorkCalendar, holds: Holds) -> Deadline:
    """Return a running deadline counted from its own start as another version counts it.

    Its stops stay, and so does the length that was chosen for it where the other version still has
    it; else the length is chosen anew. One that is counted in the same way is returned as it is, and
    so is one with an extension granted in a unit that the other version does not extend by: its
    days can't be told in the other unit. Nor is one whose clock has stood counted in years.

    Args:
        old: the version that it was counted by.
        new: the other version; it has the deadline.
        deadline: as it stands.
        calendar: counts it.
        holds: whether a condition of the other version holds of the case.

    Raises:
        Refused: the period leaves what the calendar covers.
    """
    length = chosen_length(new.deadline(deadline.id), deadline.length, holds)
    if deadline.extension and _unit(old, deadline) != _unit(new, deadline):
        return deadline
    if deadline.pauses and new.period(deadline.id, length).unit not in ("days", "working days"):
        return deadline
    if _counting(old, deadline, deadline.length) == _counting(new, deadline, length):
        return deadline if length == deadline.length else msgspec.structs.replace(deadline, length=length)
    return dl.recounted(new, msgspec.structs.replace(deadline, length=length), calendar)


def chosen_length(rule: DeadlineRule, chosen: str | None, holds: Holds) -> str | None:
    """Return the length that a deadline keeps under a rule: its own if the rule has it, else one chosen anew."""
    if chosen is None or any(other.length == chosen for other in rule.other_lengths):
        return chosen
    return first_length(rule, holds)


def first_length(rule: DeadlineRule, holds: Holds) -> str | None:
    """Return the length that counts instead of a rule's usual one, None where that counts."""
    return next((other.length for other in rule.other_lengths if holds(other.when)), None)


def lasting_stops(new: Rules, case: Case) -> list[tuple[str, str]]:
    """Return the (deadline, stop) of a case's clocks that stand by what another version does not know.

    Under that version nothing would ever start them again.
    """
    rules = new.workflow.deadlines
    return [
        (name, pause.id)
        for name, deadline in case.deadlines.items()
        if deadline.status == "running" and name in rules
        for pause in deadline.pauses
        if pause.until is None and pause.id not in rules[name].suspensions
    ]


def day_after(rule: DeadlineRule, deadlines: Mapping[str, Deadline]) -> date | None:
    """Return day 0 of a deadline that another one starts, None where that has not come to its end so."""
    if rule.starts_after is None:
        return None
    name, once = rule.starts_after
    first = deadlines.get(name)
    if first is None:
        return None
    if once == "passed":
        return first.due if first.flagged is not None else None
    return first.met if first.flagged is None or first.met != first.due else None


def _counting(rules: Rules, deadline: Deadline, length: str | None) -> tuple[object, date, object]:
    """What decides on a due date besides its start, its stops and the calendar."""
    return (
        rules.period(deadline.id, length),
        rules.day_zero(deadline.id, length, deadline.starts),
        dl.extension_period(rules.deadline(deadline.id), deadline) if deadline.extension else None,
    )


def _unit(rules: Rules, deadline: Deadline) -> str | None:
    extension = rules.deadline(deadline.id).extension
    return None if extension is None else extension.unit
