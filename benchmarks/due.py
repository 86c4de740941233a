"""Counting a due date against a bare ``bisect`` on a prepared list."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta

from benchmarks.timing import Result, paired
from credit_workflow.calendar import Period, load_calendar

_STARTS = [date(2020, 1, 1) + timedelta(days=n) for n in range(2_000)]
_ROUNDS = 20


def run() -> list[Result]:
    calendar = load_calendar()
    days = [d.date.toordinal() for year in range(2019, 2028) for d in calendar.year(year) if d.works]
    seven, thirty = Period(7, "working days"), Period(30, "days", shift=True)
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

    goal = "at most 2 times its time"
    return [
        paired("a due date, 7 working days", "bare `bisect`", goal, lambda: ours(seven), bare, pairs=15),
        paired("a due date, 30 days shifted", "bare `bisect`", goal, lambda: ours(thirty), bare_shifted, pairs=15),
    ]
