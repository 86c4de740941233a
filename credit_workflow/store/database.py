"""Find and open a database.

Reading and writing use the database's own library; SQLAlchemy, which starts slowly, makes the schema.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from credit_workflow.casework.ports import Claim
from credit_workflow.errors import CommitInterrupted, UsageFault
from credit_workflow.store.kept_connections import Connections
from credit_workflow.store.reading.log_reader import SCHEMA
from credit_workflow.store.reading.reader import Reader
from credit_workflow.store.sqlite.sqlite_file import SqliteFile, file_of
from credit_workflow.text import Text

if TYPE_CHECKING:
    from credit_workflow.store.backend import Backend
    from credit_workflow.store.writing.writer import Writer

__all__ = ["SCHEMA", "Database"]


class Database:
    """A database of cases, by its URL. Opening is left to `reading` and `writing`.

    Args:
        url: an SQLAlchemy URL (``sqlite:///…``, ``postgresql+psycopg://…``), or a plain path, which means SQLite.
        keys: the folder in which this machine keeps the keys of its databases, each under its id.

    Raises:
        UsageFault: a URL of a kind that is not supported.
    """

    def __init__(self, url: str, keys: Path) -> None:
        self.url = url
        self.keys = keys
        self.backend = _backend(url)
        self._own = _OfThread()
        self._views = Connections(self.backend, self.backend.view)
        self._transactions = Connections(self.backend, self.backend.connect)
        for kept in (self._views, self._transactions):
            weakref.finalize(self, kept.close)  # whoever drops a database leaves nothing open

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
        """Open for reading: one consistent view, which begins now.

        Raises:
            NotFound: it is missing or not initialised.
            IntegrityFault: it is damaged, not one of ours, or of another version.
            CreditWorkflowError: its server can't be reached.
        """
        with self.backend.translated(), self._views.one(lambda view: view.begin()) as view:
            yield Reader(view.plain, self.backend.dialect, self.keys)

    @contextmanager
    def writing(self, claim: Claim | None = None) -> Iterator[Writer]:
        """Open for one transaction: all of it is kept at the end, or none.

        Args:
            claim: a sweep's, which works beside others on the families that it claims (`CaseWriter.claim`).

        Raises:
            NotFound, IntegrityFault: as for `reading`.
            Conflict: others kept the database busy for half a minute.
            CreditWorkflowError: the connection was lost; nothing was written, unless it says otherwise.
            CommitInterrupted: Ctrl-C came when it was being kept.
        """
        from credit_workflow.store.writing.writer import Writer  # noqa: PLC0415 - few commands write

        with self.backend.translated(), self._transactions.one(lambda one: one.begin(claim)) as connection:
            writer = Writer(connection.plain, self.backend, self.keys)
            yield writer
            try:
                connection.commit()
            except KeyboardInterrupt:
                raise CommitInterrupted from None
            except Exception as fault:
                if not (self.backend.lost(fault) and self.backend.happened(writer.newest_link)):
                    raise
            if writer.logged:
                self.note_logged()

    @property
    def logged(self) -> int:
        """How many transactions of this thread have added to a log."""
        return self._own.logged

    def note_logged(self) -> None:
        """Count a transaction that has added to a log."""
        self._own.logged += 1

    def stay_open(self) -> None:
        """Keep connections, and the pages that they have read, from one use to the next, until `close`.

        SQLite else writes its log back at the end of each.
        """
        self._views.keep()
        self._transactions.keep()

    def close(self) -> None:
        """Close the connections that `stay_open` has kept; those in use are closed after it."""
        with self.backend.translated():
            self._views.let_go()
            self._transactions.let_go()

    @contextmanager
    def staying_open(self) -> Iterator[None]:
        """Keep connections while many transactions follow one another."""
        self.stay_open()
        try:
            yield
        finally:
            self.close()


class _OfThread(threading.local):
    """What a thread has for itself: ``logged``, how many of its transactions have added to a log."""

    logged = 0


def _backend(url: str) -> Backend:
    scheme = url.partition("://")[0] if "://" in url else "sqlite"
    if "://" not in url and url.lower().startswith(("postgres:", "postgresql:", "postgresql+", "sqlite:")):
        scheme = url.partition(":")[0] + ":"  # no file is meant, and what follows may be a password
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
