"""The values that the Python API gives: frozen, typed, with the facts and names of the command line's JSON.

`as_json` gives the very document that the command line prints.
Dates are days in the calendar's zone; instants are aware. Texts that people read are in the
office's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal

import msgspec
from msgspec import Struct

DeadlineStatus = Literal["running", "met", "met_late", "overdue", "lapsed", "cancelled"]
DeadlineKind = Literal["statutory", "target"]


class Value(Struct, frozen=True, kw_only=True):
    """The base of all values of this API."""


class Remaining(Value, frozen=True, kw_only=True):
    """What is left of a period whose clock stands, an extension granted aside."""

    length: int
    unit: Literal["days", "working days"]


class Deadline(Value, frozen=True, kw_only=True, omit_defaults=True):
    """A deadline of a case as of now.

    ``starts`` is the day of its start; ``due`` the last day, inclusive; ``days_left`` are calendar
    days to it, negative when it is past, None when it has ended. While its clock stands both are
    None, ``stopped`` is the first day that does not count, and ``remaining`` what is left.
    ``provisional``: a notice still to come can move it. ``source`` is the clause.
    """

    id: str
    title: str
    kind: DeadlineKind
    status: DeadlineStatus
    starts: date
    due: date | None
    original_due: date
    stopped: date | None
    met: date | None
    days_left: int | None
    provisional: bool
    source: str
    remaining: Remaining | None = None


class SeenMaterial(Value, frozen=True, kw_only=True):
    """A material that was seen: by whom, on which day, and the SHA-256 of its scan where it was kept."""

    kind: str
    seen_by: str
    on: date
    scan: str | None


class Mark(Value, frozen=True, kw_only=True):
    """A mark in force on a record; ``last_day`` is the last day (inclusive) on which it stands."""

    kind: str
    title: str
    case: str
    reason: str | None
    placed: date
    last_day: date | None


class FoundMark(Value, frozen=True, kw_only=True):
    """A mark as it stood on a record when a look-up found it."""

    kind: str
    title: str
    reason: str | None
    placed: date
    last_day: date | None


class FoundRecord(Value, frozen=True, kw_only=True):
    """A record that a case has looked up, as it was at the ``revision`` found.

    Where a mark withheld it, ``shown`` is false and its values are None. The ID number is masked.
    """

    record_no: str
    revision: int
    subject_id: str
    shown: bool
    marks: tuple[FoundMark, ...]
    subject_name: str | None
    provider: str | None
    open_class: str | None
    title: str | None
    content: str | None
    valid_from: date | None
    valid_until: date | None


class Case(Value, frozen=True, kw_only=True, rename={"number": "case"}):
    """A case as of now; in JSON its ``number`` is called ``case``.

    ``version`` rises with each action (``expect_version``). ``actions`` are those that the account
    that asked may take now. ``fields`` has ID numbers masked. ``recorded`` is false where time has
    brought about what the sweep has yet to write down. ``answer`` has the records that the action
    just taken gives to read; None where it gives none.
    """

    number: str
    workflow: str
    definition_version: int
    version: int
    state: str
    state_title: str
    final: bool
    subject_id: str | None
    subject_name: str
    record: str | None
    name: str | None
    parent: str | None
    children: tuple[str, ...]
    opened: date
    unit: str | None
    assignee: str | None
    waits_for: tuple[str, ...]
    overdue: bool
    deadlines: tuple[Deadline, ...]
    fields: Mapping[str, Any]
    materials: tuple[SeenMaterial, ...]
    actions: tuple[str, ...]
    recorded: bool
    answer: tuple[FoundRecord, ...] | None = None

    def deadline(self, id: str) -> Deadline | None:  # noqa: A002 - as definitions call it
        """Return the deadline of that id; None where it has not started."""
        return next((deadline for deadline in self.deadlines if deadline.id == id), None)


class Waiting(Case, frozen=True, kw_only=True):
    """A case that waits for somebody, with its nearest ``deadline`` and the day it is ``due``."""

    due: date | None
    nearest: str | None = msgspec.field(name="deadline")


class Ground(Value, frozen=True, kw_only=True):
    """Something that stands in the way of an action.

    ``code`` is the guard's id, or what kind of obstacle it is (``role``, ``state``, ``material`` …);
    ``facts`` are the values that the message names.
    """

    code: str
    message: str
    source: str | None
    facts: Mapping[str, Any]


class Event(Value, frozen=True, kw_only=True, rename={"before": "from", "after": "to"}):
    """An entry of a case's log; in JSON ``before`` and ``after``, its states, are ``from`` and ``to``.

    ``at`` is the instant of recording, ``effective`` the day as of which it holds; ``data`` is all
    that it changed, with ID numbers masked; ``hash`` is its link in the chain.
    """

    seq: int
    at: datetime
    effective: date
    actor: str
    role: str
    action: str
    before: str | None
    after: str
    data: Mapping[str, Any]
    hash: str


class CountedDay(Value, frozen=True, kw_only=True):
    """One day of a period as it was counted.

    ``number`` is its number within the period, None where it does not count; ``kind`` why it
    ``works`` or not; ``notice`` the notice that says so, ``layer`` the regional one that it is of;
    ``shifted`` marks days by which the end was moved off a day off, ``stopped_by`` names the stop
    of the clock in which it lies.
    """

    date: date
    number: int | None
    kind: Literal["weekday", "weekend", "holiday", "make-up"]
    works: bool
    name: str | None
    notice: str | None
    notice_no: str | None
    layer: str | None
    shifted: bool
    provisional: bool
    stopped_by: str | None


class ExplainedExtension(Value, frozen=True, kw_only=True, rename={"start": "from"}, omit_defaults=True):
    """An extension from ``start``, the original due date, day by day: in ``working_days`` or in ``days``."""

    start: date
    counted: tuple[CountedDay, ...]
    source: str | None
    working_days: int | None = None
    days: int | None = None


class ClockStop(Value, frozen=True, kw_only=True):
    """A stop of a clock: its first day and its last, both inclusive; ``until`` is None while it lasts."""

    id: str
    title: str
    since: date
    until: date | None
    source: str


class Segment(Value, frozen=True, kw_only=True, rename={"first": "from", "last": "to"}):
    """Days in a row that stand in a count for one reason; ``counted`` of the ``days`` count.

    ``first`` and ``last`` are inclusive. ``part`` is the period itself, a stop of its clock (the one
    that ``stop`` names), the days over which its end was moved, or an extension.
    """

    part: Literal["counted", "stopped", "shifted", "extended"]
    first: date
    last: date
    days: int
    counted: int
    stop: str | None
    source: str | None


class Explanation(Value, frozen=True, kw_only=True):
    """How a deadline's due date was counted, day by day and in ``segments``, with the clause.

    While its clock stands there is no ``due`` date, and the days up to the stop are there. With
    ``first_day_counts`` the day of the start is day 1. ``edition`` is the calendar that it was
    counted with; ``recount_differs`` says that the present one gives another day.
    """

    id: str
    title: str
    kind: DeadlineKind
    length: str
    if_day_off: str | None
    source: str
    starts: date
    first_day_counts: bool
    original_due: date
    due: date | None
    provisional: bool
    edition: str
    recount_differs: bool
    counted: tuple[CountedDay, ...]
    stops: tuple[ClockStop, ...]
    extension: ExplainedExtension | None
    segments: tuple[Segment, ...]


class Overdue(Value, frozen=True, kw_only=True):
    """A duty past its last day; ``days_over`` are calendar days from ``due``, ``waiting_for`` a role."""

    case: str
    workflow: str
    state: str
    deadline: str
    kind: DeadlineKind
    due: date
    days_over: int
    waiting_for: str | None
    unit: str | None
    provisional: bool


class FailedCase(Value, frozen=True, kw_only=True):
    """A case that the sweep could not carry on, and why."""

    case: str
    code: str
    message: str


class AwaitedDate(Value, frozen=True, kw_only=True):
    """A right that would end by a date which is only provisional: the sweep waits for the notice."""

    case: str
    deadline: str
    due: date


class SweepReport(Value, frozen=True, kw_only=True):
    """What one sweep did.

    ``fired`` counts the actions taken; ``caught_up_from`` is the first day that had been missed;
    ``recounted`` are deadlines counted again after a notice; ``opened`` recurring cases; ``seal``
    the number of the seal over the log, None where the signing key is kept elsewhere.
    """

    as_of: date
    fired: Mapping[str, int]
    failed: tuple[FailedCase, ...]
    caught_up_from: date | None
    recounted: int
    opened: tuple[str, ...]
    waiting_for_notice: tuple[AwaitedDate, ...]
    seal: int | None


class Record(Value, frozen=True, kw_only=True):
    """A credit record as of now.

    ``content`` is None where the record is suspended or removed and the account may not see it;
    ``subject_id`` is masked unless the whole was asked for and allowed.
    """

    record_no: str
    subject_kind: Literal["natural", "legal"]
    subject_id: str
    subject_name: str
    provider: str
    open_class: str
    title: str
    content: str | None
    valid_from: date
    valid_until: date
    removed: bool
    usable: bool
    marks: tuple[Mark, ...]


class Imported(Value, frozen=True, kw_only=True):
    """How many records an import brought, and how many it changed."""

    imported: int
    updated: int


class Workflow(Value, frozen=True, kw_only=True):
    """A definition in force for new cases; ``actions`` are those that people take, in its order."""

    id: str
    version: int
    title: str
    actions: tuple[str, ...]


class Account(Value, frozen=True, kw_only=True):
    """Who acts: an account, its roles and its unit."""

    account: str
    roles: tuple[str, ...]
    unit: str | None


class CalendarDay(Value, frozen=True, kw_only=True):
    """One day of the calendar: whether one ``works``, why, and by which notice."""

    date: date
    works: bool
    kind: Literal["weekday", "weekend", "holiday", "make-up"]
    name: str | None
    notice: str | None
    provisional: bool


class DueDate(Value, frozen=True, kw_only=True):
    """The last day (inclusive) of a period; ``provisional``: a notice still to come can move it."""

    due: date
    provisional: bool
    counted: tuple[CountedDay, ...]


def as_json(value: Value) -> dict[str, Any]:
    """Return a value as the command line's JSON has it: dates and instants are texts.

    Where a case's action gives no records to read, it has no ``answer``.
    """
    document: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(value))
    if isinstance(value, Case) and value.answer is None:
        del document["answer"]
    if isinstance(value, Event):
        document["at"] = value.at.isoformat()  # where the zone is UTC, msgspec writes Z
    if isinstance(value, Ground):
        document |= document.pop("facts")
    return document
