"""The database: what it keeps, what it refuses, and how damage is found."""

from __future__ import annotations

import ast
import re
import sqlite3
import stat
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlmodel import SQLModel

from credit_workflow.definition.library import Definition, body_of, from_body
from credit_workflow.errors import Conflict, CreditWorkflowError, IntegrityFault, NotFound, Refused
from credit_workflow.store.integrity.verification import verify
from credit_workflow.store.mapping.shape import instant_of, instant_text
from credit_workflow.store.schema.creation import create
from tests import columns, where
from tests.integration.helpers import TO_MARKED, Service, Watched

pytestmark = pytest.mark.usefixtures("databases")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Service:
    """A service whose history nobody may change: copies are."""
    service = Service(tmp_path_factory.mktemp("template") / "cases.db")
    _, marking = service.marked()
    service.follow("revocation", marking, "2026-03-10")
    service.objection("2026-03-11", "R-2")
    with pytest.raises(Refused):
        service.life("OBJ-2026-000002", "2026-03-11", "center1:receive")
    return service


@pytest.fixture
def copy(template: Service, tmp_path: Path) -> Path:
    path = tmp_path / "copy.db"
    return where.copy(template.path, path)


def change(path: Path, *statements: str) -> None:
    """Change a database behind the program's back, as somebody with the file could."""
    with closing(where.connect(path)) as db:
        with where.unguarded(db):
            for statement in statements:
                db.execute(statement)
        db.commit()


def verified(path: Path) -> dict[str, int]:
    with where.database(path).reading() as db:
        return verify(db)


def test_a_clean_history_verifies(template: Service) -> None:
    counts = template.verify()
    assert (counts["cases"], counts["records"]) == (4, 3)
    assert counts["events"] == 21


TAMPERING: dict[str, str] = {
    "an entry's content": "UPDATE case_event SET data = substr(data, 1, 20) || CASE substr(data, 21, 1) WHEN 'A' THEN 'B' ELSE 'A' END || substr(data, 22) WHERE case_no LIKE 'MRK%'",
    "an entry's actor": "UPDATE case_event SET actor = 'center2' WHERE id = 5",
    "an entry's day": "UPDATE case_event SET effective = '2026-03-01' WHERE id = 3",
    "an entry's hash": "UPDATE case_event SET hash = 'x' WHERE id = 4",
    "an entry removed": "DELETE FROM case_event WHERE id = 3",
    "the last entry removed": "DELETE FROM case_event WHERE id = (SELECT max(id) FROM case_event)",
    "a refusal removed": "DELETE FROM case_event WHERE case_no = 'OBJ-2026-000002' AND action = 'receive'",
    "two entries swapped": "UPDATE case_event SET seq = CASE seq WHEN 2 THEN 3000 ELSE seq END WHERE case_no = 'OBJ-2026-000001'",
    "an entry inserted": "INSERT INTO case_event (id, case_no, seq, at, effective, actor, role, action, before, after, data, prev, hash)"
    " SELECT 99, case_no, 99, at, effective, actor, role, action, before, after, data, prev, hash FROM case_event WHERE id = 2",
    "a case's state": "UPDATE case_file SET state = 'closed' WHERE number = 'OBJ-2026-000002'",
    "a case's reason": "UPDATE case_file SET fields = '{}' WHERE number = 'OBJ-2026-000002'",
    "a case's applicant": "UPDATE case_file SET person = (SELECT person FROM case_file WHERE number = 'OBJ-2026-000001') WHERE number = 'OBJ-2026-000002'",
    "whom a case waits for": "UPDATE case_file SET waits_for = 'center' WHERE number = 'OBJ-2026-000002'",
    "a case removed": "DELETE FROM case_file WHERE number = 'OBJ-2026-000002'",
    "a due date": "UPDATE case_deadline SET due = '2026-12-01' WHERE id = 'retention'",
    "a deadline removed": "DELETE FROM case_deadline WHERE id = 'retention'",
    "a deadline hidden from the sweep": "UPDATE case_deadline SET pending = false WHERE id = 'retention'",
    "a deadline made a target": "UPDATE case_deadline SET kind = 'target' WHERE id = 'archive'",
    "a mark lifted": "UPDATE record_mark SET lifted = '2026-03-10' WHERE kind = 'disputed'",
    "a mark removed": "DELETE FROM record_mark WHERE kind = 'disputed'",
    "a record's content": "UPDATE credit_record SET content = '良好' WHERE no = 'R-2'",
    "a record removed": "DELETE FROM credit_record WHERE no = 'R-3'",
    "a look at the records' log": "UPDATE journal_log SET actor = 'admin1' WHERE id = 2",
    "an import removed": "DELETE FROM journal_log WHERE stream = 'record:R-1'",
}


@pytest.mark.parametrize("statement", TAMPERING.values(), ids=TAMPERING.keys())
def test_what_was_changed_behind_our_back_is_found(copy: Path, statement: str) -> None:
    assert verified(copy)["cases"] == 4
    change(copy, statement)
    with pytest.raises(IntegrityFault) as caught:
        verified(copy)
    assert caught.value.exit_status == 7


