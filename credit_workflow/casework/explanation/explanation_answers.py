"""Describe how due dates were counted, day by day, and the pictures of such counts."""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec import UNSET, UnsetType

from credit_workflow.casework.answer import DeadlineKind, Page, Value
from credit_workflow.casework.cases.failures import FailedCase

#: What the count says of a day in a picture of it.
DayMark = Literal["number", "uncounted", "shifted", "stopped"]


class CountedDay(Value, frozen=True, kw_only=True):
    """One day of a period as it was counted.

    ``number`` is its number within the period, None where it does not count; ``kind`` why it
    ``works`` or not; ``notice`` the notice that says so, ``layer`` the regional one that it is of;
    ``shifted`` marks days by which the end was moved off a day off, ``stopped_by`` names the stop
    of the clock in which it lies.
    """

    date: date
    number: int | None
    kind: Literal["weekday", "weekend", "holiday", "make-up"]
    works: bool
    name: str | None
    notice: str | None
    notice_no: str | None
    layer: str | None
    shifted: bool
    provisional: bool
    stopped_by: str | None


class ExplainedExtension(Value, frozen=True, kw_only=True, rename={"start": "from"}, omit_defaults=True):
    """An extension from ``start``, the original due date, day by day: in ``working_days`` or in ``days``."""

    working_days: int | None = None
    days: int | None = None
    start: date
    counted: tuple[CountedDay, ...]
    source: str | None


class ClockStop(Value, frozen=True, kw_only=True):
    """A stop of a clock: its first day and its last, both inclusive; ``until`` is None while it lasts."""

    id: str
    title: str
    since: date
    until: date | None
    source: str


class Segment(Value, frozen=True, kw_only=True, rename={"first": "from", "last": "to"}):
    """Days in a row that stand in a count for one reason; ``counted`` of the ``days`` count.

    ``first`` and ``last`` are inclusive. ``part`` is the period itself, a stop of its clock (the one
    that ``stop`` names), the days over which its end was moved, or an extension.
    """

    part: Literal["counted", "stopped", "shifted", "extended"]
    first: date
    last: date
    days: int
    counted: int
    stop: str | None
    source: str | None


class Explanation(Value, frozen=True, kw_only=True):
    """How a deadline's due date was counted, day by day and in ``segments``, with the clause.

    While its clock stands there is no ``due`` date, and the days up to the stop are there. With
    ``first_day_counts`` the day of the start is day 1. ``edition`` is the calendar that it was
    counted with, and what has ended is explained by; ``recount_differs`` says that the present one gives another day.
    """

    id: str
    title: str
    kind: DeadlineKind
    length: str
    if_day_off: str | None
    source: str
    starts: date
    first_day_counts: bool
    original_due: date
    due: date | None
    provisional: bool
    edition: str
    recount_differs: bool
    counted: tuple[CountedDay, ...]
    stops: tuple[ClockStop, ...]
    extension: ExplainedExtension | None
    segments: tuple[Segment, ...]


class GridDay(Value, frozen=True, kw_only=True):
    """One day of a grid.

    ``kind`` is what the day is by the calendar, None outside what that covers. ``mark`` is what
    the count says of it, None outside the period; ``number`` its number, in the extension where
    ``extended``.
    """

    day: date
    kind: str | None
    provisional: bool = False
    mark: DayMark | None = None
    number: int | None = None
    extended: bool = False
    start: bool = False
    due: bool = False


class GridMonth(Value, frozen=True, kw_only=True):
    """One month as weeks of seven places, those of other months empty."""

    year: int
    month: int
    weeks: tuple[tuple[GridDay | None, ...], ...]


class Grid(Value, frozen=True, kw_only=True):
    """The months of a count, those without a day of it left out; ``weekdays`` is their order, Monday being 0."""

    months: tuple[GridMonth, ...]
    weekdays: tuple[int, ...]
    weekend: frozenset[int]

    def cells(self) -> list[GridDay]:
        """Return all days."""
        return [day for month in self.months for week in month.weeks for day in week if day]


class CountPicture(Value, frozen=True, kw_only=True):
    """A count as a grid of months, with what it is called and what is said of it, line by line."""

    heading: str
    lines: tuple[str, ...]
    grid: Grid


class CaseExplanation(Page, frozen=True, kw_only=True):
    """How due dates of a case were counted.

    ``sums`` are the sums of the counts in words. Where they were asked for, ``pictures`` are the
    counts as grids, and ``drawn`` is one picture file of all; JSON has none of these. ``failed`` says why
    the case can't be carried on, where it can't: it is explained as it was recorded.
    """

    ASIDE = ("sums", "pictures", "drawn")

    case: str
    deadlines: tuple[Explanation, ...]
    sums: tuple[str, ...]
    failed: FailedCase | UnsetType = UNSET
    pictures: tuple[CountPicture, ...] = ()
    drawn: bytes | None = None
