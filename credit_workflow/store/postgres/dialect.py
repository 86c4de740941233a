"""PostgreSQL's locks, and what guards its logs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from credit_workflow.casework.ports import Claim
from credit_workflow.store.backend import Lock
from credit_workflow.store.logreading import APPEND_ONLY, CHANGED, TOO_MANY, Connection, LogReader
from credit_workflow.store.postgres.schema import GUARD, PARTITIONED, guards
from credit_workflow.text import Text

#: The first half of the keys of our advisory locks ("CWf1"); the second is the lock's number.
LOCKS = 0x43576631
#: The letters of a month in an instant: ``2026-03``.
_MONTH = 7
#: Every trigger of ours, with the table or partition that it is on, whether it is on, and what it runs.
_TRIGGERS = """
SELECT c.relname, t.tgname, t.tgenabled::text, pg_get_triggerdef(t.oid), p.prosrc
FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid JOIN pg_proc AS p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'meta'::regclass)
"""
_PARTS = (
    "SELECT inhparent::regclass::text, inhrelid::regclass::text FROM pg_inherits"
    " WHERE inhparent::regclass::text = ANY(?)"
)


class PostgresDialect:
    """PostgreSQL's statements. Many write at a time: each waits for what it needs, always in the same order."""

    def among(self, column: str, values: Sequence[str]) -> tuple[str, Sequence[Any]]:
        """Return the condition with one place for all, so that the statement is the same however many there are."""
        return f"{column} = ANY(?::text[])", [list(values)]

    def lock(self, db: Connection, lock: Lock) -> None:
        """Wait for a lock, and hold it to the end of the transaction."""
        db.execute("SELECT pg_advisory_xact_lock(?, ?)", (LOCKS, lock.value)).fetchall()

    def share(self, db: Connection, lock: Lock) -> None:
        """Wait until nobody holds a lock alone, and let nobody have it alone to the end of the transaction."""
        db.execute("SELECT pg_advisory_xact_lock_shared(?, ?)", (LOCKS, lock.value)).fetchall()

    def lock_families(self, db: Connection, roots: Sequence[str]) -> None:
        """Wait until nobody else works on the cases under these roots, and keep others from them."""
        if roots:
            sql = "SELECT number FROM case_file WHERE number = ANY(?::text[]) ORDER BY number FOR UPDATE"
            db.execute(sql, (list(roots),)).fetchall()

    def lock_family_of(self, db: Connection, number: str) -> None:
        """Do as `lock_families` for the family of one case, where there is such a case."""
        root = "(SELECT root FROM case_file WHERE number = ?)"
        db.execute(f"SELECT number FROM case_file WHERE number = {root} FOR UPDATE", (number,)).fetchall()

    def claim(self, db: Connection, roots: Sequence[str], claim: Claim) -> list[str]:
        """Return those of the roots whose cases are now this transaction's alone, in their order."""
        wait = "" if claim is Claim.WAITING else " SKIP LOCKED"
        sql = f"SELECT number FROM case_file WHERE number = ANY(?::text[]) ORDER BY number FOR UPDATE{wait}"
        free = {row[0] for row in db.execute(sql, (list(roots),)).fetchall()}
        return [root for root in roots if root in free]

    def make_room(self, db: Connection, log: str, instants: Iterable[str]) -> None:
        """Make the partitions of a log for the months of these instants where there are none yet."""
        months = sorted({instant[:_MONTH] for instant in instants})
        db.execute("SELECT log_month(?, month) FROM unnest(?::text[]) AS month", (log, months)).fetchall()

    def odd_flags(self, db: Connection) -> list[str]:  # noqa: ARG002 - as it says
        """Return nothing: a boolean of PostgreSQL is one."""
        return []

    def unguarded(self, db: LogReader) -> tuple[str, Text] | None:
        """Return a trigger of a log or of one of its partitions that is missing, off or changed, or one too many."""
        there = {(row[0], row[1]): row[2:] for row in db.plain.execute(_TRIGGERS).fetchall()}
        parts = db.plain.execute(_PARTS, (list(PARTITIONED),)).fetchall()
        for log, table in (*((name, name) for name in APPEND_ONLY), *parts):
            for name, event, each in guards(log):
                on, declared, runs = there.pop((table, name), ("", "", ""))
                wanted = f"BEFORE {event} ON .*{table} FOR EACH {each} EXECUTE FUNCTION .*append_only\\(\\)"
                if on != "O" or runs != GUARD or not re.fullmatch(f"CREATE TRIGGER {name} {wanted}", declared):
                    return name, CHANGED
        return (min(there)[1], TOO_MANY) if there else None
