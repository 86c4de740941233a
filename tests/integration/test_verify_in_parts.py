"""Verifying finds the same whether it goes through the cases at once, in parts, or with other processes' help."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.bulk import build
from credit_workflow.errors import IntegrityFault
from credit_workflow.store.integrity import verification as verifying
from credit_workflow.store.integrity.case_check import Part, checking, state_of
from credit_workflow.store.integrity.verification import verify
from credit_workflow.store.schema.columns import COLUMNS
from credit_workflow.store.workers.helpers import Processes
from tests import where
from tests.integration.helpers import Service

pytestmark = pytest.mark.usefixtures("databases")

PAIRS = 12
DEADLINE = ", ".join(COLUMNS["case_deadline"][1:])
NOTICE = ", ".join(COLUMNS["outbox"][2:])


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("parts") / "cases.db"
    build(where.owner(path), PAIRS, late=2)
    service = Service(path, known=True)
    service.sweep("2026-03-20")
    service.sweep("2026-04-20", batch=3)
    return path


@pytest.fixture
def service(template: Path, tmp_path: Path) -> Service:
    return Service(where.copy(template, tmp_path / "cases.db"), known=True)


def found(service: Service, part: int, url: str | None = None) -> dict[str, int] | str:
    """What verifying gives, or what it finds fault with."""
    try:
        with service.database.reading() as db:
            return verify(db, url=url, part=part)
    except IntegrityFault as fault:
        return fault.message.en


#: What is changed behind the program's back, and a word of what is said of it.
CHANGES = {
    "nothing": ("SELECT 1", "events"),
    "a log": (
        "DELETE FROM case_event WHERE case_no = 'MRK-2026-000004'",
        "MRK-2026-000004: the case has no log",
    ),
    "the first case": ("DELETE FROM case_file WHERE number = 'MRK-2026-000001'", "MRK-2026-000001"),
    "the last case": ("DELETE FROM case_file WHERE number = 'OBJ-2026-000012'", "OBJ-2026-000012"),
    "a deadline of nobody": (
        "UPDATE case_deadline SET case_no = 'ZZZ' WHERE case_no = 'OBJ-2026-000005' AND id = 'archive'",
        "OBJ-2026-000005",
    ),
    "a deadline too many": (
        f"INSERT INTO case_deadline (case_no, {DEADLINE}) SELECT 'AAA', {DEADLINE} FROM case_deadline LIMIT 1",
        "AAA",
    ),
    "a mark that went elsewhere": (
        "UPDATE record_mark SET case_no = 'AAA' WHERE case_no = 'MRK-2026-000001'",
        "case is not what its log gives",
    ),
    "a notification too many": (
        f"INSERT INTO outbox (key, case_no, {NOTICE}) SELECT 'key', 'ZZZ', {NOTICE} FROM outbox LIMIT 1",
        "a notification too many",
    ),
    "a notification too many of a case": (
        f"INSERT INTO outbox (key, case_no, {NOTICE}) SELECT 'key', 'OBJ-2026-000007', {NOTICE} FROM outbox LIMIT 1",
        "OBJ-2026-000007",
    ),
    "a notification that is gone": ("DELETE FROM outbox WHERE case_no = 'OBJ-2026-000009'", "OBJ-2026-000009"),
    "a root": ("UPDATE case_file SET root = number WHERE number = 'MRK-2026-000008'", "not linked as its parents"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_parts_of_any_size_find_the_same(service: Service, change: str) -> None:
    statement, said = CHANGES[change]
    with closing(where.connect(service.path)) as db, db, where.unguarded(db):
        db.execute(statement)
    whole = found(service, 1_000)
    assert said in whole
    assert all(found(service, part) == whole for part in (1, 5, 24))


def test_other_processes_find_the_same(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "WORTHWHILE", 2)
    monkeypatch.setattr(verifying, "processors", lambda: 2)
    heard: list[Part] = []
    real = Processes.answer
    monkeypatch.setattr(Processes, "answer", lambda self: heard.append(real(self)) or heard[-1])
    assert found(service, 5, where.url(service.path)) == found(service, 1_000)
    assert len(heard) == 5
    assert sum(part.events for part in heard) == found(service, 1_000)["events"]
    with closing(where.connect(service.path)) as db, db:
        db.execute("UPDATE case_file SET state = 'disputed' WHERE number = 'OBJ-2026-000003'")
    assert "OBJ-2026-000003" in found(service, 5, where.url(service.path))


def test_a_helper_that_sees_another_state_is_not_heard(service: Service) -> None:
    with service.database.reading() as db:
        state = state_of(db)
        with checking(where.url(service.path), service.database.keys, state) as check:
            assert check(("", None)).events == db.count("case_event")
    service.sweep("2026-04-22")
    with pytest.raises(RuntimeError), checking(where.url(service.path), service.database.keys, state):
        pass
