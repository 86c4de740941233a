"""Describe the part of a database's own library that is used here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol


class Cursor(Protocol):
    """The part of a DB-API cursor that is used here."""

    def fetchall(self) -> list[Any]: ...

    def fetchone(self) -> Any: ...

    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """The part of a database connection that is used here; values stand as ``?``."""

    def execute(self, sql: str, values: Sequence[Any] = ..., /) -> Cursor: ...
