"""Take PostgreSQL's locks, and guard its logs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from credit_workflow.casework.ports import Claim
from credit_workflow.store.backend import Lock
from credit_workflow.store.connection import Connection
from credit_workflow.store.postgres.guarding import unguarded
from credit_workflow.text import Text

#: The first half of the keys of our advisory locks ("CWf1"); the second is the lock's number.
LOCKS = 0x43576631
#: The letters of a month in an instant: ``2026-03``.
_MONTH = 7


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

    def now(self, db: Connection) -> datetime | None:
        """Return what the server's clock says at this very moment, wherever the transaction began, in UTC."""
        found: datetime = db.execute("SELECT clock_timestamp()").fetchone()[0]
        return found.astimezone(UTC)

    def odd_flags(self, db: Connection) -> list[str]:  # noqa: ARG002 - as it says
        """Return nothing: a boolean of PostgreSQL is one."""
        return []

    def unguarded(self, db: Connection) -> tuple[str, Text] | None:
        """Return what protects the logs and is missing, off or changed, or what is one too many."""
        return unguarded(db)
