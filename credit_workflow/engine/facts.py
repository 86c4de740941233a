"""What expressions see: plain values made from cases, records and people, only those asked for.

Dates are texts (``2026-03-02``), which compare as dates do. What is absent is null.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from credit_workflow.engine.identity import age_on
from credit_workflow.engine.rules import Rules
from credit_workflow.engine.values import Actor, Case, Deadline, Record, Subject
from credit_workflow.engine.world import World

_NO_DEADLINE = {"status": None, "starts": None, "due": None, "original_due": None, "met": None, "extension": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One case in its world, as an expression sees it."""

    world: World
    rules: Rules
    case: Case
    actor: Actor
    today: date
    given: Mapping[str, Any] = field(default_factory=dict)


def facts_for(scene: Scene, names: Iterable[str]) -> dict[str, Any]:
    """Return the facts called ``names`` (names that no fact has are passed over)."""
    return {name: _FACTS[name](scene) for name in names if name in _FACTS}


def _case(scene: Scene) -> dict[str, Any]:
    return _case_facts(scene.world, scene.case)


def _parent(scene: Scene) -> dict[str, Any] | None:
    if scene.case.parent is None:
        return None
    parent = scene.world.cases[scene.case.parent]
    facts = _case_facts(scene.world, parent)
    facts["children"] = [_case_facts(scene.world, c) for c in scene.world.children_of(parent.number)]
    return facts


def _children(scene: Scene) -> list[dict[str, Any]]:
    return [_case_facts(scene.world, child) for child in scene.world.children_of(scene.case.number)]


def _earlier(scene: Scene) -> list[dict[str, Any]]:
    return [_case_facts(scene.world, case) for case in scene.world.earlier]


def _case_facts(world: World, case: Case) -> dict[str, Any]:
    rules = world.rules_of(case)
    return {
        "number": case.number,
        "workflow": case.workflow,
        "state": case.state,
        "final": case.final,
        "opened": case.opened.isoformat(),
        "unit": case.unit,
        "record": case.record,
        "subject": _subject_facts(case.subject, case.opened),
        "fields": _field_facts(rules, case),
        "done": _done_facts(rules, case),
        "deadlines": _deadline_facts(rules, case),
    }


def _field_facts(rules: Rules, case: Case) -> dict[str, Any]:
    return {name: case.fields.get(name) for name in rules.workflow.fields}


def _done_facts(rules: Rules, case: Case) -> dict[str, Any]:
    return {name: _one_done(case, name) for name in rules.actions}


def _one_done(case: Case, action: str) -> dict[str, Any] | None:
    done = case.done.get(action)
    if done is None:
        return None
    return {"by": done.by, "on": done.on.isoformat(), "record_revision": done.record_revision}


def _deadline_facts(rules: Rules, case: Case) -> dict[str, Any]:
    return {name: _one_deadline(case.deadlines.get(name)) for name in rules.workflow.deadlines}


def _one_deadline(deadline: Deadline | None) -> dict[str, Any]:
    if deadline is None:
        return _NO_DEADLINE
    return {
        "status": deadline.status,
        "starts": deadline.starts.isoformat(),
        "due": deadline.due.isoformat(),
        "original_due": deadline.original_due.isoformat(),
        "met": deadline.met.isoformat() if deadline.met else None,
        "extension": deadline.extension,
    }


def _subject_facts(subject: Subject, filed: date) -> dict[str, Any]:
    return {"kind": subject.kind, "id": subject.id, "key": subject.key, "age": age_on(subject, filed)}


def _record(scene: Scene) -> dict[str, Any] | None:
    record = scene.world.records.get(scene.case.record)
    return None if record is None else _record_facts(record)


def _record_facts(record: Record) -> dict[str, Any]:
    return {
        "no": record.no,
        "subject_key": record.subject.key,
        "provider": record.provider,
        "open_class": record.open_class,
        "valid_from": record.valid_from.isoformat(),
        "valid_until": record.valid_until.isoformat(),
        "revision": record.revision,
        "removed": record.removed,
    }


_FACTS: dict[str, Callable[[Scene], Any]] = {
    "case": _case,
    "subject": lambda s: _subject_facts(s.case.subject, s.case.opened),
    "record": _record,
    "parent": _parent,
    "children": _children,
    "earlier": _earlier,
    "actor": lambda s: {"account": s.actor.account, "roles": sorted(s.actor.roles), "unit": s.actor.unit},
    "today": lambda s: s.today.isoformat(),
    "input": lambda s: s.given,
    "deadlines": lambda s: _deadline_facts(s.rules, s.case),
    "done": lambda s: _done_facts(s.rules, s.case),
}
