"""Write rows to SQLite: each statement is worded once, and the rows go to the driver as they are."""

from __future__ import annotations

import sqlite3
from functools import cache

from credit_workflow.store.backend import Many
from credit_workflow.store.schema.columns import COLUMNS, KEYS


class ManyRows:
    """Writes rows over sqlite3's connection, in the transaction that it is in."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, table: str, rows: Many) -> None:
        """Insert rows."""
        self._run(_addition(table), rows)

    def change(self, table: str, columns: tuple[str, ...], rows: Many, keys: tuple[str, ...] = ()) -> int:
        """Write some columns of rows; each row ends with the values of its keys. Return how many were met."""
        return self._run(_change(table, columns, keys or KEYS[table]), rows)

    def upsert(self, table: str, rows: Many) -> None:
        """Insert rows; those whose key is there already take the new values."""
        self._run(f"{_addition(table)} {or_change(table)}", rows)

    def remove(self, table: str, rows: Many, keys: tuple[str, ...] = ()) -> None:
        """Delete the rows with these keys."""
        self._run(f"DELETE FROM {table} WHERE {_keyed(keys or KEYS[table])}", rows)

    def _run(self, sql: str, rows: Many) -> int:
        return self._connection.executemany(sql, rows).rowcount if rows else 0


@cache
def _addition(table: str) -> str:
    columns = COLUMNS[table]
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


@cache
def _change(table: str, columns: tuple[str, ...], keys: tuple[str, ...]) -> str:
    return f"UPDATE {table} SET {', '.join(f'{name} = ?' for name in columns)} WHERE {_keyed(keys)}"


@cache
def or_change(table: str) -> str:
    """Return the end of an insertion by which a row whose key is there already takes the new values."""
    keys = KEYS[table]
    changes = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[table] if name not in keys)
    return f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changes}"


def _keyed(keys: tuple[str, ...]) -> str:
    return " AND ".join(f"{key} = ?" for key in keys)
