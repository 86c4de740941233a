"""Backups: what is restored is what there was, every change is found, and nothing is overwritten."""

from __future__ import annotations

import os
import random
import stat
import sys
from pathlib import Path

import pytest

from credit_workflow.casework import desk
from credit_workflow.casework.desk import Form, NewCase
from credit_workflow.errors import CreditWorkflowError, IntegrityFault, NotFound, Refused
from credit_workflow.store import backup
from credit_workflow.store.backup import create_backup, restore_backup, verify_backup
from credit_workflow.store.database import Database
from credit_workflow.store.keys import key_folder
from credit_workflow.store.scans import kept, scan_of, scans_folder
from credit_workflow.store.verify import verify
from tests.integration.helpers import Service

pytestmark = [pytest.mark.usefixtures("databases"), pytest.mark.sqlite("what is backed up and restored is a file")]

HEADER, PIECE = 50, (1 << 20) + 16


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    """A service with linked cases and a scan large enough for several pieces."""
    folder = tmp_path_factory.mktemp("backed")
    service = Service(folder / "cases.db")
    service.marked()
    (scan := folder / "form.pdf").write_bytes(random.Random(1).randbytes(2_500_000))
    with kept(service.database, {"objection_form": scan}) as digests:
        form = Form(given={"reason": "有误"}, all_materials=True, materials=digests)
        desk.submit(service.session("window1", "2026-03-11"), NewCase(workflow="objection", record="R-2"), form)
    return service


@pytest.fixture(scope="module")
def whole(service: Service) -> bytes:
    file = service.path.with_name("whole.bak")
    assert create_backup(service.database, file).bytes == file.stat().st_size
    return file.read_bytes()


@pytest.fixture
def file(whole: bytes, tmp_path: Path) -> Path:
    (path := tmp_path / "b.bak").write_bytes(whole)
    return path


def identity(service: Service) -> str:
    with service.database.reading() as db:
        return str(db.meta["id"])


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def found(file: Path, content: bytes) -> CreditWorkflowError:
    file.write_bytes(content)
    with pytest.raises(CreditWorkflowError) as caught:
        verify_backup(file)
    return caught.value


