"""Carrying a database over to another kind: every row as it is, so that its log is proved there as it was here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Boolean
from sqlmodel import SQLModel

from credit_workflow.store import tables as t
from credit_workflow.store.creation import migrate
from credit_workflow.store.database import Database
from credit_workflow.store.statements import table_of

_CHUNK = 5_000
_MONTH = 7
_TABLES: tuple[type[SQLModel], ...] = (
    t.Meta, t.Definition, t.Account, t.Credential, t.SignIn, t.DataKey, t.LogHead, t.SealLog, t.CreditRecord,
    t.CaseFile, t.CaseDeadline, t.RecordMark, t.Outbox, t.NumberSeries, t.CaseEvent, t.JournalLog,
)  # fmt: skip


def transfer(source: Database, target: Database, tell: Callable[[int, int], None] | None = None) -> None:
    """Copy all of a database, as it stands at one moment, to a place where there is nothing.

    Args:
        source: what is copied; people may go on working in it.
        target: where to, of any kind.
        tell: called with the number of rows copied and in all.

    Raises:
        Refused: there is something at ``target`` already; it is left as it is.
        NotFound, IntegrityFault: the source can't be read.
        CreditWorkflowError: the target can't be written; nothing is left there.
    """
    with (
        source.reading() as db,
        target.backend.translated(),
        target.backend.making() as connection,
    ):
        migrate(connection)
        rows, plain = target.backend.rows(connection), target.backend.plain(connection)
        total, done = sum(db.count(table_of(model).name) for model in _TABLES), 0
        for model in _TABLES:
            table = table_of(model)
            columns = [column.name for column in table.columns]
            flags = [n for n, column in enumerate(table.columns) if isinstance(column.type, Boolean)]
            keys = ", ".join(column.name for column in table.primary_key)
            found = db.plain.execute(f"SELECT {', '.join(columns)} FROM {table.name} ORDER BY {keys}")
            for chunk in _chunks(found, flags):
                if model in (t.CaseEvent, t.JournalLog):
                    at = columns.index("at")
                    months = sorted({row[at][:_MONTH] for row in chunk})
                    target.backend.dialect.months(plain, table.name, months)
                rows.add(model, columns, chunk)
                done += len(chunk)
                if tell is not None:
                    tell(done, total)


def _chunks(rows: Iterable[Sequence[Any]], flags: Sequence[int]) -> Iterator[list[tuple[Any, ...]]]:
    """Yield rows in lists, with flags as what they are: SQLite keeps them as numbers."""
    found = iter(rows)
    while chunk := [tuple(row) for row in islice(found, _CHUNK)]:
        yield [tuple(bool(v) if n in flags else v for n, v in enumerate(row)) for row in chunk] if flags else chunk
