"""Measure how much of a definition its examples exercise.

Pure: it looks at definitions, log entries and refusals, and knows nothing of where they come from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from credit_workflow.casework.rulebook.scenario_answers import Count
from credit_workflow.definition.clock_rules import DeadlineRule
from credit_workflow.definition.machine import Machine
from credit_workflow.definition.model import Action, Workflow
from credit_workflow.engine.values import Deadline, Entry, Ground

#: What is counted, in the order in which it is told.
KINDS = ("states", "actions", "transitions", "guards", "materials", "deadlines")


class Item(NamedTuple):
    """One thing to be exercised: of which workflow, of which of the `KINDS`, and its name."""

    workflow: str
    kind: str
    name: str


@dataclass
class Coverage:
    """What has been exercised so far, over all examples."""

    seen: set[Item] = field(default_factory=set)

    def acted(self, workflow: Workflow, entry: Entry) -> None:
        """Note an entry of a case's log; that of a refusal says nothing here."""
        action = workflow.actions.get(entry.action)
        if action is None or entry.change.refused is not None:
            return
        name = workflow.workflow
        self._add(name, "states", entry.after)
        self._add(name, "actions", entry.action)
        if entry.before is not None:
            self._add(name, "transitions", _transition(action, entry.action, entry.before))
        for guard in action.guards:
            self._add(name, "guards", _guard(entry.action, guard.id, held=True))
        self._deadlines(workflow, entry)

    def refused(self, workflow: Workflow, action: str, grounds: Iterable[Ground]) -> None:
        """Note the grounds on which an action was refused; the guards not among them held.

        Where only the role or the state stood in the way, no guard was looked at; and grounds of an
        action that another case was told are not this action's.
        """
        rule = workflow.actions[action]
        codes = [ground.code for ground in grounds]
        guards = [guard.id for guard in rule.guards]
        name = workflow.workflow
        for ground in grounds:
            material = ground.facts.get("material")
            if ground.code == "material" and material in rule.materials:
                self._add(name, "materials", _material(action, str(material)))
        if {*guards, "material", "four_eyes"}.intersection(codes):
            for guard in guards:
                self._add(name, "guards", _guard(action, guard, held=guard not in codes))

    def stood(self, workflow: Workflow, deadline: str, status: str) -> None:
        """Note how a deadline was seen to stand on a day, whether or not its passing was recorded."""
        if status in ("overdue", "met_late", "lapsed"):
            self._add(workflow.workflow, "deadlines", f"{deadline}: {_late(workflow.deadlines[deadline])}")

    def of(self, workflow: Workflow) -> dict[str, Count]:
        """Return what was exercised of a definition, by kind."""
        found: dict[str, Count] = {}
        for kind in KINDS:
            items = [item for item in items_of(workflow) if item.kind == kind]
            missing = tuple(item.name for item in items if item not in self.seen)
            found[kind] = Count(covered=len(items) - len(missing), of=len(items), missing=missing)
        return found

    def _deadlines(self, workflow: Workflow, entry: Entry) -> None:
        for name, deadline in entry.change.deadlines.items():
            rule = workflow.deadlines.get(name)
            if rule is None:
                continue
            aspects = [*_clock(entry, rule, deadline)]
            if entry.action in rule.starters or _chained(entry, rule, deadline):
                aspects.append("started")
            if deadline.extension:
                aspects.append("extended")
            if deadline.resumed is not None:
                aspects.append("resumed")
            if entry.change.deadline == name:
                aspects.append(_late(rule))
            elif entry.action in rule.ends and deadline.status == "met":
                aspects.append("met")
            for aspect in aspects:
                self._add(workflow.workflow, "deadlines", f"{name}: {aspect}")

    def _add(self, workflow: str, kind: str, name: str) -> None:
        self.seen.add(Item(workflow, kind, name))


def items_of(workflow: Workflow) -> Iterator[Item]:
    """Give everything of a definition that examples can exercise.

    A transition is a state with an action open to it; where a definition writes ``any`` or ``open``,
    it is one transition for all of those states. Of each guard there are two things to see, that it
    held and that it stood in the way; of each material, that it was missing; of each deadline that it
    started, was met, ran out in its own way, and was extended, resumed, stopped and let go on where the
    rule has that.
    """
    names: dict[str, dict[str, None]] = {kind: {} for kind in KINDS}
    names["states"].update(dict.fromkeys(workflow.states))
    names["actions"].update(dict.fromkeys(workflow.actions))
    sources = Machine(workflow).sources
    for name, action in workflow.actions.items():
        names["transitions"].update(dict.fromkeys(_transition(action, name, state) for state in sources[name]))
        for guard in action.guards:
            names["guards"].update({_guard(name, guard.id, held=held): None for held in (True, False)})
        names["materials"].update(dict.fromkeys(_material(name, material) for material in action.materials))
    for name, rule in workflow.deadlines.items():
        names["deadlines"].update({f"{name}: {aspect}": None for aspect in _aspects(rule)})
    return (Item(workflow.workflow, kind, name) for kind in KINDS for name in names[kind])


def total(counts: Mapping[str, Count]) -> Count:
    """Return the counts of all kinds together."""
    missing = tuple(f"{kind}: {name}" for kind, count in counts.items() for name in count.missing)
    covered, of = (sum(getattr(count, name) for count in counts.values()) for name in ("covered", "of"))
    return Count(covered=covered, of=of, missing=missing)


def _transition(action: Action, name: str, state: str) -> str:
    return f"{action.origin if action.origin in ('any', 'open') else state} → {name}"


def _guard(action: str, guard: str, *, held: bool) -> str:
    return f"{action}.{guard}: {'held' if held else 'unmet'}"


def _material(action: str, material: str) -> str:
    return f"{action}.{material}: missing"


def _aspects(rule: DeadlineRule) -> list[str]:
    found = ["started"]
    if rule.ends:
        found.append("met")
    found.append(_late(rule))
    if rule.extension is not None:
        found.append("extended")
    if rule.runs_again_after is not None:
        found.append("resumed")
    for stop in rule.suspensions:
        found += [_stop(stop), _restart(stop)]
    return found


def _chained(entry: Entry, rule: DeadlineRule, deadline: Deadline) -> bool:
    """Whether the entry started a deadline that begins with the end of another."""
    if rule.starts_after is None or deadline.status != "running" or deadline.flagged is not None:
        return False
    return rule.starts_after[0] in entry.change.deadlines


def _clock(entry: Entry, rule: DeadlineRule, deadline: Deadline) -> Iterator[str]:
    """Give the stops of a deadline's clock that an entry began or ended; the end of the case is no restart."""
    lasting = {pause.id for pause in deadline.pauses if pause.until is None}
    for name, stop in rule.suspensions.items():
        if entry.action in stop.begins and name in lasting:
            yield _stop(name)
        if entry.action in stop.ends and name not in lasting:
            yield _restart(name)


def _stop(name: str) -> str:
    return f"stopped ({name})"


def _restart(name: str) -> str:
    return f"restarted ({name})"


def _late(rule: DeadlineRule) -> str:
    """What it is called when a deadline runs out: a duration that has run its time is not late."""
    return "ran out" if rule.late == "met" else rule.late
