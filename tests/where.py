"""Where a test's database is: a test names a path, which is a file on SQLite and stands for a database on PostgreSQL.

Which of the two is said by ``pytest --database`` (or ``CREDIT_WORKFLOW_TEST_DATABASE``). On PostgreSQL the owner makes
a database, and everything else is done by a clerk, who has the rights of the application's role and no more.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from credit_workflow.resources import keys_folder
from credit_workflow.store.database import Database
from credit_workflow.store.reading.reader import Reader

if TYPE_CHECKING:
    import psycopg

    from tests.postgres.server import Server

#: Whether it is PostgreSQL's.
POSTGRES = os.environ.get("CREDIT_WORKFLOW_TEST_DATABASE") == "postgresql"
_OWNER, _CLERK, _SUPERUSER = "suite_owner", "suite_clerk", "postgres"
#: Whether the test at hand said that it uses a database (the fixture ``databases``); None outside of tests.
asked: bool | None = None
_made: dict[str, Path] = {}
_server_of_tests: dict[str, str] = {}  # kept here as well, as tests take the environment away


def people(server: Server) -> None:
    """Make the owner and the clerk, and let the processes that tests start know the server."""
    from tests.postgres.keeper import once  # noqa: PLC0415 - psycopg, and locks that Windows doesn't have

    def make(db: psycopg.Connection) -> None:
        db.execute(f"CREATE ROLE {_OWNER} LOGIN CREATEROLE")
        db.execute(f"CREATE ROLE {_CLERK} LOGIN")

    once(server, "owner and clerk", make)
    _server_of_tests["port"] = os.environ["CREDIT_WORKFLOW_TEST_SERVER"] = str(server.port)


def _name(path: Path | str) -> str:
    """The name of the database that a path stands for."""
    return f"t_{hashlib.sha256(str(path).encode()).hexdigest()[:16]}"


def _port() -> str:
    return _server_of_tests.get("port") or os.environ["CREDIT_WORKFLOW_TEST_SERVER"]


def _use() -> None:
    assert asked is not False, "this test uses a database and must say so: add the fixture `databases`"


def _url(path: Path | str, who: str) -> str:
    return f"postgresql+psycopg://{who}@127.0.0.1:{_port()}/{_name(path)}"


def url(path: Path | str) -> str:
    """What is given to ``--db`` for what is in use."""
    return _url(path, _CLERK) if POSTGRES else str(path)


def opened(url: str) -> Database:
    """A database by what is given to ``--db``, with the keys of this machine."""
    return Database(url, keys_folder())


def name(path: Path | str) -> str:
    """What people are told that the database is."""
    return opened(url(path)).name


def database(path: Path | str) -> Database:
    """A database in use."""
    _use()
    return opened(url(path))


def new(path: Path | str) -> Database:
    """A database that is to be made: its owner's."""
    return opened(owner(path))


def owner(path: Path | str) -> str:
    """What is given to ``--db`` for what is to be made; on a server there is then an empty database."""
    _use()
    if not POSTGRES:
        return str(path)
    with _server() as db:
        if not _there(db, path):
            _create(db, path, "template0")
            for role in (f"{_name(path)}_app", f"{_name(path)}_read"):
                db.execute(f"CREATE ROLE {role}")
            db.execute(f"GRANT {_name(path)}_app TO {_CLERK}")
    return _url(path, _OWNER)


def empty(path: Path | str) -> None:
    """Make a database in which there is nothing yet."""
    if POSTGRES:
        owner(path)
    else:
        Path(path).touch()


def _create(db: psycopg.Connection, path: Path | str, template: str) -> None:
    db.execute(f"CREATE DATABASE {_name(path)} OWNER {_OWNER} TEMPLATE {template} STRATEGY file_copy")
    _made[_name(path)] = Path(path)


def exists(path: Path | str) -> bool:
    """Whether there is a database with anything in it."""
    if not POSTGRES:
        return Path(path).exists()
    with _server() as db:
        if not _there(db, path):
            return False
    with _connect(_name(path)) as db:
        tables = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        return bool(db.execute(tables).fetchone() != (0,))


