"""What `audit verify` must find, whoever changed it, by the command's own exit code and words."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from credit_workflow.errors import IntegrityFault
from credit_workflow.store.integrity.verification import verify
from tests import where
from tests.integration.helpers import Service
from tests.integration.test_storage import change, copy, template, verified

pytestmark = pytest.mark.usefixtures("databases")

__all__ = ["copy", "template"]  # fixtures

O1, O2, M1 = "OBJ-2026-000001", "OBJ-2026-000002", "MRK-2026-000001"

#: What is done to the file, and the case or stream whose entry must be named.
CHANGES = {
    "re-ordered": (
        f"UPDATE case_event SET seq = -seq WHERE case_no = '{O1}' AND seq IN (2, 3)",
        f"UPDATE case_event SET seq = CASE seq WHEN -2 THEN 3 ELSE 2 END WHERE case_no = '{O1}' AND seq < 0",
        O1,
    ),
    "cut off, and the case said to end there": (
        f"DELETE FROM case_event WHERE case_no = '{M1}' AND seq > 3",
        f"UPDATE case_file SET head_seq = 3, head_hash = (SELECT hash FROM case_event WHERE case_no = '{M1}' AND seq = 3) WHERE number = '{M1}'",
        M1,
    ),
    "moved to another case": (
        f"UPDATE case_event SET case_no = '{M1}', seq = 99 WHERE case_no = '{O2}' AND seq = 2",
        "SELECT 1",
        "",
    ),
    "hash recomputed for one entry only": (
        f"UPDATE case_event SET data = substr(data, 1, 20) || CASE substr(data, 21, 1) WHEN 'A' THEN 'B' ELSE 'A' END || substr(data, 22) WHERE case_no = '{O1}' AND seq = 1",
        f"UPDATE case_event SET hash = prev WHERE case_no = '{O1}' AND seq = 1",
        O1,
    ),
    "a deadline added": (
        f"INSERT INTO case_deadline SELECT '{O2}', 'retention', kind, late, owed_by, status, starts, due, original_due, edition, provisional, met, extension, flagged, resumed, pending, length, pauses FROM case_deadline WHERE id = 'retention'",
        "SELECT 1",
        O2,
    ),
    "a deadline met": ("UPDATE case_deadline SET met = '2026-03-02', status = 'met' WHERE id = 'retention'", "SELECT 1", M1),
    "an original due date": ("UPDATE case_deadline SET original_due = '2026-12-31' WHERE id = 'handling'", "SELECT 1", ""),
    "a mark's reason": ("UPDATE record_mark SET reason = '无' WHERE kind = 'disputed'", "SELECT 1", M1),
    "a mark's last day": ("UPDATE record_mark SET last_day = '2026-12-31' WHERE kind = 'disputed'", "SELECT 1", M1),
    "a mark on another record": ("UPDATE record_mark SET record = 'R-3' WHERE kind = 'disputed'", "SELECT 1", M1),
    "a record's subject": ("UPDATE credit_record SET person = (SELECT person FROM credit_record WHERE no = 'R-3') WHERE no = 'R-1'", "SELECT 1", "R-1"),
    "a record's validity": ("UPDATE credit_record SET valid_until = '2030-01-01' WHERE no = 'R-1'", "SELECT 1", "R-1"),
    "a record removed": ("UPDATE credit_record SET removed = true WHERE no = 'R-3'", "SELECT 1", "R-3"),
    "a record added": (
        "INSERT INTO credit_record SELECT 'R-99', subject_kind, subject_key, person, provider, open_class, content, valid_from, valid_until, revision, removed FROM credit_record WHERE no = 'R-3'",
        "SELECT 1",
        "R-99",
    ),
    "a case's version": (f"UPDATE case_file SET version = 99 WHERE number = '{O1}'", "SELECT 1", O1),
    "a case's day": (f"UPDATE case_file SET opened = '2026-01-01' WHERE number = '{O1}'", "SELECT 1", O1),
    "a case's parent": (f"UPDATE case_file SET parent = '{O2}' WHERE number = '{M1}'", "SELECT 1", M1),
    "a case's final flag": (f"UPDATE case_file SET final = true WHERE number = '{O2}'", "SELECT 1", O2),
    "a case's materials": (f"UPDATE case_file SET materials = '{{}}' WHERE number = '{O1}'", "SELECT 1", O1),
    "the rest of the name of the applicant's number": (f"UPDATE case_file SET subject_key = 'x' WHERE number = '{O2}'", "SELECT 1", O2),
}  # fmt: skip


@pytest.mark.parametrize(("first", "second", "named"), CHANGES.values(), ids=CHANGES.keys())
def test_a_change_is_found_and_named(copy: Path, first: str, second: str, named: str) -> None:
    change(copy, first, second)
    with pytest.raises(IntegrityFault) as caught:
        verified(copy)
    assert named in caught.value.message.zh
    assert named in caught.value.message.en


@pytest.mark.parametrize("table", ["case_event", "journal_log"])
def test_the_triggers_hold_through_every_door(copy: Path, table: str) -> None:
    same = f"SELECT * FROM {table} ORDER BY id LIMIT 1"
    statements = [
        f"UPDATE {table} SET at = at", f"UPDATE {table} SET seq = seq + 1", f"DELETE FROM {table}", f"TRUNCATE {table}",
        f"DELETE FROM {table} WHERE id = 1", f"TRUNCATE {table}_2026_03",
        f"INSERT INTO {table} {same} ON CONFLICT (id, at) DO UPDATE SET hash = excluded.hash",
    ] if where.POSTGRES else [
        f"UPDATE {table} SET at = at", f"UPDATE OR IGNORE {table} SET seq = seq + 1", f"DELETE FROM {table}",
        f"DELETE FROM {table} WHERE id = 1", f"REPLACE INTO {table} SELECT * FROM {table} WHERE id = 1",
        f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1",
    ]  # fmt: skip
    with closing(where.connect(copy)) as db:
        before = db.execute(f"SELECT * FROM {table} ORDER BY id").fetchall()
        refused = 0
        for statement in statements:
            try:
                db.execute(statement)
            except sqlite3.DatabaseError:
                refused += 1
            db.rollback()
        assert db.execute(f"SELECT * FROM {table} ORDER BY id").fetchall() == before
        assert refused >= 4


def test_verify_names_the_first_broken_entry(copy: Path) -> None:
    change(copy, f"UPDATE case_event SET actor = 'x' WHERE case_no = '{O1}' AND seq IN (3, 5)")
    with pytest.raises(IntegrityFault) as caught:
        verified(copy)
    assert caught.value.details == {"case": O1, "seq": 3}


def test_verify_changes_nothing(copy: Path) -> None:
    before = where.content(copy)
    assert verified(copy)["cases"] == 4
    assert where.content(copy) == before


def test_a_log_from_another_database_does_not_verify(tmp_path: Path) -> None:
    paths = []
    for name in ("one", "two"):
        service = Service(tmp_path / f"{name}.db")
        service.objection("2026-03-02", reason=name)
        paths.append(service.path)
    with closing(where.connect(paths[0])) as db:
        (key,) = db.execute("SELECT value FROM meta WHERE key = 'id'").fetchone()
    change(paths[1], f"UPDATE meta SET value = '{key}' WHERE key = 'id'")
    with pytest.raises(IntegrityFault), where.database(paths[1]).reading() as db_read:
        verify(db_read)
