"""What recurs: cases that the sweep opens, as the system, when their turn has come.

The stream `recurring` of the log says of each duty up to which turn it has been opened. It grows
in the transaction that opens the case, so that two sweeps at once open it once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import msgspec

from credit_workflow.calendar import WorkCalendar
from credit_workflow.calendar.recurrence import Turn, parse_recurrence
from credit_workflow.casework.births import birth_of
from credit_workflow.casework.clock import local
from credit_workflow.casework.desk import NewCase
from credit_workflow.casework.furnishing import furnished
from credit_workflow.casework.ports import Reading, Store, Writing
from credit_workflow.definition.expression import evaluate
from credit_workflow.definition.library import Definition
from credit_workflow.definition.model import Recurring
from credit_workflow.engine.fire import fire
from credit_workflow.engine.world import SYSTEM_ACTOR, Moment, Request, World
from credit_workflow.errors import Conflict, CreditWorkflowError

STREAM = "recurring"


@dataclass(kw_only=True)
class Opened:
    """The numbers of the cases opened, and the duties (``workflow:id``) that could not be, each with why."""

    cases: list[str] = field(default_factory=list)
    failed: list[tuple[str, CreditWorkflowError]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class _Duty:
    """One recurring case of one definition in force."""

    definition: Definition
    id: str
    rule: Recurring

    @property
    def key(self) -> str:
        return f"{self.definition.workflow.workflow}:{self.id}"

    def turns(self, db: Reading, moment: Moment, zone: str) -> list[Turn]:
        """Return the turns that have begun and whose case has not been opened, oldest first.

        Turns count from the day on which the definition came into this database: the one then
        running, and all that follow. What lies before was not this software's to remind of.
        """
        today = moment.effective
        opened = opened_through(db).get(self.key)
        begin = today if opened else self._known_since(db, today, zone)
        recurrence = parse_recurrence(self.rule.every, self.rule.starts)
        return list(recurrence.turns(begin=begin, through=today, after=opened))

    def _known_since(self, db: Reading, today: date, zone: str) -> date:
        for row in db.journal_rows("definition"):
            if msgspec.json.decode(row[6]).get("digest") == self.definition.digest:
                return min(local(datetime.fromisoformat(row[2]), zone).date(), today)
        return today


def open_due(store: Store, calendar: WorkCalendar, definitions: Iterable[Definition], moment: Moment) -> Opened:
    """Open every recurring case whose turn has come, each in a transaction of its own.

    A turn that was missed is made up for: each has its own case, as of the day on which the turn
    began, and its own deadline, for each turn's duty is owed for itself. A duty that can't be
    opened is tried again by the next sweep; the others go on.

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
    for duty in duties:
        with store.reading() as db:
            due = bool(duty.turns(db, moment, calendar.zone))
        try:
            while due:
                with store.writing() as db:
                    due = _open_next(db, calendar, duty, moment, result)
        except Conflict:
            raise
        except CreditWorkflowError as fault:
            result.failed.append((duty.key, fault))
    return result


def opened_through(db: Reading) -> Mapping[str, date]:
    """Return the first day of the newest turn opened, by duty (``workflow:id``)."""
    last = db.last_of(STREAM)
    said = {} if last is None else msgspec.json.decode(last[6])["through"]
    return {key: date.fromisoformat(day) for key, day in said.items()}


def _open_next(db: Writing, calendar: WorkCalendar, duty: _Duty, moment: Moment, result: Opened) -> bool:
    """Open the oldest turn that is due, if there is one yet, and return whether there are more."""
    turns = duty.turns(db, moment, calendar.zone)
    if not turns:
        return False  # another sweep was faster
    turn = turns[0]
    since = duty._known_since(db, moment.effective, calendar.zone)
    db.adopt([duty.definition], moment.at)
    rules = db.rules[duty.definition.digest]
    begun = moment.as_of(max(turn.first, min(since, turn.last)))
    number = db.next_number(rules, begun.effective.year)
    birth = birth_of(db, SYSTEM_ACTOR, rules, NewCase(workflow=rules.id), number)
    request = Request(
        action=rules.opening_action,
        case=number,
        actor=SYSTEM_ACTOR,
        given={name: evaluate(source, _facts(turn)) for name, source in duty.rule.values.items()},
        birth=birth,
    )
    world, request = furnished(db, World(rules=db.rules, calendar=calendar), request, begun)
    db.keep({}, [fire(world, request, begun)])
    through = {**opened_through(db), duty.key: turn.first}
    said = {
        "duty": duty.key,
        "first": turn.first,
        "last": turn.last,
        "case": number,
        "through": {key: day.isoformat() for key, day in through.items()},
    }
    db.log(STREAM, moment.at, SYSTEM_ACTOR, "system", "opened", said)
    result.cases.append(number)
    return len(turns) > 1


def _facts(turn: Turn) -> dict[str, dict[str, str]]:
    """Return what the expressions of a recurring case see."""
    days = {
        "first": turn.first,
        "last": turn.last,
        "previous_first": turn.previous_first,
        "previous_last": turn.previous_last,
    }
    return {"period": {name: day.isoformat() for name, day in days.items()}}
