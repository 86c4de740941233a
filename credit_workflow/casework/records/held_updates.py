"""Decide about updates that were held back: apply them with a reason, or throw them away; list those that wait."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from credit_workflow.casework.access.permissions import require
from credit_workflow.casework.acting import Acting
from credit_workflow.casework.journal.drafting import by_actor
from credit_workflow.casework.journal.record_entries import RowDecided, RowHeld
from credit_workflow.casework.ports import Reading, Writing
from credit_workflow.casework.records.held_rows import in_processing, waiting
from credit_workflow.casework.records.importing import import_entry
from credit_workflow.casework.records.record_answers import HeldUpdate
from credit_workflow.engine.values import Record, record_of, record_values
from credit_workflow.errors import NotFound, Refused
from credit_workflow.identity import Subject, masked
from credit_workflow.text import Text


def held_updates(db: Reading) -> tuple[HeldUpdate, ...]:
    """Return the updates that wait, each with what differs of the record as it is now."""
    return tuple(_shown(db.records.get(row.record), row) for row in waiting(db).values())


def _shown(old: Record, row: RowHeld) -> HeldUpdate:
    now = {"subject_id": old.subject.id, **record_values(old)}
    differing = [name for name, value in now.items() if row.new[name] != value]
    said = ({name: _masked(name, values[name]) for name in differing} for values in (now, row.new))
    return HeldUpdate(
        record_no=old.no, subject_id=masked(old.subject.id), why=row.why, now=next(said), new=next(said)
    )  # fmt: skip


def _masked(name: str, value: object) -> object:
    return masked(str(value)) if name == "subject_id" else value


def release(db: Writing, acting: Acting, record_no: str, reason: str) -> Record:
    """Apply a row that was held back, and return the record as it is then.

    Args:
        db: where records are kept, open for writing.
        acting: who releases it, and when.
        record_no: the record's number.
        reason: why what the case decided no longer stands.

    Raises:
        NotFound: no row of that record waits.
        NotAllowed: the actor is not the centre's.
        Refused: an objection to the record is in processing.
    """
    role, row = require(acting.definitions, acting.actor, "import_records"), _waiting(db, record_no)
    old = db.records.get(record_no)
    if in_processing(db, record_no, acting.moment.effective):
        message = Text(
            "{n} 的异议正在处理，办结后才能放行", "an objection to {n} is in processing; release it when that has ended"
        )
        raise Refused(message.fill(n=record_no), code="in_processing", source="附件2·六(一)")
    said = row.new
    subject = Subject(
        kind=said["subject_kind"], id=said["subject_id"], key=said["subject_key"], name=said["subject_name"]
    )
    first, last = date.fromisoformat(said["valid_from"]), date.fromisoformat(said["valid_until"])
    now = replace(record_of(record_no, subject, said, first, last), revision=old.revision + 1)
    db.records.put([now], {record_no: old})
    decided = RowDecided(record=record_no, reason=reason)
    db.journal.add(import_entry(acting, role, old, now), by_actor(acting, decided, role=role, as_kind="released"))
    return now


def drop(db: Writing, acting: Acting, record_no: str, reason: str) -> None:
    """Throw away a row that was held back.

    Raises:
        NotFound: no row of that record waits.
        NotAllowed: the actor is not the centre's.
    """
    role = require(acting.definitions, acting.actor, "import_records")
    _waiting(db, record_no)
    db.journal.add(by_actor(acting, RowDecided(record=record_no, reason=reason), role=role, as_kind="dropped"))


def _waiting(db: Reading, record_no: str) -> RowHeld:
    row = waiting(db).get(record_no)
    if row is None:
        message = Text(
            "{n} 没有待放行的更新。可用 record held 查看", "no update of {n} waits to be released; see record held"
        )
        raise NotFound(message.fill(n=record_no), code="no_held_row")
    return row
