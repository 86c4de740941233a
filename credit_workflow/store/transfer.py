"""Carrying a database over to another kind: every row as it is, so that its log is proved there as it was here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlmodel import SQLModel

from credit_workflow.store.database import Database
from credit_workflow.store.schema.column_kinds import FLAGS
from credit_workflow.store.schema.creation import migrate

_CHUNK = 5_000
_TABLES = (
    "meta", "definition", "account", "credential", "sign_in", "data_key", "log_head", "seal_log", "credit_record",
    "case_file", "case_deadline", "record_mark", "outbox", "number_series", "case_event", "journal_log",
)  # fmt: skip
_LOGS = ("case_event", "journal_log")


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
        target.backend.making() as (connection, plain),
    ):
        migrate(connection)
        rows = target.backend.rows(plain)
        total, done = sum(db.count(name) for name in _TABLES), 0
        for name in _TABLES:
            table = SQLModel.metadata.tables[name]
            columns = [column.name for column in table.columns]
            flags = [n for n, column in enumerate(columns) if f"{name}.{column}" in FLAGS]
            keys = ", ".join(column.name for column in table.primary_key)
            found = db.plain.execute(f"SELECT {', '.join(columns)} FROM {name} ORDER BY {keys}")
            for chunk in _chunks(found, flags):
                if name in _LOGS:
                    at = columns.index("at")
                    target.backend.dialect.make_room(plain, name, (row[at] for row in chunk))
                rows.add(name, columns, chunk)
                done += len(chunk)
                if tell is not None:
                    tell(done, total)


def _chunks(rows: Iterable[Sequence[Any]], flags: Sequence[int]) -> Iterator[list[tuple[Any, ...]]]:
    """Yield rows in lists, with flags as what they are: SQLite keeps them as numbers."""
    found = iter(rows)
    while chunk := [tuple(row) for row in islice(found, _CHUNK)]:
        yield [tuple(bool(v) if n in flags else v for n, v in enumerate(row)) for row in chunk] if flags else chunk
