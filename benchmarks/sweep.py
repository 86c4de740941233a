"""A sweep that fires expiries against ``sqlite3.executemany`` writing the same rows with the same hashes."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.bulk import build
from benchmarks.timing import Result, paired
from credit_workflow.calendar import load_calendar
from credit_workflow.casework.nightly import sweep
from credit_workflow.engine.world import Moment
from credit_workflow.store import rows as r
from credit_workflow.store.database import Database
from credit_workflow.store.deadlinerows import DEADLINE_COLUMNS
from credit_workflow.store.outbox import COLUMNS as OUTBOX_COLUMNS
from credit_workflow.store.sweephelp import help_for

ROOT = Path(__file__).resolve().parents[1]
_DAY = datetime(2026, 4, 20, tzinfo=UTC)
_COMMIT = 50_000
_NOTICES = (
    f"SELECT {', '.join(f'o.{c}' for c in OUTBOX_COLUMNS)} FROM outbox AS o JOIN case_event AS e"
    " ON e.case_no = o.case_no AND e.seq = o.seq WHERE e.actor = 'system' AND e.action = 'expire' ORDER BY o.key"
)


def run(pairs: int = 100_000, rounds: int = 3) -> list[Result]:
    with tempfile.TemporaryDirectory() as name:
        before = build(Path(name) / "before.db", pairs).path
        swept = Path(name) / "swept.db"
        shutil.copy(before, swept)
        _sweep(swept)
        written = _written(swept)

        def ours() -> float:
            return _on_a_copy(before, _sweep)

        def bare() -> float:
            return _on_a_copy(before, lambda path: _write(path, written))

        speed = paired(
            f"a sweep that fires {pairs:,} expiries, SQLite",
            "`sqlite3.executemany` of the same rows and hashes, in key order",
            "at most 3 times its time",
            ours,
            bare,
            pairs=rounds,
        )
        small, large = (_peak(Path(name), n) for n in (pairs // 10, pairs))
        memory = Result(
            f"peak memory of a sweep, {pairs:,} due",
            f"the same with {pairs // 10:,}",
            "about 1",
            large,
            small,
            (large / small,),
        )
        return [speed, memory]


def _sweep(path: Path) -> None:
    database, calendar, moment = Database(str(path)), load_calendar(), Moment.of(_DAY, "Asia/Shanghai")
    sweep(database, calendar, moment, helpers=help_for(database, calendar, moment))


def _on_a_copy(before: Path, work: object) -> float:
    copy = before.with_name("copy.db")
    for old in before.parent.glob("copy.db*"):
        old.unlink()
    shutil.copy(before, copy)
    os.sync()
    start = time.perf_counter()
    work(copy)  # type: ignore[operator]  # a function of a path
    return time.perf_counter() - start


def _written(path: Path) -> dict[str, list[tuple]]:
    """Return the rows that the sweep wrote, in key order."""
    with closing(sqlite3.connect(path)) as db:
        moved = ", ".join(r.MOVED_COLUMNS)
        return {
            "events": db.execute(
                f"SELECT {', '.join(r.EVENT_COLUMNS)} FROM case_event WHERE actor = 'system' AND action = 'expire' ORDER BY id"
            ).fetchall(),
            "cases": db.execute(
                f"SELECT {moved}, number, version - 1 FROM case_file WHERE state = 'expired' ORDER BY number"
            ).fetchall(),
            "deadlines": db.execute(
                f"SELECT {', '.join(DEADLINE_COLUMNS)} FROM case_deadline WHERE id = 'retention' ORDER BY case_no"
            ).fetchall(),
            "outbox": db.execute(_NOTICES).fetchall(),
            "marks": db.execute(
                f"SELECT {', '.join(r.MARK_COLUMNS)} FROM record_mark WHERE kind = 'disputed' ORDER BY case_no"
            ).fetchall(),
        }


def _write(path: Path, written: dict[str, list[tuple]]) -> None:
    statements = {
        "events": f"INSERT INTO case_event ({', '.join(r.EVENT_COLUMNS)}) VALUES ({_places(r.EVENT_COLUMNS)})",
        "cases": f"UPDATE case_file SET {', '.join(f'{c} = ?' for c in r.MOVED_COLUMNS)} WHERE number = ? AND version = ?",
        "deadlines": f"INSERT OR REPLACE INTO case_deadline ({', '.join(DEADLINE_COLUMNS)}) VALUES ({_places(DEADLINE_COLUMNS)})",
        "outbox": f"INSERT INTO outbox ({', '.join(OUTBOX_COLUMNS)}) VALUES ({_places(OUTBOX_COLUMNS)})",
        "marks": f"INSERT OR REPLACE INTO record_mark ({', '.join(r.MARK_COLUMNS)}) VALUES ({_places(r.MARK_COLUMNS)})",
    }
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for pragma in ("synchronous = full", "cache_size = -65536"):
            db.execute(f"PRAGMA {pragma}")
        for kind, rows in written.items():
            for first in range(0, len(rows), _COMMIT):
                chunk = rows[first : first + _COMMIT]
                if kind == "events":
                    for row in chunk:  # the same hashes, computed
                        hashlib.sha256("\x1f".join((row[10], *map(str, row[:10]))).encode()).hexdigest()
                db.execute("BEGIN IMMEDIATE")
                db.executemany(statements[kind], chunk)
                db.execute("COMMIT")


def _places(columns: tuple[str, ...]) -> str:
    return ", ".join("?" * len(columns))


_PEAK = """
import sys
from pathlib import Path
from benchmarks.sweep import _sweep
_sweep(Path(sys.argv[1]))
status = Path("/proc/self/status").read_text()
print(int(status.split("VmHWM:")[1].split()[0]) / 1024)
"""


def _peak(folder: Path, pairs: int) -> float:
    """Return the peak memory, in MB, of a process of its own that sweeps so many."""
    path = build(folder / f"peak-{pairs}.db", pairs).path
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", _PEAK, str(path)], env=environment, capture_output=True, text=True, check=True
    )
    for left in folder.glob(f"peak-{pairs}.db*"):
        left.unlink()
    return float(done.stdout)
