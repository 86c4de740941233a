"""Make the roles that may use a database, each with its rights table by table, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import errors, sql

from credit_workflow.errors import NotAllowed
from credit_workflow.text import Text

#: What the program needs. No log entry is ever changed or deleted, and nothing of the schema.
APPLICATION: Mapping[str, str] = {
    "alembic_version": "SELECT",
    "meta": "SELECT",
    "definition": "SELECT, INSERT",
    "account": "SELECT, INSERT, UPDATE",
    "credential": "SELECT, INSERT, UPDATE",
    "sign_in": "SELECT, INSERT, UPDATE, DELETE",
    "data_key": "SELECT, INSERT, UPDATE",
    "log_head": "SELECT, INSERT, UPDATE",
    "credit_record": "SELECT, INSERT, UPDATE",
    "case_file": "SELECT, INSERT, UPDATE",
    "case_deadline": "SELECT, INSERT, UPDATE, DELETE",
    "record_mark": "SELECT, INSERT, UPDATE, DELETE",
    "outbox": "SELECT, INSERT, UPDATE",
    "number_series": "SELECT, INSERT, UPDATE",
    "case_event": "SELECT, INSERT",
    "journal_log": "SELECT, INSERT",
    "journal_about": "SELECT, INSERT",
    "seal_log": "SELECT, INSERT",
}


def application_role(database: str) -> str:
    """Return the role of those who work with a database: the program, on every machine."""
    return f"{database}_app"


def reading_role(database: str) -> str:
    """Return the role of those who only read and prove a database: auditors."""
    return f"{database}_read"


def make_roles(connection: psycopg.Connection[Any], database: str) -> None:
    """Make the roles of a new database where they are missing, and give each what it needs.

    Args:
        connection: the owner's, in the transaction in which the tables were made.
        database: the database's name.

    Raises:
        NotAllowed: the owner may not make roles, and they are not there.
    """
    app, read = application_role(database), reading_role(database)
    for role in (app, read):
        _make(connection, role)
    here = sql.Identifier(database)
    (schema,) = connection.execute("SELECT current_schema()").fetchone() or ("public",)
    inside = sql.Identifier(schema)
    both = sql.SQL(", ").join(map(sql.Identifier, (app, read)))
    for statement, values in (
        ("REVOKE ALL ON DATABASE {} FROM PUBLIC", (here,)),
        ("GRANT CONNECT ON DATABASE {} TO {}", (here, both)),
        ("GRANT TEMPORARY ON DATABASE {} TO {}", (here, sql.Identifier(app))),  # what many rows are handed over in
        ("REVOKE CREATE ON SCHEMA {} FROM PUBLIC", (inside,)),
        ("GRANT USAGE ON SCHEMA {} TO {}", (inside, both)),
        ("GRANT EXECUTE ON FUNCTION log_month(text, text) TO {}", (sql.Identifier(app),)),
    ):
        connection.execute(sql.SQL(statement).format(*values))
    for table, rights in APPLICATION.items():
        name = sql.Identifier(table)
        grant = f"GRANT {rights} ON {{}} TO {{}}"
        connection.execute(sql.SQL(grant).format(name, sql.Identifier(app)))
        connection.execute(sql.SQL("GRANT SELECT ON {} TO {}").format(name, sql.Identifier(read)))


def _make(connection: psycopg.Connection[Any], role: str) -> None:
    if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone():
        return
    try:
        with connection.transaction():
            connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))
    except errors.DuplicateObject:
        return  # somebody else has just made it
    except errors.InsufficientPrivilege:
        message = Text(
            '不能创建角色 {r}。请由数据库管理员先执行：CREATE ROLE "{r}" NOLOGIN',
            "the role {r} can't be created; let the database's administrator first run: CREATE ROLE \"{r}\" NOLOGIN",
        )
        raise NotAllowed(message.fill(r=role), code="database_rights") from None
