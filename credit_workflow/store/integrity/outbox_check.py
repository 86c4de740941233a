"""Check that every notification is in the outbox as the log says: a part of ``audit verify``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from credit_workflow.casework.journal.message_entries import Attempt, Digest
from credit_workflow.casework.ports import NewNotification
from credit_workflow.engine.values import Case, Entry
from credit_workflow.store.mapping.outbox_rows import new_row, notifications_of, settled
from credit_workflow.store.mapping.shape import instant_text
from credit_workflow.store.reading.reader import Reader
from credit_workflow.store.schema.foundations import broken
from credit_workflow.text import Text


class Expected:
    """What the outbox must hold by the logs; what is found otherwise is named.

    Args:
        db: the database, open for reading.
    """

    def __init__(self, db: Reader) -> None:
        self._database = db.meta["id"]
        self._rows = {row[0]: tuple(row[:-1]) for row in db.outbox.rows()}
        self._settled = _settled(db)
        for line in db.journal.of(Digest):
            notification = NewNotification(
                case="digest", seq=line.seq, n=0, to="supervisor", unit=line.said.unit, paper="digest",
                title_zh="每日督办", title_en="Morning digest",
            )  # fmt: skip
            self._check(new_row(self._database, notification, line.at))

    def check(self, entry: Entry, seq: int, case: Case) -> None:
        """Hold the notifications of an entry against the outbox.

        Raises:
            IntegrityFault: one is missing or was changed.
        """
        for notification in notifications_of(entry, seq, case.unit):
            self._check(new_row(self._database, notification, entry.at))

    def finish(self, mine: Callable[[str], bool]) -> None:
        """Say that all entries of some cases were seen.

        Args:
            mine: whether a case is one of them.

        Raises:
            IntegrityFault: the outbox holds a notification that no entry made.
        """
        for row in self._rows.values():
            if not mine(row[1]):
                continue
            raise broken(row[1], row[2], Text("发件箱中多出的通知", "a notification too many in the outbox"))

    def _check(self, made: tuple[Any, ...]) -> None:
        wanted = (*made[:10], *self._settled.get(made[0], made[10:15]))
        if self._rows.pop(made[0], None) != wanted:
            message = Text(
                "发件箱中的通知缺失或与日志不符", "its notification is missing in the outbox, or not what the log says"
            )
            raise broken(made[1], made[2], message)


def _settled(db: Reader) -> dict[str, tuple[Any, ...]]:
    """Return (status, attempts, error, next attempt, finished) of each notification that was tried."""
    found: dict[str, tuple[Any, ...]] = {}
    for line in db.journal.of(Attempt):
        said = line.said
        later = None if said.again is None else instant_text(said.again)
        found[said.key] = settled(line.kind, said.attempt, said.error, instant_text(line.at), later)
    return found
