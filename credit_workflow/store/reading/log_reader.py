"""Read the logs, and what ``audit verify`` holds against them, in plain SQL."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from credit_workflow.engine.values import Entry
from credit_workflow.errors import IntegrityFault, Refused
from credit_workflow.store.aggregates.journal_kept import JournalReader
from credit_workflow.store.mapping import rows as r
from credit_workflow.store.reading.conditions import Conditions
from credit_workflow.store.reading.opened import Opened
from credit_workflow.store.schema.columns import COLUMNS
from credit_workflow.text import Text

if TYPE_CHECKING:
    from credit_workflow.store.connection import Connection, Cursor

#: The newest migration; a database with another one is older or newer than this program.
SCHEMA = "0005"
#: The migration before, which lacks the index of the second log alone: there the log itself is searched.
_UNINDEXED = "0004"
#: The logs, and the tables whose rows nobody may change or delete.
LOGS = ("case_event", "journal_log")
APPEND_ONLY = (*LOGS, "seal_log")
CHANGED = Text("保护日志的触发器缺失或被改动", "the trigger that protects the log is not as it was")
TOO_MANY = Text("多出的触发器", "a trigger too many")
_DEADLINE_ROWS = f"SELECT {', '.join(COLUMNS['case_deadline'])} FROM case_deadline"
_EVENTS = f"SELECT {', '.join(r.EVENT_COLUMNS)} FROM case_event"


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
    if schema not in (SCHEMA, _UNINDEXED):
        message = Text(
            "数据库 {p} 的结构版本为 {s}，本软件需要 {n}。请使用相应版本的软件",
            "the database {p} has schema {s}, this program needs {n}; use the matching version of the program",
        )
        raise Refused(message.fill(p=name, s=schema, n=SCHEMA), code="schema")


class LogReader(Opened):
    """Finds log entries, and the rows that follow from them."""

    @cached_property
    def journal(self) -> JournalReader:
        """The second log."""
        return JournalReader(self)

    def entry(self, row: r.Row) -> Entry:
        """Return the entry of a row of the case log (`EVENT_COLUMNS`).

        Raises:
            IntegrityFault: the row holds what no entry can.
        """
        return r.entry_of(row, self.cipher)

    def event_rows(self) -> Iterable[r.Row]:
        """Return all rows of the case log (`EVENT_COLUMNS`), case by case."""
        return self.plain.execute(f"{_EVENTS} ORDER BY case_no, seq")

    def stored_journal_rows(self) -> Iterable[r.Row]:
        """Return all rows of the other log (`JOURNAL_COLUMNS`) as they are stored, stream by stream."""
        return self.plain.execute(f"SELECT {', '.join(r.JOURNAL_COLUMNS)} FROM journal_log ORDER BY stream, seq")

    def numbered_event_rows(self, first: str = "", end: str | None = None) -> Iterable[r.Row]:
        """Return (id, *row) of the rows of the case log (`EVENT_COLUMNS`), case by case.

        Args:
            first: the first case.
            end: the first one after them, None where they go on to the last.
        """
        columns = ", ".join(r.EVENT_COLUMNS)
        return self._part(f"SELECT id, {columns} FROM case_event", "case_no, seq", first, end)

    def log_links(self, log: str) -> Iterable[tuple[int, str]]:
        """Return (id, hash) of every entry of a log (its table's name), in its order."""
        return self.plain.execute(f"SELECT id, hash FROM {log} ORDER BY id")

    def hashes_between(self, log: str, after: int, last: int) -> list[str]:
        """Return the hashes of a log's entries after one and through another, in their order."""
        return self.column(f"SELECT hash FROM {log} WHERE id > ? AND id <= ? ORDER BY id", after, last)

    def numbered_events(self, case: str) -> list[tuple[int, r.Row]]:
        """Return a case's entries (`EVENT_COLUMNS`), each with its place in the whole log."""
        sql = f"SELECT id, {', '.join(r.EVENT_COLUMNS)} FROM case_event WHERE case_no = ? ORDER BY seq"
        return [(row[0], row[1:]) for row in self.plain.execute(sql, (case,))]

    def roots(self) -> list[tuple[str, str, str | None]]:
        """Return (number, root, parent) of every case."""
        return self.plain.execute("SELECT number, root, parent FROM case_file ORDER BY number").fetchall()

    def roots_in(self, first: str, end: str | None) -> dict[str, str]:
        """Return the roots of cases by their numbers; which cases, as `numbered_event_rows`."""
        return dict(self._part("SELECT number, root FROM case_file", "number", first, end).fetchall())

    def case_numbers(self) -> Iterable[tuple[str, str]]:
        """Return the number of every case, with its workflow."""
        return self.plain.execute("SELECT number, workflow FROM case_file ORDER BY number")

    def account_entries(self) -> list[Entry]:
        """Return every entry of the log that says how an account stands, in the order of the log."""
        cases = "SELECT number FROM case_file WHERE subject_kind = 'account'"
        found = self.plain.execute(f"{_EVENTS} WHERE case_no IN ({cases}) ORDER BY id")
        return [entry for row in found if (entry := self.entry(row)).change.account is not None]

    def deadline_rows(self, first: str = "", end: str | None = None) -> Iterable[r.Row]:
        """Return rows of the deadlines (`columns.CASE_DEADLINE`); of which cases, as `numbered_event_rows`."""
        return self._part(_DEADLINE_ROWS, "case_no, id", first, end)

    def mark_rows(self, first: str = "", end: str | None = None) -> list[tuple[str, str]]:
        """Return the case and kind of marks; of which cases, as `numbered_event_rows`."""
        return self._part("SELECT case_no, kind FROM record_mark", "case_no, kind", first, end).fetchall()

    def _part(self, sql: str, by: str, first: str, end: str | None) -> Cursor:
        """Look through the rows of cases from ``first`` on and before ``end``, by some columns, their number first."""
        part = Conditions().between(by.partition(",")[0], first, end)
        return self.plain.execute(f"{sql} {part.where} ORDER BY {by}", part.values)
