"""The engine against a second, naive model of the statute, over random lives."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import get_args

import chinese_calendar
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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


@pytest.mark.slow
@pytest.mark.parametrize("mutant", get_args(Mutant))
def test_a_mutant_of_the_naive_model_is_found_out(mutant: Mutant) -> None:
    def lives() -> None:
        for seed in range(400):
            Life(Random(seed), Model(is_working, mutant=mutant), Core(), exit_of).run(60)

    with pytest.raises(Difference):
        lives()
