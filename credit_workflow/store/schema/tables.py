"""Declare the tables. Rows never leave `credit_workflow.store`.

Days are kept as ``YYYY-MM-DD`` and instants as ``YYYY-MM-DDTHH:MM:SSZ``: both sort as text, and
a log entry's hash is over exactly what is stored. Structures that nobody searches are JSON text.
What says something of a person is encrypted (`cipher`): ``person``, ``content``, ``fields``, ``applied``,
``reason``, ``data``; ``subject_key`` is a keyed hash, by which a person is found.
"""

from __future__ import annotations

from typing import Annotated

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

#: What a text means (`mapping.shape` reads and writes it so), and the same where there may be none.
Day = Annotated[str, "day"]
DayOrNone = Annotated[str | None, "day"]
Instant = Annotated[str, "instant"]
InstantOrNone = Annotated[str | None, "instant"]
#: Words with commas between them.
Words = Annotated[str, "words"]


class Meta(SQLModel, table=True):
    """What this database is: its own id, its kind (training or production), its calendar zone."""

    key: str = Field(primary_key=True)
    value: str


class Definition(SQLModel, table=True):
    """Every definition that ever ran here, by its digest."""

    __table_args__ = (UniqueConstraint("workflow", "version"),)

    digest: str = Field(primary_key=True)
    workflow: str
    version: int
    body: str


class Account(SQLModel, table=True):
    """An account; its roles are a comma-separated list.

    ``case_no`` is the case of its life; a training database's accounts have none.
    """

    name: str = Field(primary_key=True)
    unit: str
    roles: Words
    status: str
    created: Instant
    case_no: str | None


class Credential(SQLModel, table=True):
    """How an account signs in: the Argon2id hashes of its password and of the four before it."""

    name: str = Field(primary_key=True)
    password: str
    earlier: str
    must_change: bool
    failures: int
    locked_until: InstantOrNone


class SignIn(SQLModel, table=True):
    """Who is signed in: the SHA-256 of the token, when it was given out and last used."""

    __tablename__ = "sign_in"

    token: str = Field(primary_key=True)
    account: str = Field(index=True)
    began: Instant
    used: Instant


class DataKey(SQLModel, table=True):
    """A key of the personal data, wrapped by a master key that is not in the database."""

    __tablename__ = "data_key"

    id: int = Field(primary_key=True)
    purpose: str
    master: str
    wrapped: str
    made: Instant


class LogHead(SQLModel, table=True):
    """Where a log ends: how many entries it has, and a hash over all of theirs in their order."""

    __tablename__ = "log_head"

    log: str = Field(primary_key=True)
    entries: int
    hash: str


class SealLog(SQLModel, table=True):
    """The seals of the logs: a signed Merkle root over what was added since the one before."""

    __tablename__ = "seal_log"

    seq: int = Field(primary_key=True)
    at: Instant
    events: int
    journal: int
    size: int
    root: str
    prev: str
    hash: str
    signature: str


class CreditRecord(SQLModel, table=True):
    """A credit record as it stands."""

    __tablename__ = "credit_record"

    no: str = Field(primary_key=True)
    subject_kind: str
    subject_key: str = Field(index=True)
    person: str
    provider: str
    open_class: str
    content: str
    valid_from: Day
    valid_until: Day
    revision: int
    removed: bool


class CaseFile(SQLModel, table=True):
    """A case as it stands: what replaying its entries gives.

    ``root`` is the case at the top of its links: linked cases share one.
    """

    __tablename__ = "case_file"
    __table_args__ = (
        Index("case_file_repeat", "workflow", "subject_key", "record"),
        Index("case_file_open", "final", "workflow"),
    )

    number: str = Field(primary_key=True)
    root: str = Field(index=True)
    parent: str | None
    workflow: str
    definition: str
    definition_version: int
    state: str
    final: bool
    version: int
    opened: Day
    subject_kind: str
    subject_key: str
    person: str
    record: str = Field(index=True)
    unit: str | None
    assignee: str | None
    waits_for: Words
    fields: str
    materials: str
    done: str
    applied: str | None
    head_seq: int
    head_hash: str


