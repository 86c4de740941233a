"""What recurs, against tables and a naive second computation: a walk over the days, one at a time."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_workflow.calendar.recurrence import months_after, parse_recurrence
from credit_workflow.errors import UsageFault

DAY = timedelta(days=1)


def firsts(every: str, starts: str, through: str, begin: str = "2000-01-01") -> list[str]:
    turns = parse_recurrence(every, starts).turns(begin=date.fromisoformat(begin), through=date.fromisoformat(through))
    return [turn.first.isoformat() for turn in turns]


@pytest.mark.parametrize(
    ("every", "starts", "through", "wanted"),
    [
        ("1 month", "2026-01-31", "2026-05-30", ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]),
        ("1 month", "2024-01-30", "2024-04-29", ["2024-01-30", "2024-02-29", "2024-03-30"]),
        ("1 month", "2026-11-15", "2027-01-15", ["2026-11-15", "2026-12-15", "2027-01-15"]),
        (
            "3 months",
            "2026-01-01",
            "2027-01-01",
            ["2026-01-01", "2026-04-01", "2026-07-01", "2026-10-01", "2027-01-01"],
        ),
        ("3 months", "2025-11-30", "2026-06-30", ["2025-11-30", "2026-02-28", "2026-05-30"]),
        ("1 year", "2024-02-29", "2028-02-29", ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]),
        ("180 days", "2026-01-01", "2026-12-31", ["2026-01-01", "2026-06-30", "2026-12-27"]),
        ("1 day", "2024-02-28", "2024-03-01", ["2024-02-28", "2024-02-29", "2024-03-01"]),
        ("1 month", "2026-05-01", "2026-04-30", []),
    ],
)
def test_turns_begin_when_they_should(every: str, starts: str, through: str, wanted: list[str]) -> None:
    assert firsts(every, starts, through) == wanted


def test_the_turn_that_runs_is_the_first_and_missed_ones_are_all_there() -> None:
    assert firsts("1 month", "2026-01-01", "2026-04-02", begin="2026-02-28") == [
        "2026-02-01",
        "2026-03-01",
        "2026-04-01",
    ]
    turns = parse_recurrence("1 month", "2026-01-31").turns(begin=date(2026, 2, 28), through=date(2026, 3, 1))
    (turn,) = turns
    assert (turn.first, turn.last) == (date(2026, 2, 28), date(2026, 3, 30))
    assert (turn.previous_first, turn.previous_last) == (date(2026, 1, 31), date(2026, 2, 27))


def test_a_changed_interval_goes_on_after_the_last_turn_opened() -> None:
    quarters = parse_recurrence("3 months", "2026-01-01")
    after = quarters.turns(begin=date.min, through=date(2026, 12, 31), after=date(2026, 5, 1))
    assert [turn.first for turn in after] == [date(2026, 7, 1), date(2026, 10, 1)]


@pytest.mark.parametrize("every", ["0 months", "month", "1 week", "1000 days", "2 working days", ""])
def test_no_interval(every: str) -> None:
    with pytest.raises(UsageFault):
        parse_recurrence(every, "2026-01-01")


@pytest.mark.parametrize("starts", ["2026-02-30", "soon", "1999-12-31", "2101-01-01"])
def test_no_day_to_start_on(starts: str) -> None:
    with pytest.raises(UsageFault):
        parse_recurrence("1 month", starts)


def naive_firsts(length: int, unit: str, starts: date, through: date) -> list[date]:
    """Every day up to a last one on which a turn begins, by walking day by day and month by month."""
    found, day, days, month, months = [], starts, 0, (starts.year, starts.month), 0
    per = length * {"days": 1, "months": 1, "years": 12}[unit]
    while day <= through:
        if (day.year, day.month) != month:
            month, months = (day.year, day.month), months + 1
        last_of_month = (day + DAY).month != day.month
        the_date = day.day == starts.day or (last_of_month and day.day < starts.day)
        if (days % per == 0) if unit == "days" else (months % per == 0 and the_date):
            found.append(day)
        day, days = day + DAY, days + 1
    return found


somewhen = st.dates(date(2019, 1, 1), date(2025, 12, 31)) | st.sampled_from(
    [date(2020, 2, 29), date(2024, 2, 29), date(2023, 1, 31), date(2022, 12, 31), date(2023, 8, 30), date(2021, 1, 29)]
)
units = st.sampled_from(["days", "months", "years"])


@given(length=st.integers(1, 14), unit=units, starts=somewhen, years=st.integers(0, 6), begin=somewhen)
def test_turns_are_those_of_a_walk_over_the_days(length: int, unit: str, starts: date, years: int, begin: date) -> None:
    through = starts + timedelta(days=years * 365 + 17)
    every = f"{length} {unit}"
    recurrence = parse_recurrence(every, starts.isoformat())
    turns = list(recurrence.turns(begin=begin, through=through))
    walked = naive_firsts(length, unit, starts, max(through, begin))
    running = [first for first in walked if first <= begin][-1:]
    wanted = [*running, *(first for first in walked if first > begin)]
    assert [turn.first for turn in turns] == [first for first in wanted if first <= through]
    for turn, following in pairwise(turns):
        assert turn.last + DAY == following.first
        assert (following.previous_first, following.previous_last) == (turn.first, turn.last)
    for turn in turns:
        assert turn.previous_last + DAY == turn.first <= turn.last
    assert [turn.first for turn in recurrence.turns(begin=date.min, through=through, after=begin)] == [
        first for first in walked if begin < first <= through
    ]


@given(day=st.dates(date(2001, 1, 1), date(2099, 12, 31)), months=st.integers(-11, 600))
def test_months_after_is_the_same_date_or_the_months_last(day: date, months: int) -> None:
    found = months_after(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (found.day < day.day and (found + DAY).day == 1)
