"""Was any deadline passed over? Every sweep's certificate, held against the log of the cases.

A part of the proof behind ``audit verify``: after a sweep for a day, no deadline whose last day
is before that day may still have been waiting to be recorded.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from datetime import date, datetime

import msgspec

from credit_workflow.engine.rules import Rules
from credit_workflow.engine.values import Deadline, Entry
from credit_workflow.store import rows as r
from credit_workflow.store.logreading import LogReader


class Certificates:
    """The sweeps of a database, in the order of the log.

    Args:
        db: the database, open for reading.
    """

    def __init__(self, db: LogReader) -> None:
        rows = list(db.journal_rows("sweep"))
        said = [msgspec.json.decode(row[6]) for row in rows]
        self._at = [r.instant_of(row[2]) for row in rows]
        self._days = [date.fromisoformat(one["as_of"]) for one in said]
        self._failed = [frozenset(one["failed"]) for one in said]

    def passed_over(self, entries: Iterable[Entry], rules: Rules, root: str) -> tuple[str, date] | None:
        """Return a deadline that a sweep should have recorded and did not, with the sweep's day.

        Args:
            entries: one case's, in their order.
            rules: the case's definition.
            root: the case at the top of its links, by which a sweep names what failed.
        """
        open_since: dict[str, tuple[datetime, Deadline]] = {}
        for entry in entries:
            restated = entry.change.rectified
            changed = entry.change.deadlines if restated is None else restated.case.deadlines
            for name in [name for name in open_since if name in changed or restated is not None]:
                missed = self._missed(*open_since.pop(name), entry.at, root)
                if missed is not None:
                    return name, missed
            for name, deadline in changed.items():
                if _waits(deadline, rules):
                    open_since[name] = (entry.at, deadline)
        for name, (since, deadline) in open_since.items():
            missed = self._missed(since, deadline, None, root)
            if missed is not None:
                return name, missed
        return None

    def _missed(self, since: datetime, deadline: Deadline, until: datetime | None, root: str) -> date | None:
        """The day of a sweep strictly between two instants for which the deadline was due, or None."""
        last = len(self._at) if until is None else bisect_left(self._at, until)
        for place in range(last - 1, -1, -1):
            if self._at[place] <= since:
                return None
            if self._days[place] <= deadline.due:
                return None
            if root not in self._failed[place]:
                return self._days[place]
        return None


def _waits(deadline: Deadline, rules: Rules) -> bool:
    """Whether the passing of a deadline is for a sweep to record."""
    rule = rules.deadline(deadline.id)
    if deadline.status != "running" or deadline.flagged is not None or rule.at_end is None:
        return False
    return not (deadline.provisional and rule.late == "lapsed")
