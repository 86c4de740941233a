"""`fire`: one action on one case, decided; with all that follows from it in linked cases.

Pure: it reads no clock, no database, no environment. It gives an outcome or raises a refusal,
and a refusal leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from credit_workflow.definition.model import Action, Guard, Tell
from credit_workflow.engine import deadlines as dl
from credit_workflow.engine import grounds as gr
from credit_workflow.engine import inputs
from credit_workflow.engine.effects import Draft, apply_effect, record_values
from credit_workflow.engine.evolve import evolve
from credit_workflow.engine.facts import Scene, facts_for, holds_for
from credit_workflow.engine.rules import Rules
from credit_workflow.engine.values import (
    SYSTEM,
    Actor,
    Case,
    Change,
    Deadline,
    Entry,
    Ground,
    Material,
    Opening,
    Record,
    RecordChange,
)
from credit_workflow.engine.world import SYSTEM_ACTOR, Moment, Outcome, Request, World
from credit_workflow.errors import NotAllowed, NotFound, Refused, UsageFault
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
    """
    run = _Run(world=world, moment=moment)
    run.take(request)
    return Outcome(entries=tuple(run.entries), world=run.world)


def obstacles(world: World, request: Request, moment: Moment) -> list[Ground]:
    """Return everything that stands in the way of a request; empty where nothing does.

    Raises:
        NotFound: there is no such action.
    """
    run = _Run(world=world, moment=moment)
    attempt = run.attempt(request)
    found: list[Ground] = []
    if attempt.role is None:
        found.append(gr.role_ground(attempt.rules, attempt.action))
    if attempt.next_state is None:
        found.append(gr.state_ground(attempt.rules, attempt.action, attempt.case))
        return found
    found += attempt.standing_grounds()
    try:
        attempt = attempt.with_values()
    except UsageFault as fault:
        missing = [
            Ground(code=fault.code, message=fault.message, facts={"value": name})
            for name in fault.details.get("missing", [None])
        ]
        return found + missing[:1] + attempt.material_grounds()
    return found + attempt.value_grounds()


def available(world: World, case: Case, actor: Actor, moment: Moment) -> list[str]:
    """Return the actions that the actor can take on the case now, in the definition's order."""
    rules = world.rules_of(case)
    scene = Scene(world=world, rules=rules, case=case, actor=actor, today=moment.effective)
    return [
        name
        for name, action in rules.actions.items()
        if not action.opens
        and rules.may(case.state, name)
        and gr.role_for(action, actor) is not None
        and not gr.four_eyes(rules, action, case, actor)
        and not gr.unmet(action.offered_when, scene)
    ]


@dataclass(frozen=True, kw_only=True)
class _Attempt:
    """A request held against the world, before it is decided."""

    run: _Run
    request: Request
    rules: Rules
    action: Action
    case: Case
    role: str | None
    next_state: str | None
    values: Mapping[str, Any] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)

    def scene(self, case: Case | None = None, given: Mapping[str, Any] | None = None) -> Scene:
        return Scene(
            world=self.run.world,
            rules=self.rules,
            case=self.case if case is None else case,
            actor=self.request.actor,
            today=self.run.moment.effective,
            given=self.values if given is None else given,
        )

    def with_values(self) -> _Attempt:
        """Return the attempt with the given values read and completed, as fields of the case."""
        workflow = self.rules.workflow
        given = inputs.read_given(workflow, self.action, self.request.given)
        values = inputs.complete(self.action, given, lambda v: self.scene(given=v))
        fields = {self.action.ask(name).field or name: value for name, value in values.items()}
        case = msgspec.structs.replace(self.case, fields={**self.case.fields, **fields})
        padded = {name: values.get(name) for name in self.action.asks}
        self._known_materials()
        return replace(self, values=padded, fields=fields, case=case)

    def standing_grounds(self) -> list[Ground]:
        """What stands in the way whatever values are given."""
        eyes = gr.four_eyes(self.rules, self.action, self.case, self.request.actor)
        return eyes + self._unmet(self.action.offered_when)

    def value_grounds(self) -> list[Ground]:
        """What stands in the way with the values given."""
        given = {name: v for name, v in self.values.items() if v is not None}
        bounds = inputs.out_of_bounds(self.rules.workflow, self.action, given)
        return bounds + self._unmet(self.action.requires) + self.material_grounds()

    def _unmet(self, guards: Sequence[Guard]) -> list[Ground]:
        return gr.unmet(guards, self.scene()) if guards else []

    def material_grounds(self) -> list[Ground]:
        if not self.action.materials:
            return []
        seen = {**self.case.materials, **self.seen()}
        return gr.missing_materials(self.action.materials, self.scene(), seen)

    def seen(self) -> dict[str, Material]:
        """The materials that this request says were seen."""
        by, on = self.request.actor.account, self.run.moment.effective
        seen = {kind: Material(by=by, on=on, digest=digest) for kind, digest in self.request.materials.items()}
        if self.request.all_materials:
            asked_of = self.action.takes_materials_of
            names = self.rules.actions[asked_of].materials if asked_of else self.action.materials
            for name, material in gr.demanded(names, self.scene()).items():
                if not material.one_by_one and not gr.brought(name, material, {**self.case.materials, **seen}):
                    seen[name] = Material(by=by, on=on)
        return seen

    def _known_materials(self) -> None:
        known = self.rules.workflow.materials
        kinds = {*known, *(other for m in known.values() for other in m.accepts)}
        unknown = [kind for kind in self.request.materials if kind not in kinds]
        if unknown:
            message = Text("没有名为 {u} 的材料；可用：{k}", "there is no material called {u}; known: {k}")
            raise UsageFault(
                message.fill(u="、".join(unknown), k="、".join(known)),
                code="unknown_material",
                details={"known": list(known)},
            )


