"""Finding and opening a database.

Reading uses the database's own library. Writing goes through SQLAlchemy, which is imported only then.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from credit_workflow.casework.ports import Claim
from credit_workflow.errors import UsageFault
from credit_workflow.store.logreading import SCHEMA
from credit_workflow.store.reading import Reader
from credit_workflow.store.sqlite import SqliteFile, file_of
from credit_workflow.text import Text

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Transaction

    from credit_workflow.store.backend import Backend
    from credit_workflow.store.writing import Writer

__all__ = ["SCHEMA", "Database"]


class Database:
    """A database of cases, by its URL. Opening is left to `reading` and `writing`.

    Args:
        url: an SQLAlchemy URL (``sqlite:///…``, ``postgresql+psycopg://…``), or a plain path, which means SQLite.

    Raises:
        UsageFault: a URL of a kind that is not supported.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.backend = _backend(url)
        self._engine: Engine | None = None

    @property
    def name(self) -> str:
        """What people are told that it is: its path, or its URL without a password."""
        return self.backend.name

    @property
    def on_server(self) -> bool:
        """Whether it is a server's, and no file."""
        return not isinstance(self.backend, SqliteFile)

    @property
    def path(self) -> Path:
        """The file that it is in.

        Raises:
            Refused: it is a server's.
        """
        return self.backend.path

    def beside(self, what: str) -> Path:
        """Return the folder of what belongs to it and is not in it: ``scans``, ``notices``."""
        return self.backend.beside(what)

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """Open for reading: one consistent view, closed at the end.

        Raises:
            NotFound: it is missing or not initialised.
            IntegrityFault: it is damaged, not one of ours, or of another version.
            CreditWorkflowError: its server can't be reached.
        """
        with self.backend.translated(), self.backend.reading() as connection:
            yield Reader(connection, self.backend.dialect)

    @contextmanager
    def writing(self, claim: Claim | None = None) -> Iterator[Writer]:
        """Open for one transaction: all of it is kept at the end, or none.

        Args:
            claim: a sweep's, which works beside others on the families that it claims (`Writer.claim_due`).

        Raises:
            NotFound, IntegrityFault: as for `reading`.
            Conflict: others kept the database busy for half a minute.
            CreditWorkflowError: the connection was lost; nothing was written, unless it says otherwise.
        """
        from credit_workflow.store.writing import Writer  # noqa: PLC0415 - the ORM starts slowly

        self.backend.look()
        with self.backend.translated(), self.engine().connect() as connection:
            transaction = connection.begin()
            try:
                plain = self.backend.plain(connection)
                self.backend.check(plain)
                self.backend.begin(plain, claim)
                writer = Writer(plain, connection, self.backend)
                yield writer
            except BaseException as fault:
                _undo(connection, transaction, lost=self.backend.lost(fault))
                raise
            try:
                transaction.commit()
            except Exception as fault:
                lost = self.backend.lost(fault)
                _undo(connection, transaction, lost=lost)
                if not (lost and self.backend.happened(writer.newest_link)):
                    raise

    def engine(self) -> Engine:
        """Return the SQLAlchemy engine whose transactions begin as a writer's do.

        It keeps no connection open between transactions.
        """
        if self._engine is None:
            self._engine = self.backend.engine(keep=False)
        return self._engine

    @contextmanager
    def staying_open(self) -> Iterator[None]:
        """Keep the writer's connection, and its page cache, from one transaction to the next.

        For many transactions in a row: SQLite else writes its log back at the end of each.
        """
        before, self._engine = self._engine, self.backend.engine(keep=True)
        try:
            yield
        finally:
            with self.backend.translated():
                self._engine.dispose()
            self._engine = before


def _backend(url: str) -> Backend:
    scheme = url.partition("://")[0] if "://" in url else "sqlite"
    kind, _, driver = scheme.partition("+")
    if kind == "sqlite":
        return SqliteFile(file_of(url))
    if kind == "postgresql" and driver in ("", "psycopg"):
        from credit_workflow.store.postgres.server import PostgresServer  # noqa: PLC0415 - its library is an extra

        return PostgresServer(url)
    message = Text(
        "不支持 {s} 数据库；请给出文件路径、sqlite:/// 或 postgresql+psycopg:// 地址",
        "databases of the kind {s} are not supported; give a path, a sqlite:/// or a postgresql+psycopg:// URL",
    )
    raise UsageFault(message.fill(s=scheme), code="database_url")


def _undo(connection: Connection, transaction: Transaction, *, lost: bool) -> None:
    """Roll back; a connection that is lost is given up, and its server rolls back by itself."""
    if lost:
        connection.invalidate()
        return
    with suppress(Exception):  # what went wrong before is what shall be said
        transaction.rollback()
