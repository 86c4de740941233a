"""Make cases from their rows; what is encrypted can be left unopened (`unopened`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import msgspec

from credit_workflow.engine.values import Case, Done, Mark, Material, RecordChange
from credit_workflow.identity import Subject
from credit_workflow.store.mapping.deadline_rows import deadline_of
from credit_workflow.store.mapping.rows import Row, case_place, damaged, day, day_of, mark_place, subject_of
from credit_workflow.store.mapping.unopened import Unopened, UnopenedMapping

if TYPE_CHECKING:  # the library of ciphers starts slowly
    from credit_workflow.store.crypto.cipher import Cipher

_fields_decoder = msgspec.json.Decoder(dict[str, Any])
_materials_decoder = msgspec.json.Decoder(dict[str, Material])
_done_decoder = msgspec.json.Decoder(dict[str, Done])
_applied_decoder = msgspec.json.Decoder(RecordChange)


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
    number = row[0]
    try:
        return Case(
            number=number,
            parent=row[2],
            workflow=row[3],
            definition=row[4],
            definition_version=row[5],
            state=row[6],
            final=bool(row[7]),
            version=row[8],
            opened=day_of(row[9]),
            subject=read(Unopened, row[12], _case_person, row, cipher),
            record=row[13],
            unit=row[14],
            assignee=row[15],
            waits_for=tuple(row[16].split(",")) if row[16] else (),
            fields=read(UnopenedMapping, row[17], _case_fields, row, cipher),
            materials=read(UnopenedMapping, row[18], _case_materials, row, cipher),
            done=_done_decoder.decode(row[19]),
            applied=None if row[20] is None else read(Unopened, row[20], _case_applied, row, cipher),
            deadlines={d[1]: deadline_of(d[1:]) for d in deadlines},
            marks={m[1]: mark_of(m, cipher, unopened=unopened) for m in marks},
        )
    except (ValueError, TypeError, msgspec.DecodeError) as fault:
        raise damaged(number, fault) from fault


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
    return subject_of(row[10], row[11], row[12], case_place(row[0], "person"), cipher)


def _case_fields(row: Row, cipher: Cipher) -> dict[str, Any]:
    return _fields_decoder.decode(cipher.open(case_place(row[0], "fields"), row[17]))


def _case_materials(row: Row, _cipher: Cipher) -> dict[str, Material]:
    return _materials_decoder.decode(row[18])


def _case_applied(row: Row, cipher: Cipher) -> RecordChange:
    return _applied_decoder.decode(cipher.open(case_place(row[0], "applied"), row[20]))


def mark_of(row: Row, cipher: Cipher, *, unopened: bool = False) -> Mark:
    """Return a mark from its row (`columns.RECORD_MARK`); its reason, if so asked for, is opened later."""
    read = _later if unopened else _at_once
    return Mark(
        kind=row[1],
        record=row[2],
        title_zh=row[3],
        title_en=row[4],
        suspends=bool(row[5]),
        placed=day_of(row[6]),
        reason=None if row[7] is None else read(Unopened, row[7], _mark_reason, row, cipher),
        last_day=day(row[8]),
        lifted=day(row[9]),
    )


def _mark_reason(row: Row, cipher: Cipher) -> str:
    return cipher.open(mark_place(row[0], row[1]), row[7])
