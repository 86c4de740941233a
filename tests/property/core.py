"""The pure core, driven without any database: cases and records in dictionaries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any

import msgspec

from credit_workflow.calendar.loading import load_calendar
from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.definition.library import load_definitions
from credit_workflow.engine.attempt import Attempt, attempt
from credit_workflow.engine.clocks import deadlines as dl
from credit_workflow.engine.effects.record_lookups import wanted, wants_earlier
from credit_workflow.engine.facts import alike_in
from credit_workflow.engine.fire import decided
from credit_workflow.engine.replay import replay
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.timers import catch_up, due_timers
from credit_workflow.engine.values import Actor, Case, Entry, Record, record_values
from credit_workflow.engine.world import Birth, Form, Holding, Moment, Outcome, Recorded, Request, World, opening_of
from credit_workflow.errors import CreditWorkflowError, NotAllowed, NotFound, UsageFault
from credit_workflow.identity import NOBODY, parse_subject
from credit_workflow.text import Text
from tests.property.naive_actions import ALL
from tests.property.naive_persons import unit_of


@dataclass
class Core:
    """The system under test in memory, with the interface of the naive model."""

    calendar: WorkCalendar = field(default_factory=load_calendar)
    cases: dict[str, Case] = field(default_factory=dict)
    records: dict[str, Record] = field(default_factory=dict)
    revisions: dict[str, dict[int, dict[str, Any]]] = field(default_factory=dict)
    log: dict[str, list[Entry]] = field(default_factory=dict)
    whole: list[Recorded] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rules = _rules()
        self.by_name = {rules.id: rules for rules in self.rules.values()}

    def add_record(self, record: Record) -> None:
        self.records[record.no] = record
        self.revisions.setdefault(record.no, {})[record.revision] = record_values(record)

    def submit(
        self,
        day: date,
        workflow: str,
        case_id: str,
        *,
        record: str | None,
        parent: str | None,
        subject: str | None,
        account: str,
        role: str,
        fields: dict[str, Any],
        materials: set[str],
    ) -> None:
        rules = self.by_name[workflow]
        if role not in rules.actions[rules.opening_action].by:
            raise NotAllowed(Text("无权", "not for this role"))
        if parent is not None:
            if parent not in self.cases or self.cases[parent].workflow != rules.workflow.parent:
                raise NotFound(Text("没有", "no such case"))
            record, owner = self.cases[parent].record, self.cases[parent].subject
        elif rules.workflow.about in ("person", "nothing"):
            record, owner = "", NOBODY
            if rules.workflow.about == "person" and subject is None:
                raise UsageFault(Text("缺少", "missing"))
        elif record is None and subject is None:
            raise UsageFault(Text("缺少", "missing"))
        elif record is None:
            record, owner = "", NOBODY
        else:
            owner = self.records[str(record)].subject
        who = owner if subject is None else parse_subject(subject)
        opening = opening_of(rules, subject=who, record=str(record), parent=parent, unit=unit_of(account))
        request = Request(
            action="submit",
            case=case_id,
            actor=_actor(account, role),
            form=_form(fields, materials),
            opening=opening,
        )
        self._take(day, self._family(parent), request)

    def act(
        self,
        day: date,
        case_id: str,
        action: str,
        *,
        account: str,
        role: str,
        fields: dict[str, Any],
        materials: set[str],
    ) -> None:
        request = Request(
            action=action,
            case=case_id,
            actor=_actor(account, role),
            form=_form(fields, materials),
        )
        self._take(day, self._family(case_id), request)

    def sweep(self, day: date) -> int:
        fired = 0
        for root in [case.number for case in self.cases.values() if case.parent is None]:
            outcome = catch_up(self._world(self._family(root)), _moment(day))
            self._keep(outcome)
            fired += len(outcome.entries)
        return fired

    def now(self, case_id: str, day: date) -> Case:
        family = self._family(case_id)
        world = self._world(family)
        if any(due_timers(self.rules[c.definition], c, day) for c in family.values()):
            world = catch_up(world, _moment(day)).world
        return world.cases[case_id]

    def deadlines(self, case_id: str, day: date) -> dict[str, tuple[str, date, date, date | None]]:
        case = self.now(case_id, day)
        rules = self.rules[case.definition]
        return {
            name: (dl.standing(rules.deadline(name), d, day), d.due, d.original_due, d.met)
            for name, d in case.deadlines.items()
        }

    def all_marks(self, day: date) -> set[tuple[str, tuple[str, str, date | None]]]:
        return {
            (mark.record, (mark.kind, number, mark.last_day))
            for number in self.cases
            for mark in self.now(number, day).marks.values()
            if mark.in_force(day)
        }

    def usable(self, record: str, day: date) -> bool:
        suspended = any(
            m.suspends and m.record == record and m.in_force(day) for c in self.cases.values() for m in c.marks.values()
        )
        return not self.records[record].removed and not suspended

    def replayed(self) -> bool:
        return all(replay(entries) == self.cases[number] for number, entries in self.log.items())

    def _family(self, number: str | None) -> dict[str, Case]:
        if number is None:
            return {}
        if number not in self.cases:
            raise NotFound(Text("没有", "no such case"))
        top = self.cases[number]
        while top.parent is not None:
            top = self.cases[top.parent]
        return {n: case for n, case in self.cases.items() if self._root(case) == top.number}

    def _root(self, case: Case) -> str:
        while case.parent is not None:
            case = self.cases[case.parent]
        return case.number

    def _world(self, family: dict[str, Case], subjects: Iterable[Case] = ()) -> World:
        earlier = {
            case.number: case
            for own in subjects
            for case in self.cases.values()
            if alike_in(own, case) and (case.opened, case.number) < (own.opened, own.number)
        }
        return World(
            rules=self.rules,
            calendar=self.calendar,
            cases=family,
            records=self.records,
            revisions=self.revisions,
            earlier=tuple(earlier.values()),
            births=self._births(),
        )

    def _births(self) -> dict[str, Birth]:
        """Consultations are called by their place among all, as the naive model calls them."""
        serial = 1 + sum(case.workflow == "consultation" for case in self.cases.values())
        return {"consultation": Birth(definition=self.by_name["consultation"].digest, numbers=(f"CON-{serial:03}",))}

    def _take(self, day: date, family: dict[str, Case], request: Request) -> None:
        world = self._world(family, [c for c in [family.get(request.case)] if c])
        settled = catch_up(world, _moment(day), only_moves=True)
        outcome = decided(self._furnished(attempt(settled.world, request, _moment(day))))
        self._keep(Outcome(entries=(*settled.entries, *outcome.entries), world=outcome.world))

    def _furnished(self, held: Attempt) -> Attempt:
        """What casework hands into the world from its store, from these dictionaries."""
        if held.refused:
            return held
        world = held.world
        if held.request.opening is not None and wants_earlier(held):
            earlier = tuple(c for c in self.cases.values() if alike_in(held.case, c))
            world = msgspec.structs.replace(world, earlier=earlier)
        held = held.within(world).with_values()
        needs = wanted(held)
        numbers = [number for listed in needs.cases.values() for number in listed]
        if any(number not in self.cases for number in numbers):
            raise NotFound(Text("没有", "no such case"))
        holdings = {key: tuple(self._holdings(key)) for key in needs.persons}
        listed = {number: self.cases[number] for number in numbers}
        return held.within(msgspec.structs.replace(world, holdings=holdings, listed=listed))

    def _holdings(self, key: str) -> Iterator[Holding]:
        for record in self.records.values():
            if record.subject.key == key:
                marks = ((n, m) for n, case in self.cases.items() for m in case.marks.values() if m.record == record.no)
                yield Holding(record=record, marks=tuple(marks))

    def _keep(self, outcome: Outcome) -> None:
        self.cases.update(outcome.changed)
        for record in outcome.world.records.values():
            self.add_record(record)
        for entry in outcome.entries:
            own = self.log.setdefault(entry.case, [])
            own.append(entry)
            self.whole.append(Recorded(seq=len(own), entry=entry))

    def with_history(self, case_id: str) -> World:
        """Return the linked cases with all of their entries, and those of others about the same record."""
        family = self._family(case_id)
        records = {case.record for case in family.values()} - {""}
        related = {
            number
            for number, case in self.cases.items()
            if number in family or case.record in records or any(alike_in(own, case) for own in family.values())
        }
        history = tuple(recorded for recorded in self.whole if recorded.entry.case in related)
        return msgspec.structs.replace(self._world(family, family.values()), history=history)


@cache
def _rules() -> dict[str, Rules]:
    return {d.digest: Rules(d.workflow, d.digest) for d in load_definitions().values()}


@cache
def _calendar() -> WorkCalendar:
    return load_calendar()


def _moment(day: date) -> Moment:
    return Moment.of(datetime.combine(day, time(1), tzinfo=UTC), "Asia/Shanghai")


def _form(fields: dict[str, Any], materials: set[str]) -> Form:
    return Form(given=fields, materials=dict.fromkeys(materials - {ALL}), all_materials=ALL in materials)


def _actor(account: str, role: str) -> Actor:
    return Actor(account=account, roles=frozenset({role}), unit=unit_of(account))


def exit_of(attempt: Any) -> int:
    """Return 0, or the exit status of the refusal that the attempt meets."""
    try:
        attempt()
    except CreditWorkflowError as refusal:
        return refusal.exit_status
    return 0
