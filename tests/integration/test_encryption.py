"""What a stranger with the files learns of persons, and changing the keys."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

import credit_workflow
from credit_workflow.casework.journal.running_entries import KeysChanged, Swept
from credit_workflow.engine.world import SYSTEM_ACTOR
from credit_workflow.errors import CreditWorkflowError, IntegrityFault, NotFound
from credit_workflow.service.desk import Desk
from credit_workflow.service.office import Office
from credit_workflow.service.seat import Seat
from credit_workflow.store.crypto.keys import key_folder, masters
from credit_workflow.store.crypto.rotation import rotate
from credit_workflow.store.crypto.scans import scan_of, scans_folder
from credit_workflow.store.database import Database
from credit_workflow.store.integrity.verification import verify
from tests import where
from tests.integration.helpers import Service

pytestmark = pytest.mark.usefixtures("databases")

#: What the cases of these tests say of persons, and what must be nowhere in the files.
REASON = "住杭州市西湖区文三路九十九号的张三认为此条有误"
SCAN = b"the scan of an identity card 330106199003077834"


@pytest.fixture
def service(tmp_path: Path) -> Service:
    service = Service(tmp_path / "cases.db")
    service.marked()
    (file := tmp_path / "form.pdf").write_bytes(SCAN)
    with Office(service.database.url, keys=service.database.keys) as office:  # nobody has it open when it is copied
        desk = Desk(office, Seat(account="window1", at=service.moment("2026-03-11").at), account="window1")
        desk.submit(
            "objection", record="R-2", values={"reason": REASON}, materials={"objection_form": file}, all_materials=True
        )
    file.unlink()
    service.path.with_suffix(".csv").unlink()
    return service


def personal(service: Service) -> Iterator[str]:
    """Everything that the database knows of persons."""
    with service.database.reading() as db:
        for record in db.records.find():
            yield from (record.subject.id, record.subject.key, record.subject.name, record.title, record.content)
        for case in db.cases.find():
            yield from (case.subject.id, case.subject.name, str(case.fields.get("reason") or REASON))
    yield SCAN.decode()


def files(service: Service) -> bytes:
    folder = service.path.parent
    here = (*folder.rglob("*"), *scans_folder(service.database).iterdir())
    return b"".join(p.read_bytes() for p in here if p.is_file()) + where.everything(service.path)


def test_a_stranger_with_the_files_learns_nothing_of_persons(service: Service) -> None:
    rules = b"".join(definition.body for definition in service.definitions.values()).decode()
    known = {text for text in personal(service) if text and text not in rules}
    assert REASON in known
    assert len(known) > 6
    content = files(service)
    assert [text for text in known if text.encode() in content] == []
    assert b"OBJ-2026-000001" in content


def test_without_the_key_nothing_is_read_and_nothing_lost(service: Service) -> None:
    elsewhere = Database(service.database.url, service.path.parent / "elsewhere")
    with elsewhere.reading() as db, pytest.raises(NotFound, match="CREDIT_WORKFLOW_KEYS") as caught:
        db.cases.get("OBJ-2026-000001")
    assert caught.value.code == "no_key"
    with service.database.reading() as db:
        assert db.cases.get("OBJ-2026-000001").subject.name


@pytest.mark.parametrize(
    ("column", "other"),
    [
        ("person", "(SELECT person FROM case_file WHERE number = 'OBJ-2026-000002')"),
        ("fields", "(SELECT fields FROM case_file WHERE number = 'OBJ-2026-000002')"),
        ("subject_key", "'0'"),
    ],
)
def test_what_is_sealed_fits_no_other_case(service: Service, column: str, other: str) -> None:
    with closing(where.connect(service.path)) as db:
        db.execute(f"UPDATE case_file SET {column} = {other} WHERE number = 'OBJ-2026-000001'")
        db.commit()
    with service.database.reading() as db, pytest.raises(IntegrityFault):
        db.cases.get("OBJ-2026-000001")


def test_a_scan_that_was_changed_is_found(service: Service) -> None:
    (file,) = scans_folder(service.database).iterdir()
    assert scan_of(service.database, file.name) == SCAN
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with pytest.raises(IntegrityFault):
        scan_of(service.database, file.name)
    file.write_bytes(SCAN)
    with pytest.raises(IntegrityFault):
        scan_of(service.database, file.name)


def rotated(service: Service, at: str = "2026-03-12") -> None:
    acting = service.acting("admin1", at)
    with service.database.writing() as db:
        rotate(db, acting.actor, acting.moment.at)


def test_after_a_change_of_keys_all_is_read_and_new_things_have_the_new_key(service: Service) -> None:
    before = {text for text in personal(service) if text}
    with service.database.reading() as db:
        old, rows = db.cipher.newest, db.data_key_rows()
    rotated(service)
    assert {text for text in personal(service) if text} == before
    assert service.verify()["cases"] == 3
    with service.database.writing() as db:
        acting = service.acting("admin1", "2026-03-12")
        sealing = db.cipher.newest
        done = rotate(db, acting.actor, acting.moment.at)
        assert (sealing, db.cipher.newest) == (old + 1, done.data_key)  # from now on, not from the next transaction
    service.life("OBJ-2026-000002", "2026-03-12", "window1:accept")
    with closing(where.connect(service.path)) as db:
        new, early = (
            db.execute(f"SELECT data FROM case_event WHERE case_no = 'OBJ-2026-000002' AND seq = {seq}").fetchone()[0]
            for seq in (2, 1)
        )
    assert (early.split("~")[1], new.split("~")[1]) == (str(old), str(old + 2))
    with service.database.reading() as db:
        assert {row[2] for row in db.data_key_rows()} == {next(iter(masters(db.keys, db.meta["id"])))}
        assert {row[2] for row in rows}.isdisjoint({row[2] for row in db.data_key_rows()})


def test_who_reads_while_the_keys_change_goes_on(service: Service) -> None:
    with service.database.reading() as db:
        assert db.cases.get("OBJ-2026-000001").subject.name
        rotated(service)
        assert db.cases.get("OBJ-2026-000002").fields["reason"] == REASON
    with where.database(service.path).reading() as late:
        assert late.cases.get("OBJ-2026-000002").fields["reason"] == REASON


def test_the_keys_change_again_and_again_while_others_work(service: Service) -> None:
    """Cases are submitted by another process while the keys change ten times."""
    code = (
        "import sys\nfrom tests.integration.helpers import Service\nfrom pathlib import Path\n"
        "service = Service(Path(sys.argv[1]), known=True)\n"
        "for _ in range(25): service.objection('2026-03-13', 'R-3')\n"
    )
    root = Path(__file__).resolve().parents[2]
    worker = subprocess.Popen([sys.executable, "-c", code, str(service.path)], cwd=root)
    for _ in range(10):
        rotated(service, "2026-03-13")
    assert worker.wait(timeout=120) == 0
    with service.database.reading() as db:
        assert verify(db)["cases"] == 3 + 25
        assert len(db.data_key_rows()) == 12
        assert sum(line.kind == "rotated" for line in db.journal.of(KeysChanged)) == 10


def test_an_old_master_key_opens_an_old_copy_and_not_the_database(service: Service) -> None:
    with service.database.reading() as db:
        file = key_folder(db.keys, db.meta["id"]) / "data.key"
    old = file.read_text()
    copy = service.path.with_name("old.db")
    where.copy(service.path, copy)
    rotated(service)
    with where.database(copy).reading() as db:
        assert db.cases.get("OBJ-2026-000002").fields["reason"] == REASON
    both = file.read_text()
    file.write_text(old)
    with service.database.reading() as db, pytest.raises(CreditWorkflowError) as caught:
        db.cases.get("OBJ-2026-000002")
    assert caught.value.code == "no_key"
    file.write_text(both)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM data_key WHERE id = 1", "DELETE FROM data_key WHERE id = 3",
        "UPDATE data_key SET purpose = 'sealing'", "UPDATE data_key SET master = 'x' WHERE id = 2",
        "UPDATE data_key SET made = 'x' WHERE id = 2", "UPDATE data_key SET wrapped = upper(wrapped) || '00' WHERE id = 2",
        "INSERT INTO data_key SELECT 9, purpose, master, wrapped, made FROM data_key WHERE id = 2",
    ],
)  # fmt: skip
def test_a_data_key_that_was_changed_is_found(service: Service, statement: str) -> None:
    rotated(service)
    assert service.verify()["cases"] == 3
    with closing(where.connect(service.path)) as db:
        db.execute(statement)
        db.commit()
    with pytest.raises(IntegrityFault):
        service.verify()


def test_the_system_s_own_certificates_need_no_key(service: Service) -> None:
    """What is overdue, and when the last sweep was, is told without reading about any person."""
    service.sweep("2026-03-12")
    with Database(service.database.url, service.path.parent / "elsewhere").reading() as db:
        assert db.journal.last(Swept) is not None
        assert SYSTEM_ACTOR.account == "system"


def test_where_keys_lie_is_asked_at_the_edge_alone() -> None:
    """What opens a database names its keys; below, nobody looks at the process's environment for them."""
    code = Path(credit_workflow.__file__).parent
    asking = {f.relative_to(code).as_posix() for f in code.rglob("*.py") if "keys_folder()" in f.read_text("utf-8")}
    assert asking == {"resources.py", "service/premises.py"}
    reading = [f.name for f in code.rglob("*.py") if re.search(r"environ.*CREDIT_WORKFLOW_KEYS", f.read_text("utf-8"))]
    assert reading == ["resources.py"]