class CaseDeadline(SQLModel, table=True):
    """A deadline of a case. ``kind``, ``late`` and ``owed_by`` are its rule's, for lists.

    ``pending`` is true while its passing may still have to be recorded by the sweep. While the clock
    stands, ``due`` is 9999-12-31, so that nothing that looks for what is due finds it.
    """

    __tablename__ = "case_deadline"
    __table_args__ = (
        Index(
            "case_deadline_pending", "due", "case_no", sqlite_where=text("pending"), postgresql_where=text("pending")
        ),
        Index(
            "case_deadline_running",
            "due",
            sqlite_where=text("status = 'running'"),
            postgresql_where=text("status = 'running'"),
        ),
        {"sqlite_with_rowid": False},  # a case's deadlines lie together
    )

    case_no: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    kind: str
    late: str
    owed_by: str | None
    status: str
    starts: Day
    due: Day
    original_due: Day
    edition: str
    provisional: bool
    met: DayOrNone
    extension: int
    flagged: DayOrNone
    resumed: DayOrNone
    length: str | None
    pauses: str | None
    pending: bool


class RecordMark(SQLModel, table=True):
    """A mark on a record, placed by a case."""

    __tablename__ = "record_mark"
    __table_args__ = ({"sqlite_with_rowid": False},)

    case_no: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    record: str = Field(index=True)
    title_zh: str
    title_en: str
    suspends: bool
    placed: Day
    reason: str | None
    last_day: DayOrNone
    lifted: DayOrNone


class Outbox(SQLModel, table=True):
    """Notices on their way. What they say is in the log; ``key`` is the same however often one is sent.

    ``claimed_until`` keeps a notice one runner's alone for a while.
    """

    __table_args__ = (
        Index(
            "outbox_waiting",
            "next_attempt",
            sqlite_where=text("next_attempt IS NOT NULL"),
            postgresql_where=text("next_attempt IS NOT NULL"),
        ),
    )

    key: str = Field(primary_key=True)
    case_no: str
    seq: int
    n: int
    role: str
    unit: str | None
    paper: str
    title_zh: str
    title_en: str
    made: Instant
    status: str
    attempts: int
    error: str | None
    next_attempt: InstantOrNone
    finished: InstantOrNone
    claimed_until: InstantOrNone


class NumberSeries(SQLModel, table=True):
    """The last serial number given out for a workflow in a year."""

    __tablename__ = "number_series"

    workflow: str = Field(primary_key=True)
    year: int = Field(primary_key=True)
    last: int


class CaseEvent(SQLModel, table=True):
    """The log of the cases: append-only, a chain of SHA-256 in each case."""

    __tablename__ = "case_event"
    __table_args__ = (UniqueConstraint("case_no", "seq"),)

    id: int | None = Field(default=None, primary_key=True)
    case_no: str
    seq: int
    at: Instant
    effective: Day
    actor: str
    role: str
    action: str
    before: str | None
    after: str
    data: str
    prev: str
    hash: str


class JournalLog(SQLModel, table=True):
    """The log of everything else: records, look-ups, sweeps, refusals without a case.

    Append-only; a chain in each stream (``record:R-1``, ``look-up``, ``sweep``, …).
    """

    __tablename__ = "journal_log"
    __table_args__ = (
        UniqueConstraint("stream", "seq"),
        Index("journal_log_when", "stream", "at"),
        Index("journal_log_whose", "actor", "at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    stream: str
    seq: int
    at: Instant
    actor: str
    role: str
    kind: str
    data: str
    prev: str
    hash: str


class JournalAbout(SQLModel, table=True):
    """Which entries of the second log are about a record, a case or a person: ``about`` is a keyed hash of it.

    It follows from the entries, which say so themselves, but mostly encrypted.
    """

    __tablename__ = "journal_about"
    __table_args__ = ({"sqlite_with_rowid": False},)

    about: str = Field(primary_key=True)
    id: int = Field(primary_key=True)
