"""The simulation, held against counts made by hand and against a naive queue."""

from __future__ import annotations

import json
from collections import Counter, deque
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_workflow.authoring.simulation import draws
from credit_workflow.authoring.simulation.assumptions import Arrivals, Habit, People
from credit_workflow.authoring.simulation.draws import (
    Fixed,
    Percentiles,
    Triangular,
    Uniform,
    drawn,
    poisson,
    seen,
    weighted,
)
from credit_workflow.authoring.simulation.outcome import became_overdue, compared, run_of
from credit_workflow.engine.ruleset import Rules
from tests.unit.simulating import MONDAY, SMALL, arriving, calendar, rules_from, simulated

DAY = timedelta(days=1)
AT_ONCE = Fixed(0)


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rules]:
    return rules_from(tmp_path_factory.mktemp("rules"))


def straight(takes: Fixed = AT_ONCE, **more: Habit) -> dict[tuple[str, str], Habit]:
    """Every case is examined, then decided."""
    habits = {"examine": Habit(weights={"*": 1}, takes=takes), "decide": Habit(weights={"*": 1}, takes=takes)}
    habits |= {"return": Habit(weights={"*": 0}), "drop": Habit(weights={"*": 0})}
    return {("claim", name): habit for name, habit in {**habits, **more}.items()}


# -- the office


def test_without_time_and_limits_every_case_ends_on_the_day_it_came(rules: dict[str, Rules]) -> None:
    counts = {MONDAY + DAY * n: n % 4 for n in range(5)}
    result = simulated(rules, arriving(counts, habits=straight()), MONDAY + DAY * 4)
    assert len(result.cases) == sum(counts.values())
    for case in result.cases.values():
        assert case.state == "decided"
        assert case.done["decide"].on == case.opened
        assert case.deadlines["deciding"].status == "met"
    assert result.totals().open == 0
    assert result.weeks[0].taken == {"desk": 6, "clerk": 6, "head": 6}
    assert not result.stuck
    assert not result.refused


def test_times_are_counted_in_working_days(rules: dict[str, Rules]) -> None:
    friday = date(2026, 4, 3)  # Saturday to Monday are the holiday of Qingming
    result = simulated(rules, arriving({friday: 1}, habits=straight(Fixed(1))), friday + DAY * 9)
    (case,) = result.cases.values()
    assert (case.done["examine"].on, case.done["decide"].on) == (date(2026, 4, 7), date(2026, 4, 8))


@settings(max_examples=25, deadline=None)
@given(
    counts=st.lists(st.integers(0, 6), min_size=1, max_size=12),
    capacity=st.integers(0, 5),
    head=st.integers(1, 9),
)
def test_what_waits_is_what_a_naive_queue_keeps(
    rules: dict[str, Rules], counts: list[int], capacity: int, head: int
) -> None:
    """The clerk examines so many a day, the head decides so many, first come first served."""
    days = [MONDAY + DAY * n for n in range(len(counts))]
    people = arriving(
        dict(zip(days, counts, strict=True)), habits=straight(), capacity={"clerk": capacity, "head": head}
    )
    result = simulated(rules, people, days[-1])

    to_examine: deque[date] = deque()
    to_decide: deque[date] = deque()
    examined: list[date] = []
    decided: list[date] = []
    for day, count in zip(days, counts, strict=True):
        to_examine.extend([day] * count)
        if calendar().is_working(day):
            for _ in range(min(capacity, len(to_examine))):
                to_decide.append(to_examine.popleft())
                examined.append(day)
            for _ in range(min(head, len(to_decide))):
                to_decide.popleft()
                decided.append(day)

    def days_of(action: str) -> list[date]:
        return sorted(case.done[action].on for case in result.cases.values() if action in case.done)

    assert days_of("examine") == examined
    assert days_of("decide") == decided
    # On a day off nobody has looked at what came in as yet, so it does not stand in the queue.
    if calendar().is_working(days[-1]):
        assert result.weeks[-1].queued == Counter(clerk=len(to_examine), head=len(to_decide))
    first_come = sorted(result.cases.values(), key=lambda case: case.number)
    taken = [case.done["examine"].on for case in first_come if "examine" in case.done]
    assert taken == sorted(taken)


def test_a_duty_becomes_overdue_on_the_day_after_its_last_and_is_met_late(rules: dict[str, Rules]) -> None:
    result = simulated(rules, arriving({MONDAY: 2}, habits=straight(Fixed(4))), date(2026, 3, 13))
    lates = became_overdue(result)
    assert [(late.case, late.due, late.since, late.ended) for late in lates] == [
        (f"CLM-2026-00000{n}", date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 12)) for n in (1, 2)
    ]
    assert [late.days_over(result.until) for late in lates] == [3, 3]
    assert {(late.state, late.waiting_for) for late in lates} == {("examined", "head")}
    assert [week.newly_overdue.total() for week in result.weeks] == [0, 2]
    assert [week.overdue for week in result.weeks] == [0, 0]
    assert result.fired == {"overdue": 2}


