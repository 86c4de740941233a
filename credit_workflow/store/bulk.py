"""Many rows at once by ``executemany``: the statement is compiled once, the rows go to the driver as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection
from sqlalchemy.sql.expression import Executable

from credit_workflow.store.statements import addition, change, removal, text_of, upsert

if TYPE_CHECKING:
    from credit_workflow.store.backend import Model


class ManyRows:
    """Writes rows through a connection with a transaction begun."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, model: Model, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows."""
        self._run(addition(model), tuple(columns), rows)

    def change(
        self, model: Model, keys: tuple[str, ...], columns: tuple[str, ...], rows: Sequence[Sequence[Any]]
    ) -> int:
        """Write some columns of rows; each row ends with the values of its keys. Return how many were met."""
        return self._run(change(model, keys, columns), (*columns, *(f"key_{key}" for key in keys)), rows)

    def upsert(
        self, model: Model, keys: tuple[str, ...], columns: Sequence[str], rows: Sequence[Sequence[Any]]
    ) -> None:
        """Insert rows; those whose key is there already take the new values."""
        self._run(upsert(model, keys), tuple(columns), rows)

    def remove(self, model: Model, keys: tuple[str, ...], rows: Sequence[Sequence[Any]]) -> None:
        """Delete the rows with these keys."""
        self._run(removal(model, keys), tuple(f"key_{key}" for key in keys), rows)

    def _run(self, statement: Executable, columns: tuple[str, ...], rows: Sequence[Sequence[Any]]) -> int:
        """Run a statement for each row; building a mapping for each would cost as much again as writing it."""
        if not rows:
            return 0
        text, order = text_of(statement, self._connection.dialect, columns)
        places = [columns.index(name) for name in order] if order != columns else None
        ordered = list(rows) if places is None else [tuple(row[i] for i in places) for row in rows]
        return int(self._connection.exec_driver_sql(text, ordered).rowcount)