def _there(db: psycopg.Connection, path: Path | str) -> bool:
    return db.execute("SELECT 1 FROM pg_database WHERE datname = %s", (_name(path),)).fetchone() is not None


def copy(source: Path | str, target: Path | str) -> Path:
    """Copy a database that nobody has open; what the target was is gone. Returns the target."""
    _use()
    if not POSTGRES:
        with sqlite3.connect(source) as db:  # what is in the log alone comes along
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.close()
        return Path(shutil.copy(source, target))
    from tests.postgres import server  # noqa: PLC0415 - only where there is a server

    with _server() as db:
        server.drop(db, _name(target))
        server.alone(db, _name(source))
        _create(db, target, _name(source))
    return Path(target)


def move(source: Path, target: Path) -> None:
    """Give a database that nobody has open another place, or another name on its server."""
    _use()
    if not POSTGRES:
        shutil.move(source, target)
        return
    from tests.postgres import server  # noqa: PLC0415 - only where there is a server

    with _server() as db:
        server.alone(db, _name(source))
        db.execute(f"ALTER DATABASE {_name(source)} RENAME TO {_name(target)}")
    _made.pop(_name(source), None)
    _made[_name(target)] = target


def drop(path: Path | str) -> None:
    """Remove a database."""
    if not POSTGRES:
        Path(path).unlink()
        return
    _drop([_name(path)])


def drop_below(folder: Path) -> None:
    """Remove what a test made in its folder: a server's disk is not the test's."""
    gone = [found for found, path in _made.items() if path.is_relative_to(folder)]
    if gone:
        _drop(gone)


def _drop(gone: Sequence[str]) -> None:
    from tests.postgres import server  # noqa: PLC0415 - only where there is a server

    with _server() as db:
        for found in gone:
            server.drop(db, found)
            _made.pop(found, None)
            for role in (f"{found}_app", f"{found}_read"):
                with suppress(Exception):  # copies that are in use have its rights
                    db.execute(f"DROP ROLE IF EXISTS {role}")


def beside(path: Path, what: str) -> Path:
    """The folder of what belongs to a command's database and is not in it."""
    return (
        Path(os.environ["CREDIT_WORKFLOW_FILES"], f"{_name(path)}.{what}")
        if POSTGRES
        else path.with_name(f"{path.name}.{what}")
    )


def traces(path: Path) -> list[str]:
    """What there is of a database: "" for itself, ".scans" for its scans, the whole name of what is half made."""
    name, folder = (_name(path), Path(os.environ["CREDIT_WORKFLOW_FILES"])) if POSTGRES else (path.name, path.parent)
    files = [file.name for file in folder.iterdir()] if folder.is_dir() else []
    found = [file.removeprefix(name) for file in files if file.removeprefix(".").startswith(name)]
    return sorted(found + [""] * (POSTGRES and exists(path)))


def _server() -> Any:
    return _connect(_SUPERUSER)


def _connect(database: str) -> Any:
    import psycopg  # noqa: PLC0415 - only where there is a server

    return psycopg.connect(f"host=127.0.0.1 port={_port()} user={_SUPERUSER} dbname={database}", autocommit=True)


# ---------------------------------------------------------------- behind the program's back


