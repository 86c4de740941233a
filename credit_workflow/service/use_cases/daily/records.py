"""Import credit records, and look at them."""

from __future__ import annotations

from msgspec import UNSET

from credit_workflow.casework.cases.listing import marks_in_force
from credit_workflow.casework.journal.look_entries import OfRecord, OfRecords
from credit_workflow.casework.records import held_updates, importing
from credit_workflow.casework.records.counter_looks import COUNTER
from credit_workflow.casework.records.dossier import dossier_of
from credit_workflow.casework.records.record_answers import (
    Dossier,
    DossierLine,
    DossierMark,
    HeldUpdate,
    HeldUpdates,
    Imported,
    Record,
    Records,
)
from credit_workflow.casework.records.shown_records import shown_record
from credit_workflow.definition.library import scheme_of
from credit_workflow.engine.values import Record as KeptRecord
from credit_workflow.errors import NotAllowed, UsageFault
from credit_workflow.identity import parse_subject
from credit_workflow.service.files import Handed
from credit_workflow.service.use_case import Request
from credit_workflow.service.work import Work
from credit_workflow.text import Text


class ImportRecords(Request[Imported], frozen=True, kw_only=True):
    """Import records from a file, all or nothing.

    Args:
        file: UTF-8; called ``.jsonl``, ``.ndjson`` or ``.json`` it is JSON Lines, any other is CSV.
        update: whether a record already known is given the file's values.
        hold: whether rows that would undo what a case decided are kept for the centre, and the rest applied.
    """

    file: Handed
    update: bool = False
    hold: bool = False


class ListHeldUpdates(Request[HeldUpdates], frozen=True, kw_only=True):
    """List the updates of records that were held back and wait for the centre.

    Args:
        purpose: why; case work unless given.
    """

    purpose: str | None = None


class ReleaseUpdate(Request[Record], frozen=True, kw_only=True):
    """Apply an update that was held back.

    Args:
        record_no: the record's number.
        reason: why what a case decided no longer stands.
    """

    record_no: str
    reason: str


class DropUpdate(Request[Record], frozen=True, kw_only=True):
    """Throw away an update that was held back.

    Args:
        record_no: the record's number.
        reason: why it is not to be applied.
    """

    record_no: str
    reason: str


class ListRecords(Request[Records], frozen=True, kw_only=True):
    """List records.

    Args:
        subject: the ID number or code of the person whose records they are; everybody's unless given.
        purpose: why; ``counter`` where the person's number is given at the counter, and no case is at hand yet.
    """

    subject: str | None = None
    purpose: str | None = None


class ShowRecord(Request[Record], frozen=True, kw_only=True):
    """Show one record with its marks.

    Args:
        record_no: its number.
        full: show the whole ID number, which needs a purpose.
        purpose: why; case work unless given.
    """

    record_no: str
    full: bool = False
    purpose: str | None = None


class RecordHistory(Request[Dossier], frozen=True, kw_only=True):
    """Show a record's dossier.

    Args:
        record_no: its number.
        purpose: why; case work unless given.
    """

    record_no: str
    purpose: str | None = None


def import_records(work: Work, request: ImportRecords) -> Imported:
    """Import records.

    Raises:
        NotFound: there is no such file.
        UsageFault: the file is not of that form, or a line has a mistake; ``details["lines"]`` names each.
        Refused: a record is already known, and ``update`` is not given; or a row would undo what a case
            decided, and ``hold`` is not given.
    """
    file, progress = request.file, work.progress
    done = importing.import_file(
        work.writing,
        work.acting,
        file.name,
        file.content,
        update=request.update,
        hold=request.hold,
        progress=progress,
    )
    work.nothing_changed = not (done.imported or done.updated)
    return done


def list_held_updates(work: Work, request: ListHeldUpdates) -> HeldUpdates:
    """List the updates that wait for the centre."""
    found = held_updates.held_updates(work.db)
    numbers = tuple(one.record_no for one in found)
    work.look(OfRecords(subject=None, records=numbers, purpose=work.sight.purpose(request.purpose), full=False))
    return HeldUpdates(held=found)


