"""A simulation of a year with 10,000 cases against as many bare calls of `fire` as people take actions in it.

Seconds are the processor's own, so that what else the machine does at the time does not count.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

from benchmarks.bulk import build, template
from benchmarks.timing import Result
from credit_workflow.authoring.simulation.assumptions import Arrivals, Follow, Habit, People
from credit_workflow.authoring.simulation.draws import Fixed, Triangular
from credit_workflow.authoring.simulation.start import Scenario
from credit_workflow.authoring.simulation.starting_cases import start_of
from credit_workflow.authoring.simulation.weekly_figures import Result as Found
from credit_workflow.authoring.simulation.workplace import Workplace
from credit_workflow.calendar.loading import load_calendar
from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.definition.library import load_definitions
from credit_workflow.engine.fire import fire
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.world import Moment, Outcome, Request, World

_TODAY = datetime(2026, 3, 20, 1, tzinfo=UTC)
_UNTIL = date(2027, 3, 19)
_RUNNING = 1_000
#: Working days of that year; so many cases in all, those already running and markings that follow included.
_ALL, _WORKING_DAYS, _MARKED = 10_000, 248, 0.2


def run(rounds: int = 3) -> list[Result]:
    calendar = load_calendar()
    rules = {name: Rules(d.workflow, d.digest) for name, d in load_definitions().items()}
    now = Moment.of(_TODAY, calendar.zone)
    last: list[Found] = []
    with tempfile.TemporaryDirectory() as name:
        database = build(Path(name) / "cases.db", _RUNNING // 2)
        with database.reading() as db:
            start = start_of(db, rules, now, calendar.zone)
            scenario = Scenario(rules=rules, calendar=calendar, people=_people())

            def ours() -> float:
                began = time.process_time()
                last[:] = [Workplace(start, scenario, _UNTIL).run()]
                return time.process_time() - began

            began = time.perf_counter()
            worked = ours()
            took = time.perf_counter() - began
            found = last[0]
            totals = found.totals()
            said = f"{len(found.cases):,} cases, {totals.actions:,} actions of people, {totals.entries:,} entries"
            print(f"  {said}: {worked:.1f} s of the processor, {took:.1f} s by the clock", file=sys.stderr, flush=True)
            calls = _calls(calendar)
            lives = round(totals.actions / len(calls))

            def bare() -> float:
                began = time.process_time()
                for _ in range(lives):
                    for world, request, moment in calls:
                        fire(world, request, moment)
                return time.process_time() - began

            measured = [(ours(), bare()) for _ in range(rounds)]  # warm by now, and half a minute each
            return [
                Result(
                    f"a simulation of a year, {len(found.cases):,} cases, {totals.actions:,} actions",
                    "as many bare calls of `fire()`, nothing planned or counted",
                    "10,000 cases within a minute",
                    statistics.median(a for a, _ in measured),
                    statistics.median(b for _, b in measured),
                    tuple(a / b for a, b in measured),
                )
            ]


def _calls(calendar: WorkCalendar) -> list[tuple[World, Request, Moment]]:
    """Return the calls of `fire` that lead an objection to its dispute mark, each with the world before it."""
    calls: list[tuple[World, Request, Moment]] = []

    def noted(world: World, request: Request, moment: Moment) -> Outcome:
        calls.append((world, request, moment))
        return fire(world, request, moment)

    template(calendar, through=noted)
    return calls


def _people() -> People:
    """Return assumptions under which cases take every way, with something overdue."""
    new = (_ALL - _RUNNING) / (1 + _MARKED * 0.8)
    quick, slow = Triangular(0, 1, 4), Triangular(1, 5, 25)
    weights = {"reject": 0.05, "withdraw": 0.02, "return": 0.1, "consult": 0.4}
    times = {"respond": slow, "report": slow, "collect": slow}
    habits = {
        (workflow, name): Habit(weights={"*": weights.get(name, 1.0)}, takes=times.get(name, quick))
        for workflow in ("objection", "marking")
        for name, action in load_definitions()[workflow].workflow.actions.items()
        if action.to is not None and not action.opens and action.by != ("system",)
    }
    habits |= {(workflow, "archive"): Habit(share=1.0, takes=Fixed(0)) for workflow in ("objection", "marking")}
    habits["objection", "request_extension"] = Habit(share=0.1, takes=slow)
    return People(
        arrivals={
            "objection": Arrivals(per_day=new / _WORKING_DAYS),
            "marking": Arrivals(after={"collect": Follow(share=_MARKED, takes=quick)}),
        },
        habits=habits,
        capacity={"window": 250, "center": 110, "authority": 60},
    )
