"""The notices of days off that a database keeps in its log, read whenever one counts by it."""

from __future__ import annotations

from credit_workflow.calendar.compiled import KeptNotice
from credit_workflow.casework.journal.holiday_entries import NoticeImported
from credit_workflow.casework.ports import Reading


def kept_notices(db: Reading) -> tuple[KeptNotice, ...]:
    """Return the notices that a database keeps, each in its last text, in the order of their coming."""
    found: dict[str, KeptNotice] = {}
    for line in db.journal.of(NoticeImported):
        said = line.said
        found[said.notice] = KeptNotice(said.notice, said.calendar, said.text)
    return tuple(found.values())
