"""Back up a database with its scans into one encrypted file, and prove it by restoring it."""

from __future__ import annotations

import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from credit_workflow.errors import PERHAPS_KEPT, CreditWorkflowError, IntegrityFault, NotFound, Refused, UsageFault
from credit_workflow.store.crypto.encrypted_file import decrypt, encrypt
from credit_workflow.store.crypto.scans import scans_folder
from credit_workflow.store.database import Database
from credit_workflow.store.integrity.seals import verify_seals
from credit_workflow.store.integrity.verification import verify
from credit_workflow.store.private_files import FOLDER, draft_of, drafted, new_file
from credit_workflow.store.transfer import transfer
from credit_workflow.text import Text

_NAME = "cases.db"
#: Pages of a database that are copied between two looks at the progress: 4 MB.
_PAGES = 1_024
#: In what progress is told.
_PIECE = 1 << 16
Progress = Callable[[int, int], None] | None


class Made(Struct, frozen=True, kw_only=True):
    """A backup that was made: its size in bytes, the database's own id, and its log entries of both kinds."""

    bytes: int
    database: str
    events: int
    journal: int


def create_backup(database: Database, file: Path, progress: Progress = None) -> Made:
    """Write a database as it stands, with its scans, into one new encrypted file.

    People go on working meanwhile: it holds one consistent state. A server's database is in it as a
    SQLite file with the same rows, so that it can be restored and proved anywhere.

    Args:
        database: what is backed up.
        file: where to; nothing may be there.
        progress: called with the pieces of 64 kB done and in all, of the copy and then of the file.

    Returns:
        What the file holds, counted in it and not in the database that goes on.

    Raises:
        Refused: there is something at ``file`` already; it is left as it is.
        NotFound, IntegrityFault: the database can't be read.
        CreditWorkflowError: the file or the scratch folder can't be written.
    """
    _refuse_taken(file)
    with database.reading():
        pass  # it is there and one of ours
    with _scratch() as folder:
        copy = folder / _NAME
        _copied(database, copy, progress)
        with Database(str(copy), database.keys).reading() as db:
            name, events, journal = db.meta["id"], db.count("case_event"), db.count("journal_log")
        packed = folder / "packed"
        with tarfile.open(packed, "w") as archive:
            archive.add(copy, _NAME)
            scans = scans_folder(database)
            if scans.is_dir():
                archive.add(scans, scans_folder(Database(str(copy), database.keys)).name)
        with packed.open("rb") as source, _written(file) as draft, draft.open("wb") as target:
            encrypt(source, target, database.keys, name, _told(progress, packed.stat().st_size))
    return Made(bytes=file.stat().st_size, database=name, events=events, journal=journal)


def _copied(database: Database, copy: Path, progress: Progress) -> None:
    """Copy a database as it stands into one SQLite file without a log beside it."""
    if database.on_server:
        transfer(database, Database(str(copy), database.keys), progress)
    else:
        _copied_online(database, copy, progress)
    with closing(sqlite3.connect(copy)) as target:
        target.execute("PRAGMA journal_mode = delete")


