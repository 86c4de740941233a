"""Give psycopg's connection the face that readers know: ``?`` for values, many rows one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import count
from typing import Any, cast

import psycopg

#: Rows that the server sends at a time while they are looked through one by one.
_PAGE = 5_000
_numbers = count(1)


class PlainConnection:
    """A psycopg connection with a transaction begun, for plain SQL.

    Args:
        connection: psycopg's; whoever opened it closes it.
    """

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection

    def execute(self, sql: str, values: Sequence[Any] = (), /) -> Found:
        """Return what a query finds; it runs when the first row is asked for."""
        return Found(self.connection, _places(sql), values)


class Found:
    """The rows of a query: all at once, or a page at a time when they are looked through."""

    def __init__(self, connection: psycopg.Connection[Any], sql: str, values: Sequence[Any]) -> None:
        self._connection = connection
        self._sql = cast("Any", sql)  # psycopg asks for literal strings: ours are put together from constants
        self._values = list(values)

    def fetchall(self) -> list[Any]:
        """Return all rows."""
        return self._run().fetchall()

    def fetchone(self) -> Any:
        """Return the first row, or None."""
        return self._run().fetchone()

    def __iter__(self) -> Iterator[Any]:
        name = f"cw_{next(_numbers)}"  # what is left half looked through ends with the transaction
        self._connection.execute(cast("Any", f"DECLARE {name} NO SCROLL CURSOR FOR {self._sql}"), self._values)
        page = cast("Any", f"FETCH {_PAGE} FROM {name}")
        more = True
        while more:
            rows = self._connection.execute(page).fetchall()
            yield from rows
            more = len(rows) == _PAGE
        self._connection.execute(cast("Any", f"CLOSE {name}"))

    def _run(self) -> psycopg.Cursor[Any]:
        return self._connection.execute(self._sql, self._values)


@lru_cache(maxsize=1024)
def _places(sql: str) -> str:
    """Return a statement with psycopg's places; no text of ours has a question mark in it."""
    return sql.replace("%", "%%").replace("?", "%s")
