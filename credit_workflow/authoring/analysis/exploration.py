"""Explore every configuration that a family of cases can reach, and the ways between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from credit_workflow.authoring.analysis.linked_machines import Config, Family, Member, Move
from credit_workflow.definition.clock_rules import DeadlineRule
from credit_workflow.definition.expression_tree import Path, members_in
from credit_workflow.definition.machine import walk
from credit_workflow.definition.model import Action, Workflow

#: More configurations than this are not looked at; what was found till then is no finding.
LIMIT = 20_000

Watch = Callable[[int, int], None] | None


@dataclass(frozen=True)
class Exploration:
    """What a family can come to.

    Args:
        family: the members.
        configs: every configuration.
        edges: (from, move, to), by their places in ``configs``.
        refused: timers that can't fire where they are due, each with a configuration.
        complete: false where there are too many to look at them all.
    """

    family: Family
    configs: list[Config]
    edges: list[tuple[int, Move, int]]
    refused: list[tuple[Move, Config]]
    complete: bool


def explored(family: Family, limit: int = LIMIT, watch: Watch = None) -> Exploration:
    """Return everything that the family can come to.

    Args:
        family: the members.
        limit: how many configurations are looked at.
        watch: told how many have been looked at, and how many are known.
    """
    places: dict[Config, int] = {}
    configs: list[Config] = []
    edges: list[tuple[int, Move, int]] = []
    refused: list[tuple[Move, Config]] = []

    def place(config: Config) -> int:
        if config not in places:
            places[config] = len(configs)
            configs.append(config)
        return places[config]

    for config in family.beginnings():
        place(config)
    at = 0
    while at < len(configs) <= limit:
        if watch is not None:
            watch(at, len(configs))
        for move, reached in family.moves(configs[at]):
            if move.deadline is not None and not reached:
                refused.append((move, configs[at]))
            edges += [(at, move, place(other)) for other in reached]
        at += 1
    return Exploration(family, configs, edges, refused, complete=at >= len(configs))


def coming_to(goals: Iterable[int], edges: Iterable[tuple[int, int]]) -> set[int]:
    """Return the places from which one of the goals can be reached, goals included."""
    back: dict[int, list[int]] = {}
    for source, target in edges:
        back.setdefault(target, []).append(source)
    return {*walk(goals, lambda place: back.get(place, ()))}


def alone(workflow: Workflow, workflows: Mapping[str, Workflow]) -> Family:
    """Return a family of one case, all of its deadlines followed; what others tell it may happen any time."""
    member = Member(workflow, None, tuple(workflow.deadlines), _from_outside(workflow, workflows.values()))
    return Family((member,), whole=frozenset(), only=(frozenset(workflow.actions),))


def together(root: Workflow, workflows: Mapping[str, Workflow]) -> Family:
    """Return a case with one of each workflow below it, at whatever depth.

    Only what can move a case or tell another is followed, with the deadlines that have to do
    with it: the rest changes nothing of where the cases can stand.

    Args:
        root: the workflow of the case at the head.
        workflows: all definitions.
    """
    placed: list[tuple[Workflow, int | None]] = [(root, None)]
    at = 0
    while at < len(placed):
        above = {placed[at][0].workflow}
        place = placed[at][1]
        while place is not None:  # a workflow that stands below itself is followed once
            above.add(placed[place][0].workflow)
            place = placed[place][1]
        below = [w for w in workflows.values() if w.parent == placed[at][0].workflow and w.workflow not in above]
        placed += [(child, at) for child in below]
        at += 1
    return _family(placed, workflows)


def siblings(head: Workflow, child: Workflow, workflows: Mapping[str, Workflow]) -> Family:
    """Return a case with two children of one workflow; what other cases tell them may happen any time."""
    return _family([(head, None), (child, 0), (child, 0)], workflows)


def _family(placed: list[tuple[Workflow, int | None]], workflows: Mapping[str, Workflow]) -> Family:
    kin = {workflow.workflow: workflow for workflow, _ in placed}
    others = [workflow for name, workflow in workflows.items() if name not in kin]
    moving = {name: _moving(workflow, kin) for name, workflow in kin.items()}
    members = tuple(Member(w, parent, moving[w.workflow][1], _from_outside(w, others)) for w, parent in placed)
    below = [{placed[j][0].workflow for j in range(len(placed)) if placed[j][1] == i} for i in range(len(placed))]
    whole = {
        i
        for i, (workflow, _) in enumerate(placed)
        if {w.workflow for w in workflows.values() if w.parent == workflow.workflow} <= below[i]
    }
    return Family(members, whole=frozenset(whole), only=tuple(moving[w.workflow][0] for w, _ in placed))


def software(workflow: Workflow) -> frozenset[str]:
    """The actions that the program itself takes: signing in and such, of cases about accounts."""
    if workflow.about != "account":
        return frozenset()
    timed = {rule.at_end for rule in workflow.deadlines.values()}
    told = {effect.tell.action for effect in workflow.effects if effect.tell}
    mine = {name for name, action in workflow.actions.items() if "system" in action.by and not action.opens}
    return frozenset(mine - timed - told)


def _from_outside(workflow: Workflow, workflows: Iterable[Workflow]) -> frozenset[str]:
    """The actions of a workflow that a case of another may tell, or the program takes."""
    return software(workflow).union(*map(workflow.told_by, workflows))


def _moving(workflow: Workflow, kin: Mapping[str, Workflow]) -> tuple[frozenset[str], tuple[str, ...]]:
    """The actions that move a case, tell one or can refuse what tells them, with the deadlines that bear on them."""
    reaching = {name for name, a in workflow.actions.items() if any(e.tell or e.open for e in a.effects)}
    actions = reaching | {name for name, action in workflow.actions.items() if action.to is not None}
    told = {name for other in kin.values() for name in workflow.told_by(other)}
    actions |= {name for name in told if _conditions(workflow.actions[name])}
    read = {path for w in kin.values() for a in w.actions.values() for path in _read(a) if path[0] != "case"}
    others = {path[2] for path in read if path[1:2] == ("deadlines",) and path[2:]}
    deadlines: set[str] = set()
    while True:
        own = {pair for name in actions for path in _read(workflow.actions[name]) for pair in pairwise(path)}
        bearing = {
            name
            for name, rule in workflow.deadlines.items()
            if rule.at_end in actions
            or any(workflow.deadlines[later].starts_after in ((name, "met"), (name, "passed")) for later in deadlines)
            or ("deadlines", name) in own
            or name in others
        }
        bearing |= {after[0] for name in deadlines | bearing if (after := workflow.deadlines[name].starts_after)}
        bearing |= deadlines
        touching = {action for name in bearing for action in _moved_by(workflow.deadlines[name])}
        if bearing == deadlines and touching <= actions:
            return frozenset(actions), tuple(name for name in workflow.deadlines if name in deadlines)
        deadlines, actions = bearing, actions | (touching & workflow.actions.keys())


def _moved_by(rule: DeadlineRule) -> set[str]:
    """The actions that move a deadline."""
    again = [rule.runs_again_after] if rule.runs_again_after is not None else []
    return {*rule.starters, *rule.ends, *rule.stopped_by, *rule.let_go_by, *again}


def _read(action: Action) -> Iterator[Path]:
    """Give the paths that stand in an action's conditions: what begins with no fact is another case's."""
    return (path for text in _conditions(action) for path in members_in(text))


def _conditions(action: Action) -> list[str]:
    """The texts of an action that decide what it does."""
    guards = [guard.must for guard in action.guards]
    return guards + [effect.when for effect in action.effects if effect.when is not None]
