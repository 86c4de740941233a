"""Move running cases to proposed rules, where the rules take over running cases too."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from msgspec.structs import replace

from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.engine.amending.carrying import carried, lasting_stops
from credit_workflow.engine.clocks import deadlines as dl
from credit_workflow.engine.facts import CaseFacts
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import Case, Deadline
from credit_workflow.engine.world import SYSTEM_ACTOR, World

#: By case and deadline, the digest of the version that it was counted by.
CountedBy = Mapping[str, Mapping[str, str]]


class TakenOver(NamedTuple):
    """Linked cases as they go on, how many keep their own definition, and what counts their deadlines."""

    cases: dict[str, Case]
    kept: int
    counted_by: CountedBy


def taken_over(
    cases: Mapping[str, Case],
    known: Mapping[str, Rules],
    proposed: Mapping[str, Rules],
    calendar: WorkCalendar,
    today: date,
    counted_by: CountedBy | None = None,
) -> TakenOver:
    """Return linked cases as they go on under the proposed definitions.

    A case goes over if it is open, the proposed definition of its workflow has its state and its
    deadlines, and none of its clocks stands by a stop that is unknown there; what runs is then
    counted anew, from the day on which it started. Another case keeps its own.

    Args:
        cases: the linked cases.
        known: the definitions that they have, by digest.
        proposed: the definitions in prospect, by workflow.
        calendar: counts the deadlines.
        today: what is past by its new date, and was recorded so, is not recorded again.
        counted_by: the version that counted a deadline, where that is not its case's own.
    """
    found: dict[str, Case] = {}
    by = {number: dict(names) for number, names in (counted_by or {}).items() if number in cases}
    kept = 0
    rules_known = {**known, **{rules.digest: rules for rules in proposed.values()}}
    world = World(rules=rules_known, calendar=calendar, cases=cases)
    for number, case in cases.items():
        rules = proposed.get(case.workflow)
        if case.final or rules is None or rules.digest == case.definition:
            found[number] = case
            continue
        if not _fits(case, rules):
            kept += 1
            found[number] = case
            continue
        facts = CaseFacts(world=world, rules=rules, case=case, actor=SYSTEM_ACTOR, today=today)
        had = by.pop(number, {})
        deadlines, still = {}, {}
        for name, deadline in case.deadlines.items():
            old = had.get(name, case.definition)
            deadlines[name] = _counted(known[old], facts, deadline, today)
            if deadlines[name] is deadline and deadline.status == "running":
                still[name] = old
        by[number] = still
        found[number] = replace(
            case, definition=rules.digest, definition_version=rules.workflow.version, deadlines=deadlines
        )
    return TakenOver(found, kept, by)


def _fits(case: Case, rules: Rules) -> bool:
    return (
        case.state in rules.workflow.states
        and case.deadlines.keys() <= rules.workflow.deadlines.keys()
        and not lasting_stops(rules, case)
    )


def _counted(old: Rules, facts: CaseFacts, deadline: Deadline, today: date) -> Deadline:
    """Return a deadline as the new rule counts it; one that it counts in the same way is left as it is."""
    if deadline.status != "running":
        return deadline
    fresh = carried(old, facts.rules, deadline, facts.world.calendar, facts.holds)
    return fresh if fresh is deadline else dl.moved(fresh, today)
