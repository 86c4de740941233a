"""Find what stands in the way of an action: role, state, guards, four eyes, materials."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from credit_workflow.definition.model import Action, Guard, Material
from credit_workflow.definition.words.titles import action_title, role_title, state_title
from credit_workflow.engine.facts import CaseFacts
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import Actor, Case, Ground
from credit_workflow.errors import Refused
from credit_workflow.text import Text, joined, listed

_FOUR_EYES = "[practice]"


def role_for(facts: CaseFacts, action: Action, *, opens: bool = False) -> str | None:
    """Return the role under which the actor takes the action, or None.

    Args:
        facts: of the case, and who acts: in a role that is bound to its own unit on cases of that unit alone.
        action: what is to be done.
        opens: whether it opens the case, which is then of the actor's own unit.
    """
    held = [role for role in action.by if role in facts.actor.roles]
    return next((role for role in held if opens or _of_unit(facts, role)), None)


def _of_unit(facts: CaseFacts, role: str) -> bool:
    unit, own = facts.case.unit, facts.actor.unit
    if not facts.rules.workflow.roles[role].own_unit or unit is None or own is None:
        return True
    return facts.world.unit_named(unit) == facts.world.unit_named(own)


def awaited_as(facts: CaseFacts) -> frozenset[str]:
    """Return the roles of the actor for which the case waits; where it waits for no staff, those that can act on it."""
    workflow, case = facts.rules.workflow, facts.case
    staff = {role for action in workflow.actions.values() for role in action.by}
    waiting = {role for role in case.waits_for if role in staff}
    if not waiting:
        open_now = (workflow.actions[name] for name in facts.rules.machine.triggers(case.state))
        waiting = {role for action in open_now if action.listed for role in action.by}
    return frozenset(role for role in waiting if role in facts.actor.roles and _of_unit(facts, role))


def who_ground(facts: CaseFacts, action: Action) -> Ground:
    """Return the ground for an actor who holds none of the action's roles, or not in the unit that has the case."""
    if facts.actor.roles.isdisjoint(action.by):
        return role_ground(facts.rules, action)
    message = Text(
        "{case} 由{unit}办理，{own}的人员不能“{action}”", "{case} is with {unit}: people of {own} can't do “{action}”"
    )
    case, own = facts.case, facts.actor.unit
    filled = message.fill(case=case.number, unit=case.unit, own=own, action=action.title.text)
    return Ground(code="unit", message=filled, source="[practice]", facts={"unit": case.unit})


def role_ground(rules: Rules, action: Action) -> Ground:
    """Return the ground for an actor who holds none of the action's roles."""
    message = Text("“{action}”只能由{roles}办理", "“{action}” is for {roles} only")
    roles = joined((role_title(rules.workflow, role) for role in action.by), "、", " or ")
    return Ground(
        code="role",
        message=message.fill(action=action.title.text, roles=roles),
        source=action.source,
        facts={"roles": list(action.by)},
    )


def state_ground(rules: Rules, name: str, case: Case) -> Ground:
    """Return the ground for an action that is not open in the case's state."""
    action = rules.actions[name]
    title = state_title(rules.workflow, case.state)
    sources = [state_title(rules.workflow, state) for state in rules.machine.sources[name]]
    message = Text(
        "{case} 现为“{state}”，不能“{action}”；该步骤适用于：{sources}",
        "{case} is “{state}”: “{action}” is not open to it, only to: {sources}",
    )
    where = listed(sources or [Text("新案件", "a new case")])
    return Ground(
        code="state",
        message=message.fill(case=case.number, state=title, action=action.title.text, sources=where),
        source=action.source,
        facts={"state": case.state},
    )


def unmet(guards: Iterable[Guard], facts: CaseFacts) -> list[Ground]:
    """Return a ground for every guard that does not hold."""
    grounds = []
    for guard in guards:
        if facts.holds(guard.must):
            continue
        values = {name: facts.value(e) for name, e in guard.says.items()}
        message = guard.message.text.fill(**{k: _plain(v) for k, v in values.items()})
        wanted = [name for name in guard.met_by if facts.case.fields.get(name) is None]
        said = {**values, "wanted": wanted} if wanted else values
        grounds.append(Ground(code=guard.id, message=message, source=guard.source, facts=said))
    return grounds


def _plain(value: object) -> object:
    """Return a value as a message shows it."""
    if isinstance(value, list):
        return "、".join(map(str, value))
    return "—" if value is None else value


def four_eyes(rules: Rules, action: Action, case: Case, actor: Actor) -> list[Ground]:
    """Return a ground where the actor last did what another must now decide on."""
    grounds = []
    for name in action.not_by:
        done = case.done.get(name)
        if done is not None and done.by == actor.account:
            message = Text(
                "{account} 本人已办理“{done}”，不能再由本人“{action}”，请由他人办理",
                "{account} did “{done}” and can't do “{action}” as well: somebody else must",
            )
            filled = message.fill(
                account=actor.account, done=action_title(rules.workflow, name), action=action.title.text
            )
            grounds.append(Ground(code="four_eyes", message=filled, source=_FOUR_EYES))
    return grounds


def named_twice(facts: CaseFacts) -> list[Ground]:
    """Return a ground for each field of cases that names one which an earlier case has named."""
    grounds = []
    for name, field in facts.rules.workflow.fields.items():
        numbers = facts.case.fields.get(name)
        if field.once_except is None or not numbers:
            continue
        for other in facts.earlier():
            both = set(numbers).intersection(other.fields.get(name) or ())
            if both and other.state not in field.once_except:
                message = Text("{n} 已列入 {e}", "{n} stands in {e} already")
                named = "、".join(sorted(both))
                said = {"cases": sorted(both), "in": other.number}
                filled = message.fill(n=named, e=other.number)
                grounds.append(Ground(code="named_twice", message=filled, source=field.source, facts=said))
    return grounds


def demanded(names: Sequence[str], facts: CaseFacts) -> dict[str, Material]:
    """Return the materials among ``names`` that this applicant must bring."""
    known = facts.rules.workflow.materials
    asked = {}
    for name in names:
        when = known[name].when
        if when is None or facts.holds(when):
            asked[name] = known[name]
    return asked


def brought(name: str, material: Material, seen: Mapping[str, object]) -> bool:
    """Whether a material, or one that counts as it, has been seen."""
    return name in seen or any(other in seen for other in material.accepts)


def missing_materials(names: Sequence[str], facts: CaseFacts, seen: Mapping[str, object]) -> list[Ground]:
    """Return a ground for each material that must be brought and was not seen."""
    grounds = []
    for name, material in demanded(names, facts).items():
        if not brought(name, material, seen):
            message = Text("缺少材料：{title}", "missing: {title}").fill(title=material.title.text)
            grounds.append(Ground(code="material", message=message, source=material.source, facts={"material": name}))
    return grounds


def refusal(what: Text, grounds: Sequence[Ground]) -> Refused:
    """Return the refusal of something that names all of the grounds."""
    lines = [
        Text(f"{g.message.zh}（{g.source}）", f"{g.message.en} ({g.source})") if g.source else g.message
        for g in grounds
    ]
    message = Text("不能“{what}”：{why}", "“{what}” is refused: {why}")
    return Refused(
        message.fill(what=what, why=joined(lines)),
        code=grounds[0].code if len(grounds) == 1 else "grounds",
        source=grounds[0].source,
        details={"grounds": list(grounds)},
    )
