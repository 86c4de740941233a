"""Keep lists for counting working days quickly: nothing is searched, nothing allocated."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date
from itertools import accumulate, compress, repeat
from typing import NamedTuple

from credit_workflow.calendar.compiled import Compiled
from credit_workflow.calendar.due import Due


class Counting(NamedTuple):
    """What is read when a period is counted.

    A day's place is the number of days from the calendar's first one. What stands by working day
    is counted from 1, so that the n-th working day after a day is at that day's rank plus n.

    ``base`` is the first day's ordinal; ``rank`` by place, how many working days there are up to
    the day (inclusive); ``latest_open`` by working day, the place of the last open day up to it
    (inclusive), -1 where there is none; ``sure`` and ``open`` the working days as due dates.
    """

    base: int
    rank: list[int]
    latest_open: list[int]
    sure: list[Due]
    open: list[Due]


class Tables:
    """A calendar's days, laid out for looking up.

    Args:
        source: the compiled files.
    """

    __slots__ = ("counting", "works")

    def __init__(self, source: Compiled) -> None:
        base = source.first.toordinal()
        size = source.last.toordinal() - base + 1
        # a week from the first day on, repeated, then what differs
        week = bytes((source.first.weekday() + n) % 7 not in source.weekend for n in range(7))
        works = bytearray((week * (size // 7 + 1))[:size])
        for special in source.days:
            works[special.day.toordinal() - base] = special.works
        latest = [-1] * size
        for first, last in source.open_spans:
            start, end = max(0, first.toordinal() - base), min(size, last.toordinal() - base + 1)
            latest[start:end] = range(start, end)
            latest[end:] = repeat(end - 1, size - end)
        #: 1 for each day on which one works, by place.
        self.works = bytes(works)
        days = [date.min, *map(date.fromordinal, compress(range(base, base + size), works))]
        sure = list(map(Due._make, zip(days, repeat(False))))  # noqa: FBT003
        latest_open = [-1, *compress(latest, works)]
        settled = bisect_left(latest_open, 0)  # it never falls
        self.counting = Counting(
            base=base,
            rank=list(accumulate(works)),
            latest_open=latest_open,
            sure=sure,
            open=[*sure[:settled], *map(Due._make, zip(days[settled:], repeat(True)))],  # noqa: FBT003
        )
