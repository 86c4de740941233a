"""One action, committed, against the same row changes by bare SQLAlchemy in one commit."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, insert, update

from benchmarks.office import Office
from benchmarks.timing import Result, paired
from credit_workflow.store.mapping import rows as r
from credit_workflow.store.mapping.case_rows import MOVED_COLUMNS, moved_row
from credit_workflow.store.mapping.chain import link
from credit_workflow.store.schema import tables as t
from credit_workflow.store.schema.columns import COLUMNS
from credit_workflow.store.sqlite.pragmas import prepare

_EACH = 40
_PAIRS = 11


def run() -> list[Result]:
    with tempfile.TemporaryDirectory() as name:
        total = 2 * _EACH * (_PAIRS + 1)
        office = Office(Path(name), total)
        cases = office.objections(total)
        ours_cases, bare_cases = iter(cases[: total // 2]), iter(cases[total // 2 :])

        def ours() -> None:
            for _ in range(_EACH):
                office.act(next(ours_cases), "accept")

        rows = _rows_of_an_accept(office, next(iter(cases)))
        # Our log numbers its entries: strangers' rows would be in its way.
        engine = _engine(office.copy(Path(name) / "bare.db"))
        files, events, deadlines = (m.__table__ for m in (t.CaseFile, t.CaseEvent, t.CaseDeadline))
        next(ours_cases)

        def bare() -> None:
            for _ in range(_EACH):
                number = next(bare_cases)
                event, moved, deadline = rows
                digest = link((event["prev"], *map(str, event.values())))
                with engine.begin() as connection:
                    connection.execute(insert(events), {**event, "case_no": number, "seq": 2, "hash": digest})
                    connection.execute(update(files).where(files.c.number == number), {**moved, "head_hash": digest})
                    connection.execute(insert(deadlines), {**deadline, "case_no": number})

        goal = "at most 3 times its time"
        return [
            paired(
                f"one action, committed ({_EACH} in a row)",
                "the same rows by bare SQLAlchemy, one commit",
                goal,
                ours,
                bare,
                pairs=_PAIRS - 2,
            )
        ]


def _rows_of_an_accept(office: Office, case: str) -> tuple[dict, dict, dict]:
    """Accept one case, and return the rows that it wrote."""
    office.act(case, "accept")
    with office.database.reading() as db:
        event = dict(zip(r.EVENT_COLUMNS, list(db.event_rows())[1], strict=True))
        deadline = dict(
            zip(COLUMNS["case_deadline"], next(d for d in db.deadline_rows() if d[1] == "archive"), strict=True)
        )
        accepted = db.cases.get(case)
    moved = dict(zip(MOVED_COLUMNS, moved_row(accepted, 2, ""), strict=True))
    return event, moved, deadline


def _engine(path: Path) -> Engine:
    """SQLAlchemy on a file, as durable as ours, with a connection for each transaction, as ours."""
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        prepare(connection)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
