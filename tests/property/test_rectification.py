"""Slips put right: nothing changes where nothing was wrong, and what never happened leaves nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from random import Random

import msgspec
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from credit_workflow.engine.amending.rectification import rectified
from credit_workflow.engine.replay import evolve, replay
from credit_workflow.engine.values import SYSTEM, Amendment, Case, Entry, Record
from credit_workflow.engine.world import Moment, Recorded
from credit_workflow.errors import Refused
from credit_workflow.identity import parse_subject
from tests.property.core import Core, exit_of
from tests.property.lives import Life, numbers
from tests.property.naive import Model
from tests.property.test_against_naive import is_working

LATER = Moment(at=datetime(2027, 12, 1, 1, tzinfo=UTC), effective=date(2027, 12, 1))


def lived(rng: Random) -> Core:
    core = Core()
    Life(rng, Model(is_working), core, exit_of).run(40)
    assume(core.cases)
    return core


def by_people(history: list[Recorded]) -> list[Recorded]:
    return [r for r in history if r.entry.actor != SYSTEM and r.entry.change.told_by is None]


@pytest.mark.slow
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@example(rng=Random(20))  # of two omissions of one person, one has added a record
@given(rng=st.randoms(use_true_random=False))
def test_where_nothing_was_wrong_nothing_changes(rng: Random) -> None:
    core = lived(rng)
    for recorded in rng.sample(by_people(core.whole), min(4, len(by_people(core.whole)))):
        case = recorded.entry.case
        world = core.with_history(case)
        outcome = rectified(world, Amendment(case=case, entry=recorded.seq), LATER)
        assert [entry.case for entry in outcome.entries] == [case]
        now = world.cases[case]
        assert outcome.world.cases[case] == msgspec.structs.replace(now, version=now.version + 1)
        assert outcome.world.records == world.records
        assert replay([*core.log[case], *outcome.entries]) == outcome.world.cases[case]


def opening_of(other: Entry, entry: Entry) -> bool:
    """Whether another entry opened a case, below its own, by what an entry did."""
    return other.change.opening is not None and other.change.told_by == entry.case and other.at == entry.at


@pytest.mark.slow
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(rng=st.randoms(use_true_random=False))
def test_the_last_step_void_is_as_if_it_never_was(rng: Random) -> None:
    core = lived(rng)
    for case in rng.sample(sorted(core.cases), min(4, len(core.cases))):
        world = core.with_history(case)
        own = [recorded for recorded in world.history if recorded.entry.case in world.cases]
        *_, last = by_people(own)
        if last.entry.change.opening is not None:
            continue
        place = own.index(last)
        if any(opening_of(r.entry, last.entry) for r in world.history):
            with pytest.raises(Refused, match="opened other cases"):
                rectified(world, Amendment(case=last.entry.case, entry=last.seq, void=True), LATER)
            continue
        if any(r.entry.change.deadline for r in own[place:]):
            continue  # what time brought about afterwards would come again
        outcome = rectified(world, Amendment(case=last.entry.case, entry=last.seq, void=True), LATER)
        before: dict[str, Case] = {}
        for recorded in own[:place]:
            before[recorded.entry.case] = evolve(before.get(recorded.entry.case), recorded.entry)
        for number, was in before.items():
            now = outcome.world.cases[number]
            assert msgspec.structs.replace(now, version=was.version, done=was.done) == was
            assert now.done.keys() == was.done.keys()


@pytest.mark.slow
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(rng=st.randoms(use_true_random=False))
def test_whatever_is_put_right_the_log_still_gives_the_cases_or_it_is_refused(rng: Random) -> None:
    core = lived(rng)
    for recorded in rng.sample(by_people(core.whole), min(4, len(by_people(core.whole)))):
        case = recorded.entry.case
        world = core.with_history(case)
        try:
            outcome = rectified(world, Amendment(case=case, entry=recorded.seq, void=True), LATER)
        except Refused:
            continue
        assert recorded.entry.action not in {
            action for action, done in outcome.world.cases[case].done.items()
            if sum(1 for r in world.history if r.entry.case == case and r.entry.action == action) == 1
        }  # fmt: skip
        for number in outcome.changed:
            mine = [entry for entry in outcome.entries if entry.case == number]
            assert replay([*core.log[number], *mine]) == outcome.world.cases[number]


def test_what_is_earlier_is_earlier_than_the_case_that_is_decided_again() -> None:
    """A marking put right has the parent objection decided again, which knows nothing of earlier markings."""
    core = Core()
    day, person = date(2026, 3, 2), numbers()["adult"]
    owner = parse_subject(person)
    core.add_record(
        Record(
            no="R-1", subject=owner, provider="市税务局", open_class="B", title="欠税", content="欠税",
            valid_from=date(2025, 1, 1), valid_until=date(2027, 12, 31),
        )
    )  # fmt: skip

    def submit(number: str, workflow: str, record: str | None = None, parent: str | None = None) -> None:
        core.submit(
            day, workflow, number, record=record, parent=parent, subject=None, account="w1", role="window",
            fields={"reason": "有误"}, materials=set(),
        )  # fmt: skip

    submit("C-001", "objection", record="R-1")
    submit("C-002", "marking", parent="C-001")
    withdrawal = {"withdrawal_request"}
    core.act(day, "C-002", "withdraw", account="w1", role="window", fields={}, materials=withdrawal)
    submit("C-003", "marking", parent="C-001")
    papers = {"id_card", "objection_form", "evidence"}
    seen = {"identity_checked": True, "resident": True}
    core.act(day, "C-001", "accept", account="w1", role="window", fields=seen, materials=papers)
    world = core.with_history("C-003")
    outcome = rectified(world, Amendment(case="C-003", entry=1), LATER)
    assert [entry.case for entry in outcome.entries] == ["C-003"]
