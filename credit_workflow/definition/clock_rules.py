"""Describe what a definition says of time: of deadlines, of the days it is in force, of what comes round again."""

# Without `from __future__ import annotations`: msgspec would compile the text of each one, in every command anew.

from typing import Annotated, Literal

from msgspec import Meta, field

from credit_workflow.definition.elements import Expression, Identifier, Interval, Length, Source
from credit_workflow.strict_yaml.patterns import Day, Part, Title


class Start(Part, frozen=True, kw_only=True):
    """What starts a deadline, the date that is its day 0 (``on``), and ``when`` it starts at all.

    Either an ``action``, whose day is day 0 unless ``on`` says otherwise, or another ``deadline``:
    ``once`` it is ``met`` by an action, day 0 being that action's day; or once it has ``passed``,
    day 0 being its last day.
    """

    action: Identifier | tuple[Identifier, ...] = ()
    deadline: Identifier | None = None
    once: Literal["met", "passed"] = "met"
    on: Expression | None = None
    when: Expression | None = None


class OtherLength(Part, frozen=True, kw_only=True):
    """Another length than the usual one, where ``when`` holds as the deadline starts.

    Whether the day of the start is its first day is its own matter, as its words may be others.
    """

    when: Expression
    length: Length
    first_day_counts: bool = False
    source: Source


class Suspension(Part, frozen=True, kw_only=True):
    """What stops a deadline's clock, and what starts it again.

    The days from that of the stop to that of the restart, both inclusive, don't count; what was
    left on the day before the stop is left on the day after the restart. With ``then:
    full_length`` the period begins anew instead, the day of the restart being its day 0.
    """

    title: Title
    begins: Annotated[tuple[Identifier, ...], Meta(min_length=1)]
    ends: Annotated[tuple[Identifier, ...], Meta(min_length=1)]
    then: Literal["remainder", "full_length"] = "remainder"
    source: Source


class Extension(Part, frozen=True, kw_only=True):
    """How far a deadline can be moved, in working days unless the ``unit`` is ``days``, and how often."""

    at_most: Annotated[int, Meta(ge=1)]
    unit: Literal["working days", "days"] = "working days"
    times: Annotated[int, Meta(ge=1)] = 1
    source: Source


class DeadlineRule(Part, frozen=True, kw_only=True):
    """A period with its start, its ends, and what its passing means.

    ``late`` is what the deadline becomes when its last day has passed: ``overdue`` (the duty
    stays), ``lapsed`` (the right is gone) or ``met`` (a duration has run its time). ``at_end``
    is the system action that is then fired, as of 00:00 of the following day.
    ``outlives_case`` keeps it running when the case reaches a final state. Of ``other_lengths`` the
    first whose condition holds when it starts counts instead of ``length``; ``suspensions`` stop
    its clock. With ``first_day_counts`` the day of the start is day 1 and not day 0 (“a period
    beginning on the date of …”).
    """

    title: Title
    kind: Literal["statutory", "target"]
    length: Length
    first_day_counts: bool = False
    other_lengths: tuple[OtherLength, ...] = ()
    starts: Identifier | Start | tuple[Identifier, ...]
    ends: tuple[Identifier, ...]
    late: Literal["overdue", "lapsed", "met"]
    source: Source
    at_end: Identifier | None = None
    if_day_off: Literal["next_working_day"] | None = None
    extension: Extension | None = None
    suspensions: dict[Identifier, Suspension] = field(default_factory=dict)
    runs_again_after: Identifier | None = None
    owed_by: Identifier | None = None
    outlives_case: bool = False

    @property
    def starters(self) -> tuple[str, ...]:
        """The actions that start the deadline, or start it anew while it runs."""
        actions = self.starts.action if isinstance(self.starts, Start) else self.starts
        return (actions,) if isinstance(actions, str) else actions

    @property
    def starts_after(self) -> tuple[str, Literal["met", "passed"]] | None:
        """The other deadline that starts this one, once it is met or has passed; None where an action does."""
        start = self.starts
        return (start.deadline, start.once) if isinstance(start, Start) and start.deadline is not None else None

    @property
    def stopped_by(self) -> frozenset[str]:
        """The actions that stop the deadline's clock."""
        return frozenset(action for stop in self.suspensions.values() for action in stop.begins)

    @property
    def let_go_by(self) -> frozenset[str]:
        """The actions that start its clock again."""
        return frozenset(action for stop in self.suspensions.values() for action in stop.ends)

    @property
    def starts_on(self) -> str | None:
        """The expression for day 0, or None where it is the day of what starts it."""
        return self.starts.on if isinstance(self.starts, Start) else None

    @property
    def starts_when(self) -> str | None:
        """The condition on which the deadline starts, or None where it always does."""
        return self.starts.when if isinstance(self.starts, Start) else None


class InForce(Part, frozen=True, kw_only=True, rename={"since": "from"}):
    """From when (inclusive) the rules hold."""

    since: Day


class TakesOver(Part, frozen=True, kw_only=True, rename={"since": "from"}):
    """That running cases of older versions go on under this one, from a day (inclusive) on.

    ``states`` gives the new name of a state that is called otherwise now; those that keep their
    name need not stand there. With ``deadlines: recount`` what runs is counted again from its own start by
    the new period, with ``keep`` it keeps its due date.
    """

    since: Day
    states: dict[Identifier, Identifier] = field(default_factory=dict)
    deadlines: Literal["recount", "keep"]
    source: Source


class Recurring(Part, frozen=True, kw_only=True):
    """A case that the sweep opens again and again, as the system.

    ``every`` is a turn, counted from the day ``starts``, the first of the first turn. ``values``
    are what the opening action is given: expressions over the fact ``period``, the turn's days.
    With ``for_units``, a field of type ``cases``, each unit has a case of its own, about those of its cases that
    the field may name; a unit without any has none.
    """

    title: Title
    every: Interval
    starts: Day
    source: Source
    for_units: Identifier | None = None
    values: dict[Identifier, Expression] = field(default_factory=dict)
