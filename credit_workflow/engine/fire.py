"""Decide one action on one case, with all that follows from it in linked cases: `fire`.

Pure: it reads no clock, no database, no environment. It gives an outcome or raises a refusal,
and a refusal leaves nothing behind.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import msgspec

from credit_workflow.definition.effect_kinds import Open, Tell
from credit_workflow.definition.model import Action
from credit_workflow.engine import grounds as gr
from credit_workflow.engine.attempt import Attempt, attempt
from credit_workflow.engine.clocks import deadlines as dl
from credit_workflow.engine.clocks.deadline_moves import move_deadlines
from credit_workflow.engine.effects.applying import Draft, apply_effect
from credit_workflow.engine.facts import CaseFacts, untouched
from credit_workflow.engine.replay import evolve
from credit_workflow.engine.values import (
    SYSTEM,
    Case,
    Change,
    Done,
    Entry,
    Record,
    RefusalGround,
    difference,
)
from credit_workflow.engine.world import SYSTEM_ACTOR, Form, Moment, Outcome, Request, World, born
from credit_workflow.errors import DefinitionFault, NotAllowed
from credit_workflow.text import Text

_MAX_TELLS = 32


def fire(world: World, request: Request, moment: Moment) -> Outcome:
    """Decide one request and everything that follows from it.

    Args:
        world: all that the decision can depend on.
        request: who asks what of which case.
        moment: the instant of recording and the day as of which the action holds.

    Returns:
        The entries, the asked-for one first, and the world after them.

    Raises:
        NotAllowed: the actor holds none of the action's roles.
        Refused: the state, a guard, the materials or a bound stand in the way; the error's
            ``details["grounds"]`` has all that were unmet.
        UsageFault: a value is missing, ill-typed or unknown.
        NotFound: there is no such action.
        DefinitionFault: linked cases tell each other without end.
    """
    return decided(attempt(world, request, moment))


def decided(held: Attempt) -> Outcome:
    """Decide one request that is held against its world, as `fire` does."""
    run = _Run(world=held.world, moment=held.moment)
    run.take(held)
    return Outcome(entries=tuple(run.entries), world=run.world)


@dataclass(kw_only=True)
class _Run:
    """One decision: the world as it changes, and the entries so far."""

    world: World
    moment: Moment
    entries: list[Entry] = field(default_factory=list)

    def take(self, held: Attempt) -> None:
        """Decide one request, add its entry, and tell linked cases."""
        if held.role is None:
            ground = gr.who_ground(held, held.action)
            raise NotAllowed(ground.message, code=ground.code, source=ground.source, details={"grounds": [ground]})
        if held.next_state is None:
            raise gr.refusal(held.action.title.text, [gr.state_ground(held.rules, held.request.action, held.case)])
        form = held.request.form
        if held.action.asks or form.given or form.materials:
            held = held.with_values()
        unmet = held.standing_grounds() + held.value_grounds()
        if unmet:
            raise gr.refusal(held.action.title.text, unmet)
        held = held.on_filing_day()
        self.moment = held.moment
        self._carry_out(held)

    def _carry_out(self, held: Attempt) -> None:
        draft = Draft(
            facts=held,
            record=self.world.records.get(held.case.record),
            fields=dict(held.fields),
        )
        before = draft.record
        state = held.next_state or held.case.state
        move_deadlines(held, draft)
        for effect in held.action.effects:
            apply_effect(effect, draft)
        final = held.rules.workflow.states[state].final
        if final and not held.case.final:
            draft.deadlines.update(
                dl.cancelled(held.rules, draft.so_far().deadlines, self.moment.effective, self.world.calendar)
            )
        change = self._change(held, draft, state, before)
        self._add(held, state, change, draft.record)
        for rule, facts in draft.follow:
            if isinstance(rule, Tell):
                self._tell(rule, facts, held.request)
            else:
                self._open(rule, facts, held.request)

    def _change(self, held: Attempt, draft: Draft, state: str, before: Record | None) -> Change:
        request, case, rules = held.request, held.case, held.rules
        changed: Record | None = None
        if before is not None and draft.record is not None and draft.record != before:
            changed = msgspec.structs.replace(draft.record, revision=before.revision + 1)
            draft.record = changed
        waits_for = self._waits_for(held, draft, state)
        return Change(
            opening=request.opening,
            input={name: value for name, value in held.given.items() if value is not None},
            fields=draft.fields,
            materials=held.seen() if held.request.actor.account != SYSTEM else {},
            deadlines=draft.deadlines,
            marks=draft.marks,
            applied=draft.applied,
            record=difference(before, changed) if before is not None and changed is not None else None,
            record_revision=draft.record.revision if draft.record and request.actor.account != SYSTEM else None,
            created=draft.created,
            about=draft.about,
            account=draft.account,
            notifications=tuple(draft.notifications),
            waits_for=None if request.opening is None and waits_for == case.waits_for else waits_for,
            final=rules.workflow.states[state].final or None,
            assignee=self._assignee(held, state),
            unit=request.actor.unit if rules.reads(request.action, "actor") else None,
            note=request.form.note,
            told_by=request.told_by,
            deadline=request.deadline,
            filed=held.filed,
            grounds=tuple(
                RefusalGround(message_zh=g.message.zh, message_en=g.message.en, source=g.source)
                for g in held.refused_for()
            ),
        )

    @staticmethod
    def _assignee(held: Attempt, state: str) -> str | None:
        """An assignment holds for the role that the case waits for: nobody's any more when it waits for another."""
        states, before = held.rules.workflow.states, held.case.state
        if held.case.assignee is None or held.request.opening is not None:
            return None
        return "" if states[state].waits_for != states[before].waits_for else None

    def _waits_for(self, held: Attempt, draft: Draft, state: str) -> tuple[str, ...]:
        """Whom the case waits for: by its state, and by actions that are owed."""
        before, born = held.case.waits_for, held.request.opening is not None
        facts: list[CaseFacts] = []

        def owed(action: Action, when: str) -> bool:
            # What was owed before has the case wait for its people. Else, and where what it depends on stays,
            # it is not owed now either: fields that are encrypted need not be opened to see that.
            was_owed = born or all(role in before for role in action.by)
            if not was_owed and untouched(when, draft.fields, draft.deadlines):
                return False
            if not facts:
                facts.append(_with_done(draft.facts_so_far(state), held))
            return facts[0].holds(when)

        def said(field: str) -> Any:
            return draft.fields[field] if field in draft.fields else held.case.fields.get(field)

        return held.rules.waits_for(state, said, owed)

    def _add(self, held: Attempt, state: str, change: Change, record: Record | None) -> None:
        request = held.request
        old = None if request.opening is not None else self.world.cases[request.case]
        entry = Entry(
            case=request.case,
            at=self.moment.at,
            effective=self.moment.effective,
            actor=request.actor.account,
            role=held.role or SYSTEM,
            action=request.action,
            before=None if old is None else old.state,
            after=state,
            change=change,
        )
        self.entries.append(entry)
        cases = {**self.world.cases, request.case: evolve(old, entry)}
        records = self.world.records
        if change.record is not None and record is not None:
            records = {**records, record.no: record}
        if change.created is not None:
            records = {**records, change.created.no: change.created}
        accounts = self.world.accounts
        if change.account is not None and change.account.name in accounts:
            known = accounts[change.account.name]
            accounts = {**accounts, known.change.name: msgspec.structs.replace(known, change=change.account)}
        self.world = msgspec.structs.replace(self.world, cases=cases, records=records, accounts=accounts)

    def _open(self, rule: Open, facts: CaseFacts, request: Request) -> None:
        """Open a case below this one, or several, each addressed to a unit."""
        case = self.world.cases[request.case]
        birth = self.world.births.get(rule.workflow)
        if birth is None:
            message = Text("{n} 不能开出流程 {w} 的案件", "{n} can't open a case of {w}")
            raise DefinitionFault(message.fill(n=case.number, w=rule.workflow), code="no_birth")
        units = case.unit if rule.unit is None else facts.value(rule.unit)
        values = {name: facts.value(source) for name, source in rule.values.items()}
        for unit in units if isinstance(units, list) else [units]:
            number = next(number for number in birth.numbers if number not in self.world.cases)
            follow = born(self.world.rules[birth.definition], case, self.world.unit_named(unit), number, values)
            self.take(attempt(self.world, follow, self.moment))

    def _tell(self, tell: Tell, facts: CaseFacts, request: Request) -> None:
        if len(self.entries) > _MAX_TELLS:
            message = Text(
                "{n} 与关联案件互相通知，没有尽头。请修改流程定义",
                "{n} and the cases linked to it tell each other without end; the definition must be changed",
            )
            raise DefinitionFault(message.fill(n=request.case), code="endless")
        case = self.world.cases[request.case]
        if tell.case == "self":
            told = [case]
        elif tell.case == "parent":
            told = [self.world.cases[case.parent]] if case.parent else []
        else:
            told = self.world.children_of(case.number)
        values = {name: facts.value(source) for name, source in tell.values.items()}
        for other in told:
            if tell.where is not None and not msgspec.structs.replace(facts, told=other).holds(tell.where):
                continue
            follow = Request(
                action=tell.action,
                case=other.number,
                actor=SYSTEM_ACTOR,
                form=Form(given={name: value for name, value in values.items() if value is not None}),
                told_by=request.case,
            )
            if tell.if_possible and not self._possible(follow, other):
                continue
            self.take(attempt(self.world, follow, self.moment))

    def _possible(self, request: Request, case: Case) -> bool:
        if request.action not in self.world.rules_of(case).actions:
            return False
        held = attempt(self.world, request, self.moment)
        return held.next_state is not None and not held.standing_grounds()


def _with_done(facts: CaseFacts, held: Attempt) -> CaseFacts:
    """Return the facts of a case in which the action that is being carried out has been taken."""
    done = Done(by=held.request.actor.account, on=held.today, filed=held.filed)
    case = msgspec.structs.replace(facts.case, done={**facts.case.done, held.request.action: done})
    return msgspec.structs.replace(facts, case=case)
