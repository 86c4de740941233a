"""Many operators and several sweeps on one database: everything once, nobody in anybody's way for good."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest

from benchmarks.bulk import build
from credit_workflow.casework.criteria import CaseQuery
from credit_workflow.casework.ports import Claim, Writing
from credit_workflow.errors import Conflict, CreditWorkflowError, Refused
from credit_workflow.store.database import Database
from tests.acceptance.conftest import ROOT
from tests.integration.helpers import write_records
from tests.postgres.server import PATIENCE, libpq, terminate, until
from tests.postgres.unit import Unit, unit
from tests.postgres.worker import DAY

TODAY = date.fromisoformat(DAY)


def process(url: str, **work: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.postgres.worker", url, json.dumps(work)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
    )  # fmt: skip


def result(worker: subprocess.Popen[str]) -> Any:
    out, err = worker.communicate(timeout=3 * PATIENCE)
    assert worker.returncode == 0, err
    return json.loads(out.splitlines()[-1])


@pytest.fixture
def crowd(postgres_url: str, tmp_path: Path) -> Unit:
    """A service with 300 disputed pairs whose marks have run out, of which 16 objections wait to be archived."""
    build(postgres_url, 300, late=16)  # type: ignore[arg-type]  # a URL is as good as a path
    return Unit(tmp_path, known=True, url=postgres_url)


@contextmanager
def claimed(database: Database, limit: int) -> Iterator[Callable[[], None]]:
    """Let another sweep, in a thread, hold a batch until it is told to let go."""
    holds, lets_go = threading.Event(), threading.Event()

    def hold() -> None:
        with database.writing(Claim.FREE) as db:
            db.due.claim(TODAY, None, limit, Claim.FREE)
            holds.set()
            lets_go.wait(PATIENCE)

    with ThreadPoolExecutor() as pool:
        held = pool.submit(hold)
        until(holds.is_set, "a batch is claimed")
        yield lets_go.set
        lets_go.set()
        held.exception(PATIENCE)


def waits(url: str) -> bool:
    """Whether somebody waits for a lock."""
    with psycopg.connect(libpq(url)) as db:
        row = db.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        ).fetchone()
    return row is not None and row[0] > 0


def in_thread(work: Callable[[], Any]) -> Future[Any]:
    pool = ThreadPoolExecutor(1)
    future = pool.submit(work)
    pool.shutdown(wait=False)
    return future


@pytest.mark.slow
def test_sixteen_operators_and_four_sweeps(crowd: Unit) -> None:
    """Every transition happens once, nobody is kept waiting for ever, no deadlock, and the log verifies."""
    rows = write_records(crowd.path / "records.csv", 1).read_text("utf-8").splitlines()
    many = [rows[0], *(rows[1].replace("R-1", f"R-{who}-{n}") for who in range(16) for n in range(3))]
    (crowd.path / "many.csv").write_text("\n".join(many) + "\n", "utf-8")
    crowd.imports(crowd.path / "many.csv", DAY)
    shared = [f"OBJ-2026-{n:06}" for n in range(1, 17)]
    operators = [process(crowd.url, kind="operator", name=str(who), own=3, shared=shared) for who in range(16)]
    sweeps = [process(crowd.url, kind="sweep", batch=20) for _ in range(4)]
    operated, swept = [result(one) for one in operators], [result(one) for one in sweeps]

    assert 300 - len(shared) <= sum(one["fired"].get("expire", 0) for one in swept) <= 300  # who acts fires what is due
    assert sum(one["failed"] for one in swept) == 0
    cases = [case for one in operated for case in one["cases"]]
    assert len(set(cases)) == len(cases) == 48
    assert sorted(case for one in operated for case in one["won"]) == shared  # each archived by exactly one
    assert all(set(one["not"]) <= {"refused"} for one in operated)  # nobody was told that it is busy
    assert crowd.verify()["cases"] == 648
    with psycopg.connect(libpq(crowd.url)) as db:
        found = db.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()").fetchone()
        once = db.execute("SELECT count(*), count(DISTINCT case_no) FROM case_event WHERE action = 'expire'").fetchone()
    assert (found, once) == ((0,), (600, 600))  # the objection and its marking


@pytest.mark.slow
def test_a_sweep_that_is_killed_in_the_middle_costs_nothing_but_time(crowd: Unit) -> None:
    first = process(crowd.url, kind="sweep", batch=20)
    assert first.stdout is not None
    assert json.loads(first.stdout.readline())[0] > 0
    first.kill()
    first.communicate()
    assert result(process(crowd.url, kind="sweep", batch=20))["failed"] == 0
    with crowd.database.reading() as db:
        assert len(db.cases.find(CaseQuery(workflow="marking", state="expired"))) == 300
    crowd.verify()


def test_a_batch_that_another_sweep_holds_is_left_to_it_and_waited_for(crowd: Unit) -> None:
    """The certificate says that all is done: so a sweep ends when the others' batches have ended."""
    with claimed(crowd.database, 40) as let_go:
        sweep = in_thread(lambda: crowd.sweep(DAY, batch=50))
        until(lambda: waits(crowd.url), "the sweep has done the rest, and waits")
        with crowd.database.reading() as db:
            assert 200 <= len(db.cases.find(CaseQuery(workflow="marking", state="expired"))) < 300
        assert not sweep.done()
        let_go()
        report = sweep.result(PATIENCE)
    assert report.fired["expire"] == 300
    crowd.verify()


