"""Plan what people do with a case: the way out of its state that they will take, and what they do on the side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from typing import NamedTuple

from msgspec import Struct, field

from credit_workflow.authoring.simulation.assumptions import People
from credit_workflow.authoring.simulation.draws import drawn, weighted, whole_days
from credit_workflow.engine.amending.rectification import rule_of
from credit_workflow.engine.attempt import available
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import SYSTEM, Actor, Case
from credit_workflow.engine.world import Moment, World

#: So often a case is acted on in one day at most; what goes round in circles goes on the next day.
MOST_A_DAY = 50


class Task(Struct, kw_only=True, eq=False, gc=False):
    """An action that somebody will take, or with ``follows`` a case of that workflow to be filed.

    ``stay`` counts the states that the case has come to: what chance is drawn by, since other rules may add entries.
    """

    case: str
    action: str
    role: str
    move: bool = False
    stay: int = 0
    follows: str | None = None


class Plan(Struct, kw_only=True, eq=False):
    """What people intend with one case.

    ``next`` is the way out of the state chosen, ``sides`` what is done beside it (None for what was not
    chosen, or is done), ``stay`` counts the states it came to, ``times`` how often it
    was asked what is done beside; it ``waits`` where it is left to the system.
    """

    state: str | None = None
    stay: int = 0
    next: Task | None = None
    sides: dict[str, Task | None] = {}
    refused: set[str] = set()
    times: Counter[str] = field(default_factory=Counter)
    waits: bool = False
    day: date | None = None
    acts: int = 0

    def awaits(self, task: Task) -> bool:
        """Whether a task is still intended."""
        return self.next is task if task.move else self.sides.get(task.action) is task

    def too_often(self, day: date) -> bool:
        """Count an act on a day; whether there were too many."""
        if self.day != day:
            self.day, self.acts = day, 0
        self.acts += 1
        return self.acts > MOST_A_DAY

    @property
    def idle(self) -> bool:
        """Whether nobody intends anything."""
        return self.next is None and not any(self.sides.values())


class Offered(NamedTuple):
    """What people can do with a case now: what moves it, and what leaves its state as it is."""

    moves: tuple[str, ...]
    sides: tuple[str, ...]


def everybody(rules: Iterable[Rules]) -> Actor:
    """Return somebody with every role that people have, who has done nothing yet."""
    roles = {role for its in rules for action in its.actions.values() for role in action.by} - {SYSTEM}
    return Actor(account="(simulation)", roles=frozenset(roles))


def since(case: Case, rules: Rules) -> date:
    """Return the day on which a case came to its state."""
    actions = rules.actions
    came = [done.on for name, done in case.done.items() if name in actions and actions[name].to == case.state]
    return max(came, default=case.opened)


def offered(world: World, case: Case, anybody: Actor, moment: Moment) -> Offered:
    """Return what somebody can do with a case now; putting slips right left aside."""
    rules = world.rules_of(case)
    names = [name for name in available(world, case, anybody, moment) if rule_of(rules, name) is None]
    moves = tuple(name for name in names if rules.actions[name].to is not None)
    return Offered(moves, tuple(name for name in names if rules.actions[name].to is None))


def role_of(people: People, rules: Rules, name: str) -> str:
    """Return the role that takes an action: the one assumed, else the first of people's that may."""
    habit = people.habits.get((rules.id, name))
    if habit is not None and habit.role is not None:
        return habit.role
    by = rules.actions[name].by
    return next((role for role in by if role != SYSTEM), by[0])


@cache
def by_system(rules: Rules, state: str) -> tuple[str, ...]:
    """Return the ways out of a state that only the system takes."""
    return tuple(
        name
        for name in rules.machine.triggers(state)
        if (action := rules.actions[name]).to is not None and action.only_by_system
    )


def chosen_move(people: People, rules: Rules, case: Case, plan: Plan, moves: Sequence[str]) -> tuple[str | None, bool]:
    """Return the way out of its state that people will take a case, and whether anything is known of that.

    None where they have none, or leave the case to the system: then the plan ``waits``.
    """
    ways = (*moves, *by_system(rules, case.state))
    weights, known = people.weights(rules.id, case.state, moves, ways[len(moves) :])
    left = [0.0 if name in plan.refused else weight for name, weight in zip(ways, weights, strict=True)]
    place = drawn(people.seed, case.number, "way", case.state, plan.stay, len(plan.refused))
    index = weighted(left, place)
    plan.waits = index is not None and index >= len(moves)
    return (None if index is None or plan.waits else moves[index]), known


def chosen_sides(people: People, rules: Rules, case: Case, plan: Plan, fresh: Sequence[str]) -> list[str]:
    """Return which of the actions offered anew, that leave the state as it is, will be taken.

    Those that are offered on the same condition are rivals: at most one of them is taken.
    """
    owed = {name for name, _, _ in rules.owed}
    chosen = []
    for group in _rivals(rules, fresh):
        plan.times[group[0]] += 1
        place = drawn(people.seed, case.number, "beside", group[0], plan.times[group[0]])
        reached = 0.0
        for name in group:
            # Where nothing is known of rivals that are owed, the first one counts, not each of them.
            reached += people.share(rules.id, name, owed=name in owed)
            if place < reached:
                chosen.append(name)
                break
    return chosen


def days_until(people: People, case: Case, action: str, plan: Plan, least: int = 0) -> int:
    """Return after how many working days an action is taken up.

    Args:
        people: says how long it takes.
        case: the case.
        action: the action.
        plan: what is intended with the case.
        least: so many have passed already: what would have been done by then is drawn again.
    """
    takes = people.takes(case.workflow, action)
    days = 0
    for again in range(8):
        days = whole_days(takes, drawn(people.seed, case.number, action, "takes", case.state, plan.stay, again))
        if days >= least:
            break
    return days


def _rivals(rules: Rules, names: Sequence[str]) -> list[list[str]]:
    groups: list[tuple[set[str], list[str]]] = []
    for name in names:
        guards = {guard.must for guard in rules.actions[name].offered_when}
        for known, group in groups:
            if known & guards:
                known.update(guards)
                group.append(name)
                break
        else:
            groups.append((guards, [name]))
    return [group for _, group in groups]
