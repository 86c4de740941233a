"""The notices of days off that a database keeps in its log, read whenever one counts by it."""

from __future__ import annotations

import msgspec

from credit_workflow.calendar.compiled import KeptNotice
from credit_workflow.casework.ports import Reading

#: The stream of the log that has them.
STREAM = "calendar"


def kept_notices(db: Reading) -> tuple[KeptNotice, ...]:
    """Return the notices that a database keeps, each in its last text, in the order of their coming."""
    found: dict[str, KeptNotice] = {}
    for row in db.journal_rows(STREAM):
        said = msgspec.json.decode(row[6])
        found[said["notice"]] = KeptNotice(said["notice"], said["calendar"], said["text"])
    return tuple(found.values())
