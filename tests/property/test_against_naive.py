"""The engine against a second, naive model of the statute, over random lives."""

from __future__ import annotations

from collections import Counter
from datetime import date
from random import Random
from typing import ClassVar, get_args

import chinese_calendar
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credit_workflow.definition.expression import holds
from credit_workflow.engine.facts import CaseFacts
from credit_workflow.engine.world import SYSTEM_ACTOR, Outcome
from tests.property.core import Core, exit_of
from tests.property.lives import Difference, Life
from tests.property.naive import Model
from tests.property.naive_books import Mutant


def is_working(day: date) -> bool:
    return bool(chinese_calendar.is_workday(day))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(rng=st.randoms(use_true_random=False))
def test_the_engine_and_the_naive_model_never_differ(rng: Random) -> None:
    core = Core()
    Life(rng, Model(is_working), core, exit_of).run(40)
    assert core.replayed()


class Watched(Core):
    """Asks of everything that was decided whom the case waits for: as its rules say it, nothing remembered."""

    asked: ClassVar[Counter[bool]] = Counter()

    def _keep(self, outcome: Outcome) -> None:
        super()._keep(outcome)
        for number in {entry.case for entry in outcome.entries}:
            case = outcome.world.cases[number]
            rules = self.rules[case.definition]
            today = outcome.entries[-1].effective
            facts = CaseFacts(world=outcome.world, rules=rules, case=case, actor=SYSTEM_ACTOR, today=today)
            roles = {rules.workflow.states[case.state].waits_for} - {None}
            for _, action, when in rules.owed:
                owed = holds(when, facts.plain(when))
                self.asked[owed] += 1
                roles |= set(action.by) if owed else set()
            assert set(case.waits_for) == roles


def test_a_case_waits_for_whom_its_rules_say() -> None:
    for seed in range(25):
        Life(Random(seed), Model(is_working), Watched(), exit_of).run(60)
    assert min(Watched.asked[True], Watched.asked[False]) > 100


#: What only few lives come to: these mutants are found after hundreds.
RARE = ("elsewhere_presumed", "nothing_marked", "missing_by_its_letters")


@pytest.mark.slow
@pytest.mark.parametrize(
    "mutant", [pytest.param(one, marks=[pytest.mark.long] if one in RARE else []) for one in get_args(Mutant)]
)
def test_a_mutant_of_the_naive_model_is_found_out(mutant: Mutant) -> None:
    def lives() -> None:
        for seed in range(400):
            Life(Random(seed), Model(is_working, mutant=mutant), Core(), exit_of).run(60)

    with pytest.raises(Difference):
        lives()
