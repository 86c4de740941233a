"""A simulation on a real database: what time alone does, it does as the real sweep; and what it learns from the log."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from credit_workflow.authoring.simulation.assumptions import Arrivals, Habit, People
from credit_workflow.authoring.simulation.draws import seen
from credit_workflow.authoring.simulation.history import history_of
from credit_workflow.authoring.simulation.start import Scenario
from credit_workflow.authoring.simulation.starting_cases import coming_of, start_of
from credit_workflow.authoring.simulation.weekly_figures import Result
from credit_workflow.authoring.simulation.workplace import Workplace
from credit_workflow.casework.access.sight import Sight
from credit_workflow.casework.acting import Form
from credit_workflow.casework.cases.snapshot import Snapshot, overdue
from credit_workflow.casework.sweep.sweeping import sweep
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import Case
from credit_workflow.errors import Refused
from credit_workflow.store.database import Database
from tests import where
from tests.integration.helpers import TO_COLLECTED, Service

UNTIL = date(2026, 7, 10)


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory, databases: None) -> Service:  # noqa: ARG001 - it must be there first
    """A service in which cases stand in many states on the evening of 9 March 2026."""
    service = Service(tmp_path_factory.mktemp("busy") / "cases.db", records=9)
    submitted = service.objection("2026-03-02", "R-1")
    assert submitted
    steps = TO_COLLECTED.split()
    for n, reached in enumerate((1, 3, 4, 5, 7, 8), 2):
        case = service.objection("2026-03-02", f"R-{n}")
        service.life(case, "2026-03-03", " ".join(step for step in steps[:reached] if "archive" not in step or n % 2))
        if reached == 4:
            form = Form(given={"days": 15, "reason": "复杂"})
            service.act("center1", "2026-03-03", case, "request_extension", form)
            service.act("authority1", "2026-03-03", case, "grant_extension", Form())
    collected = service.life(service.objection("2026-03-03", "R-8"), "2026-03-04", TO_COLLECTED)
    service.follow("marking", collected, "2026-03-05")
    service.life(service.objection("2026-03-05", "R-9"), "2026-03-06", TO_COLLECTED)  # its window will lapse
    service.marked("R-1")
    return service


def simulated(service: Service, people: People, until: date = UNTIL, now: str = "2026-03-10") -> Result:
    rules = {name: Rules(d.workflow, d.digest) for name, d in service.definitions.items()}
    moment = service.moment(now)
    with service.database.reading() as db:
        start = start_of(db, rules, moment, service.calendar.zone)
        coming = coming_of(db, service.definitions.values(), moment, until, service.calendar.zone)
        scenario = Scenario(rules=rules, calendar=service.calendar, people=people, coming=coming)
        return Workplace(start, scenario, until).run()


def nobody(service: Service) -> People:
    """Assumptions under which nobody comes and nobody does anything."""
    roles = {role for definition in service.definitions.values() for role in definition.workflow.roles}
    return People(capacity=dict.fromkeys(roles, 0))


def kept(database: Database) -> dict[str, Case]:
    with database.reading() as db:
        return {case.number: case for case in db.cases.find()}


@pytest.mark.parametrize("every", [1, 17])
def test_without_people_it_is_the_real_sweep(busy: Service, tmp_path: Path, every: int) -> None:
    """Held against sweeps of a copy, night after night or with nights that were missed."""
    copy = tmp_path / "copy.db"
    where.copy(busy.path, copy)
    database = where.database(copy)
    day = date(2026, 3, 10)
    while True:
        sweep(database, busy.calendar, busy.moment(day.isoformat()), recurring=busy.definitions.values())
        if day == UNTIL:
            break
        day = min(day + timedelta(days=every), UNTIL)
    real = kept(database)
    result = simulated(busy, nobody(busy))

    def without_edition(case: Case) -> tuple[object, ...]:
        return (
            case.state,
            case.final,
            case.version,
            case.opened,
            case.waits_for,
            case.fields,
            case.deadlines,
            case.marks,
            case.done,
        )

    # Recurring cases of one night are opened in another order: their numbers differ, not what they are.
    its = {n: without_edition(c) for n, c in result.cases.items() if n.startswith(("OBJ", "MRK"))}
    assert its == {n: without_edition(real[n]) for n in its}
    assert {n for n, c in real.items() if n.startswith(("OBJ", "MRK")) and not c.final} <= its.keys()
    assert {case.state for case in result.cases.values()} >= {"expired", "closed", "verifying"}
    # What is opened for each unit is about its folders, which a simulation has not.
    of_units = {n for n, c in real.items() if c.fields.get("kind") == "handing_over"}
    assert of_units
    recurring = [
        sorted(repr(without_edition(c)) for c in cases.values() if c.workflow in ("duty", "inspection"))
        for cases in (result.cases, {n: c for n, c in real.items() if n not in of_units})
    ]
    assert recurring[0] == recurring[1]
    assert len(recurring[0]) > 10

    with database.reading() as db:
        view = Snapshot(db=db, moment=busy.moment(UNTIL.isoformat()), calendar=lambda: busy.calendar)
        everything = Sight(db, busy.definitions, None, view.moment, lambda: busy.calendar)
        rows = [row for kind in ("statutory", "target") for row in overdue(view, view.moved(), everything, kind=kind)]
    late = [late for late in result.late.all if late.ended is None]
    listed = sorted((r.workflow, r.deadline, r.due.isoformat(), r.days_over) for r in rows if r.case not in of_units)
    assert listed == sorted((x.workflow, x.deadline, x.due.isoformat(), x.days_over(UNTIL)) for x in late)
    assert len(listed) > 10


def test_nothing_is_written(busy: Service) -> None:
    before = where.content(busy.path)
    simulated(busy, People(arrivals={"objection": Arrivals(per_day=2)}), date(2026, 4, 10))
    assert where.content(busy.path) == before
    busy.verify()


def test_what_is_going_on_goes_on(busy: Service) -> None:
    """Everybody does what is next on the same day: nothing is left but what waits for its time."""
    result = simulated(busy, People(), date(2026, 9, 1))
    assert result.weeks[0].taken["center"] > 0
    open_ones = [case for number, case in result.cases.items() if number.startswith("OBJ") and not case.final]
    assert len(open_ones) <= 1


def test_units_are_asked_and_answer(busy: Service) -> None:
    """A consultation is opened by its objection, goes to people of the unit asked, and lets the verification go on."""
    habits = {
        ("objection", "consult"): Habit(weights={"verifying": 1, "consulting": 0}),
        ("objection", "report"): Habit(weights={"verifying": 1, "consulting": 0}),
        ("consultation", "respond"): Habit(weights={"asked": 1}),
    }
    people = People(arrivals={"objection": Arrivals(on={date(2026, 3, 11): 10})}, habits=habits)
    result = simulated(busy, people, date(2026, 9, 1))
    assert not [key for key in result.refused if key[0] == "consultation" or key[1] == "consult"], result.refused
    asked = {number: case for number, case in result.cases.items() if case.workflow == "consultation"}
    assert len(asked) > 3
    assert {case.state for case in asked.values()} == {"answered"}
    assert all(result.cases[str(case.parent)].done["report"] for case in asked.values())
    assert sum(week.arrived["consultation"] for week in result.weeks) == len(asked)
    assert sorted(asked) == [f"CON-2026-{n:06}" for n in range(1, len(asked) + 1)]


@pytest.mark.usefixtures("databases")
def test_what_the_log_says_of_people(tmp_path: Path) -> None:
    service = Service(tmp_path / "cases.db", records=10)
    for n in range(1, 9):
        case = service.objection("2026-03-02", f"R-{n}")
        if n == 8:
            service.life(case, "2026-03-03", "window1:reject:grounds=不符:ground=materials")
        elif n < 7:
            service.life(case, "2026-03-03", "window1:accept window1:archive")
    for n, day in ((1, "2026-03-04"), (2, "2026-03-06"), (3, "2026-03-09")):
        case = f"OBJ-2026-{n:06}"
        service.life(case, day, "window1:transfer center1:receive")
        with pytest.raises(Refused):
            service.life(case, day, "center1:receive")
    service.life(
        "OBJ-2026-000001", "2026-03-11", "center1:report:outcome=upheld authority1:approve window1:notify:channel=电话"
    )
    service.life("OBJ-2026-000001", "2026-03-12", "window1:collect:collected_by=本人")
    service.follow("marking", "OBJ-2026-000001", "2026-03-16")
    rules = {name: Rules(d.workflow, d.digest) for name, d in service.definitions.items()}
    with service.database.reading() as db:
        people, learnt = history_of(db, rules, service.calendar, service.moment("2026-03-16"))
    assert learnt == 8
    assert people.arrivals["objection"] == Arrivals(per_day=round(8 / 11, 4))  # 2 to 16 March are 11 working days
    weights, known = people.weights("objection", "submitted", ["accept", "reject", "withdraw"])
    assert (weights, known) == ([pytest.approx(6 / 7), pytest.approx(1 / 7), 0], True)
    assert people.takes("objection", "accept") == seen({1: 6})
    assert people.takes("objection", "transfer") == seen({1: 1, 3: 1, 4: 1})
    assert people.takes("objection", "archive") == seen({0: 6})
    assert people.share("objection", "archive", owed=True) == 1
    assert people.share("objection", "request_extension", owed=False) == 0
    assert people.habits["objection", "report"].values == {"outcome": (("upheld", 1.0),)}
    (follow,) = people.arrivals["marking"].after.items()
    assert follow[0] == "collect"
    assert (follow[1].share, follow[1].takes) == (1, seen({2: 1}))
    assert people.weights("objection", "consulting", ["respond"]) == ([1.0], False)  # never seen
