"""Make values of rows by the names of their columns, and rows of values.

A column is the field of the same name. What kind of text it holds, `schema.tables` says. Both ways are compiled
when they are first used, as a named tuple's are, so that they are as quick as if each field were written out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any, Generic, TypeVar

from credit_workflow.store.schema.columns import COLUMNS, DAYS, FLAGS, INSTANTS, WORDS

V = TypeVar("V")

day_of = lru_cache(maxsize=4096)(date.fromisoformat)
_stored_instant = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z").fullmatch


@lru_cache(maxsize=256)
def instant_text(at: datetime) -> str:
    """Return an instant in UTC as it is stored."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def instant_of(text: str) -> datetime:
    """Return a stored instant.

    Raises:
        ValueError: it is not written as `instant_text` writes one.
    """
    if _stored_instant(text) is None:
        raise ValueError(f"no instant: {text!r}")
    return datetime.fromisoformat(text)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()


#: How a column is read, and how it is written.
Ways = tuple[Callable[[Any], Any], Callable[[Any], Any]]
_KINDS: tuple[tuple[frozenset[str], Ways], ...] = (
    (FLAGS, (bool, bool)),
    (DAYS, (day_of, date.isoformat)),
    (INSTANTS, (instant_of, instant_text)),
    (WORDS, (_words, ",".join)),
)


class Shape(Generic[V]):
    """How values of a type stand in the rows of a table.

    Args:
        table: the table, or several that are joined.
        form: the type, a struct.
        columns: which columns, in their order, after a table's short name where several are joined; all where none
            are given.
        given: fields that are not made from one column alone; `of` is given them, and `row` their columns.
        ways: how some columns are read and written that their kind does not say it of.
        called: the field that is meant by a column of another name, and the table by its short name in the statement.
    """

    def __init__(
        self,
        table: str,
        form: Callable[..., V],
        columns: tuple[str, ...] = (),
        *,
        given: Sequence[str] = (),
        ways: Mapping[str, Ways] = {},
        **called: str,
    ) -> None:
        self.columns = columns or COLUMNS[table]
        #: The statement up to its condition.
        self.select = f"SELECT {', '.join(self.columns)} FROM {table}"
        self._table, self._form, self._given, self._ways, self._called = table, form, given, ways, called

    @cached_property
    def of(self) -> Callable[..., V]:
        """What makes the value of a row, with the fields that are given; ValueError: a column holds what it can't."""
        names: dict[str, Any] = {"form": self._form}
        parts = [f"{field}={field}" for field in self._given]
        for place, (_, field, ways) in enumerate(self._each()):
            if field is not None:
                parts.append(f"{field}={_converted(f'row[{place}]', f'read_{field}', ways and ways[0], names)}")
        return _compiled(["row", *self._given], f"form({', '.join(parts)})", names)

    @cached_property
    def row(self) -> Callable[..., tuple[Any, ...]]:
        """What makes the row of a value, with the columns that are given, as they are stored."""
        names: dict[str, Any] = {}
        parts = [
            column if field is None else _converted(f"value.{field}", f"write_{field}", ways and ways[1], names)
            for column, field, ways in self._each()
        ]
        given = [column for column, field, _ in self._each() if field is None]
        return _compiled(["value", *given], f"({', '.join(parts)},)", names)

    def _each(self) -> Iterator[tuple[str, str | None, Ways | None]]:
        """Yield each column, the field that is made from it alone, and how it is read and written."""
        own: Sequence[str] = self._form.__struct_fields__  # type: ignore[attr-defined]  # a struct's
        for full in self.columns:
            table, _, column = full.rpartition(".")
            field = self._called.get(column, column)
            stored = f"{self._called.get(table, table) or self._table}.{column}"
            ways = next((ways for kind, ways in _KINDS if stored in kind), None)
            made = field in own and field not in self._given
            yield column, field if made else None, self._ways.get(column, ways)


def _converted(what: str, name: str, way: Callable[[Any], Any] | None, names: dict[str, Any]) -> str:
    """Return the expression by which a part is read or written; what is not there stays so."""
    if way is None:
        return what
    names[name] = way
    return f"(None if {what} is None else {name}({what}))"


def _compiled(parameters: Sequence[str], expression: str, names: dict[str, Any]) -> Callable[..., Any]:
    """Return a function of an expression, which is made of the names of fields and columns alone."""
    made: Callable[..., Any] = eval(f"lambda {', '.join(parameters)}: {expression}", names)  # noqa: S307 - as it says
    return made
