"""Open recurring cases, as the system, when their turn has come.

The log says (`TurnOpened`) of each duty up to which turn it has been opened. That is added in
the transaction that opens the case, so that two sweeps at once open it once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from msgspec.structs import replace

from credit_workflow.calendar.recurrence import Turn, parse_recurrence
from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.casework.acting import NewCase
from credit_workflow.casework.cases.furnishing import cases_of_units, furnished
from credit_workflow.casework.cases.opening import opening_for
from credit_workflow.casework.clock import local
from credit_workflow.casework.journal.drafting import by_system
from credit_workflow.casework.journal.rule_entries import Adopted
from credit_workflow.casework.journal.running_entries import TurnOpened
from credit_workflow.casework.ports import Reading, Store, Writing
from credit_workflow.casework.rulebook.publications import not_yet
from credit_workflow.casework.units.register import present_names
from credit_workflow.definition.clock_rules import Recurring
from credit_workflow.definition.expression import evaluate
from credit_workflow.definition.library import Definition
from credit_workflow.engine.attempt import attempt
from credit_workflow.engine.fire import decided
from credit_workflow.engine.world import SYSTEM_ACTOR, Form, Moment, Request, World
from credit_workflow.errors import Conflict, CreditWorkflowError


@dataclass(kw_only=True)
class Opened:
    """The numbers of the cases opened, and the duties (``workflow:id``) that could not be, each with why."""

    cases: list[str] = field(default_factory=list)
    failed: list[tuple[str, Exception]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class _Duty:
    """One recurring case of one definition in force."""

    definition: Definition
    id: str
    rule: Recurring

    @property
    def key(self) -> str:
        return f"{self.definition.workflow.workflow}:{self.id}"


def open_due(store: Store, calendar: WorkCalendar, definitions: Iterable[Definition], moment: Moment) -> Opened:
    """Open every recurring case whose turn has come, each in a transaction of its own.

    Turns count from the day on which the definition came into this database: the one then
    running, and all that follow. A turn that was missed is made up for: each has its own case, as
    of the day on which the turn began, and its own deadline, for every turn's duty is owed for
    itself. A duty that can't be opened is tried again by the next sweep; the others go on.

    Args:
        store: where the cases are.
        calendar: counts the deadlines.
        definitions: those in force.
        moment: the instant of recording, and the day up to which turns have come.

    Raises:
        Conflict: the database stayed busy.
    """
    result = Opened()
    duties = [
        _Duty(definition=definition, id=name, rule=rule)
        for definition in definitions
        for name, rule in definition.workflow.recurring.items()
    ]
    if not duties:
        return result
    with store.reading() as db:
        duties = [duty for duty in duties if not_yet(db, duty.definition, moment.effective) is None]
        due = [duty for duty in duties if _turns(db, duty, moment, calendar.zone)]
    for duty in due:
        try:
            while _open_next(store, calendar, duty, moment, result):
                pass
        except Conflict:
            raise
        except (CreditWorkflowError, ValueError, KeyError, RecursionError) as fault:
            result.failed.append((duty.key, fault))
    return result


def to_come(
    db: Reading, definitions: Iterable[Definition], moment: Moment, zone: str
) -> list[tuple[Definition, str, date, Mapping[str, Any]]]:
    """Return what the sweeps up to a moment are going to open, oldest first; what depends on units' cases is left out.

    Args:
        db: where the cases are.
        definitions: those in force.
        moment: the day up to which turns count.
        zone: the calendar's.

    Returns:
        Each with its definition, the duty's id, the day as of which it opens, and what it is given.
    """
    found = [
        (definition, name, day, {key: evaluate(source, _facts(turn)) for key, source in rule.values.items()})
        for definition in definitions
        for name, rule in definition.workflow.recurring.items()
        if rule.for_units is None
        for turn, day in _turns(db, _Duty(definition=definition, id=name, rule=rule), moment, zone)
    ]
    return sorted(found, key=lambda one: one[2])


def opened_through(db: Reading) -> Mapping[str, date]:
    """Return the first day of the newest turn opened, by duty (``workflow:id``)."""
    last = db.journal.last(TurnOpened)
    return {} if last is None else last.said.through


def _turns(db: Reading, duty: _Duty, moment: Moment, zone: str) -> list[tuple[Turn, date]]:
    """Return the turns that have begun and have no case yet, oldest first, each with the day as of which it opens."""
    opened = opened_through(db).get(duty.key)
    begin = _known_since(db, duty, moment.effective, zone) if opened is None else date.min
    found = parse_recurrence(duty.rule.every, duty.rule.starts).turns(
        begin=begin, through=moment.effective, after=opened
    )
    return [(turn, max(turn.first, begin)) for turn in found]


def _known_since(db: Reading, duty: _Duty, today: date, zone: str) -> date:
    """Return the day on which the definition came into the database; today where it has yet to."""
    for line in db.journal.of(Adopted):
        if line.said.digest == duty.definition.digest:
            return min(local(line.at, zone).date(), today)
    return today


def _open_next(store: Store, calendar: WorkCalendar, duty: _Duty, moment: Moment, result: Opened) -> bool:
    """Open the oldest turn that is due, if it still is; return whether there are more."""
    with store.writing() as db:
        turns = _turns(db, duty, moment, calendar.zone)
        if not turns:
            return False  # another sweep was faster
        turn, begun = turns[0]
        db.adopt([duty.definition], moment.at)
        numbers = _open(db, calendar, duty, turn, moment.as_of(begun))
        through = {**opened_through(db), duty.key: turn.first}
        said = TurnOpened(duty=duty.key, first=turn.first, last=turn.last, case=None, through=through)
        for one in [replace(said, case=number) for number in numbers] or [said]:
            db.journal.add(by_system(moment, one))
    result.cases.extend(numbers)
    return len(turns) > 1


def _open(db: Writing, calendar: WorkCalendar, duty: _Duty, turn: Turn, moment: Moment) -> list[str]:
    """Open one turn's case, or that of each unit that has something to do, and return their numbers."""
    rules = db.rules[duty.definition.digest]
    given = {name: evaluate(source, _facts(turn)) for name, source in duty.rule.values.items()}
    world = World(rules=db.rules, calendar=calendar, units=present_names(db))
    opening = opening_for(db, SYSTEM_ACTOR, rules, NewCase(workflow=rules.id))
    request = Request(
        action=rules.opening_action, case="—", actor=SYSTEM_ACTOR, form=Form(given=given), opening=opening
    )
    asked = [request]
    if duty.rule.for_units is not None:
        field = rules.actions[rules.opening_action].field_of(duty.rule.for_units)
        asked = [
            replace(
                request,
                form=Form(given={**given, duty.rule.for_units: numbers}),
                opening=replace(opening, unit=unit),
            )
            for unit, numbers in sorted(cases_of_units(db, attempt(world, request, moment), field).items())
        ]
    opened = []
    for one in asked:
        number = db.cases.next_number(rules, moment.effective.year)
        db.cases.keep({}, [decided(furnished(db, attempt(world, replace(one, case=number), moment)))])
        opened.append(number)
    return opened


def _facts(turn: Turn) -> dict[str, dict[str, str]]:
    """Return what the expressions of a recurring case see."""
    days = {
        "first": turn.first,
        "last": turn.last,
        "previous_first": turn.previous_first,
        "previous_last": turn.previous_last,
    }
    return {"period": {name: day.isoformat() for name, day in days.items()}}