def test_on_its_last_day_a_duty_is_in_time(rules: dict[str, Rules]) -> None:
    result = simulated(
        rules, arriving({MONDAY: 1}, habits=straight(decide=Habit(weights={"*": 1}, takes=Fixed(5)))), date(2026, 3, 20)
    )
    assert not became_overdue(result)
    assert next(iter(result.cases.values())).deadlines["deciding"].met == date(2026, 3, 9)


@pytest.mark.parametrize(("until", "overdue"), [(date(2026, 3, 9), 0), (date(2026, 3, 10), 3)])
def test_it_is_overdue_from_the_beginning_of_the_next_day(rules: dict[str, Rules], until: date, overdue: int) -> None:
    result = simulated(rules, arriving({MONDAY: 3}, habits=straight(), capacity={"clerk": 0}), until)
    assert (result.fired.total(), result.weeks[-1].overdue, len(became_overdue(result))) == (overdue,) * 3


def test_nobody_is_left_to_act_where_capacity_is_nothing(rules: dict[str, Rules]) -> None:
    people = arriving({MONDAY: 3}, habits=straight(), capacity={"clerk": 0, "head": 0})
    result = simulated(rules, people, date(2026, 3, 31))
    assert result.weeks[-1].open == {"claim": 3}
    assert result.weeks[-1].waiting == {"clerk": 3}
    assert result.weeks[-1].overdue == 3
    assert not result.stuck  # they wait for somebody, and are not without a way on


def test_weights_decide_which_way_cases_go(rules: dict[str, Rules]) -> None:
    habits = straight(
        drop=Habit(weights={"filed": 1.0}, takes=AT_ONCE), examine=Habit(weights={"*": 3.0}, takes=AT_ONCE)
    )
    result = simulated(rules, arriving({MONDAY: 1000}, habits=habits), MONDAY)
    dropped = sum(case.state == "dropped" for case in result.cases.values())
    assert 200 < dropped < 300
    assert result.assumed == set()


def test_what_is_not_known_is_said_to_be_assumed(rules: dict[str, Rules]) -> None:
    result = simulated(rules, arriving({MONDAY: 300}), date(2026, 3, 31))
    assert result.assumed == {("claim", "filed"), ("claim", "examined")}
    assert {case.state for case in result.cases.values()} == {"decided", "dropped"}


def test_four_eyes_find_somebody_else(rules: dict[str, Rules]) -> None:
    habits = straight(decide=Habit(weights={"*": 1}, takes=AT_ONCE, role="clerk"))
    result = simulated(rules, arriving({MONDAY: 20}, habits=habits), MONDAY)
    assert not result.refused
    for case in result.cases.values():
        assert case.done["decide"].by != case.done["examine"].by


def test_what_goes_round_in_circles_does_not_go_on_for_ever(rules: dict[str, Rules]) -> None:
    habits = straight(decide=Habit(weights={"*": 0}), **{"return": Habit(weights={"*": 1}, takes=AT_ONCE)})
    result = simulated(rules, arriving({MONDAY: 1}, habits=habits), MONDAY + DAY)
    assert result.totals().open == 1
    assert 50 <= result.totals().actions <= 110


def test_what_is_done_beside_is_done_once_in_a_stay(rules: dict[str, Rules]) -> None:
    habits = straight(Fixed(1), remind=Habit(share=1.0, takes=AT_ONCE))
    result = simulated(rules, arriving({MONDAY: 4}, habits=habits), date(2026, 3, 6))
    assert result.weeks[0].actions["claim", "remind"] == 4
    none = simulated(rules, arriving({MONDAY: 4}, habits=straight(Fixed(1))), date(2026, 3, 6))
    assert none.weeks[0].actions["claim", "remind"] == 0  # nobody owes it


def test_a_case_that_nobody_takes_up_is_at_a_standstill(rules: dict[str, Rules]) -> None:
    habits = straight(decide=Habit(weights={"*": 0}))
    result = simulated(rules, arriving({MONDAY: 2}, habits=habits), MONDAY)
    assert {case.state for case in result.stuck.values()} == {"examined"}
    assert len(result.stuck) == 2


def test_a_refused_action_is_counted_and_the_next_is_tried(tmp_path: Path) -> None:
    guarded = SMALL.replace(
        "asks: {finding: required}",
        "asks: {finding: required}\n    requires:\n      - {id: never, must: case.number == 'x', message: {zh: 不行, en: no}, source: '[practice]'}",
    )
    rules = rules_from(tmp_path, guarded)
    habits = straight(drop=Habit(weights={"*": 1e-9}, takes=AT_ONCE))
    result = simulated(rules, arriving({MONDAY: 3}, habits=habits), MONDAY)
    assert result.refused == {("claim", "examine", "never"): 3}
    assert {case.state for case in result.cases.values()} == {"dropped"}


def test_the_values_that_a_choice_is_given(rules: dict[str, Rules]) -> None:
    wrong = Habit(weights={"*": 1}, takes=AT_ONCE, values={"finding": (("right", 1.0), ("wrong", 3.0))})
    result = simulated(rules, arriving({MONDAY: 400}, habits=straight(examine=wrong)), MONDAY)
    found = [case.fields["finding"] for case in result.cases.values()]
    assert 250 < found.count("wrong") < 350


