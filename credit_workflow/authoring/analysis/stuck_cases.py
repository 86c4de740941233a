"""Find where cases get stuck: deadlocks, ways without an end, and waiting that no deadline ever ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from credit_workflow.authoring.analysis.exploration import Exploration, coming_to
from credit_workflow.authoring.analysis.finding import Finding
from credit_workflow.authoring.analysis.linked_machines import CaseAt, Config, Family
from credit_workflow.definition.clock_rules import DeadlineRule
from credit_workflow.definition.machine import walk
from credit_workflow.text import Text, same


class Stuck(NamedTuple):
    """A member that stands still in a configuration, in which state, and whether it can at least move."""

    member: int
    config: Config
    state: str
    moves: bool


def stuck(exploration: Exploration) -> Iterator[Stuck]:
    """Give every member of every configuration that can never come to a final state."""
    for i, member in enumerate(exploration.family.members):
        final = {name for name, state in member.workflow.states.items() if state.final}
        cases = [config[i] for config in exploration.configs]
        states = [None if case is None else case.state for case in cases]
        kept = [  # that a place is taken by another child is no move of the one that stood there
            (source, target)
            for source, _, target in exploration.edges
            if states[source] is None
            or (states[target] is not None and (states[source] not in final or cases[source] == cases[target]))
        ]
        can_leave = coming_to((a for a, b in kept if states[a] not in {states[b], None}), kept)
        can_end = coming_to((at for at, state in enumerate(states) if state in final), kept)
        for at, state in enumerate(states):
            if state is not None and state not in final and at not in can_end:
                yield Stuck(i, exploration.configs[at], state, at in can_leave)


def stuck_findings(explorations: list[Exploration]) -> Iterator[Finding]:
    """Give a finding for each state in which cases get stuck."""
    for exploration in explorations:
        for member, config, state, moves in stuck(exploration):
            workflow = exploration.family.members[member].workflow
            others = others_said(exploration.family, config, member)
            if moves:
                message = Text(
                    "案件到此之后再也到不了终结状态{o}", "a case that has come here can never reach a final state{o}"
                )
                advice = Text(
                    "给它一条走得到终结状态的路：一个可办理的步骤，或期满步骤",
                    "give it a way to an end: an action that can be taken, or one at the end of a deadline",
                )
            else:
                message = Text(
                    "案件停在此状态后，任何人、任何期限都不能再使它变动{o}",
                    "a case can come to stand here, and then nobody and no deadline can ever move it{o}",
                )
                advice = Text(
                    "增加离开此状态的步骤，或放宽挡住它的条件（requires、offered_when、tell）",
                    "add an action that leaves this state, or loosen what bars the one there is (requires, "
                    "offered_when, tell)",
                )
            code = "no_end" if moves else "deadlock"
            yield Finding(workflow.workflow, code, ("states", state), message.fill(o=others), advice)


def others_said(family: Family, config: Config, member: int) -> Text:
    """Return where the linked cases stand, in brackets; nothing where there are none."""
    said = [
        f"{other.workflow.workflow}: {case.state}"
        for i, other in enumerate(family.members)
        if i != member and (case := config[i]) is not None
    ]
    if not said:
        return same("")
    return Text(f"（例如 {'，'.join(said)}）", f" (for instance with {', '.join(said)})")


def waiting_findings(lone: Mapping[str, Exploration], explorations: list[Exploration]) -> Iterator[Finding]:
    """Give a finding for each state in which a case can stand with no deadline that ends the waiting.

    A case may wait on a linked one that tells it something: then that one needs the deadline.

    Args:
        lone: each workflow explored by itself, with all of its deadlines.
        explorations: the families.
    """
    for exploration in explorations:
        family = exploration.family
        bare = {m.workflow.workflow: _bare(lone[m.workflow.workflow], m.deadlines) for m in family.members}
        links = _links(family)
        for config in exploration.configs:
            for i, state in _waiting(family, config, bare, links):
                message = Text(
                    "案件可停在此状态而没有任何期限在运行：无人会被催办{o}",
                    "a case can stand here with no deadline running, so nobody is ever reminded of it{o}",
                )
                advice = Text(
                    "设一项期限（可为 kind: target），或在 checks.meant 中写明为何可以一直等待",
                    "set a deadline (it may be a target), or say in checks.meant why it may wait for ever",
                )
                name, others = family.members[i].workflow.workflow, others_said(family, config, i)
                yield Finding(name, "waits_for_ever", ("states", state), message.fill(o=others), advice)


def _bare(lone: Exploration, followed: tuple[str, ...]) -> set[CaseAt]:
    """How a workflow's cases can stand with no deadline in force, as a family sees them."""
    (member,) = lone.family.members
    states, rules = member.workflow.states, member.workflow.deadlines
    found = set()
    for (case,) in lone.configs:
        if case is None or states[case.state].final:
            continue
        standing = dict(zip(member.deadlines, case.deadlines, strict=True))
        if not any(_in_force(rules[name], status) for name, status in standing.items()):
            found.add(CaseAt(case.state, tuple(standing[name] for name in followed)))
    return found


def _in_force(rule: DeadlineRule, status: str | None) -> bool:
    """Whether a deadline runs at whose end something happens, or a duty is overdue."""
    return status == "overdue" or (status == "running" and (rule.at_end is not None or rule.late == "overdue"))


def _links(family: Family) -> list[list[int]]:
    """For each member, the linked ones that tell it something."""
    found: list[list[int]] = []
    for i, member in enumerate(family.members):
        tellers = []
        for j, other in enumerate(family.members):
            direction = "parent" if other.parent == i else "children" if member.parent == j else None
            told = [effect.tell for effect in other.workflow.effects if effect.tell is not None]
            if any(tell.case == direction and tell.action in member.workflow.actions for tell in told):
                tellers.append(j)
        found.append(tellers)
    return found


def _waiting(
    family: Family, config: Config, bare: Mapping[str, set[CaseAt]], links: list[list[int]]
) -> list[tuple[int, str]]:
    """The members that wait for ever, with their states: of those that wait for each other, the last ones."""
    named = [(case, member.workflow) for case, member in zip(config, family.members, strict=True)]
    still = {i: case for i, (case, w) in enumerate(named) if case is not None and not w.states[case.state].final}
    waiting = {i for i, case in still.items() if case in bare[named[i][1].workflow]}
    while helped := {i for i in waiting if any(j in still and j not in waiting for j in links[i])}:
        waiting -= helped
    waited_for = {i: walk([i], lambda j: waiting.intersection(links[j])) for i in waiting}
    return [(i, still[i].state) for i in sorted(waiting) if all(i in waited_for[j] for j in waited_for[i])]
