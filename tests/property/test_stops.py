"""Periods whose clock stops and starts again, against a walk over the days that knows no arithmetic."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_workflow.calendar.loading import load_calendar
from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.definition.model import Workflow
from credit_workflow.engine.clocks import deadlines as dl
from credit_workflow.engine.clocks.suspensions import NO_DATE, walk
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import Deadline

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
DAY = timedelta(days=1)
NAMES = ("fee", "inquiry")


@cache
def calendars() -> dict[str, WorkCalendar]:
    return {
        "cn": load_calendar(),
        "england": load_calendar("england", EXAMPLES / "foi" / "calendars"),
        "us": load_calendar("us", EXAMPLES / "fcra" / "calendars"),
    }


@cache
def rules_for(length: str, unit: str, *, shift: bool, first_day: bool, full: bool) -> Rules:
    text = {"zh": "甲", "en": "a"}
    stop = {"title": text, "begins": ["go"], "ends": ["end"], "source": "甲法"}
    stop |= {"then": "full_length"} if full else {}
    rule: dict[str, Any] = {
        "title": text, "kind": "statutory", "length": length, "starts": "go", "ends": ["end"], "late": "overdue",
        "at_end": "end", "source": "甲法", "first_day_counts": first_day,
        "extension": {"at_most": 60, "unit": unit, "source": "甲法"},
        "suspensions": dict.fromkeys(NAMES, stop),
    }  # fmt: skip
    if shift:
        rule["if_day_off"] = "next_working_day"
    document = {
        "workflow": "sample", "version": 1, "title": text, "number": "SMP-{year}-{serial:06}",
        "in_force": {"from": "2020-01-01"}, "source": "甲法", "roles": {"clerk": {"title": text}},
        "states": {"open": {"title": text}, "done": {"title": text, "final": True}},
        "actions": {
            "go": {"title": text, "to": "open", "by": ["clerk"], "source": "甲法"},
            "end": {"title": text, "from": "open", "to": "done", "by": ["clerk"], "source": "甲法"},
        },
        "deadlines": {"reply": rule},
    }  # fmt: skip
    return Rules(msgspec.convert(document, Workflow), "0" * 64)


class Walker:
    """The oracle: it walks from the start day by day, and knows which days are in a stop."""

    def __init__(self, calendar: WorkCalendar, length: int, unit: str, *, shift: bool, first_day: bool) -> None:
        self.calendar, self.length, self.unit, self.shift, self.first_day = calendar, length, unit, shift, first_day
        self.stops: list[tuple[date, date]] = []

    def counts(self, day: date, unit: str) -> bool:
        if any(first <= day <= last for first, last in self.stops):
            return False
        return unit == "days" or self.calendar.is_working(day)

    def walked(self, day: date, length: int, unit: str) -> date:
        number = 0
        while True:
            day += DAY
            number += self.counts(day, unit)
            standing = any(first <= day <= last for first, last in self.stops)
            shifted_on = unit == "days" and self.shift and not self.calendar.is_working(day)
            if number >= length and not standing and not shifted_on:
                return day

    def due(self, start: date, extension: int = 0, extension_unit: str = "days") -> date:
        original = self.original(start)
        return self.walked(original, extension, extension_unit) if extension else original

    def original(self, start: date) -> date:
        return self.walked(start - DAY if self.first_day else start, self.length, self.unit)

    def left(self, start: date, day: date) -> int:
        first = start - DAY if self.first_day else start
        days = [first + timedelta(days=n) for n in range(1, (day - first).days)]
        return max(self.length - sum(self.counts(d, self.unit) for d in days), 0)


steps = st.lists(
    st.tuples(st.sampled_from(["fee", "inquiry", "extend", "recount"]), st.integers(0, 12), st.integers(0, 25)),
    max_size=6,
)


@pytest.mark.parametrize("full", [False, True], ids=["remainder", "full_length"])
@settings(deadline=None, max_examples=300)
@given(
    site=st.sampled_from(["cn", "england", "us"]),
    start=st.dates(date(2023, 12, 1), date(2025, 6, 30)),
    length=st.integers(1, 30),
    unit=st.sampled_from(["days", "working days"]),
    extension_unit=st.sampled_from(["days", "working days"]),
    shift=st.booleans(),
    first_day=st.booleans(),
    life=steps,
)
def test_stops_extensions_and_recounts_end_where_a_walk_over_the_days_ends(
    *,
    full: bool,
    site: str,
    start: date,
    length: int,
    unit: str,
    extension_unit: str,
    shift: bool,
    first_day: bool,
    life: list[tuple[str, int, int]],
) -> None:
    shift = shift and unit == "days"
    rules = rules_for(f"{length} {unit}", extension_unit, shift=shift, first_day=first_day, full=full)
    rule = rules.deadline("reply")
    calendar = calendars()[site]
    naive = Walker(calendar, length, unit, shift=shift, first_day=first_day)
    deadline = dl.started(rules, "reply", start, calendar)
    assert deadline.due == naive.due(start)
    today, extension = start, 0
    for what, wait, stay in life:
        today += timedelta(days=wait)
        if today > deadline.due:
            assert dl.stopped(deadline, "fee", today) == deadline  # what is past stays past
            break
        if what == "recount":
            site = {"cn": "england", "england": "us", "us": "cn"}[site]
            calendar = naive.calendar = calendars()[site]
            deadline = dl.recounted(rules, deadline, calendar)
        elif what == "extend":
            extension += 1 + stay % 10
            deadline = dl.extended(rule, deadline, 1 + stay % 10, calendar, deadline.starts)
        else:
            deadline = dl.stopped(deadline, what, today)
            _stands(rules, deadline, naive, today)
            assert dl.recounted(rules, deadline, calendar) == deadline
            if wait % 3 == 0:  # an extension granted while the clock stands
                extension += 1
                deadline = dl.extended(rule, deadline, 1, calendar, deadline.starts)
                assert (deadline.due, deadline.extension) == (NO_DATE, extension)
            today += timedelta(days=stay)
            deadline = dl.restarted(rules, deadline, what, today, calendar)
            if full:
                naive.stops.clear()
            else:
                naive.stops.append((today - timedelta(days=stay), today))
            assert deadline.starts == (today if full else start)
            start = deadline.starts
        assert deadline.stopped is None
        assert deadline.original_due == naive.original(start)
        assert deadline.due == naive.due(start, extension, extension_unit)
        assert dl.recounted(rules, deadline, calendar) == deadline
    _explains(rules, deadline, calendar)


def _stands(rules: Rules, deadline: Deadline, naive: Walker, since: date) -> None:
    """A clock that stands has no due date, and never is overdue."""
    rule = rules.deadline("reply")
    assert (deadline.due, deadline.stopped, deadline.status) == (NO_DATE, since, "running")
    for day in (since, since + timedelta(days=1), since + timedelta(days=20_000)):
        assert dl.standing(rule, deadline, day) == "running"
        assert dl.passing(rule, deadline, day) is None
        assert dl.days_left(deadline, day) is None
    left = dl.remaining(rules, deadline, naive.calendar)
    assert left is not None
    assert (left.length, left.unit) == (naive.left(deadline.starts, since), naive.unit)


def _explains(rules: Rules, deadline: Deadline, calendar: WorkCalendar) -> None:
    """The days counted add up to the length, and the last of them is the due date."""
    period = rules.period("reply", deadline.length)
    first = rules.day_zero("reply", deadline.length, deadline.starts)
    days = list(walk(calendar, first, period, deadline.pauses, deadline.original_due))
    numbers = [day.counted.number for day in days if day.counted.number is not None]
    assert numbers == list(range(1, period.length + 1))
    assert days[-1].counted.day.date == deadline.original_due
    assert all((day.counted.number is None) for day in days if day.stopped_by is not None)


@settings(deadline=None)
@given(day=st.dates(date(2024, 1, 1), date(2025, 1, 1)), wait=st.integers(0, 9), stay=st.integers(0, 40))
def test_what_ends_while_its_clock_stands_has_a_due_date_again_and_is_in_time(day: date, wait: int, stay: int) -> None:
    rules = rules_for("10 days", "days", shift=False, first_day=False, full=False)
    calendar = calendars()["england"]
    since = day + timedelta(days=wait)
    standing = dl.stopped(dl.started(rules, "reply", day, calendar), "fee", since)
    end = since + timedelta(days=stay)
    met = dl.ended(rules.deadline("reply"), dl.settled(rules, standing, end, calendar), end)
    assert (met.status, met.met, met.stopped) == ("met", end, None)
    assert met.due == dl.restarted(rules, standing, "fee", end, calendar).due
    (cancelled,) = dl.cancelled(rules, {"reply": standing}, end, calendar).values()
    assert (cancelled.status, cancelled.stopped, cancelled.due) == ("cancelled", None, met.due)


def test_two_stops_at_once_are_one_until_both_have_ended() -> None:
    rules = rules_for("10 days", "days", shift=False, first_day=False, full=False)
    calendar = calendars()["england"]
    clock = dl.started(rules, "reply", date(2026, 3, 2), calendar)  # due 12 March
    clock = dl.stopped(clock, "fee", date(2026, 3, 4))  # one day used: the 3rd
    clock = dl.stopped(clock, "inquiry", date(2026, 3, 6))
    clock = dl.restarted(rules, clock, "fee", date(2026, 3, 10), calendar)
    assert (clock.due, clock.stopped) == (NO_DATE, date(2026, 3, 6))
    clock = dl.restarted(rules, clock, "inquiry", date(2026, 3, 20), calendar)
    assert (clock.due, clock.stopped) == (date(2026, 3, 29), None)  # nine days after the 20th


def test_a_stop_within_a_stop_is_counted_once_also_in_what_is_left() -> None:
    rules = rules_for("10 days", "days", shift=False, first_day=False, full=False)
    calendar = calendars()["england"]
    clock = dl.started(rules, "reply", date(2026, 3, 2), calendar)
    clock = dl.stopped(clock, "fee", date(2026, 3, 4))  # one day used
    clock = dl.stopped(clock, "inquiry", date(2026, 3, 6))
    clock = dl.restarted(rules, clock, "inquiry", date(2026, 3, 10), calendar)
    clock = dl.restarted(rules, clock, "fee", date(2026, 3, 20), calendar)
    assert clock.due == date(2026, 3, 29)
    clock = dl.stopped(clock, "inquiry", date(2026, 3, 25))  # and from the 21st to the 24th four more
    left = dl.remaining(rules, clock, calendar)
    assert left is not None
    assert left.length == 5


def test_a_stop_that_a_clock_which_ran_ahead_had_begun_later_began_on_its_last_day_at_the_latest() -> None:
    """Else days before it would be taken off twice: the log says 1 May, and true days come after it."""
    rules = rules_for("20 working days", "working days", shift=False, first_day=False, full=False)
    calendar = calendars()["cn"]
    running = dl.started(rules, "reply", date(2025, 4, 1), calendar)
    stopped = dl.stopped(running, "fee", running.due)  # the false day; the true one is the 10th
    again = dl.restarted(rules, stopped, "fee", date(2025, 4, 10), calendar)
    assert [(pause.since, pause.until) for pause in again.pauses] == [(date(2025, 4, 10), date(2025, 4, 10))]
    assert again.due == calendar.add_working_days(running.due, 1)
