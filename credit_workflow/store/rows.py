"""Between rows and values, in both directions. No SQL here, and no library of a database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

import msgspec

from credit_workflow.casework.ports import Credential, SignedIn
from credit_workflow.engine.effects import record_values
from credit_workflow.engine.rules import Rules
from credit_workflow.engine.values import (
    Case,
    Change,
    Deadline,
    Done,
    Entry,
    Mark,
    Material,
    Record,
    RecordChange,
    Subject,
)
from credit_workflow.errors import IntegrityFault
from credit_workflow.text import Text

Row = Sequence[Any]

CASE_COLUMNS = (
    "number", "root", "parent", "workflow", "definition", "definition_version", "state", "final", "version",
    "opened", "subject_kind", "subject_id", "subject_key", "subject_name", "record", "unit", "assignee",
    "waits_for", "fields", "materials", "done", "applied", "head_seq", "head_hash",
)  # fmt: skip
DEADLINE_COLUMNS = (
    "case_no", "id", "kind", "late", "owed_by", "status", "starts", "due", "original_due", "edition",
    "provisional", "met", "extension", "flagged", "resumed", "pending",
)  # fmt: skip
#: What a deadline is made of; the other columns follow from its rule.
DEADLINE_VALUES = (
    "case_no", "id", "status", "starts", "due", "original_due", "edition", "provisional", "met", "extension",
    "flagged", "resumed",
)  # fmt: skip
MARK_COLUMNS = (
    "case_no", "kind", "record", "title_zh", "title_en", "suspends", "placed", "reason", "last_day", "lifted",
)  # fmt: skip
RECORD_COLUMNS = (
    "no", "subject_kind", "subject_id", "subject_key", "subject_name", "provider", "open_class", "title",
    "content", "valid_from", "valid_until", "revision", "removed",
)  # fmt: skip
EVENT_COLUMNS = (
    "case_no", "seq", "at", "effective", "actor", "role", "action", "before", "after", "data", "prev", "hash",
)  # fmt: skip
SEAL_COLUMNS = ("seq", "at", "events", "journal", "size", "root", "prev", "hash", "signature")
ACCOUNT_COLUMNS = ("name", "unit", "roles", "status", "created", "case_no")
JOURNAL_COLUMNS = ("stream", "seq", "at", "actor", "role", "kind", "data", "prev", "hash")

_encode = msgspec.json.Encoder().encode
_fields_decoder = msgspec.json.Decoder(dict[str, Any])
_materials_decoder = msgspec.json.Decoder(dict[str, Material])
_done_decoder = msgspec.json.Decoder(dict[str, Done])
_applied_decoder = msgspec.json.Decoder(RecordChange)
_change_decoder = msgspec.json.Decoder(Change)


@lru_cache(maxsize=256)
def instant_text(at: datetime) -> str:
    """Return an instant in UTC as it is stored."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def instant_of(text: str) -> datetime:
    """Return a stored instant."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def change_text(change: Change) -> str:
    """Return an entry's change as it is stored and hashed."""
    return _encode(change).decode()


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def damaged(what: str, fault: Exception) -> IntegrityFault:
    """Return the error for a row that can't be read."""
    message = Text("{w} 的数据已损坏：{f}。请运行 audit verify", "the row of {w} is damaged: {f}; run audit verify")
    return IntegrityFault(message.fill(w=what, f=" ".join(str(fault).split())), code="damaged_row")


def case_of(row: Row, deadlines: Iterable[Row], marks: Iterable[Row]) -> Case:
    """Return a case from its row (`CASE_COLUMNS`) and those of its deadlines and marks.

    Raises:
        IntegrityFault: a row holds what no case can.
    """
    try:
        return Case(
            number=row[0],
            parent=row[2],
            workflow=row[3],
            definition=row[4],
            definition_version=row[5],
            state=row[6],
            final=bool(row[7]),
            version=row[8],
            opened=date.fromisoformat(row[9]),
            subject=Subject(kind=row[10], id=row[11], key=row[12], name=row[13]),
            record=row[14],
            unit=row[15],
            assignee=row[16],
            waits_for=tuple(row[17].split(",")) if row[17] else (),
            fields=_fields_decoder.decode(row[18]),
            materials=_materials_decoder.decode(row[19]),
            done=_done_decoder.decode(row[20]),
            applied=None if row[21] is None else _applied_decoder.decode(row[21]),
            deadlines={d[1]: deadline_of(d) for d in deadlines},
            marks={m[1]: mark_of(m) for m in marks},
        )
    except (ValueError, TypeError, msgspec.DecodeError) as fault:
        raise damaged(row[0], fault) from fault


