"""Convert cases and marks from and to rows; what is encrypted can be left unopened (`unopened`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import msgspec

from credit_workflow.engine.values import Case, Done, Mark, Material, RecordChange
from credit_workflow.identity import Subject
from credit_workflow.store.mapping.deadline_rows import deadline_of
from credit_workflow.store.mapping.rows import Row, damaged, encode, person_text, subject_of
from credit_workflow.store.mapping.shape import Shape
from credit_workflow.store.mapping.unopened import Unopened, UnopenedMapping, stored_text

if TYPE_CHECKING:  # the library of ciphers starts slowly
    from credit_workflow.store.crypto.cipher import Cipher

_fields_decoder = msgspec.json.Decoder(dict[str, Any])
_materials_decoder = msgspec.json.Decoder(dict[str, Material])
_applied_decoder = msgspec.json.Decoder(RecordChange)
_done_decoder = msgspec.json.Decoder(dict[str, Done])
#: How ``done`` is read and written.
DONE = {"done": (_done_decoder.decode, lambda done: encode(done).decode())}
CASES = Shape("case_file", Case, given=("subject", "fields", "materials", "applied", "deadlines", "marks"), ways=DONE)
MARKS = Shape("record_mark", Mark, given=("reason",))
#: Where what is encrypted, or opened later, stands in a row.
_PERSON, _FIELDS, _MATERIALS, _APPLIED = map(CASES.columns.index, ("person", "fields", "materials", "applied"))
_REASON = MARKS.columns.index("reason")


def case_place(number: str, column: str) -> str:
    """Return the place of an encrypted column of a case."""
    return f"case_file:{number}:{column}"


def mark_place(case: str, kind: str) -> str:
    """Return the place of the reason of a mark."""
    return f"record_mark:{case}:{kind}"


def case_of(
    row: Row, deadlines: Iterable[Row], marks: Iterable[Row], cipher: Cipher, *, unopened: bool = False
) -> Case:
    """Return a case from its row (`columns.CASE_FILE`) and those of its deadlines and marks.

    Args:
        row: the case's.
        deadlines: `DEADLINE_VALUES` of each.
        marks: `columns.RECORD_MARK` of each.
        cipher: opens what is encrypted.
        unopened: leave what is encrypted, and the materials, to be opened when they are asked for.

    Raises:
        IntegrityFault: a row holds what no case can.
    """
    read = _later if unopened else _at_once
    try:
        return CASES.of(
            row,
            subject=read(Unopened, row[_PERSON], _case_person, row, cipher),
            fields=read(UnopenedMapping, row[_FIELDS], _case_fields, row, cipher),
            materials=read(UnopenedMapping, row[_MATERIALS], _case_materials, row, cipher),
            applied=None if row[_APPLIED] is None else read(Unopened, row[_APPLIED], _case_applied, row, cipher),
            deadlines={d[1]: deadline_of(d[1:]) for d in deadlines},
            marks={m[1]: mark_of(m, cipher, unopened=unopened) for m in marks},
        )
    except (ValueError, TypeError, msgspec.DecodeError) as fault:
        raise damaged(row[0], fault) from fault


_Kind = type[Unopened]
_Reads = Callable[[Row, Any], Any]


def _at_once(_kind: _Kind, _stored: str, read: _Reads, row: Row, cipher: Cipher) -> Any:
    return read(row, cipher)


def _later(kind: _Kind, stored: str, read: _Reads, row: Row, cipher: Cipher) -> Any:
    return kind(stored, _or_damaged, read, row, cipher)


def _or_damaged(read: _Reads, row: Row, cipher: Cipher) -> Any:
    try:
        return read(row, cipher)
    except (ValueError, TypeError, msgspec.DecodeError) as fault:
        raise damaged(row[0], fault) from fault


def _case_person(row: Row, cipher: Cipher) -> Subject:
    kind, key, person = row[_PERSON - 2 : _PERSON + 1]
    return subject_of(kind, key, person, case_place(row[0], "person"), cipher)


def _case_fields(row: Row, cipher: Cipher) -> dict[str, Any]:
    return _fields_decoder.decode(cipher.open(case_place(row[0], "fields"), row[_FIELDS]))


def _case_materials(row: Row, _cipher: Cipher) -> dict[str, Material]:
    return _materials_decoder.decode(row[_MATERIALS])


def _case_applied(row: Row, cipher: Cipher) -> RecordChange:
    return _applied_decoder.decode(cipher.open(case_place(row[0], "applied"), row[_APPLIED]))


def mark_of(row: Row, cipher: Cipher, *, unopened: bool = False) -> Mark:
    """Return a mark from its row (`columns.RECORD_MARK`); its reason, if so asked for, is opened later."""
    read = _later if unopened else _at_once
    reason = row[_REASON]
    return MARKS.of(row, reason=None if reason is None else read(Unopened, reason, _mark_reason, row, cipher))


def _mark_reason(row: Row, cipher: Cipher) -> str:
    return cipher.open(mark_place(row[0], row[1]), row[_REASON])


def case_row(case: Case, root: str, head_seq: int, head_hash: str, cipher: Cipher) -> tuple[Any, ...]:
    """Return a case as its row (`columns.CASE_FILE`)."""
    subject = case.subject
    _, fields, materials, applied, *_ = filled_row(case, cipher)
    return CASES.row(
        case,
        root=root,
        subject_kind=subject.kind,
        subject_key=cipher.keyed(subject.key),
        person=person_text(subject, case_place(case.number, "person"), cipher),
        fields=fields,
        materials=materials,
        applied=applied,
        head_seq=head_seq,
        head_hash=head_hash,
    )


#: What every entry changes in its case's row, and what only some do.
MOVED_COLUMNS = ("state", "final", "version", "waits_for", "done", "head_seq", "head_hash")
FILLED_COLUMNS = ("assignee", "fields", "materials", "applied", "opened", "definition", "definition_version", "record")


def only_moved(old: Case, new: Case) -> bool:
    """Whether nothing but `MOVED_COLUMNS` differs: replaying keeps what it does not change."""
    return (
        new.fields is old.fields
        and new.materials is old.materials
        and new.applied is old.applied
        and new.assignee == old.assignee
        and new.opened == old.opened
        and new.definition == old.definition
        and new.record == old.record
    )


def moved_row(case: Case, head_seq: int, head_hash: str) -> tuple[Any, ...]:
    """Return what every entry changes (`MOVED_COLUMNS`)."""
    done = encode(case.done).decode()
    return (case.state, case.final, case.version, ",".join(case.waits_for), done, head_seq, head_hash)


def filled_row(case: Case, cipher: Cipher) -> tuple[Any, ...]:
    """Return what some entries change (`FILLED_COLUMNS`)."""
    fields = stored_text(case.fields)
    if fields is None:
        fields = cipher.encrypt(case_place(case.number, "fields"), encode(case.fields).decode())
    applied = stored_text(case.applied)
    if applied is None and case.applied is not None:
        applied = cipher.encrypt(case_place(case.number, "applied"), encode(case.applied).decode())
    materials = stored_text(case.materials) or encode(case.materials).decode()
    version = (case.definition, case.definition_version)
    return (case.assignee, fields, materials, applied, case.opened.isoformat(), *version, case.record)


def mark_row(case: str, mark: Mark, cipher: Cipher) -> tuple[Any, ...]:
    """Return a mark as its row (`columns.RECORD_MARK`)."""
    reason = stored_text(mark.reason)
    if reason is None and mark.reason is not None:
        reason = cipher.encrypt(mark_place(case, mark.kind), mark.reason)
    return MARKS.row(mark, case_no=case, reason=reason)
