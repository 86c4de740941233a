"""Working days: which they are, why, and when a period ends."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple

from credit_workflow.calendar.period import Period
from credit_workflow.errors import Refused
from credit_workflow.text import Text

Kind = Literal["weekday", "weekend", "holiday", "make-up"]
_DAY = timedelta(days=1)


class Due(NamedTuple):
    """The last day of a period (inclusive), and whether a later notice can still move it."""

    day: date
    provisional: bool


class Day(NamedTuple):
    """One day: whether one works, why, and by which notice.

    ``notice`` and ``name`` are the notice that says so and the holiday's name, where there are
    any; ``provisional`` means that a notice still to come can change it.
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


@dataclass(frozen=True, slots=True)
class NoticeInfo:
    """A notice that the calendar was built from."""

    id: str
    year: int
    title: Text
    no: str | None
    amends: str | None


@dataclass(frozen=True, kw_only=True)
class Special:
    """A day that differs from its weekday, and by which notice."""

    works: bool
    notice: str | None
    name: Text | None


class WorkCalendar:
    """A calendar of working days; counting in it is pure and fast.

    Args:
        id: the calendar's name, for instance ``cn``.
        title: in both languages.
        zone: the zone in which its days begin and end.
        edition: the digest of everything that it was built from.
        weekend: the weekdays of the weekend, Monday being 0.
        first: the first day covered; ``last`` the last one.
        special: the days that differ from their weekday.
        open_years: years without a notice, whose days are all provisional.
        open_from: days from which (inclusive) to the end of their year all are provisional.
        notices: what it was built from.
    """

    def __init__(
        self,
        *,
        id: str,  # noqa: A002 - the field's usual name
        title: Text,
        zone: str,
        edition: str,
        weekend: frozenset[int],
        first: date,
        last: date,
        special: Mapping[date, Special],
        open_years: frozenset[int],
        open_from: tuple[date, ...],
        notices: tuple[NoticeInfo, ...],
    ) -> None:
        self.id = id
        self.title = title
        self.zone = zone
        self.edition = edition
        self.weekend = weekend
        self.first = first
        self.last = last
        self.open_years = open_years
        self.notices = notices
        self._special = special
        self._open_from = frozenset(open_from)
        self._base = base = first.toordinal()
        size = last.toordinal() - base + 1
        works = [((base + n + 6) % 7) not in weekend for n in range(size)]
        for day, what in special.items():
            place = day.toordinal() - base
            if 0 <= place < size:
                works[place] = what.works
        self._works = works
        self._days = [base + n for n in range(size) if works[n]]
        self._open = [base + n for n in range(size) if self._is_open(date.fromordinal(base + n))]

    # -- one day

    def is_working(self, day: date) -> bool:
        """Whether ``day`` is a working day.

        Raises:
            Refused: the day is outside what the calendar covers.
        """
        return self._works[self._place(day)]

    def day(self, day: date) -> Day:
        """Return what a day is, and why.

        Raises:
            Refused: the day is outside what the calendar covers.
        """
        works = self.is_working(day)
        on_weekend = day.weekday() in self.weekend
        special = self._special.get(day)
        kind: Kind
        if works:
            kind = "make-up" if on_weekend else "weekday"
        else:
            kind = "holiday" if special is not None else "weekend"
        return Day(
            day,
            works,
            kind,
            special.notice if special else None,
            special.name if special else None,
            self._is_open(day),
        )

    def year(self, year: int) -> list[Day]:
        """Return all days of a year.

        Raises:
            Refused: the year is outside what the calendar covers.
        """
        first = date(year, 1, 1) if 1 <= year <= 9998 else date.max  # noqa: PLR2004
        self._place(first)
        return [self.day(first + timedelta(days=n)) for n in range((date(year + 1, 1, 1) - first).days)]

    # -- periods

    def due(self, start: date, period: Period) -> Due:
        """Return the last day of a period that starts on ``start``, inclusive.

        The starting day is not counted: day 1 is the next day, for periods in working days the
        next working day (民法典 201). A shifted period in calendar days that would end on a day
        off ends on the next working day (民法典 203). Years end on the day of the same date, for
        29 February on the month's last day (民法典 202).

        Raises:
            Refused: the period leaves what the calendar covers.
        """
        unit = period.unit
        if unit == "working days":
            return self._due_working(start, period.length)
        end = _years_after(start, period.length) if unit == "years" else self._days_after(start, period.length)
        if not period.shift:
            return Due(end, provisional=False)
        last = end if self.is_working(end) else self.add_working_days(end, 1)
        return Due(last, provisional=self._touches_open(end.toordinal(), last.toordinal()))

    def add_working_days(self, start: date, days: int) -> date:
        """Return the ``days``-th working day after ``start`` (which is not counted); 0 gives ``start``.

        Raises:
            Refused: it is outside what the calendar covers.
        """
        if days == 0:
            return start
        ordinals = self._days
        ordinal = start.toordinal()
        place = bisect_right(ordinals, ordinal) + days - 1
        if place >= len(ordinals) or ordinal < self._base:
            raise self._outside(start)
        return date.fromordinal(ordinals[place])

    def count(self, start: date, period: Period) -> list[CountedDay]:
        """Return a period day by day, from the day after ``start`` to its last day.

        The numbers run to the period's length; with a shift, the days moved over follow.

        Raises:
            Refused: the period leaves what the calendar covers; or it is in years, which are not
                counted by days.
        """
        if period.unit == "years":
            raise Refused(Text("以年计算的期间不逐日计数", "a period in years is not counted day by day"), code="years")
        last = self.due(start, period).day
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

    def _due_working(self, start: date, days: int) -> Due:
        ordinal = start.toordinal()
        ordinals = self._days
        place = bisect_right(ordinals, ordinal) + days - 1
        if place >= len(ordinals) or ordinal < self._base:
            raise self._outside(start)
        last = ordinals[place] if days else ordinal
        opened = self._open
        provisional = bool(opened) and last >= opened[0] and self._touches_open(ordinal + 1, last)
        return Due(date.fromordinal(last), provisional)

    def _touches_open(self, first: int, last: int) -> bool:
        place = bisect_right(self._open, first - 1)
        return place < len(self._open) and self._open[place] <= last

    def _is_open(self, day: date) -> bool:
        return day.year in self.open_years or any(o <= day and o.year == day.year for o in self._open_from)

    def _days_after(self, start: date, days: int) -> date:
        try:
            return start + timedelta(days=days)
        except OverflowError:
            raise self._outside(start) from None

    def _place(self, day: date) -> int:
        if not self.first <= day <= self.last:
            raise self._outside(day)
        return day.toordinal() - self._base

    def _outside(self, day: date) -> Refused:
        message = Text(
            "日期 {d} 超出工作日历的范围（{a} 至 {b}）。请核对日期",
            "{d} is outside the calendar of working days ({a} to {b}); check the date",
        )
        return Refused(message.fill(d=day, a=self.first, b=self.last), code="outside_calendar")


def _years_after(start: date, years: int) -> date:
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return date(start.year + years, 2, 28)
