"""Many rows in one statement: COPY for what is added, arrays for what is changed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import psycopg
from sqlalchemy import Boolean, Integer

from credit_workflow.store.statements import table_of

if TYPE_CHECKING:
    from credit_workflow.store.backend import Model

#: From how many rows on COPY is quicker than an insertion.
_MANY = 20


class ArrayRows:
    """Writes rows over psycopg's connection, in the transaction that it is in."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def add(self, model: Model, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows."""
        if len(rows) < _MANY:
            self._run(_addition(model, tuple(columns)), len(columns), rows)
            return
        into = cast("Any", f"COPY {table_of(model).name} ({', '.join(columns)}) FROM STDIN")
        with self._connection.cursor() as cursor, cursor.copy(into) as copy:
            for row in rows:
                copy.write_row(row)

    def change(
        self, model: Model, keys: tuple[str, ...], columns: tuple[str, ...], rows: Sequence[Sequence[Any]]
    ) -> int:
        """Write some columns of rows; each row ends with the values of its keys. Return how many were met."""
        return self._run(_change(model, keys, columns), len(columns) + len(keys), rows)

    def upsert(
        self, model: Model, keys: tuple[str, ...], columns: Sequence[str], rows: Sequence[Sequence[Any]]
    ) -> None:
        """Insert rows; those whose key is there already take the new values."""
        self._run(_upsert(model, keys, tuple(columns)), len(columns), rows)

    def remove(self, model: Model, keys: tuple[str, ...], rows: Sequence[Sequence[Any]]) -> None:
        """Delete the rows with these keys."""
        self._run(_removal(model, keys), len(keys), rows)

    def _run(self, sql: str, width: int, rows: Sequence[Sequence[Any]]) -> int:
        if not rows:
            return 0
        arrays = [[row[i] for row in rows] for i in range(width)]
        return self._connection.execute(cast("Any", sql), arrays).rowcount


def _arrays(model: Model, columns: tuple[str, ...]) -> str:
    types = [table_of(model).c[name].type for name in columns]
    names = ["boolean" if isinstance(t, Boolean) else "bigint" if isinstance(t, Integer) else "text" for t in types]
    return ", ".join(f"%s::{name}[]" for name in names)


@cache
def _addition(model: Model, columns: tuple[str, ...]) -> str:
    names = ", ".join(columns)
    return f"INSERT INTO {table_of(model).name} ({names}) SELECT * FROM unnest({_arrays(model, columns)})"


@cache
def _change(model: Model, keys: tuple[str, ...], columns: tuple[str, ...]) -> str:
    given = [f"v{n}" for n in range(len(columns) + len(keys))]
    changes = ", ".join(f"{name} = given.{new}" for name, new in zip(columns, given, strict=False))
    keyed = " AND ".join(f"was.{name} = given.{key}" for name, key in zip(keys, given[len(columns) :], strict=True))
    values = f"unnest({_arrays(model, columns + keys)}) AS given ({', '.join(given)})"
    return f"UPDATE {table_of(model).name} AS was SET {changes} FROM {values} WHERE {keyed}"


@cache
def _upsert(model: Model, keys: tuple[str, ...], columns: tuple[str, ...]) -> str:
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in keys)
    return f"{_addition(model, columns)} ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changes}"


@cache
def _removal(model: Model, keys: tuple[str, ...]) -> str:
    given = ", ".join(f"k{n}" for n in range(len(keys)))
    keyed = " AND ".join(f"was.{name} = given.k{n}" for n, name in enumerate(keys))
    values = f"unnest({_arrays(model, keys)}) AS given ({given})"
    return f"DELETE FROM {table_of(model).name} AS was USING {values} WHERE {keyed}"
