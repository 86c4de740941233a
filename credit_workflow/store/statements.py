"""Statements on our tables that are used in more than one place, each made once."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Dialect, Table, bindparam, delete, insert, update
from sqlalchemy.sql.expression import Executable


def table_of(model: type[Any]) -> Table:
    table: Table = model.__table__
    return table


@cache
def addition(model: type[Any]) -> Executable:
    return insert(table_of(model))


@cache
def removal(model: type[Any], keys: tuple[str, ...]) -> Executable:
    columns = table_of(model).c
    return delete(table_of(model)).where(*(columns[key] == bindparam(f"key_{key}") for key in keys))


@cache
def change(model: type[Any], keys: tuple[str, ...], columns: tuple[str, ...]) -> Executable:
    """Return the statement that writes some columns of the row whose keys are as ``key_NAME`` says."""
    table = table_of(model)
    keyed = update(table).where(*(table.c[key] == bindparam(f"key_{key}") for key in keys))
    return keyed.values({name: bindparam(name) for name in columns})


@cache
def upsert(model: type[Any], key: tuple[str, ...]) -> Executable:
    from sqlalchemy.dialects.sqlite import insert as insert_or_update  # noqa: PLC0415

    statement = insert_or_update(table_of(model))
    changing = {c.name: statement.excluded[c.name] for c in table_of(model).columns if c.name not in key}
    return statement.on_conflict_do_update(index_elements=list(key), set_=changing)


#: One dialect of each kind. Every engine has its own, and they say the same.
_DIALECTS: dict[str, Dialect] = {}


def text_of(statement: Executable, dialect: Dialect, columns: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Return a statement as text, and its columns in the order of the text's places."""
    return _text_of(statement, _DIALECTS.setdefault(f"{dialect.name}+{dialect.driver}", dialect), columns)


@lru_cache(maxsize=128)
def _text_of(statement: Executable, dialect: Dialect, columns: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    compiled = statement.compile(dialect=dialect, column_keys=list(columns))  # type: ignore[attr-defined]  # Executable has it at run time
    return str(compiled), tuple(compiled.positiontup)
