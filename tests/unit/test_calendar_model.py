"""Counting in arbitrary calendars, against a model that walks day by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_workflow.calendar.compiled import Compiled, SpecialDay
from credit_workflow.calendar.due import Due
from credit_workflow.calendar.period import Period
from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.errors import Refused
from credit_workflow.text import same

FIRST, LAST = date(2019, 12, 1), date(2021, 2, 28)
ONE = timedelta(days=1)
DAYS = st.dates(FIRST, LAST)

calendars = st.builds(
    lambda weekend, special, spans: Compiled(
        id="x",
        title=same("x"),
        zone="UTC",
        edition="e",
        weekend=tuple(sorted(weekend)),
        first=FIRST,
        last=LAST,
        days=tuple(SpecialDay(day, works, "n", None) for day, works in sorted(special.items())),
        open_spans=tuple(zip(sorted(spans)[::2], sorted(spans)[1::2], strict=True)),
        notices=(),
    ),
    st.sets(st.integers(0, 6), max_size=4),
    st.dictionaries(DAYS, st.booleans(), max_size=60),
    st.sampled_from([0, 2, 4]).flatmap(lambda n: st.sets(DAYS, min_size=n, max_size=n)),
)
periods = (
    st.builds(Period, st.integers(0, 90), st.just("working days"))
    | st.builds(Period, st.integers(0, 90), st.just("days"), st.booleans())
    | st.builds(Period, st.integers(0, 2), st.just("years"), st.booleans())
)


class Outside(Exception):
    pass


class Walker:
    """The model: it looks at one day at a time and remembers which it looked at."""

    def __init__(self, source: Compiled) -> None:
        self.source = source
        self.special = {d.day: d.works for d in source.days}

    def works(self, day: date) -> bool:
        if not FIRST <= day <= LAST:
            raise Outside
        return self.special.get(day, day.weekday() not in self.source.weekend)

    def open(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.source.open_spans)

    def due(self, start: date, period: Period, extension: int) -> Due:
        looked_at: list[date] = []
        day = start
        if period.unit == "working days":
            day = self.ahead(day, period.length, looked_at)
        else:
            if period.unit == "days":
                day += period.length * ONE
            else:
                leap = (start.month, start.day) == (2, 29)
                year = start.year + period.length
                day = date(year, 2, 28) if leap and year % 4 else start.replace(year=year)
            if period.shift:
                if start < FIRST:
                    raise Outside
                looked_at.append(day)
                while not self.works(day):
                    day += ONE
                    looked_at.append(day)
        day = self.ahead(day, extension, looked_at)
        return Due(day, any(self.open(d) for d in looked_at))

    def ahead(self, day: date, count: int, looked_at: list[date]) -> date:
        if count and not FIRST <= day <= LAST:
            raise Outside
        while count:
            day += ONE
            looked_at.append(day)
            count -= self.works(day)
        return day


@settings(max_examples=500, deadline=None)
@given(source=calendars, start=DAYS, period=periods, extension=st.sampled_from([0, 0, 1, 15]))
def test_a_due_date_is_the_walkers(source: Compiled, start: date, period: Period, extension: int):
    calendar = WorkCalendar(source)
    try:
        expected = Walker(source).due(start, period, extension)
    except Outside:
        with pytest.raises(Refused) as refused:
            calendar.due(start, period, extension)
        assert refused.value.code == "outside_calendar"
        return
    assert calendar.due(start, period, extension) == expected
    assert calendar.due_date(start, period, extension) == expected.day


@settings(max_examples=300, deadline=None)
@given(
    source=calendars,
    starts=st.lists(st.dates(FIRST - 3 * ONE, LAST + 3 * ONE), max_size=12),
    period=periods,
    extension=st.sampled_from([0, 0, 1, 15, -1]),
)
def test_many_due_dates_at_once_are_those_counted_one_by_one(
    source: Compiled, starts: list[date], period: Period, extension: int
):
    """And where one can't be counted, the first of them is refused with the same words."""
    starts += starts[:3]
    one, many = WorkCalendar(source), WorkCalendar(source)
    expected: list[Due] = []
    for start in starts:
        try:
            expected.append(one.due(start, period, extension))
        except Refused as fault:
            with pytest.raises(Refused) as refused:
                many.dues(iter(starts), period, extension)
            assert (refused.value.code, refused.value.message) == (fault.code, fault.message)  # noqa: PT017 - two errors compared
            return
    assert many.dues(iter(starts), period, extension) == expected


@settings(max_examples=300, deadline=None)
@given(source=calendars, start=DAYS, period=periods.filter(lambda p: p.unit != "years"))
def test_counting_day_by_day_ends_where_the_due_date_is(source: Compiled, start: date, period: Period):
    calendar = WorkCalendar(source)
    try:
        due = calendar.due(start, period)
        counted = calendar.count(start, period)
    except Refused:
        return
    assert [c.day.date for c in counted] == [start + n * ONE for n in range(1, (due.day - start).days + 1)]
    assert [c.number for c in counted if c.number is not None] == list(range(1, period.length + 1))
    assert all(c.number is None for c in counted if c.shifted)
    if period.unit == "working days":
        assert all(c.day.works == (c.number is not None) for c in counted)
        assert due.provisional == any(c.day.provisional for c in counted)
    if any(c.shifted for c in counted):
        assert counted[-1].day.works
        assert not any(c.day.works for c in counted[period.length - 1 : -1])


@settings(max_examples=200, deadline=None)
@given(source=calendars, a=DAYS, b=DAYS)
def test_working_days_between_counts_them(source: Compiled, a: date, b: date):
    calendar = WorkCalendar(source)
    low, high = min(a, b), max(a, b)
    number = sum(Walker(source).works(low + n * ONE) for n in range(1, (high - low).days + 1))
    assert calendar.working_days_between(low, high) == number
    assert calendar.working_days_between(high, low) == -number
    if number:
        assert calendar.add_working_days(low, number) <= high
