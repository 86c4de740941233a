"""The calendar against tables and data that know nothing of it."""

from __future__ import annotations

import csv
from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_workflow.calendar.loading import load_calendar
from credit_workflow.calendar.period import Period
from credit_workflow.calendar.working_days import WorkCalendar
from tests.conformance import generate

with generate.TABLE.open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


@pytest.fixture(scope="module")
def cn(tmp_path_factory: pytest.TempPathFactory) -> WorkCalendar:
    with pytest.MonkeyPatch.context() as patch:  # compiled by the code under test, not cached by an older one
        patch.setenv("CREDIT_WORKFLOW_CACHE", str(tmp_path_factory.mktemp("cache")))
        return load_calendar("cn")


def test_the_table_is_large_and_as_generated():
    assert len(ROWS) >= 300
    assert sum(row["note"].startswith("by hand: ") for row in ROWS) >= 25
    assert generate.TABLE.read_text(encoding="utf-8") == generate.table()


def test_what_was_reasoned_by_hand_is_what_the_walk_gives():
    for row in generate.by_hand():
        found = generate.walk(row.start, row.length, row.unit, shift=row.shift, extension=row.extension)
        assert found == row.due, row


@pytest.mark.parametrize("row", ROWS, ids=lambda row: "-".join(list(row.values())[:5]).replace(" ", "_"))
def test_due_date(cn: WorkCalendar, row: dict[str, str]):
    start = date.fromisoformat(row["start"])
    period = Period(int(row["length"]), row["unit"], shift=row["shift"] == "yes")
    extension = int(row["extension"])
    assert cn.due(start, period, extension).day.isoformat() == row["due"]
    assert cn.due_date(start, period, extension).isoformat() == row["due"]


def test_every_day_from_2004_to_2026_is_as_chinesecalendar_has_it(cn: WorkCalendar):
    days = [date(2004, 1, 1) + timedelta(days=n) for n in range((date(2026, 12, 31) - date(2004, 1, 1)).days + 1)]
    other = [day for day in days if cn.is_working(day) != chinese_calendar.is_workday(day)]
    # The notice of 2006 (国务院办公厅关于2006年部分节假日安排的通知) makes this Saturday a working day.
    assert other == [date(2005, 12, 31)]
    assert cn.is_working(date(2005, 12, 31))
    assert cn.day(date(2005, 12, 31)).notice == "cn-2006"


def test_every_day_from_2004_to_2026_is_as_holidays_has_it(cn: WorkCalendar):
    library = holidays.country_holidays("CN", years=range(2004, 2027))
    days = [date(2004, 1, 1) + timedelta(days=n) for n in range((date(2026, 12, 31) - date(2004, 1, 1)).days + 1)]
    assert [day for day in days if cn.is_working(day) != library.is_working_day(day)] == []


@settings(max_examples=400, deadline=None)
@given(
    start=st.dates(date(2004, 1, 1), date(2026, 12, 31)),
    period=st.builds(Period, st.integers(0, 60), st.just("working days"))
    | st.builds(Period, st.integers(0, 60), st.just("days"), st.booleans())
    | st.builds(Period, st.integers(0, 5), st.just("years"), st.booleans()),
    extension=st.integers(0, 15),
)
def test_any_period_ends_where_the_walk_ends(cn: WorkCalendar, start: date, period: Period, extension: int):
    try:
        expected = generate.walk(start, period.length, period.unit, shift=period.shift, extension=extension)
    except generate.LeftTheTableError:
        return
    assert cn.due(start, period, extension).day == expected
