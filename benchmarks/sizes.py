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


def content_of(url: str) -> int:
    """Return the size of what is in the database: on PostgreSQL of the rows alone.

    It clears away once a minute what was overwritten, which is a day of a year that passes in two minutes; and each
    month's partition begins with pages that are nearly empty.
    """
    if not is_postgres(url):
        return bytes_of(url)
    tables = _postgres(
        url,
        "SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
        " AND relnamespace = current_schema()::regnamespace",
    )
    counted = [f"SELECT coalesce(sum(pg_column_size(t)), 0) FROM {name} AS t" for (name,) in tables]
    return int(_postgres(url, f"SELECT sum(s.sum) FROM ({' UNION ALL '.join(counted)}) AS s (sum)")[0][0])


def digests_in(url: str) -> int:
    """Return the bytes of what the log keeps of digests: they list what is open, which may pile up."""
    query = "SELECT coalesce(sum(length(data)), 0) FROM journal_log WHERE kind = 'digest'"
    if is_postgres(url):
        return int(_postgres(url, query)[0][0])
    with closing(sqlite3.connect(url)) as db:
        return int(db.execute(query).fetchone()[0])


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
