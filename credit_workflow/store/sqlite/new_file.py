"""Make the file of a new SQLite database beside its place, and move it there whole."""

from __future__ import annotations

import contextlib
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event

from credit_workflow.errors import CreditWorkflowError, Refused
from credit_workflow.store.connection import Connection as PlainConnection
from credit_workflow.store.sqlite.pragmas import APPLICATION_ID, prepare
from credit_workflow.text import Text

_PRIVATE = 0o600


@contextmanager
def new_file(path: Path) -> Iterator[tuple[Connection, PlainConnection]]:
    """Yield the connections to an empty file of ours, which is moved to its place at the end; nothing else is left.

    Raises:
        Refused: there is something already; it is left as it is.
        CreditWorkflowError: the place can't be written.
    """
    refuse_taken(path)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _PRIVATE))
        with _draft(_engine(draft)) as connection:
            raw: Any = connection.connection.driver_connection
            yield connection, raw
        _place(draft, path)
    except OSError as fault:
        message = Text("无法在 {p} 创建数据库：{w}", "no database can be created at {p}: {w}")
        raise CreditWorkflowError(message.fill(p=path, w=fault.strerror or fault), code="not_writable") from None
    finally:
        for leftover in (draft, *(draft.with_name(draft.name + end) for end in ("-wal", "-shm", "-journal"))):
            with contextlib.suppress(OSError):  # what went wrong before is what shall be said
                leftover.unlink(missing_ok=True)


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


def _place(draft: Path, path: Path) -> None:
    """Move the draft to its place; of two at once the second finds the place taken."""
    if path.exists():
        path.unlink()  # it is empty: `refuse_taken` has looked
    try:
        os.link(draft, path)
    except FileExistsError:
        refuse_taken(path)
        raise
    except OSError:  # a file system without hard links
        draft.replace(path)
