"""A sweep on PostgreSQL: against ``COPY`` and ``UPDATE … FROM`` of the same rows and hashes, and two sweepers against one.

The first is the nightly sweep with its helpers; the sweepers of the second have none, or one would use all processors.

The server is a real one on the same machine, with ``fsync`` on. ``python -m benchmarks.postgres EXPIRIES ROUNDS``
measures another size; each round works on a copy of the database.
"""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import psycopg

from benchmarks.bulk import build, night
from benchmarks.timing import Result, paired
from benchmarks.together import at_once
from credit_workflow.calendar.loading import load_calendar
from credit_workflow.casework.sweep.sweeping import sweep
from credit_workflow.engine.world import Moment
from credit_workflow.resources import keys_folder
from credit_workflow.store.database import Database
from credit_workflow.store.mapping import rows as r
from credit_workflow.store.mapping.case_rows import MOVED_COLUMNS
from credit_workflow.store.schema.columns import COLUMNS
from tests.postgres.server import Server, create, libpq

CASE_DEADLINE, OUTBOX, RECORD_MARK = (COLUMNS[name] for name in ("case_deadline", "outbox", "record_mark"))
_DAY = datetime(2026, 4, 20, tzinfo=UTC)
_COMMIT = 50_000
_SETTINGS = {
    "shared_buffers": "1GB", "work_mem": "64MB", "random_page_cost": "1.1", "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
}  # fmt: skip
_EXPIRED = "{0}.actor = 'system' AND {0}.action = 'expire'"
#: What is written: its table, its columns, its key, and where it is found in a database that was swept.
_TABLES = {
    "cases": ("case_file", MOVED_COLUMNS, ("number",), "WHERE t.state = 'expired' ORDER BY t.number"),
    "deadlines": ("case_deadline", CASE_DEADLINE, ("case_no", "id"), "WHERE t.id = 'retention' ORDER BY t.case_no"),
    "marks": ("record_mark", RECORD_MARK, ("case_no", "kind"), "WHERE t.kind = 'disputed' ORDER BY t.case_no"),
    "outbox": (
        "outbox", OUTBOX, (),
        f"JOIN case_event AS e ON e.case_no = t.case_no AND e.seq = t.seq WHERE {_EXPIRED.format('e')} ORDER BY t.key",
    ),
    "events": (
        "case_event", ("id", *r.EVENT_COLUMNS), (),
        f"WHERE {_EXPIRED.format('t')} ORDER BY t.id",
    ),
}  # fmt: skip


def run(pairs: int = 100_000, rounds: int = 9) -> list[Result]:
    with Server.make(fsync=True, settings=_SETTINGS) as server, before(server, pairs):
        written = _swept(server)
        speed = paired(
            f"a sweep that fires {pairs:,} expiries, PostgreSQL",
            "`COPY` and `UPDATE … FROM` of the same rows and hashes, in key order, 50,000 a commit",
            "at most 2 times its time",
            lambda: _on_a_copy(server, _sweep),
            lambda: _on_a_copy(server, lambda url: _write(url, written)),
            pairs=rounds,
        )
        together = paired(
            f"two sweepers at once, {pairs:,} expiries, PostgreSQL",
            "one sweeper, without helpers",
            "at most 0.71 of its time",
            lambda: _on_a_copy(server, lambda url: _processes(url, 2)),
            lambda: _on_a_copy(server, lambda url: _processes(url, 1)),
            pairs=rounds,
        )
    return [speed, together]


@contextmanager
def before(server: Server, pairs: int) -> Iterator[None]:
    """Have a database ``before`` in which so much is due."""
    with server.database("before") as url:
        build(url, pairs)  # type: ignore[arg-type]  # a URL is as good as a path
        with psycopg.connect(libpq(url), autocommit=True) as db:
            db.execute("VACUUM ANALYZE")
        yield


