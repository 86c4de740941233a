"""Write rows to SQLite: each statement is worded once, and the rows go to the driver as they are."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import cache
from typing import Any


class ManyRows:
    """Writes rows over sqlite3's connection, in the transaction that it is in."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows."""
        self._run(_addition(table, tuple(columns)), rows)

    def change(self, table: str, keys: tuple[str, ...], columns: tuple[str, ...], rows: Sequence[Sequence[Any]]) -> int:
        """Write some columns of rows; each row ends with the values of its keys. Return how many were met."""
        return self._run(_change(table, keys, columns), rows)

    def upsert(self, table: str, keys: tuple[str, ...], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows; those whose key is there already take the new values."""
        self._run(_upsert(table, keys, tuple(columns)), rows)

    def remove(self, table: str, keys: tuple[str, ...], rows: Sequence[Sequence[Any]]) -> None:
        """Delete the rows with these keys."""
        self._run(_removal(table, keys), rows)

    def _run(self, sql: str, rows: Sequence[Sequence[Any]]) -> int:
        return self._connection.executemany(sql, rows).rowcount if rows else 0


@cache
def _addition(table: str, columns: tuple[str, ...]) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


@cache
def _change(table: str, keys: tuple[str, ...], columns: tuple[str, ...]) -> str:
    return f"UPDATE {table} SET {', '.join(f'{name} = ?' for name in columns)} WHERE {_keyed(keys)}"


@cache
def _upsert(table: str, keys: tuple[str, ...], columns: tuple[str, ...]) -> str:
    return f"{_addition(table, columns)} {or_change(keys, columns)}"


@cache
def _removal(table: str, keys: tuple[str, ...]) -> str:
    return f"DELETE FROM {table} WHERE {_keyed(keys)}"


def or_change(keys: tuple[str, ...], columns: tuple[str, ...]) -> str:
    """Return the end of an insertion by which a row whose key is there already takes the new values."""
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in keys)
    return f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changes}"


def _keyed(keys: tuple[str, ...]) -> str:
    return " AND ".join(f"{key} = ?" for key in keys)
