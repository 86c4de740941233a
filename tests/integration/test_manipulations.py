"""Random manipulations made directly in the database: each is found; clean histories are clean."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from credit_workflow.casework.accounts import sign_in
from credit_workflow.casework.journal.entry import Draft
from credit_workflow.casework.journal.running_entries import Counted, Swept
from credit_workflow.definition.library import load_definitions
from credit_workflow.engine.world import Moment
from credit_workflow.errors import IntegrityFault
from credit_workflow.service.use_cases.daily.records import ShowRecord
from credit_workflow.store.integrity import seals
from credit_workflow.store.integrity.verification import verify
from credit_workflow.store.reading.reader import Reader
from credit_workflow.store.schema.creation import create
from tests import where
from tests.integration.helpers import Service
from tests.integration.test_sessions import NOW, PASSWORD, nobody
from tests.seeds import several

pytestmark = pytest.mark.usefixtures("databases")

#: Every table that the log answers for, and what tells its rows apart.
TABLES = {
    "case_event": "id", "journal_log": "id", "seal_log": "seq", "case_file": "number", "case_deadline": "rowkey",
    "record_mark": "rowkey", "credit_record": "no", "definition": "digest", "account": "name", "meta": "key",
    "number_series": "rowkey", "log_head": "log", "journal_about": "rowkey",
}  # fmt: skip
KEYS = {
    "case_deadline": ("case_no", "id"), "record_mark": ("case_no", "kind"), "number_series": ("workflow", "year"),
    "journal_about": ("about", "id"),
    **{table: (key,) for table, key in TABLES.items() if key != "rowkey"},
}  # fmt: skip


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A history with all kinds of rows, in one file: cases, marks, a sweep, a refusal, seals."""
    service = Service(tmp_path_factory.mktemp("history") / "cases.db")
    service.marked()
    service.objection("2026-03-11", "R-2")
    service.sweep("2026-04-20")
    service.desk("center1", "2026-04-20").ask(ShowRecord(record_no="R-1"))
    with service.database.writing() as db:
        seals.add_seal(db, datetime(2026, 4, 20, tzinfo=UTC))
    service.objection("2026-04-21", "R-3")
    with service.database.writing() as db:
        seals.add_seal(db, datetime(2026, 4, 21, tzinfo=UTC))
    return service.path


def proved(reading: Callable[[], AbstractContextManager[Reader]]) -> None:
    with reading() as db:
        verify(db)
        seals.verify_seals(db)


def _manipulated(db: Any, dice: random.Random) -> str:
    table = dice.choice([t for t in TABLES if db.execute(f"SELECT count(*) FROM {t}").fetchone()[0]])
    columns = where.columns(db, table)
    rows = db.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall()
    row = dict(zip(columns, dice.choice(rows), strict=True))
    done = ""
    while not done:
        done = dice.choice([_change, _remove, _insert])(db, table, row, dice, rows, columns)
    return done


def _where(table: str) -> str:
    return " AND ".join(f"{key} = :key_{key}" for key in KEYS[table])


def _key(table: str, row: dict[str, Any]) -> dict[str, Any]:
    return {f"key_{key}": row[key] for key in KEYS[table]}


def _change(db: Any, table: str, row: dict[str, Any], dice: random.Random, rows: Any, columns: list[str]) -> str:
    column = dice.choice(columns)
    others = [other[columns.index(column)] for other in rows]
    new = dice.choice([*others, _bent(row[column], dice)])
    if new == row[column] or (row[column] is not None and str(new) == str(row[column])):
        return ""
    try:
        db.execute(f"UPDATE {table} SET {column} = :new WHERE {_where(table)}", {"new": new, **_key(table, row)})
    except sqlite3.IntegrityError:
        return ""
    return f"{table}.{column}: {row[column]!r} -> {new!r}"


def _bent(value: Any, dice: random.Random) -> Any:
    if value is None:
        return "x"
    if isinstance(value, bool):  # a server's; SQLite has numbers
        return not value
    if isinstance(value, int):
        return value + dice.choice([-1, 1, 7])
    place = dice.randrange(len(value) + 1)
    return value[:place] + dice.choice("0a有") + value[place + dice.choice([0, 1]) :]


def _remove(db: Any, table: str, row: dict[str, Any], dice: random.Random, rows: Any, columns: list[str]) -> str:  # noqa: ARG001
    db.execute(f"DELETE FROM {table} WHERE {_where(table)}", _key(table, row))
    return f"{table}: removed {_key(table, row)}"


