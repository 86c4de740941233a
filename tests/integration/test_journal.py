"""The second log: read by what its entries are about, by span and account; with its index, and without."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from credit_workflow.casework.clock import span_of
from credit_workflow.casework.criteria import CaseQuery
from credit_workflow.casework.journal.entry import About, Line, Said
from credit_workflow.casework.journal.look_entries import Look
from credit_workflow.casework.journal.message_entries import Attempt
from credit_workflow.casework.journal.record_entries import OfRecord
from credit_workflow.casework.journal.running_entries import Made, Rehearsed, Swept
from credit_workflow.casework.papers.printing import prints
from credit_workflow.errors import IntegrityFault
from credit_workflow.service.use_cases.daily.records import ShowRecord
from credit_workflow.store.integrity.verification import verify
from credit_workflow.store.reading.reader import Reader
from credit_workflow.store.transfer import transfer
from tests import where
from tests.integration.helpers import Service, Watched
from tests.property.lives import numbers

pytestmark = pytest.mark.usefixtures("databases")
R1: About = ("record", "R-1")


@pytest.fixture
def service(tmp_path: Path) -> Service:
    service = Service(tmp_path / "cases.db")
    for day, record in (("2026-03-02", "R-1"), ("2026-03-03", "R-2"), ("2026-03-04", "R-1")):
        service.desk("center1", day).ask(ShowRecord(record_no=record))
    service.sweep("2026-03-05")
    service.desk("window1", "2026-03-06").ask(ShowRecord(record_no="R-3"))
    return service


def without_index(path: Path) -> None:
    """Make a database what it was before migration 0005."""
    with closing(where.connect(path)) as db:
        db.execute("DROP TABLE journal_about")
        db.execute("DROP INDEX journal_log_when")
        db.execute("DROP INDEX journal_log_whose")
        db.execute("UPDATE alembic_version SET version_num = '0004'")
        db.commit()


@pytest.fixture(params=["indexed", "before the index"])
def either(service: Service, request: pytest.FixtureRequest) -> Service:
    if request.param != "indexed":
        without_index(service.path)
    return service


def march(day: int) -> date:
    return date(2026, 3, day)


def places(lines: Any) -> list[tuple[str, int]]:
    found: list[Line[Said]] = list(lines)
    return [(line.stream, line.seq) for line in found]


def test_entries_are_found_by_what_they_are_about(either: Service) -> None:
    with either.database.reading() as db:
        key = db.records.get("R-1").subject.key
        assert places(db.journal.about(Look, R1)) == [("look-up", 1), ("look-up", 3)]
        assert places(db.journal.about(Look, ("person", key))) == [("look-up", n) for n in (1, 2, 3, 4)]
        assert places(db.journal.about(Look, ("record", "R-9"))) == []
        assert places(db.journal.about(Look, R1, span=span_of(march(3), None, "Asia/Shanghai"))) == [("look-up", 3)]
        assert places(db.journal.everything(about=[R1])) == [("look-up", 1), ("look-up", 3), ("record:R-1", 1)]
        assert places(db.journal.everything(about=[R1, ("record", "R-3")], actor="window1")) == [("look-up", 4)]
        assert prints(db, "OBJ-2026-000001") == {}
    either.verify()


def test_entries_are_found_by_span_account_and_place(either: Service) -> None:
    zone = "Asia/Shanghai"
    with either.database.reading() as db:
        journal = db.journal
        assert places(journal.of(Look, span=span_of(march(3), march(4), zone))) == [("look-up", 2), ("look-up", 3)]
        assert places(journal.of(Look, span=span_of(None, march(2), zone))) == [("look-up", 1)]
        assert places(journal.everything(span=span_of(march(5), None, zone))) == [("look-up", 4), ("sweep", 1)]
        assert places(journal.everything(actor="window1")) == [("look-up", 4)]
        assert [line.of for line in journal.of(OfRecord, "R-2")] == ["R-2"]
        last, first = journal.last(Swept), journal.at(Look, 1)
        assert last is not None
        assert first is not None
        assert (last.said.as_of, first.said.record, first.actor) == (march(5), "R-1", "center1")
        assert journal.at(Look, 99) is journal.last(Attempt) is None
        assert next(line.place for line in journal.everything(actor="system")) == 1
        assert [line.said.marks for line in journal.of(Made)] == [True]


def test_cases_are_found_by_who_acted_and_when(service: Service) -> None:
    first = service.objection("2026-03-09", "R-1")
    second = service.objection("2026-03-10", "R-2")
    service.life(first, "2026-03-11", "window2:accept")
    zone = "Asia/Shanghai"

    def found(**narrowed: Any) -> list[str]:
        with service.database.reading() as db:
            return [case.number for case in db.cases.find(CaseQuery(**narrowed))]

    assert found(acted="window2") == [first]
    assert found(acted="window1") == [first, second]
    assert found(acted="window1", during=span_of(march(10), None, zone)) == [second]
    assert found(during=span_of(march(11), march(11), zone), workflow="objection") == [first]
    assert found(during=span_of(None, march(8), zone)) == []
    assert found(begins="OBJ_") == found(begins="%") == []
    assert found(begins=first[:-1], newest=1) == [second]


def test_only_what_is_asked_for_is_looked_at(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    with service.database.reading() as found:
        db = Reader(Watched(found.plain), service.database.backend.dialect, service.database.keys)
        of_cipher = type(db.cipher).open
        monkeypatch.setattr(type(db.cipher), "open", lambda *a: (opened.append(a[1]), of_cipher(*a))[1])
        assert places(db.journal.about(Look, R1)) == [("look-up", 1), ("look-up", 3)]
        assert opened == ["journal_log:look-up:1", "journal_log:look-up:3"]
        list(db.journal.everything(about=[R1]))
        assert opened[2:] == ["journal_log:look-up:1", "journal_log:look-up:3", "journal_log:record:R-1:1"]
        watched: Any = db.plain
        steps = watched.plans()
        assert not [step for step in steps if step.startswith("SCAN j") or "Seq Scan on journal" in step]
        assert where.POSTGRES or "SEARCH j USING INTEGER PRIMARY KEY (rowid=?)" in steps


def test_an_older_database_is_written_to_and_gets_its_index_where_it_is_carried_over(
    service: Service, tmp_path: Path
) -> None:
    without_index(service.path)
    service.desk("center1", "2026-03-07").ask(ShowRecord(record_no="R-1"))
    counts = service.verify()
    transfer(service.database, where.new(tmp_path / "new.db"))
    with where.database(tmp_path / "new.db").reading() as db:
        assert db.journal.indexed
        assert places(db.journal.about(Look, R1)) == [("look-up", n) for n in (1, 3, 5)]
        assert verify(db) == counts


_LAST = "(SELECT max(id) FROM journal_about)"
TOUCHED = {
    "a look left out": f"DELETE FROM journal_about WHERE id = {_LAST}",
    "another named": f"UPDATE journal_about SET id = id - 1 WHERE id = {_LAST}",
    "one too many": "INSERT INTO journal_about VALUES ('x', 1)",
    "none left": "DELETE FROM journal_about",
}


@pytest.mark.parametrize("statement", TOUCHED.values(), ids=TOUCHED.keys())
def test_an_index_that_is_not_what_the_log_gives_is_found(service: Service, statement: str) -> None:
    with closing(where.connect(service.path)) as db:
        db.execute(statement)
        db.commit()
    with pytest.raises(IntegrityFault, match="journal_about"):
        service.verify()


@pytest.mark.parametrize(
    ("stream", "kind", "text"),
    [
        ("drill", "rehearsed", '{"ok":1,"seconds":1.0,"code":null}'),
        ("drill", "rehearsed", '{"ok":true}'),
        ("drill", "rehearsed", '{"ok":true,"seconds":1.0,"code":null,"more":1}'),
        ("look-up", "record", '{"record":"R-1"}'),
        ("record:R-1", "imported", '{"case":1}'),
        ("nothing", "some", "{}"),
    ],
)
def test_an_entry_that_is_not_understood_is_named(service: Service, stream: str, kind: str, text: str) -> None:
    with service.database.writing() as db:
        seq = sum(line.stream == stream for line in db.journal.everything()) + 1
        db.journal.add_rows([(stream, service.moment("2026-03-07").at, "admin1", "admin", kind, text, ())])
    with service.database.reading() as db, pytest.raises(IntegrityFault, match=f"{stream}#{seq}"):
        list(db.journal.everything())
    if stream == "drill":
        with service.database.reading() as db, pytest.raises(IntegrityFault, match=f"{stream}#{seq}"):
            db.journal.last(Rehearsed)
    with pytest.raises(IntegrityFault, match=f"{stream}#{seq}"):
        service.verify()


def test_whose_number_it_is_stands_nowhere_in_the_index(service: Service) -> None:
    with closing(where.connect(service.path)) as db:
        found = str(db.execute("SELECT about FROM journal_about").fetchall())
    assert not any(part in found for part in ("R-1", "record", *numbers().values()))
