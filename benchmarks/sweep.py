"""A sweep that fires expiries against ``sqlite3.executemany`` writing the same rows with the same hashes.

``python -m benchmarks.sweep EXPIRIES ROUNDS`` measures another size: 1,000,000 expiries need 45 GB of disk for the
database and its copies, and the sweep with nothing due is then measured with 10,000,000 open cases.
"""

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

from benchmarks.bulk import build, build_open, night
from benchmarks.timing import Result, paired
from credit_workflow.calendar.loading import load_calendar
from credit_workflow.resources import keys_folder
from credit_workflow.store.database import Database
from credit_workflow.store.mapping import rows as r
from credit_workflow.store.mapping.case_rows import MOVED_COLUMNS
from credit_workflow.store.schema.columns import COLUMNS

ROOT = Path(__file__).resolve().parents[1]
_DAY = datetime(2026, 4, 20, tzinfo=UTC)
_BEFORE = datetime(2026, 3, 20, tzinfo=UTC)
_COMMIT = 50_000
CASE_DEADLINE, OUTBOX, RECORD_MARK = (COLUMNS[name] for name in ("case_deadline", "outbox", "record_mark"))
_NOTICES = (
    f"SELECT {', '.join(f'o.{c}' for c in OUTBOX)} FROM outbox AS o JOIN case_event AS e"
    " ON e.case_no = o.case_no AND e.seq = o.seq WHERE e.actor = 'system' AND e.action = 'expire' ORDER BY o.key"
)


def run(pairs: int = 100_000, rounds: int = 3) -> list[Result]:
    with tempfile.TemporaryDirectory() as name:
        return [speed(Path(name), pairs, rounds), memory(Path(name), pairs), idle(Path(name), large=pairs * 10)]


def speed(folder: Path, pairs: int, rounds: int) -> Result:
    """A sweep of so many expiries; each round works on a copy of its own, of 19 KB for each of them."""
    before = build(folder / "before.db", pairs).path
    swept = folder / "swept.db"
    shutil.copy(before, swept)
    _sweep(swept)
    written = _written(swept)
    _gone(swept)
    found = paired(
        f"a sweep that fires {pairs:,} expiries, SQLite",
        "`sqlite3.executemany` of the same rows and hashes, in key order, 50,000 a commit",
        "at most 2 times its time",
        lambda: _on_a_copy(before, _sweep),
        lambda: _on_a_copy(before, lambda path: _write(path, written)),
        pairs=rounds,
    )
    _gone(folder / "copy.db")
    _gone(before)
    return found


def memory(folder: Path, pairs: int, small: int = 10_000) -> Result:
    """The peaks of a sweep's processes, helpers included, one after the other."""
    little, much = _peak(folder, min(small, pairs // 10)), _peak(folder, pairs)
    return Result(
        f"peak memory of a sweep, {pairs:,} due (MB)",
        f"the same with {min(small, pairs // 10):,}",
        "at most 1.2 times",
        much,
        little,
        (much / little,),
    )


def idle(folder: Path, small: int = 10_000, large: int = 10_000_000, rounds: int = 9) -> Result:
    """Sweeps with nothing due (`build_open`); the first one of each, which counts all deadlines once, is not timed."""
    few, many = (build_open(folder / f"open-{count}.db", count).path for count in (small, large))
    found = paired(
        f"a sweep with nothing due, {large:,} open cases",
        f"the same with {small:,}",
        "at most 1.5 times its time",
        lambda: _sweep(many, _BEFORE),
        lambda: _sweep(few, _BEFORE),
        pairs=rounds,
    )
    _gone(few)
    _gone(many)
    return found


def _gone(path: Path) -> None:
    for left in path.parent.glob(f"{path.name}*"):
        left.unlink()


def _sweep(path: Path, day: datetime = _DAY) -> None:
    night(Database(str(path), keys_folder()), day, load_calendar())


def _on_a_copy(before: Path, work: object) -> float:
    copy = before.with_name("copy.db")
    _gone(copy)
    shutil.copy(before, copy)
    os.sync()
    start = time.perf_counter()
    work(copy)  # type: ignore[operator]  # a function of a path
    return time.perf_counter() - start


def _written(path: Path) -> dict[str, list[tuple]]:
    """Return the rows that the sweep wrote, in key order."""
    with closing(sqlite3.connect(path)) as db:
        moved = ", ".join(MOVED_COLUMNS)
        return {
            "events": db.execute(
                f"SELECT {', '.join(r.EVENT_COLUMNS)} FROM case_event WHERE actor = 'system' AND action = 'expire' ORDER BY id"
            ).fetchall(),
            "cases": db.execute(
                f"SELECT {moved}, number, version - 1 FROM case_file WHERE state = 'expired' ORDER BY number"
            ).fetchall(),
            "deadlines": db.execute(
                f"SELECT {', '.join(CASE_DEADLINE)} FROM case_deadline WHERE id = 'retention' ORDER BY case_no"
            ).fetchall(),
            "outbox": db.execute(_NOTICES).fetchall(),
            "marks": db.execute(
                f"SELECT {', '.join(RECORD_MARK)} FROM record_mark WHERE kind = 'disputed' ORDER BY case_no"
            ).fetchall(),
        }


def _write(path: Path, written: dict[str, list[tuple]]) -> None:
    statements = {
        "events": f"INSERT INTO case_event ({', '.join(r.EVENT_COLUMNS)}) VALUES ({_places(r.EVENT_COLUMNS)})",
        "cases": f"UPDATE case_file SET {', '.join(f'{c} = ?' for c in MOVED_COLUMNS)} WHERE number = ? AND version = ?",
        "deadlines": f"INSERT OR REPLACE INTO case_deadline ({', '.join(CASE_DEADLINE)}) VALUES ({_places(CASE_DEADLINE)})",
        "outbox": f"INSERT INTO outbox ({', '.join(OUTBOX)}) VALUES ({_places(OUTBOX)})",
        "marks": f"INSERT OR REPLACE INTO record_mark ({', '.join(RECORD_MARK)}) VALUES ({_places(RECORD_MARK)})",
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
from credit_workflow.store.workers import helpers
peaks = []
def peak(pid):
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024
stop = helpers.Processes.stop
def stopping(self):
    peaks.extend(peak(one.pid) for one in self._all)
    stop(self)
helpers.Processes.stop = stopping
_sweep(Path(sys.argv[1]))
print(peak("self") + sum(peaks))
"""


def _peak(folder: Path, pairs: int) -> float:
    """Return the peak memory, in MB, of processes of their own that sweep so many, each at its worst."""
    path = build(folder / f"peak-{pairs}.db", pairs).path
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", _PEAK, str(path)], env=environment, capture_output=True, text=True, check=True
    )
    _gone(path)
    return float(done.stdout)


if __name__ == "__main__":
    for result in run(*(int(given) for given in sys.argv[1:])):
        print(result.row())
