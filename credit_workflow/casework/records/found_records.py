"""What a look-up gave, to be read: the records as they were when they were found."""

from __future__ import annotations

from typing import Any

import msgspec

from credit_workflow.casework.ports import Reading
from credit_workflow.engine.values import Case
from credit_workflow.identity import masked
from credit_workflow.text import Lang

#: What an answer says of a record that is shown, besides its number and marks.
_SHOWN = ("subject_name", "provider", "open_class", "title", "content", "valid_from", "valid_until")


def answer_of(db: Reading, case: Case, field: str, lang: Lang) -> list[dict[str, Any]]:
    """Return the records that a case has found, each as of the revision found.

    Args:
        db: where the records and their logs are.
        case: the case.
        field: its field of records found.
        lang: for the titles of marks.

    Returns:
        A row for each: ``record_no``, ``revision``, ``shown``, ``marks``, the masked
        ``subject_id``, and the record's values; of one that is withheld they are None.
    """
    return [_row(db, row, lang) for row in case.fields.get(field) or ()]


def _row(db: Reading, row: dict[str, Any], lang: Lang) -> dict[str, Any]:
    values = values_at(db, row["record"], row["revision"])
    marks = [
        {
            "kind": mark["kind"],
            "title": mark["title_en"] if lang == "en" else mark["title_zh"],
            "reason": mark["reason"],
            "placed": mark["placed"],
            "last_day": mark["last_day"],
        }
        for mark in row["marks"]
    ]
    return {
        "record_no": row["record"],
        "revision": row["revision"],
        "subject_id": masked(values["subject_id"]),
        "shown": row["shown"],
        "marks": marks,
        **{name: values[name] if row["shown"] else None for name in _SHOWN},
    }


def values_at(db: Reading, record: str, revision: int) -> dict[str, Any]:
    """Return the values that a record had at a revision, by its log."""
    values: dict[str, Any] = {}
    for row in db.journal_rows(f"record:{record}"):
        data = msgspec.json.decode(row[6])
        if data["revision"] <= revision:
            values |= data["new"]
    return values
