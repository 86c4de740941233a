"""A second, naive account of what linked cases can come to, for random small machines.

It knows nothing of the checks: it plays a parent and one child at a time by trying everything
that a machine's table lists, with deadlines that may pass at any time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any, NamedTuple

from tests.unit.machines import Document, guard, tell, workflow

#: A case as (state, how its deadline stands); a world is the parent and the child, or None.
Case = tuple[str, str | None]
World = tuple[Case, Case | None]


class Seen(NamedTuple):
    """What a guard sees: the case itself, its parent and its child."""

    me: Case
    up: Case | None
    kid: Case | None


Guard = Callable[[Seen], bool]

STATES = {"parent": ["p0", "p1", "p2", "pend"], "child": ["c0", "c1", "cend"]}
FINAL = {"pend", "cend"}
#: What a guard says, for whom, and the same as a function of the case, its parent and its child.
GUARDS: dict[str, tuple[str, Guard]] = {
    "parent.state == 'p1'": ("child", lambda s: s.up is not None and s.up[0] == "p1"),
    "parent.state in ['p0', 'p1']": ("child", lambda s: s.up is not None and s.up[0] in {"p0", "p1"}),
    "!parent.final": ("child", lambda s: s.up is not None and s.up[0] not in FINAL),
    "parent.final || case.state == 'c0'": ("child", lambda s: (s.up is not None and s.up[0] in FINAL) or s.me[0] == "c0"),
    "parent.deadlines.term.status == 'running'": ("child", lambda s: s.up is not None and s.up[1] in {"running", "overdue"}),
    "!children.exists(c, !c.final)": ("parent", lambda s: s.kid is None or s.kid[0] in FINAL),
    "children.all(c, c.final || c.state == 'c1')": ("parent", lambda s: s.kid is None or s.kid[0] in {*FINAL, "c1"}),
    "children.exists(c, c.state == 'c1')": ("parent", lambda s: s.kid is not None and s.kid[0] == "c1"),
    "deadlines.term.status == 'running'": ("", lambda s: s.me[1] in {"running", "overdue"}),
    "deadlines.term.status != null && case.state != 'p1'": ("", lambda s: s.me[1] is not None and s.me[0] != "p1"),
}  # fmt: skip


def random_pair(rng: Random) -> tuple[Document, Document]:
    """Return a random parent and child, which may have any of the faults that are looked for."""
    return _random(rng, "parent"), _random(rng, "child", parent="parent")


def _random(rng: Random, name: str, **more: Any) -> Document:
    states = STATES[name]
    actions: dict[str, Document] = {"submit": {"to": states[0]}}
    if name == "child" and rng.random() < 0.5:
        actions["submit"] |= _guards(rng, name)
    for index in range(rng.randint(2, 4)):
        system = rng.random() < 0.4
        actions[f"{name}_{index}"] = {
            "from": rng.sample(states[:-1], rng.randint(1, len(states) - 1)),
            "by": ["system"] if system else ["clerk"],
            **({"to": rng.choice([*states, states[-1]])} if rng.random() < 0.85 else {}),
            **(_guards(rng, name) if rng.random() < 0.4 else {}),
        }
    deadlines = {}
    if rng.random() < 0.6:
        systems = [key for key, action in actions.items() if action.get("by") == ["system"]]
        deadlines["term"] = {
            "starts": rng.choice([name for name in actions if actions[name].get("by") != ["system"]]),
            "ends": rng.sample(list(actions), rng.randint(0, 1)),
            "late": rng.choice(["overdue", "met", "lapsed"]),
            "length": rng.choice(["1 day", "2 days", "same day"]),
            **({"at_end": rng.choice(systems)} if systems else {}),
            **({"runs_again_after": rng.choice(list(actions))} if rng.random() < 0.3 else {}),
            **({"outlives_case": True} if rng.random() < 0.2 else {}),
        }
        if "at_end" not in deadlines["term"]:
            deadlines["term"]["late"] = "overdue"
    document = workflow(" ".join(s + "!" * (s in FINAL) for s in states), actions, deadlines, name=name, **more)
    others = {"parent": "child", "child": "parent"}[name]
    for action in document["actions"].values():
        if rng.random() < 0.35:
            where = rng.choice(["children" if name == "parent" else "parent", "self"])
            told = f"{name if where == 'self' else others}_{rng.randint(0, 3)}"
            action["effects"] = [tell(where, told, **({"if_possible": True} if rng.random() < 0.6 else {}))]
    return document


def _guards(rng: Random, name: str) -> Document:
    musts = [must for must, (whose, _) in GUARDS.items() if whose in {"", name}]
    return {rng.choice(["requires", "offered_when"]): [guard(rng.choice(musts))]}


def tidy(pair: tuple[Document, Document]) -> tuple[Document, Document]:
    """Take out tells of actions that are not there or are not the system's, and guards of no deadline."""
    by_name = {document["workflow"]: document for document in pair}
    for document in pair:
        for action in document["actions"].values():
            action["effects"] = [e for e in action.get("effects", []) if _told(by_name, document, e["tell"])]
            for part in ("requires", "offered_when"):
                if part in action:
                    action[part] = [g for g in action[part] if _speaks_of_what_is(by_name, document, g["must"])]
    return pair