def _on_a_copy(server: Server, work: Callable[[str], float | None]) -> float:
    with server.connect() as db:
        create(db, "copy", "before")
        db.execute("CHECKPOINT")
    try:
        start = time.perf_counter()
        took = work(server.url("copy"))
        return time.perf_counter() - start if took is None else took
    finally:
        with server.connect() as db:
            db.execute("DROP DATABASE copy WITH (FORCE)")


def _sweep(url: str) -> None:
    night(Database(url, keys_folder()), _DAY, load_calendar())


def alone(url: str) -> None:
    """Sweep without helpers."""
    sweep(Database(url, keys_folder()), load_calendar(), Moment.of(_DAY, "Asia/Shanghai"))


def _swept(server: Server) -> dict[str, list[tuple]]:
    """Return the rows that a sweep wrote, in key order, as text for COPY to take again."""
    found = {}

    def look(url: str) -> None:
        _sweep(url)
        with psycopg.connect(libpq(url)) as db:
            for kind, (table, columns, _, where) in _TABLES.items():
                also = ", t.number, t.version - 1" if kind == "cases" else ""
                names = ", ".join(f"t.{name}" for name in columns)
                found[kind] = db.execute(f"SELECT {names}{also} FROM {table} AS t {where}").fetchall()

    _on_a_copy(server, look)
    return found


def _write(url: str, written: dict[str, list[tuple]]) -> None:
    with psycopg.connect(libpq(url)) as db:
        # The planner knows nothing of what was just given, and would read the whole table for each 50,000 of a million.
        db.execute("SET enable_seqscan = off")
        db.execute("SELECT log_month('case_event', %s)", (f"{_DAY:%Y-%m}",))
        for kind, rows in written.items():
            table, columns, keys, _ = _TABLES[kind]
            for first in range(0, len(rows), _COMMIT):
                chunk = rows[first : first + _COMMIT]
                if kind == "events":
                    for row in chunk:  # the same hashes, computed
                        hashlib.sha256("\x1f".join((row[11], *map(str, row[1:11]))).encode()).hexdigest()
                if not keys:
                    _copy(db, f"{table} ({', '.join(columns)})", chunk)
                elif kind == "cases":
                    _change_cases(db, columns, chunk)
                else:
                    _replace(db, table, columns, keys, chunk)
                db.commit()


def _change_cases(db: psycopg.Connection, columns: tuple[str, ...], rows: list[tuple]) -> None:
    db.execute(
        f"CREATE TEMP TABLE given ON COMMIT DROP AS"
        f" SELECT {', '.join(columns)}, number AS key_number, version AS key_version FROM case_file LIMIT 0"
    )
    _copy(db, "given", rows)
    changes = ", ".join(f"{name} = given.{name}" for name in columns)
    db.execute(
        f"UPDATE case_file AS was SET {changes} FROM given"
        " WHERE was.number = given.key_number AND was.version = given.key_version"
    )


def _replace(
    db: psycopg.Connection, table: str, columns: tuple[str, ...], keys: tuple[str, ...], rows: list[tuple]
) -> None:
    db.execute(f"CREATE TEMP TABLE given ON COMMIT DROP AS SELECT {', '.join(columns)} FROM {table} LIMIT 0")
    _copy(db, "given", rows)
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in keys)
    db.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT * FROM given"
        f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changes}"
    )


def _copy(db: psycopg.Connection, into: str, rows: list[tuple]) -> None:
    with db.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


_PROCESS = """
import sys
from benchmarks.postgres import alone
print("ready", flush=True)
sys.stdin.readline()
alone(sys.argv[1])
"""


def _processes(url: str, count: int) -> float:
    """Let so many processes sweep at once; from when all are ready to when the last one has ended."""
    return at_once([["-c", _PROCESS, url]] * count)[0]


if __name__ == "__main__":
    for result in run(*(int(given) for given in sys.argv[1:])):
        print(result.row())
        print(f"  ours {result.ours:.6g}, reference {result.theirs:.6g}")
