"""Hold back imported rows that would undo what a case decided, until the centre has looked at them.

A correction stands (附件2·五(二)): an import brings a provider's data up to date, and never silently
brings back what was corrected or removed, nor changes a record that is being verified.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from credit_workflow.casework.journal.record_entries import (
    OfHeldRow,
    OfRecord,
    RecordChanged,
    RecordImported,
    RowHeld,
)
from credit_workflow.casework.ports import Reading
from credit_workflow.casework.records.record_answers import WhyHeld
from credit_workflow.engine.values import Record, record_values
from credit_workflow.text import Text

#: Why a row waits, as people read it.
WHY: Mapping[WhyHeld, Text] = {
    "in_processing": Text("该信息异议正在处理，暂不更新", "an objection to the record is in processing"),
    "removed": Text("该信息已依法删除", "the record was removed by a decision"),
    "corrected": Text("将改回已依法修正的内容", "it would undo a correction"),
    "another_person": Text(
        "将更换已依法处理过的信息的信息主体", "it would give a record that was decided on to somebody else"
    ),
}


def why_held(db: Reading, old: Record, new: Record, today: date) -> WhyHeld | None:
    """Return why an imported row waits for the centre; None where it can be applied.

    Args:
        db: has the record's log and marks.
        old: the record as it stands.
        new: what the row makes of it.
        today: the day, in the calendar's zone.
    """
    if in_processing(db, old.no, today):
        return "in_processing"
    decided = _decided(db, old.no)
    if decided.get("removed") is True:
        return "removed"
    if decided and old.subject.key != new.subject.key:
        return "another_person"
    said = {"subject_id": new.subject.id, "subject_key": new.subject.key, **record_values(new)}
    return "corrected" if any(said.get(name, value) != value for name, value in decided.items()) else None


def in_processing(db: Reading, record: str, today: date) -> bool:
    """Whether a mark in force suspends a record on a day."""
    return any(mark.suspends and mark.in_force(today) for _, mark in db.records.marks_on(record))


def _decided(db: Reading, record: str) -> dict[str, Any]:
    """Return the values of a record that cases have given it and that stand, by field.

    What a case had changed and has put back is no decision any more; what the centre released
    since takes its place.
    """
    decided: dict[str, Any] = {}
    original: dict[str, Any] = {}
    for line in db.journal.of(OfRecord, record):
        said = line.said
        if isinstance(said, RecordImported):
            decided = {name: value for name, value in decided.items() if said.new.get(name, value) == value}
            continue
        old = said.old if isinstance(said, RecordChanged) else {}
        for name, value in said.new.items():
            if old and value == original.setdefault(name, old.get(name)):
                decided.pop(name, None)
                del original[name]
            else:
                decided[name] = value
    return decided


def waiting(db: Reading) -> dict[str, RowHeld]:
    """Return the rows that wait for the centre, by record, the newest of each, in the order of their coming."""
    found: dict[str, RowHeld] = {}
    for line in db.journal.of(OfHeldRow):
        found.pop(line.said.record, None)
        if isinstance(line.said, RowHeld):
            found[line.said.record] = line.said
    return found
