"""Gather a record's dossier: every value it had, its marks, and who looked at it."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import Any

import msgspec
from msgspec.structs import asdict

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


def dossier_of(
    db: Reading, record: Record, zone: str, lang: Lang, *, seen: bool, withhold: bool, own_looks: str | None = None
) -> Dossier:
    """Return a record's dossier.

    Args:
        db: where it is.
        record: the record.
        zone: the zone whose clocks its instants show.
        lang: the language of titles.
        seen: whether it is shown whose the record is, what it says and what was written about it.
        withhold: whether its content is left out: it is suspended, and whoever looks may not see it.
        own_looks: the account whose looks alone are told with why they were made; None where all are.
    """
    left_out = () if seen else _WRITTEN
    said = partial(_line, zone=zone, left_out=left_out, person=record.subject.key)
    return Dossier(
        record_no=record.no,
        subject_id=masked(record.subject.id),
        values=tuple(said(line, withhold=withhold) for line in db.journal.of(OfRecord, record.no)),
        marks=tuple(
            DossierMark(**asdict(shown_mark(case, mark, lang, seen=seen)), suspends=mark.suspends, lifted=mark.lifted)
            for case, mark in db.records.marks_on(record.no)
        ),
        look_ups=tuple(
            said(line, withhold=False, left_out=left_out if own_looks in (None, line.actor) else _WRITTEN)
            for line in db.journal.about(Look, ("record", record.no))
        ),
    )


#: What says something of a person, in the log of a record or of looks at it, at whatever depth.
_WRITTEN = ("subject_name", "title", "content", "reason", "note", "purpose", "message", "message_en", "criteria")


def _without(value: Any, names: Collection[str]) -> Any:
    if isinstance(value, dict):
        return {name: None if name in names else _without(part, names) for name, part in value.items()}
    return [_without(part, names) for part in value] if isinstance(value, list) else value


def _line(line: Line[Said], *, zone: str, withhold: bool, left_out: Collection[str], person: str) -> DossierLine:
    """Return a line of a dossier; whose a record once was is not named to whoever looks at the person's it is."""
    data: dict[str, Any] = _without(msgspec.to_builtins(line.said), left_out)
    for part in ("old", "new"):
        if "subject_id" in data.get(part, {}):
            data[part]["subject_id"] = masked(data[part]["subject_id"])
            if data[part].pop("subject_key", person) != person:
                data[part]["subject_name"] = None
        if withhold and "content" in data.get(part, {}):
            data[part]["content"] = None
    data.pop("subject", None)
    data.pop("withheld", None)
    for other in ("records", "shown", "cases"):  # whom else somebody saw at the same time is not this record's
        if not isinstance(data.get(other), bool):
            data.pop(other, None)
    at = local(line.at, zone)
    return DossierLine(at=at, actor=line.actor, role=line.role, kind=line.kind, data=data)
