"""Statements on our tables that are used in more than one place."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, bindparam, delete
from sqlalchemy.sql.expression import Executable


def table_of(model: type[Any]) -> Table:
    table: Table = model.__table__
    return table


def removal(model: type[Any], key: str) -> Executable:
    columns = table_of(model).c
    return delete(table_of(model)).where(
        columns.case_no == bindparam("key_case_no"), columns[key] == bindparam(f"key_{key}")
    )


def upsert(model: type[Any], key: tuple[str, ...]) -> Executable:
    from sqlalchemy.dialects.sqlite import insert  # noqa: PLC0415

    statement = insert(table_of(model))
    changing = {c.name: statement.excluded[c.name] for c in table_of(model).columns if c.name not in key}
    return statement.on_conflict_do_update(index_elements=list(key), set_=changing)
