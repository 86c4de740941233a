"""Define what an action is decided upon, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.engine.values import (
    SYSTEM,
    AccountChange,
    Actor,
    Case,
    Change,
    Entry,
    Filed,
    Mark,
    Opening,
    Record,
)
from credit_workflow.errors import DefinitionFault
from credit_workflow.identity import NOBODY, Subject
from credit_workflow.text import Text

if TYPE_CHECKING:  # who only looks at what is kept makes no machine
    from credit_workflow.engine.ruleset import Rules

SYSTEM_ACTOR = Actor(account=SYSTEM, roles=frozenset({SYSTEM}))


class Moment(Struct, frozen=True, kw_only=True, gc=False):
    """The time of an action.

    Args:
        at: the instant of its recording, in UTC.
        effective: the day as of which it holds, in the calendar's zone.
        confirmed: the last day that is certain, where the day of the clock is not; None where it is.
    """

    at: datetime
    effective: date
    confirmed: date | None = None

    @staticmethod
    def of(instant: datetime, zone: str) -> Moment:
        """Return the moment of an aware instant, effective on its day in ``zone``.

        Raises:
            ValueError: the instant has no zone.
        """
        if instant.tzinfo is None:
            raise ValueError("an instant needs a zone")
        at = instant.astimezone(UTC).replace(microsecond=0)
        return Moment(at=at, effective=at.astimezone(ZoneInfo(zone)).date())

    def as_of(self, day: date) -> Moment:
        """Return the same instant of recording with another effective day."""
        return Moment(at=self.at, effective=day, confirmed=self.confirmed)


def entry_on(
    case: Case, moment: Moment, action: str, change: Change, *, actor: str, role: str, after: str | None = None
) -> Entry:
    """Return an entry of what is done to a case that is there; in which state it is then, where that changes."""
    return Entry(
        case=case.number,
        at=moment.at,
        effective=moment.effective,
        actor=actor,
        role=role,
        action=action,
        before=case.state,
        after=after or case.state,
        change=change,
    )


class Recorded(Struct, frozen=True, kw_only=True, gc=False):
    """An entry with its place in its case's log: 1 for the first, 0 while it is not kept yet."""

    seq: int
    entry: Entry


class Holding(Struct, frozen=True, kw_only=True, gc=False):
    """A record with the marks that it ever had, each with the case that placed it."""

    record: Record
    marks: tuple[tuple[str, Mark], ...] = ()

    def in_force(self, today: date) -> list[Mark]:
        """Return the marks that stand on the record on ``today``."""
        return [mark for _, mark in self.marks if mark.in_force(today)]

    def suspended(self, today: date) -> bool:
        """Whether the record must not be used on ``today``."""
        return any(mark.suspends for mark in self.in_force(today))


class ReportMade(Struct, frozen=True, kw_only=True):
    """An operating report that was made: on which day, and of which days, the last one included."""

    on: date
    first: date
    last: date


class AccountHeld(Struct, frozen=True, kw_only=True, gc=False):
    """An account as it stands, and whether there is anything to sign in with: somebody has given it a password."""

    change: AccountChange
    has_password: bool


class Birth(Struct, frozen=True, kw_only=True, gc=False):
    """What a case that another one opens begins with: its definition's digest, and numbers, the next one first."""

    definition: str
    numbers: tuple[str, ...]


