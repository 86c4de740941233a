"""Open a database that is one file: SQLite."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from credit_workflow.casework.ports import Claim
from credit_workflow.errors import Conflict, CreditWorkflowError, IntegrityFault, NotFound, UsageFault
from credit_workflow.store.backend import Link, Lock, Rows, translating
from credit_workflow.store.reading.log_reader import APPEND_ONLY, CHANGED, TOO_MANY, check_schema, foreign
from credit_workflow.store.schema.columns import FLAGS, KEYS
from credit_workflow.store.sqlite.pragmas import APPLICATION_ID, BUSY_MS, prepare
from credit_workflow.text import Text

if TYPE_CHECKING:
    from sqlalchemy import Connection as WritingConnection

    from credit_workflow.store.connection import Connection

#: Bytes that SQLite needs beside a database to open it at all.
_ROOM = 1 << 18


class SqliteDialect:
    """SQLite's statements. It has one writer at a time: what is claimed is free, and no lock is needed."""

    def among(self, column: str, values: Sequence[str]) -> tuple[str, Sequence[Any]]:
        """Return the condition with a place for each value."""
        return f"{column} IN ({', '.join('?' * len(values))})", values

    def lock(self, db: Connection, lock: Lock) -> None:
        """Do nothing: the transaction has begun as the only writer."""

    def lock_families(self, db: Connection, roots: Sequence[str]) -> None:
        """Do nothing, as `lock`."""

    def lock_family_of(self, db: Connection, number: str) -> None:
        """Do nothing, as `lock`."""

    def claim(self, db: Connection, roots: Sequence[str], claim: Claim) -> list[str]:  # noqa: ARG002 - all are free
        """Return all of the roots."""
        return list(roots)

    def make_room(self, db: Connection, log: str, instants: Iterable[str]) -> None:
        """Do nothing: a log is one table."""

    def now(self, db: Connection) -> datetime | None:
        """Return nothing: a file has no clock."""

    def odd_flags(self, db: Connection) -> list[str]:
        """Return the keys of rows in which a flag is neither 0 nor 1: no program of ours writes such."""
        flags = [name.split(".") for name in sorted(FLAGS)]
        found = [
            db.execute(f"SELECT {KEYS[table][0]} FROM {table} WHERE {flag} NOT IN (0, 1)").fetchall()
            for table, flag in flags
        ]
        return [row[0] for rows in found for row in rows]

    def unguarded(self, db: Connection) -> tuple[str, Text] | None:
        """Return a trigger that protects a log and is missing or changed, or one too many."""
        there = dict(db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
        for table in APPEND_ONLY:
            for verb in ("UPDATE", "DELETE"):
                name = f"{table}_no_{verb.lower()}"
                said = " ".join(there.pop(name, "").split())
                wanted = f"CREATE TRIGGER {name} BEFORE {verb} ON {table}"
                if said != f"{wanted} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END":
                    return name, CHANGED
        return (min(there), TOO_MANY) if there else None


class SqliteFile:
    """A file with a database of cases.

    Args:
        path: where it is, or shall be.
    """

    dialect = SqliteDialect()

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def name(self) -> str:
        """The file's path."""
        return str(self.path)

    def beside(self, what: str) -> Path:
        """Return the folder beside the file whose name ends with ``what``."""
        return self.path.with_name(f"{self.path.name}.{what}")

    def view(self, place: object) -> FileViews:
        """Open a connection for reading."""
        return FileViews(self, place, self._connected(_prepare_for_reading))

    def connect(self, place: object) -> FileTransactions:
        """Open a connection for writing."""
        return FileTransactions(self, place, self._connected(prepare))

    def _connected(self, prepared: Callable[[sqlite3.Connection], None]) -> sqlite3.Connection:
        """Open a connection, which one thread after the other may use."""
        connection = sqlite3.connect(self.path, timeout=BUSY_MS / 1000, isolation_level=None, check_same_thread=False)
        try:
            prepared(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def rows(self, connection: Connection) -> Rows:
        """Return what writes many rows by ``executemany``."""
        from credit_workflow.store.sqlite.bulk_rows import ManyRows  # noqa: PLC0415 - few commands write

        return ManyRows(connection)  # type: ignore[arg-type]  # it is sqlite3's

    def lost(self, fault: BaseException) -> bool:  # noqa: ARG002 - no fault does
        """Return False: what a file answers is final."""
        return False

    def happened(self, link: Link | None) -> bool:  # noqa: ARG002
        """Return False, as `lost`."""
        return False

    def now(self) -> datetime | None:
        """Return nothing: a file has no clock."""

    def refuse_taken(self) -> None:
        """Refuse a place where there is something already."""
        from credit_workflow.store.sqlite.new_file import refuse_taken  # noqa: PLC0415 - SQLAlchemy starts slowly

        refuse_taken(self.path)

    def making(self) -> AbstractContextManager[tuple[WritingConnection, Connection]]:
        """Open a new file, which comes to its place whole at the end."""
        from credit_workflow.store.sqlite.new_file import new_file  # noqa: PLC0415

        return new_file(self.path)

    def translated(self) -> AbstractContextManager[None]:
        """Turn the faults of SQLite inside, and of what is built on it, into errors of ours."""
        return translating(sqlite3.Error, lambda fault: _ours(fault, self.path))

    def look(self) -> tuple[int, ...]:
        """Return what tells this very file, as it lies there; refuse a place where none could be a database.

        It is asked before SQLite makes one. What is written goes into the log beside the file first, so that
        it changes rarely: by checkpoints, and by whoever replaces it.

        The file is never opened here: closing it would drop the locks that an open connection of
        this process holds on it, and another process would remove the log that is in use.
        """
        how = Text("可用 init 创建（练习用：init --training）", "create it with init (for practice: init --training)")
        try:
            found = self.path.stat()
        except FileNotFoundError:
            message = Text("数据库 {p} 不存在。{how}", "there is no database {p}; {how}")
            raise NotFound(message.fill(p=self.path, how=how), code="no_database") from None
        except OSError as fault:
            raise self._unreadable(fault.strerror or str(fault)) from None
        if not stat.S_ISREG(found.st_mode) or not os.access(self.path, os.R_OK):
            raise self._unreadable("not a file that may be read")
        if found.st_size == 0:
            message = Text("数据库 {p} 尚未初始化。{how}", "the database {p} is not initialised; {how}")
            raise NotFound(message.fill(p=self.path, how=how), code="not_initialised")
        return _told_apart(found)

    def _unreadable(self, why: str) -> IntegrityFault:
        message = Text("数据库 {p} 无法读取：{why}", "the database {p} can't be read: {why}")
        return IntegrityFault(message.fill(p=self.path, why=why), code="unreadable")

    def after_checkpoint(self, place: object) -> object:
        """Return what now tells the file that a connection of ours has written to; ``place`` where it is another."""
        try:
            found = _told_apart(self.path.stat())
        except OSError:  # gone: the next one to look says so
            return place
        return found if isinstance(place, tuple) and found[:2] == place[:2] else place

    def check(self, connection: Connection) -> None:
        """Refuse what is not one of ours, or is of another version, or cut off."""
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        if application != APPLICATION_ID:
            raise foreign(self.name)
        check_schema(connection, self.name)
        _check_whole(connection, self.path)


class FileConnection:
    """A connection to a file.

    Args:
        file: the file.
        place: the file as it lay there when the connection was opened.
        connection: sqlite3's.
    """

    def __init__(self, file: SqliteFile, place: object, connection: sqlite3.Connection) -> None:
        self.place = place
        self._file = file
        self._connection = connection
        self._checked = False

    @property
    def plain(self) -> Connection:
        """sqlite3's connection."""
        found: Connection = self._connection
        return found

    def end(self) -> bool:
        """Undo what was begun and not committed; return whether another transaction can begin. Raises nothing."""
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            return not self._half_read()
        except sqlite3.Error:
            return False

    def _half_read(self) -> bool:
        """Whether a query has rows still to be read: it holds the view of then, which the next one would see, too.

        SQLite tells it of no other statement than one that it refuses before it does anything.
        """
        try:
            self._connection.execute("VACUUM INTO 1")
        except sqlite3.OperationalError as refusal:
            return "in progress" in str(refusal)
        return True  # it never succeeds

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _check(self) -> None:
        """Look at what is read or written: as a whole at first, and then at its version."""
        if self._checked:
            check_schema(self._connection, self._file.name)
        else:
            self._file.check(self._connection)
            self._checked = True


class FileViews(FileConnection):
    """A connection for reading."""

    def begin(self) -> None:
        """Begin a view of one state."""
        self._connection.execute("BEGIN")
        self._check()


class FileTransactions(FileConnection):
    """A connection of the only writer that a file can have at a time."""

    def begin(self, claim: Claim | None) -> None:  # noqa: ARG002 - whatever is claimed is free
        """Begin as the only writer."""
        self._connection.execute("BEGIN IMMEDIATE")
        self._check()

    def commit(self) -> None:
        """Keep what was written; what a checkpoint then makes of the file is this connection's own doing."""
        self._connection.execute("COMMIT")
        self.place = self._file.after_checkpoint(self.place)


def file_of(url: str) -> Path:
    """Return the file that a SQLite URL or a plain path means.

    Raises:
        UsageFault: it names no file.
    """
    if "://" not in url:
        return Path(url).expanduser()
    name = unquote(url.partition("://")[2].partition("?")[0]).removeprefix("/")
    if not name or name == ":memory:":
        raise UsageFault(
            Text("数据库地址没有文件名：{u}", "the database URL names no file: {u}").fill(u=url), code="database_url"
        )
    return Path(name)


def _told_apart(found: os.stat_result) -> tuple[int, ...]:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _prepare_for_reading(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    connection.execute("PRAGMA query_only = on")


def _ours(fault: sqlite3.Error, path: Path) -> CreditWorkflowError:
    said = str(fault)
    if "not a database" in said:
        return foreign(str(path))
    if "disk I/O error" in said and _no_room(path):
        said = "full"
    for words, kind, code, message in _FAULTS:
        if any(word in said for word in words):
            return kind(message.fill(p=path, f=said), code=code)
    return _damaged(path, said)


def _damaged(path: Path, why: str) -> IntegrityFault:
    message = Text(
        "数据库 {p} 已损坏（{f}）。请从备份恢复", "the database {p} is damaged ({f}); restore it from a backup"
    )
    return IntegrityFault(message.fill(p=path, f=why), code="damaged")


#: What SQLite says, and what it means to people.
_FAULTS: tuple[tuple[tuple[str, ...], type[CreditWorkflowError], str, Text], ...] = (
    (
        ("locked", "busy"),
        Conflict,
        "busy",
        Text("数据库正忙，没有写入任何内容。请稍后再试", "the database is busy and nothing was written; try again"),
    ),
    (
        ("full",),
        CreditWorkflowError,
        "disk_full",
        Text(
            "磁盘已满，没有写入任何内容。请腾出空间后再试",
            "the disk is full and nothing was written; free some space and try again",
        ),
    ),
    (
        ("disk I/O error",),
        CreditWorkflowError,
        "disk_io",
        Text(
            "磁盘读写出错，没有写入任何内容。请检查磁盘后再试；仍出错的，从备份恢复",
            "the disk can't be read or written, and nothing was written; check it and try again, or restore a backup",
        ),
    ),
    (
        ("readonly", "unable to open"),
        CreditWorkflowError,
        "not_writable",
        Text(
            "数据库 {p} 不能写入（{f}）。请检查文件权限",
            "the database {p} can't be written ({f}); check its permissions",
        ),
    ),
    (
        ("append-only",),
        IntegrityFault,
        "append_only",
        Text("日志只能追加，不能修改或删除", "the log is append-only"),
    ),
)


def _no_room(path: Path) -> bool:
    """Whether the disk has no room left for what SQLite keeps beside a database while it is open."""
    try:
        return shutil.disk_usage(path.parent).free < _ROOM
    except OSError:
        return False


def _check_whole(connection: Any, path: Path) -> None:
    """Refuse a file that ends within a page: SQLite would read zeros for what is missing.

    While there is a log beside it, its last page may be in there, and the file half written.
    """
    (page,) = connection.execute("PRAGMA page_size").fetchone()
    if path.stat().st_size % page == 0:
        return
    log = path.with_name(path.name + "-wal")
    if not log.exists() or log.stat().st_size == 0:
        raise _damaged(path, "cut off")
