"""The parts of a count sum up to the due date, day by day, and the grid says the same."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_workflow.authoring.drawing.route import until
from credit_workflow.calendar.loading import load_calendar
from credit_workflow.calendar.period import Period, parse_period
from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.casework.explanation.count_pictures import count_of
from credit_workflow.casework.explanation.day_count import counted_days, explanation
from credit_workflow.casework.explanation.explanation_answers import ClockStop, CountedDay, Explanation, Grid
from credit_workflow.casework.explanation.explanation_answers import GridDay as Cell
from credit_workflow.casework.explanation.grid_signs import legend, notices_of, signs, sums
from credit_workflow.casework.explanation.segments import Stretch, grid_of, stretches, week_of
from credit_workflow.cli.screens import grid_screen
from credit_workflow.definition.clock_rules import DeadlineRule, Suspension
from credit_workflow.definition.library import load_definitions
from credit_workflow.definition.words.wording import width
from credit_workflow.engine.clocks import deadlines as dl
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import Case, Deadline
from credit_workflow.engine.world import World
from credit_workflow.identity import Subject
from credit_workflow.strict_yaml.patterns import Title
from credit_workflow.text import Text

CALENDAR = load_calendar()
WORKFLOW = load_definitions()["objection"].workflow
RULE = WORKFLOW.deadlines["handling"]
DAY = timedelta(days=1)
STARTS = st.dates(date(2008, 1, 1), date(2027, 3, 31))
LENGTHS = st.one_of(
    st.integers(0, 90).map(lambda n: (n, "days")), st.integers(1, 40).map(lambda n: (n, "working days"))
)


def explained(start: date, length: int, unit: str, *, shift: bool = False, extension: int = 0) -> Explanation:
    """How the due date of a deadline of one case is explained, by the real definition with another period."""
    words = "same day" if length == 0 else f"{length} {unit}"
    rule: DeadlineRule = msgspec.structs.replace(
        RULE, length=words, if_day_off="next_working_day" if shift and unit == "days" else None
    )
    rules = Rules(msgspec.structs.replace(WORKFLOW, deadlines={"handling": rule}), "digest")
    deadline = dl.started(rules, "handling", start, CALENDAR)
    if extension:
        deadline = dl.extended(rule, deadline, extension, CALENDAR, deadline.starts)
    return explanation_of(rules, deadline)


def explanation_of(rules: Rules, deadline: Deadline) -> Explanation:
    """How the due date of a deadline is explained in a case that has no other."""
    start = deadline.starts
    case = Case(
        number="X", workflow="objection", definition="digest", definition_version=1, state="accepted", final=False,
        version=1, opened=start, subject=Subject(kind="natural", id="1", key="1"), record="R", deadlines={"handling": deadline},
    )  # fmt: skip
    (one,) = explanation(case, World(rules={"digest": rules}, calendar=CALENDAR, cases={"X": case}), None, "zh")
    return one


def segments(one: Explanation) -> tuple[Stretch, ...]:
    """The parts of a count."""
    return count_of(one).parts


def total(one: Explanation) -> Text:
    """The sum of a count in words."""
    return count_of(one).sum


@settings(max_examples=150)
@given(STARTS, LENGTHS, st.booleans(), st.integers(0, 15))
def test_the_sum_of_the_parts_is_the_due_date(
    start: date,
    length: tuple[int, str],
    shift: bool,  # noqa: FBT001 - Hypothesis gives it by place
    extension: int,
) -> None:
    number, unit = length
    one = explained(start, number, unit, shift=shift, extension=extension)
    parts = segments(one)
    period = Period(number, unit, shift=shift and unit == "days")  # type: ignore[arg-type]
    due = CALENDAR.due(start, period, extension).day
    days = [day for part in parts for day in part.days]
    # every day from the day after the start to the due date, once and in order
    assert [day.date for day in days] == [start + DAY * n for n in range(1, (due - start).days + 1)]
    assert one.due == due
    # the numbers run without a gap, first those of the period and then those of the extension
    counted = [(part.part, day.number) for part in parts for day in part.days if day.number is not None]
    assert counted == [("counted", n + 1) for n in range(number)] + [("extended", n + 1) for n in range(extension)]
    # what counts is a working day where working days are counted, and what is passed over is none
    for part in parts:
        for day in part.days:
            works = CALENDAR.is_working(day.date)
            if part.part == "extended" or (part.part == "counted" and unit == "working days"):
                assert (day.number is not None) == works
            assert day.works == works
    # an end is moved over days off, to a working day
    moved = [day for part in parts if part.part == "shifted" for day in part.days]
    if moved:
        assert shift
        assert unit == "days"
        assert [day.works for day in moved] == [False] * (len(moved) - 1) + [True]
    told = total(one)
    assert told.zh.endswith(f"届满日 {due}")
    assert (f"顺延{len(moved)}日" in told.zh) == bool(moved)
    assert (f"延长{extension}个工作日" in told.zh) == bool(extension)
    passed = len(days) - len(counted) - len(moved)
    assert (f"未计入{passed}日" in told.zh) == bool(passed)


@settings(max_examples=40)
@given(STARTS, LENGTHS, st.integers(0, 15))
def test_the_grid_has_every_day_of_its_months_once_and_marks_those_of_the_count(
    start: date, length: tuple[int, str], extension: int
) -> None:
    one = explained(start, *length, shift=True, extension=extension)
    parts = segments(one)
    due = one.due
    assert due is not None
    grid = grid_of(start, due, parts, CALENDAR)
    cells = grid.cells()
    first, last = start.replace(day=1), (due.replace(day=1) + 32 * DAY).replace(day=1)
    assert [cell.day for cell in cells] == [first + DAY * n for n in range((last - first).days)]
    for month in grid.months:
        for week in month.weeks:
            assert len(week) == 7
            assert all(cell is None or cell.day.weekday() == grid.weekdays[n] for n, cell in enumerate(week))
    assert [cell.day for cell in cells if cell.start] == [start]
    assert [cell.day for cell in cells if cell.due] == [due]
    within = {day.date: day.number for part in parts for day in part.days}
    assert {cell.day: cell.number for cell in cells if cell.mark} == within
    # no two different kinds of day look alike without colour, weekends within their column aside
    alike: dict[tuple[str, str], set[tuple[Any, ...]]] = {}
    for cell in cells:
        looks = (signs(cell, "zh").day.lstrip("0123456789"), signs(cell, "zh").said)
        kind = "weekday" if cell.kind == "weekend" else cell.kind
        alike.setdefault(looks, set()).add(
            (kind, cell.provisional, cell.mark, cell.number, cell.start, cell.due, bool(cell.extended and cell.number))
        )
    assert all(len(kinds) == 1 for kinds in alike.values())


def test_a_count_over_the_spring_festival_in_words() -> None:
    one = explained(date(2026, 2, 10), 7, "working days", extension=2)
    assert one.document()["segments"] == [
        {"part": "counted", "from": "2026-02-11", "to": "2026-02-26", "days": 16, "counted": 7, "stop": None, "source": "附件2·三"},
        {"part": "extended", "from": "2026-02-27", "to": "2026-02-28", "days": 2, "counted": 2, "stop": None, "source": "附件2·三"},
    ]  # fmt: skip
    parts = segments(one)
    assert notices_of(parts) == ["cn-2026"]
    assert total(one).zh == "合计：计入7个工作日，延长2个工作日，未计入9日；届满日 2026-02-28"
    assert total(one).en == (
        "In sum: 7 working days counted, 2 working days more by the extension, 9 days passed over; due 2026-02-28"
    )
    grid = grid_of(date(2026, 2, 10), date(2026, 2, 28), parts, CALENDAR)
    said = {cell.day.day: signs(cell, "zh") for cell in grid.cells()}
    assert said[10] == ("10", "起")
    assert said[14] == ("14班", "4")  # a Saturday worked
    assert said[16] == ("16休", "·")
    assert said[26] == ("26", "7")
    assert said[28] == ("28班", "[+2]")
    meanings = [one.words for one in legend(grid, "zh")]
    assert meanings == ["起算日", "第几日", "延长的第几日", "不计入", "届满日", "周末", "放假", "调休上班"]


def test_a_shifted_end_and_a_provisional_one() -> None:
    one = explained(date(2026, 9, 5), 30, "days", shift=True)
    parts = segments(one)
    assert [(part.part, len(part.days)) for part in parts] == [("counted", 30), ("shifted", 3)]
    grid = grid_of(date(2026, 9, 5), date(2026, 10, 8), parts, CALENDAR)
    assert [signs(cell, "en").said for cell in grid.cells() if cell.day >= date(2026, 10, 5)][:4] == [
        "30",
        ">",
        ">",
        "[>]",
    ]
    late = explained(date(2026, 12, 20), 15, "working days")
    grid = grid_of(date(2026, 12, 20), date(2027, 1, 11), segments(late), CALENDAR)
    assert signs(next(cell for cell in grid.cells() if cell.due), "en") == ("11?", "[15]")
    assert [one.sign for one in legend(grid, "en") if one.what == "provisional"] == ["?"]


def stopped_count() -> Explanation:
    """Six working days with the clock stopped from the third to the fifth, as an explanation has it."""
    one = explained(date(2026, 3, 2), 6, "working days")
    days: list[CountedDay] = []
    number = 0
    for day in explained(date(2026, 3, 2), 9, "working days").counted:
        if date(2026, 3, 5) <= day.date <= date(2026, 3, 7):
            days.append(msgspec.structs.replace(day, number=None, stopped_by="clarification"))
            continue
        number += day.number is not None
        days.append(msgspec.structs.replace(day, number=None if day.number is None else number))
    stop = ClockStop(id="clarification", title="待补正", since=date(2026, 3, 5), until=date(2026, 3, 7), source="甲法")
    counted = tuple(day for day in days if day.date <= date(2026, 3, 12))
    return msgspec.structs.replace(one, counted=counted, stops=(stop,), due=date(2026, 3, 12))


def test_the_stops_of_a_clock_are_parts_of_their_own() -> None:
    one = stopped_count()
    parts = segments(one)
    assert [(part.part, part.stop, part.source, len(part.days), part.counted) for part in parts] == [
        ("counted", None, "附件2·三", 2, 2),
        ("stopped", "clarification", "甲法", 3, 0),
        ("counted", None, "附件2·三", 5, 4),
    ]
    assert total(one).zh == "合计：计入6个工作日，未计入1日，中止3日；届满日 2026-03-12"
    grid = grid_of(date(2026, 3, 2), date(2026, 3, 12), parts, CALENDAR)
    assert [signs(cell, "zh").said for cell in grid.cells() if 4 <= cell.day.day <= 9] == [
        "2",
        "停",
        "停",
        "停",
        "·",
        "3",
    ]


@settings(max_examples=60)
@given(
    STARTS, st.integers(1, 60), st.sampled_from(["days", "working days"]), st.booleans(), st.integers(1, 70), st.integers(0, 40),
    st.integers(0, 15),
)  # fmt: skip
def test_the_sum_holds_over_a_stop(
    start: date,
    length: int,
    unit: str,
    shift: bool,  # noqa: FBT001 - Hypothesis gives it by place
    wait: int,
    stop: int,
    extension: int,
) -> None:
    title = Title(zh="待补正", en="clarification")
    rule: DeadlineRule = msgspec.structs.replace(
        RULE,
        length=f"{length} {unit}",
        if_day_off="next_working_day" if shift and unit == "days" else None,
        suspensions={"pause": Suspension(title=title, begins=("consult",), ends=("respond",), source="甲法")},
    )
    rules = Rules(msgspec.structs.replace(WORKFLOW, deadlines={"handling": rule}), "digest")
    deadline = dl.started(rules, "handling", start, CALENDAR)
    if extension:
        deadline = dl.extended(rule, deadline, extension, CALENDAR, deadline.starts)
    since = min(start + DAY * wait, deadline.due)
    standing = dl.stopped(deadline, "pause", since)
    explained_standing = segments(explanation_of(rules, standing))
    assert [part.part for part in explained_standing][-1:] != ["stopped"]  # up to the stop, which lasts
    last = dl.restarted(rules, standing, "pause", since + DAY * stop, CALENDAR)
    one = explanation_of(rules, last)
    parts = segments(one)
    days = [day.date for part in parts for day in part.days]
    assert days == [start + DAY * n for n in range(1, (last.due - start).days + 1)]
    stopped = [day.date for part in parts if part.part == "stopped" for day in part.days]
    assert stopped == [since + DAY * n for n in range(stop + 1)]
    numbers = [(part.part, day.number) for part in parts for day in part.days if day.number is not None]
    assert numbers == [("counted", n + 1) for n in range(length)] + [("extended", n + 1) for n in range(extension)]
    assert total(one).zh.endswith(f"届满日 {last.due}")


def test_a_clock_that_stands_has_no_due_date() -> None:
    one = stopped_count()
    days = tuple(day for day in one.counted if day.date <= date(2026, 3, 6))
    one = msgspec.structs.replace(one, counted=days, due=None)
    parts = segments(one)
    assert total(one).en.endswith("; no due date yet")
    grid = grid_of(date(2026, 3, 2), None, parts, CALENDAR)
    assert not any(cell.due for cell in grid.cells())


def test_years_show_the_months_in_which_something_is() -> None:
    period = parse_period("5 years")
    parts = stretches(counted_days(CALENDAR.count(date(2020, 2, 29), period), CALENDAR, "zh"))
    grid = grid_of(date(2020, 2, 29), date(2025, 2, 28), parts, CALENDAR)
    assert [(month.year, month.month) for month in grid.months] == [(year, 2) for year in range(2020, 2026)]
    assert sums("5 years", date(2025, 2, 28), parts).zh == "合计：计入5年；届满日 2025-02-28"


def test_days_outside_the_calendar_are_days_of_no_kind() -> None:
    last = CALENDAR.last
    grid: Grid = grid_of(last + DAY, None, (), CALENDAR)
    assert {cell.kind for cell in grid.cells()} == {None}


@pytest.mark.parametrize(
    ("weekend", "first"), [({5, 6}, 0), ({4, 5}, 6), ({3, 4}, 5), ({6}, 0), ({4}, 5), (set(), 0), (set(range(7)), 0)]
)
def test_a_week_begins_after_its_weekend(weekend: set[int], first: int) -> None:
    week = week_of(weekend)
    assert week[0] == first
    assert sorted(week) == list(range(7))


def test_until_when_a_deadline_runs_in_words() -> None:
    rules = Rules(WORKFLOW, "digest")
    deadline = dl.started(rules, "handling", date(2026, 3, 2), CALENDAR)
    assert until(RULE, deadline, date(2026, 4, 1)) == ("至 2026-04-01", "until 2026-04-01")
    assert until(RULE, deadline, date(2026, 4, 2)) == ("应于 2026-04-01，已逾期 1 天", "due 2026-04-01, 1 day over")
    assert until(RULE, deadline, date(2026, 4, 3)).en == "due 2026-04-01, 2 days over"
    late = dl.started(rules, "handling", date(2026, 12, 20), CALENDAR)
    assert until(RULE, late, date(2026, 12, 21)).en == "until 2027-01-19 (provisional)"
    assert until(RULE, msgspec.structs.replace(deadline, due=date.max), date(2026, 4, 3)).en == "clock stopped"


def test_the_week_of_another_calendar() -> None:
    source = msgspec.structs.replace(CALENDAR._source, weekend=(4, 5), days=())
    grid = grid_of(date(2026, 3, 2), date(2026, 3, 12), (), WorkCalendar(source))
    assert grid.weekdays == (6, 0, 1, 2, 3, 4, 5)
    first = grid.months[0].weeks[0]
    assert [cell and cell.day.day for cell in first] == [1, 2, 3, 4, 5, 6, 7]  # 1 March 2026 is a Sunday
    assert [cell.kind for cell in first if cell] == ["weekday"] * 5 + ["weekend"] * 2


def test_the_month_of_the_due_date_is_shown_also_where_no_day_is_counted() -> None:
    grid = grid_of(date(2026, 3, 2), date(2026, 5, 12), (), CALENDAR)
    assert [month.month for month in grid.months] == [3, 5]
    assert [signs(cell, "zh").said for cell in grid.cells() if cell.due] == ["[]"]


def test_months_stand_side_by_side_as_the_width_allows() -> None:
    one = explained(date(2026, 2, 10), 40, "working days")
    grid = grid_of(date(2026, 2, 10), one.due, segments(one), CALENDAR)
    assert len(grid.months) == 3
    for columns in range(30, 121):
        lines = [line.plain for line in grid_screen._side_by_side(grid, columns)]
        wanted = max(n for n in (1, 2, 3) if n == 1 or n * 35 + (n - 1) * 3 - 1 <= columns)
        assert max(sum(f"{n}月" in line for n in (2, 3, 4)) for line in lines) == wanted
        assert max(width(line) for line in lines) <= max(columns, 34)


def test_a_day_that_starts_and_counts_and_ends() -> None:
    cell = Cell(day=date(2026, 3, 2), kind="weekday", mark="number", number=1, start=True, due=True)
    assert signs(cell, "zh").said == "[起1]"
