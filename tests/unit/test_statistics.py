"""The statistics against a second, naive count: day by day and entry by entry, over random histories."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from credit_workflow.casework.statistics.case_lines import CaseLine, Step
from credit_workflow.casework.statistics.figure_tables import all_answers, all_cases, merged, tables_for
from credit_workflow.casework.statistics.figures import Figures, Period, Spread, period_of
from credit_workflow.casework.statistics.paths import stays_of
from credit_workflow.casework.statistics.tallying import counted, week_of
from credit_workflow.casework.statistics.titles import Titles
from credit_workflow.cli.upkeep.statistics_files import defused
from credit_workflow.engine.values import Change, Deadline, Done, Refusal
from credit_workflow.errors import UsageFault
from credit_workflow.reports.monthly import Month, month_of, periods_of
from tests.property.core import Core
from tests.unit.naive_statistics import Naive, history, hold, lines


def tables(figures: Figures, core: Core) -> dict[str, list[dict[str, Any]]]:
    return {
        table.id: table.in_language("zh").lines() for table in tables_for(figures, Titles(core.rules.values()), None)
    }


def agree(core: Core, period: Period) -> None:
    """Hold every table against the naive count."""
    (figures,) = counted(lines(core), core.rules, core.calendar, [period])
    got, naive = tables(figures, core), Naive(core, period.first, period.last, period.today)
    hold(got, naive)


@pytest.mark.slow
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_the_figures_are_those_of_a_naive_count(seed: int) -> None:
    rng = Random(seed)
    core, newest = history(rng)
    today = newest + timedelta(days=rng.choice([0, 0, 1, 5, 40]))
    core.sweep(today)
    first = rng.choice([None, today - timedelta(days=rng.choice([0, 10, 30, 90]))])
    last = rng.choice(
        [today, today + timedelta(days=9), max(first or date.min, today - timedelta(days=rng.randint(0, 60)))]
    )
    agree(core, Period(first, last, today))


@pytest.mark.slow
def test_the_random_histories_have_all_that_is_counted() -> None:
    seen: set[str] = set()
    for seed in range(120):
        core, newest = history(Random(seed))
        newest += timedelta(days=40 * (seed % 2))
        core.sweep(newest)
        (figures,) = counted(lines(core), core.rules, core.calendar, [Period(None, newest, newest)])
        seen |= {name for _, _, name in [*figures.milestones, *figures.stages]}
        seen |= {name for *_, name in figures.outcomes}
        seen |= {
            f"{kind} {n}"
            for row in figures.duties.values()
            for kind, n in (("late", row.late > 0), ("overdue", row.overdue > 0))
        }
        seen |= {f"waiting {bool(answers.waiting)}" for answers in figures.providers.values()}
    assert seen >= {
        "reject", "withdraw", "respond", "return", "notify", "expire", "revoke", "close", "consulting", "disputed",
        "rejected", "withdrawn", "upheld", "removed", "granted", "late True", "overdue True", "waiting True",
    }  # fmt: skip


def test_several_periods_in_one_pass_are_those_counted_one_by_one() -> None:
    core, newest = history(Random(11))
    core.sweep(newest)
    periods = periods_of(Month((newest.year, newest.month)), newest)
    together = counted(iter(lines(core)), core.rules, core.calendar, periods)
    apart = [counted(lines(core), core.rules, core.calendar, [period])[0] for period in periods]
    assert together == apart
    assert sum(all_cases(one).filed for one in together) <= len(core.cases)


def test_nothing_counts_where_nothing_was() -> None:
    core = Core()
    (figures,) = counted([], core.rules, core.calendar, [Period(date(2026, 3, 1), date(2026, 3, 31), date(2026, 5, 1))])
    assert all(rows == [] for rows in tables(figures, core).values())
    assert (merged(figures).share, all_answers(figures).days.rank(50), all_cases(figures).filed) == (None, None, 0)


def one_case(days: dict[str, date], *, met: date | None, due: date, status: str = "met") -> tuple[Core, CaseLine]:
    core = Core()
    definition = core.by_name["objection"].digest
    states = [None, *days]
    steps = tuple(
        Step(seq=n, day=day, action="submit" if n == 1 else "accept", before=states[n - 1], after=state)
        for n, (state, day) in enumerate(days.items(), 1)
    )
    deadline = Deadline(
        id="handling", status=status, starts=date(2026, 3, 2), due=due, original_due=due, edition="", met=met,
        provisional=True,
    )  # fmt: skip
    line = CaseLine(
        number="C-001", workflow="objection", definition=definition, unit="窗口一", opened=date(2026, 3, 2),
        final=False, deadlines=(deadline,), steps=steps,
    )  # fmt: skip
    return core, line


@pytest.mark.parametrize(
    ("last", "today", "overdue"),
    [
        ("2026-04-01", "2026-04-01", 0),  # the last day is not over
        ("2026-04-01", "2026-04-02", 1),  # seen from the day after, it has passed at 24:00
        ("2026-04-02", "2026-04-02", 1),
        ("2026-03-31", "2026-04-05", 0),
        ("2026-12-31", "2026-04-01", 0),  # what lies ahead is not counted
    ],
)
def test_overdue_begins_at_midnight_after_the_last_day(last: str, today: str, overdue: int) -> None:
    core, line = one_case({"submitted": date(2026, 3, 2)}, met=None, due=date(2026, 4, 1), status="running")
    period = Period(None, date.fromisoformat(last), date.fromisoformat(today))
    (figures,) = counted([line], core.rules, core.calendar, [period])
    assert merged(figures).overdue == overdue
    assert all_cases(figures).overdue == overdue
    assert list(figures.load) == [("objection", "窗口一", "statutory", "overdue" if overdue else "2026-W14")]
    assert merged(figures).provisional == overdue


def test_met_on_the_last_day_is_in_time_and_counts_on_the_day_it_was_met() -> None:
    core, line = one_case({"submitted": date(2026, 3, 2)}, met=date(2026, 4, 1), due=date(2026, 4, 1))
    today = date(2026, 5, 1)
    march, april = (Period(date(2026, m, 1), date(2026, m, 30), today) for m in (3, 4))
    first, second = counted([line], core.rules, core.calendar, [march, april])
    assert (merged(first).all, merged(second).in_time, merged(second).late) == (0, 1, 0)
    assert merged(second).days == Spread({22: 1})  # 2 March not counted, 1 April counted


def test_an_outcome_counts_on_the_day_of_the_last_step_that_could_set_it() -> None:
    core, line = one_case({"submitted": date(2026, 3, 2)}, met=None, due=date(2026, 4, 1), status="running")
    asked, granted = date(2026, 3, 30), date(2026, 4, 1)
    done = {
        "request_extension": Done(by="center1", on=asked),
        "grant_extension": Done(by="authority1", on=granted),
    }
    line = replace(line, fields={"extension": "granted"}, done=done)
    today = date(2026, 5, 1)
    periods = [Period(date(2026, 3, 1), date(2026, 3, 31), today), Period(granted, granted, today)]
    march, april = counted([line], core.rules, core.calendar, periods)
    assert march.outcomes == {}
    assert april.outcomes == {("objection", "窗口一", "extension", "granted"): 1}


def test_a_period_has_both_of_its_days_and_none_after_today() -> None:
    first, last, today = date(2026, 3, 1), date(2026, 3, 31), date(2026, 5, 1)
    days = [first - timedelta(days=1), first, last, last + timedelta(days=1)]
    assert [day in Period(first, last, today) for day in days] == [False, True, True, False]
    assert [day in Period(None, last, today) for day in days] == [True, True, True, False]
    assert [day in Period(first, last, date(2026, 3, 30)) for day in (date(2026, 3, 30), last)] == [True, False]


def test_a_refused_attempt_is_a_ground_and_no_step() -> None:
    core, line = one_case({"submitted": date(2026, 3, 2)}, met=None, due=date(2026, 4, 1), status="running")
    refused = Refusal(code="grounds", message_zh="不能", message_en="no", source="附件2·四(二)")
    attempt = Step(
        seq=2,
        day=date(2026, 3, 4),
        action="accept",
        before="submitted",
        after="submitted",
        change=Change(refused=refused),
    )
    (figures,) = counted(
        [replace(line, steps=(*line.steps, attempt))],
        core.rules,
        core.calendar,
        [Period(None, date(2026, 3, 9), date(2026, 3, 9))],
    )
    assert figures.grounds == {("objection", "窗口一", "accept", "附件2·四(二)"): 1}
    assert (figures.milestones, figures.stages) == ({}, {})


def test_an_entry_that_left_the_case_where_it_was_is_no_step_and_ends_no_stay() -> None:
    core, line = one_case({"submitted": date(2026, 3, 2)}, met=None, due=date(2026, 4, 1), status="running")
    stayed = Step(seq=2, day=date(2026, 3, 4), action="accept", before="submitted", after="submitted", change=Change())
    (figures,) = counted(
        [replace(line, steps=(*line.steps, stayed))],
        core.rules,
        core.calendar,
        [Period(None, date(2026, 3, 9), date(2026, 3, 9))],
    )
    assert (figures.grounds, figures.milestones, figures.stages) == ({}, {}, {})
    # what lay between was void: the two steps to one state are one stay
    twice = (
        line.steps[0],
        replace(stayed, action="return", before="accepted"),
        replace(stayed, day=date(2026, 3, 9), before="submitted", after="accepted"),
    )
    stays = [(stay.state, stay.came, stay.left) for stay in stays_of(list(twice))]
    assert stays == [("submitted", date(2026, 3, 2), date(2026, 3, 9)), ("accepted", date(2026, 3, 9), None)]


def test_cases_about_accounts_do_not_count() -> None:
    core, line = one_case({"submitted": date(2026, 3, 2)}, met=None, due=date(2026, 4, 1), status="running")
    account = replace(line, workflow="account", definition=core.by_name["account"].digest, deadlines=())
    (figures,) = counted([account], core.rules, core.calendar, [Period(None, date(2026, 3, 9), date(2026, 3, 9))])
    assert figures.cases == {}


@pytest.mark.parametrize(
    ("values", "median", "p90"),
    [
        ([], None, None),
        ([3], 3, 3),
        ([1, 2], 1, 2),
        ([1, 2, 3], 2, 3),
        (list(range(1, 11)), 5, 9),
        ([0] * 9 + [40], 0, 0),
    ],
)
def test_percentiles_are_by_nearest_rank(values: list[int], median: int | None, p90: int | None) -> None:
    spread = Spread(values)
    assert (spread.rank(50), spread.rank(90)) == (median, p90)


@given(st.lists(st.integers(0, 60), min_size=1), st.integers(1, 100))
def test_a_percentile_is_the_smallest_value_that_so_many_do_not_exceed(values: list[int], percent: int) -> None:
    found = Spread(values).rank(percent)
    assert found in values
    assert sum(v <= found for v in values) * 100 >= percent * len(values)
    assert sum(v < found for v in values) * 100 < percent * len(values)


def test_weeks_are_iso_weeks() -> None:
    for n in range(4000):
        day = date(2020, 1, 1) + timedelta(days=n)
        assert week_of(day) == day.strftime("%G-W%V")


def test_a_period_has_its_order_and_does_not_lie_ahead() -> None:
    today = date(2026, 3, 10)
    for first, last, code in (
        (date(2026, 3, 2), date(2026, 3, 1), "period_order"),
        (date(2026, 3, 11), None, "period_future"),
    ):
        with pytest.raises(UsageFault) as fault:
            period_of(first, last, today)
        assert fault.value.code == code
    assert period_of(today, today, today) == Period(today, today, today)
    assert period_of(None, None, today).end == today


@pytest.mark.parametrize("text", ["2026", "2026-13", "2026-1", "十月", "2026-10-01", ""])
def test_what_is_no_month(text: str) -> None:
    with pytest.raises(UsageFault) as fault:
        month_of(text, date(2026, 11, 1))
    assert fault.value.code == "month"


def test_the_month_of_a_report() -> None:
    assert month_of(None, date(2026, 1, 31)) == (2025, 12)
    assert month_of("2026-01", date(2026, 1, 1)) == (2026, 1)
    with pytest.raises(UsageFault) as fault:
        month_of("2026-02", date(2026, 1, 31))
    assert fault.value.code == "period_future"
    periods = periods_of(Month((2024, 2)), date(2024, 3, 5))
    assert [(p.first, p.last) for p in periods[:3]] == [
        (date(2024, 2, 1), date(2024, 2, 29)),
        (date(2024, 1, 1), date(2024, 1, 31)),
        (date(2023, 12, 1), date(2023, 12, 31)),
    ]


@pytest.mark.parametrize("text", ["=1+1", "+86", "-3", "@SUM(A1)", "\tx", "\rx"])
def test_what_a_spreadsheet_would_run_is_text(text: str) -> None:
    assert defused(text) == f"'{text}"
    assert defused(f"市{text}") == f"市{text}"
