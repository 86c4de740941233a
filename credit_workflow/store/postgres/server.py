"""Open a database on a PostgreSQL server."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from credit_workflow.casework.ports import Claim
from credit_workflow.errors import CommitInterrupted, CommitUnknown, CreditWorkflowError, NotFound, Refused, UsageFault
from credit_workflow.resources import user_data_folder
from credit_workflow.store.backend import Link, Lock, Rows, original_of, translating
from credit_workflow.store.connection import Connection
from credit_workflow.store.postgres.server_url import server_of
from credit_workflow.store.reading.log_reader import check_schema, foreign
from credit_workflow.text import Text

try:
    import psycopg

    from credit_workflow.store.postgres import server_faults
    from credit_workflow.store.postgres.copying import GivenRows
    from credit_workflow.store.postgres.dialect import PostgresDialect
    from credit_workflow.store.postgres.plain_connection import PlainConnection
except ImportError as missing:
    _HOW = Text(
        "使用 PostgreSQL 需安装附加组件：pip install credit-workflow[postgres]（{f}）",
        "PostgreSQL needs an extra: pip install credit-workflow[postgres] ({f})",
    )
    raise UsageFault(_HOW.fill(f=missing), code="postgres_extra") from None

if TYPE_CHECKING:
    from sqlalchemy import Connection as WritingConnection

#: A writer that hears nothing of its program for this long lets go of what it holds (milliseconds).
_SETTINGS = "SET lock_timeout = 30000; SET idle_in_transaction_session_timeout = 300000; SET timezone = 'UTC'"
_MADE = "to_regclass('meta') IS NOT NULL"
_IDENTITY = "SELECT value FROM meta WHERE key = 'id'"
#: How often a server is asked whether a commit happened: at once, and again for about a minute.
_ASKED = 6


#: The encoding, and the bytes of the name.
_FITNESS = "SELECT current_setting('server_encoding'), octet_length(current_database())"
#: The oldest server that was tried, and how long a name may be: PostgreSQL cuts ``NAME_read`` at 63 bytes.
_OLDEST, _LONGEST = 150_000, 58


def refuse_unfit(version: int, encoding: str, length: int) -> None:
    """Refuse a server or a database in which nothing of ours shall be made.

    Args:
        version: the server's, as libpq says it (160014).
        encoding: the database's.
        length: of its name, in bytes.

    Raises:
        Refused: it is too old, not in UTF-8, or its roles would have no names of their own.
    """
    if version < _OLDEST:
        message = Text(
            "数据库服务器为 PostgreSQL {v}，需要 {o} 或更新的版本",
            "the server is PostgreSQL {v}; version {o} or newer is needed",
        ).fill(v=version // 10_000, o=_OLDEST // 10_000)
        raise Refused(message, code="server_version")
    if encoding != "UTF8":
        message = Text(
            "数据库的编码是 {e}，应为 UTF8。请重建：CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8'",
            "the database's encoding is {e} and must be UTF8; create it anew:"
            " CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8'",
        ).fill(e=encoding)
        raise Refused(message, code="encoding")
    if length > _LONGEST:
        message = Text(
            "数据库名太长：角色以它命名，最多 {n} 字节", "the database's name is too long: {n} bytes at most, as its"
            " roles are named after it",
        ).fill(n=_LONGEST)  # fmt: skip
        raise Refused(message, code="database_name")


class PostgresServer:
    """A database on a server, or on one of several of which one can be written.

    Args:
        url: as `server_of` reads it.
    """

    def __init__(self, url: str) -> None:
        self._options, self._name = server_of(url)
        self.dialect = PostgresDialect()

    @property
    def name(self) -> str:
        """The URL without a password."""
        return self._name

    @property
    def path(self) -> Path:
        """No file.

        Raises:
            Refused: always.
        """
        message = Text("{p} 在数据库服务器上，不是文件", "{p} is on a database server and no file")
        raise Refused(message.fill(p=self._name), code="no_file")

    def beside(self, what: str) -> Path:
        """Return a folder of the machines that share the database: ``CREDIT_WORKFLOW_FILES``, or the user's data."""
        chosen = os.environ.get("CREDIT_WORKFLOW_FILES")
        folder = Path(chosen) if chosen else user_data_folder() / "files"
        return folder / f"{self._options['dbname']}.{what}"

    def look(self) -> None:
        """Return nothing: connecting says whether it is there."""

    def view(self, place: object) -> ServerViews:
        """Open a connection for reading."""
        connection = self.open()
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        return ServerViews(self, place, connection)

    def connect(self, place: object) -> ServerTransactions:
        """Open a connection for writing."""
        return ServerTransactions(self, place, self.open())

    def rows(self, connection: Connection) -> Rows:
        """Return what writes many rows by COPY and arrays."""
        return GivenRows(connection.connection)  # type: ignore[attr-defined]  # it is a `PlainConnection`

    def open(self) -> psycopg.Connection[Any]:
        """Open a connection of ours."""
        try:
            connection = psycopg.connect(**self._options, autocommit=True)  # type: ignore[arg-type]  # keywords of libpq
        except psycopg.ProgrammingError as fault:  # libpq knows no such keyword
            message = Text(
                "数据库地址中有不认识的参数（{f}）。请更正或删去",
                "there is an unknown parameter in the database URL ({f}); correct it or leave it out",
            )
            raise UsageFault(message.fill(f=str(fault).strip()), code="database_url") from None
        except psycopg.Error as fault:
            raise server_faults.ours(fault, self._name, connected=False) from fault
        try:
            connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED  # whoever waited for a lock sees all
            connection.execute(_SETTINGS)
            connection.autocommit = False
        except BaseException:
            connection.close()
            raise
        return connection

    def translated(self) -> AbstractContextManager[None]:
        """Turn the faults of psycopg inside, and of what is built on it, into errors of ours."""
        return translating(psycopg.Error, lambda fault: server_faults.ours(fault, self._name, connected=True))

    def lost(self, fault: BaseException) -> bool:
        """Whether a fault means that the connection was lost."""
        original = original_of(fault, psycopg.Error)
        return original is not None and server_faults.lost(original)

    def happened(self, link: Link | None) -> bool:
        """Return whether a transaction whose commit had no answer was kept, by the log entry it ended with.

        The lock on the logs is waited for: whoever was committing holds it until it is decided.

        Raises:
            CommitUnknown: no server could be asked.
            CreditWorkflowError: there is nothing to ask for.
        """
        if link is None:
            message = Text(
                "与数据库 {p} 的连接在提交时中断。请再试一次：已写入的不会重复写入",
                "the connection to {p} was lost while committing; try again: what was written won't be written twice",
            )
            raise CreditWorkflowError(message.fill(p=self._name), code="connection_lost")
        log, number, hash_ = link
        key = "seq" if log == "seal_log" else "id"
        return self._answered(Lock.LOGS, "TRUE", f"SELECT hash FROM {log} WHERE {key} = ?", (number,), hash_)

    def _answered(self, lock: Lock, there: str, sql: str, values: Sequence[Any], wanted: str) -> bool:
        """Return whether, once a lock is free, something is there, and a query then finds what is wanted.

        Raises:
            CommitUnknown: no server could be asked.
        """
        for patience in range(_ASKED):
            time.sleep(patience and 2**patience)  # a standby takes its time to be promoted
            with suppress(psycopg.Error, CreditWorkflowError), closing(self.open()) as connection:
                plain = PlainConnection(connection)
                self.dialect.lock(plain, lock)
                if not plain.execute(f"SELECT {there}").fetchone()[0]:
                    return False
                row = plain.execute(sql, values).fetchone()
                return row is not None and row[0] == wanted
        message = Text(
            "与数据库 {p} 的连接在提交时中断，也无法再连接，不知是否已写入。请在恢复后先查看，再决定是否重做",
            "the connection to {p} was lost while committing and no server answers: whether it was written is not"
            " known; when it is back, look before you do it again",
        )
        raise CommitUnknown(message.fill(p=self._name))

    def now(self) -> datetime | None:
        """Return what the server's clock says, in UTC."""
        with self.translated(), closing(self.open()) as connection:
            return self.dialect.now(PlainConnection(connection))

    def refuse_taken(self) -> None:
        """Refuse a database in which there is something already.

        Raises:
            Refused: there are tables in it; they are left as they are.
        """
        with self.translated(), closing(self.open()) as connection:
            self._refuse_taken(PlainConnection(connection))

    def _refuse_taken(self, plain: PlainConnection) -> None:
        refuse_unfit(plain.connection.info.server_version, *plain.execute(_FITNESS).fetchone())
        here = "relnamespace = current_schema()::regnamespace"
        sql = f"SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p') AND {here}"
        if plain.execute(sql).fetchone()[0]:
            message = Text("{p} 中已存在内容，没有改动它", "there is something in {p} already; it was left as it is")
            raise Refused(message.fill(p=self._name), code="exists")

    @contextmanager
    def making(self) -> Iterator[tuple[WritingConnection, Connection]]:
        """Open the transaction in which everything is made, with the roles that may use it."""
        from sqlalchemy import NullPool, create_engine  # noqa: PLC0415 - it starts slowly

        from credit_workflow.store.postgres.roles import make_roles  # noqa: PLC0415 - only here

        engine = create_engine(
            "postgresql+psycopg://", creator=self.open, poolclass=NullPool, pool_reset_on_return=None,
            use_native_hstore=False,
        )  # fmt: skip
        with engine.connect() as connection, connection.begin() as transaction:
            raw: Any = connection.connection.driver_connection
            plain = PlainConnection(raw)
            self.dialect.lock(plain, Lock.WRITER)
            self._refuse_taken(plain)
            yield connection, plain
            make_roles(raw, self._options["dbname"])
            (identity,) = plain.execute(_IDENTITY).fetchone()
            try:
                transaction.commit()
            except KeyboardInterrupt:
                raise CommitInterrupted from None
            except Exception as fault:
                if not (self.lost(fault) and self._answered(Lock.WRITER, _MADE, _IDENTITY, (), identity)):
                    raise

    def check(self, connection: Connection) -> None:
        """Refuse what is not initialised, not one of ours, or of another version."""
        sql = "SELECT to_regclass('alembic_version') IS NOT NULL, to_regclass('case_event') IS NOT NULL"
        versioned, there = connection.execute(sql).fetchone()
        if not versioned and not there:
            message = Text(
                "数据库 {p} 尚未初始化。可用 init 创建", "the database {p} is not initialised; create it with init"
            )
            raise NotFound(message.fill(p=self._name), code="not_initialised")
        if not (versioned and there):
            raise foreign(self._name)
        check_schema(connection, self._name)


