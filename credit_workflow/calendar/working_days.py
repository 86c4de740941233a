"""Count working days: which they are, why, and when a period ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import cached_property
from typing import Literal, NamedTuple

from credit_workflow.calendar.compiled import Compiled, NoticeInfo, SpecialDay
from credit_workflow.calendar.day_tables import Tables
from credit_workflow.calendar.due import Due
from credit_workflow.calendar.period import Period
from credit_workflow.errors import Refused
from credit_workflow.text import Text

Kind = Literal["weekday", "weekend", "holiday", "make-up"]
_DAY = timedelta(days=1)
_THE_LAST_DAY = Text("期间的末日", "the period's last day")
_MAKE_UP = Text("调休上班", "make-up working day")


class Day(NamedTuple):
    """One day: whether one works, why, and by which notice.

    ``kind`` is ``holiday`` for every day off that a notice or the law names, on a weekend too;
    ``make-up`` for a weekend day worked. ``notice`` is the id of the notice that says so, None
    where none does; ``name`` the holiday's name. ``provisional`` means that a notice still to
    come can change the day.
    """

    date: date
    works: bool
    kind: Kind
    notice: str | None
    name: Text | None
    provisional: bool


class CountedDay(NamedTuple):
    """One day of a period as it was counted.

    ``number`` is the day's number within the period, None where it does not count; ``shifted``
    marks the days by which the end was moved off a day off.
    """

    day: Day
    number: int | None
    shifted: bool


class YearStatus(NamedTuple):
    """What a year's days rest on.

    ``notice`` is the year's notice, None where none is loaded; ``amendments`` are the later ones,
    in order, and those of layers. ``provisional_from`` is the first day that a notice still to come can change (it and
    the rest of the year), None where none can.
    """

    year: int
    notice: NoticeInfo | None
    amendments: tuple[NoticeInfo, ...]
    provisional_from: date | None


class WorkCalendar:
    """A calendar of working days; counting in it is pure and fast.

    The attributes are those of what it was built from: ``id``, ``title``, ``zone``, ``edition``
    (calendars of one edition give the same due dates), ``weekend`` (weekdays, Monday being 0),
    ``first`` and ``last`` (the days covered, inclusive), ``notices``, and ``layers`` (the ids of the
    calendar and of the layers over it, the lowest first).

    Args:
        source: the compiled files.
    """

    def __init__(self, source: Compiled) -> None:
        self.id = source.id
        self.title = source.title
        self.zone = source.zone
        self.edition = source.edition
        self.weekend = frozenset(source.weekend)
        self.first = source.first
        self.last = source.last
        self.notices: tuple[NoticeInfo, ...] = source.notices
        self.layers = source.layers or (source.id,)
        self._source = source

    @cached_property
    def _tables(self) -> Tables:
        """What counting needs, made when first counted: most commands only read dates."""
        return Tables(self._source)

    @cached_property
    def _special(self) -> dict[date, SpecialDay]:
        return {special.day: special for special in self._source.days}

    # -- one day

    def is_working(self, day: date) -> bool:
        """Whether ``day`` is a working day.

        Raises:
            Refused: the day is outside what the calendar covers.
        """
        return bool(self._tables.works[self._place(day)])

    def day(self, day: date) -> Day:
        """Return what a day is, and why.

        Raises:
            Refused: the day is outside what the calendar covers.
        """
        works = self.is_working(day)
        on_weekend = day.weekday() in self.weekend
        special = self._special.get(day)
        kind_off: Kind = "weekend" if special is None else "holiday"
        kind_on: Kind = "make-up" if on_weekend else "weekday"
        kind = kind_on if works else kind_off
        name = _MAKE_UP if kind == "make-up" else special.name if special else None
        return Day(day, works, kind, special.notice if special else None, name, self._is_open(day))

    def year(self, year: int) -> list[Day]:
        """Return all days of a year.

        Raises:
            Refused: the year is outside what the calendar covers.
        """
        if not self.first.year <= year <= self.last.year:
            raise self._outside(Text(f"{year} 年", str(year)))
        first = date(year, 1, 1)
        return [self.day(first + timedelta(days=n)) for n in range((date(year, 12, 31) - first).days + 1)]

    def status(self) -> tuple[YearStatus, ...]:
        """Return, for each year covered, the notices that it rests on and what is provisional."""
        found = []
        for year in range(self.first.year, self.last.year + 1):
            notices = [notice for notice in self.notices if notice.year == year]
            main = next((notice for notice in notices if notice.amends is None and notice.layer is None), None)
            amendments = tuple(notice for notice in notices if notice is not main)
            opened = [first for first, _ in self._source.open_spans if first.year == year]
            found.append(YearStatus(year, main, amendments, min(opened, default=None)))
        return tuple(found)

    # -- periods

    def due(self, start: date, period: Period, extension_working_days: int = 0) -> Due:
        """Return the last day of a period that starts on ``start``, inclusive.

        The starting day is not counted: day 1 is the next day, for periods in working days the
        next working day (民法典 201). A shifted period in calendar days that would end on a day
        off ends on the next working day (民法典 203). Years end on the day of the same date, for
        29 February on the month's last day (民法典 202).

        It is provisional when a day that was counted, passed over or moved over can still be
        changed by a notice. Without a shift, days and years never are: they ask no calendar.

        Args:
            start: the day of the starting event.
            period: how long.
            extension_working_days: working days that the period was extended by, counted from
                the (shifted) due date: 附件1·五(七), 附件2·三.

        Raises:
            Refused: the period leaves what the calendar covers.
        """
        due = self._due(start, period)
        if not extension_working_days:
            return due
        later = self._after(due.day, extension_working_days)
        return Due(later.day, due.provisional or later.provisional)

    def due_date(self, start: date, period: Period, extension_working_days: int = 0) -> date:
        """Return the last day of a period, as `due` does, without saying whether it can move.

        Raises:
            Refused: the period leaves what the calendar covers.
        """
        return self.due(start, period, extension_working_days).day

    def dues(self, starts: Iterable[date], period: Period, extension_working_days: int = 0) -> list[Due]:
        """Return the last day of a period for each of many starting days, in their order.

        Each is what `due` says, and is looked up once for each day that occurs: a million starts
        within some years take a tenth of the time of a million calls.

        Args:
            starts: the days of the starting events, of any number.
            period: how long, for all of them.
            extension_working_days: as for `due`, for all of them.

        Raises:
            Refused: as `due` for the first start whose period leaves what the calendar covers.
        """
        known = _Known(lambda start: self.due(start, period, extension_working_days))
        return list(map(known.__getitem__, starts))

    def add_working_days(self, start: date, days: int) -> date:
        """Return the ``days``-th working day after ``start``, which is not counted; 0 gives ``start``.

        Raises:
            Refused: it is outside what the calendar covers.
        """
        return self._after(start, days).day

    def working_days_between(self, start: date, end: date) -> int:
        """Return how many working days follow ``start`` (not counted) up to ``end`` (counted).

        Negative when ``end`` is before ``start``: then those after ``end`` up to ``start``.

        Raises:
            Refused: a day is outside what the calendar covers.
        """
        rank = self._tables.counting[1]
        return rank[self._place(end)] - rank[self._place(start)]

    def count(self, start: date, period: Period) -> list[CountedDay]:
        """Return a period day by day, from the day after ``start`` to its last day.

        The numbers run to the period's length; with a shift, the days moved over follow. Of a
        period in years, the day on which each of its years ends.

        Raises:
            Refused: the period leaves what the calendar covers.
        """
        if period.unit == "years":
            ends = [_years_after(start, n) for n in range(1, period.length + 1)]
            return [CountedDay(self.day(end), n, shifted=False) for n, end in enumerate(ends, 1)]
        last = self._due(start, period).day
        counted: list[CountedDay] = []
        number = 0
        day = start
        while day < last:
            day += _DAY
            what = self.day(day)
            over = period.unit == "days" and number >= period.length
            counts = not over and (what.works or period.unit == "days")
            number += counts
            counted.append(CountedDay(what, number if counts else None, shifted=over))
        return counted

    # -- inside

    def _due(self, start: date, period: Period) -> Due:
        base, rank, latest_open, sure, open_ = self._tables.counting
        place = start.toordinal() - base
        days = period.length
        if period.unit != "working days":
            if not period.shift or days < 1 or period.unit == "years":
                return self._due_by_date(start, period)
            if place >= 0:
                # it ends on the first working day after the eve of its last day
                place += days - 1
                days = 1
        if days < 1 or place < 0:
            return self._after(start, days)
        try:
            index = rank[place] + days
            return open_[index] if latest_open[index] > place else sure[index]
        except IndexError:
            raise self._outside(_THE_LAST_DAY) from None

    def _due_by_date(self, start: date, period: Period) -> Due:
        try:
            if period.unit == "years":
                end = _years_after(start, period.length)
            else:
                end = start + timedelta(days=period.length)
        except (OverflowError, ValueError):
            raise self._outside(_THE_LAST_DAY) from None
        if not period.shift:
            return Due(end, provisional=False)
        last = end if self.is_working(end) else self._after(end, 1).day
        return Due(last, self._touches_open(end, last))

    def _after(self, start: date, days: int) -> Due:
        if days == 0:
            return Due(start, provisional=False)
        base, rank, latest_open, sure, open_ = self._tables.counting
        place = start.toordinal() - base
        if place < 0 or days < 0:
            raise self._outside(start)
        try:
            index = rank[place] + days
            return open_[index] if latest_open[index] > place else sure[index]
        except IndexError:
            raise self._outside(_THE_LAST_DAY) from None

    def _touches_open(self, first: date, last: date) -> bool:
        return any(a <= last and first <= b for a, b in self._source.open_spans)

    def _is_open(self, day: date) -> bool:
        return self._touches_open(day, day)

    def _place(self, day: date) -> int:
        if not self.first <= day <= self.last:
            raise self._outside(day)
        return day.toordinal() - self.first.toordinal()

    def _outside(self, what: object) -> Refused:
        message = Text(
            "{d}超出工作日历的范围（{a} 至 {b}）。请核对日期；确需更早或更晚的日期，请补充该年的放假通知",
            "{d} is outside the calendar of working days ({a} to {b}); check the date, "
            "or load the notices of the years that are missing",
        )
        return Refused(
            message.fill(d=what, a=self.first, b=self.last),
            code="outside_calendar",
            details={"first": self.first.isoformat(), "last": self.last.isoformat()},
        )


class _Known(dict[date, Due]):
    """Due dates by starting day, each counted when first asked for; after that only a look-up in C."""

    def __init__(self, count: Callable[[date], Due]) -> None:
        super().__init__()
        self._count = count

    def __missing__(self, start: date) -> Due:
        due = self[start] = self._count(start)
        return due


def _years_after(start: date, years: int) -> date:
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return date(start.year + years, start.month, 28)
