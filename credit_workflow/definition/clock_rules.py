"""Describe what a definition says of a deadline besides its length: starts, other lengths, stops, extensions."""

# Without `from __future__ import annotations`: msgspec would compile the text of each one, in every command anew.

from typing import Annotated, Literal

from msgspec import Meta

from credit_workflow.definition.elements import Expression, Identifier, Length, Part, Source, Title


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
