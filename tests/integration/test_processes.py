"""Several processes at once, and processes that are killed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.bulk import build
from credit_workflow.store.integrity.verification import verify
from tests import where
from tests.integration.helpers import Service

pytestmark = pytest.mark.usefixtures("databases")

ROOT = Path(__file__).resolve().parents[2]

SUBMITTING = """
import sys
from pathlib import Path
from tests import where
from tests.integration.helpers import Service
service = Service.__new__(Service)
service.database = where.opened(sys.argv[1])
from credit_workflow.calendar.loading import load_calendar
from credit_workflow.casework.access.identification import practice_accounts
from credit_workflow.definition.library import load_definitions
service.calendar, service.definitions = load_calendar(), load_definitions()
service.accounts = practice_accounts(d.workflow for d in service.definitions.values())
for n in range(int(sys.argv[2])):
    print(service.objection("2026-03-02"))
"""

SWEEPING = """
import sys
from datetime import UTC, datetime
from credit_workflow.calendar.loading import load_calendar
from credit_workflow.casework.sweep.sweeping import sweep
from credit_workflow.engine.world import Moment
from tests import where
def say(done, total):
    print(done, flush=True)
moment = Moment.of(datetime(2026, 4, 20, tzinfo=UTC), "Asia/Shanghai")
sweep(where.opened(sys.argv[1]), load_calendar(), moment, say, batch=20)
"""


def started(program: str, *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8")


@pytest.mark.slow
def test_eight_windows_at_once_give_every_case_its_own_number(tmp_path: Path) -> None:
    service = Service(tmp_path / "cases.db")
    windows = [started(SUBMITTING, where.url(service.path), "5") for _ in range(8)]
    numbers = [line for window in windows for line in window.communicate()[0].split()]
    assert [window.returncode for window in windows] == [0] * 8
    assert sorted(numbers) == [f"OBJ-2026-{n:06}" for n in range(1, 41)]
    assert service.verify()["cases"] == 40


def counted(path: Path) -> dict[str, int]:
    with where.database(path).reading() as db:
        rows = [row[6] for row in db.event_rows()]
        verify(db)
    return {action: rows.count(action) for action in ("expire", "mark")}


@pytest.mark.slow
def test_a_copied_history_verifies_and_expires(tmp_path: Path) -> None:
    build(where.owner(path := tmp_path / "cases.db"), 30)
    assert counted(path) == {"expire": 0, "mark": 30}
    sweeper = started(SWEEPING, where.url(path))
    assert sweeper.communicate()[0].split() == ["20", "30"]
    assert counted(path) == {"expire": 60, "mark": 30}  # each in the marking and in its objection


OPENING_AND_CLOSING = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("SELECT count(*) FROM case_file").fetchone()
connection.close()
"""


@pytest.mark.sqlite("the locks of a file")
@pytest.mark.skipif(sys.platform == "win32", reason="locks of another kind")
def test_looking_at_the_database_leaves_the_locks_of_an_open_connection(tmp_path: Path) -> None:
    """A file that is opened and closed by hand loses the process's locks on it.

    Another process then takes itself for the last one, and removes the write-ahead log that is in use.
    """
    service = Service(tmp_path / "cases.db")
    log = tmp_path / "cases.db-wal"
    with service.database.staying_open():
        service.objection("2026-03-02")
        with service.database.reading() as db:
            assert db.cases.version("OBJ-2026-000001") == 1
        assert started(OPENING_AND_CLOSING, str(service.path)).communicate()[1] is None
        assert log.exists()
    assert service.verify()["cases"] == 1


@pytest.mark.slow
@pytest.mark.parametrize("after", range(10))
def test_a_sweep_that_is_killed_goes_on_where_it_was(tmp_path: Path, after: int) -> None:
    pairs = 400
    build(where.owner(path := tmp_path / "cases.db"), pairs)
    sweeper = started(SWEEPING, where.url(path))
    assert sweeper.stdout is not None
    for _ in range(after + 1):
        sweeper.stdout.readline()
    sweeper.kill()
    sweeper.communicate()
    done = counted(path)["expire"]
    assert 40 * (after + 1) <= done < 2 * pairs
    again = started(SWEEPING, where.url(path))
    again.communicate()
    assert again.returncode == 0
    assert counted(path) == {"expire": 2 * pairs, "mark": pairs}


@pytest.mark.slow
def test_two_sweeps_at_once_fire_each_transition_once(tmp_path: Path) -> None:
    build(where.owner(path := tmp_path / "cases.db"), 400)
    sweepers = [started(SWEEPING, where.url(path)) for _ in range(2)]
    for sweeper in sweepers:
        sweeper.communicate()
    assert [sweeper.returncode for sweeper in sweepers] == [0, 0]
    assert counted(path) == {"expire": 800, "mark": 400}
