"""Take one simulated action: who takes it, what is filled in, and the engine's decision."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from msgspec.structs import replace

from credit_workflow.authoring.simulation.arriving import Newcomer
from credit_workflow.authoring.simulation.draws import drawn
from credit_workflow.authoring.simulation.filled_values import asks_for_date, filled_in
from credit_workflow.authoring.simulation.plans import Task, role_of
from credit_workflow.authoring.simulation.start import Scenario, Start
from credit_workflow.definition.model import Action
from credit_workflow.engine import grounds as gr
from credit_workflow.engine.attempt import Attempt, attempt
from credit_workflow.engine.effects.record_lookups import wanted, wants_earlier
from credit_workflow.engine.fire import decided
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import SYSTEM, Actor, Case
from credit_workflow.engine.world import Form, Holding, Moment, Outcome, Request, World
from credit_workflow.errors import NotFound, Refused, UsageFault
from credit_workflow.identity import Subject
from credit_workflow.text import Text

#: So many people have each role at least, or four eyes would have nobody to go to.
_LEAST = 2
_TRIES = 5
#: A made-up date that must lie ahead does so by these calendar days.
_AHEAD = 30


class Decider:
    """Takes actions through `fire`, as somebody of the staff.

    Args:
        start: who is there.
        scenario: the definitions, and what is assumed of people.
        find: finds a case of the simulation, or None.
    """

    def __init__(self, start: Start, scenario: Scenario, find: Callable[[str], Case | None]) -> None:
        self._start, self._scenario, self._find = start, scenario, find
        self._staff: dict[tuple[str, str | None], tuple[Actor, ...]] = {}
        self._furnishing: dict[tuple[str, str], bool] = {}

    def opening_role(self, workflow: str) -> str:
        """Return the role that files cases of a workflow."""
        rules = self._scenario.rules[workflow]
        return role_of(self._scenario.people, rules, rules.opening_action)

    def opener(self, new: Newcomer) -> Actor:
        """Return who files a case."""
        staff = self._of(new.rules, self.opening_role(new.rules.id), new.opening.unit)
        return staff[int(drawn(self._scenario.people.seed, new.number, "opener") * len(staff))]

    def opened(self, world: World, new: Newcomer, actor: Actor, moment: Moment) -> Outcome:
        """Open a case.

        Raises:
            CreditWorkflowError: as `fire` says.
        """
        people = actor.account != SYSTEM
        form = Form(given=new.given or {}, all_materials=people)
        request = Request(action=new.rules.opening_action, case=new.number, actor=actor, form=form, opening=new.opening)
        return self._decided(world, new.rules, request, new.opening.subject, moment, fills_in=people)

    def taken(self, world: World, task: Task, moment: Moment) -> Outcome:
        """Take an action on a case.

        Raises:
            CreditWorkflowError: as `fire` says.
        """
        case = world.cases[task.case]
        rules = world.rules_of(case)
        actor, form = self._actor(rules, case, task), Form(all_materials=True)
        request = Request(action=task.action, case=task.case, actor=actor, form=form)
        return self._decided(world, rules, request, case.subject, moment, case, task.stay)

    def _decided(
        self,
        world: World,
        rules: Rules,
        request: Request,
        subject: Subject,
        moment: Moment,
        case: Case | None = None,
        turn: int = 0,
        *,
        fills_in: bool = True,
    ) -> Outcome:
        """Fire a request; what turns out to be missing, since it is asked for on a condition, is filled in.

        A date that was made up is today's, or where a rule refuses that, one that lies ahead.
        """
        name, people = request.action, self._scenario.people
        besides: tuple[str, ...] = ()
        ahead = 0
        for _ in range(_TRIES):
            asked = request
            if fills_in:
                given = filled_in(
                    people, rules, name, subject=subject, case=request.case, turn=turn, today=moment.effective,
                    besides=besides, ahead=ahead,
                )  # fmt: skip
                asked = replace(request, form=replace(request.form, given=given))
            try:
                held = attempt(world, asked, moment)
                return decided(self._furnished(held, case) if self._needs_more(rules, name) else held)
            except Refused as fault:
                more = _would_meet(rules.actions[name], fault, besides)
                if more:
                    besides = (*besides, *more)
                    continue
                if ahead or not asks_for_date(rules, name, besides):
                    raise
                ahead = _AHEAD
            except UsageFault as fault:
                missing = [name for name in fault.details.get("missing", ()) if name not in besides]
                if fault.code != "missing_values" or not missing:
                    raise
                besides = (*besides, *missing)
        raise UsageFault(Text("填写项不全", "values are missing"), code="missing_values")

    def _of(self, rules: Rules, role: str, unit: str | None) -> tuple[Actor, ...]:
        """Return the people of a role, of the case's unit where only those may; made-up ones where too few."""
        within = unit if rules.workflow.roles[role].own_unit else None
        if (role, within) not in self._staff:
            known = tuple(who for who in self._start.staff.get(role, ()) if within in (None, who.unit))
            home, where = within or (known[0].unit if known else None), f" {within}" if within else ""
            more = tuple(
                Actor(account=f"({role}{where}-{n})", roles=frozenset({role}), unit=home)
                for n in range(len(known) + 1, _LEAST + 1)
            )
            self._staff[role, within] = (*known, *more)
        return self._staff[role, within]

    def _actor(self, rules: Rules, case: Case, task: Task) -> Actor:
        """Return somebody who may take the action, though another must have done what it decides on."""
        staff = self._of(rules, task.role, case.unit)
        first = int(drawn(self._scenario.people.seed, case.number, task.action, "actor", task.stay) * len(staff))
        turned = (*staff[first:], *staff[:first])
        action = rules.actions[task.action]
        return next((actor for actor in turned if not gr.four_eyes(rules, action, case, actor)), turned[0])

    # -- what a decision needs besides the case and its links

    def _needs_more(self, rules: Rules, action: str) -> bool:
        key = (rules.digest, action)
        if key not in self._furnishing:
            lists = any(field.type == "cases" for field in rules.workflow.fields.values())
            facts = any(rules.reads(action, fact) for fact in ("earlier", "rehearsals", "reports", "found", "listed"))
            self._furnishing[key] = lists or facts or rules.workflow.look_up is not None
        return self._furnishing[key]

    def _furnished(self, held: Attempt, case: Case | None) -> Attempt:
        if held.refused:
            return held
        earlier = self._start.earlier(case) if case is not None and wants_earlier(held) else ()
        world = replace(held.world, earlier=earlier, rehearsals=self._start.rehearsals, reports=self._start.reports)
        held = held.within(world).with_values()
        needs = wanted(held)
        listed = {number: self._named(number) for numbers in needs.cases.values() for number in numbers}
        return held.within(
            replace(world, holdings={key: self._holdings(key, world) for key in needs.persons}, listed=listed)
        )

    def _named(self, number: str) -> Case:
        found = self._find(number) or self._start.kept(number)
        if found is None:
            message = Text("没有案件 {n}", "there is no case {n}").fill(n=number)
            raise NotFound(message, code="no_case")
        return found

    def _holdings(self, key: str, world: World) -> tuple[Holding, ...]:
        known = self._start.holdings(key)
        numbers = {held.record.no for held in known}
        made: Mapping[str, Any] = {r.no: r for r in world.records.values() if r.subject.key == key}
        return (*known, *(Holding(record=record) for no, record in made.items() if no not in numbers))


def _would_meet(action: Action, refused: Refused, besides: Collection[str]) -> list[str]:
    """Return the names of what the action asks for that would meet the grounds of its refusal, and is not given yet."""
    wanted = {field for ground in refused.details.get("grounds", ()) for field in ground.facts.get("wanted", ())}
    return [name for name in action.asks if action.field_of(name) in wanted and name not in besides]