def deadline_of(row: Row) -> Deadline:
    """Return a deadline from its values (`DEADLINE_VALUES`)."""
    return Deadline(
        id=row[1],
        status=row[2],
        starts=date.fromisoformat(row[3]),
        due=date.fromisoformat(row[4]),
        original_due=date.fromisoformat(row[5]),
        edition=row[6],
        provisional=bool(row[7]),
        met=_day(row[8]),
        extension=row[9],
        flagged=_day(row[10]),
        resumed=_day(row[11]),
    )


def mark_of(row: Row) -> Mark:
    """Return a mark from its row (`MARK_COLUMNS`)."""
    return Mark(
        kind=row[1],
        record=row[2],
        title_zh=row[3],
        title_en=row[4],
        suspends=bool(row[5]),
        placed=date.fromisoformat(row[6]),
        reason=row[7],
        last_day=_day(row[8]),
        lifted=_day(row[9]),
    )


def record_of(row: Row) -> Record:
    """Return a record from its row (`RECORD_COLUMNS`).

    Raises:
        IntegrityFault: the row holds what no record can.
    """
    try:
        return Record(
            no=row[0],
            subject=Subject(kind=row[1], id=row[2], key=row[3], name=row[4]),
            provider=row[5],
            open_class=row[6],
            title=row[7],
            content=row[8],
            valid_from=date.fromisoformat(row[9]),
            valid_until=date.fromisoformat(row[10]),
            revision=row[11],
            removed=bool(row[12]),
        )
    except (ValueError, TypeError) as fault:
        raise damaged(row[0], fault) from fault


def entry_of(row: Row) -> Entry:
    """Return a log entry from its row (`EVENT_COLUMNS`).

    Raises:
        IntegrityFault: the row holds what no entry can.
    """
    try:
        return Entry(
            case=row[0],
            at=instant_of(row[2]),
            effective=date.fromisoformat(row[3]),
            actor=row[4],
            role=row[5],
            action=row[6],
            before=row[7],
            after=row[8],
            change=_change_decoder.decode(row[9]),
        )
    except (ValueError, TypeError, msgspec.DecodeError) as fault:
        raise damaged(f"{row[0]}#{row[1]}", fault) from fault


def case_row(case: Case, root: str, head_seq: int, head_hash: str) -> tuple[Any, ...]:
    """Return a case as its row (`CASE_COLUMNS`)."""
    subject = case.subject
    return (
        case.number, root, case.parent, case.workflow, case.definition, case.definition_version, case.state,
        case.final, case.version, case.opened.isoformat(), subject.kind, subject.id, subject.key, subject.name,
        case.record, case.unit, case.assignee, ",".join(case.waits_for), _encode(case.fields).decode(),
        _encode(case.materials).decode(), _encode(case.done).decode(),
        None if case.applied is None else _encode(case.applied).decode(), head_seq, head_hash,
    )  # fmt: skip


#: What every entry changes in its case's row, and what only some do.
MOVED_COLUMNS = ("state", "final", "version", "waits_for", "done", "head_seq", "head_hash")
FILLED_COLUMNS = ("assignee", "fields", "materials", "applied")


def only_moved(old: Case, new: Case) -> bool:
    """Whether nothing but `MOVED_COLUMNS` differs: replaying keeps what it does not change."""
    return (
        new.fields is old.fields
        and new.materials is old.materials
        and new.applied is old.applied
        and new.assignee == old.assignee
    )


def moved_row(case: Case, head_seq: int, head_hash: str) -> tuple[Any, ...]:
    """Return what every entry changes (`MOVED_COLUMNS`)."""
    done = _encode(case.done).decode()
    return (case.state, case.final, case.version, ",".join(case.waits_for), done, head_seq, head_hash)


