"""Hold a request against the world before it is decided: who may, from which state, with what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from credit_workflow.definition.model import FILED_LATE, FILED_ON, Action
from credit_workflow.engine import grounds as gr
from credit_workflow.engine import inputs
from credit_workflow.engine.facts import CaseFacts
from credit_workflow.engine.values import Actor, Case, Filed, Ground, Material
from credit_workflow.engine.world import Moment, Request, World
from credit_workflow.errors import NotFound, Refused, UsageFault
from credit_workflow.text import Text


class Attempt(CaseFacts, frozen=True, kw_only=True, gc=False):
    """A request held against the world, before it is decided; with what expressions see meanwhile.

    Args:
        request: who asks what of which case.
        moment: the instant of recording and the day as of which the action holds.
        action: what is asked for.
        role: the one under which the actor takes it; None where he holds none that may.
        next_state: the one after the action; None where the case's state does not allow it.
        fields: the values given, by the fields of the case that they fill in.
        filled_in: whether the values have been read and completed.
        filed: of an application that is typed in after the day of its filing, how late.
    """

    request: Request
    moment: Moment
    action: Action
    role: str | None
    next_state: str | None
    fields: Mapping[str, Any] = {}
    filled_in: bool = False
    filed: Filed | None = None

    def within(self, world: World) -> Attempt:
        """Return the attempt in a world in which more is to be seen."""
        return msgspec.structs.replace(self, world=world)

    @property
    def refused(self) -> bool:
        """Whether role or state refuse it, whatever values are given."""
        return self.role is None or self.next_state is None

    def with_values(self) -> Attempt:
        """Return the attempt with the given values read and completed, as fields of the case.

        Raises:
            UsageFault: a value is missing, ill-typed or unknown.
        """
        if self.filled_in:
            return self
        workflow = self.rules.workflow
        given = inputs.read_given(workflow, self.action, self.request.form.given)
        values = inputs.complete(self.action, given, self, vouching=self.request.form.all_materials)
        fields = {self.action.ask(name).field or name: value for name, value in values.items()}
        if self.request.together and self.action.together is not None:
            fields[self.action.together] = list(self.request.together)
        case = msgspec.structs.replace(self.case, fields={**self.case.fields, **fields})
        padded = {name: values.get(name) for name in self.action.asks}
        self._known_materials()
        filled = msgspec.structs.replace(self, given=padded, fields=fields, case=case, filled_in=True)
        return _from_filing_day(filled) if self.action.filing else filled

    def on_filing_day(self) -> Attempt:
        """Return the attempt as of the day on which the application was filed; what else is asked, as it is."""
        if not self.action.filing:
            return self
        day = self.case.opened
        return msgspec.structs.replace(self, today=day, moment=self.moment.as_of(day))

    def standing_grounds(self) -> list[Ground]:
        """What stands in the way whatever values are given."""
        eyes = gr.four_eyes(self.rules, self.action, self.case, self.actor)
        return eyes + gr.unmet(self.action.offered_when, self)

    def value_grounds(self) -> list[Ground]:
        """What stands in the way with the values given."""
        given = {name: v for name, v in self.given.items() if v is not None}
        bounds = inputs.out_of_bounds(self.rules.workflow, self.action, given)
        twice = gr.named_twice(self) if self.action.asks else []
        groundless = self._groundless() if self.action.refuses is not None else []
        return bounds + twice + gr.unmet(self.action.requires, self) + self.material_grounds() + groundless

    def refused_for(self) -> list[Ground]:
        """What stands in the way of the action that this one refuses; empty where it refuses none."""
        rule = self.action.refuses
        if rule is None:
            return []
        request = Request(action=rule.action, case=self.request.case, actor=self.actor)
        other = msgspec.structs.replace(
            self, request=request, action=self.rules.actions[rule.action], fields={}, given={}, filled_in=False
        )
        return other.with_values().value_grounds()

    def _groundless(self) -> list[Ground]:
        """A ground where nothing stands in the way of what is to be refused, and no ground is chosen."""
        rule = self.action.refuses
        if rule is None or self.given.get(rule.ground) or self.refused_for():
            return []
        return [Ground(code="no_ground", message=rule.message.text, source=rule.source)]

    def material_grounds(self) -> list[Ground]:
        """A ground for each material that is missing."""
        if not self.action.materials:
            return []
        seen = {**self.case.materials, **self.seen()}
        return gr.missing_materials(self.action.materials, self, seen)

    def seen(self) -> dict[str, Material]:
        """The materials that this request says were seen."""
        by, on = self.actor.account, self.today
        seen = {kind: Material(by=by, on=on, digest=digest) for kind, digest in self.request.form.materials.items()}
        if self.request.form.all_materials:
            asked_of = self.action.takes_materials_of
            names = self.rules.actions[asked_of].materials if asked_of else self.action.materials
            for name, material in gr.demanded(names, self).items():
                if not material.one_by_one and not gr.brought(name, material, {**self.case.materials, **seen}):
                    seen[name] = Material(by=by, on=on)
        return seen

    def _known_materials(self) -> None:
        known = self.rules.workflow.materials
        kinds = {*known, *(other for m in known.values() for other in m.accepts)}
        unknown = [kind for kind in self.request.form.materials if kind not in kinds]
        if unknown:
            message = Text("没有名为 {u} 的材料；可用：{k}", "there is no material called {u}; known: {k}")
            raise UsageFault(
                message.fill(u="、".join(unknown), k="、".join(known)),
                code="unknown_material",
                details={"known": list(known)},
            )


def _from_filing_day(held: Attempt) -> Attempt:
    """Return an attempt with its case opened as of the day that is given for its filing, today unless given.

    Raises:
        UsageFault: it is an earlier day, and it is not said why it is typed in late.
        Refused: it is outside what the calendar covers.
    """
    given, filed, today = held.fields.get(held.action.field_of(FILED_ON)), held.request.filed, held.today
    day = today if given is None else date.fromisoformat(given)
    if filed is None and day < today:
        if held.given.get(FILED_LATE) is None:
            raise inputs.missing_values([FILED_LATE])
        filed = Filed(entered=today, after=held.world.calendar.working_days_between(day, today))
    return msgspec.structs.replace(held, case=msgspec.structs.replace(held.case, opened=day), filed=filed)


def attempt(world: World, request: Request, moment: Moment) -> Attempt:
    """Return a request held against the world.

    Raises:
        NotFound: the definition has no such action.
        DefinitionFault: the case's definition is not there.
    """
    if request.opening is not None:
        case = unborn(request, moment)
        state = None
    else:
        case = world.cases[request.case]
        state = case.state
    rules = world.rules_of(case)
    action = rules.actions.get(request.action)
    if action is None:
        message = Text("{w} 没有步骤 {a}；可用：{k}", "{w} has no action {a}; known: {k}")
        raise NotFound(message.fill(w=rules.id, a=request.action, k="、".join(rules.actions)), code="unknown_action")
    facts = CaseFacts(world=world, rules=rules, case=case, actor=request.actor, today=moment.effective)
    return Attempt(
        world=world,
        rules=rules,
        case=case,
        actor=request.actor,
        today=moment.effective,
        request=request,
        moment=moment,
        action=action,
        role=gr.role_for(facts, action, opens=request.opening is not None),
        next_state=rules.machine.step(state, request.action),
    )


def obstacles(held: Attempt) -> list[Ground]:
    """Return everything that stands in the way of a request; empty where nothing does.

    Whoever may not take the action, or not now, is told that alone: the other grounds tell of records and of other
    cases, which are for those who decide by them, and are not in the world of a request that is refused before.
    """
    found: list[Ground] = []
    if held.role is None:
        found.append(gr.who_ground(held, held.action))
    if held.next_state is None:
        found.append(gr.state_ground(held.rules, held.request.action, held.case))
    if held.refused:
        return found
    found += held.standing_grounds()
    try:
        held = held.with_values()
    except UsageFault as fault:
        missing = [
            Ground(code=fault.code, message=fault.message, facts={"value": name})
            for name in fault.details.get("missing", [None])
        ]
        return found + missing[:1] + held.material_grounds()
    return found + held.value_grounds()


def available(world: World, case: Case, actor: Actor, moment: Moment) -> list[str]:
    """Return the actions that the actor can take on the case now, in the definition's order."""
    rules = world.rules_of(case)
    facts = CaseFacts.of(world, case, actor, moment.effective)
    return [
        name
        for name in rules.machine.triggers(case.state)
        if (action := rules.actions[name]).listed
        and gr.role_for(facts, action) is not None
        and not gr.four_eyes(rules, action, case, actor)
        and all(facts.holds(guard.must) for guard in action.offered_when)
    ]


def unborn(request: Request, moment: Moment) -> Case:
    """Return the case that a request would open, as expressions see it before.

    Raises:
        Refused: the request opens none.
    """
    opening = request.opening
    if opening is None:
        raise Refused(Text("缺少案件信息", "the new case is not described"))
    known = msgspec.structs.asdict(opening)
    return Case(**known, number=request.case, state="", final=False, version=0, opened=moment.effective)
