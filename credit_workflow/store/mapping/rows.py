"""Convert values from and to rows. No SQL here, and no library of a database.

What says something of a person is encrypted on its way into a row (`Cipher`) and opened on its way
out; a log's hashes are over what is stored, so that a log can be proved by whoever can't read it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from credit_workflow.casework.journal.entry import About, Said, Span
from credit_workflow.casework.ports import Credential, SignedIn
from credit_workflow.engine.values import Case, Change, Entry, Mark, Record, record_values
from credit_workflow.errors import IntegrityFault
from credit_workflow.identity import Subject
from credit_workflow.store.mapping.unopened import encodable, stored_text
from credit_workflow.store.schema.columns import CASE_EVENT, JOURNAL_LOG
from credit_workflow.text import Text

if TYPE_CHECKING:  # the library of ciphers starts slowly
    from credit_workflow.store.crypto.cipher import Cipher

Row = Sequence[Any]
#: An entry to be added to the other log: its stream, instant, account, role, kind, what it says (`said_text`), and
#: what that is about.
Added = tuple[str, datetime, str, str, str, str, tuple[About, ...]]

#: The columns of a log without its entries' numbers.
EVENT_COLUMNS = CASE_EVENT[1:]
JOURNAL_COLUMNS = JOURNAL_LOG[1:]

_encode = msgspec.json.Encoder(enc_hook=encodable).encode
_person_decoder = msgspec.json.Decoder(tuple[str, str, str])
_content_decoder = msgspec.json.Decoder(tuple[str, str])
#: Streams of the other log that speak of no person; all others are encrypted.
_OPEN_STREAMS = frozenset({"setup", "definition", "publication", "sweep", "key", "drill", "calendar"})
#: What an open entry ends with: the keyed hash of all before it, so that only who has the data keys can add one.
_marked = re.compile(r'(?P<said>.*),"mark":"(?P<mark>[0-9a-f]{64})"\}', re.DOTALL).fullmatch


@lru_cache(maxsize=256)
def instant_text(at: datetime) -> str:
    """Return an instant in UTC as it is stored."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


_stored_instant = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z").fullmatch


def instant_of(text: str) -> datetime:
    """Return a stored instant.

    Raises:
        ValueError: it is not written as `instant_text` writes one.
    """
    if _stored_instant(text) is None:
        raise ValueError(f"no instant: {text!r}")
    return datetime.fromisoformat(text)


def change_of(text: str) -> Change:
    """Return an entry's change from the text that is stored and hashed.

    Raises:
        DecodeError: it is no change.
    """
    return msgspec.json.decode(text, type=Change)  # a decoder made at import takes 1.5 ms of every command


def change_text(change: Change) -> str:
    """Return an entry's change as it is stored and hashed."""
    return _encode(change).decode()


day_of = lru_cache(maxsize=4096)(date.fromisoformat)


def day(text: str | None) -> date | None:
    """Return a stored day, or None."""
    return None if text is None else day_of(text)


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def damaged(what: str, fault: Exception) -> IntegrityFault:
    """Return the error for a row that can't be read."""
    message = Text("{w} 的数据已损坏：{f}。请运行 audit verify", "the row of {w} is damaged: {f}; run audit verify")
    return IntegrityFault(message.fill(w=what, f=" ".join(str(fault).split())), code="damaged_row")


def case_place(number: str, column: str) -> str:
    """Return the place of an encrypted column of a case."""
    return f"case_file:{number}:{column}"


def event_place(case: str, seq: int) -> str:
    """Return the place of what an entry of a case says."""
    return f"case_event:{case}:{seq}"


def journal_place(stream: str, seq: int) -> str:
    """Return the place of what an entry of the other log says."""
    return f"journal_log:{stream}:{seq}"


def said_text(said: Said) -> str:
    """Return what an entry of the other log says as JSON."""
    return _encode(said).decode()


def journal_text(stream: str, seq: int, text: str, cipher: Cipher) -> str:
    """Return what an entry of the other log says (`said_text`) as it is stored: encrypted, or open with its mark."""
    place = journal_place(stream, seq)
    return (
        f'{text[:-1]},"mark":"{cipher.mark(place, text)}"}}' if stream in _OPEN_STREAMS else cipher.encrypt(place, text)
    )


