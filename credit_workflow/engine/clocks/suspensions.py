"""Count a period over days that don't count: the stops of a clock.

Without a stop this is `WorkCalendar.due`. With one, the due date is the first day after the start
that is in no stop, on which the count has reached the length, and which, for a shifted period in
calendar days, is a working day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from credit_workflow.calendar.due import Due
from credit_workflow.calendar.period import Period
from credit_workflow.calendar.working_days import CountedDay, WorkCalendar
from credit_workflow.engine.values import Pause

#: The due date of a deadline whose clock stands: no day is past it.
NO_DATE = date.max
_DAY = timedelta(days=1)


class WalkedDay(NamedTuple):
    """A day of a period as it was counted, and the stop that it lies in (its name), if any."""

    counted: CountedDay
    stopped_by: str | None


def due_over(calendar: WorkCalendar, start: date, period: Period, pauses: Iterable[Pause]) -> Due:
    """Return the last day, inclusive, of a period that starts on ``start`` (not counted).

    Args:
        calendar: counts.
        start: day 0.
        period: in days or working days where there are pauses.
        pauses: the stops that have ended; one that has not makes no difference here.

    Raises:
        Refused: the period leaves what the calendar covers.
    """
    place, left, provisional = start, period.length, False
    rest = period
    for first, last in _spans(pauses):
        if last <= place:
            continue
        due = calendar.due(place, rest)
        if due.day < first:
            return Due(due.day, due.provisional or provisional)
        if first > place + _DAY:
            left = max(left - _used(calendar, place, first - _DAY, period), 0)
            provisional |= period.unit == "working days" and _touches_open(calendar, place, first - _DAY)
        place = last
        # Nothing left: the last day was a day off, and the stop came before the working day after it.
        rest = Period(left, period.unit, shift=period.shift) if left else Period(1, "working days")
    due = calendar.due(place, rest)
    return Due(due.day, due.provisional or provisional)


def left_before(calendar: WorkCalendar, start: date, period: Period, pauses: Iterable[Pause], day: date) -> int:
    """Return how much of a period is left on the morning of ``day``, in the period's own unit."""
    used, place = 0, start
    for first, last in _spans(pauses):
        if first >= day:
            break
        used += _used(calendar, place, max(first - _DAY, place), period)
        place = max(place, last)
    used += _used(calendar, place, max(day - _DAY, place), period)
    return max(period.length - used, 0)


def walk(
    calendar: WorkCalendar, start: date, period: Period, pauses: Iterable[Pause], last: date
) -> Iterator[WalkedDay]:
    """Yield a period in days or working days day by day, from the day after ``start`` to ``last``.

    The numbers run to the period's length; days in a stop have none, and name it.
    """
    stops = [(pause.since, pause.until or NO_DATE, pause.id) for pause in pauses]
    number, day = 0, start
    while day < last:
        day += _DAY
        what = calendar.day(day)
        stopped = next((name for since, until, name in stops if since <= day <= until), None)
        over = period.unit == "days" and number >= period.length
        counts = stopped is None and not over and (what.works or period.unit == "days")
        number += counts
        yield WalkedDay(CountedDay(what, number if counts else None, shifted=over and stopped is None), stopped)


def _spans(pauses: Iterable[Pause]) -> list[tuple[date, date]]:
    """Return the stops that have ended as spans of days, first to last inclusive, in the order of their first."""
    return sorted((pause.since, pause.until) for pause in pauses if pause.until is not None)


def _used(calendar: WorkCalendar, after: date, to: date, period: Period) -> int:
    """Return how many of a period's units lie after a day and up to another, inclusive."""
    if period.unit == "working days":
        return calendar.working_days_between(after, to)
    return (to - after).days


def _touches_open(calendar: WorkCalendar, after: date, to: date) -> bool:
    return any(calendar.day(after + timedelta(days=n)).provisional for n in range(1, (to - after).days + 1))