class ServerConnection:
    """A connection to a server; psycopg begins a transaction with the first statement.

    Args:
        server: the server.
        place: as `PostgresServer.look` has it.
        connection: psycopg's.
    """

    def __init__(self, server: PostgresServer, place: object, connection: psycopg.Connection[Any]) -> None:
        self.place = place
        self._server = server
        self._connection = connection
        self._plain = PlainConnection(connection)
        self._checked = False

    @property
    def plain(self) -> Connection:
        """The connection as readers know it."""
        return self._plain

    def end(self) -> bool:
        """Undo what was begun."""
        with suppress(Exception):  # what went wrong before is what shall be said
            self._connection.rollback()
            return not self._connection.closed
        return False

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _check(self) -> None:
        """Look at what is read or written: as a whole at first, and then at its version."""
        if self._checked:
            check_schema(self._plain, self._server.name)
        else:
            self._server.check(self._plain)
            self._checked = True


class ServerViews(ServerConnection):
    """A connection for reading."""

    def begin(self) -> None:
        """Begin a view of one state."""
        self._check()


class ServerTransactions(ServerConnection):
    """A connection for writing beside others."""

    def begin(self, claim: Claim | None) -> None:
        """Take a writer's first lock: people act one after the other, sweeps beside them."""
        self._check()
        if claim is None:
            self._server.dialect.lock(self._plain, Lock.WRITER)
        elif claim is Claim.FREE:
            self._server.dialect.share(self._plain, Lock.SWEEPS)
        else:
            self._server.dialect.lock(self._plain, Lock.SWEEPS)
        if claim is Claim.WAITING:  # what it decides on may be more than its families: records, which people change
            self._server.dialect.lock(self._plain, Lock.WRITER)

    def commit(self) -> None:
        """Keep what was written."""
        self._connection.commit()