def test_a_round_trip(service: Service, file: Path, tmp_path: Path) -> None:
    to = tmp_path / "new" / "cases.db"
    counts = verify_backup(file)
    assert restore_backup(file, to) == counts
    with Database(str(to)).reading() as db:
        restored = verify(db)
    assert restored == service.verify() == {k: v for k, v in counts.items() if k != "seals"}
    scans = {p.name: p.read_bytes() for p in scans_folder(service.database).iterdir()}
    assert [len(scan_of(service.database, digest)) for digest in scans] == [2_500_000]
    assert {p.name: p.read_bytes() for p in scans_folder(Database(str(to))).iterdir()} == scans
    assert names(to.parent) == ["cases.db", "cases.db.scans"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_all_of_it_is_its_owners_alone(service: Service, file: Path, tmp_path: Path) -> None:
    to, key = tmp_path / "cases.db", key_folder(identity(service)) / "backup.key"
    before = os.umask(0o022)
    try:
        restore_backup(file, to)
    finally:
        os.umask(before)
    private = [service.path.with_name("whole.bak"), key, to, *scans_folder(Database(str(to))).iterdir()]
    assert {stat.S_IMODE(p.stat().st_mode) for p in private} == {0o600}
    assert {stat.S_IMODE(p.stat().st_mode) for p in (key.parent, scans_folder(Database(str(to))))} == {0o700}


def test_any_byte_changed_is_found(whole: bytes, tmp_path: Path) -> None:
    dice, bad = random.Random(2), tmp_path / "bad.bak"
    assert len(whole) > HEADER + 2 * PIECE
    for place in [*range(HEADER), *(dice.randrange(HEADER, len(whole)) for _ in range(200))]:
        fault = found(bad, whole[:place] + bytes([whole[place] ^ (1 << dice.randrange(8))]) + whole[place + 1 :])
        if place >= HEADER - 8:  # from the nonce on; before it, it is no backup, or another database's
            assert isinstance(fault, IntegrityFault), place


def test_any_cut_or_exchange_of_pieces_is_found(whole: bytes, tmp_path: Path) -> None:
    edges = [*range(HEADER, len(whole), PIECE)]
    pieces = [whole[edge : edge + PIECE] for edge in edges]
    assert len(pieces) >= 3
    changed = [whole[:edge] for edge in edges] + [whole[: edge + 1] for edge in edges] + [whole[:-1], whole + b"x"]
    rest = range(2, len(pieces))
    orders = ([1, 0, *rest], [0, 0, *rest], [0, *rest])
    changed += [whole[:HEADER] + b"".join(pieces[n] for n in order) for order in orders]
    for content in changed:
        assert isinstance(found(tmp_path / "bad.bak", content), IntegrityFault)
    for end in range(HEADER):
        assert found(tmp_path / "bad.bak", whole[:end]).exit_status == 2


def test_pieces_of_two_backups_do_not_go_together(service: Service, whole: bytes, tmp_path: Path) -> None:
    create_backup(service.database, tmp_path / "second.bak")
    second = (tmp_path / "second.bak").read_bytes()
    mixed = whole[: HEADER + PIECE] + second[HEADER + PIECE :]
    assert isinstance(found(tmp_path / "bad.bak", mixed), IntegrityFault)


@pytest.mark.parametrize(("text", "error"), [("11" * 32, IntegrityFault), ("no key", NotFound), (None, NotFound)])
def test_another_key_does_not_open_it(
    service: Service,
    file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    text: str | None,
    error: type[Exception],
) -> None:
    folder = tmp_path / "keys" / identity(service)
    folder.mkdir(parents=True)
    if text is not None:
        (folder / "backup.key").write_text(text, encoding="ascii")
    monkeypatch.setenv("CREDIT_WORKFLOW_KEYS", str(tmp_path / "keys"))
    with pytest.raises(error, match="key"):
        verify_backup(file)
    assert names(folder) == ([] if text is None else ["backup.key"])


def test_the_key_is_made_once(service: Service, whole: bytes, tmp_path: Path) -> None:
    key = key_folder(identity(service)) / "backup.key"
    before = key.read_text(encoding="ascii")
    create_backup(service.database, tmp_path / "again.bak")
    assert key.read_text(encoding="ascii") == before
    assert before.encode() not in whole


def test_nothing_is_overwritten(service: Service, file: Path, tmp_path: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(Refused):
        create_backup(service.database, file)
    assert file.read_bytes() == before
    for name in ("a.db", "b.db-wal", "c.db.scans"):
        (tmp_path / name).write_bytes(b"mine")
        with pytest.raises(Refused):
            restore_backup(file, tmp_path / f"{name[0]}.db")
        assert (tmp_path / name).read_bytes() == b"mine"
    assert names(tmp_path) == ["a.db", "b.bak", "b.db-wal", "c.db.scans"]


@pytest.mark.parametrize("late", ["cases.db", "cases.db.scans"])
def test_what_comes_meanwhile_is_not_overwritten(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, late: str
) -> None:
    """Somebody puts something there after the place was looked at."""
    monkeypatch.setattr(backup, "_refuse_taken", lambda _: None)
    if late.endswith("scans"):
        (tmp_path / late).mkdir()
        (tmp_path / late / "mine").write_bytes(b"mine")
    else:
        (tmp_path / late).write_bytes(b"mine")
    with pytest.raises(CreditWorkflowError):
        restore_backup(file, tmp_path / "cases.db")
    assert names(tmp_path) == ["b.bak", late]
    mine = tmp_path / late
    assert (mine / "mine" if mine.is_dir() else mine).read_bytes() == b"mine"


def test_a_place_that_can_not_be_written_is_said_so(service: Service, tmp_path: Path) -> None:
    with pytest.raises(CreditWorkflowError):
        create_backup(service.database, tmp_path / "none" / "b.bak")
    assert names(tmp_path) == []


def test_nothing_is_left_behind(whole: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (scratch := tmp_path / "scratch").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    (file := tmp_path / "b.bak").write_bytes(whole[:-1])
    for _ in range(2):
        with pytest.raises(IntegrityFault):
            restore_backup(file, tmp_path / "cases.db")
    with pytest.raises(IntegrityFault):
        verify_backup(file)
    assert names(scratch) == []
    assert names(tmp_path) == ["b.bak", "scratch"]


def test_a_backup_is_of_one_instant_although_people_go_on_working(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each step of the copy is followed by a submission: it ends all the same, and has none of them."""
    monkeypatch.setattr(backup, "_PAGES", 8)
    service = Service(tmp_path / "cases.db")
    service.objection("2026-03-02")
    told: list[tuple[int, int]] = []

    def meanwhile(done: int, total: int) -> None:
        told.append((done, total))
        if len(told) <= 20:
            service.objection("2026-03-02")

    made = create_backup(service.database, file := tmp_path / "b.bak", meanwhile)
    assert (made.database, made.events) == (identity(service), 1)
    assert verify_backup(file)["events"] == 1
    assert service.verify()["events"] == 1 + min(len(told), 20)
    assert len(told) > 5


def test_the_progress_of_a_backup_is_told(service: Service, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    create_backup(service.database, tmp_path / "b.bak", lambda done, total: told.append((done, total)))
    ends = [n for n, (done, total) in enumerate(told) if done == total]
    assert len(ends) == 2  # of the copy, and of the file
    for phase in (told[: ends[0] + 1], told[ends[0] + 1 :]):
        assert phase == sorted(phase)
        assert len({total for _, total in phase}) == 1
    assert len(told) >= 4