def test_a_case_that_is_wholly_gone_leaves_a_gap_in_the_numbers(copy: Path) -> None:
    tables = ("case_event", "case_file", "case_deadline", "record_mark")
    columns = ("case_no", "number", "case_no", "case_no")
    change(copy, *(f"DELETE FROM {t} WHERE {c} = 'OBJ-2026-000002'" for t, c in zip(tables, columns, strict=True)))
    with pytest.raises(IntegrityFault, match=r"OBJ-2026-000002.*gap"):
        verified(copy)


@pytest.mark.parametrize("table", ["case_event", "journal_log"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET actor = 'x'", "DELETE FROM {}"])
def test_the_logs_refuse_change(copy: Path, table: str, statement: str) -> None:
    with closing(where.connect(copy)) as db, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.execute(statement.format(table))


#: A server counts entries with 64 bits, and its partitioned logs have the month in their keys.
ON_A_SERVER = [
    *(("modify_type", name) for name in ("case_event.id", "journal_about.id", "journal_log.id", "log_head.entries")),
    *(("modify_type", f"seal_log.{name}") for name in ("seq", "events", "journal", "size")),
    *((done, log) for log in ("case_event", "journal_log") for done in ("remove_index", "add_constraint")),
]


def told(difference: Any) -> tuple[str, str]:
    """What a difference between tables and models is, and where."""
    if isinstance(difference, list):
        ((kind, _, table, column, *_),) = difference
        return kind, f"{table}.{column}"
    kind, thing = difference
    return kind, next(iter(thing.columns)).table.name


def test_the_migrations_give_the_tables(copy: Path) -> None:
    address = where.url(copy)
    engine = create_engine(address if "://" in address else f"sqlite:///{address}")
    with engine.connect() as connection:
        whole = {"include_object": lambda *found: not re.search(r"_\d{4}_\d{2}", str(found[1]))}
        found = compare_metadata(MigrationContext.configure(connection, opts=whole), SQLModel.metadata)
        assert sorted(map(told, found)) == (sorted(ON_A_SERVER) if where.POSTGRES else [])
    engine.dispose()


def test_a_thread_that_keeps_its_connection_keeps_it_from_nobody(copy: Path) -> None:
    """The scheduler may sweep while somebody acts in the same process."""
    office = Service(copy, known=True)
    with ThreadPoolExecutor(1) as pool, office.database.staying_open():
        with office.database.writing() as db:
            before = db.cases.entries_kept()
        pool.submit(office.objection, "2026-05-06", "R-2").result()
        with office.database.writing() as db:
            assert db.cases.entries_kept() == before + 1
    office.verify()


def test_no_sql_stands_outside_the_store() -> None:
    package = Path(columns.FILE).parents[2]
    found = [
        (str(file.relative_to(package)), node.value)
        for file in package.rglob("*.py")
        if "store" not in file.relative_to(package).parts
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if re.search(r"\b(SELECT|WHERE|ORDER BY|INSERT INTO|UPDATE|DELETE FROM) ", node.value)
    ]
    assert found == []


def test_the_columns_are_those_of_the_tables() -> None:
    assert columns.FILE.read_text(encoding="utf-8") == columns.text(), "run python -m tests.columns"


@pytest.mark.sqlite("the modes of a file")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_the_file_is_its_owners_alone(template: Service) -> None:
    assert stat.S_IMODE(template.path.stat().st_mode) == 0o600


@pytest.mark.sqlite("the bytes of a file")
@pytest.mark.parametrize("content", [b"not a database, but a letter\n" * 99, b"SQLite format 3\x00" + b"\xff" * 4000])
def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "letter.db"
    path.write_bytes(content)
    with pytest.raises(IntegrityFault), where.database(path).reading():
        pass
    assert path.read_bytes() == content


def test_a_foreign_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    where.owner(path)
    with closing(where.connect(path)) as db:
        db.execute("CREATE TABLE case_event (x text)")
        db.commit()
    for opening in (where.database(path).reading, where.database(path).writing):
        with pytest.raises(IntegrityFault, match="not a database of this software"), opening():
            pass


@pytest.mark.sqlite("the bytes of a file")
def test_a_truncated_database_is_damaged(copy: Path) -> None:
    copy.write_bytes(copy.read_bytes()[: copy.stat().st_size // 3])
    with pytest.raises(CreditWorkflowError) as caught:
        verified(copy)
    assert caught.value.exit_status == 7


def test_what_is_missing_is_not_created(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="init"), where.database(tmp_path / "none.db").reading():
        pass
    assert list(tmp_path.iterdir()) == []


def test_what_exists_is_not_created_again(copy: Path) -> None:
    before = where.content(copy)
    service = Service.__new__(Service)
    with pytest.raises(Refused):
        create(where.new(copy), training=True, at=Service.moment(service, "2026-03-01").at, accounts={})
    assert where.content(copy) == before


def test_a_case_that_has_changed_is_a_conflict(tmp_path: Path) -> None:
    service = Service(tmp_path / "cases.db")
    case = service.objection("2026-03-02")
    desk = service.desk("window1", "2026-03-02")
    desk.act(case, "accept", all_materials=True, expect_version=1)
    with pytest.raises(Conflict) as caught:
        desk.act(case, "transfer", all_materials=True, expect_version=1)
    assert caught.value.details == {"version": 2, "expected": 1}


def test_an_edited_definition_needs_a_new_version(tmp_path: Path) -> None:
    service = Service(tmp_path / "cases.db")
    workflow = service.definitions["objection"].workflow
    for version, refused in ((2, True), (3, False)):
        edited = msgspec.structs.replace(workflow, version=version, source="附件2（改）")
        service.definitions = {**service.definitions, "objection": from_body(body_of(edited))}
        assert isinstance(service.definitions["objection"], Definition)
        if refused:
            with pytest.raises(Refused, match="raise its version"):
                service.objection("2026-03-02")
        else:
            assert service.objection("2026-03-02") == "OBJ-2026-000001"


def test_a_case_keeps_the_definition_that_it_began_with(tmp_path: Path) -> None:
    service = Service(tmp_path / "cases.db")
    case = service.objection("2026-03-02")
    workflow = service.definitions["objection"].workflow
    stricter = msgspec.structs.replace(workflow, version=3, actions={
        name: msgspec.structs.replace(a, by=("center",)) if name == "accept" else a for name, a in workflow.actions.items()
    })  # fmt: skip
    service.definitions = {**service.definitions, "objection": from_body(body_of(stricter))}
    second = service.objection("2026-03-02", "R-2")
    service.life(case, "2026-03-02", "window1:accept")
    with pytest.raises(CreditWorkflowError) as caught:
        service.life(second, "2026-03-02", "window1:accept")
    assert caught.value.exit_status == 6


def test_a_refusal_is_logged_and_changes_nothing_else(tmp_path: Path) -> None:
    service = Service(tmp_path / "cases.db")
    case = service.objection("2026-03-02")
    attempts: list[Callable[[], str]] = [
        lambda: service.life(case, "2026-03-02", "center1:accept"),
        lambda: service.life(case, "2026-03-02", "window1:transfer"),
    ]
    with service.database.reading() as db:
        before = db.cases.get(case)
    for attempt in attempts:
        with pytest.raises(CreditWorkflowError):
            attempt()
    with service.database.reading() as db:
        assert db.cases.get(case) == before
        refused = [entry.change.refused for _, _, entry in db.cases.entries(case) if entry.change.refused]
    assert [r.code for r in refused if r] == ["role", "state"]
    assert service.verify()["events"] == 3


def test_linked_cases_are_written_together(tmp_path: Path) -> None:
    service = Service(tmp_path / "cases.db")
    objection, marking = service.marked()
    revocation = service.follow("revocation", marking, "2026-03-12")
    service.life(revocation, "2026-03-13", TO_MARKED.replace("center1:mark", "center1:revoke"))
    with service.database.reading() as db:
        states = [db.cases.get(number).state for number in (objection, marking, revocation)]
        marks = [mark.lifted is not None for _, mark in db.records.marks_on("R-1")]
    assert states == ["revoked"] * 3
    assert marks == [True, True]
    assert service.verify()["cases"] == 3


def test_a_text_under_another_definitions_digest_is_never_kept_for_other_databases(
    template: Service, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Definitions made ready to run are kept for the process by digest, and a digest says what they are."""
    monkeypatch.setattr("credit_workflow.store.reading.opened._KNOWN", {})
    change(copy, "UPDATE definition SET body = replace(body, '异议', '另文') WHERE workflow = 'objection'")
    titles = []
    for path in (copy, template.path, copy):
        with where.database(path).reading() as db:
            rules = {r.workflow.workflow: r.workflow for r in db.rules.values()}
            titles.append((rules["objection"].title.zh, rules["marking"].title.zh == "异议标注"))
    assert titles[:2] == [("另文", True), ("异议", True)]
    assert titles[2] == ("异议", True)  # known by then: a digest means one text alone


def test_each_definition_is_read_once_for_the_process(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("credit_workflow.store.reading.opened._KNOWN", {})
    asked: list[str] = []
    for _ in range(2):
        with where.database(copy).reading() as db:
            plain = db.plain
            db.plain = watched = Watched(plain)
            order = list(db.rules)
            listed = plain.execute("SELECT digest FROM definition ORDER BY workflow, version").fetchall()
            assert [digest for (digest,) in listed] == order
            asked += [sql for sql, _ in watched.asked]
    assert [("body" in statement) for statement in asked if "definition" in statement] == [False, True, False]


@pytest.mark.parametrize(
    "text",
    ["2026-03-02", "2026-03-02T01:00:00", "2026-03-02T01:00:00+00:00", "2026-03-02 01:00:00Z", "2026-03-02T01:00:00.5Z",
     "20260302T010000Z", "2026-03-02T09:00:00+08:00", "nonsense", ""],
)  # fmt: skip
def test_an_instant_that_is_written_otherwise_than_the_program_does_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"instant|isoformat"):
        instant_of(text)
    assert instant_text(instant_of("2026-03-02T01:00:00Z")) == "2026-03-02T01:00:00Z"
