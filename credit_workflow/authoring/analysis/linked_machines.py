"""Move linked machines together: what can happen to a case, its parent and its children.

A case is a state and how its deadlines stand, without any date: a deadline that runs may pass at
any time. Of each workflow there is one case at a time, or as many as there are members; a child
that has ended may be followed by another. A guard counts as met unless it can't be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from credit_workflow.authoring.analysis.clock_moves import Assumed, Clocks, Status, replaced
from credit_workflow.authoring.analysis.known_facts import Facts, own_fields_only, reads_children
from credit_workflow.authoring.analysis.satisfiability import Known, Some, possible
from credit_workflow.definition.effect_kinds import Effect, Tell
from credit_workflow.definition.expression_tree import members_in
from credit_workflow.definition.machine import Machine
from credit_workflow.definition.model import Action, Workflow

_DEEPEST = 12


class CaseAt(NamedTuple):
    """Where a case stands, and how the deadlines that are followed stand."""

    state: str
    deadlines: tuple[Status, ...]


Config = tuple[CaseAt | None, ...]


class Move(NamedTuple):
    """What happened: an action of one member, by a person or, of a deadline, by time."""

    member: int
    action: str
    deadline: str | None = None


@dataclass(frozen=True)
class Member:
    """One case of a family: its workflow, whose child it is, and the deadlines followed."""

    workflow: Workflow
    parent: int | None
    deadlines: tuple[str, ...]
    outside: frozenset[str] = frozenset()


class _Guards(NamedTuple):
    """The conditions of an action: those that are asked together, and those asked one by one, as a value may change."""

    joined: tuple[str, ...]
    alone: tuple[str, ...]
    children: bool
    paths: tuple[str, ...]


@dataclass
class Family:
    """The members, the parent before its children.

    Args:
        members: the cases.
        whole: the members of whose cases all children are members.
        only: the actions of each member that are tried; what they tell is tried in any case.
    """

    members: tuple[Member, ...]
    whole: frozenset[int]
    only: tuple[frozenset[str], ...]
    taken: set[tuple[str, str, str]] = field(default_factory=set)
    _cache: dict[object, bool] = field(default_factory=dict)
    _read: dict[tuple[int, str], _Guards] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._machines = [Machine(member.workflow) for member in self.members]
        self._facts = [Facts(m.workflow) for m in self.members]
        self._children = [
            [j for j, other in enumerate(self.members) if other.parent == i] for i in range(len(self.members))
        ]

    def beginnings(self) -> list[Config]:
        """Return how the first member can begin."""
        empty: Config = (None,) * len(self.members)
        return self.take(empty, Move(0, self.members[0].workflow.opening[0]))

    def moves(self, config: Config) -> Iterator[tuple[Move, list[Config]]]:
        """Give everything that is tried, with what comes of it; nothing where it is refused."""
        for i, member in enumerate(self.members):
            case = config[i]
            if self._free(config, i) and not _only_opened(member.workflow):
                move = Move(i, member.workflow.opening[0])
                yield move, self.take(self._without(config, i), move)
            if case is None:
                continue
            for name in self._machines[i].triggers(case.state):
                by = member.workflow.actions[name].by
                if name in self.only[i] and (name in member.outside or any(role != "system" for role in by)):
                    move = Move(i, name)
                    yield move, self.take(config, move)
            yield from self._timers(config, i, case)

    def _timers(self, config: Config, i: int, case: CaseAt) -> Iterator[tuple[Move, list[Config]]]:
        member = self.members[i]
        for index, name in enumerate(member.deadlines):
            if case.deadlines[index] != "running":
                continue
            rule = member.workflow.deadlines[name]
            if rule.at_end is not None:
                move = Move(i, rule.at_end, name)
                yield move, self.take(config, move)
            elif rule.late == "overdue":
                passed = replaced(case.deadlines, index, "overdue")
                yield Move(i, "", name), [_put(config, i, CaseAt(case.state, passed))]

    def _free(self, config: Config, i: int) -> bool:
        """Whether a child can be opened in this place: there is none, or the one there has ended."""
        parent, case = self.members[i].parent, config[i]
        if parent is None or config[parent] is None:
            return False
        return case is None or self.members[i].workflow.states[case.state].final

    def _without(self, config: Config, i: int) -> Config:
        gone = {i}
        for j, member in enumerate(self.members):
            if member.parent in gone:
                gone.add(j)
        return tuple(None if j in gone else case for j, case in enumerate(config))

    def take(self, config: Config, move: Move, depth: int = 0, *, timed: bool = False) -> list[Config]:
        """Return what can come of an action with all that it tells; nothing where it is refused."""
        i, name, _ = move
        member, case = self.members[i], config[i]
        action = member.workflow.actions[name]
        state = self._machines[i].step(None if case is None else case.state, name)
        if depth > _DEEPEST or state is None or not self._allowed(config, i, name):
            return []
        assumed, timed = _assumed(action), timed or move.deadline is not None
        # One that runs again to its old date may be past already when what is told follows.
        past = timed or any(rule.runs_again_after == name for rule in member.workflow.deadlines.values())
        results: set[Config] = set()
        for statuses, believed in self._moved(config, move, state, assumed, timed=timed):
            after = _put(config, i, CaseAt(state, statuses))
            results.update(told for told, _ in self._told(after, i, action, believed, depth, timed=past))
        if results:
            self.taken.add((member.workflow.workflow, name, "" if case is None else case.state))
        return sorted(results, key=repr)

    def _allowed(self, config: Config, i: int, name: str) -> bool:
        guards = self._guards(i, name)
        if not guards.joined and not guards.alone:
            return True
        known = self.known(config, i)
        # How long a deadline has run, say, is mostly asked by none of them: cases that they can't tell apart are one.
        states = tuple(case and case.state for case in config) if guards.children else None
        key = (i, name, states, tuple(known.values.get(path) for path in guards.paths))
        if key not in self._cache:
            joined = [(guard, True) for guard in guards.joined]
            self._cache[key] = possible(joined, known) and all(possible([(g, True)], known) for g in guards.alone)
        return self._cache[key]

    def _guards(self, i: int, name: str) -> _Guards:
        """Return what stands before an action; what is offered is asked of the old values and the new."""
        if (i, name) not in self._read:
            action = self.members[i].workflow.actions[name]
            guards = [guard.must for guard in action.guards]
            alone = [g.must for g in action.offered_when if _mentions(g.must, action)]
            self._read[i, name] = _Guards(
                joined=tuple(guard for guard in guards if guard not in alone),
                alone=tuple(alone),
                children=any(reads_children(guard) for guard in guards),
                paths=tuple(sorted({".".join(path) for guard in guards for path in members_in(guard)})),
            )
        return self._read[i, name]

    def known(self, config: Config, i: int) -> Known:
        """Return what is known of the facts that a member's conditions read."""
        member = self.members[i]
        values = dict(self._facts[i].values)
        self._facts[i].put(values, "", member.deadlines, config[i])
        if member.parent is not None:
            above = self.members[member.parent]
            self._facts[member.parent].put(values, "parent.", above.deadlines, config[member.parent])
        return Known(values, self._facts[i].bounds, lambda node: self._exists(config, i, node))

    def _exists(self, config: Config, i: int, node: Some) -> bool | None:
        """Decide ``children.exists`` and ``parent.children.exists`` where all the children are members."""
        whose = {"children": i, "case.children": i, "parent.children": self.members[i].parent}.get(node.over)
        if whose is None or whose not in self.whole:
            return None
        answers = set()
        for j in self._children[whose]:
            case = config[j]
            if case is None:
                continue
            answers.add(self._facts[j].answer(node, case.state))
            # those that stood in this place before have ended, in whatever way
            states = self.members[j].workflow.states.items()
            if any(self._facts[j].answer(node, state) is not False for state, what in states if what.final):
                answers.add(None)
        return True if True in answers else None if None in answers else False

    def _moved(
        self, config: Config, move: Move, state: str, assumed: Assumed, *, timed: bool
    ) -> Iterator[tuple[tuple[Status, ...], Assumed]]:
        """Give how the member's deadlines can stand in the state after an action, with what was taken to be true."""
        member, case = self.members[move.member], config[move.member]
        workflow = member.workflow
        clocks = Clocks(
            rules={name: workflow.deadlines[name] for name in member.deadlines},
            action=move.action,
            passing=move.deadline,
            timed=timed,
            final=workflow.states[state].final,
            known=self.known(config, move.member),
        )
        return clocks.after((None,) * len(member.deadlines) if case is None else case.deadlines, assumed)

    def _told(
        self, config: Config, i: int, action: Action, assumed: Assumed, depth: int, *, timed: bool
    ) -> list[tuple[Config, Assumed]]:
        """Return what comes of the tells of an action, in their order."""
        branches = [(config, assumed)]
        for effect in action.effects:
            if effect.tell is None and effect.open is None:
                continue
            following = []
            for now, believed in branches:
                for truth in (True, False):
                    condition = [] if effect.when is None else [(effect.when, truth)]
                    if not condition and not truth:
                        continue
                    kept = [*believed, *(c for c in condition if own_fields_only(c[0], action))]
                    if not possible([*believed, *condition], Known(self._facts[i].values, self._facts[i].bounds)):
                        continue
                    reached = self._followed(now, i, effect, depth, timed=timed) if truth else [now]
                    following += [(other, kept) for other in reached]
            branches = following
        return branches

    def _followed(self, config: Config, i: int, effect: Effect, depth: int, *, timed: bool) -> list[Config]:
        if effect.tell is not None:
            return self._tell(config, i, effect.tell, depth, timed=timed)
        opened = effect.open.workflow if effect.open is not None else ""
        for j in self._children[i]:
            if self.members[j].workflow.workflow == opened and self._free(config, j):
                move = Move(j, self.members[j].workflow.opening[0])
                return self.take(self._without(config, j), move, depth + 1, timed=timed)
        return [config]

    def _tell(self, config: Config, i: int, tell: Tell, depth: int, *, timed: bool) -> list[Config]:
        parent = self.members[i].parent
        told = {"self": [i], "parent": [] if parent is None else [parent], "children": self._children[i]}[tell.case]
        reached = [config]
        for j in told:
            if config[j] is None or tell.action not in self.members[j].workflow.actions:
                continue
            told_one = Move(j, tell.action)
            perhaps = [] if tell.where is None else reached
            reached = [after for now in reached for after in self._one_told(now, told_one, tell, depth, timed=timed)]
            reached += [before for before in perhaps if before not in reached]
        return reached

    def _one_told(self, config: Config, move: Move, tell: Tell, depth: int, *, timed: bool) -> list[Config]:
        case = config[move.member]
        action = self.members[move.member].workflow.actions[move.action]
        if not tell.if_possible:
            return self.take(config, move, depth + 1, timed=timed)
        if case is None or self._machines[move.member].step(case.state, move.action) is None:
            return [config]
        known = self.known(config, move.member)
        offered = [(guard.must, True) for guard in action.offered_when]
        reached = self.take(config, move, depth + 1, timed=timed) if possible(offered, known) else []
        if any(possible([(guard, False)], known) for guard, _ in offered):
            reached = [*reached, config]
        return reached


def _only_opened(workflow: Workflow) -> bool:
    """Whether its cases are opened by other cases alone."""
    return workflow.opening[1].only_by_system and not workflow.recurring


def _assumed(action: Action) -> Assumed:
    """What holds of the case's own fields whenever the action is taken, and while its effects apply."""
    guards = [*action.requires, *(g for g in action.offered_when if not _mentions(g.must, action))]
    held = [guard.must for guard in guards] + [f"case.fields.{name} != null" for name in _given(action)]
    return [(must, True) for must in held if own_fields_only(must, action)]


def _given(action: Action) -> list[str]:
    """The fields that nobody can take the action without giving."""
    return [action.field_of(name) for name in action.asks if action.ask(name).needed]


def _mentions(guard: str, action: Action) -> bool:
    return any(f"fields.{action.field_of(name)}" in guard for name in action.asks) or "input." in guard


def _put(config: Config, i: int, case: CaseAt) -> Config:
    return (*config[:i], CaseAt(case.state, tuple(case.deadlines)), *config[i + 1 :])
