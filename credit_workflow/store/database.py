"""Finding and opening a database, and turning its library's faults into ours.

Reading opens SQLite directly. Writing goes through SQLAlchemy, which is imported only then.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from credit_workflow.errors import Conflict, CreditWorkflowError, IntegrityFault, NotFound, Refused, UsageFault
from credit_workflow.store.reading import Reader
from credit_workflow.text import Text

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from credit_workflow.store.writing import Writer

#: Marks a SQLite file as ours ("CWf1").
APPLICATION_ID = 0x43576631
#: The newest migration; a database with another one is older or newer than this program.
SCHEMA = "0004"
_BUSY_MS = 30_000
#: A sweep touches pages all over the file; with SQLite's 2 MB it would read them again and again.
_CACHE_KB = 65_536
#: Bytes that SQLite needs beside a database to open it at all.
_ROOM = 1 << 18


class Database:
    """A database of cases, by its URL. Opening is left to `reading` and `writing`.

    Args:
        url: an SQLAlchemy URL, or a plain path, which means SQLite.

    Raises:
        UsageFault: a URL of a kind that is not supported.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.path = sqlite_path(url)
        self._engine: Engine | None = None

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """Open for reading: one consistent view, closed at the end.

        Raises:
            NotFound: it is missing or not initialised.
            IntegrityFault: it is damaged, not one of ours, or of another version.
        """
        self._look()
        with translated(self.path), closing(self._connect_for_reading()) as connection:
            _check_ours(connection, self.path)
            connection.execute("BEGIN")
            yield Reader(connection)

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """Open for one transaction: all of it is kept at the end, or none.

        Raises:
            NotFound, IntegrityFault: as for `reading`.
            Conflict: others kept the database busy for half a minute.
        """
        from credit_workflow.store.writing import Writer  # noqa: PLC0415 - the ORM starts slowly

        self._look()
        with translated(self.path), self.engine().begin() as connection:
            raw: Any = connection.connection.driver_connection
            _check_ours(raw, self.path)
            yield Writer(raw, connection)

    def engine(self) -> Engine:
        """Return the SQLAlchemy engine whose transactions begin as a writer's do.

        It keeps no connection open between transactions.
        """
        if self._engine is None:
            self._engine = self._new_engine()
        return self._engine

    @contextmanager
    def staying_open(self) -> Iterator[None]:
        """Keep the writer's connection, and its page cache, from one transaction to the next.

        For many transactions in a row: SQLite else writes its log back at the end of each.
        """
        before, self._engine = self._engine, self._new_engine(keep=True)
        try:
            yield
        finally:
            with translated(self.path):
                self._engine.dispose()
            self._engine = before

    def _new_engine(self, *, keep: bool = False) -> Engine:
        from sqlalchemy import URL, create_engine, event  # noqa: PLC0415 - as above
        from sqlalchemy.pool import NullPool, QueuePool  # noqa: PLC0415

        engine = create_engine(URL.create("sqlite", database=str(self.path)), poolclass=QueuePool if keep else NullPool)

        @event.listens_for(engine, "connect")
        def _prepare(connection: sqlite3.Connection, _record: object) -> None:
            connection.isolation_level = None  # we begin transactions ourselves
            _pragmas(connection)

        @event.listens_for(engine, "begin")
        def _begin(connection: Any) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

        return engine

    def _look(self) -> None:
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
        connection = sqlite3.connect(self.path, timeout=_BUSY_MS / 1000, isolation_level=None)
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        connection.execute("PRAGMA query_only = on")
        return connection


def sqlite_path(url: str) -> Path:
    """Return the file that a database URL or plain path means.

    Raises:
        UsageFault: the URL is of a kind that is not supported, or names no file.
    """
    if "://" not in url:
        return Path(url).expanduser()
    scheme, _, rest = url.partition("://")
    if scheme.split("+", 1)[0] != "sqlite":
        message = Text(
            "暂不支持 {s} 数据库；请给出文件路径或 sqlite:/// 地址",
            "databases of the kind {s} are not supported yet; give a path or a sqlite:/// URL",
        )
        raise UsageFault(message.fill(s=scheme), code="database_url")
    name = unquote(rest.partition("?")[0]).removeprefix("/")
    if not name or name == ":memory:":
        raise UsageFault(
            Text("数据库地址没有文件名：{u}", "the database URL names no file: {u}").fill(u=url), code="database_url"
        )
    return Path(name)


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn the faults of SQLite and SQLAlchemy inside into errors of ours."""
    try:
        yield
    except sqlite3.Error as fault:
        raise _ours(fault, path) from fault
    except CreditWorkflowError:
        raise
    except Exception as fault:
        original = getattr(fault, "orig", None)
        if isinstance(original, sqlite3.Error):
            raise _ours(original, path) from fault
        raise


def _ours(fault: sqlite3.Error, path: Path) -> CreditWorkflowError:
    said = str(fault)
    if "not a database" in said:
        return _foreign(path)
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


def _foreign(path: Path) -> IntegrityFault:
    message = Text("{p} 不是本软件的数据库，没有改动它", "{p} is not a database of this software; it was left alone")
    return IntegrityFault(message.fill(p=path), code="foreign")


def _check_ours(connection: Any, path: Path) -> None:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION_ID:
        raise _foreign(path)
    (schema,) = connection.execute("SELECT version_num FROM alembic_version").fetchone() or (None,)
    if schema != SCHEMA:
        message = Text(
            "数据库 {p} 的结构版本为 {s}，本软件需要 {n}。请使用相应版本的软件",
            "the database {p} has schema {s}, this program needs {n}; use the matching version of the program",
        )
        raise Refused(message.fill(p=path, s=schema, n=SCHEMA), code="schema")
    _check_whole(connection, path)


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


def _pragmas(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    connection.execute("PRAGMA foreign_keys = on")
    connection.execute("PRAGMA synchronous = full")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
