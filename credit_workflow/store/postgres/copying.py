"""Write many rows in one statement: few as arrays, many by COPY into a table of the connection's own."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

import psycopg

from credit_workflow.store.backend import Many
from credit_workflow.store.schema.columns import COLUMNS, FLAGS, KEYS, NUMBERS
from credit_workflow.store.sqlite.bulk_rows import or_change

#: From how many rows on COPY is quicker: psycopg puts arrays into words one by one.
_MANY = 30


class GivenRows:
    """Writes rows over psycopg's connection, in the transaction that it is in."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._filled: set[str] = set()

    def add(self, table: str, rows: Many) -> None:
        """Insert rows."""
        if len(rows) >= _MANY:
            self._copy(f"{table} ({', '.join(COLUMNS[table])})", rows)
        else:
            self._run(_addition(table), _types(table, COLUMNS[table]), rows)

    def change(self, table: str, columns: tuple[str, ...], rows: Many, keys: tuple[str, ...] = ()) -> int:
        """Write some columns of rows; each row ends with the values of its keys. Return how many were met."""
        keys = keys or KEYS[table]
        return self._run(_change(table, columns, keys), _types(table, columns + keys), rows)

    def upsert(self, table: str, rows: Many) -> None:
        """Insert rows; those whose key is there already take the new values."""
        self._run(f"{_addition(table)} {or_change(table)}", _types(table, COLUMNS[table]), rows)

    def remove(self, table: str, rows: Many, keys: tuple[str, ...] = ()) -> None:
        """Delete the rows with these keys."""
        keys = keys or KEYS[table]
        self._run(f"DELETE FROM {table} AS was USING {{given}} WHERE {_keyed(keys)}", _types(table, keys), rows)

    def _run(self, sql: str, types: tuple[str, ...], rows: Many) -> int:
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

    def _copied(self, types: tuple[str, ...], rows: Many) -> str:
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

    def _copy(self, into: str, rows: Many) -> None:
        with self._connection.cursor() as cursor, cursor.copy(cast("Any", f"COPY {into} FROM STDIN")) as copy:
            for row in rows:
                copy.write_row(row)


@cache
def _types(table: str, columns: tuple[str, ...]) -> tuple[str, ...]:
    names = [f"{table}.{column}" for column in columns]
    return tuple("boolean" if name in FLAGS else "bigint" if name in NUMBERS else "text" for name in names)


@cache
def _addition(table: str) -> str:
    given = ", ".join(f"given.v{n}" for n in range(len(COLUMNS[table])))
    return f"INSERT INTO {table} ({', '.join(COLUMNS[table])}) SELECT {given} FROM {{given}}"


@cache
def _change(table: str, columns: tuple[str, ...], keys: tuple[str, ...]) -> str:
    changes = ", ".join(f"{name} = given.v{n}" for n, name in enumerate(columns))
    return f"UPDATE {table} AS was SET {changes} FROM {{given}} WHERE {_keyed(keys, len(columns))}"


def _keyed(keys: tuple[str, ...], first: int = 0) -> str:
    return " AND ".join(f"was.{name} = given.v{n}" for n, name in enumerate(keys, first))
