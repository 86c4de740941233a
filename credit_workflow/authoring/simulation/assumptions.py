"""Describe what is assumed of people: how many come, what is done next, how long it takes, and how many work.

All of it is data, from a file or from the log. Nothing here knows a state or an action of a statute.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from credit_workflow.authoring.simulation.draws import Distribution, Fixed

#: What is assumed of an action's time where nothing is said or known: one working day.
A_DAY = Fixed(1)


class Follow(Struct, frozen=True, kw_only=True, gc=False):
    """That a case of another workflow is filed after an action of its parent.

    Args:
        share: how often, from 0 to 1.
        takes: after how many working days.
    """

    share: float
    takes: Distribution = A_DAY


class Arrivals(Struct, frozen=True, kw_only=True, gc=False):
    """How many cases of a workflow are filed.

    Args:
        per_day: on average on a working day, each day drawn for itself (Poisson).
        on: how many on which day, exactly.
        after: which ones follow on their parent's actions, by the action.
    """

    per_day: float = 0.0
    on: Mapping[date, int] = {}
    after: Mapping[str, Follow] = {}


class Habit(Struct, frozen=True, kw_only=True, gc=False):
    """How people take one action. What is None is not said.

    Args:
        weights: how often it is what ends a stay in a state, beside the other ways out; by state, and
            ``*`` for all others.
        share: how often it is taken where it is offered and leaves the state as it is, from 0 to 1.
        takes: working days from when it is offered until somebody takes it up.
        role: who takes it, where several may.
        values: how often each value is given, by the name that the action asks by.
    """

    weights: Mapping[str, float] | None = None
    share: float | None = None
    takes: Distribution | None = None
    role: str | None = None
    values: Mapping[str, tuple[tuple[Any, float], ...]] = {}

    def over(self, other: Habit | None) -> Habit:
        """Return this habit with what it does not say taken from another one."""
        if other is None:
            return self
        weights = self.weights
        if other.weights is not None and (weights is None or "*" not in weights):
            weights = {**other.weights, **(weights or {})}
        return Habit(
            weights=weights,
            share=other.share if self.share is None else self.share,
            takes=self.takes or other.takes,
            role=self.role or other.role,
            values={**other.values, **self.values},
        )

    def weight(self, state: str) -> float | None:
        """Return how often it ends a stay in a state; None where that is not said."""
        if self.weights is None:
            return None
        return self.weights.get(state, self.weights.get("*"))


class People(Struct, frozen=True, kw_only=True, gc=False):
    """All that is assumed of people.

    Args:
        seed: what chance is drawn by.
        arrivals: by workflow.
        habits: by workflow and action.
        capacity: how many actions a role takes on a working day; a role that is not named takes any number.
        stays: how many stays in each (workflow, state) were seen, so that what was never done there is
            known to be unusual; empty where there is no history.
    """

    seed: int = 1
    arrivals: Mapping[str, Arrivals] = {}
    habits: Mapping[tuple[str, str], Habit] = {}
    capacity: Mapping[str, int] = {}
    stays: Mapping[tuple[str, str], int] = {}

    def over(self, history: People) -> People:
        """Return what is said here, and what the history says of everything else."""
        habits = {key: habit.over(history.habits.get(key)) for key, habit in self.habits.items()}
        return replace(
            self,
            arrivals={**history.arrivals, **self.arrivals},
            habits={**history.habits, **habits},
            capacity={**history.capacity, **self.capacity},
            stays=history.stays,
        )

    def weights(
        self, workflow: str, state: str, actions: Sequence[str], by_system: Sequence[str] = ()
    ) -> tuple[list[float], bool]:
        """Return how often each action ends a stay in a state, and whether anything is known of that.

        What is not said beside others that are, and what was never done in a state that was seen, weighs 0.
        Where nothing is known, all ways out that people have are alike.

        Args:
            workflow: the definition.
            state: the state.
            actions: what people can do.
            by_system: what only the system does, and people may leave the case to.
        """
        habits = (self.habits.get((workflow, action)) for action in (*actions, *by_system))
        said = [None if habit is None else habit.weight(state) for habit in habits]
        known = (workflow, state) in self.stays or any(weight is not None for weight in said)
        unsaid = [0.0 if known else 1.0] * len(actions) + [0.0] * len(by_system)
        return [other if weight is None else weight for weight, other in zip(said, unsaid, strict=True)], known

    def share(self, workflow: str, action: str, *, owed: bool) -> float:
        """Return how often an action that leaves the state as it is is taken; unless said, where it is owed."""
        habit = self.habits.get((workflow, action))
        if habit is None or habit.share is None:
            return 1.0 if owed else 0.0
        return habit.share

    def takes(self, workflow: str, action: str) -> Distribution:
        """Return how many working days pass until an action is taken."""
        habit = self.habits.get((workflow, action))
        return A_DAY if habit is None or habit.takes is None else habit.takes
