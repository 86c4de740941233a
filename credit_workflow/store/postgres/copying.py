"""Write many rows in one statement: few as arrays, many by COPY into a table of the connection's own."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, cast

import psycopg

from credit_workflow.store.schema.columns import FLAGS, NUMBERS
from credit_workflow.store.sqlite.bulk_rows import or_change

#: From how many rows on COPY is quicker: psycopg puts arrays into words one by one.
_MANY = 30


class GivenRows:
    """Writes rows over psycopg's connection, in the transaction that it is in."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._filled: set[str] = set()

    def add(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows."""
        if len(rows) >= _MANY:
            self._copy(f"{table} ({', '.join(columns)})", rows)
        else:
            names = tuple(columns)
            self._run(_addition(table, names), _types(table, names), rows)

    def change(self, table: str, keys: tuple[str, ...], columns: tuple[str, ...], rows: Sequence[Sequence[Any]]) -> int:
        """Write some columns of rows; each row ends with the values of its keys. Return how many were met."""
        return self._run(_change(table, keys, columns), _types(table, columns + keys), rows)

    def upsert(self, table: str, keys: tuple[str, ...], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows; those whose key is there already take the new values."""
        names = tuple(columns)
        self._run(_upsert(table, keys, names), _types(table, names), rows)

    def remove(self, table: str, keys: tuple[str, ...], rows: Sequence[Sequence[Any]]) -> None:
        """Delete the rows with these keys."""
        self._run(_removal(table, keys), _types(table, keys), rows)

    def _run(self, sql: str, types: tuple[str, ...], rows: Sequence[Sequence[Any]]) -> int:
        """Run a statement that says ``{given}`` for the table of what is given, in columns v0, v1 and so on."""
        if not rows:
            return 0
        if len(rows) >= _MANY:
            given, values = self._copied(types, rows), None
        else:
            arrays = ", ".join(f"%s::{name}[]" for name in types)
            names = ", ".join(f"v{n}" for n in range(len(types)))
            given, values = (
                f"unnest({arrays}) AS given ({names})",
                [[row[i] for row in rows] for i in range(len(types))],
            )
        return self._connection.execute(cast("Any", sql.replace("{given}", given)), values).rowcount

    def _copied(self, types: tuple[str, ...], rows: Sequence[Sequence[Any]]) -> str:
        """Lay rows into a temporary table, which is emptied at the end of the transaction; return its name."""
        name = "given_" + "".join(kind[0] for kind in types)
        if name in self._filled:
            self._connection.execute(cast("Any", f"TRUNCATE {name}"))
        else:
            columns = ", ".join(f"v{n} {kind}" for n, kind in enumerate(types))
            made = f"CREATE TEMPORARY TABLE IF NOT EXISTS {name} ({columns}) ON COMMIT DELETE ROWS"
            self._connection.execute(cast("Any", made))
            self._filled.add(name)
        self._copy(name, rows)
        return f"{name} AS given"

    def _copy(self, into: str, rows: Sequence[Sequence[Any]]) -> None:
        with self._connection.cursor() as cursor, cursor.copy(cast("Any", f"COPY {into} FROM STDIN")) as copy:
            for row in rows:
                copy.write_row(row)


@cache
def _types(table: str, columns: tuple[str, ...]) -> tuple[str, ...]:
    names = [f"{table}.{column}" for column in columns]
    return tuple("boolean" if name in FLAGS else "bigint" if name in NUMBERS else "text" for name in names)


@cache
def _addition(table: str, columns: tuple[str, ...]) -> str:
    given = ", ".join(f"given.v{n}" for n in range(len(columns)))
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {given} FROM {{given}}"


@cache
def _change(table: str, keys: tuple[str, ...], columns: tuple[str, ...]) -> str:
    changes = ", ".join(f"{name} = given.v{n}" for n, name in enumerate(columns))
    keyed = " AND ".join(f"was.{name} = given.v{n}" for n, name in enumerate(keys, len(columns)))
    return f"UPDATE {table} AS was SET {changes} FROM {{given}} WHERE {keyed}"


@cache
def _upsert(table: str, keys: tuple[str, ...], columns: tuple[str, ...]) -> str:
    return f"{_addition(table, columns)} {or_change(keys, columns)}"


@cache
def _removal(table: str, keys: tuple[str, ...]) -> str:
    keyed = " AND ".join(f"was.{name} = given.v{n}" for n, name in enumerate(keys))
    return f"DELETE FROM {table} AS was USING {{given}} WHERE {keyed}"
