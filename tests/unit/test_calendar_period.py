"""Periods as people and definitions write them."""

from __future__ import annotations

import pytest

from credit_workflow.calendar.period import Period, parse_period
from credit_workflow.errors import UsageFault


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("7 working days", Period(7, "working days")),
        ("1 working day", Period(1, "working days")),
        ("0 working days", Period(0, "working days")),
        ("  15  WORKING   days ", Period(15, "working days")),
        ("7working days", Period(7, "working days")),
        ("7个工作日", Period(7, "working days")),
        ("7 个工作日", Period(7, "working days")),
        ("7工作日", Period(7, "working days")),
        ("30 days", Period(30, "days")),
        ("1 day", Period(1, "days")),
        ("30日", Period(30, "days")),
        ("30天", Period(30, "days")),
        ("3660 days", Period(3660, "days")),
        ("5 years", Period(5, "years")),
        ("1 year", Period(1, "years")),
        ("5年", Period(5, "years")),
        ("same day", Period(0, "days")),
        ("Same Day", Period(0, "days")),
        ("当日", Period(0, "days")),
        ("当天", Period(0, "days")),
    ],
)
def test_a_period_is_read(text: str, period: Period):
    assert parse_period(text) == period


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7",
        "days",
        "-1 days",
        "1.5 days",
        "7 weeks",
        "7 days ago",
        "seven days",
        "７ days",
        "٧ days",
        "7 working",
        "3661 days",
        "2501 working days",
        "11 years",
        "9999999 days",
        "7 个日",
        "7 days; 8 days",
        "{0} days",
    ],
)
def test_nonsense_is_refused_with_what_to_write(text: str):
    with pytest.raises(UsageFault) as fault:
        parse_period(text)
    assert fault.value.code == "period"
    assert text in fault.value.message.en
    assert text in fault.value.message.zh


def test_a_period_is_a_value():
    assert len({Period(7, "days"), Period(7, "days"), Period(7, "days", shift=True)}) == 2