def journal_opened(row: Row, cipher: Callable[[], Cipher]) -> str:
    """Return what a row of the other log (`JOURNAL_COLUMNS`) says, opened and without a mark.

    Raises:
        IntegrityFault: it can't be opened.
    """
    stream, seq, data = row[0], row[1], row[6]
    if stream not in _OPEN_STREAMS:
        return cipher().open(journal_place(stream, seq), data)
    parts = _marked(data)
    return str(data) if parts is None else parts["said"] + "}"


def is_marked(row: Row, cipher: Cipher) -> bool:
    """Whether a stored row of the other log (`JOURNAL_COLUMNS`) was written by somebody with the data keys.

    What is encrypted is found out when it is opened.
    """
    if row[0] not in _OPEN_STREAMS:
        return True
    parts = _marked(row[6])
    return parts is not None and parts["mark"] == cipher.mark(journal_place(row[0], row[1]), parts["said"] + "}")


def subject_of(kind: Any, key: str, person: str, place: str, cipher: Cipher) -> Subject:
    id_, plain_key, name = _person_decoder.decode(cipher.open(place, person))
    if cipher.keyed(plain_key) != key:
        raise ValueError("its look-up hash is another person's")
    return Subject(kind=kind, id=id_, key=plain_key, name=name)


def _person(subject: Subject, place: str, cipher: Cipher) -> str:
    return cipher.encrypt(place, _encode((subject.id, subject.key, subject.name)).decode())


def mark_place(case: str, kind: str) -> str:
    return f"record_mark:{case}:{kind}"


def record_of(row: Row, cipher: Cipher) -> Record:
    """Return a record from its row (`columns.CREDIT_RECORD`).

    Raises:
        IntegrityFault: the row holds what no record can.
    """
    try:
        title, content = _content_decoder.decode(cipher.open(f"credit_record:{row[0]}:content", row[6]))
        return Record(
            no=row[0],
            subject=subject_of(row[1], row[2], row[3], f"credit_record:{row[0]}:person", cipher),
            provider=row[4],
            open_class=row[5],
            title=title,
            content=content,
            valid_from=date.fromisoformat(row[7]),
            valid_until=date.fromisoformat(row[8]),
            revision=row[9],
            removed=bool(row[10]),
        )
    except (ValueError, TypeError, msgspec.DecodeError) as fault:
        raise damaged(row[0], fault) from fault


def entry_of(row: Row, cipher: Cipher) -> Entry:
    """Return a log entry from its row (`EVENT_COLUMNS`).

    Raises:
        IntegrityFault: the row holds what no entry can.
    """
    try:
        return Entry(
            case=row[0],
            at=instant_of(row[2]),
            effective=day_of(row[3]),
            actor=row[4],
            role=row[5],
            action=row[6],
            before=row[7],
            after=row[8],
            change=change_of(cipher.open(event_place(row[0], row[1]), row[9])),
        )
    except (ValueError, TypeError, msgspec.DecodeError) as fault:
        raise damaged(f"{row[0]}#{row[1]}", fault) from fault


def case_row(case: Case, root: str, head_seq: int, head_hash: str, cipher: Cipher) -> tuple[Any, ...]:
    """Return a case as its row (`columns.CASE_FILE`)."""
    subject = case.subject
    assignee, fields, materials, applied, opened, *_ = filled_row(case, cipher)
    return (
        case.number, root, case.parent, case.workflow, case.definition, case.definition_version, case.state,
        case.final, case.version, opened, subject.kind, cipher.keyed(subject.key),
        _person(subject, case_place(case.number, "person"), cipher), case.record, case.unit, assignee,
        ",".join(case.waits_for), fields, materials, _encode(case.done).decode(), applied, head_seq, head_hash,
    )  # fmt: skip


#: What every entry changes in its case's row, and what only some do.
MOVED_COLUMNS = ("state", "final", "version", "waits_for", "done", "head_seq", "head_hash")
FILLED_COLUMNS = ("assignee", "fields", "materials", "applied", "opened", "definition", "definition_version")


