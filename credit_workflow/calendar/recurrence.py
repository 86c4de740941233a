"""Count what recurs: turns of days, months or years from a first day."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from credit_workflow.errors import UsageFault
from credit_workflow.text import Text

_DAY = timedelta(days=1)
_MONTHS = 12
_WRITTEN = re.compile(r"([1-9][0-9]{0,2}) (day|month|year)s?")


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn: its first and its last day, both inclusive, and those of the turn before it."""

    first: date
    last: date
    previous_first: date
    previous_last: date


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Turns that follow on each other without a gap.

    Every turn is counted from the first day of all, so that a month that is too short (31
    January, then 28 February) does not shorten those after it (31 March).

    Args:
        length: how many units make one turn.
        unit: calendar days or months; a year is twelve months.
        starts: the first day of the first turn.
    """

    length: int
    unit: Literal["days", "months"]
    starts: date

    def turns(self, *, begin: date, through: date, after: date | None = None) -> Iterator[Turn]:
        """Return the turns that have begun by a day, oldest first.

        Args:
            begin: turns that ended before this day are left out.
            through: the last day on which a turn counted has begun.
            after: where given, only turns that began later than this day count, and ``begin``
                does not matter.
        """
        number = max(self._number_on(begin if after is None else after), 0)
        if after is not None and self._first(number) <= after:
            number += 1
        while self._first(number) <= through:
            yield self._turn(number)
            number += 1

    def _number_on(self, day: date) -> int:
        """Return the number of the turn in which a day lies, 0 for the first; negative before it."""
        if self.unit == "days":
            return (day - self.starts).days // self.length
        months = (day.year - self.starts.year) * _MONTHS + day.month - self.starts.month
        number = months // self.length
        return number - 1 if self._first(number) > day else number

    def _turn(self, number: int) -> Turn:
        first = self._first(number)
        return Turn(
            first=first,
            last=self._first(number + 1) - _DAY,
            previous_first=self._first(number - 1),
            previous_last=first - _DAY,
        )

    def _first(self, number: int) -> date:
        if self.unit == "days":
            return self.starts + timedelta(days=number * self.length)
        return months_after(self.starts, number * self.length)


def months_after(day: date, months: int) -> date:
    """Return the same date some calendar months later (negative: earlier), or that month's last day (民法典 202)."""
    year, month = divmod(day.year * _MONTHS + day.month - 1 + months, _MONTHS)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def parse_recurrence(every: str, starts: str) -> Recurrence:
    """Return the recurrence that a definition writes: ``3 months`` from ``2026-01-01``.

    Raises:
        UsageFault: it is no such interval, or no day from 2000 to 2100.
    """
    match = _WRITTEN.fullmatch(every)
    if match is None:
        message = Text(
            "“{t}”不是间隔；请写作 30 days、1 month、1 year", "“{t}” is no interval; write 30 days, 1 month or 1 year"
        )
        raise UsageFault(message.fill(t=every), code="interval")
    try:
        first = date.fromisoformat(starts)
    except ValueError:
        first = date.min
    if not date(2000, 1, 1) <= first <= date(2100, 12, 31):
        message = Text("“{t}”不是2000年至2100年间的日期", "“{t}” is no day from 2000 to 2100")
        raise UsageFault(message.fill(t=starts), code="date")
    length = int(match[1])
    if match[2] == "day":
        return Recurrence(length, "days", first)
    return Recurrence(length * (_MONTHS if match[2] == "year" else 1), "months", first)
