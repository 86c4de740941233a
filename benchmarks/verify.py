"""``audit verify`` against ``hashlib`` in a loop over the same bytes: every entry of the logs, its parts joined."""

from __future__ import annotations

import hashlib
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from benchmarks.bulk import build
from benchmarks.sweep import _sweep
from benchmarks.timing import Result, paired
from credit_workflow.resources import keys_folder
from credit_workflow.store.database import Database
from credit_workflow.store.integrity.verification import verify
from credit_workflow.store.mapping import rows as r

_LOGS = (("case_event", r.EVENT_COLUMNS), ("journal_log", r.JOURNAL_COLUMNS))
_GOAL = "at most 4 times its time"


def run(pairs: int = 20_000, rounds: int = 9) -> list[Result]:
    with tempfile.TemporaryDirectory() as name:
        path = build(Path(name) / "swept.db", pairs).path
        _sweep(path)
        what = f"`audit verify`, {pairs * 20:,} entries"
        return [
            paired(
                what, "`hashlib` over the same bytes, in memory", _GOAL, lambda: _verify(path), bare(path), pairs=rounds
            ),
            paired(
                what,
                "`sqlite3` reading the same entries, and `hashlib`",
                "—",
                lambda: _verify(path),
                lambda: _read_and_hash(path),
                pairs=rounds,
            ),
        ]


def bare(path: Path) -> object:
    """Return what hashes the bytes of all entries, which it has in memory."""
    with closing(sqlite3.connect(path)) as db:
        entries = [_joined(row) for row in _rows(db)]

    def hash_all() -> None:
        for entry in entries:
            hashlib.sha256(entry).hexdigest()

    return hash_all


def _verify(path: Path) -> None:
    with Database(str(path), keys_folder()).reading() as db:
        verify(db, url=str(path))


def _read_and_hash(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        for row in _rows(db):
            hashlib.sha256(_joined(row)).hexdigest()


def _rows(db: sqlite3.Connection) -> object:
    for log, columns in _LOGS:
        yield from db.execute(f"SELECT {', '.join(columns)} FROM {log} ORDER BY 1, 2")


def _joined(row: tuple) -> bytes:
    return "\x1f".join((row[-2], *("" if part is None else str(part) for part in row[:-2]))).encode()


if __name__ == "__main__":
    for result in run(*(int(given) for given in sys.argv[1:])):
        print(result.row())
