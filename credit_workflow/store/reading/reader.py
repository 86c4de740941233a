"""Read an open database as `casework.ports` knows it: what is kept, by subject.

Nothing here imports SQLAlchemy, SQLModel or pydantic. The writer reads through it too.
"""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from credit_workflow.store.aggregates.account_rows import AccountReader
from credit_workflow.store.aggregates.due_deadlines import DueReader
from credit_workflow.store.mapping.shape import instant_of
from credit_workflow.store.reading.log_reader import LogReader

if TYPE_CHECKING:
    from credit_workflow.store.aggregates.cases_kept import CaseReader
    from credit_workflow.store.aggregates.records_kept import RecordReader
    from credit_workflow.store.mapping.outbox_rows import OutboxReader


class Reader(LogReader):
    """Finds what is kept, and the log entries behind it."""

    @cached_property
    def cases(self) -> CaseReader:
        """The cases with their log."""
        from credit_workflow.store.aggregates.cases_kept import CaseReader  # noqa: PLC0415 - what is overdue needs none

        return CaseReader(self)

    @cached_property
    def records(self) -> RecordReader:
        """The credit records."""
        from credit_workflow.store.aggregates.records_kept import RecordReader  # noqa: PLC0415 - few commands need them

        return RecordReader(self)

    @cached_property
    def accounts(self) -> AccountReader:
        """The accounts."""
        return AccountReader(self)

    @cached_property
    def due(self) -> DueReader:
        """The deadlines, by their due dates."""
        return DueReader(self)

    @cached_property
    def outbox(self) -> OutboxReader:
        """The notifications on their way."""
        from credit_workflow.store.mapping.outbox_rows import OutboxReader  # noqa: PLC0415

        return OutboxReader(self)

    def newest(self, after: int = 0) -> datetime | None:
        """Return the instant of the newest log entry; what setting up wrote does not count.

        Entries are recorded in the order of time, so the newest is the last one of each log; where a clock was put
        right, by which earlier ones had run ahead, that is so from there on.

        Args:
            after: entries of the cases' log up to this one don't count either.
        """
        newest = self.first(
            "SELECT max(at) FROM (SELECT at FROM case_event WHERE id = (SELECT max(id) FROM case_event) AND id > ?"
            " UNION ALL SELECT at FROM journal_log WHERE id = (SELECT max(id) FROM journal_log)"
            " AND stream <> 'setup') AS newest",
            after,
        )
        return None if newest is None else instant_of(newest)

    def newest_change(self) -> datetime | None:
        """Return the instant of the newest log entry that is no look, nor written by setting up."""
        newest = self.first(
            "SELECT max(at) FROM (SELECT at FROM case_event WHERE id = (SELECT max(id) FROM case_event)"
            " UNION ALL SELECT at FROM journal_log WHERE id = (SELECT id FROM journal_log"
            " WHERE stream <> 'look-up' ORDER BY id DESC LIMIT 1) AND stream <> 'setup') AS newest"
        )
        return None if newest is None else instant_of(newest)

    def server_time(self) -> datetime | None:
        """Return what the clock of the database's server says; None where it is a file, which has none."""
        return self.dialect.now(self.plain)
