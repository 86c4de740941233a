"""Timers set and fired: ours, a stored job per case in APScheduler, and durable sleeps of DBOS.

Ours: 100,000 objections are written with the deadline of each by the program's own writer, and the sweep records each as
overdue: it reads the case, decides with `fire()`, moves the case and adds to its log. The references mark a row of the
case as overdue when its timer fires, in one commit, and neither read nor decide.

A reference is timed with fewer timers, of which each costs it the same (shown in rows of its own), and its time is scaled
to as many as ours. Every database is SQLite, writing its log ahead and waiting for the disk at each commit.
"""

from __future__ import annotations

import logging
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path

from apscheduler.events import EVENT_JOB_EXECUTED, EVENT_JOB_REMOVED, JobEvent
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from dbos import DBOS, WorkflowHandle

from benchmarks.bulk import build, copies, night, template
from benchmarks.timing import Result, paired
from credit_workflow.calendar.loading import load_calendar
from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.engine.fire import fire
from credit_workflow.engine.world import Moment, Outcome, Request, World

_DAY = datetime(2026, 4, 20, tzinfo=UTC)
_CHUNK = 5_000
_FEWER = 1_000
_LINEAR = 4


def run(timers: int = 100_000, rounds: int = 9) -> list[Result]:
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    calendar = load_calendar()
    life = _filed(calendar)
    numbers = count()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)

        def ours() -> float:
            return _ours(folder / f"ours-{next(numbers)}.db", timers, life, calendar)

        with _dbos(folder) as dbos:
            references: tuple[tuple[str, Callable[[int], float]], ...] = (
                (
                    "APScheduler 3, a stored job per case",
                    partial(_marking, folder, partial(_apscheduler, folder)),
                ),
                ("DBOS, a workflow per case with a durable sleep", partial(_marking, folder, dbos)),
            )
            results = []
            for what, reference in references:
                results.append(
                    paired(
                        f"{timers:,} timers set and fired",
                        f"{what} ({_FEWER:,}, times {timers // _FEWER})",
                        "at most a twentieth of its time",
                        ours,
                        lambda reference=reference: reference(_FEWER) * timers / _FEWER,
                        pairs=rounds,
                    )
                )
                results.append(
                    paired(
                        f"{what}: {_FEWER * _LINEAR:,} timers",
                        f"the same with {_FEWER:,}, times {_LINEAR}",
                        "about 1: it is linear",
                        lambda reference=reference: reference(_FEWER * _LINEAR),
                        lambda reference=reference: reference(_FEWER) * _LINEAR,
                        pairs=3,
                    )
                )
            return results


# -- ours


def _filed(calendar: WorkCalendar) -> Outcome:
    """Return the first step of an objection's life: it is filed, and its period runs."""
    steps: list[Outcome] = []

    def noted(world: World, request: Request, moment: Moment) -> Outcome:
        steps.append(fire(world, request, moment))
        return steps[-1]

    template(calendar, through=noted)
    return steps[0]


def _ours(path: Path, timers: int, life: Outcome, calendar: WorkCalendar) -> float:
    database = build(path, 0)
    made = [list(copies(life, first, min(first + _CHUNK - 1, timers))) for first in range(1, timers + 1, _CHUNK)]
    began = time.perf_counter()
    with database.staying_open():
        for filed in made:
            with database.writing() as db:
                db.cases.keep({}, filed)
    report = night(database, _DAY, calendar)
    took = time.perf_counter() - began
    if report.fired.total() != timers:
        raise RuntimeError(f"{report.fired} fired")
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink()
    return took


# -- the references


def _apscheduler(folder: Path, timers: int) -> None:
    """Store a job for each case, then let the scheduler run them all: each is removed when it has run."""
    path = _empty(folder / "apscheduler.db")
    scheduler = BackgroundScheduler(
        jobstores={"default": SQLAlchemyJobStore(url=f"sqlite:///{path}")},
        job_defaults={"misfire_grace_time": None, "coalesce": True},
        timezone="Asia/Shanghai",
    )
    done, left = threading.Event(), [2 * timers]  # run and removed

    def noted(_event: JobEvent) -> None:
        with lock:
            left[0] -= 1
            if not left[0]:
                done.set()

    lock = threading.Lock()
    scheduler.start(paused=True)
    for number in range(timers):
        scheduler.add_job(_passed, "date", run_date=datetime.now(UTC), args=[_number(number)])
    scheduler.add_listener(noted, EVENT_JOB_EXECUTED | EVENT_JOB_REMOVED)
    scheduler.resume()
    if not done.wait(timeout=timers):
        raise RuntimeError(f"{left[0]} not done")
    scheduler.shutdown()


class _Cases:
    """What a reference's timer does when it fires: it marks the case's row, in one commit."""

    def __init__(self, path: Path, cases: int) -> None:
        self._lock = threading.Lock()
        self._db = sqlite3.connect(_empty(path), isolation_level=None, check_same_thread=False)
        self._db.execute("CREATE TABLE case_file (number TEXT PRIMARY KEY, overdue INTEGER NOT NULL DEFAULT 0)")
        with self._db:
            self._db.executemany("INSERT INTO case_file (number) VALUES (?)", ((_number(n),) for n in range(cases)))

    def passed(self, case: str) -> None:
        with self._lock:
            self._db.execute("UPDATE case_file SET overdue = 1 WHERE number = ?", (case,))

    def marked(self) -> int:
        (found,) = self._db.execute("SELECT count(*) FROM case_file WHERE overdue").fetchone()
        self._db.close()
        return int(found)


#: A stored job names a function of a module.
_cases: list[_Cases] = []


def _passed(case: str) -> None:
    _cases[-1].passed(case)


def _number(serial: int) -> str:
    return f"OBJ-2026-{serial:06}"


def _marking(folder: Path, run: Callable[[int], None], timers: int) -> float:
    """Return the seconds that a reference takes to set its timers and have them fire."""
    _cases[:] = [_Cases(folder / "cases.db", timers)]
    began = time.perf_counter()
    run(timers)
    took = time.perf_counter() - began
    marked = _cases[-1].marked()
    if marked != timers:
        raise RuntimeError(f"{marked} of {timers} fired")
    return took


@contextmanager
def _dbos(folder: Path) -> Iterator[Callable[[int], None]]:
    """Yield what starts a workflow for each case that sleeps until its period has passed, and waits for all."""
    path = _empty(folder / "dbos.db")
    DBOS(config={"name": "timers", "system_database_url": f"sqlite:///{path}", "log_level": "ERROR"})

    record = DBOS.step()(_passed)

    @DBOS.workflow()
    def period(case: str, seconds: float) -> None:
        DBOS.sleep(seconds)
        record(case)

    def run(timers: int) -> None:
        handles: list[WorkflowHandle[None]] = [
            DBOS.start_workflow(period, _number(number), 0.001) for number in range(timers)
        ]
        for handle in handles:
            handle.get_result()

    DBOS.launch()
    try:
        yield run
    finally:
        DBOS.destroy()


def _empty(path: Path) -> Path:
    """Return the path of an empty SQLite database that writes its log ahead."""
    for old in path.parent.glob(f"{path.name}*"):
        old.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    return path
