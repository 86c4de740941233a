"""Describe cases as of now, what stands in the way of their actions, and their log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Literal

import msgspec

from credit_workflow.casework.answer import DeadlineKind, DeadlineStatus, Page, Value
from credit_workflow.casework.cases.failures import FailedCase
from credit_workflow.casework.rulebook.form_answers import WorkflowForm
from credit_workflow.engine.values import Ground as KeptGround
from credit_workflow.text import Lang


class Remaining(Value, frozen=True, kw_only=True):
    """What is left of a period whose clock stands, an extension granted aside."""

    length: int
    unit: Literal["days", "working days", "years"]


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


class FoundMark(Value, frozen=True, kw_only=True):
    """A mark as it stood on a record when a look-up found it."""

    kind: str
    title: str
    reason: str | None
    placed: date
    last_day: date | None


class FoundRecord(Value, frozen=True, kw_only=True):
    """A record that a case has looked up, as it was at the ``revision`` found.

    Where it is ``withheld``, ``shown`` is false and its values are None: a mark suspends it, or it has
    been removed, corrected or brought up to date since it was found. The ID number is masked.
    """

    record_no: str
    revision: int
    subject_id: str
    shown: bool
    withheld: Literal["suspended", "removed", "corrected", "updated"] | None
    marks: tuple[FoundMark, ...]
    subject_name: str | None
    provider: str | None
    open_class: str | None
    title: str | None
    content: str | None
    valid_from: date | None
    valid_until: date | None


class Case(Value, frozen=True, kw_only=True, omit_defaults=True, rename={"number": "case"}):
    """A case as of now; in JSON its ``number`` is called ``case``.

    ``version`` rises with each action (``expect_version``). ``actions`` are those that the account
    that asked may take now. ``fields`` has ID numbers masked. ``recorded`` is false where time has
    brought about what the sweep has yet to write down. ``opened`` is the day on which the application
    was filed, ``entered`` the one on which it was typed in. ``answer`` has the records that the action
    just taken gives to read; None where it gives none. ``failed`` says why the case can't be carried
    on, where it can't; it is then as it was recorded.
    """

    number: str
    workflow: str
    definition_version: int
    version: int
    state: str
    state_title: str
    final: bool
    subject_id: str | None
    subject_name: str | None
    record: str | None
    name: str | None
    parent: str | None
    children: tuple[str, ...]
    opened: date
    entered: date
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
    failed: FailedCase | None = None

    def deadline(self, id: str) -> Deadline | None:  # noqa: A002 - as definitions call it
        """Return the deadline of that id; None where it has not started."""
        return next((deadline for deadline in self.deadlines if deadline.id == id), None)

    @property
    def nearest_deadline(self) -> Deadline | None:
        """The running or overdue deadline that is due first, statutory ones before targets."""
        open_ones = [d for d in self.deadlines if d.status in ("running", "overdue")]
        return min(open_ones, key=lambda d: (d.kind != "statutory", d.due or date.max), default=None)


class TimelineLine(Value, frozen=True, kw_only=True):
    """An entry of a case's log as people read it.

    ``what`` was done, to which ``state`` it led where that changed, ``about`` what deadline, under
    which ``versions`` where the definition changed.
    """

    at: datetime
    effective: date
    actor: str
    what: str
    refused: bool
    versions: tuple[int, int] | None
    state: str | None
    about: str | None
    note: str | None


class CasePage(Value, frozen=True, kw_only=True):
    """A case; with its workflow and its timeline where a page of it was asked for."""

    case: Case
    form: WorkflowForm | None = None
    timeline: tuple[TimelineLine, ...] = ()

    def document(self) -> dict[str, Any]:
        """Return the case as JSON has it."""
        return self.case.document()


class Waiting(Case, frozen=True, kw_only=True):
    """A case that waits for somebody, with its nearest ``deadline`` and the day it is ``due``."""

    nearest: str | None = msgspec.field(name="deadline")
    due: date | None


class Ground(Value, frozen=True, kw_only=True):
    """Something that stands in the way of an action.

    ``code`` is the guard's id, or what kind of obstacle it is (``role``, ``state``, ``material`` …);
    ``facts`` are the values that the message names.
    """

    code: str
    message: str
    source: str | None
    facts: Mapping[str, Any]

    def document(self) -> dict[str, Any]:
        """Return it as JSON has it: what the message names stands beside it."""
        built = super().document()
        facts: dict[str, Any] = built.pop("facts")
        return built | facts


def shown_grounds(grounds: Iterable[KeptGround], lang: Lang) -> tuple[Ground, ...]:
    """Return what stands in the way of something, in a language."""
    return tuple(Ground(code=g.code, message=g.message.to(lang), source=g.source, facts=dict(g.facts)) for g in grounds)


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

    def document(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {**super().document(), "at": self.at.isoformat()}


class Cases(Value, frozen=True, kw_only=True, omit_defaults=True):
    """Cases, oldest first; ``failed`` are those that can't be carried on, wherever they are."""

    cases: tuple[Case, ...]
    failed: tuple[FailedCase, ...] = ()


class CaseList(Cases, frozen=True, kw_only=True, omit_defaults=True):
    """A page of a list of cases; where more follow, ``next`` is what the next one is asked for by (``after``)."""

    next: str | None


class Todo(Value, frozen=True, kw_only=True, omit_defaults=True):
    """What waits for an account, the most urgent first; ``failed`` as in `Cases`."""

    as_of: date
    account: str | None
    cases: tuple[Waiting, ...]
    failed: tuple[FailedCase, ...] = ()


class History(Page, frozen=True, kw_only=True):
    """A case's log; ``words`` are what each entry's action and state are called."""

    ASIDE = ("words",)

    case: str
    events: tuple[Event, ...]
    words: tuple[tuple[str, str], ...]


class Obstacles(Page, frozen=True, kw_only=True):
    """What stands in the way of an action: every ground, and the materials that are missing.

    ``version`` is the one in which the case was looked at.
    """

    ASIDE = ("version",)

    case: str | None
    workflow: str
    allowed: bool
    grounds: tuple[Ground, ...]
    materials: tuple[str, ...]
    version: int | None


class TakenScan(Value, frozen=True, kw_only=True):
    """The scan of a material, which the log says was taken out."""

    case: str
    material: str
    content: bytes
