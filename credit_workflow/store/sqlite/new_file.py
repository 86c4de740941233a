"""Make the file of a new SQLite database beside its place, and move it there whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event

from credit_workflow.errors import CreditWorkflowError, Refused
from credit_workflow.store.connection import Connection as PlainConnection
from credit_workflow.store.private_files import drafted
from credit_workflow.store.sqlite.pragmas import APPLICATION_ID, prepare
from credit_workflow.text import Text


@contextmanager
def new_file(path: Path) -> Iterator[tuple[Connection, PlainConnection]]:
    """Yield the connections to an empty file of ours, which is moved to its place at the end; nothing else is left.

    Raises:
        Refused: there is something already; it is left as it is.
        CreditWorkflowError: the place can't be written.
    """
    refuse_taken(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with drafted(path) as draft:
            with _draft(_engine(draft)) as connection:
                raw: Any = connection.connection.driver_connection
                yield connection, raw
            refuse_taken(path)  # of two at once the second finds the place taken
            path.unlink(missing_ok=True)  # it is empty
    except OSError as fault:
        refuse_taken(path)
        message = Text("无法在 {p} 创建数据库：{w}", "no database can be created at {p}: {w}")
        raise CreditWorkflowError(message.fill(p=path, w=fault.strerror or fault), code="not_writable") from None


def refuse_taken(path: Path) -> None:
    """Refuse a place where there is something already.

    Raises:
        Refused: there is a folder, or a file that is not empty; it is left as it is.
    """
    if path.is_dir():
        message = Text("{p} 是文件夹，请给出文件名", "{p} is a folder; give the name of a file").fill(p=path)
        raise Refused(message, code="exists")
    if path.exists() and path.stat().st_size > 0:
        message = Text("{p} 已存在，没有改动它", "{p} exists already and was left as it is").fill(p=path)
        raise Refused(message, code="exists")


def _engine(path: Path) -> Engine:
    engine = create_engine(URL.create("sqlite", database=str(path)), poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we begin transactions ourselves
        prepare(connection)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


@contextmanager
def _draft(engine: Engine) -> Iterator[Connection]:
    try:
        _run(engine, "PRAGMA journal_mode = wal")
        with engine.begin() as connection:
            connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
            yield connection
        _run(engine, "PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        engine.dispose()


def _run(engine: Engine, pragma: str) -> None:
    """Run what can't be run in a transaction."""
    with engine.connect() as connection:
        connection.connection.driver_connection.execute(pragma)  # type: ignore[union-attr]  # sqlite3's
