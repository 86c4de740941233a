"""Carry a database over to another kind, every row as it is, so that its log is proved there as it was here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from credit_workflow.store.database import Database
from credit_workflow.store.reading.log_reader import LOGS
from credit_workflow.store.schema.columns import COLUMNS, FLAGS
from credit_workflow.store.schema.creation import migrate
from credit_workflow.store.writing.journal_index import make_index

_CHUNK = 5_000


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
        kept = {name: columns for name, columns in COLUMNS.items() if name != "journal_about" or db.journal.indexed}
        total, done = sum(map(db.count, kept)), 0
        for name, columns in kept.items():
            flags = [n for n, column in enumerate(columns) if f"{name}.{column}" in FLAGS]
            for chunk in _chunks(db.table(name), flags):
                if name in LOGS:
                    at = columns.index("at")
                    target.backend.dialect.make_room(plain, name, (row[at] for row in chunk))
                rows.add(name, chunk)
                done += len(chunk)
                if tell is not None:
                    tell(done, total)
        if not db.journal.indexed:
            make_index(db, rows)


def _chunks(rows: Iterable[Sequence[Any]], flags: Sequence[int]) -> Iterator[list[tuple[Any, ...]]]:
    """Yield rows in lists, with flags as what they are: SQLite keeps them as numbers."""
    found = iter(rows)
    while chunk := [tuple(row) for row in islice(found, _CHUNK)]:
        yield [tuple(bool(v) if n in flags else v for n, v in enumerate(row)) for row in chunk] if flags else chunk
