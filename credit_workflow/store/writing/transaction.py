"""Write one transaction: rows in as few statements as it takes, and the logs, which only grow."""

from __future__ import annotations

from credit_workflow.store.backend import Backend, Link, Lock, Many, Rows
from credit_workflow.store.mapping.chain import link
from credit_workflow.store.reading.opened import Opened
from credit_workflow.store.schema.columns import COLUMNS


class Transaction:
    """Writes within one transaction.

    Args:
        db: the database, with a transaction begun.
        backend: what kind of database it is.
    """

    def __init__(self, db: Opened, backend: Backend) -> None:
        self._db = db
        #: Writes many rows of a table.
        self.rows: Rows = backend.rows(db.plain)
        #: The newest entry that this transaction has added to a log.
        self.newest_link: Link | None = None

    def lock_logs(self) -> None:
        """Keep others from adding to the logs until the end."""
        self._db.dialect.lock(self._db.plain, Lock.LOGS)

    def append(self, log: str, rows: Many) -> tuple[int, int]:
        """Add rows to a log, numbered without a gap, and move its head; return how many it had, and has now.

        Args:
            log: its table's name.
            rows: the entries, in all columns but the first, their number; the last one is the hash.
        """
        if not rows:
            return (0, 0)
        self.lock_logs()
        at = COLUMNS[log].index("at") - 1
        self._db.dialect.make_room(self._db.plain, log, (row[at] for row in rows))
        entries, head = self._db.log_head(log)
        last = entries + len(rows)
        self.rows.add(log, [(number, *row) for number, row in enumerate(rows, entries + 1)])
        for row in rows:
            head = link((head, row[-1]))
        self.move_head(log, last, head, rows[-1][-1])
        return entries, last

    def move_head(self, log: str, entries: int, head: str, newest: str) -> None:
        """Note where a log ends: how many entries it has, the hash over all of them, and the newest one's."""
        self.rows.upsert("log_head", [(log, entries, head)])
        self.newest_link = (log, entries, newest)
