"""Count, by ISO week, what came, was done, was open, waited and became overdue in a simulation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from credit_workflow.authoring.simulation.lateness import Lateness
from credit_workflow.casework.rulebook.simulation_answers import Totals
from credit_workflow.engine.values import Case
from credit_workflow.text import Text


@dataclass(kw_only=True)
class Week:
    """The figures of one ISO week, or of the part of it that is simulated; both days inclusive.

    ``open``, ``waiting``, ``queued`` and ``overdue`` are as of the end of its last day; the others add
    up its days. ``queued`` are actions that are ready and were not taken because the role's day was full;
    ``waiting`` the open cases that wait for a role, as its to-do list would show.
    """

    name: str
    first: date
    last: date
    working_days: int = 0
    arrived: Counter[str] = field(default_factory=Counter)
    closed: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)
    actions: Counter[tuple[str, str]] = field(default_factory=Counter)
    newly_overdue: Counter[tuple[str, str]] = field(default_factory=Counter)
    open: Counter[str] = field(default_factory=Counter)
    waiting: Counter[str] = field(default_factory=Counter)
    queued: Counter[str] = field(default_factory=Counter)
    overdue: int = 0


@dataclass(kw_only=True)
class Result:
    """All that one simulation found."""

    today: date
    until: date
    seed: int
    capacity: Mapping[str, int]
    weeks: list[Week] = field(default_factory=list)
    late: Lateness = field(default_factory=Lateness)
    refused: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    messages: dict[tuple[str, str, str], Text] = field(default_factory=dict)
    stuck: dict[str, Case] = field(default_factory=dict)
    entries: int = 0
    fired: Counter[str] = field(default_factory=Counter)
    assumed: set[tuple[str, str]] = field(default_factory=set)
    kept_old: int = 0
    cases: dict[str, Case] = field(default_factory=dict)

    def totals(self) -> Totals:
        """Return the sums over the weeks, and how it stands at the end."""
        last = self.weeks[-1]
        became = [late for late in self.late.all if late.since > self.today]
        return Totals(
            arrivals=sum(week.arrived.total() for week in self.weeks),
            closed=sum(week.closed.total() for week in self.weeks),
            actions=sum(week.taken.total() for week in self.weeks),
            entries=self.entries,
            open=last.open.total(),
            queued=last.queued.total(),
            most_queued=max(week.queued.total() for week in self.weeks),
            became_overdue=len(became),
            became_overdue_statutory=sum(late.kind == "statutory" for late in became),
            overdue=last.overdue,
            refused=self.refused.total(),
            stuck=len(self.stuck),
        )


def waited_for(cases: Iterable[Case]) -> Counter[str]:
    """Return how many of the cases wait for each role."""
    return Counter(role for case in cases for role in case.waits_for)
