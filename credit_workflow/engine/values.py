"""Define the values that the engine works on: cases, deadlines, marks, records, log entries.

All are frozen; an action gives new ones. They can't form circles, so the collector of circles
need not look at them (``gc=False``): a sweep holds many. Dates are days in the calendar's zone, instants are in
UTC. None of them knows where it is kept.
"""

# Without `from __future__ import annotations`: msgspec would compile the text of each one, in every command anew.

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal

from msgspec import Struct, field

from credit_workflow.identity import Subject
from credit_workflow.text import Text

SYSTEM = "system"


class Value(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The base of all values."""


class Actor(Value, frozen=True, kw_only=True, gc=False):
    """Who acts: an account with its roles and its unit."""

    account: str
    roles: frozenset[str]
    unit: str | None = None


class Record(Value, frozen=True, kw_only=True, gc=False):
    """A credit record as it stands; ``revision`` counts its changes."""

    no: str
    subject: Subject
    provider: str
    open_class: str
    title: str
    content: str
    valid_from: date
    valid_until: date
    revision: int = 1
    removed: bool = False


def record_of(no: str, subject: Subject, values: Mapping[str, str], first: date, last: date) -> Record:
    """Return a new record of somebody, valid from its ``first`` day through its ``last``, with some checked values."""
    told: dict[str, Any] = {name: values[name] for name in ("provider", "open_class", "title", "content")}
    return Record(no=no, subject=subject, valid_from=first, valid_until=last, **told)


def record_values(record: Record) -> dict[str, Any]:
    """Return the fields of a record that can change, dates as text."""
    return {
        "subject_name": record.subject.name,
        "provider": record.provider,
        "open_class": record.open_class,
        "title": record.title,
        "content": record.content,
        "valid_from": record.valid_from.isoformat(),
        "valid_until": record.valid_until.isoformat(),
        "removed": record.removed,
    }


def whole_record(record: Record) -> dict[str, Any]:
    """Return everything that a record's log says of it: whose it is, and the fields that can change."""
    subject = record.subject
    return {"subject_kind": subject.kind, "subject_id": subject.id, "subject_key": subject.key, **record_values(record)}


class Mark(Value, frozen=True, kw_only=True, gc=False):
    """A mark on a record, put there by a case.

    ``last_day`` is the last day (inclusive) on which it is in force, where it has one;
    ``lifted`` is the day from which it is gone.
    """

    kind: str
    record: str
    title_zh: str
    title_en: str
    suspends: bool
    placed: date
    reason: str | None = None
    last_day: date | None = None
    lifted: date | None = None

    def in_force(self, today: date) -> bool:
        """Whether the mark stands on ``today``."""
        return self.lifted is None and (self.last_day is None or today <= self.last_day)


DeadlineStatus = Literal["running", "met", "met_late", "lapsed", "cancelled"]


class Pause(Value, frozen=True, kw_only=True, gc=False):
    """A stop of a deadline's clock: its rule's name, its first and its last day, inclusive; None while it lasts."""

    id: str
    since: date
    until: date | None = None


class Deadline(Value, frozen=True, kw_only=True, gc=False):
    """A deadline of a case: its rule's name, its dates, and what became of it.

    ``starts`` is the day of its start; ``due`` is the last day, inclusive, and no day of this world
    (``date.max``) while the clock stands. ``extension`` is from ``original_due``, in the unit of the
    rule's. ``flagged`` is the day as of which its passing was recorded, ``resumed`` the day on which
    it ran again. ``edition`` is the calendar's, with which ``due`` was counted. ``length`` is the one
    chosen when it started, where that is not the rule's usual one; ``pauses`` are the stops of
    its clock.
    """

    id: str
    status: DeadlineStatus
    starts: date
    due: date
    original_due: date
    edition: str
    provisional: bool = False
    met: date | None = None
    extension: int = 0
    flagged: date | None = None
    resumed: date | None = None
    length: str | None = None
    pauses: tuple[Pause, ...] = ()

    @property
    def stopped(self) -> date | None:
        """The day since which the clock stands, or None where it runs or has ended."""
        return min((pause.since for pause in self.pauses if pause.until is None), default=None)


class Filed(Value, frozen=True, kw_only=True, gc=False):
    """That an application was typed in after the day on which it was filed.

    Args:
        entered: the day of typing.
        after: the working days from the filing to it, as the calendar counted them then; 0 where the
            filing day was put right by a rectification, which two people have looked at already.
        reopens: whether the filing has reopened what had been closed by date alone.
    """

    entered: date
    after: int = 0
    reopens: bool = False


class Done(Value, frozen=True, kw_only=True, gc=False):
    """Who last took an action, on which day, and the record's revision then; of a late filing, how late."""

    by: str
    on: date
    record_revision: int | None = None
    filed: Filed | None = None


class Material(Value, frozen=True, kw_only=True, gc=False):
    """A material that was seen, by whom and when; ``digest`` is its scan's SHA-256."""

    by: str
    on: date
    digest: str | None = None


class RecordChange(Value, frozen=True, kw_only=True, gc=False):
    """What a case changed in a record: the values before and after, by field."""

    record: str
    revision: int
    old: dict[str, Any]
    new: dict[str, Any]


def difference(before: Record, after: Record) -> RecordChange:
    """Return what a change made of a record: the values that differ, and the revision that it made."""
    old, new = whole_record(before), whole_record(after)
    names = [name for name in new if new[name] != old[name]]
    return RecordChange(
        record=after.no,
        revision=after.revision,
        old={name: old[name] for name in names},
        new={name: new[name] for name in names},
    )


class Case(Value, frozen=True, kw_only=True, gc=False):
    """A case as it stands after all of its entries."""

    number: str
    workflow: str
    definition: str
    definition_version: int
    state: str
    final: bool
    version: int
    opened: date
    subject: Subject
    record: str
    parent: str | None = None
    unit: str | None = None
    assignee: str | None = None
    waits_for: tuple[str, ...] = ()
    fields: dict[str, Any] = {}
    materials: dict[str, Material] = {}
    done: dict[str, Done] = {}
    deadlines: dict[str, Deadline] = {}
    marks: dict[str, Mark] = {}
    applied: RecordChange | None = None

    @property
    def filed(self) -> Filed | None:
        """How late the application was typed in; None where that was done on the day of its filing."""
        return next((done.filed for done in self.done.values() if done.filed is not None), None)


class Opening(Value, frozen=True, kw_only=True, gc=False):
    """What a case begins with: the part of its first entry that never changes."""

    workflow: str
    definition: str
    definition_version: int
    subject: Subject
    record: str
    parent: str | None = None
    unit: str | None = None


class AccountChange(Value, frozen=True, kw_only=True, gc=False):
    """How an account stands from an entry on."""

    name: str
    unit: str
    roles: tuple[str, ...]
    status: str


class NotificationSent(Value, frozen=True, kw_only=True, gc=False):
    """A notification that an action puts into the outbox, for the people of the case's unit unless another is named."""

    to: str
    paper: str
    title_zh: str
    title_en: str
    unit: str | None = None


class RefusalGround(Value, frozen=True, kw_only=True, gc=False):
    """One of the grounds that a refused attempt was told."""

    message_zh: str
    message_en: str
    source: str | None = None


class Refusal(Value, frozen=True, kw_only=True, gc=False):
    """What a refused attempt was told; the paper of a refusal has the ``grounds`` one by one."""

    code: str
    message_zh: str
    message_en: str
    source: str | None = None
    grounds: tuple[RefusalGround, ...] = ()


class Amendment(Value, frozen=True, kw_only=True, gc=False):
    """What is said of an earlier entry: that it never happened (``void``), or when and with which values it did.

    ``entry`` is its sequence number in its case; ``values`` are by the names that the action asks by.
    """

    case: str
    entry: int
    void: bool = False
    on: date | None = None
    values: dict[str, Any] = {}


class Rectified(Value, frozen=True, kw_only=True, gc=False):
    """How a case stands once an entry is put right; ``amendment`` is told in the entry's own case."""

    case: Case
    amendment: Amendment | None = None


class Retired(Value, frozen=True, kw_only=True, gc=False):
    """A deadline that a new version of the definition no longer knows: as it stood, and why it is cancelled."""

    deadline: Deadline
    message_zh: str
    message_en: str


class Migrated(Value, frozen=True, kw_only=True, gc=False):
    """That a case goes on under another version of its definition.

    ``deadlines`` are all that it has from now on, ``retired`` those that it no longer has;
    ``undoes`` is the sequence number of the entry that this one takes back.
    """

    definition: str
    definition_version: int
    previous: str
    previous_version: int
    deadlines: dict[str, Deadline]
    retired: dict[str, Retired] = {}
    undoes: int | None = None


class Change(Value, frozen=True, kw_only=True, gc=False):
    """What one entry changes in its case: the ``data`` of a log entry.

    ``input`` is what the actor gave; the rest is what follows from it. ``told_by`` names the
    case whose action caused this one, ``deadline`` the deadline whose passing did; ``grounds`` are those
    that stood when something was refused by it. ``about`` is the record that the case is about from now on.
    ``unit`` is the actor's, where the action's rules ask for it. ``assignee`` is whose the case is from now on,
    nobody's where it is empty.
    """

    opening: Opening | None = None
    input: dict[str, Any] = {}
    fields: dict[str, Any] = {}
    materials: dict[str, Material] = {}
    deadlines: dict[str, Deadline] = {}
    marks: dict[str, Mark] = {}
    applied: RecordChange | None = None
    record: RecordChange | None = None
    record_revision: int | None = None
    created: Record | None = None
    about: str | None = None
    account: AccountChange | None = None
    rectified: Rectified | None = None
    migrated: Migrated | None = None
    notifications: tuple[NotificationSent, ...] = field(default=(), name="notices")  # as it is stored
    waits_for: tuple[str, ...] | None = None
    final: bool | None = None
    assignee: str | None = None
    unit: str | None = None
    note: str | None = None
    told_by: str | None = None
    deadline: str | None = None
    refused: Refusal | None = None
    filed: Filed | None = None
    grounds: tuple[RefusalGround, ...] = ()


class Entry(Value, frozen=True, kw_only=True, gc=False):
    """One entry of a case's log, as yet without its place in the chain.

    ``effective`` is the day as of which it holds, ``at`` the instant of its recording.
    """

    case: str
    at: datetime
    effective: date
    actor: str
    role: str
    action: str
    before: str | None
    after: str
    change: Change


class Ground(Value, frozen=True, kw_only=True, gc=False):
    """One ground of a refusal; ``facts`` are the values that its message names."""

    code: str
    message: Text
    source: str | None = None
    facts: dict[str, Any] = {}

    def as_json(self, lang: Literal["zh", "en"]) -> dict[str, Any]:
        """Return the ground as programs read it."""
        return {"code": self.code, "message": self.message.to(lang), "source": self.source, **self.facts}
