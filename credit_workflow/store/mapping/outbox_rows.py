"""Find and write notifications in the outbox, and convert them from and to rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from credit_workflow.casework.ports import KeptNotification, NewNotification
from credit_workflow.engine.values import Entry
from credit_workflow.store.aggregates.subject import Reads, Writes
from credit_workflow.store.mapping import rows as r
from credit_workflow.store.mapping.chain import link
from credit_workflow.store.mapping.shape import Shape, instant_text

_NOTIFICATIONS = Shape("outbox", KeptNotification, case_no="case", role="to")
_OUTBOX = _NOTIFICATIONS.select
#: What an attempt changes.
SETTLED = ("status", "attempts", "error", "next_attempt", "finished")


class OutboxReader(Reads):
    """Finds notifications on their way."""

    def rows(self) -> list[r.Row]:
        """Return all rows (`columns.OUTBOX`), in the order in which they were made."""
        return self._db.plain.execute(f"{_OUTBOX} ORDER BY made, case_no, seq, n").fetchall()

    def everything(self) -> list[KeptNotification]:
        """Return all notifications, the newest last."""
        return [_NOTIFICATIONS.of(row) for row in self.rows()]

    def count_due(self, at: datetime) -> int:
        """Return how many notifications are to be tried by an instant."""
        return int(self._db.first("SELECT count(*) FROM outbox WHERE next_attempt <= ?", instant_text(at)))


class OutboxWriter(Writes, OutboxReader):
    """Puts notifications in, and writes what becomes of them."""

    def put(self, notification: NewNotification, at: datetime) -> None:
        """Put one notification into the outbox, to be sent at once."""
        self._within.rows.add("outbox", [new_row(self._db.meta["id"], notification, at)])

    def claim(self, at: datetime, until: datetime, limit: int) -> list[KeptNotification]:
        """Take some notifications whose time has come, and keep them from other runners.

        Args:
            at: now; what another runner holds until later is left alone.
            until: how long they are one's own; nobody holds any for longer.
            limit: how many at most.
        """
        now, end = instant_text(at), instant_text(until)
        sql = (
            f"{_OUTBOX} WHERE next_attempt <= ?"
            " AND (claimed_until IS NULL OR claimed_until <= ? OR claimed_until > ?)"
            " ORDER BY next_attempt, key LIMIT ?"
        )
        found = [_NOTIFICATIONS.of(row) for row in self._db.plain.execute(sql, (now, now, end, limit)).fetchall()]
        self._within.rows.change("outbox", ("claimed_until",), [(end, notification.key) for notification in found])
        return found

    def settle(
        self, key: str, result: str, *, attempts: int, error: str | None, at: datetime, later: datetime | None
    ) -> None:
        """Write what became of a notification: sent, failed (to be tried again ``later``), given_up or retried."""
        again = None if later is None else instant_text(later)
        row = (*settled(result, attempts, error, instant_text(at), again), None, key)
        self._within.rows.change("outbox", (*SETTLED, "claimed_until"), [row])


def new_row(database: str, new: NewNotification, at: datetime) -> tuple[Any, ...]:
    """Return a notification as the row (`columns.OUTBOX`) that it enters the outbox as, to be sent at once.

    Its key follows from the database and from the entry that made it, so it can't be made twice.
    """
    key = link((database, "outbox", new.case, str(new.seq), str(new.n)))
    made = instant_text(at)
    return (
        key, new.case, new.seq, new.n, new.to, new.unit, new.paper, new.title_zh, new.title_en,
        made, "pending", 0, None, made, None, None,
    )  # fmt: skip


def notifications_of(entry: Entry, seq: int, unit: str | None) -> Iterable[NewNotification]:
    """Return the notifications that an entry makes.

    Args:
        entry: the entry.
        seq: its place in its case's log.
        unit: the case's unit, whose people are told where a notification names no other one.
    """
    for n, said in enumerate(entry.change.notifications):
        yield NewNotification(
            case=entry.case,
            seq=seq,
            n=n,
            to=said.to,
            unit=said.unit or unit,
            paper=said.paper,
            title_zh=said.title_zh,
            title_en=said.title_en,
        )


def settled(result: str, attempts: int, error: str | None, at: str, later: str | None) -> tuple[Any, ...]:
    """Return `SETTLED` after an attempt, or after a retry was asked for."""
    status = "pending" if result == "retried" else result
    return (status, attempts, error, later, at if result in ("sent", "given_up") else None)