def _insert(db: Any, table: str, row: dict[str, Any], dice: random.Random, rows: Any, columns: list[str]) -> str:  # noqa: ARG001
    new = {**row, **{key: _bent(row[key], dice) for key in KEYS[table]}}
    if table in ("case_event", "journal_log"):
        new["seq"] = 900 + dice.randrange(90)
        new["id"] = db.execute(f"SELECT max(id) + 1 FROM {table}").fetchone()[0]
    try:
        db.execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(':' + c for c in columns)})", new)
    except sqlite3.IntegrityError:
        return ""
    return f"{table}: inserted {new}"


#: Most of them are left to the slow tests.
BLOCKS = [pytest.param(n, marks=[pytest.mark.slow] * (n >= 5)) for n in range(20)]


@pytest.mark.parametrize("block", BLOCKS)
def test_each_of_a_thousand_manipulations_is_found(history: Path, tmp_path: Path, block: int) -> None:
    dice = random.Random(several(20)[block])
    for _ in range(55):
        with where.trial(history, tmp_path / "copy.db") as (db, reading):
            with where.unguarded(db):
                done = _manipulated(db, dice)
            try:
                proved(reading)
            except IntegrityFault:
                continue
        pytest.fail(f"not found: {done}")


def test_the_history_itself_is_clean(history: Path) -> None:
    proved(where.database(history).reading)


def test_a_deadline_that_every_sweep_passed_over_is_found(tmp_path: Path) -> None:
    """The log says that the day was swept, and a mark that was due is still waiting."""
    service = Service(tmp_path / "cases.db")
    service.marked()
    with service.database.writing() as db:
        day = date(2026, 6, 1)
        kept, nothing = db.cases.entries_kept(), Counted(count=0, digest="0" * 64)
        said = Swept(
            as_of=day, fired={}, due=nothing, done=nothing, begins_after=kept, ends_with=kept, ranges=(),
            nights_missed=0, failed=(), caught_up_from=None, waiting=0, recounted=0, edition="",
        )  # fmt: skip
        db.journal.add(Draft(said=said, at=datetime(2026, 6, 1, tzinfo=UTC), actor="system", role="system"))
    with pytest.raises(IntegrityFault, match="passed over"):
        service.verify()


def test_a_production_database_is_proved_too(tmp_path: Path) -> None:
    path = tmp_path / "cases.db"
    create(where.new(path), training=False, at=NOW, definitions=load_definitions().values(), accounts={})
    with where.database(path).writing() as db:
        sign_in.found(db, nobody(NOW), "root1", PASSWORD)
    proved(where.database(path).reading)
    for statement in (
        "UPDATE account SET roles = 'admin,window'", "UPDATE account SET status = 'suspended'", "DELETE FROM account",
        "UPDATE account SET unit = 'x'", "INSERT INTO account VALUES ('x', 'u', 'admin', 'active', 'y', NULL)",
        "UPDATE meta SET value = 'training' WHERE key = 'kind'",
    ):  # fmt: skip
        copy = tmp_path / "copy.db"
        where.copy(path, copy)
        with closing(where.connect(copy)) as db:
            db.execute(statement)
            db.commit()
        with pytest.raises(IntegrityFault):
            proved(where.database(copy).reading)


def test_whoever_rewrites_everything_with_a_key_of_his_own_is_found_out(tmp_path: Path) -> None:
    service = Service(tmp_path / "cases.db")
    service.objection("2026-03-02")
    at = Moment.of(datetime(2026, 3, 3, tzinfo=UTC), "Asia/Shanghai").at
    with service.database.writing() as db:
        seals.add_seal(db, at)
    with service.database.reading() as db:
        kept = seals.export(db)
    other = Service(tmp_path / "other.db")  # the same history told otherwise, whole in itself
    other.objection("2026-03-02", reason="另一种说法")
    with closing(where.connect(other.path)) as db_other:
        for trigger in ("update", "delete"):
            db_other.execute(f"DROP TRIGGER journal_log_no_{trigger}")
        db_other.commit()
    with other.database.writing() as db:
        seals.add_seal(db, at)
    with other.database.reading() as db:
        seals.verify_seals(db)
        with pytest.raises(IntegrityFault):
            seals.verify_seals(db, kept)
        forged = seals.Export(database=db.meta["id"], public_key=kept.public_key, seals=seals.seals_of(db))
        with pytest.raises(IntegrityFault):
            seals.verify_seals(db, forged)
