"""Backups: what is restored is what there was, every change is found, and nothing is overwritten."""

from __future__ import annotations

import os
import random
import stat
import sys
from contextlib import closing
from pathlib import Path

import pytest

from credit_workflow.errors import CreditWorkflowError, IntegrityFault, NotFound, Refused
from credit_workflow.resources import keys_folder
from credit_workflow.store import backup
from credit_workflow.store.backup import create_backup, restore_backup, verify_backup
from credit_workflow.store.crypto.keys import key_folder
from credit_workflow.store.crypto.scans import scan_of, scans_folder
from credit_workflow.store.database import Database
from credit_workflow.store.integrity.verification import verify
from tests import where
from tests.integration.helpers import Service

pytestmark = pytest.mark.usefixtures("databases")

HEADER, PIECE = 50, (1 << 20) + 16


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    """A service with linked cases and a scan large enough for several pieces."""
    folder = tmp_path_factory.mktemp("backed")
    service = Service(folder / "cases.db")
    service.marked()
    (scan := folder / "form.pdf").write_bytes(random.Random(1).randbytes(2_500_000))
    desk = service.desk("window1", "2026-03-11")
    desk.submit(
        "objection", record="R-2", values={"reason": "有误"}, materials={"objection_form": scan}, all_materials=True
    )
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


def place(path: Path) -> Database:
    """Where nothing is yet: a path, or an empty database on the server."""
    return where.new(path)


def scans_in(database: Database) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in scans_folder(database).iterdir()}


def found(file: Path, content: bytes) -> CreditWorkflowError:
    file.write_bytes(content)
    with pytest.raises(CreditWorkflowError) as caught:
        verify_backup(file, keys_folder())
    return caught.value


def test_a_round_trip(service: Service, file: Path, tmp_path: Path) -> None:
    to = tmp_path / "new" / "cases.db"
    counts = verify_backup(file, keys_folder())
    assert restore_backup(file, place(to)) == counts
    with where.database(to).reading() as db:
        restored = verify(db)
    assert restored == service.verify() == {k: v for k, v in counts.items() if k != "seals"}
    scans = scans_in(service.database)
    assert [len(scan_of(service.database, digest)) for digest in scans] == [2_500_000]
    assert [len(scan_of(where.database(to), digest)) for digest in scans] == [2_500_000]
    assert scans_in(where.database(to)) == scans
    assert where.traces(to) == ["", ".scans"]


def test_people_go_on_in_what_was_restored_and_it_says_all_that_there_was(
    service: Service, file: Path, tmp_path: Path
) -> None:
    restore_backup(file, place(to := tmp_path / "cases.db"))
    assert sorted(where.dump(to)) == sorted(where.dump(service.path))
    restored = Service(to, known=True)
    assert restored.sweep("2026-04-09").fired["expire"] == 1
    assert restored.objection("2026-04-09", "R-3") == "OBJ-2026-000003"
    assert restored.verify()["cases"] == service.verify()["cases"] + 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_all_of_it_is_its_owners_alone(service: Service, file: Path, tmp_path: Path) -> None:
    to, key = tmp_path / "cases.db", key_folder(service.database.keys, identity(service)) / "backup.key"
    before = os.umask(0o022)
    try:
        restore_backup(file, place(to))
    finally:
        os.umask(before)
    scans = scans_folder(where.database(to))
    private = [service.path.with_name("whole.bak"), key, *scans.iterdir(), *([] if where.POSTGRES else [to])]
    assert {stat.S_IMODE(p.stat().st_mode) for p in private} == {0o600}
    assert {stat.S_IMODE(p.stat().st_mode) for p in (key.parent, scans)} == {0o700}


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
        verify_backup(file, keys_folder())
    assert names(folder) == ([] if text is None else ["backup.key"])


def test_the_key_is_made_once(service: Service, whole: bytes, tmp_path: Path) -> None:
    key = key_folder(service.database.keys, identity(service)) / "backup.key"
    before = key.read_text(encoding="ascii")
    create_backup(service.database, tmp_path / "again.bak")
    assert key.read_text(encoding="ascii") == before
    assert before.encode() not in whole


def test_no_backup_is_overwritten(service: Service, file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(Refused):
        create_backup(service.database, file)
    assert file.read_bytes() == before


def test_nothing_is_overwritten_by_a_restored_database(service: Service, file: Path, tmp_path: Path) -> None:
    """Neither a database of ours, nor what is another's, nor scans that lie where its own would."""
    ours, other, scanned = (tmp_path / f"{name}.db" for name in ("ours", "other", "scanned"))
    where.copy(service.path, ours)
    where.owner(other)
    with closing(where.connect(other)) as db:
        db.execute("CREATE TABLE song (title text)")
        db.commit()
    scans_folder(place(scanned)).mkdir(parents=True)
    (scans_folder(place(scanned)) / "mine").write_bytes(b"mine")
    before = [where.dump(path) for path in (ours, other)]
    for path in (ours, other, scanned):
        with pytest.raises(Refused) as refused:
            restore_backup(file, place(path))
        assert refused.value.code == "exists"
    assert [where.dump(path) for path in (ours, other)] == before
    assert [where.traces(path) for path in (ours, other, scanned)] == [[""], [""], [".scans"]]
    assert scans_in(place(scanned)) == {"mine": b"mine"}


@pytest.mark.sqlite("the names of a file")
def test_no_file_is_overwritten(file: Path, tmp_path: Path) -> None:
    for name in ("a.db", "b.db-wal"):
        (tmp_path / name).write_bytes(b"mine")
        with pytest.raises(Refused):
            restore_backup(file, where.new(tmp_path / f"{name[0]}.db"))
        assert (tmp_path / name).read_bytes() == b"mine"
    assert names(tmp_path) == ["a.db", "b.bak", "b.db-wal"]


@pytest.mark.parametrize("late", ["database", "scans"])
def test_what_comes_meanwhile_is_not_overwritten(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, late: str
) -> None:
    """Somebody puts something there after the place was looked at."""
    monkeypatch.setattr(backup, "_refuse_taken", lambda _: None)
    to = place(path := tmp_path / "cases.db")
    monkeypatch.setattr(type(to.backend), "refuse_taken", lambda _: None)
    if late == "scans":
        scans_folder(to).mkdir()
        (scans_folder(to) / "mine").write_bytes(b"mine")
    elif where.POSTGRES:
        with closing(where.connect(path)) as db:
            db.execute("CREATE TABLE mine (x text)")
            db.commit()
    else:
        path.write_bytes(b"mine")
    before = where.content(path) if late == "database" else None
    with pytest.raises(CreditWorkflowError):
        restore_backup(file, to)
    assert where.traces(path) == [".scans" if late == "scans" else ""]
    if late == "scans":
        assert scans_in(to) == {"mine": b"mine"}
    else:
        assert where.content(path) == before


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
            restore_backup(file, place(tmp_path / "cases.db"))
    with pytest.raises(IntegrityFault):
        verify_backup(file, keys_folder())
    assert names(scratch) == []
    assert where.traces(tmp_path / "cases.db") == []
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
    assert verify_backup(file, keys_folder())["events"] == 1
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
