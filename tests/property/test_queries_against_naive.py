"""Queries and archives in the engine against the naive model of them, over random lives."""

from __future__ import annotations

from random import Random
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.property.lives import Difference
from tests.property.naive import Model
from tests.property.naive_query import QueryModel
from tests.property.naive_query_actions import QueryMutant
from tests.property.query_lives import QueryLife
from tests.property.test_against_naive import is_working


def life(rng: Random, mutant: QueryMutant | None = None) -> QueryLife:
    objections = Model(is_working)
    return QueryLife(rng, QueryModel(objections, mutant=mutant), objections)


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(rng=st.randoms(use_true_random=False))
def test_the_engine_and_the_naive_model_of_queries_never_differ(rng: Random) -> None:
    led = life(rng)
    led.run(50)
    assert led.core.replayed()


@pytest.mark.parametrize(
    "mutant",
    [pytest.param(one, marks=[pytest.mark.slow] * (one == "elsewhere_presumed")) for one in get_args(QueryMutant)],
)
def test_a_mutant_of_the_naive_model_of_queries_is_found_out(mutant: QueryMutant) -> None:
    def lives() -> None:
        for seed in range(400):
            life(Random(seed), mutant).run(60)

    with pytest.raises(Difference):
        lives()