def _copied_online(database: Database, copy: Path, progress: Progress) -> None:
    with (
        database.backend.translated(),
        closing(sqlite3.connect(database.path, isolation_level=None)) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        source.execute("BEGIN")  # one view from first to last: else every write of others starts the copy again
        (page,) = source.execute("PRAGMA page_size").fetchone()
        (pages,) = source.execute("PRAGMA page_count").fetchone()
        tell = _told(progress, pages * page)
        source.backup(target, pages=_PAGES, progress=lambda _, left, total: tell((total - left) * page))


def _told(progress: Progress, size: int) -> Callable[[int], None]:
    """Return what tells of the bytes done out of ``size``, in pieces."""

    def tell(done: int) -> None:
        if progress is not None:
            progress(-(-done // _PIECE), -(-size // _PIECE))

    return tell


def rehearse(database: Database, progress: Progress = None) -> dict[str, int]:
    """Back up, restore and prove a database in a scratch folder; return what ``verify`` counted.

    Raises:
        CreditWorkflowError: as `create_backup` and `restore_backup`.
    """
    with _scratch() as folder:
        create_backup(database, folder / "drill.backup", progress)
        return restore_backup(folder / "drill.backup", Database(str(folder / "restored.db"), database.keys), progress)


def verify_backup(file: Path, keys: Path, progress: Progress = None) -> dict[str, int]:
    """Restore a backup into a scratch folder and prove its log; return what ``verify`` counted.

    Args:
        file: the backup.
        keys: where this machine keeps keys.
        progress: as for `restore_backup`.

    Raises:
        NotFound, UsageFault, IntegrityFault: there is no such file or key, it is no backup, it is
            damaged, or the log in it does not verify.
    """
    with _unpacked(file, keys) as copy:
        return _proved(Database(str(copy), keys), progress)


def restore_backup(file: Path, target: Database, progress: Progress = None) -> dict[str, int]:
    """Restore a backup to a place where there is nothing yet, after proving its log.

    Args:
        file: the backup.
        target: a file that is not there yet, or an empty database on a server.
        progress: called with how much of each step is done, and in all.

    Raises:
        Refused: there is something already; it is left as it is.
        NotFound, UsageFault, IntegrityFault: as `verify_backup`; nothing is left behind.
    """
    if target.on_server:
        target.backend.refuse_taken()
    else:
        _refuse_taken(target.path)
        _refuse_taken(target.path.with_name(target.path.name + "-wal"))
    _refuse_taken(scans_folder(target))
    with _unpacked(file, target.keys) as copy:
        source = Database(str(copy), target.keys)
        counts = _proved(source, progress)
        with _scans_placed(scans_folder(source), scans_folder(target)):
            if target.on_server:
                transfer(source, target, progress)
            else:
                _placed(copy, target.path)
    return counts


def _placed(copy: Path, to: Path) -> None:
    with closing(sqlite3.connect(copy)) as database:
        database.execute("PRAGMA journal_mode = wal")
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise _not_writable(to, fault) from None
    with _written(to) as draft:
        shutil.copyfile(copy, draft)


def _proved(copy: Database, progress: Progress) -> dict[str, int]:
    with copy.reading() as db:
        return {**verify(db, progress), "seals": verify_seals(db)}


@contextmanager
def _unpacked(file: Path, keys: Path) -> Iterator[Path]:
    """Yield the database of a backup in a private folder, which is gone afterwards."""
    with _scratch() as folder:
        packed = folder / "packed"
        with _opened(file) as source, packed.open("wb") as target:
            decrypt(source, target, keys)
        try:
            with tarfile.open(packed) as archive:
                archive.extractall(folder, filter="data")
        except tarfile.TarError as fault:  # pragma: no cover - what is authentic was packed by us
            message = Text("备份文件无法解包：{w}", "the backup can't be unpacked: {w}").fill(w=fault)
            raise IntegrityFault(message, code="backup_damaged") from None
        packed.unlink()
        yield folder / _NAME


def _opened(file: Path) -> BinaryIO:
    try:
        return file.open("rb")
    except FileNotFoundError:
        raise NotFound(Text("没有文件 {f}", "there is no file {f}").fill(f=file), code="no_file") from None
    except OSError as fault:
        message = Text("文件 {f} 无法读取：{w}", "the file {f} can't be read: {w}")
        raise UsageFault(message.fill(f=file, w=fault.strerror or fault), code="unreadable_file") from None


@contextmanager
def _scratch() -> Iterator[Path]:
    """Yield a private folder, which is gone afterwards.

    Raises:
        CreditWorkflowError: it can't be made, or what is worked on in it can't be written or read.
    """
    try:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)
    except OSError as fault:
        message = Text(
            "临时文件夹不可用（{w}）。请腾出空间，或用环境变量 TMPDIR（Windows：TEMP）另指一处",
            "the scratch folder can't be used ({w}); free some space, or name another by TMPDIR (Windows: TEMP)",
        )
        raise CreditWorkflowError(message.fill(w=fault.strerror or fault), code="scratch") from None


@contextmanager
def _written(file: Path) -> Iterator[Path]:
    """Yield a private draft beside a file, which takes the file's place whole, or goes."""
    try:
        with drafted(file) as draft:
            yield draft
    except FileExistsError:
        raise _taken(file) from None
    except OSError as fault:
        raise _not_writable(file, fault) from None


@contextmanager
def _scans_placed(source: Path, target: Path) -> Iterator[None]:
    """Put the scans in their place, from where they go again if what follows fails; others' never go."""
    if not source.is_dir():
        yield
        return
    draft = draft_of(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft.mkdir(mode=FOLDER)
        for scan in source.iterdir():
            with new_file(draft / scan.name) as copy:
                copy.write(scan.read_bytes())
        draft.rename(target)  # onto a folder with something in it this fails
    except OSError as fault:
        shutil.rmtree(draft, ignore_errors=True)
        raise _not_writable(target, fault) from None
    try:
        yield
    except PERHAPS_KEPT:
        raise
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise


def _refuse_taken(file: Path) -> None:
    if file.exists():
        raise _taken(file)


def _taken(file: Path) -> Refused:
    message = Text("{p} 已存在，没有改动它", "{p} exists already and was left as it is").fill(p=file)
    return Refused(message, code="exists")


def _not_writable(file: Path, fault: OSError) -> CreditWorkflowError:
    message = Text("无法写入 {p}：{w}", "{p} can't be written: {w}")
    return CreditWorkflowError(message.fill(p=file, w=fault.strerror or fault), code="not_writable")
