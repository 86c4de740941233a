"""Running cases under another version: stops of the clock, chosen lengths, deadlines that others start."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

import msgspec
import pytest

from credit_workflow.casework.explanation.day_count import explained
from credit_workflow.definition.model import Workflow
from credit_workflow.engine.amending.migration import Plan, migration, plan, undone
from credit_workflow.engine.clocks.deadline_versions import counted_by
from credit_workflow.engine.replay import replay
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import Actor, Case, Deadline
from credit_workflow.engine.world import Outcome, Recorded
from credit_workflow.errors import Refused
from tests.unit.test_moves import TEXT, Life, moment, rules

AUTHORITY = Actor(account="authority1", roles=frozenset({"authority"}))
Edit = Callable[[dict[str, Any]], None]
MARCH = date(2026, 3, 2)


def version(edit: Edit, *, deadlines: str = "recount", number: int = 2) -> Rules:
    """Return the definition of `test_moves` in another version; it is given the deadline ``handling`` to edit."""
    document = msgspec.json.decode(msgspec.json.encode(rules().workflow))
    document |= {
        "version": number,
        "takes_over": {"from": "2020-01-01", "deadlines": deadlines, "source": "甲法"},
    }
    edit(document["deadlines"])
    return Rules(msgspec.convert(document, Workflow), f"{number}" * 64)


def shorter(found: dict[str, Any]) -> None:
    found["handling"]["length"] = "20 days"


class Running(Life):
    """A case that can go over to another version, and back."""

    @property
    def history(self) -> list[Recorded]:
        return [Recorded(seq=seq, entry=entry) for seq, entry in enumerate(self.entries, 1)]

    def planned(self, target: Rules, day: date) -> Plan:
        self.sweep(day)
        return plan(self.world, "C-1", target, self.history, day)

    def go(self, made: Plan, day: date) -> None:
        assert made.in_the_way == ()
        entry = migration(made, AUTHORITY, "authority", moment(day))
        case = replay([*self.entries, entry])
        known = {**self.world.rules, made.target.digest: made.target}
        world = msgspec.structs.replace(self.world, cases={"C-1": case}, rules=known)
        self._note(Outcome(entries=(entry,), world=world))
        by = {"C-1": counted_by(self.history)}
        self.world = msgspec.structs.replace(self.world, counted_by=by)

    def went(self, target: Rules, day: date) -> Deadline:
        """Go over, see that the step back is exact, and stay over."""
        before = self.case
        self.go(self.planned(target, day), day)
        over = self.case
        back = undone(self.world, "C-1", self.history)
        assert back is not None
        self.go(back, day)
        assert _same(self.case, before)
        self.go(self.planned(target, day), day)
        assert _same(self.case, over)
        return self.deadline("handling")


def _same(one: Case, other: Case) -> bool:
    return msgspec.structs.replace(one, version=0) == msgspec.structs.replace(other, version=0)


def test_a_clock_that_stands_goes_on_standing_and_what_is_left_is_of_the_new_period() -> None:
    life = Running(MARCH)
    life.act(date(2026, 3, 12), "ask")  # nine of thirty are used
    handling = life.went(version(shorter), date(2026, 3, 16))
    assert (handling.stopped, handling.original_due) == (date(2026, 3, 12), date(2026, 3, 23))  # 22 March is a Sunday
    life.act(date(2026, 3, 20), "hear")
    assert life.deadline("handling").due == date(2026, 3, 31)  # eleven of twenty
    assert life.deadline("handling").flagged is None


def test_a_stop_that_has_ended_is_not_counted_after_going_over_either() -> None:
    life = Running(MARCH)
    life.act(date(2026, 3, 12), "ask")
    life.act(date(2026, 3, 20), "hear")
    handling = life.went(version(shorter), date(2026, 3, 23))
    assert (handling.due, len(handling.pauses)) == (date(2026, 3, 31), 1)


def test_a_stop_that_the_other_version_does_not_know_is_told_by_its_name_once_it_has_ended() -> None:
    def without(found: dict[str, Any]) -> None:
        shorter(found)
        del found["handling"]["suspensions"]

    life = Running(MARCH)
    life.act(date(2026, 3, 12), "ask")
    (ground,) = life.planned(version(without), date(2026, 3, 16)).in_the_way
    assert (ground.code, ground.facts) == ("clock_stands", {"deadline": "handling", "stop": "asked"})
    life.act(date(2026, 3, 20), "hear")
    assert life.went(version(without), date(2026, 3, 23)).due == date(2026, 3, 31)
    (stop,) = explained(life.case, "handling", life.world, "en").stops
    assert (stop.id, stop.title, stop.until) == ("asked", "asked", date(2026, 3, 20))


def test_dates_that_are_kept_go_on_by_the_rule_that_they_came_from() -> None:
    life = Running(MARCH)
    life.act(date(2026, 3, 12), "ask")
    life.went(version(shorter, deadlines="keep"), date(2026, 3, 16))
    life.act(date(2026, 3, 20), "hear")
    assert life.deadline("handling").due == date(2026, 4, 10)  # 21 of thirty, not eleven of twenty
    assert counted_by(life.history) == {"handling": rules().digest}


def other_length(length: str | None) -> Edit:
    def edit(found: dict[str, Any]) -> None:
        lengths = found["handling"]["other_lengths"]
        found["handling"]["other_lengths"] = [one for one in lengths if one["length"] != "45 days"]
        if length is not None:
            found["handling"]["other_lengths"].append(
                {"when": "case.fields.days > 1", "length": length, "source": "甲法"}
            )
        shorter(found)

    return edit


@pytest.mark.parametrize(
    ("edit", "length", "due"),
    [
        (shorter, "45 days", date(2026, 4, 16)),  # the length chosen is still there: nothing moves
        (other_length("40 days"), "40 days", date(2026, 4, 13)),  # the 11th is a Saturday
        (other_length(None), None, date(2026, 3, 23)),  # the usual length, now of 20 days
    ],
)
def test_the_length_that_was_chosen_stays_where_it_still_is(edit: Edit, length: str | None, due: date) -> None:
    life = Running(MARCH, days=2)
    handling = life.went(version(edit), date(2026, 3, 10))
    assert (handling.length, handling.due) == (length, due)


def test_whether_the_first_day_counts_is_a_difference() -> None:
    life = Running(MARCH)
    assert life.deadline("handling").due == date(2026, 4, 1)
    handling = life.went(version(lambda found: found["handling"].update(first_day_counts=True)), date(2026, 3, 10))
    assert (handling.starts, handling.due) == (MARCH, date(2026, 3, 31))


def test_an_extension_granted_in_another_unit_keeps_its_date() -> None:
    def in_working_days(found: dict[str, Any]) -> None:
        shorter(found)
        found["handling"]["extension"]["unit"] = "working days"

    life = Running(MARCH, days=2)
    life.act(date(2026, 3, 10), "more")
    before = life.deadline("handling")
    assert before.extension == 2
    assert life.went(version(in_working_days), date(2026, 3, 11)) == before


def test_a_new_deadline_that_another_starts_is_there_where_that_has_ended_so() -> None:
    def praise(found: dict[str, Any]) -> None:
        after = {"title": TEXT, "kind": "target", "length": "7 days", "late": "overdue", "source": "甲法"}
        found["praise"] = after | {"starts": {"deadline": "handling"}, "ends": ["finish"]}
        found["blame"] = after | {"starts": {"deadline": "handling", "once": "passed"}, "ends": ["finish"]}

    life = Running(MARCH)
    made = life.planned(version(praise), date(2026, 3, 9))
    assert {"praise", "blame"}.isdisjoint(made.fates)
    life.act(date(2026, 3, 10), "meet")
    life.went(version(praise), date(2026, 3, 11))
    assert life.deadline("praise").due == date(2026, 3, 17)
    assert "blame" not in life.case.deadlines

    late = Running(MARCH)
    late.sweep(date(2026, 4, 2))
    late.went(version(praise), date(2026, 4, 3))
    assert late.deadline("blame").starts == date(2026, 4, 1)
    assert "praise" not in late.case.deadlines
    late.act(date(2026, 4, 3), "meet")  # met late: the old rule of the new version starts what follows from it
    assert late.deadline("praise").due == date(2026, 4, 10)


def test_a_new_deadline_has_the_length_that_a_fact_chooses() -> None:
    def second(found: dict[str, Any]) -> None:
        found["second"] = found["handling"] | {"suspensions": {}}
        del found["second"]["extension"]

    life = Running(MARCH, days=2)
    life.went(version(second), date(2026, 3, 9))
    assert (life.deadline("second").length, life.deadline("second").due) == ("45 days", date(2026, 4, 16))


def _walked(life: Running, target: Rules) -> date:
    """The oracle: the last day of ``handling``, found by walking over the days from its start."""
    handling, rule = life.deadline("handling"), target.deadline("handling")
    other = next((one for one in rule.other_lengths if one.length == handling.length), None)
    chosen = rule if other is None else other
    day, number = handling.starts - timedelta(days=chosen.first_day_counts), 0
    while True:
        day += timedelta(days=1)
        stands = any(pause.since <= day <= (pause.until or date.max) for pause in handling.pauses)
        number += not stands
        if number >= int(chosen.length.split()[0]) and not stands and life.world.calendar.is_working(day):
            return day


def _random_version(rng: Random, number: int) -> Rules:
    def edit(found: dict[str, Any]) -> None:
        handling = found["handling"]
        handling["length"] = rng.choice(["20 days", "30 days", "40 days"])
        handling["first_day_counts"] = rng.random() < 0.5
        handling["other_lengths"] = [
            one | {"first_day_counts": rng.random() < 0.5} for one in handling["other_lengths"] if rng.random() < 0.6
        ]

    return version(edit, number=number)


def test_wherever_a_case_has_been_its_date_is_what_a_walk_over_the_days_finds() -> None:
    seen = {"went": 0, "stood": 0, "chosen": 0}
    for seed in range(30):
        rng = Random(seed)
        life, day = Running(MARCH, days=rng.choice([1, 2, 3])), MARCH
        versions = [_random_version(rng, number) for number in (2, 3, 4)]
        for target in versions:
            for _ in range(rng.randrange(3)):
                day += timedelta(days=rng.choice([0, 1, 4, 9]))
                try:
                    life.act(day, "hear" if life.case.state == "waiting" else "ask")
                except Refused:  # pragma: no cover - the case has ended
                    break
            handling = life.deadline("handling")
            if handling.flagged is not None:
                break
            over = life.went(target, day)
            seen["went"] += 1
            seen["stood"] += over.stopped is not None
            seen["chosen"] += over.length is not None
            if over.stopped is None:
                assert over.due == _walked(life, target), seed
            else:
                assert over.due == date.max
            assert over.pauses == handling.pauses
        fired = [entry.change.deadline for entry in life.entries if entry.change.deadline == "handling"]
        assert len(fired) <= 1
    assert min(seen.values()) > 20, seen
