"""Gather a record's dossier: every value it had, its marks, and who looked at it."""

from __future__ import annotations

from typing import Any

import msgspec

from credit_workflow.casework.clock import local
from credit_workflow.casework.journal.entry import Line, Said
from credit_workflow.casework.journal.look_entries import Look
from credit_workflow.casework.journal.record_entries import OfRecord
from credit_workflow.casework.ports import Reading
from credit_workflow.casework.records.record_answers import Dossier, DossierLine, DossierMark
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
        values=tuple(_line(line, zone, withhold=withhold) for line in db.journal.of(OfRecord, record.no)),
        marks=tuple(
            DossierMark(
                **msgspec.structs.asdict(shown_mark(case, mark, lang)), suspends=mark.suspends, lifted=mark.lifted
            )
            for case, mark in db.records.marks_on(record.no)
        ),
        look_ups=tuple(_line(line, zone, withhold=False) for line in db.journal.about(Look, ("record", record.no))),
    )


def _line(line: Line[Said], zone: str, *, withhold: bool) -> DossierLine:
    data: dict[str, Any] = msgspec.to_builtins(line.said)
    for part in ("old", "new"):
        if "subject_id" in data.get(part, {}):
            data[part]["subject_id"] = masked(data[part]["subject_id"])
            data[part].pop("subject_key", None)
        if withhold and "content" in data.get(part, {}):
            data[part]["content"] = None
    data.pop("subject", None)
    data.pop("records", None)  # whom else somebody saw at the same time is not this record's
    at = local(line.at, zone)
    return DossierLine(at=at, actor=line.actor, role=line.role, kind=line.kind, data=data)
