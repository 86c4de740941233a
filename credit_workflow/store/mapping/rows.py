"""Convert values from and to rows. No SQL here, and no library of a database.

What says something of a person is encrypted on its way into a row (`Cipher`) and opened on its way
out; a log's hashes are over what is stored, so that a log can be proved by whoever can't read it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from credit_workflow.casework.journal.entry import About, Said
from credit_workflow.engine.values import AccountChange, Change, Entry, Record
from credit_workflow.errors import IntegrityFault
from credit_workflow.identity import Subject
from credit_workflow.store.mapping.shape import Shape, instant_text
from credit_workflow.store.mapping.unopened import encodable
from credit_workflow.store.schema.columns import COLUMNS
from credit_workflow.text import Text

if TYPE_CHECKING:  # the library of ciphers starts slowly
    from credit_workflow.store.crypto.cipher import Cipher

Row = Sequence[Any]
#: An entry to be added to the other log: its stream, instant, account, role, kind, what it says (`said_text`), and
#: what that is about.
Added = tuple[str, datetime, str, str, str, str, tuple[About, ...]]

#: The columns of a log without its entries' numbers.
EVENT_COLUMNS = COLUMNS["case_event"][1:]
JOURNAL_COLUMNS = COLUMNS["journal_log"][1:]
_CHANGE = EVENT_COLUMNS.index("data")

#: Makes the JSON that is stored, also of what was left unopened.
encode = msgspec.json.Encoder(enc_hook=encodable).encode
RECORDS = Shape("credit_record", Record, given=("subject", "title", "content"))
_ENTRIES = Shape("case_event", Entry, EVENT_COLUMNS[:-2], given=("change",), case_no="case", data="change")
_ACCOUNTS = Shape("account", AccountChange)

_person_decoder = msgspec.json.Decoder(tuple[str, str, str])
_content_decoder = msgspec.json.Decoder(tuple[str, str])
#: Streams of the other log that speak of no person; all others are encrypted.
_OPEN_STREAMS = frozenset({"setup", "definition", "publication", "sweep", "key", "drill", "calendar", "unit"})
#: What an open entry ends with: the keyed hash of all before it, so that only who has the data keys can add one.
_marked = re.compile(r'(?P<said>.*),"mark":"(?P<mark>[0-9a-f]{64})"\}', re.DOTALL).fullmatch


def change_of(text: str) -> Change:
    """Return an entry's change from the text that is stored and hashed.

    Raises:
        DecodeError: it is no change.
    """
    return msgspec.json.decode(text, type=Change)  # a decoder made at import takes 1.5 ms of every command


def change_text(change: Change) -> str:
    """Return an entry's change as it is stored and hashed."""
    return encode(change).decode()


def damaged(what: str, fault: Exception) -> IntegrityFault:
    """Return the error for a row that can't be read."""
    message = Text("{w} 的数据已损坏：{f}。请运行 audit verify", "the row of {w} is damaged: {f}; run audit verify")
    return IntegrityFault(message.fill(w=what, f=" ".join(str(fault).split())), code="damaged_row")


def event_place(case: str, seq: int) -> str:
    """Return the place of what an entry of a case says."""
    return f"case_event:{case}:{seq}"


def journal_place(stream: str, seq: int) -> str:
    """Return the place of what an entry of the other log says."""
    return f"journal_log:{stream}:{seq}"


def said_text(said: Said) -> str:
    """Return what an entry of the other log says as JSON."""
    return encode(said).decode()


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
    """Return whom a row is about.

    Raises:
        ValueError: it is found by the hash of another person's number.
    """
    id_, plain_key, name = _person_decoder.decode(cipher.open(place, person))
    if cipher.keyed(plain_key) != key:
        raise ValueError("its look-up hash is another person's")
    return Subject(kind=kind, id=id_, key=plain_key, name=name)


def person_text(subject: Subject, place: str, cipher: Cipher) -> str:
    """Return whom a row is about, as it is stored."""
    return cipher.encrypt(place, encode((subject.id, subject.key, subject.name)).decode())


def record_of(row: Row, cipher: Cipher) -> Record:
    """Return a record from its row (`columns.CREDIT_RECORD`).

    Raises:
        IntegrityFault: the row holds what no record can.
    """
    no, kind, key, person, _, _, sealed, *_ = row
    place = f"credit_record:{no}"
    try:
        title, content = _content_decoder.decode(cipher.open(f"{place}:content", sealed))
        subject = subject_of(kind, key, person, f"{place}:person", cipher)
        return RECORDS.of(row, subject=subject, title=title, content=content)
    except (ValueError, TypeError, msgspec.DecodeError) as fault:
        raise damaged(no, fault) from fault


def entry_of(row: Row, cipher: Cipher) -> Entry:
    """Return a log entry from its row (`EVENT_COLUMNS`).

    Raises:
        IntegrityFault: the row holds what no entry can.
    """
    try:
        return _ENTRIES.of(row, change=change_of(cipher.open(event_place(row[0], row[1]), row[_CHANGE])))
    except (ValueError, TypeError, msgspec.DecodeError) as fault:
        raise damaged(f"{row[0]}#{row[1]}", fault) from fault


def record_row(record: Record, cipher: Cipher) -> tuple[Any, ...]:
    """Return a record as its row (`columns.CREDIT_RECORD`)."""
    subject, place = record.subject, f"credit_record:{record.no}"
    content = cipher.encrypt(f"{place}:content", encode((record.title, record.content)).decode())
    person = person_text(subject, f"{place}:person", cipher)
    return RECORDS.row(
        record, subject_kind=subject.kind, subject_key=cipher.keyed(subject.key), person=person, content=content
    )


def account_row(entry: Entry) -> tuple[Any, ...]:
    """Return the account that an entry speaks of as its row (`columns.ACCOUNT`)."""
    account = entry.change.account
    if account is None:  # pragma: no cover - the caller has looked
        raise ValueError("the entry changes no account")
    return _ACCOUNTS.row(account, created=instant_text(entry.at), case_no=entry.case)


def event_parts(entry: Entry, seq: int, cipher: Cipher) -> tuple[Any, ...]:
    """Return an entry as its row up to its place in the chain (`EVENT_COLUMNS` less the last two)."""
    return _ENTRIES.row(entry, seq=seq, data=cipher.encrypt(event_place(entry.case, seq), change_text(entry.change)))


def about_key(about: About, cipher: Cipher) -> str:
    """Return the keyed hash by which entries of the other log about a record, a case or a person are found."""
    what, key = about
    return cipher.keyed(f"{what}:{key}")


def linked_parts(row: Row) -> list[str]:
    """Return the parts of a row that its hash is over, as text."""
    return ["" if part is None else str(part) for part in row]


def by_first(rows: Iterable[Row]) -> Mapping[str, list[Row]]:
    """Group rows by their first column."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[0], []).append(row)
    return groups