class Direct:
    """The superuser's connection with sqlite3's face: ``?`` and ``:name``, its classes of errors, commit at the end."""

    def __init__(self, path: Path | str) -> None:
        self._db: psycopg.Connection[Any] = _connect(_name(path))
        self._db.autocommit = False

    def execute(self, sql: str, values: Any = ()) -> Any:
        """Run one statement; one that fails leaves the others of the transaction."""
        import psycopg  # noqa: PLC0415 - only where there is a server

        if sql.startswith("DROP TRIGGER ") and " ON " not in sql:
            trigger = sql.rsplit(maxsplit=1)[-1]
            sql = f"{sql} ON {trigger.rsplit('_no_', 1)[0]}"
        if self._db.info.transaction_status == psycopg.pq.TransactionStatus.IDLE:
            self._db.execute("SELECT 1")  # begins one, within which the statement's own is a savepoint
        try:
            with self._db.transaction():
                return self._db.execute(_places(sql, values), values or None)
        except (psycopg.errors.IntegrityError, psycopg.errors.RaiseException, psycopg.errors.DataError) as fault:
            raise sqlite3.IntegrityError(str(fault)) from fault

    def executemany(self, sql: str, rows: Sequence[Any]) -> None:
        for row in rows:
            self.execute(sql, row)

    @property
    def plain(self) -> psycopg.Connection[Any]:
        """The connection itself."""
        return self._db

    def commit(self) -> None:
        self._db.commit()

    def rollback(self) -> None:
        self._db.rollback()

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._db.rollback() if kind else self._db.commit()


def _places(sql: str, values: Any) -> str:
    if not values:
        return sql
    sql = sql.replace("%", "%%")
    if isinstance(values, dict):
        for key in sorted(values, key=len, reverse=True):
            sql = sql.replace(f":{key}", f"%({key})s")
        return sql
    return sql.replace("?", "%s")


def connect(path: Path | str) -> Any:
    """Open a database as somebody who may do anything with it; with sqlite3's methods."""
    _use()
    return Direct(path) if POSTGRES else sqlite3.connect(path)


@contextmanager
def trial(source: Path, scratch: Path) -> Iterator[tuple[Any, Callable[[], AbstractContextManager[Reader]]]]:
    """Yield a connection that may do anything, and what reads the database as it then is; the source stays as it was.

    On a server nothing is ever committed, which costs less than a copy.
    """
    _use()
    if POSTGRES:
        from credit_workflow.store.postgres.plain_connection import (  # noqa: PLC0415 - only where there is a server
            PlainConnection,
        )

        with closing(Direct(source)) as db:
            yield (
                db,
                lambda: nullcontext(Reader(PlainConnection(db.plain), database(source).backend.dialect, keys_folder())),
            )
        return
    copy(source, scratch)
    with closing(sqlite3.connect(scratch)) as db:

        def reading() -> AbstractContextManager[Reader]:
            db.commit()
            return database(scratch).reading()

        yield db, reading


@contextmanager
def unguarded(db: Any) -> Iterator[None]:
    """Let a connection change the logs, and leave their triggers as they were."""
    if POSTGRES:
        db.execute("SET session_replication_role = replica")
        yield
        db.execute("SET session_replication_role = origin")
        return
    triggers = dict(db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    for trigger in triggers:
        db.execute(f"DROP TRIGGER {trigger}")
    yield
    for sql in triggers.values():  # whoever hides his doing puts them back
        db.execute(sql)


def columns(db: Any, table: str) -> list[str]:
    """The columns of a table, in their order."""
    if POSTGRES:
        sql = "SELECT column_name FROM information_schema.columns WHERE table_name = ? ORDER BY ordinal_position"
        return [row[0] for row in db.execute(sql, (table,))]
    return [row[1] for row in db.execute(f"PRAGMA table_info({table})")]


def content(path: Path | str) -> object:
    """All that there is, to see whether it is as it was."""
    return dump(path) if POSTGRES else Path(path).read_bytes()


def everything(path: Path) -> bytes:
    """What a stranger finds who has the database itself."""
    if POSTGRES:
        return "\n".join(dump(path)).encode()
    return b"".join(p.read_bytes() for p in path.parent.glob(f"{path.name}*") if p.is_file())


def dump(path: Path | str) -> list[str]:
    """All that a database says, line by line: each names its table first."""
    db = connect(path)
    try:
        if not POSTGRES:
            return list(db.iterdump())
        tables = "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace ORDER BY 1"
        found = [table for (table,) in db.execute(tables).fetchall()]
        return [
            f"{table} {row}"
            for table in found
            for (row,) in db.execute(f"SELECT t::text FROM {table} AS t ORDER BY 1").fetchall()
        ]
    finally:
        db.close()
