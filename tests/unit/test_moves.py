"""What an action does to deadlines: those that start others, lengths chosen by a fact, stops, extensions in days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any

import msgspec
import pytest

from credit_workflow.calendar.loading import load_calendar
from credit_workflow.definition.model import Workflow
from credit_workflow.engine.fire import fire
from credit_workflow.engine.replay import replay
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.timers import catch_up, recount
from credit_workflow.engine.values import Actor, Case, Deadline, Entry
from credit_workflow.engine.world import Form, Moment, Request, World, opening_of
from credit_workflow.errors import DefinitionFault, Refused
from credit_workflow.identity import NOBODY
from tests.unit.test_period_checks import TEXT, with_periods

CLERK = Actor(account="clerk1", roles=frozenset({"clerk"}))


SIXTY = {"when": "case.fields.days > 2", "length": "60 days", "first_day_counts": True, "source": "甲法"}


@cache
def rules() -> Rules:
    """A case of one duty of 30 days (45 where more than one day is meant), and what follows from it."""
    document = with_periods()
    document["about"] = "nothing"
    handling = document["deadlines"]["handling"]
    handling["other_lengths"].insert(0, SIXTY)
    handling |= {"first_day_counts": False, "ends": ["meet", "finish"]}
    for name in ("meet", "thank"):
        document["actions"][name] = {"title": TEXT, "from": ["open", "waiting"], "by": ["clerk"], "source": "甲法"}
    after = {"title": TEXT, "kind": "target", "length": "5 working days", "late": "overdue", "source": "甲法"}
    document["deadlines"]["telling"] = after | {
        "starts": {"deadline": "handling", "once": "passed"},
        "ends": ["finish"],
    }
    document["deadlines"]["thanks"] = after | {"starts": {"deadline": "handling"}, "ends": ["thank", "finish"]}
    document["deadlines"]["rarely"] = after | {
        "starts": {"deadline": "handling", "when": "case.fields.days > 2", "on": "case.opened"},
        "ends": ["finish"],
    }
    for name, role, owed in (
        ("praise", "admirer", "deadlines.thanks.status == 'running'"),
        ("sort", "sorter", "case.fields.kind != 'one'"),
    ):
        document["roles"][role] = {"title": TEXT}
        action = {"title": TEXT, "from": ["open", "waiting"], "by": [role], "owed_when": owed, "source": "甲法"}
        document["actions"][name] = action
    document["actions"]["finish"] |= {"materials": [], "requires": [], "from": "open"}
    must = "deadlines.handling.stopped == null && deadlines.handling.length == '30 days'"
    usual = {"id": "usual", "must": must, "message": TEXT, "source": "甲法"}
    document["actions"]["thank"]["requires"] = [usual]
    return Rules(msgspec.convert(document, Workflow), "0" * 64)


class Life:
    """A case, and its log."""

    def __init__(self, day: date, days: int = 1) -> None:
        self.world = World(rules={rules().digest: rules()}, calendar=load_calendar())
        self.entries: list[Entry] = []
        opening = opening_of(rules(), subject=NOBODY)
        self._take(
            Request(action="submit", case="C-1", actor=CLERK, form=Form(given={"days": days}), opening=opening), day
        )

    def act(self, day: date, action: str) -> None:
        self.sweep(day)
        self._take(Request(action=action, case="C-1", actor=CLERK), day)

    def sweep(self, day: date) -> None:
        self._note(catch_up(self.world, moment(day)))

    def _take(self, request: Request, day: date) -> None:
        self._note(fire(self.world, request, moment(day)))

    def _note(self, outcome: Any) -> None:
        self.world = outcome.world
        self.entries += outcome.entries
        assert replay(self.entries) == self.case  # the log gives the case

    @property
    def case(self) -> Case:
        return self.world.cases["C-1"]

    def deadline(self, name: str) -> Deadline:
        return self.case.deadlines[name]


def moment(day: date) -> Moment:
    return Moment(at=datetime.combine(day, time(4), UTC), effective=day)


def test_what_is_met_starts_the_next_and_only_that() -> None:
    life = Life(date(2026, 3, 2))
    life.act(date(2026, 3, 10), "meet")
    assert life.case.deadlines.keys() == {"handling", "thanks"}
    assert (life.deadline("thanks").starts, life.deadline("thanks").due) == (date(2026, 3, 10), date(2026, 3, 17))
    life.act(date(2026, 3, 18), "thank")
    assert life.deadline("thanks").status == "met_late"


def test_a_case_waits_for_those_who_owe_it_something_from_its_first_entry_on() -> None:
    life = Life(date(2026, 3, 2))
    assert life.case.waits_for == ("clerk", "sorter")  # what is owed depends on nothing that was said
    life.act(date(2026, 3, 10), "meet")
    assert life.case.waits_for == ("clerk", "admirer", "sorter")
    life.act(date(2026, 3, 18), "thank")
    assert life.case.waits_for == ("clerk", "sorter")


def test_what_has_passed_starts_the_next_on_its_own_last_day_however_late_the_sweep() -> None:
    life = Life(date(2026, 3, 2))
    life.sweep(date(2026, 4, 1))
    assert "telling" not in life.case.deadlines  # 1 April is the last day
    life.sweep(date(2026, 5, 20))
    assert (life.deadline("handling").due, life.deadline("handling").flagged) == (date(2026, 4, 1), date(2026, 4, 2))
    # 2, 3, 7, 8 and 9 April: the 6th is 清明 in lieu, as the notice has it
    assert (life.deadline("telling").starts, life.deadline("telling").due) == (date(2026, 4, 1), date(2026, 4, 9))
    assert "thanks" not in life.case.deadlines


def test_what_begins_and_ends_with_one_action_is_met_at_once() -> None:
    life = Life(date(2026, 3, 2))
    life.act(date(2026, 3, 10), "finish")
    assert (life.deadline("thanks").status, life.deadline("thanks").met) == ("met", date(2026, 3, 10))


def test_a_start_by_another_deadline_has_conditions_and_a_day_of_its_own() -> None:
    life = Life(date(2026, 3, 2), days=3)
    life.act(date(2026, 3, 10), "meet")
    assert life.deadline("rarely").starts == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("days", "length", "due"),
    [
        (1, None, date(2026, 4, 1)),
        (2, "45 days", date(2026, 4, 16)),
        (3, "60 days", date(2026, 4, 30)),  # of these alone the first day is 2 March
    ],
)
def test_whether_the_first_day_counts_goes_with_the_length(days: int, length: str | None, due: date) -> None:
    handling = Life(date(2026, 3, 2), days=days).deadline("handling")
    assert (handling.starts, handling.length, handling.due) == (date(2026, 3, 2), length, due)


def test_the_length_is_chosen_when_it_starts_and_stays() -> None:
    life = Life(date(2026, 3, 2), days=2)
    assert (life.deadline("handling").length, life.deadline("handling").due) == ("45 days", date(2026, 4, 16))
    outcome = recount(msgspec.structs.replace(life.world, cases={"C-1": _older(life.case)}), moment(date(2026, 3, 3)))
    assert outcome.world.cases["C-1"].deadlines["handling"].due == date(2026, 4, 16)
    life.act(date(2026, 3, 10), "meet")
    with pytest.raises(Refused):
        life.act(date(2026, 3, 10), "thank")  # it asks for the usual length


def _older(case: Case) -> Case:
    """Return the case as if its date had been counted with an older edition, and wrongly."""
    wrong = msgspec.structs.replace(case.deadlines["handling"], edition="older", due=date(2026, 4, 1))
    return msgspec.structs.replace(case, deadlines={"handling": wrong})


def test_a_stop_and_an_extension_in_days_through_the_log() -> None:
    life = Life(date(2026, 3, 2))  # 30 days to 1 April
    life.act(date(2026, 3, 12), "ask")  # nine are used
    assert life.deadline("handling").stopped == date(2026, 3, 12)
    life.sweep(date(2030, 1, 1))
    assert [entry.action for entry in life.entries] == ["submit", "ask"]
    life.act(date(2026, 3, 20), "hear")
    assert life.deadline("handling").due == date(2026, 4, 10)  # 21 days more
    life.act(date(2026, 4, 10), "more")  # by one calendar day, a Saturday, shifted to Monday
    assert (life.deadline("handling").extension, life.deadline("handling").due) == (1, date(2026, 4, 13))
    life.sweep(date(2026, 4, 14))
    assert life.entries[-1].action == "late"


def test_what_is_met_while_its_clock_stands_is_in_time_and_has_a_date_again() -> None:
    life = Life(date(2026, 3, 2))
    life.act(date(2026, 3, 12), "ask")
    life.act(date(2026, 8, 3), "meet")
    handling = life.deadline("handling")
    assert (handling.status, handling.stopped, handling.due) == ("met", None, date(2026, 8, 24))
    assert life.deadline("thanks").due == date(2026, 8, 10)


def test_a_stop_of_what_is_past_already_changes_nothing() -> None:
    life = Life(date(2026, 3, 2))
    life.act(date(2026, 4, 2), "ask")
    assert (life.deadline("handling").stopped, life.deadline("handling").flagged) == (None, date(2026, 4, 2))


def test_timers_that_set_each_other_going_without_end_are_a_fault_of_the_definition() -> None:
    """What the one records lets the other run again, past its end already: no day ever comes between."""
    document = with_periods() | {"about": "nothing"}
    for name in ("tick", "tock"):
        document["actions"][name] = {"title": TEXT, "from": ["open", "waiting"], "by": ["system"], "source": "甲法"}
    term = {"title": TEXT, "kind": "target", "length": "2 days", "source": "甲法"}
    document["deadlines"] |= {
        "term": term
        | {"starts": "submit", "ends": ["tick"], "late": "met", "at_end": "tick", "runs_again_after": "tock"},
        "next": term
        | {"starts": {"deadline": "term", "once": "passed"}, "ends": [], "late": "lapsed", "at_end": "tock"},
    }
    endless = Rules(msgspec.convert(document, Workflow), "1" * 64)
    opening = opening_of(endless, subject=NOBODY)
    request = Request(action="submit", case="C-1", actor=CLERK, form=Form(given={"days": 1}), opening=opening)
    world = World(rules={endless.digest: endless}, calendar=load_calendar())
    filed = fire(world, request, moment(date(2026, 3, 2))).world
    assert [entry.action for entry in catch_up(filed, moment(date(2026, 3, 5))).entries] == ["tick"]
    with pytest.raises(DefinitionFault) as refusal:
        catch_up(filed, moment(date(2026, 3, 9)))
    assert refusal.value.code == "endless"
    assert "C-1" in refusal.value.message.en
