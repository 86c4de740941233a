"""Describe scenarios that were played: what failed, and how much of the definitions they exercise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from credit_workflow.casework.answer import Page, Value


class FailedExpectation(Value, frozen=True, kw_only=True):
    """An expectation that does not hold.

    ``step`` counts from 1, those of the background included, and is of the day ``on``; ``line`` is the
    expectation's, ``key`` what it is about. ``stops``: the steps after it were not taken.
    """

    step: int
    on: str
    doing: str
    line: int
    key: str
    message: str
    expected: Any
    actual: Any
    stops: bool


class PlayedScenario(Value, frozen=True, kw_only=True):
    """A scenario that was played: where it stands, how many steps it has, and what failed in it."""

    title: str
    file: str
    line: int
    ok: bool
    steps: int
    failures: tuple[FailedExpectation, ...]


class Count(Value, frozen=True, kw_only=True):
    """How much of one kind was exercised, and the names of what was not."""

    covered: int
    of: int
    missing: tuple[str, ...]

    @property
    def percent(self) -> float:
        """The share that was exercised, rounded down to a tenth; 100 where there is nothing to exercise."""
        return 100.0 if not self.of else self.covered * 1000 // self.of / 10


class WorkflowCoverage(Value, frozen=True, kw_only=True):
    """How much of a definition was exercised, in all and by kind; in JSON each kind stands beside the sums."""

    percent: float
    covered: int
    of: int
    kinds: Mapping[str, Count]

    def document(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        built = super().document()
        kinds: dict[str, Any] = built.pop("kinds")
        return built | kinds


class PlayedScenarios(Page, frozen=True, kw_only=True):
    """What came of scenarios; ``low`` has the workflows that are covered less than wanted, with their percentage."""

    ASIDE = ("low",)

    ok: bool
    scenarios: tuple[PlayedScenario, ...]
    coverage: Mapping[str, WorkflowCoverage]
    low: Mapping[str, float]