@dataclass(kw_only=True)
class _Run:
    """One call of `fire`: the world as it changes, and the entries so far."""

    world: World
    moment: Moment
    entries: list[Entry] = field(default_factory=list)

    def attempt(self, request: Request) -> _Attempt:
        birth = request.birth
        if birth is not None:
            rules = birth.rules
            case = _unborn(request, self.moment)
            state = None
        else:
            case = self.world.cases[request.case]
            rules = self.world.rules_of(case)
            state = case.state
        action = rules.actions.get(request.action)
        if action is None:
            message = Text("{w} 没有步骤 {a}；可用：{k}", "{w} has no action {a}; known: {k}")
            raise NotFound(
                message.fill(w=rules.id, a=request.action, k="、".join(rules.actions)), code="unknown_action"
            )
        return _Attempt(
            run=self,
            request=request,
            rules=rules,
            action=action,
            case=case,
            role=gr.role_for(action, request.actor),
            next_state=rules.step(state, request.action),
        )

    def take(self, request: Request) -> None:
        """Decide one request, add its entry, and tell linked cases."""
        attempt = self.attempt(request)
        if attempt.role is None:
            ground = gr.role_ground(attempt.rules, attempt.action)
            raise NotAllowed(ground.message, code="role", source=ground.source, details={"grounds": [ground]})
        if attempt.next_state is None:
            raise gr.refusal(attempt.action, [gr.state_ground(attempt.rules, attempt.action, attempt.case)])
        if attempt.action.asks or request.given or request.materials:
            attempt = attempt.with_values()
        unmet = attempt.standing_grounds() + attempt.value_grounds()
        if unmet:
            raise gr.refusal(attempt.action, unmet)
        self._carry_out(attempt)

    def _carry_out(self, attempt: _Attempt) -> None:
        draft = Draft(
            case=attempt.case,
            record=self.world.records.get(attempt.case.record),
            today=self.moment.effective,
            fields=dict(attempt.fields),
        )
        before = draft.record
        state = attempt.next_state or attempt.case.state
        self._move_deadlines(attempt, draft)
        for effect in attempt.action.effects:
            apply_effect(effect, draft, attempt.scene)
        final = attempt.rules.workflow.states[state].final
        if final and not attempt.case.final:
            draft.deadlines.update(dl.cancelled(attempt.rules, draft.so_far().deadlines))
        change = self._change(attempt, draft, state, before)
        self._add(attempt, state, change, draft.record)
        for tell in draft.tells:
            self._tell(tell, attempt.request)

    def _move_deadlines(self, attempt: _Attempt, draft: Draft) -> None:
        rules, name, today = attempt.rules, attempt.request.action, self.moment.effective
        for deadline in rules.starts.get(name, ()):
            on = rules.deadline(deadline).start.on
            day = _day(on, attempt) if on else today
            draft.deadlines[deadline] = dl.started(rules, deadline, day, self.world.calendar)
        for deadline in rules.ends.get(name, ()):
            now = draft.deadline(deadline)
            if now is not None and now.status == "running":
                draft.deadlines[deadline] = dl.ended(rules.deadline(deadline), now, today)
        for deadline in rules.resumes.get(name, ()):
            now = draft.deadline(deadline)
            if now is not None and now.status == "met":
                draft.deadlines[deadline] = dl.resumed(now, today)
        if attempt.request.deadline is not None:
            now = draft.deadline(attempt.request.deadline)
            if now is not None:
                rule = rules.deadline(attempt.request.deadline)
                draft.deadlines[now.id] = dl.passed(rule, now, today)

    def _change(self, attempt: _Attempt, draft: Draft, state: str, before: Record | None) -> Change:
        request, case, rules = attempt.request, attempt.case, attempt.rules
        birth = request.birth
        changed: Record | None = None
        if before is not None and draft.record is not None and draft.record != before:
            changed = msgspec.structs.replace(draft.record, revision=before.revision + 1)
            draft.record = changed
        waits_for = self._waits_for(attempt, draft, state)
        return Change(
            opening=None
            if birth is None
            else Opening(
                workflow=rules.id,
                definition=rules.digest,
                definition_version=rules.workflow.version,
                subject=birth.subject,
                record=birth.record,
                parent=birth.parent,
                unit=birth.unit,
            ),
            input={name: value for name, value in attempt.values.items() if value is not None},
            fields=draft.fields,
            materials=attempt.seen() if attempt.request.actor.account != SYSTEM else {},
            deadlines=draft.deadlines,
            marks=draft.marks,
            applied=draft.applied,
            record=_difference(before, changed) if before is not None and changed is not None else None,
            record_revision=draft.record.revision if draft.record and request.actor.account != SYSTEM else None,
            notices=tuple(draft.notices),
            waits_for=None if birth is None and waits_for == case.waits_for else waits_for,
            final=rules.workflow.states[state].final or None,
            note=request.note,
            told_by=request.told_by,
            deadline=request.deadline,
        )

    def _waits_for(self, attempt: _Attempt, draft: Draft, state: str) -> tuple[str, ...]:
        """Whom the case waits for: by its state, and by actions that are owed."""
        rules = attempt.rules
        waiting = [rules.workflow.states[state].waits_for]
        if rules.owed:
            case = msgspec.structs.replace(draft.so_far(), state=state)
            scene = attempt.scene(case)
            for _, action, when in rules.owed:
                if holds_for(scene, when):
                    waiting += action.by
        return tuple(dict.fromkeys(role for role in waiting if role is not None))

    def _add(self, attempt: _Attempt, state: str, change: Change, record: Record | None) -> None:
        request = attempt.request
        old = None if request.birth is not None else self.world.cases[request.case]
        entry = Entry(
            case=request.case,
            at=self.moment.at,
            effective=self.moment.effective,
            actor=request.actor.account,
            role=attempt.role or SYSTEM,
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
        world = self.world
        self.world = World(
            rules=world.rules, calendar=world.calendar, cases=cases, records=records, earlier=world.earlier
        )

    def _tell(self, tell: Tell, request: Request) -> None:
        if len(self.entries) > _MAX_TELLS:
            raise RecursionError("linked cases tell each other without end")
        case = self.world.cases[request.case]
        if tell.case == "self":
            told = [case]
        elif tell.case == "parent":
            told = [self.world.cases[case.parent]] if case.parent else []
        else:
            told = self.world.children_of(case.number)
        for other in told:
            follow = Request(action=tell.action, case=other.number, actor=SYSTEM_ACTOR, told_by=request.case)
            if tell.if_possible and not self._possible(follow, other):
                continue
            self.take(follow)

    def _possible(self, request: Request, case: Case) -> bool:
        if request.action not in self.world.rules_of(case).actions:
            return False
        attempt = self.attempt(request)
        return attempt.next_state is not None and not attempt.standing_grounds()


def _unborn(request: Request, moment: Moment) -> Case:
    """Return the case that a request would open, as expressions see it before."""
    birth = request.birth
    if birth is None:
        raise Refused(Text("缺少案件信息", "the new case is not described"))
    return Case(
        number=birth.number,
        workflow=birth.rules.id,
        definition=birth.rules.digest,
        definition_version=birth.rules.workflow.version,
        state="",
        final=False,
        version=0,
        opened=moment.effective,
        subject=birth.subject,
        record=birth.record,
        parent=birth.parent,
        unit=birth.unit,
    )


def _day(expression: str, attempt: _Attempt) -> Any:
    from datetime import date  # noqa: PLC0415

    from credit_workflow.definition.expression import evaluate  # noqa: PLC0415

    value = evaluate(expression, facts_for(attempt.scene(), expression))
    return date.fromisoformat(value)


def _difference(before: Record, after: Record) -> RecordChange:
    old, new = record_values(before), record_values(after)
    names = [name for name in new if new[name] != old[name]]
    return RecordChange(
        record=after.no,
        revision=after.revision,
        old={name: old[name] for name in names},
        new={name: new[name] for name in names},
    )


def deadline_of(case: Case, name: str) -> Deadline:
    """Return a deadline of a case.

    Raises:
        NotFound: the case has none of that name.
    """
    try:
        return case.deadlines[name]
    except KeyError:
        known = "、".join(case.deadlines) or "—"
        raise NotFound(
            Text("{n} 没有期限 {d}；现有：{k}", "{n} has no deadline {d}; it has: {k}").fill(
                n=case.number, d=name, k=known
            )
        ) from None