def _told(by_name: dict[str, Document], document: Document, what: Document) -> bool:
    name = {"self": document["workflow"], "parent": "parent", "children": "child"}[what["case"]]
    action = by_name[name]["actions"].get(what["action"])
    return action is not None and action["by"] == ["system"]


def _speaks_of_what_is(by_name: dict[str, Document], document: Document, must: str) -> bool:
    if "parent.deadlines" in must:
        return "term" in by_name["parent"]["deadlines"]
    return "deadlines" not in must or "term" in document["deadlines"]


class Naive:
    """Everything that a pair can come to, tried out.

    Args:
        parent: its table.
        child: likewise.
    """

    def __init__(self, parent: Document, child: Document) -> None:
        self.tables = (parent, child)
        first = self._take(((parent["states"] and "", None), None), 0, "submit", None, opening=True)
        self.worlds: dict[World, set[World]] = {}
        waiting = [] if first is None else [first]
        while waiting:
            world = waiting.pop()
            if world not in self.worlds:
                self.worlds[world] = set(self._following(world))
                waiting += self.worlds[world]

    def stuck(self) -> set[tuple[int, str, bool]]:
        """Return (member, state, whether it can still move) for those that can come to no end."""
        found = set()
        for world in self.worlds:
            for i in (0, 1):
                case = world[i]
                if case is None or case[0] in FINAL:
                    continue
                later = self._later(world)
                if not any(other[i] is not None and other[i][0] in FINAL for other in later):  # type: ignore[index]
                    found.add((i, case[0], any(other[i] is not None and other[i][0] != case[0] for other in later)))  # type: ignore[index]
        return found

    def _later(self, world: World) -> set[World]:
        found: set[World] = set()
        waiting = [world]
        while waiting:
            now = waiting.pop()
            if now not in found:
                found.add(now)
                waiting += self.worlds[now]
        return found

    def _following(self, world: World) -> Iterator[World]:
        for i, case in enumerate(world):
            if i == 1 and (case is None or case[0] in FINAL):
                yield from filter(None, [self._take((world[0], ("", None)), 1, "submit", None, opening=True)])
            if case is None:
                continue
            for name, action in self.tables[i]["actions"].items():
                if action["by"] != ["system"] and "from" in action:
                    yield from filter(None, [self._take(world, i, name, None)])
            rule = self.tables[i]["deadlines"].get("term")
            if rule and case[1] == "running":
                if "at_end" in rule:
                    yield from filter(None, [self._take(world, i, rule["at_end"], "term")])
                else:
                    yield _with(world, i, (case[0], "overdue"))

    def _take(
        self, world: World, i: int, name: str, timer: str | None, depth: int = 0, *, opening: bool = False
    ) -> World | None:
        table = self.tables[i]
        action, case = table["actions"][name], world[i]
        assert case is not None
        if depth > 12 or (not opening and case[0] not in action.get("from", [])):
            return None
        if not all(self._holds(world, i, g) for g in [*action.get("offered_when", []), *action.get("requires", [])]):
            return None
        state, status = action.get("to", case[0]), case[1]
        rule = table["deadlines"].get("term")
        if rule:
            if name == rule["starts"]:
                status = "running"
            ending = name in rule["ends"] and status in {"running", "overdue"}
            if ending:
                status = "met_late" if status == "overdue" or (timer and rule["late"] != "met") else "met"
            if name == rule.get("runs_again_after") and status == "met":
                status = "running"
            if timer and (status == "running" or rule["late"] != "overdue"):
                status = rule["late"]
            if state in FINAL and status in {"running", "overdue"} and not rule.get("outlives_case"):
                status = "cancelled"
        now: World | None = _with(world, i, (state, status))
        for effect in action["effects"]:
            now = self._tell(now, i, effect["tell"], depth) if now else None
        return now

    def _tell(self, world: World, i: int, what: Document, depth: int) -> World | None:
        j = {"self": i, "parent": 0, "children": 1}[what["case"]]
        case = world[j]
        if case is None:
            return world
        action = self.tables[j]["actions"][what["action"]]
        if what.get("if_possible"):
            offered = all(self._holds(world, j, g) for g in action.get("offered_when", []))
            if case[0] not in action.get("from", []) or not offered:
                return world
        return self._take(world, j, what["action"], None, depth + 1)

    def _holds(self, world: World, i: int, one: Document) -> bool:
        case = world[i]
        assert case is not None
        return GUARDS[one["must"]][1](Seen(case, world[0] if i else None, None if i else world[1]))


def _with(world: World, i: int, case: Case) -> World:
    return (case, world[1]) if i == 0 else (world[0], case)
