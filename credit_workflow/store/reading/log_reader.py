"""Reading the logs, and what ``audit verify`` holds against them: plain SQL, as in `reading`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from credit_workflow.engine.values import Entry
from credit_workflow.engine.world import Recorded
from credit_workflow.errors import IntegrityFault, Refused
from credit_workflow.store.mapping import rows as r
from credit_workflow.store.mapping.chain import genesis
from credit_workflow.store.mapping.deadline_rows import DEADLINE_COLUMNS
from credit_workflow.text import Text

if TYPE_CHECKING:  # the library of ciphers starts slowly
    from credit_workflow.store.backend import Dialect
    from credit_workflow.store.crypto.cipher import Cipher

#: The newest migration; a database with another one is older or newer than this program.
SCHEMA = "0004"
#: The tables whose rows nobody may change or delete.
APPEND_ONLY = ("case_event", "journal_log", "seal_log")
CHANGED = Text("保护日志的触发器缺失或被改动", "the trigger that protects the log is not as it was")
TOO_MANY = Text("多出的触发器", "a trigger too many")
_META = ("id", "kind", "created", "seal_key")
_DEADLINE_ROWS = f"SELECT {', '.join(DEADLINE_COLUMNS)} FROM case_deadline"
_EVENTS = f"SELECT {', '.join(r.EVENT_COLUMNS)} FROM case_event"
_JOURNAL = f"SELECT {', '.join(r.JOURNAL_COLUMNS)} FROM journal_log"

#: A case's family, and the cases whose records or whose workflow and person are those of one in it.
_RELATED = """
WITH family AS (SELECT * FROM case_file WHERE root = (SELECT root FROM case_file WHERE number = ?)),
related AS (
    SELECT number FROM family
    UNION SELECT other.number FROM case_file other JOIN family ON other.record = family.record AND family.record <> ''
    UNION SELECT other.number FROM case_file other JOIN family
        ON other.workflow = family.workflow AND other.subject_key = family.subject_key AND other.record = family.record
)
"""


class Cursor(Protocol):
    """The part of a DB-API cursor that is used here."""

    def fetchall(self) -> list[Any]: ...

    def fetchone(self) -> Any: ...

    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """The part of a database connection that is used here; values stand as ``?``."""

    def execute(self, sql: str, values: Sequence[Any] = ..., /) -> Cursor: ...


def foreign(name: str) -> IntegrityFault:
    """Return what is said of a database that is not one of ours."""
    message = Text("{p} 不是本软件的数据库，没有改动它", "{p} is not a database of this software; it was left alone")
    return IntegrityFault(message.fill(p=name), code="foreign")


def check_schema(connection: Connection, name: str) -> None:
    """Refuse a database of ours that is older or newer than this program.

    Raises:
        Refused: it is.
    """
    (schema,) = connection.execute("SELECT version_num FROM alembic_version").fetchone() or (None,)
    if schema != SCHEMA:
        message = Text(
            "数据库 {p} 的结构版本为 {s}，本软件需要 {n}。请使用相应版本的软件",
            "the database {p} has schema {s}, this program needs {n}; use the matching version of the program",
        )
        raise Refused(message.fill(p=name, s=schema, n=SCHEMA), code="schema")


class LogReader:
    """Finds log entries, and the rows that follow from them.

    Args:
        connection: an open connection; the reader does not close it.
        dialect: what differs in its statements.
        keys: where this machine keeps the keys of its databases.
    """

    def __init__(self, connection: Connection, dialect: Dialect, keys: Path) -> None:
        self._db = connection
        self._dialect = dialect
        self.keys = keys

    @property
    def plain(self) -> Connection:
        """The connection, for those who look at the database itself."""
        return self._db

    @cached_property
    def meta(self) -> Mapping[str, str]:
        """What this database is: ``id``, ``kind`` (training or production), ``created``, ``seal_key``.

        Raises:
            IntegrityFault: it does not say so.
        """
        found = dict(self._db.execute("SELECT key, value FROM meta").fetchall())
        missing = [key for key in _META if key not in found]
        if missing:
            message = Text("数据库的标识缺失（{m}）", "the database does not say what it is ({m})")
            raise IntegrityFault(message.fill(m="、".join(missing)), code="damaged")
        return found

    @cached_property
    def cipher(self) -> Cipher:
        """What opens the personal data of this database.

        Raises:
            NotFound: the key is not on this machine.
            IntegrityFault: a data key is missing or was changed.
        """
        from credit_workflow.store.crypto.cipher import cipher_of  # noqa: PLC0415 - as above
        from credit_workflow.store.crypto.keys import masters  # noqa: PLC0415

        return cipher_of(self.meta["id"], self.data_key_rows(), masters(self.keys, self.meta["id"]))

    def data_key_rows(self) -> list[r.Row]:
        """Return the wrapped data keys, the first one first."""
        return self._db.execute("SELECT id, purpose, master, wrapped, made FROM data_key ORDER BY id").fetchall()

    def keyed(self, number: str) -> str:
        """Return the hash by which the person with this number (a subject's ``key``) is found."""
        return self.cipher.keyed(number)

    def entry(self, row: r.Row) -> Entry:
        """Return the entry of a row of the case log (`EVENT_COLUMNS`).

        Raises:
            IntegrityFault: the row holds what no entry can.
        """
        return r.entry_of(row, self.cipher)

    def entries(self, case: str) -> list[tuple[int, str, Entry]]:
        """Return a case's entries in their order, each with its sequence number and hash."""
        found = self._db.execute(f"{_EVENTS} WHERE case_no = ? ORDER BY seq", (case,))
        return [(row[1], row[11], self.entry(row)) for row in found]

    def cases_with(self, action: str) -> frozenset[str]:
        """Return the numbers of the cases whose log has an entry of an action."""
        found = self._db.execute("SELECT DISTINCT case_no FROM case_event WHERE action = ?", (action,))
        return frozenset(row[0] for row in found)

    def history(self, number: str) -> list[Recorded]:
        """Return all entries of a case, of those it is linked to and of others about their records and people.

        In the order of the log.
        """
        found = self._db.execute(
            f"{_RELATED} {_EVENTS} WHERE case_no IN (SELECT number FROM related) ORDER BY id", (number,)
        )
        return [Recorded(seq=row[1], entry=self.entry(row)) for row in found]

    def event_rows(self) -> Iterable[r.Row]:
        """Return all rows of the case log (`EVENT_COLUMNS`), case by case."""
        return self._db.execute(f"{_EVENTS} ORDER BY case_no, seq")

    def journal_rows(self, stream: str | None = None) -> Iterable[r.Row]:
        """Return the rows of the other log (`JOURNAL_COLUMNS`) with what they say, stream by stream."""
        if stream is None:
            found = self.stored_journal_rows()
        else:
            found = self._db.execute(f"{_JOURNAL} WHERE stream = ? ORDER BY seq", (stream,))
        return (r.journal_opened(row, lambda: self.cipher) for row in found)

    def stored_journal_rows(self) -> Iterable[r.Row]:
        """Return all rows of the other log (`JOURNAL_COLUMNS`) as they are stored, stream by stream."""
        return self._db.execute(f"{_JOURNAL} ORDER BY stream, seq")

    def log_head(self, log: str) -> tuple[int, str]:
        """Return how many entries a log (its table's name) has, and the hash over all of theirs."""
        row = self._db.execute("SELECT entries, hash FROM log_head WHERE log = ?", (log,)).fetchone()
        return (0, genesis(self.meta["id"], log)) if row is None else (int(row[0]), str(row[1]))

    def events_kept(self) -> int:
        """Return how many entries the log of the cases has."""
        return self.log_head("case_event")[0]

    def roots_between(self, after: int, last: int) -> set[str]:
        """Return the roots of the cases that some entries of the log are about.

        Args:
            after: the last entry before them.
            last: the last one of them.
        """
        sql = "SELECT DISTINCT c.root FROM case_event AS e JOIN case_file AS c ON c.number = e.case_no"
        return {row[0] for row in self._db.execute(f"{sql} WHERE e.id > ? AND e.id <= ?", (after, last))}

    def numbered_event_rows(self, first: str = "", end: str | None = None) -> Iterable[r.Row]:
        """Return (id, *row) of the rows of the case log (`EVENT_COLUMNS`), case by case.

        Args:
            first: the first case.
            end: the first one after them, None where they go on to the last.
        """
        where, values = _between("case_no", first, end)
        columns = ", ".join(r.EVENT_COLUMNS)
        return self._db.execute(f"SELECT id, {columns} FROM case_event {where} ORDER BY case_no, seq", values)

    def log_links(self, log: str) -> Iterable[tuple[int, str]]:
        """Return (id, hash) of every entry of a log (its table's name), in its order."""
        return self._db.execute(f"SELECT id, hash FROM {log} ORDER BY id")

    def heads(self) -> dict[str, int]:
        """Return how many entries each log is said to have."""
        return dict(self._db.execute("SELECT log, entries FROM log_head").fetchall())

    def hashes_between(self, log: str, after: int, last: int) -> list[str]:
        """Return the hashes of a log's entries after one and through another, in their order."""
        found = self._db.execute(f"SELECT hash FROM {log} WHERE id > ? AND id <= ? ORDER BY id", (after, last))
        return [row[0] for row in found]

    def numbered_events(self, case: str) -> list[tuple[int, r.Row]]:
        """Return a case's entries (`EVENT_COLUMNS`), each with its place in the whole log."""
        sql = f"SELECT id, {', '.join(r.EVENT_COLUMNS)} FROM case_event WHERE case_no = ? ORDER BY seq"
        return [(row[0], row[1:]) for row in self._db.execute(sql, (case,))]

    def seal_rows(self) -> list[r.Row]:
        """Return all seals (`SEAL_COLUMNS`), the first one first."""
        return self._db.execute(f"SELECT {', '.join(r.SEAL_COLUMNS)} FROM seal_log ORDER BY seq").fetchall()

    def unguarded(self) -> tuple[str, Text] | None:
        """Return a protection of the logs that is not as it was made, and what is wrong with it."""
        return self._dialect.unguarded(self)

    def definition_rows(self) -> list[tuple[str, str, int, str]]:
        """Return (digest, workflow, version, body) of every definition."""
        found = self._db.execute("SELECT digest, workflow, version, body FROM definition ORDER BY workflow, version")
        return [tuple(row) for row in found]

    def roots(self) -> list[tuple[str, str, str | None]]:
        """Return (number, root, parent) of every case."""
        return [tuple(row) for row in self._db.execute("SELECT number, root, parent FROM case_file ORDER BY number")]

    def roots_in(self, first: str, end: str | None) -> dict[str, str]:
        """Return the roots of cases by their numbers; which cases, as `numbered_event_rows`."""
        where, values = _between("number", first, end)
        return dict(self._db.execute(f"SELECT number, root FROM case_file {where}", values).fetchall())

    def case_years(self) -> Iterable[tuple[str, str, str]]:
        """Return (number, workflow, day of filing) of every case."""
        return self._db.execute("SELECT number, workflow, opened FROM case_file ORDER BY number")

    def account_rows(self) -> list[tuple[Any, ...]]:
        """Return all rows of the accounts (`ACCOUNT_COLUMNS`)."""
        found = self._db.execute(f"SELECT {', '.join(r.ACCOUNT_COLUMNS)} FROM account ORDER BY name")
        return [tuple(row) for row in found]

    def account_entries(self) -> list[Entry]:
        """Return every entry of the log that says how an account stands, in the order of the log."""
        cases = "SELECT number FROM case_file WHERE subject_kind = 'account'"
        found = self._db.execute(f"{_EVENTS} WHERE case_no IN ({cases}) ORDER BY id")
        return [entry for row in found if (entry := self.entry(row)).change.account is not None]

    def journal_head(self, stream: str) -> tuple[int, str] | None:
        """Return the sequence number and hash of a stream's newest entry."""
        row = self._db.execute(
            "SELECT seq, hash FROM journal_log WHERE stream = ? ORDER BY seq DESC LIMIT 1", (stream,)
        ).fetchone()
        return None if row is None else (int(row[0]), str(row[1]))

    def last_of(self, stream: str) -> r.Row | None:
        """Return the newest row of a stream (`JOURNAL_COLUMNS`)."""
        row: r.Row | None = self._db.execute(
            f"{_JOURNAL} WHERE stream = ? ORDER BY seq DESC LIMIT 1", (stream,)
        ).fetchone()
        return None if row is None else r.journal_opened(row, lambda: self.cipher)

    def number_series(self) -> list[tuple[str, int, int]]:
        """Return the last serial number of each workflow and year."""
        found = self._db.execute("SELECT workflow, year, last FROM number_series ORDER BY workflow, year")
        return [tuple(row) for row in found]

    def deadline_rows(self, first: str = "", end: str | None = None) -> Iterable[r.Row]:
        """Return rows of the deadlines (`DEADLINE_COLUMNS`); of which cases, as `numbered_event_rows`."""
        where, values = _between("case_no", first, end)
        return self._db.execute(f"{_DEADLINE_ROWS} {where} ORDER BY case_no, id", values)

    def mark_rows(self, first: str = "", end: str | None = None) -> list[tuple[str, str]]:
        """Return the case and kind of marks; of which cases, as `numbered_event_rows`."""
        where, values = _between("case_no", first, end)
        return [
            tuple(row)
            for row in self._db.execute(f"SELECT case_no, kind FROM record_mark {where} ORDER BY 1, 2", values)
        ]

    def odd_flags(self) -> list[str]:
        """Return the keys of rows in which a flag is neither true nor false: no program of ours writes such."""
        return self._dialect.odd_flags(self._db)

    def count(self, table: str) -> int:
        """Return how many rows one of our tables has."""
        return int(self._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def _between(column: str, first: str, end: str | None) -> tuple[str, tuple[str, ...]]:
    return (
        (f"WHERE {column} >= ?", (first,)) if end is None else (f"WHERE {column} >= ? AND {column} < ?", (first, end))
    )
