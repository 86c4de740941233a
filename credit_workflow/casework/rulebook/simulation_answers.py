"""Describe what simulations found, by ISO week."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from credit_workflow.casework.answer import DeadlineKind, Value

Counts = Mapping[str, int]


class Totals(Value, frozen=True, kw_only=True):
    """The sums over the weeks, and how it stands at the end; of two runs, by how much the second one is more."""

    arrivals: int
    closed: int
    actions: int
    entries: int
    open: int
    queued: int
    most_queued: int
    became_overdue: int
    became_overdue_statutory: int
    overdue: int
    refused: int
    stuck: int


class Load(Value, frozen=True, kw_only=True):
    """A role's week: actions ``taken`` of its ``capacity`` (None: any number), ``queued`` and ``waiting`` at its end.

    ``queued`` are actions that were ready when the day was full, ``waiting`` the open cases that wait for the role.
    """

    taken: int
    capacity: int | None
    queued: int
    waiting: int


class TakenActions(Value, frozen=True, kw_only=True):
    """How often people took an action."""

    workflow: str
    action: str
    taken: int


class LateDeadlines(Value, frozen=True, kw_only=True):
    """How many deadlines of one kind became overdue."""

    workflow: str
    deadline: str
    count: int


class SimulatedWeek(Value, frozen=True, kw_only=True):
    """The figures of one ISO week, or of the part of it that is simulated; both days inclusive.

    Cases by workflow; ``open``, ``overdue`` and what ``load`` says of queues are as of the end of its last day.
    """

    week: str
    first: date
    last: date
    working_days: int
    arrived: Counts
    closed: Counts
    open: Counts
    load: Mapping[str, Load]
    actions: tuple[TakenActions, ...]
    newly_overdue: tuple[LateDeadlines, ...]
    overdue: int


class LateDuty(Value, frozen=True, kw_only=True):
    """A duty that is overdue ``since`` the day after its last, until it ``ended``; ``days_over`` are calendar days."""

    case: str
    workflow: str
    deadline: str
    kind: DeadlineKind
    due: date
    since: date
    ended: date | None
    days_over: int
    state: str
    waiting_for: str | None
    provisional: bool


class RefusedAction(Value, frozen=True, kw_only=True):
    """An action that was refused so many times, on one ground."""

    workflow: str
    action: str
    code: str
    times: int
    message: str


class StuckCase(Value, frozen=True, kw_only=True):
    """A case that comes to a standstill."""

    case: str
    workflow: str
    state: str
    opened: date


class GuessedState(Value, frozen=True, kw_only=True):
    """A state without a history: all ways out were taken alike."""

    workflow: str
    state: str


class Run(Value, frozen=True, kw_only=True):
    """All that one simulation found; ``kept_old_rules`` are running cases that the proposed rules could not take."""

    totals: Totals
    weeks: tuple[SimulatedWeek, ...]
    overdue: tuple[LateDuty, ...]
    fired: Counts
    refused: tuple[RefusedAction, ...]
    stuck: tuple[StuckCase, ...]
    assumed: tuple[GuessedState, ...]
    kept_old_rules: int


class WeekDifference(Value, frozen=True, kw_only=True):
    """By how much a week of the second run is more than of the first; ``taken`` and ``queued`` by role."""

    week: str
    taken: Counts
    queued: Counts
    open: int
    newly_overdue: int
    overdue: int


class RunDifference(Value, frozen=True, kw_only=True):
    """How a second simulation differs from a first one, of the same days with the same chance."""

    totals: Totals
    weeks: tuple[WeekDifference, ...]
    no_longer_overdue: tuple[LateDuty, ...]
    newly_overdue: tuple[LateDuty, ...]


class SimulationTitles(Value, frozen=True, kw_only=True):
    """What is called how: roles and workflows by name; deadlines and states by workflow and name."""

    roles: Mapping[str, str]
    workflows: Mapping[str, str]
    deadlines: Mapping[str, Mapping[str, str]]
    states: Mapping[str, Mapping[str, str]]


class Simulated(Value, frozen=True, kw_only=True):
    """A simulation, or two beside each other: under ``today``'s rules and calendar (None unless asked for), and others.

    ``learnt_from`` so many linked cases; ``capacity`` is actions of a role on a working day. In JSON
    a single run stands at the top.
    """

    as_of: date
    until: date
    seed: int
    learnt_from: int
    capacity: Counts
    today: Run | None
    proposed: Run
    differences: RunDifference | None
    titles: SimulationTitles

    def document(self) -> dict[str, Any]:
        """Return it as JSON has it, without the titles."""
        built = super().document()
        del built["titles"]
        if self.today is None:
            run: dict[str, Any] = built.pop("proposed")
            del built["today"], built["differences"]
            return built | run
        return built
