"""A database that is one file: SQLite."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from credit_workflow.casework.ports import Claim
from credit_workflow.errors import Conflict, CreditWorkflowError, IntegrityFault, NotFound, UsageFault
from credit_workflow.store.backend import Link, Lock, Rows, translating
from credit_workflow.store.reading.log_reader import APPEND_ONLY, CHANGED, TOO_MANY, check_schema, foreign
from credit_workflow.store.schema.columns import FLAGS, KEYS
from credit_workflow.store.sqlite.bulk_rows import ManyRows
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

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open for reading: one consistent view, closed at the end."""
        self.look()
        with closing(self._connect_for_reading()) as connection:
            self.check(connection)
            connection.execute("BEGIN")
            yield connection

    def connect(self) -> FileTransactions:
        """Open a connection for writing."""
        connection = sqlite3.connect(self.path, timeout=BUSY_MS / 1000, isolation_level=None)
        try:
            prepare(connection)
        except BaseException:
            connection.close()
            raise
        return FileTransactions(self, connection)

    def rows(self, connection: Connection) -> Rows:
        """Return what writes many rows by ``executemany``."""
        return ManyRows(connection)  # type: ignore[arg-type]  # it is sqlite3's

    def lost(self, fault: BaseException) -> bool:  # noqa: ARG002 - no fault does
        """Return False: what a file answers is final."""
        return False

    def happened(self, link: Link | None) -> bool:  # noqa: ARG002 - as above
        """Return False, as `lost`."""
        return False

    def refuse_taken(self) -> None:
        """Refuse a place where there is something already."""
        from credit_workflow.store.sqlite.new_file import refuse_taken  # noqa: PLC0415 - SQLAlchemy starts slowly

        refuse_taken(self.path)

    def making(self) -> AbstractContextManager[tuple[WritingConnection, Connection]]:
        """Open a new file, which comes to its place whole at the end."""
        from credit_workflow.store.sqlite.new_file import new_file  # noqa: PLC0415 - as above

        return new_file(self.path)

    def translated(self) -> AbstractContextManager[None]:
        """Turn the faults of SQLite inside, and of what is built on it, into errors of ours."""
        return translating(sqlite3.Error, lambda fault: _ours(fault, self.path))

    def look(self) -> None:
        """Refuse a place where there is no file that could be a database, before SQLite makes one.

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

    def _unreadable(self, why: str) -> IntegrityFault:
        message = Text("数据库 {p} 无法读取：{why}", "the database {p} can't be read: {why}")
        return IntegrityFault(message.fill(p=self.path, why=why), code="unreadable")

    def _connect_for_reading(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=BUSY_MS / 1000, isolation_level=None)
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        connection.execute("PRAGMA query_only = on")
        return connection

    def check(self, connection: Connection) -> None:
        """Refuse what is not one of ours, or is of another version, or cut off."""
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        if application != APPLICATION_ID:
            raise foreign(self.name)
        check_schema(connection, self.name)
        _check_whole(connection, self.path)


class FileTransactions:
    """A connection of the only writer that a file can have at a time."""

    def __init__(self, file: SqliteFile, connection: sqlite3.Connection) -> None:
        self._file = file
        self._connection = connection
        self._checked = False

    @property
    def plain(self) -> Connection:
        """sqlite3's connection."""
        found: Connection = self._connection
        return found

    def begin(self, claim: Claim | None) -> None:  # noqa: ARG002 - whatever is claimed is free
        """Begin as the only writer. The first transaction looks at what it writes to."""
        self._connection.execute("BEGIN IMMEDIATE")
        if not self._checked:
            self._file.check(self._connection)
            self._checked = True

    def commit(self) -> None:
        """Keep what was written."""
        self._connection.execute("COMMIT")

    def rollback(self) -> None:
        """Keep nothing of it."""
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


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
