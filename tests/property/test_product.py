"""What linked machines can come to: against a naive account of it, and against the engine itself."""

from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credit_workflow.authoring.analysis.exploration import Exploration, explored, siblings, together
from credit_workflow.authoring.analysis.linked_machines import CaseAt, Config
from credit_workflow.authoring.analysis.stuck_cases import stuck
from credit_workflow.calendar.loading import load_calendar
from credit_workflow.definition.library import load_definitions
from credit_workflow.definition.model import Workflow
from credit_workflow.engine.clocks import deadlines as dl
from credit_workflow.engine.fire import fire
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.timers import catch_up
from credit_workflow.engine.values import Actor, Case
from credit_workflow.engine.world import Moment, Request, World, opening_of
from credit_workflow.errors import CreditWorkflowError
from credit_workflow.identity import NOBODY
from credit_workflow.strict_yaml.decoding import typed
from tests.property.core import Core, exit_of
from tests.property.lives import Life
from tests.property.naive import Model
from tests.property.naive_product import FINAL, Naive, random_pair, tidy
from tests.property.test_against_naive import is_working

_CALENDAR = load_calendar()
_QUICK = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
_SEEDS = st.integers(0, 2**32)  # a machine is made of many small choices: drawing each one costs more than it helps


def machines(rng: Random) -> tuple[dict[str, Workflow], Naive]:
    pair = tidy(random_pair(rng))
    return {document["workflow"]: typed(document, Workflow) for document in pair}, Naive(*pair)


def states(config: Config) -> tuple[str | None, ...]:
    return tuple(None if case is None else case.state for case in config)


@_QUICK
@given(seed=_SEEDS)
def test_what_is_reached_and_what_is_stuck_is_what_trying_everything_finds(seed: int) -> None:
    workflows, naive = machines(Random(seed))
    exploration = explored(together(workflows["parent"], workflows))
    assert exploration.complete
    reached = {states(config) for config in exploration.configs}
    assert reached == {(parent[0], None if child is None else child[0]) for parent, child in naive.worlds}
    found = {(s.member, str(states(s.config)[s.member]), s.moves) for s in stuck(exploration)}
    assert found == naive.stuck()


def test_the_random_machines_have_what_they_are_made_for() -> None:
    kinds: set[tuple[int, bool]] = set()
    ended = stood = followed = again = 0
    for seed in range(150):
        _, naive = machines(Random(seed))
        cases = {case for world in naive.worlds for case in world if case is not None}
        stood += any(term == "stopped pause" for _, term, _ in cases)
        followed += any(next_ == "running" for _, _, next_ in cases)
        rules = [table["deadlines"].get("term", {}) for table in naive.tables]
        again += any(rule.get("at_end") in rule.get("starts", ()) for rule in rules)
        kinds |= {(member, moves) for member, _, moves in naive.stuck()}
        ended += any(parent[0] in FINAL for parent, _ in naive.worlds)
    assert kinds == {(0, True), (0, False), (1, True), (1, False)}
    assert ended > 25
    assert min(stood, followed, again) >= 5, (stood, followed, again)


class Walk:
    """A random walk of the engine over a parent and one child at a time."""

    def __init__(self, rng: Random, workflows: dict[str, Workflow], exploration: Exploration) -> None:
        self.rng, self.workflows = rng, workflows
        self.rules = {name: Rules(workflow, name) for name, workflow in workflows.items()}
        self.world = World(rules=self.rules, calendar=_CALENDAR)
        self.day = date(2026, 3, 2)
        self.child = ""
        self.exploration = exploration
        self.places = {config: at for at, config in enumerate(exploration.configs)}
        self.dead = {(s.member, s.config) for s in stuck(exploration) if not s.moves}

    def moment(self) -> Moment:
        return Moment(at=datetime.combine(self.day, time(4), UTC), effective=self.day)

    def request(self, request: Request) -> None:
        with contextlib.suppress(CreditWorkflowError, RecursionError):
            self.world = fire(self.world, request, self.moment()).world

    def open(self, workflow: str, number: str, parent: str | None) -> None:
        opening = opening_of(self.rules[workflow], subject=NOBODY, parent=parent)
        actor = Actor(account="clerk1", roles=frozenset({"clerk"}))
        self.request(Request(action="submit", case=number, actor=actor, opening=opening))

    def step(self, serial: int) -> None:
        child = self.world.cases.get(self.child)
        kind = self.rng.random()
        if "P" not in self.world.cases:
            self.open("parent", "P", None)
        elif kind < 0.2 and (child is None or child.final):
            self.open("child", f"C{serial}", "P")
            if f"C{serial}" in self.world.cases:
                self.child = f"C{serial}"
        elif kind < 0.45:
            self.day += timedelta(days=1)
            try:
                self.world = catch_up(self.world, self.moment()).world
            except (CreditWorkflowError, RecursionError):
                self.day -= timedelta(days=1)  # a timer without a way out: this walk keeps its day
        else:
            number = self.rng.choice(list(self.world.cases))
            action = self.rng.choice(list(self.workflows[self.world.cases[number].workflow].actions))
            if action != "submit":
                actor = Actor(account="clerk1", roles=frozenset({"clerk"}))
                self.request(Request(action=action, case=number, actor=actor))

    def config(self) -> Config:
        family = self.exploration.family
        cases = (self.world.cases.get("P"), self.world.cases.get(self.child))
        return tuple(
            None if case is None else self.seen(case, m.deadlines)
            for case, m in zip(cases, family.members, strict=True)
        )

    def seen(self, case: Case, followed: tuple[str, ...]) -> CaseAt:
        return CaseAt(case.state, tuple(self.status(case, name) for name in followed))

    def status(self, case: Case, name: str) -> str | None:
        deadline = case.deadlines.get(name)
        if deadline is None:
            return None
        if deadline.status == "running" and deadline.stopped:
            return "stopped pause"
        return dl.standing(self.world.rules_of(case).deadline(name), deadline, self.day)


@_QUICK
@given(seed=_SEEDS)
def test_the_engine_comes_to_nothing_else_and_never_moves_what_is_dead(seed: int) -> None:
    rng = Random(seed)
    workflows, _ = machines(rng)
    walk = Walk(rng, workflows, explored(together(workflows["parent"], workflows)))
    before: Config | None = None
    child = ""
    for serial in range(25):
        walk.step(serial)
        if "P" not in walk.world.cases:
            continue
        now = walk.config()
        assert now in walk.places, (before, now)
        for i in (0, 1) if walk.child == child else (0,):
            if before is not None and (i, before) in walk.dead:
                assert states(now)[i] == states(before)[i]
        before, child = now, walk.child


@pytest.mark.parametrize("seed", range(15))
def test_lives_of_the_shipped_machines_stay_where_the_product_says(seed: int) -> None:
    core = Core()
    Life(Random(seed), Model(is_working), core, exit_of).run(60)
    for kind, above in (("marking", "objection"), ("revocation", "marking")):
        for number, case in core.cases.items():
            if case.workflow == kind and case.parent is not None:
                assert (core.cases[case.parent].state, case.state) in pairs(above, kind), number


def pairs(above: str, below: str) -> set[tuple[str | None, str | None]]:
    if (above, below) not in _PAIRS:
        workflows = {name: d.workflow for name, d in load_definitions().items()}
        exploration = explored(siblings(workflows[above], workflows[below], workflows))
        _PAIRS[above, below] = {(c[0], c[i]) for c in map(states, exploration.configs) for i in (1, 2)}
    return _PAIRS[above, below]


_PAIRS: dict[tuple[str, str], set[tuple[str | None, str | None]]] = {}
