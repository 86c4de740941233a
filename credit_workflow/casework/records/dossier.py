"""A record's dossier: every value it had, its marks, and who looked at it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from credit_workflow.casework.answers.record_answers import Dossier, DossierLine, DossierMark
from credit_workflow.casework.clock import local
from credit_workflow.casework.ports import Reading
from credit_workflow.casework.records.shown_records import shown_mark
from credit_workflow.engine.values import Record
from credit_workflow.identity import masked
from credit_workflow.text import Lang


def dossier_of(db: Reading, record: Record, zone: str, lang: Lang, *, withhold: bool) -> Dossier:
    """Return a record's dossier.

    Args:
        db: where it is.
        record: the record.
        zone: the zone whose clocks its instants show.
        lang: the language of titles.
        withhold: whether what it says is left out: it is suspended, and whoever looks may not see it.
    """
    return Dossier(
        record_no=record.no,
        subject_id=masked(record.subject.id),
        values=tuple(_line(row, zone, withhold=withhold) for row in db.journal_rows(f"record:{record.no}")),
        marks=tuple(
            DossierMark(
                **msgspec.structs.asdict(shown_mark(case, mark, lang)), suspends=mark.suspends, lifted=mark.lifted
            )
            for case, mark in db.marks_on(record.no)
        ),
        look_ups=tuple(
            _line(row, zone, withhold=False)
            for row in db.journal_rows("look-up")
            if record.no in _numbers(msgspec.json.decode(row[6]))
        ),
    )


def _numbers(said: dict[str, Any]) -> Sequence[str]:
    """Return the records that a look-up showed."""
    found: Sequence[str] = said["records"] if "records" in said else (said.get("record") or "",)
    return found


def _line(row: Sequence[Any], zone: str, *, withhold: bool) -> DossierLine:
    data = msgspec.json.decode(row[6])
    for part in ("old", "new"):
        if "subject_id" in data.get(part, {}):
            data[part]["subject_id"] = masked(data[part]["subject_id"])
            data[part].pop("subject_key", None)
        if withhold and "content" in data.get(part, {}):
            data[part]["content"] = None
    data.pop("subject", None)
    data.pop("records", None)  # whom else somebody saw at the same time is not this record's
    return DossierLine(
        at=local(datetime.fromisoformat(row[2]), zone), actor=row[3], role=row[4], kind=row[5], data=data
    )