class World(Struct, frozen=True, kw_only=True, gc=False):
    """Everything that one decision can depend on, and nothing else.

    Args:
        rules: the definitions of the cases here, by digest.
        calendar: counts the deadlines.
        cases: the case with all that it is linked to (parents, children, their children).
        records: their records, by number; may be empty for what the system does.
        revisions: what these records said in each of their revisions, by number; those of records
            only that an expression compares with how they were (``record.same_revisions``).
        earlier: what was filed before, for the cases here: each sees those of its own workflow, person and record.
        history: all entries of the cases here, and of others about their records and people, in the
            order of the log; empty unless it is asked for.
        holdings: the records of the people that are looked up, by the person's key.
        listed: the cases that the case names, by number, as they were recorded.
        same_record: the open cases of any workflow about the records of the cases here, as they were recorded.
        counted_by: by case and deadline the digest of the version by which it was counted, where that
            is not the case's own (`counting`); empty unless deadlines are counted again or explained.
        births: what can be opened below the cases here, by workflow.
        units: the present names of units that had another one, by that.
        rehearsals: the days on which a rehearsal of recovery succeeded, in the calendar's zone.
        reports: the operating reports that were made, oldest first.
        accounts: the accounts whose lives are cases, by name.
    """

    rules: Mapping[str, Rules]
    calendar: WorkCalendar
    cases: Mapping[str, Case] = {}
    records: Mapping[str, Record] = {}
    revisions: Mapping[str, Mapping[int, Mapping[str, Any]]] = {}
    earlier: tuple[Case, ...] = ()
    history: tuple[Recorded, ...] = ()
    holdings: Mapping[str, tuple[Holding, ...]] = {}
    listed: Mapping[str, Case] = {}
    same_record: tuple[Case, ...] = ()
    counted_by: Mapping[str, Mapping[str, str]] = {}
    births: Mapping[str, Birth] = {}
    units: Mapping[str, str] = {}
    rehearsals: tuple[date, ...] = ()
    reports: tuple[ReportMade, ...] = ()
    accounts: Mapping[str, AccountHeld] = {}

    def unit_named(self, name: str | None) -> str | None:
        """Return the present name of a unit that is called by any that it had."""
        return None if name is None else self.units.get(name, name)

    def rules_of(self, case: Case) -> Rules:
        """Return the definition that the case began with.

        Raises:
            DefinitionFault: it is not here.
        """
        try:
            return self.rules[case.definition]
        except KeyError:
            raise DefinitionFault(
                Text("{n} 的流程定义（{d}）缺失", "the definition of {n} ({d}) is missing").fill(
                    n=case.number, d=case.definition[:12]
                )
            ) from None

    def rules_counting(self, case: Case, deadline: str) -> Rules:
        """Return the version of the definition by which a deadline of a case was counted."""
        digest = self.counted_by.get(case.number, {}).get(deadline)
        return self.rules_of(case) if digest is None else self.rules[digest]

    def children_of(self, number: str) -> list[Case]:
        """Return the cases whose parent is ``number``."""
        return [case for case in self.cases.values() if case.parent == number]


class Form(Struct, frozen=True, kw_only=True, gc=False):
    """What a person fills in for an action.

    Args:
        given: the values given, as text or already typed, by the names the action asks by.
        materials: the kinds of materials seen, with the digest of their scan or None.
        all_materials: every material that the definition asks for has been seen.
        note: a remark for the log.
    """

    given: Mapping[str, Any] = {}
    materials: Mapping[str, str | None] = {}
    all_materials: bool = False
    note: str | None = None


class Request(Struct, frozen=True, kw_only=True, gc=False):
    """What somebody asks of a case.

    Args:
        action: the action's name.
        case: the case's number; with ``opening`` that of the case to be opened.
        actor: who asks.
        form: what was filled in.
        opening: for the action that opens a case: what it begins with.
        told_by: the case whose action caused this.
        deadline: the deadline whose passing caused this.
        filed: how late an application is typed in, where that was found out before.
        together: the numbers of the cases that the same application opens beside this one.
    """

    action: str
    case: str
    actor: Actor
    form: Form = Form()
    opening: Opening | None = None
    told_by: str | None = None
    deadline: str | None = None
    filed: Filed | None = None
    together: tuple[str, ...] = ()


def opening_of(
    rules: Rules, *, subject: Subject, record: str = "", parent: str | None = None, unit: str | None = None
) -> Opening:
    """Return what a new case of a definition begins with."""
    return Opening(
        workflow=rules.id,
        definition=rules.digest,
        definition_version=rules.workflow.version,
        subject=subject,
        record=record,
        parent=parent,
        unit=unit,
    )


def born(rules: Rules, parent: Case, unit: str | None, number: str, values: Mapping[str, Any]) -> Request:
    """Return the request by which a case opens another below it.

    Args:
        rules: the definition of the one that is opened.
        parent: the one that opens it.
        unit: whose it is.
        number: the number that it gets.
        values: what its opening action is given.
    """
    of_record = rules.workflow.about == "record"
    opening = opening_of(
        rules,
        subject=NOBODY if rules.workflow.about == "nothing" else parent.subject,
        record=parent.record if of_record else "",
        parent=parent.number,
        unit=unit,
    )
    return Request(
        action=rules.opening_action,
        case=number,
        actor=SYSTEM_ACTOR,
        form=Form(given={name: value for name, value in values.items() if value is not None}),
        opening=opening,
        told_by=parent.number,
    )


class Outcome(Struct, frozen=True, kw_only=True, gc=False):
    """What follows from a request: the entries in their order, and the world after them."""

    entries: tuple[Entry, ...]
    world: World

    @property
    def changed(self) -> dict[str, Case]:
        """The cases that have changed, as they are now."""
        return {entry.case: self.world.cases[entry.case] for entry in self.entries}
