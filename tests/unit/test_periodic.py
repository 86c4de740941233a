"""A deadline that the action at its own end starts anew: it comes again and again, each time on its day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from credit_workflow.calendar.loading import load_calendar
from credit_workflow.engine.fire import fire
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.timers import catch_up
from credit_workflow.engine.values import Actor, Entry
from credit_workflow.engine.world import Moment, Request, World, opening_of
from credit_workflow.identity import NOBODY
from tests.unit.machines import Document, loaded, workflow

FIRST = date(2026, 3, 2)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def swept(until: int, every: int = 1, **rule: object) -> tuple[World, list[Entry]]:
    """Open a case on day 0 with a deadline of three days, and sweep until a day, now and then."""
    actions: dict[str, Document] = {
        "submit": {"to": "begun"},
        "again": {"from": "begun", "by": ["system"]},
        "finish": {"from": "begun", "to": "done"},
    }
    term = {"starts": ["submit", "again"], "ends": [], "at_end": "again", "length": "3 days"} | rule
    follow = {"starts": {"deadline": "term", "once": "passed"}, "ends": ["finish"], "length": "2 days"}
    document = workflow("begun:clerk done!", actions, {"term": term, "follow": follow})
    rules = Rules(loaded(document)["sample"], "0" * 64)
    world = World(rules={rules.digest: rules}, calendar=load_calendar())
    opening = opening_of(rules, subject=NOBODY)
    clerk = Actor(account="clerk1", roles=frozenset({"clerk"}))
    outcome = fire(world, Request(action="submit", case="S-1", actor=clerk, opening=opening), moment(0))
    entries = list(outcome.entries)
    for number in range(1, until + 1, every):
        outcome = catch_up(outcome.world, moment(number))
        entries += outcome.entries
    return outcome.world, entries


def moment(number: int) -> Moment:
    return Moment(at=datetime.combine(day(number), time(4), UTC), effective=day(number))


@pytest.mark.parametrize("late", ["overdue", "lapsed", "met"])
@pytest.mark.parametrize("every", [1, 4, 13])
def test_it_fires_on_the_day_after_each_of_its_ends(late: str, every: int) -> None:
    world, entries = swept(14, every, late=late)
    assert [entry.effective for entry in entries if entry.action == "again"] == [day(4), day(8), day(12)]
    term, follow = (world.cases["S-1"].deadlines[name] for name in ("term", "follow"))
    assert (term.status, term.flagged, term.starts, term.due) == ("running", None, day(12), day(15))
    assert (follow.starts, follow.due) == (day(11), day(13))  # from the last day of the one that passed


@pytest.mark.parametrize("late", ["overdue", "lapsed", "met"])
def test_what_begins_anew_past_its_end_fires_once_and_not_for_ever(late: str) -> None:
    world, entries = swept(14, late=late, starts={"action": ["submit", "again"], "on": "case.opened"})
    assert [entry.effective for entry in entries if entry.action == "again"] == [day(4)]
    term = world.cases["S-1"].deadlines["term"]
    assert (term.status, term.flagged) == ("running" if late == "overdue" else late, day(4))


def test_it_goes_on_only_where_its_condition_holds() -> None:
    once = {"action": ["submit", "again"], "when": "done.again == null"}
    world, entries = swept(14, late="lapsed", starts=once)
    assert [entry.effective for entry in entries if entry.action == "again"] == [day(4), day(8)]
    assert world.cases["S-1"].deadlines["term"].status == "lapsed"
