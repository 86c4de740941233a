"""How large a database is, by its URL: on SQLite and on PostgreSQL."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any


def bytes_of(url: str) -> int:
    """Return the size of the whole database, indexes and free pages included."""
    if is_postgres(url):
        return int(_postgres(url, "SELECT pg_database_size(current_database())")[0][0])
    return sum(bytes_by_table(url).values())


def compacted(url: str) -> int:
    """Return the size of what is in the database alone.

    On PostgreSQL what was overwritten is cleared away first: it does so once a minute, which is a day of a year that
    passes in two minutes.
    """
    if is_postgres(url):
        import psycopg  # noqa: PLC0415 - as below

        with psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True) as db:
            db.execute("VACUUM FULL")
    return bytes_of(url)


def bytes_by_table(url: str) -> dict[str, int]:
    """Return the bytes of each table with its indexes, those of the partitions of a table with it."""
    if is_postgres(url):
        rows = _postgres(
            url,
            "SELECT coalesce(p.inhparent, c.oid)::regclass::text, sum(pg_total_relation_size(c.oid))::bigint "
            "FROM pg_class c LEFT JOIN pg_inherits p ON p.inhrelid = c.oid "
            "WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace GROUP BY 1",
        )
        return {str(name): int(size) for name, size in rows}
    with closing(sqlite3.connect(url)) as db:
        pages = db.execute(
            "SELECT coalesce(m.tbl_name, s.name), sum(s.pgsize) FROM dbstat s LEFT JOIN sqlite_master m ON m.name = s.name GROUP BY 1"
        ).fetchall()
    return {str(name): int(size) for name, size in pages}


def is_postgres(url: str) -> bool:
    return url.startswith("postgresql")


def _postgres(url: str, query: str) -> list[Any]:
    import psycopg  # noqa: PLC0415 - an extra, and not needed for SQLite

    with psycopg.connect(url.replace("+psycopg", "", 1)) as db:
        return db.execute(query).fetchall()
