"""A due date against the libraries that count working days, and against a bare ``bisect``; a million at once.

The references are held to the same answers before anything is timed. `numpy` can't express a Saturday that is worked
by its week mask: every day off stands in its list of holidays instead, and all seven weekdays count.
"""

from __future__ import annotations

import random
import time
from bisect import bisect_right
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import chinese_calendar
import holidays
import numpy as np
from workalendar.asia import China

from benchmarks.timing import Result, paired
from credit_workflow.calendar.loading import load_calendar
from credit_workflow.calendar.period import Period
from credit_workflow.calendar.working_days import WorkCalendar

_LENGTH = 7
_SEVEN, _THIRTY = Period(_LENGTH, "working days"), Period(30, "days", shift=True)
#: `workalendar` knows 2018 to 2023.
_STARTS = [date(2020, 1, 1) + timedelta(days=n) for n in range(1_400)]
_YEARS = range(2019, 2028)
_EPOCH = date(1970, 1, 1).toordinal()
_MANY = 1_000_000
#: How many times all starts are counted by whoever is quick; the slow count a share of them.
_ROUNDS = 20

Counts = Callable[[date], date]


def run() -> list[Result]:
    calendar = load_calendar()
    return [*_bisect(calendar), *_libraries(calendar), *_at_once(calendar)]


def _bisect(calendar: WorkCalendar) -> list[Result]:
    days = [d.date.toordinal() for year in _YEARS for d in calendar.year(year) if d.works]
    due = calendar.due

    def bare() -> None:
        for _ in range(_ROUNDS):
            for start in _STARTS:
                date.fromordinal(days[bisect_right(days, start.toordinal()) + 6])

    def bare_shifted() -> None:
        for _ in range(_ROUNDS):
            for start in _STARTS:
                date.fromordinal(days[bisect_right(days, start.toordinal() + 29)])

    def ours(period: Period) -> None:
        for _ in range(_ROUNDS):
            for start in _STARTS:
                due(start, period)

    goal = "at most 1.5 times its time"
    return [
        paired("a due date, 7 working days", "bare `bisect`", goal, partial(ours, _SEVEN), bare, pairs=15),
        paired("a due date, 30 days shifted", "bare `bisect`", goal, partial(ours, _THIRTY), bare_shifted, pairs=15),
    ]


def _libraries(calendar: WorkCalendar) -> list[Result]:
    """One due date, 7 working days, by each library as its documentation has it done."""
    days_off = _days_off(calendar)
    numpys = np.busdaycalendar(weekmask="1111111", holidays=days_off)
    library = holidays.country_holidays("CN", years=_YEARS)
    workalendars = China()

    def by_workalendar(start: date) -> date:
        return workalendars.add_working_days(start, _LENGTH)

    def by_chinese_calendar(start: date) -> date:
        return chinese_calendar.find_workday(_LENGTH - 1, start + timedelta(days=1))

    def by_holidays(start: date) -> date:
        return library.get_nth_working_day(start, _LENGTH)

    def by_numpy(start: date) -> date:
        return np.busday_offset(start, _LENGTH, roll="backward", busdaycal=numpys).item()

    references: list[tuple[str, Counts, int]] = [
        ("`holidays.get_nth_working_day`", by_holidays, 1),
        ("`chinese_calendar.find_workday`", by_chinese_calendar, 8),
        ("`workalendar`, `China().add_working_days`", by_workalendar, 8),
        ("`numpy.busday_offset`", by_numpy, 1),
    ]
    return [_against(calendar, *reference) for reference in references]


def _against(calendar: WorkCalendar, name: str, theirs: Counts, step: int) -> Result:
    """Compare the seconds for one date; a slow reference counts from every ``step``-th start only."""
    starts = _STARTS[::step]
    wrong = [start for start in starts if theirs(start) != calendar.due(start, _SEVEN).day]
    if wrong and "workalendar" not in name:
        raise RuntimeError(f"{name} counts otherwise from {wrong[0]}")
    due = calendar.due

    def ours() -> float:
        began = time.perf_counter()
        for _ in range(_ROUNDS):
            for start in _STARTS:
                due(start, _SEVEN)
        return (time.perf_counter() - began) / (_ROUNDS * len(_STARTS))

    def reference() -> float:
        began = time.perf_counter()
        for start in starts:
            theirs(start)
        return (time.perf_counter() - began) / len(starts)

    said = f"{name} (another date from {len(wrong) / len(starts):.0%} of the starts)" if wrong else name
    return paired("a due date, 7 working days", said, "ahead", ours, reference, pairs=15)


def _at_once(calendar: WorkCalendar) -> list[Result]:
    """A million: ours from a list of dates made anew for each pair, `numpy` from an array that it is spared to make."""
    numpys = np.busdaycalendar(weekmask="1111111", holidays=_days_off(calendar))
    draw = random.Random(1)  # noqa: S311 - dates to count from
    ordinals = [draw.choice(_STARTS).toordinal() for _ in range(_MANY)]
    array = (np.array(ordinals) - _EPOCH).astype("datetime64[D]")

    def ours(period: Period) -> float:
        starts = list(map(date.fromordinal, ordinals))
        began = time.perf_counter()
        calendar.dues(starts, period)
        return time.perf_counter() - began

    def seven() -> np.ndarray:
        return np.busday_offset(array, _LENGTH, roll="backward", busdaycal=numpys)

    def thirty() -> np.ndarray:
        return np.busday_offset(array + 30, 0, roll="forward", busdaycal=numpys)

    starts = list(map(date.fromordinal, ordinals))
    results = []
    for period, theirs, what in ((_SEVEN, seven, "7 working days"), (_THIRTY, thirty, "30 days shifted")):
        if [due.day for due in calendar.dues(starts, period)] != theirs().tolist():
            raise RuntimeError("numpy counts otherwise")
        said = f"{_MANY:,} due dates at once, {what}"
        results.append(
            paired(said, "`numpy.busday_offset` on an array", "faster", partial(ours, period), theirs, pairs=15)
        )
    return results


def _days_off(calendar: WorkCalendar) -> list[date]:
    return [day.date for year in _YEARS for day in calendar.year(year) if not day.works]
