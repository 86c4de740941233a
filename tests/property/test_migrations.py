"""Random lives that go over to other versions at random: nothing fires twice, and the step back is exact."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import chinese_calendar
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credit_workflow.engine.amending.migration import Plan
from credit_workflow.engine.clocks import deadlines as dl
from credit_workflow.engine.replay import replay
from tests.property.core import Core, exit_of
from tests.property.lives import Life
from tests.property.migrations import Versions, fired_twice, same_but_version
from tests.property.naive import Model
from tests.seeds import several


def is_working(day: date) -> bool:
    return bool(chinese_calendar.is_workday(day))


def _begun(rng: Random) -> tuple[Versions, date]:
    core = Core()
    life = Life(rng, Model(is_working), core, exit_of)
    life.run(rng.randrange(5, 30))
    return Versions(rng, life, core), life.day


def _checked(made: Plan, day: date) -> None:
    """What a plan says follows from the two versions."""
    case, target = made.case, made.target.workflow
    assert made.state in target.states
    assert not target.states[made.state].final
    assert made.deadlines.keys() <= target.deadlines.keys()
    assert made.retired.keys() == case.deadlines.keys() - target.deadlines.keys()
    assert made.fates.keys() == made.deadlines.keys() | made.retired.keys()
    for name, deadline in made.deadlines.items():
        old = case.deadlines.get(name)
        if old is None or made.undoes is not None:
            continue
        assert (old.status, old.met, old.flagged, old.starts, old.extension) == (
            deadline.status, deadline.met, deadline.flagged, deadline.starts, deadline.extension,
        )  # fmt: skip
        if old.status != "running":
            assert old == deadline
        timer = dl.passing(target.deadlines[name], deadline, day)
        assert timer is None or timer >= day or deadline.due == old.due  # new rules don't act backwards


def _go_over(rng: Random, versions: Versions, number: str, day: date) -> None:
    """A case goes over to some version, and perhaps back at once."""
    made = versions.planned(number, rng.choice(versions.versions), day)
    if made.in_the_way or made.case.final or made.case.definition == made.target.digest:
        return
    _checked(made, day)
    before = versions.core.cases[number]
    versions.go(made, day)
    back = versions.taken_back(number) if rng.random() < 0.5 else None
    if back is not None and made.undoes is None:
        assert back.in_the_way == ()
        versions.go(back, day)
        assert same_but_version(versions.core.cases[number], before)


def _lead(rng: Random, steps: int) -> None:
    versions, day = _begun(rng)
    core = versions.core
    for _ in range(steps):
        running = versions.running()
        if not running:
            return
        chance = rng.random()
        if chance < 0.35:
            _go_over(rng, versions, rng.choice(running), day)
        elif chance < 0.45:
            back = versions.taken_back(rng.choice(running))
            if back is not None and not back.in_the_way:
                versions.go(back, day)
        elif chance < 0.7:
            versions.act(day)
        else:
            day += timedelta(days=rng.choice([0, 1, 1, 3, 10, 40]))
            core.sweep(day)
            assert core.sweep(day) == 0
    _ended(core, day)


def _ended(core: Core, day: date) -> None:
    for later in (0, 30, 90, 400):
        core.sweep(day + timedelta(days=later))
    for number, entries in core.log.items():
        assert fired_twice(core, number) is None
        assert replay(entries) == core.cases[number]


def test_no_timer_fires_twice_and_the_step_back_is_exact() -> None:
    for seed in several(40):
        _lead(Random(seed), 25)


@pytest.mark.slow
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(min_value=0))
def test_the_same_over_many_long_lives(seed: int) -> None:
    _lead(Random(seed), 60)
