"""Running cases under proposed rules: what becomes of them where the rules take over running ones too."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec.structs import replace

from credit_workflow.calendar import WorkCalendar
from credit_workflow.engine import deadlines as dl
from credit_workflow.engine.rules import Rules
from credit_workflow.engine.values import Case, Deadline


def taken_over(
    cases: Mapping[str, Case],
    known: Mapping[str, Rules],
    proposed: Mapping[str, Rules],
    calendar: WorkCalendar,
    today: date,
) -> tuple[dict[str, Case], int]:
    """Return linked cases as they go on under the proposed definitions, and how many can't.

    A case goes over if it is open and the proposed definition of its workflow has its state and its
    deadlines; what runs is then counted anew, from the day on which it started. Another case keeps its own.

    Args:
        cases: the linked cases.
        known: the definitions that they have, by digest.
        proposed: the definitions in prospect, by workflow.
        calendar: counts the deadlines.
        today: what is past by its new date, and was recorded so, is not recorded again.
    """
    found: dict[str, Case] = {}
    kept = 0
    for number, case in cases.items():
        rules = proposed.get(case.workflow)
        if case.final or rules is None or rules.digest == case.definition:
            found[number] = case
            continue
        fits = case.state in rules.workflow.states and case.deadlines.keys() <= rules.workflow.deadlines.keys()
        if not fits:
            kept += 1
            found[number] = case
            continue
        deadlines = {
            name: _counted(known[case.definition], rules, deadline, calendar, today)
            for name, deadline in case.deadlines.items()
        }
        found[number] = replace(
            case, definition=rules.digest, definition_version=rules.workflow.version, deadlines=deadlines
        )
    return found, kept


def _counted(old: Rules, new: Rules, deadline: Deadline, calendar: WorkCalendar, today: date) -> Deadline:
    """Return a deadline as the new rule counts it; one whose length and calendar stay is left as it is."""
    if deadline.status != "running":
        return deadline
    if old.periods[deadline.id] == new.periods[deadline.id] and deadline.edition == calendar.edition:
        return deadline
    fresh = dl.recounted(new, deadline, calendar)
    return fresh if fresh.due < today else replace(fresh, flagged=None)
