"""Count working days and due dates without a database or a clock."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from credit_workflow.calendar.dates import read_date
from credit_workflow.calendar.loading import load_calendar
from credit_workflow.calendar.period import Period, parse_period
from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.casework.explanation.day_count import counted_days
from credit_workflow.casework.holidays.calendar_answers import CalendarDay, DueDate, calendar_day
from credit_workflow.errors import UsageFault
from credit_workflow.text import Lang, Text


class Calendar:
    """A calendar of working days: made by `working_calendar`, or an office's own."""

    def __init__(self, source: WorkCalendar, lang: Lang) -> None:
        self._source = source
        self._lang = lang

    @property
    def id(self) -> str:
        """The calendar's name."""
        return self._source.id

    @property
    def zone(self) -> str:
        """The time zone whose days are counted."""
        return self._source.zone

    @property
    def edition(self) -> str:
        """Calendars of one edition give the same due dates."""
        return self._source.edition

    @property
    def first(self) -> date:
        """The first day covered."""
        return self._source.first

    @property
    def last(self) -> date:
        """The last day covered, inclusive."""
        return self._source.last

    def is_working(self, day: date | str) -> bool:
        """Whether a day is a working day.

        Raises:
            UsageFault: it is no date.
            Refused: it is outside what the calendar covers.
        """
        return self._source.is_working(_day(day))

    def day(self, day: date | str) -> CalendarDay:
        """Return what a day is, and why.

        Raises:
            UsageFault, Refused: as `is_working` says.
        """
        return calendar_day(self._source.day(_day(day)), self._lang)

    def year(self, year: int) -> tuple[CalendarDay, ...]:
        """Return all days of a year.

        Raises:
            Refused: the year is outside what the calendar covers.
        """
        return tuple(calendar_day(day, self._lang) for day in self._source.year(year))

    def due_date(
        self, start: date | str, length: str, *, shift: bool = False, extension_working_days: int = 0
    ) -> DueDate:
        """Return the last day (inclusive) of a period, and the days counted.

        Args:
            start: the day of the starting event, which is not counted (民法典 201).
            length: ``7 working days``, ``30 days``, ``5 years``, ``same day``, ``7个工作日`` …
            shift: whether a last day that is a day off moves to the next working day (民法典 203);
                of no effect on working days.
            extension_working_days: counted on from the (shifted) last day; not in ``counted``.

        Raises:
            UsageFault: no date, no period, or a negative extension.
            Refused: the period leaves what the calendar covers.
        """
        day, period = _day(start), _period(length, shift, extension_working_days)
        due = self._source.due(day, period, extension_working_days)
        counted = [] if period.unit == "years" else self._source.count(day, period)
        days = counted_days(counted, self._source, self._lang)
        return DueDate(due=due.day, provisional=due.provisional, counted=days)

    def due_dates(
        self, starts: Iterable[date | str], length: str, *, shift: bool = False, extension_working_days: int = 0
    ) -> list[DueDate]:
        """Return the last day of a period for each of many starting days, in their order.

        For whole registers: as `due_date` says of each, but without the days counted, in a fraction of a
        microsecond where starts are dates that occur again and again.

        Args:
            starts: the days of the starting events.
            length: as for `due_date`, for all of them.
            shift: likewise.
            extension_working_days: likewise.

        Raises:
            UsageFault, Refused: as `due_date`, for the first start at fault.
        """
        period = _period(length, shift, extension_working_days)
        dues = self._source.dues(map(_day, starts), period, extension_working_days)
        said = {due: DueDate(due=due.day, provisional=due.provisional, counted=()) for due in set(dues)}
        return [said[due] for due in dues]


def working_calendar(
    id: str = "cn",  # noqa: A002 - as definitions call it
    *,
    folder: str | os.PathLike[str] | None = None,
    lang: Lang = "zh",
) -> Calendar:
    """Return the calendar called ``id``; no database is needed.

    Args:
        id: its name; ``cn`` ships.
        folder: where its files are, instead of those that ship.
        lang: the language of the names of days.

    Raises:
        NotFound: there is no such calendar.
        DefinitionFault: a file has a mistake; file, line and key are named.
    """
    return Calendar(load_calendar(id, None if folder is None else Path(folder)), lang)


def due_date(
    start: date | str,
    length: str,
    *,
    shift: bool = False,
    extension_working_days: int = 0,
    calendar: Calendar | None = None,
) -> DueDate:
    """Return the last day (inclusive) of a period, as `Calendar.due_date` does; by the calendar ``cn`` unless given."""
    counting = calendar or Calendar(load_calendar(), "zh")
    return counting.due_date(start, length, shift=shift, extension_working_days=extension_working_days)


def _period(length: str, shift: bool, extension_working_days: int) -> Period:  # noqa: FBT001 - as its callers have it
    if extension_working_days < 0:
        raise UsageFault(Text("延长期不能为负", "an extension can't be negative"), code="extension")
    plain = parse_period(length)
    return Period(plain.length, plain.unit, shift=shift and plain.unit != "working days")


def _day(given: Any) -> date:
    day = read_date(given) if isinstance(given, str) else given
    if type(day) is not date:  # a datetime is one too, but its day depends on a zone
        message = Text("“{s}”不是日期；请写作 2026-03-02", "“{s}” is no date; write 2026-03-02")
        raise UsageFault(message.fill(s=given), code="date")
    return day