def release_update(work: Work, request: ReleaseUpdate) -> Record:
    """Apply an update that was held back.

    Raises:
        NotFound: no update of the record waits.
        Refused: an objection to the record is in processing.
        UsageFault: no reason is said.
    """
    _need_reason(request.reason)
    held_updates.release(work.writing, work.acting, request.record_no, request.reason)
    return _as_it_is(work, request.record_no)


def drop_update(work: Work, request: DropUpdate) -> Record:
    """Throw away an update that was held back.

    Raises:
        NotFound: no update of the record waits.
        UsageFault: no reason is said.
    """
    _need_reason(request.reason)
    held_updates.drop(work.writing, work.acting, request.record_no, request.reason)
    return _as_it_is(work, request.record_no)


def _as_it_is(work: Work, record_no: str) -> Record:
    return _shown(work, work.db.records.get(record_no), full=False)


def _shown(work: Work, record: KeptRecord, *, full: bool, at_counter: str | None = None) -> Record:
    return shown_record(
        record,
        marks_in_force(work.snapshot, record.no),
        work.lang,
        full=full,
        seen=work.sight.of_record(record, at_counter=at_counter),
        sees_suspended=work.may("see_suspended"),
    )


def _need_reason(reason: str) -> None:
    if not reason.strip():
        message = Text("请说明理由：--reason", "say why: --reason")
        raise UsageFault(message, code="missing_values", details={"missing": ["--reason"]})


def list_records(work: Work, request: ListRecords) -> Records:
    """List records; what the account may not see is left out of them.

    Raises:
        NotAllowed: the account does not work with records.
        UsageFault: the subject's number is none.
    """
    work.sight.look_at_records()
    key = None
    if request.subject is not None:
        key = parse_subject(request.subject, scheme=scheme_of(work.definitions)).key
    at_counter = key if (request.purpose or "").strip() == COUNTER else None
    found = tuple(_shown(work, one, full=False, at_counter=at_counter) for one in work.db.records.find(person=key))
    said = OfRecords(
        subject=key,
        records=tuple(one.record_no for one in found if one.title is not None),
        purpose=work.sight.purpose(request.purpose),
        full=False,
        withheld=tuple(one.record_no for one in found if one.title is None) or UNSET,
    )
    work.look(said)
    return Records(records=found)


def show_record(work: Work, request: ShowRecord) -> Record:
    """Show one record.

    Raises:
        NotFound: there is no such record.
        UsageFault: ``full`` without a purpose.
        NotAllowed: the account does not work with records, or ``full`` is not for it.
    """
    work.sight.look_at_records()
    if request.full:
        work.see_in_full(request.purpose)
    record = work.db.records.get(request.record_no)
    if request.full and not work.sight.of_record(record):
        raise _not_in_full(record)
    shown = _shown(work, record, full=request.full)
    work.look(_look_at(work, record, request.purpose, seen=shown.title is not None, full=request.full))
    return shown


def record_history(work: Work, request: RecordHistory) -> Dossier:
    """Show a record's dossier.

    Raises:
        NotFound: there is no such record.
        NotAllowed: the account does not work with records.
    """
    work.sight.look_at_records()
    record = work.db.records.get(request.record_no)
    seen = work.sight.of_record(record)
    suspended = any(mark.suspends for _, mark in marks_in_force(work.snapshot, record.no))
    dossier = dossier_of(
        work.db,
        record,
        work.calendar.zone,
        work.lang,
        seen=seen,
        withhold=suspended and not work.may("see_changes"),
        own_looks=None if work.may("read_look_ups") else work.actor.account,
    )
    work.look(_look_at(work, record, request.purpose, seen=seen), "history")
    return dossier


def _look_at(work: Work, record: KeptRecord, purpose: str | None, *, seen: bool, full: bool = False) -> OfRecord:
    why = work.sight.purpose(purpose)
    return OfRecord(
        record=record.no, subject=record.subject.key, purpose=why, full=full, shown=UNSET if seen else False
    )


def _not_in_full(record: KeptRecord) -> NotAllowed:
    message = Text(
        "信用记录 {n} 与本单位在办事项无关，或不属可查看的类别，不能查看完整证件号",
        "the record {n} belongs to nothing at hand in your unit, or is of a class that you may not see:"
        " the whole ID number can't be shown",
    )
    return NotAllowed(message.fill(n=record.no), code="not_at_hand", source="附件3·五(二)")
