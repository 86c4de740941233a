"""A second, naive account of what linked cases can come to, for random small machines.

It knows nothing of the checks: it plays a parent and one child at a time by trying everything
that a machine's table lists, with deadlines that may pass at any time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from random import Random
from typing import Any, NamedTuple

from tests.unit.machines import Document, guard, tell, workflow

Status = str | None
#: A case as (state, how its deadlines `term` and `next` stand); a world is the parent and the child, or None.
Case = tuple[str, Status, Status]
World = tuple[Case, Case | None]
NAMES = ("term", "next")
NOT_YET: Case = ("", None, None)
RUNS = {"running", "overdue", "stopped pause"}
TITLE = {"zh": "甲", "en": "a"}


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
    "parent.deadlines.term.status == 'running'": ("child", lambda s: s.up is not None and s.up[1] in RUNS),
    "parent.deadlines.next.status == 'running'": ("child", lambda s: s.up is not None and s.up[2] in RUNS),
    "!children.exists(c, !c.final)": ("parent", lambda s: s.kid is None or s.kid[0] in FINAL),
    "children.all(c, c.final || c.state == 'c1')": ("parent", lambda s: s.kid is None or s.kid[0] in {*FINAL, "c1"}),
    "children.exists(c, c.state == 'c1')": ("parent", lambda s: s.kid is not None and s.kid[0] == "c1"),
    "deadlines.term.status == 'running'": ("", lambda s: s.me[1] in RUNS),
    "deadlines.next.status == 'running'": ("", lambda s: s.me[2] in RUNS),
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
    deadlines = _deadlines(rng, actions) if rng.random() < 0.6 else {}
    document = workflow(" ".join(s + "!" * (s in FINAL) for s in states), actions, deadlines, name=name, **more)
    others = {"parent": "child", "child": "parent"}[name]
    for action in document["actions"].values():
        if rng.random() < 0.35:
            where = rng.choice(["children" if name == "parent" else "parent", "self"])
            told = f"{name if where == 'self' else others}_{rng.randint(0, 3)}"
            action["effects"] = [tell(where, told, **({"if_possible": True} if rng.random() < 0.6 else {}))]
    return document


def _deadlines(rng: Random, actions: dict[str, Document]) -> dict[str, Document]:
    systems = [key for key, action in actions.items() if action.get("by") == ["system"]]
    term = {
        "starts": [rng.choice([name for name in actions if actions[name].get("by") != ["system"]])],
        "ends": rng.sample(list(actions), rng.randint(0, 1)),
        "late": rng.choice(["overdue", "met", "lapsed"]),
        "length": rng.choice(["1 day", "2 days", "same day"]),
        **({"at_end": rng.choice(systems)} if systems else {"late": "overdue"}),
        **({"runs_again_after": rng.choice(list(actions))} if rng.random() < 0.3 else {}),
        **({"outlives_case": True} if rng.random() < 0.2 else {}),
    }
    if "at_end" in term and rng.random() < 0.2:
        term["starts"] = sorted({*term["starts"], term["at_end"]})
    if term["length"] != "same day" and rng.random() < 0.5:
        begins, ends = rng.sample(list(actions), 2)
        stop = {"title": TITLE, "source": "甲法", "begins": [begins], "ends": [ends]}
        term["suspensions"] = {"pause": stop | ({"then": "full_length"} if rng.random() < 0.3 else {})}
    once = [*(["met"] if term["ends"] else []), *(["passed"] if "at_end" in term else [])]
    if not once or rng.random() < 0.4:
        return {"term": term}
    following = {
        "starts": {"deadline": "term", "once": rng.choice(once)},
        "ends": rng.sample(list(actions), rng.randint(0, 1)),
        "late": rng.choice(["overdue", "met", "lapsed"]),
        "length": rng.choice(["1 day", "2 days", "same day"]),
        **({"at_end": rng.choice(systems)} if systems else {"late": "overdue"}),
        **({"outlives_case": True} if rng.random() < 0.5 else {}),
    }
    return {"term": term, "next": following}


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
    there = (by_name["parent"] if "parent." in must else document)["deadlines"]
    return all(name in there for name in NAMES if f"deadlines.{name}." in must)


class Naive:
    """Everything that a pair can come to, tried out.

    Args:
        parent: its table.
        child: likewise.
    """

    def __init__(self, parent: Document, child: Document) -> None:
        self.tables = (parent, child)
        self.worlds: dict[World, set[World]] = {}
        waiting = list(self._take((NOT_YET, None), 0, "submit", None, opening=True))
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
                yield from self._take((world[0], NOT_YET), 1, "submit", None, opening=True)
            if case is None:
                continue
            for name, action in self.tables[i]["actions"].items():
                if action["by"] != ["system"] and "from" in action:
                    yield from self._take(world, i, name, None)
            for name, rule in self.tables[i]["deadlines"].items():
                if case[1 + NAMES.index(name)] == "running":
                    if "at_end" in rule:
                        yield from self._take(world, i, rule["at_end"], name)
                    else:
                        now = dict(zip(NAMES, case[1:], strict=True)) | {name: "overdue"}
                        yield _with(world, i, (case[0], now["term"], now["next"]))

    def _take(
        self,
        world: World,
        i: int,
        name: str,
        timer: str | None,
        depth: int = 0,
        *,
        opening: bool = False,
        timed: bool = False,
    ) -> set[World]:
        table = self.tables[i]
        action, case = table["actions"][name], world[i]
        assert case is not None
        if depth > 12 or (not opening and case[0] not in action.get("from", [])):
            return set()
        if not all(self._holds(world, i, g) for g in [*action.get("offered_when", []), *action.get("requires", [])]):
            return set()
        timed = timed or timer is not None
        # On the day on which one deadline has passed, others may have passed, too.
        pasts = _subsets(table["deadlines"]) if timed else [set()]
        # So may one that runs again to its old date, when what is told follows.
        again = any(rule.get("runs_again_after") == name for rule in table["deadlines"].values())
        found: set[World] = set()
        for after in {self._moved(i, case, name, timer, past | ({timer} if timer else set())) for past in pasts}:
            worlds = {_with(world, i, after)}
            for effect in action["effects"]:
                worlds = {w for now in worlds for w in self._tell(now, i, effect["tell"], depth, timed=timed or again)}
            found |= worlds
        return found

    def _moved(self, i: int, case: Case, name: str, timer: str | None, past: set[str]) -> Case:
        rules = self.tables[i]["deadlines"]
        state = self.tables[i]["actions"][name].get("to", case[0])
        now: dict[str, Status] = dict(zip(NAMES, case[1:], strict=True))
        started = _start_and_stop(rules.get("term"), name, now, late="term" in past)
        past = past - started
        over = set()
        for key, rule in rules.items():
            if name in rule["ends"] and now[key] in RUNS:
                too_late = key in past and now[key] == "running" and rule["late"] != "met"
                now[key] = "met_late" if now[key] == "overdue" or too_late else "met"
                over.add((key, "met"))
            if name == rule.get("runs_again_after") and now[key] == "met":
                now[key] = "running"
            if key == timer:
                over.add((key, "passed"))
                if key in past and (now[key] == "running" or rule["late"] != "overdue"):
                    now[key] = rule["late"]
        following = rules.get("next")
        if following and (following["starts"]["deadline"], following["starts"]["once"]) in over:
            now["next"] = "met" if name in following["ends"] else "running"
        for key, rule in rules.items():
            if state in FINAL and now[key] in RUNS and not rule.get("outlives_case"):
                now[key] = "cancelled"
        return state, now["term"], now["next"]

    def _tell(self, world: World, i: int, what: Document, depth: int, *, timed: bool) -> set[World]:
        j = {"self": i, "parent": 0, "children": 1}[what["case"]]
        case = world[j]
        if case is None:
            return {world}
        action = self.tables[j]["actions"][what["action"]]
        if what.get("if_possible"):
            offered = all(self._holds(world, j, g) for g in action.get("offered_when", []))
            if case[0] not in action.get("from", []) or not offered:
                return {world}
        return self._take(world, j, what["action"], None, depth + 1, timed=timed)

    def _holds(self, world: World, i: int, one: Document) -> bool:
        case = world[i]
        assert case is not None
        return GUARDS[one["must"]][1](Seen(case, world[0] if i else None, None if i else world[1]))


def _with(world: World, i: int, case: Case) -> World:
    return (case, world[1]) if i == 0 else (world[0], case)


def _start_and_stop(rule: Document | None, name: str, now: dict[str, Status], *, late: bool) -> set[str]:
    """Start `term`, or its clock, or stop it; return the deadlines that began."""
    if rule is None:
        return set()
    started = {"term"} if name in rule["starts"] else set()
    if started:
        now["term"] = "running"
    for stop in rule.get("suspensions", {}).values():
        if name in stop["ends"] and now["term"] == "stopped pause":
            now["term"] = "running"
        elif name in stop["begins"] and now["term"] == "running" and (started or not late):
            now["term"] = "stopped pause"
    return started


def _subsets(names: Document) -> list[set[str]]:
    return [set(some) for size in range(len(names) + 1) for some in combinations(names, size)]
