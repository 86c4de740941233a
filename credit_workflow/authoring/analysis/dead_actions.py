"""Find actions that can never be taken, that nothing fires, or that can't be taken from a state they name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from credit_workflow.authoring.analysis.exploration import Exploration, software
from credit_workflow.authoring.analysis.finding import Finding
from credit_workflow.authoring.analysis.known_facts import Facts
from credit_workflow.authoring.analysis.satisfiability import Known, possible
from credit_workflow.definition.machine import Machine
from credit_workflow.definition.model import Guard, Workflow
from credit_workflow.text import Text

_ADVICE = Text(
    "改正其条件或 from；确实不用的步骤应删去",
    "correct its conditions or its “from”; take out an action that has no use",
)


def action_findings(
    workflows: Mapping[str, Workflow], lone: Mapping[str, Exploration], explorations: list[Exploration]
) -> Iterator[Finding]:
    """Give a finding for each action, or state that it names, with which nothing can ever happen.

    Args:
        workflows: all definitions.
        lone: each workflow explored by itself.
        explorations: the families.
    """
    together = {taken for e in explorations for taken in e.family.taken}
    moving = {
        (m.workflow.workflow, name)
        for e in explorations
        for m, only in zip(e.family.members, e.family.only, strict=True)
        for name in only
    }
    for name, exploration in lone.items():
        workflow = workflows[name]
        idle = _unfired(workflow, workflows)
        moving |= {(name, told) for told in _told_only(workflow)}
        yield from _words(workflow)
        for action_name, action in workflow.actions.items():
            if action_name in idle:
                yield _never_fired(name, action_name)
                continue
            taken = {state for w, a, state in exploration.family.taken if (w, a) == (name, action_name)}
            if (name, action_name) in moving:
                taken &= {state for w, a, state in together if (w, a) == (name, action_name)}
            if not taken:
                yield _never(workflow, action_name)
            elif isinstance(action.origin, tuple):
                for state in action.origin:
                    if state not in taken:
                        yield _not_from(name, action_name, state)


def _told_only(workflow: Workflow) -> set[str]:
    """The system's actions that only happen where another action tells them."""
    timed = {rule.at_end for rule in workflow.deadlines.values()}
    mine = {name for name, action in workflow.actions.items() if action.only_by_system and not action.opens}
    return mine - timed - software(workflow)


def _words(workflow: Workflow) -> Iterator[Finding]:
    for state in workflow.states:
        if state in {"open", "any"}:
            message = Text(
                "from: {s} 指的是多个状态（open 为所有未终结的状态，any 为所有状态），不能单指此状态",
                "“from: {s}” means several states (open: all that are not final, any: all), and never this one alone",
            )
            advice = Text("给该状态另取一个名字", "call the state something else")
            yield Finding(workflow.workflow, "from_word", ("states", state), message.fill(s=state), advice)


def _unfired(workflow: Workflow, workflows: Mapping[str, Workflow]) -> set[str]:
    """The system's actions that no deadline and no other action ever fires."""
    fired = {rule.at_end for rule in workflow.deadlines.values()} | software(workflow)
    fired = fired.union(*map(workflow.told_by, workflows.values()))
    opened = {effect.open.workflow for other in workflows.values() for effect in other.effects if effect.open}
    begun = bool(workflow.recurring) or workflow.workflow in opened
    return {
        name
        for name, action in workflow.actions.items()
        if action.only_by_system and name not in fired and not (action.opens and begun)
    }


def _never_fired(workflow: str, action: str) -> Finding:
    message = Text(
        "系统步骤，但没有期限（at_end）、也没有步骤（tell）会执行它",
        "it is the system's, and no deadline (at_end) and no action (tell) ever has it taken",
    )
    advice = Text(
        "在某项期限写 at_end，或在某步骤写 tell；由人办理的，改 by",
        "name it in a deadline's at_end or in a tell; if people take it, say so in “by”",
    )
    return Finding(workflow, "never_fired", ("actions", action), message, advice)


def _never(workflow: Workflow, name: str) -> Finding:
    clash = _clash(workflow, name)
    if clash:
        message = Text(
            "永远不能办理：条件 {g} 与其状态或彼此矛盾", "it can never be taken: {g} contradict its state or each other"
        ).fill(g=Text("、".join(clash), ", ".join(clash)))
    else:
        message = Text(
            "永远不能办理：案件及关联案件所能到达的任何情形下，它都不可用，或它所告知（tell）的案件不能照办",
            "it can never be taken: in no situation that the case and its linked ones can come to is it open, "
            "or what it tells can't be done there",
        )
    return Finding(workflow.workflow, "never_allowed", ("actions", name), message, _ADVICE)


def _clash(workflow: Workflow, name: str) -> list[str]:
    """The guards that can't hold, one alone or two together, whatever state the case is in."""
    facts = Facts(workflow)
    action = workflow.actions[name]
    guards = action.guards
    states = Machine(workflow).sources[name] or ("",)
    for size in (1, 2, len(guards)):
        for some in combinations(guards, size):
            if size <= len(guards) and not any(_can_hold(facts, some, state) for state in states):
                return [guard.id for guard in some]
    return []


def _can_hold(facts: Facts, guards: tuple[Guard, ...], state: str) -> bool:
    known = Known({**facts.values, **facts.standing("case.", state)}, facts.bounds)
    return possible([(guard.must, True) for guard in guards], known)


def _not_from(workflow: str, action: str, state: str) -> Finding:
    message = Text(
        "from 中有 {s}，但案件在 {s} 时此步骤永远不能办理",
        "“from” names {s}, and it can never be taken while a case is in {s}",
    )
    advice = Text("从 from 中删去 {s}，或改正其条件", "take {s} out of “from”, or correct its conditions")
    return Finding(workflow, "never_from", ("actions", action, "from"), message.fill(s=state), advice.fill(s=state))