# -- chance


def test_one_seed_gives_one_result_and_another_another(rules: dict[str, Rules]) -> None:
    people = [
        People(seed=seed, arrivals={"claim": Arrivals(per_day=3)}, habits=straight(), capacity={"clerk": 3})
        for seed in (7, 7, 8)
    ]
    one, again, other = (json.dumps(run_of(simulated(rules, p, date(2026, 4, 30)), "en").document()) for p in people)
    assert one == again
    assert one != other


def test_under_other_rules_the_same_people_come(tmp_path: Path, rules: dict[str, Rules]) -> None:
    shorter = rules_from(tmp_path, SMALL.replace("length: 5 working days", "length: 2 working days"))
    people = People(arrivals={"claim": Arrivals(per_day=2)}, habits=straight(Fixed(1.5)))
    today, proposed = (simulated(r, people, date(2026, 3, 31)) for r in (rules, shorter))
    differences = compared(today, proposed)
    assert today.totals().arrivals == proposed.totals().arrivals > 20
    assert differences.totals.actions == 0
    assert today.totals().became_overdue == 0
    assert differences.totals.became_overdue == len(differences.newly_overdue) > 10
    assert differences.no_longer_overdue == ()


def test_running_cases_keep_their_rules_or_take_the_proposed_over(tmp_path: Path, rules: dict[str, Rules]) -> None:
    from msgspec.structs import replace  # noqa: PLC0415

    from credit_workflow.authoring.simulation.start import Scenario  # noqa: PLC0415
    from credit_workflow.authoring.simulation.workplace import Workplace  # noqa: PLC0415
    from tests.unit.simulating import nobody_yet  # noqa: PLC0415

    waiting = simulated(rules, arriving({MONDAY: 2}, habits=straight(), capacity={"clerk": 0}), MONDAY)
    start = replace(
        nobody_yet(date(2026, 3, 3)),
        rules={r.digest: r for r in rules.values()},
        families={number: {number: case} for number, case in waiting.cases.items()},
    )
    proposed = rules_from(tmp_path, SMALL.replace("length: 5 working days", "length: 20 working days"))

    def due(*, running_too: bool) -> set[date]:
        people = People(capacity={"clerk": 0})
        scenario = Scenario(rules=proposed, calendar=calendar(), people=people, running_too=running_too)
        cases = Workplace(start, scenario, date(2026, 3, 20)).run().cases
        return {case.deadlines["deciding"].due for case in cases.values()}

    assert due(running_too=False) == {date(2026, 3, 9)}
    assert due(running_too=True) == {date(2026, 3, 30)}


@given(seed=st.integers(0, 99), name=st.text(max_size=8))
def test_a_draw_is_a_place_and_repeats(seed: int, name: str) -> None:
    assert 0 <= drawn(seed, name, 3) < 1
    assert drawn(seed, name, 3) == drawn(seed, name, 3)
    assert drawn(seed, name, 3) != drawn(seed, name, 4)


places = st.floats(0, 1, exclude_max=True)


@given(place=places, low=st.integers(0, 50), more=st.integers(0, 50))
def test_days_stay_within_their_bounds(place: float, low: int, more: int) -> None:
    high = low + more
    uniform, triangular = Uniform(low, high), Triangular(low, low + more / 3, high)
    points = Percentiles(((0, low), (50, low + more / 4), (100, high)))
    for distribution in (uniform, triangular, points, seen({low: 2, high: 1})):
        assert low <= distribution.at(place) <= high
        assert distribution.at(place / 2) <= distribution.at(place)
    assert draws.whole_days(Fixed(low), place) == low


def test_distributions_have_the_middle_that_they_say() -> None:
    grid = [(n + 0.5) / 1000 for n in range(1000)]
    assert sum(Triangular(1, 4, 10).at(p) for p in grid) / 1000 == pytest.approx(5, abs=0.01)
    assert [Uniform(2, 5).at(p) for p in (0, 0.26, 0.51, 0.99)] == [2, 3, 4, 5]
    assert [Percentiles(((0, 0), (50, 2), (90, 4), (100, 14))).at(p) for p in (0, 0.25, 0.5, 0.9, 0.95)] == [
        0,
        1,
        2,
        4,
        9,
    ]
    assert [seen({1: 3, 9: 1}).at(p) for p in (0, 0.74, 0.76)] == [1, 1, 9]
    assert sum(poisson(2.5, p) for p in grid) / 1000 == pytest.approx(2.5, abs=0.02)
    assert sum(poisson(900, p) for p in grid) / 1000 == pytest.approx(900, abs=1)
    assert poisson(0, 0.999) == 0


@given(weights=st.lists(st.floats(0, 9), max_size=6), place=places)
def test_a_weight_of_nothing_is_never_taken(weights: list[float], place: float) -> None:
    index = weighted(weights, place)
    if index is None:
        assert sum(weights) == 0
    else:
        assert weights[index] > 0
