"""Give the records that a look-up found, as they were when they were found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from credit_workflow.casework.cases.case_answers import FoundRecord
from credit_workflow.casework.journal.record_entries import OfRecord
from credit_workflow.casework.ports import Reading
from credit_workflow.engine.values import Case
from credit_workflow.identity import masked
from credit_workflow.text import Lang

#: What an answer says of a record that is shown, besides its number and marks.
_SHOWN = ("subject_name", "provider", "open_class", "title", "content", "valid_from", "valid_until")


def found_records(db: Reading, case: Case, field: str, lang: Lang) -> tuple[FoundRecord, ...]:
    """Return the records that a case has found, each as of the revision found.

    Args:
        db: where the records and their logs are.
        case: the case.
        field: its field of records found.
        lang: for the titles of marks.
    """
    return tuple(_found(db, row, lang) for row in case.fields.get(field) or ())


def _found(db: Reading, row: Mapping[str, Any], lang: Lang) -> FoundRecord:
    values, _ = record_at(db, row["record"], row["revision"])
    marks = [{**mark, "title": mark["title_en"] if lang == "en" else mark["title_zh"]} for mark in row["marks"]]
    said = {
        "record_no": row["record"],
        "revision": row["revision"],
        "subject_id": masked(values["subject_id"]),
        "shown": row["shown"],
        "marks": marks,
        **{name: values[name] if row["shown"] else None for name in _SHOWN},
    }
    return msgspec.convert(said, FoundRecord)


def record_at(db: Reading, no: str, revision: int) -> tuple[dict[str, Any], str]:
    """Return the values that a record had at a revision, by its log, and the hash of the entry that made it."""
    values: dict[str, Any] = {}
    link = ""
    for line in db.journal.of(OfRecord, no) if no else ():
        if line.said.revision <= revision:
            values |= line.said.new
            link = line.hash
    return values, link