def only_moved(old: Case, new: Case) -> bool:
    """Whether nothing but `MOVED_COLUMNS` differs: replaying keeps what it does not change."""
    return (
        new.fields is old.fields
        and new.materials is old.materials
        and new.applied is old.applied
        and new.assignee == old.assignee
        and new.opened == old.opened
        and new.definition == old.definition
    )


def moved_row(case: Case, head_seq: int, head_hash: str) -> tuple[Any, ...]:
    """Return what every entry changes (`MOVED_COLUMNS`)."""
    done = _encode(case.done).decode()
    return (case.state, case.final, case.version, ",".join(case.waits_for), done, head_seq, head_hash)


def filled_row(case: Case, cipher: Cipher) -> tuple[Any, ...]:
    """Return what some entries change (`FILLED_COLUMNS`)."""
    fields = stored_text(case.fields)
    if fields is None:
        fields = cipher.encrypt(case_place(case.number, "fields"), _encode(case.fields).decode())
    applied = stored_text(case.applied)
    if applied is None and case.applied is not None:
        applied = cipher.encrypt(case_place(case.number, "applied"), _encode(case.applied).decode())
    materials = stored_text(case.materials) or _encode(case.materials).decode()
    version = (case.definition, case.definition_version)
    return (case.assignee, fields, materials, applied, case.opened.isoformat(), *version)


def mark_row(case: str, mark: Mark, cipher: Cipher) -> tuple[Any, ...]:
    """Return a mark as its row (`columns.RECORD_MARK`)."""
    reason = stored_text(mark.reason)
    if reason is None and mark.reason is not None:
        reason = cipher.encrypt(mark_place(case, mark.kind), mark.reason)
    return (
        case, mark.kind, mark.record, mark.title_zh, mark.title_en, mark.suspends, mark.placed.isoformat(),
        reason, _text(mark.last_day), _text(mark.lifted),
    )  # fmt: skip


def record_row(record: Record, cipher: Cipher) -> tuple[Any, ...]:
    """Return a record as its row (`columns.CREDIT_RECORD`)."""
    subject, place = record.subject, f"credit_record:{record.no}"
    content = cipher.encrypt(f"{place}:content", _encode((record.title, record.content)).decode())
    return (
        record.no, subject.kind, cipher.keyed(subject.key), _person(subject, f"{place}:person", cipher),
        record.provider, record.open_class, content, record.valid_from.isoformat(),
        record.valid_until.isoformat(), record.revision, record.removed,
    )  # fmt: skip


def account_row(entry: Entry) -> tuple[Any, ...]:
    """Return the account that an entry speaks of as its row (`columns.ACCOUNT`)."""
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


def event_parts(entry: Entry, seq: int, cipher: Cipher) -> tuple[Any, ...]:
    """Return an entry as its row up to its place in the chain (`EVENT_COLUMNS` less the last two)."""
    return (
        entry.case, seq, instant_text(entry.at), entry.effective.isoformat(), entry.actor, entry.role,
        entry.action, entry.before, entry.after,
        cipher.encrypt(event_place(entry.case, seq), change_text(entry.change)),
    )  # fmt: skip


def about_key(about: About, cipher: Cipher) -> str:
    """Return the keyed hash by which entries of the other log about a record, a case or a person are found."""
    what, key = about
    return cipher.keyed(f"{what}:{key}")


def beginning(column: str, text: str) -> tuple[str, tuple[str]]:
    """Return the condition that a column begins with a text, and the statement's value for it."""
    escaped = text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return f"{column} LIKE ? ESCAPE '!'", (f"{escaped}%",)


def within(span: Span, actor: str | None = None) -> tuple[str, list[Any]]:
    """Return the end of a condition on a log's entries that keeps to a span and an account, and its values."""
    sides = ((">=", span.since), ("<", span.until))
    known = [(f" AND at {sign} ?", instant_text(at)) for sign, at in sides if at is not None]
    if actor is not None:
        known.append((" AND actor = ?", actor))
    return "".join(part for part, _ in known), [value for _, value in known]


def between(column: str, first: str, end: str | None) -> tuple[str, tuple[str, ...]]:
    """Return the condition that a column is ``first`` or later and before ``end``, if there is one; and its values."""
    since = f"WHERE {column} >= ?"
    return (since, (first,)) if end is None else (f"{since} AND {column} < ?", (first, end))


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