def filled_row(case: Case) -> tuple[Any, ...]:
    """Return what some entries change (`FILLED_COLUMNS`)."""
    applied = None if case.applied is None else _encode(case.applied).decode()
    return (case.assignee, _encode(case.fields).decode(), _encode(case.materials).decode(), applied)


def deadline_row(case: str, deadline: Deadline, rules: Rules) -> tuple[Any, ...]:
    """Return a deadline as its row (`DEADLINE_COLUMNS`)."""
    rule = rules.deadline(deadline.id)
    pending = deadline.status == "running" and deadline.flagged is None and rule.at_end is not None
    return (
        case, deadline.id, rule.kind, rule.late, rule.owed_by, deadline.status, deadline.starts.isoformat(),
        deadline.due.isoformat(), deadline.original_due.isoformat(), deadline.edition, deadline.provisional,
        _text(deadline.met), deadline.extension, _text(deadline.flagged), _text(deadline.resumed), pending,
    )  # fmt: skip


def mark_row(case: str, mark: Mark) -> tuple[Any, ...]:
    """Return a mark as its row (`MARK_COLUMNS`)."""
    return (
        case, mark.kind, mark.record, mark.title_zh, mark.title_en, mark.suspends, mark.placed.isoformat(),
        mark.reason, _text(mark.last_day), _text(mark.lifted),
    )  # fmt: skip


def record_row(record: Record) -> tuple[Any, ...]:
    """Return a record as its row (`RECORD_COLUMNS`)."""
    subject = record.subject
    return (
        record.no, subject.kind, subject.id, subject.key, subject.name, record.provider, record.open_class,
        record.title, record.content, record.valid_from.isoformat(), record.valid_until.isoformat(),
        record.revision, record.removed,
    )  # fmt: skip


def account_row(entry: Entry) -> tuple[Any, ...]:
    """Return the account that an entry speaks of as its row (`ACCOUNT_COLUMNS`)."""
    account = entry.change.account
    if account is None:  # pragma: no cover - the caller has looked
        raise ValueError("the entry changes no account")
    roles = ",".join(account.roles)
    return (account.name, account.unit, roles, account.status, instant_text(entry.at), entry.case)


def credential_of(row: Row) -> Credential:
    """Return how an account signs in from its row."""
    locked = None if row[5] is None else instant_of(row[5])
    earlier = tuple(part for part in row[2].split(" ") if part)
    return Credential(
        name=row[0], password=row[1], earlier=earlier, must_change=bool(row[3]), failures=row[4], locked_until=locked
    )


def credential_values(credential: Credential) -> dict[str, Any]:
    """Return how an account signs in as the values of its row."""
    return {
        "name": credential.name,
        "password": credential.password,
        "earlier": " ".join(credential.earlier),
        "must_change": credential.must_change,
        "failures": credential.failures,
        "locked_until": None if credential.locked_until is None else instant_text(credential.locked_until),
    }


def signed_in_of(row: Row) -> SignedIn:
    """Return somebody who is signed in from the row."""
    return SignedIn(token=row[0], account=row[1], began=instant_of(row[2]), used=instant_of(row[3]))


def event_parts(entry: Entry, seq: int) -> tuple[Any, ...]:
    """Return an entry as its row up to its place in the chain (`EVENT_COLUMNS` less the last two)."""
    return (
        entry.case, seq, instant_text(entry.at), entry.effective.isoformat(), entry.actor, entry.role,
        entry.action, entry.before, entry.after, change_text(entry.change),
    )  # fmt: skip


def linked_parts(row: Row) -> list[str]:
    """Return the parts of a row that its hash is over, as text."""
    return ["" if part is None else str(part) for part in row]


def by_first(rows: Iterable[Row]) -> Mapping[str, list[Row]]:
    """Group rows by their first column."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[0], []).append(row)
    return groups


def record_values_of(record: Record) -> dict[str, Any]:
    """Return everything that a record's log says of it."""
    subject = record.subject
    return {"subject_kind": subject.kind, "subject_id": subject.id, "subject_key": subject.key, **record_values(record)}
