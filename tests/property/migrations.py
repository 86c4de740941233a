"""Other versions of the objection, made at random, and cases that go over to them and back."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

import msgspec

from credit_workflow.definition.library import load_definitions
from credit_workflow.definition.model import Workflow
from credit_workflow.definition.rules.soundness import problems_of
from credit_workflow.engine.amending.migration import Plan, migration, plan, undone
from credit_workflow.engine.replay import evolve
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.timers import catch_up
from credit_workflow.engine.values import Actor, Case, Entry
from credit_workflow.engine.world import Moment, Outcome, Recorded
from tests.property.core import Core, exit_of
from tests.property.lives import PAPERS, Life
from tests.property.naive_actions import ACTIONS

AUTHORITY = Actor(account="authority1", roles=frozenset({"authority"}))
LENGTHS = ["5 working days", "3 days", "20 days", "30 days", "60 days", "1 years"]
HAND_ON = {
    "title": {"zh": "移交期限", "en": "Handing over"}, "kind": "target", "length": "2 working days", "starts": "accept",
    "ends": ["transfer"], "late": "overdue", "at_end": "overdue", "source": "[practice]",
}  # fmt: skip

STOP: dict[str, Any] = {
    "title": {"zh": "待决定", "en": "to be decided"}, "begins": ["request_extension"],
    "ends": ["grant_extension", "deny_extension"], "source": "[practice]",
}  # fmt: skip
LONGER = {"when": "case.fields.resident == true", "length": "45 days", "source": "[practice]"}


def other_version(rng: Random, version: int) -> Rules:
    """Return a version of the objection with other lengths, other deadlines and perhaps another name of a state."""
    raw: dict[str, Any] = msgspec.json.decode(load_definitions()["objection"].body)
    text = msgspec.json.encode(raw).decode()
    states = {}
    if rng.random() < 0.5:
        text = text.replace('"verifying"', '"checking"')
        states = {"verifying": "checking"}
    raw = msgspec.json.decode(text)
    raw["version"] = version
    raw["takes_over"] = {
        "from": "2015-05-18", "states": states, "deadlines": rng.choice(["recount", "recount", "keep"]),
        "source": "[practice]",
    }  # fmt: skip
    for name in ("handling", "collection", "dispute_window", "archive"):
        if rng.random() < 0.5:
            raw["deadlines"][name]["length"] = rng.choice(LENGTHS)
            raw["deadlines"][name].pop("if_day_off", None)
    handling = raw["deadlines"]["handling"]
    if "years" not in handling["length"] and rng.random() < 0.5:
        then = rng.choice(["remainder", "full_length"])
        handling["suspensions"] = {"extending": STOP | {"then": then}}
    if handling["length"][-5:] == " days" and "working" not in handling["length"] and rng.random() < 0.5:
        handling |= {"first_day_counts": rng.random() < 0.5, "other_lengths": [LONGER]}
    raw["states"]["accepted"]["waits_for"] = rng.choice(["window", "center"])
    if rng.random() < 0.4:
        del raw["deadlines"]["collection"]
    if rng.random() < 0.7:
        raw["deadlines"]["hand_on"] = HAND_ON
    workflow = msgspec.convert(raw, Workflow)
    assert problems_of(workflow) == []
    return Rules(workflow, f"version-{version}")


class Versions:
    """A core in which cases go over to other versions of the objection."""

    def __init__(self, rng: Random, life: Life, core: Core) -> None:
        self.rng, self.life, self.core = rng, life, core
        self.versions = [core.by_name["objection"], *(other_version(rng, n) for n in (2, 3))]
        core.rules = {**core.rules, **{rules.digest: rules for rules in self.versions}}

    def running(self) -> list[str]:
        return [n for n, case in self.core.cases.items() if case.workflow == "objection" and not case.final]

    def history(self, number: str) -> list[Recorded]:
        return [Recorded(seq=seq, entry=entry) for seq, entry in enumerate(self.core.log[number], 1)]

    def planned(self, number: str, target: Rules, day: date) -> Plan:
        """The plan for a case, once what was due has been recorded."""
        world = self.core._world(self.core._family(number))
        self.core._keep(catch_up(world, _moment(day)))
        world = self.core._world(self.core._family(number))
        return plan(world, number, target, self.history(number), day)

    def taken_back(self, number: str) -> Plan | None:
        return undone(self.core._world(self.core._family(number)), number, self.history(number))

    def go(self, made: Plan, day: date) -> Entry:
        entry = migration(made, AUTHORITY, "authority", _moment(day))
        case = evolve(self.core.cases[entry.case], entry)
        world = self.core._world({**self.core._family(entry.case), entry.case: case})
        self.core._keep(Outcome(entries=(entry,), world=world))
        return entry

    def act(self, day: date) -> None:
        """Somebody tries a step on some case; a refusal is as good as any."""
        number = self.rng.choice(self.running())
        action = self.rng.choice(sorted(ACTIONS["objection"]))
        rule = ACTIONS["objection"][action]
        seen = {"identity_checked": True, "resident": True} if action == "accept" else {}
        fields = self.life._fields(action, rule.needs.split(), omission=False) | seen
        materials = PAPERS["natural"] | PAPERS["legal"] | {"objection_form", "evidence", "withdrawal_request"}
        if action == "accept":
            materials -= {"withdrawal_request"}
        exit_of(
            lambda: self.core.act(
                day, number, action, account=f"{rule.role}1", role=rule.role, fields=fields, materials=materials
            )
        )


def fired_twice(core: Core, number: str) -> str | None:
    """Return a deadline whose timer fired again, by the log alone.

    It may where something had started it anew, or an extension had moved it to an end that was still to come.
    """
    fired: set[str] = set()
    definition = ""
    for entry in core.log[number]:
        given = entry.change.opening or entry.change.migrated
        definition = definition if given is None else given.definition
        rules = core.rules[definition]
        for name, rule in rules.workflow.deadlines.items():
            if entry.change.migrated is None and entry.action in (*rule.starters, rule.runs_again_after):
                fired.discard(name)
        if entry.change.migrated is None:
            moved = entry.change.deadlines.items()
            fired -= {name for name, now in moved if now.flagged is None and now.due >= entry.effective}
        name = entry.change.deadline
        if name is not None and name in fired:
            return name
        if name is not None:
            fired.add(name)
    return None


def same_but_version(one: Case, other: Case) -> bool:
    return msgspec.structs.replace(one, version=0) == msgspec.structs.replace(other, version=0)


def _moment(day: date) -> Moment:
    from tests.property.core import _moment as moment_of  # noqa: PLC0415

    return moment_of(day)
