"""Describe days of a calendar, due dates counted by it, and the notices that it is built from."""

from __future__ import annotations

from datetime import date
from typing import Literal

from credit_workflow.calendar.working_days import Day
from credit_workflow.casework.answer import Page, Value, like
from credit_workflow.casework.cases.failures import FailedCase
from credit_workflow.casework.cases.ways_back import WayBack
from credit_workflow.casework.explanation.explanation_answers import CountedDay, CountPicture
from credit_workflow.text import Lang


class CalendarDay(Value, frozen=True, kw_only=True):
    """One day of the calendar: whether one ``works``, why, and by which notice."""

    date: date
    works: bool
    kind: Literal["weekday", "weekend", "holiday", "make-up"]
    name: str | None
    notice: str | None
    provisional: bool


def calendar_day(day: Day, lang: Lang) -> CalendarDay:
    """Return one day of the calendar as it is published."""
    return like(CalendarDay, day, name=day.name.to(lang) if day.name else None)


class DueDate(Value, frozen=True, kw_only=True):
    """The last day (inclusive) of a period; ``provisional``: a notice still to come can move it."""

    due: date
    provisional: bool
    counted: tuple[CountedDay, ...]


class NoticesKept(Value, frozen=True, kw_only=True):
    """A database whose notices are counted with, by the name that people know it by, and how many it keeps."""

    path: str
    notices: int


class CalendarYear(Value, frozen=True, kw_only=True):
    """A year's days, and the ids of its ``notices``; ``database`` is None where there is none."""

    year: int
    working_days: int
    provisional: bool
    notices: tuple[str, ...]
    database: NoticesKept | None
    days: tuple[CalendarDay, ...]


class PeriodCounted(Page, frozen=True, kw_only=True, rename={"start": "from"}):
    """A period counted, by the ``start`` and ``length`` given; of years the days are not ``counted`` one by one.

    Where they were asked for, ``picture`` is the count as a grid, and ``drawn`` the content of a
    picture file; JSON has none of these.
    """

    ASIDE = ("picture", "drawn")

    start: str
    length: str
    due: date
    provisional: bool
    database: NoticesKept | None
    counted: tuple[CountedDay, ...]
    picture: CountPicture | None = None
    drawn: bytes | None = None


class NoticeLine(Value, frozen=True, kw_only=True):
    """A notice that the calendar is built from; ``imported`` into the database rather than read from a file."""

    notice: str
    year: int
    title: str
    no: str | None
    issued: date | None
    amends: str | None
    layer: str | None
    imported: bool


class CalendarStatus(Value, frozen=True, kw_only=True):
    """What the calendar is built from, and the day from which its dates are provisional."""

    calendar: str
    title: str
    zone: str
    edition: str
    first: date
    last: date
    layers: tuple[str, ...]
    database: NoticesKept | None
    notices: tuple[NoticeLine, ...]
    provisional_years: tuple[int, ...]
    provisional_from: date | None


class NoticeText(Value, frozen=True, kw_only=True):
    """A notice as a file of the calendar; ``file`` is where a face has put it, ``others`` the year's further ones."""

    year: int
    notice: str
    text: str
    file: str | None = None
    others: tuple[str, ...]


class MovedDate(Value, frozen=True, kw_only=True, rename={"before": "from", "after": "to"}):
    """A due date that moves; ``before`` and ``after`` are last days, inclusive."""

    case: str
    deadline: str
    before: date
    after: date


class EndedByDate(Value, frozen=True, kw_only=True, rename={"before": "from", "after": "to"}):
    """What had ended by a day that a notice moves: a right that lapsed, or a time that was over.

    ``before`` is the last day by which it ended, ``after`` the right one; ``title`` is what the deadline is called,
    ``state`` where the case stands, and ``final`` whether it has ended. ``too_early``: it ended before it should have;
    ``remedy`` is then what reopens it, and ``command`` what is given for that, None where there is nothing to give.
    """

    case: str
    deadline: str
    title: str
    state: str
    final: bool
    before: date
    after: date
    too_early: bool
    remedy: WayBack | None
    command: str | None


class NoticeHoliday(Value, frozen=True, kw_only=True):
    """A holiday of a notice: its days off, inclusive."""

    name: str
    first: date
    last: date


class NoticeImported(Page, frozen=True, kw_only=True):
    """A notice that was read, and what it does to the open deadlines; with ``dry_run`` it would only.

    ``off`` are the days off on which one would work by the week, ``work`` the weekend days worked.
    ``ended`` are those that had ended by a day that it moves. ``certain`` counts the dates that stay and
    are provisional no longer. ``already``: the notice was there, and says the same. ``file`` is where a face
    has put its ``text``.

    For a screen alone, and not in JSON: the notice's ``title`` and ``holidays``, the ``days`` of its
    year as they then are, and ``counting``, the calendar that the deadlines are counted by; ``touching`` says
    whether the notice is of that calendar.
    """

    ASIDE = ("title", "holidays", "days", "counting", "touching", "text")

    year: int
    notice: str
    no: str | None
    issued: str | None
    amends: str | None
    calendar: str
    off: tuple[date, ...]
    work: tuple[date, ...]
    ended: tuple[EndedByDate, ...]
    moves: tuple[MovedDate, ...]
    certain: int
    becomes_overdue: tuple[str, ...]
    stops_being_overdue: tuple[str, ...]
    failed: tuple[FailedCase, ...]
    passed_over: tuple[str, ...]
    already: bool
    dry_run: bool
    file: str | None = None
    title: str
    holidays: tuple[NoticeHoliday, ...]
    days: tuple[CalendarDay, ...]
    counting: str
    touching: bool
    text: str