def test_a_batch_whose_sweep_has_died_is_done_by_another(crowd: Unit) -> None:
    with claimed(crowd.database, 40):
        sweep = in_thread(lambda: crowd.sweep(DAY, batch=50))
        until(lambda: waits(crowd.url), "the sweep waits for the batch")
        with psycopg.connect(libpq(crowd.url), autocommit=True) as db:
            db.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND state = 'idle in transaction' AND pid <> pg_backend_pid()"
            )
        assert sweep.result(PATIENCE).fired["expire"] == 300
    crowd.verify()


def test_an_operator_waits_for_a_batch_and_goes_on_from_what_it_brought(crowd: Unit) -> None:
    with claimed(crowd.database, 400) as let_go:
        marking = "MRK-2026-000100"
        acting = in_thread(lambda: crowd.life(marking, DAY, "window1:accept"))
        until(lambda: waits(crowd.url), "the operator waits for the batch")
        assert not acting.done()
        let_go()
        assert isinstance(acting.exception(PATIENCE), Refused)  # by the rules: it was accepted long ago
    crowd.verify()


def test_two_operators_take_turns(postgres_url: str, tmp_path: Path) -> None:
    office = unit(tmp_path, postgres_url, records=20)
    with ThreadPoolExecutor(8) as pool:
        cases = list(pool.map(lambda n: office.objection("2026-03-02", f"R-{n}"), range(1, 21)))
        assert sorted(cases) == [f"OBJ-2026-{n:06}" for n in range(1, 21)]
        tries = [pool.submit(office.life, case, "2026-03-03", "window1:accept") for case in cases for _ in range(2)]
        faults = [one.exception(PATIENCE) for one in tries]
    assert sum(fault is None for fault in faults) == 20
    assert all(fault is None or isinstance(fault, Refused) for fault in faults)
    office.verify()


def test_who_waits_too_long_is_told_that_it_is_busy(crowd: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    from credit_workflow.store.postgres import server  # noqa: PLC0415

    with claimed(crowd.database, 400):
        monkeypatch.setattr(server, "_SETTINGS", "SET lock_timeout = 50")
        with pytest.raises(Conflict) as busy:
            crowd.life("OBJ-2026-000001", DAY, "window1:archive")
        assert busy.value.code == "busy"
    crowd.verify()


def test_everybody_is_cut_off_and_goes_on(crowd: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is lost and nothing comes twice when all connections end in the middle of a sweep, again and again."""
    name = crowd.url.rpartition("/")[2]
    writing = crowd.database.writing
    with psycopg.connect(libpq(crowd.url), autocommit=True) as db:
        for batches in (1, 2, 5):
            left = iter(range(batches, -1, -1))

            @contextmanager
            def cut_within(claim: Claim | None = None, left: Iterator[int] = left) -> Iterator[Writing]:
                with writing(claim) as own:
                    if claim is not None and next(left, 0) == 0:
                        terminate(db, name)
                    yield own

            monkeypatch.setattr(crowd.database, "writing", cut_within)
            with pytest.raises(CreditWorkflowError) as lost:
                crowd.sweep(DAY, batch=20)
            assert lost.value.code == "connection_lost"
        monkeypatch.undo()
        cuts: list[int] = []  # between two batches nobody need know of it
        report = crowd.sweep(DAY, batch=20, progress=lambda *_: cuts.append(terminate(db, name)))
    assert sum(cuts) > 0
    assert 0 < report.fired["expire"] < 300
    with crowd.database.reading() as found:
        assert len(found.cases.find(CaseQuery(state="expired", workflow="marking"))) == 300
    crowd.verify()
