"""One action, committed, against the same row changes by bare SQLAlchemy in one commit."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert, update

from benchmarks.timing import Result, paired
from credit_workflow.calendar import load_calendar
from credit_workflow.casework import desk
from credit_workflow.casework.acting import practice_accounts
from credit_workflow.casework.desk import Form, NewCase, Session
from credit_workflow.casework.records import COLUMNS, import_records
from credit_workflow.definition.library import load_definitions
from credit_workflow.engine.world import Moment
from credit_workflow.store import rows as r
from credit_workflow.store import tables as t
from credit_workflow.store.chain import link
from credit_workflow.store.creation import create
from credit_workflow.store.database import Database

_EACH = 40
_PAIRS = 11


def run() -> list[Result]:
    with tempfile.TemporaryDirectory() as name:
        definitions, calendar = load_definitions(), load_calendar()
        at = datetime(2026, 3, 2, 1, tzinfo=UTC)
        accounts = practice_accounts(definitions)
        database = Database(str(Path(name) / "cases.db"))
        create(database, training=True, at=at, definitions=definitions.values(), accounts=accounts)

        def session(who: str) -> Session:
            return Session(
                store=database,
                definitions=definitions,
                calendar=calendar,
                actor=accounts[who],
                moment=Moment.of(at, calendar.zone),
            )

        total = 2 * _EACH * (_PAIRS + 1)
        import_records(session("center1"), _records(Path(name) / "records.csv", total), update=False)
        form = Form(given={"reason": "有误"}, all_materials=True)
        cases = [
            desk.submit(session("window1"), NewCase(workflow="objection", record=f"R-{n}"), form) for n in range(total)
        ]
        ours_cases, bare_cases = iter(cases[: total // 2]), iter(cases[total // 2 :])

        def ours() -> None:
            for _ in range(_EACH):
                desk.act(session("window1"), next(ours_cases), "accept", Form(), workflow="objection")

        rows = _rows_of_an_accept(database, session("window1"), next(iter(cases)))
        beside = Path(name) / "bare.db"  # our log numbers its entries: strangers' rows would be in its way
        with closing(sqlite3.connect(database.path)) as source, closing(sqlite3.connect(beside)) as target:
            source.backup(target)
        engine = Database(str(beside)).engine()
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


def _records(path: Path, count: int) -> Path:
    """Write so many records of one person."""
    lines = [",".join(COLUMNS)]
    lines += [
        f"R-{n},natural,330106199003070014,张三,市税务局,B,欠税,欠税{n}元,2025-01-01,2027-12-31" for n in range(count)
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def _rows_of_an_accept(database: Database, session: Session, case: str) -> tuple[dict, dict, dict]:
    """Accept one case, and return the rows that it wrote."""
    desk.act(session, case, "accept", Form(), workflow="objection")
    with database.reading() as db:
        event = dict(zip(r.EVENT_COLUMNS, list(db.event_rows())[1], strict=True))
        deadline = dict(zip(r.DEADLINE_COLUMNS, next(d for d in db.deadline_rows() if d[1] == "archive"), strict=True))
        accepted = db.case(case)
    moved = dict(zip(r.MOVED_COLUMNS, r.moved_row(accepted, 2, ""), strict=True))
    return event, moved, deadline
