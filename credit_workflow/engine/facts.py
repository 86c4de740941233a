"""What expressions see: plain values made from cases, records and people, only those asked for.

Dates are texts (``2026-03-02``), which compare as dates do. What is absent is null.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import cache, partial
from operator import attrgetter
from typing import Any

from msgspec import Struct

from credit_workflow.definition.expression import custom_functions, evaluate, holds
from credit_workflow.definition.expression_tree import paths_in
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import Actor, Case, Record
from credit_workflow.engine.world import Holding, World
from credit_workflow.identity import Subject, age_on, parse_subject

_NO_DEADLINE = {
    **dict.fromkeys(("status", "starts", "due", "original_due", "met", "stopped", "length")),
    "extension": 0,
}


class Scene(Struct, frozen=True, kw_only=True, gc=False):
    """One case in its world, as an expression sees it."""

    world: World
    rules: Rules
    case: Case
    actor: Actor
    today: date
    given: Mapping[str, Any] = {}


def facts_for(scene: Scene, *expressions: str) -> dict[str, Any]:
    """Return the facts that the expressions read, and no others.

    Handing a fact to the evaluator costs by its size: a record costs five times what one of its
    members does. So of what has members only those that are spoken of are handed over.
    """
    facts: dict[str, Any] = {}
    for expression in expressions:
        for root, *rest in paths_in(expression):
            if root in _CASE_PARTS:
                _put(facts, root, rest, scene.world, scene.rules, scene.case)
            elif root == "case":
                _put_case(facts.setdefault("case", {}), rest, scene.world, scene.case)
            elif root == "parent":
                _put_parent(facts, rest, scene)
            elif root in _WHOLE and not _has(facts, root, rest):
                _narrow(facts, root, rest, _WHOLE[root](scene))
    return facts


def _has(into: dict[str, Any], name: str, rest: list[str]) -> bool:
    """Whether what a path reads of a fact is there already."""
    return name in into and bool(rest) and isinstance(into[name], dict) and rest[0] in into[name]


def _narrow(into: dict[str, Any], name: str, rest: list[str], value: Any) -> None:
    """Add of a fact the member that a path reads, or all of it where no member of it is named."""
    if rest and isinstance(value, dict) and rest[0] in value:
        into.setdefault(name, {})[rest[0]] = value[rest[0]]
    else:
        into[name] = value


def holds_for(scene: Scene, condition: str) -> bool:
    """Return whether a condition is true in a scene, remembering answers.

    A condition that reads nothing but the day, fields and deadlines of the case itself, and what
    kind of person it is about, has few different answers, and is asked of case after case.

    Raises:
        DefinitionFault: it can't be evaluated.
    """
    readers = _readers(condition)
    if readers is None:
        return holds(condition, facts_for(scene, condition))
    key = (condition, scene.rules.digest, *[reader(scene) for reader in readers])
    known = _answers.get(key)
    if known is None:
        if len(_answers) >= _MOST_ANSWERS:
            _answers.clear()
        known = _answers[key] = holds(condition, facts_for(scene, condition))
    return known


_MOST_ANSWERS = 10_000
_answers: dict[tuple[Any, ...], bool] = {}


@cache
def _readers(condition: str) -> tuple[Callable[[Scene], Any], ...] | None:
    """Return what reads the values that a condition depends on, or None where that is not so simple."""
    if custom_functions(condition):
        return None  # what a plug-in answers may depend on anything
    readers: list[Callable[[Scene], Any]] = []
    for path in paths_in(condition):
        match path:
            case ("case", "fields", name):
                readers.append(partial(_field_value, name))
            case ("deadlines", name, ("status" | "due" | "original_due") as what):
                readers.append(partial(_deadline_value, name, what))
            case ("today",):
                readers.append(attrgetter("today"))
            case ("subject", "kind"):
                readers.append(attrgetter("case.subject.kind"))
            case ("subject", "age"):
                readers.append(_age)
            case _:
                return None
    return tuple(readers)


def untouched(condition: str, fields: Collection[str], deadlines: Collection[str]) -> bool:
    """Return whether a condition is as true as before when nothing changes but some fields and deadlines of its case.

    Args:
        condition: reads the case.
        fields: the names of those that change.
        deadlines: the same of deadlines, whose status may change.
    """
    read = _own_values(condition)
    return read is not None and read[0].isdisjoint(fields) and read[1].isdisjoint(deadlines)


@cache
def _own_values(condition: str) -> tuple[frozenset[str], frozenset[str]] | None:
    """Return the fields and the deadlines that a condition is about, or None where it is about anything else.

    Dates are anything else: a notice moves them, and the day goes on, without an action. So is a plug-in.
    """
    if custom_functions(condition):
        return None
    fields, deadlines = set(), set()
    for path in paths_in(condition):
        match path:
            case ("case", "fields", name):
                fields.add(name)
            case ("deadlines", name, "status"):
                deadlines.add(name)
            case _:
                return None
    return frozenset(fields), frozenset(deadlines)


def _field_value(name: str, scene: Scene) -> Any:
    value = scene.case.fields.get(name)
    return value if isinstance(value, (str, int, bool, type(None))) else repr(value)


def _age(scene: Scene) -> int | None:
    return age_on(scene.case.subject, scene.case.opened)


def _deadline_value(name: str, what: str, scene: Scene) -> Any:
    deadline = scene.case.deadlines.get(name)
    return None if deadline is None else getattr(deadline, what)


def _put_parent(facts: dict[str, Any], rest: list[str], scene: Scene) -> None:
    if scene.case.parent is None:
        facts["parent"] = None
        return
    parent = scene.world.cases[scene.case.parent]
    into = facts.setdefault("parent", {})
    if rest[:1] == ["children"]:
        into.setdefault("children", [_case_facts(scene.world, c) for c in scene.world.children_of(parent.number)])
    else:
        _put_case(into, rest, scene.world, parent)


def _put_case(into: dict[str, Any], rest: list[str], world: World, case: Case) -> None:
    """Add to a case's facts what a path reads of it; the whole where it reads the whole."""
    if not rest:
        into.update(_case_facts(world, case))
    elif rest[0] in _CASE_PARTS:
        _put(into, rest[0], rest[1:], world, world.rules.get(case.definition), case)
    elif rest[0] == "subject":
        _narrow(into, "subject", rest[1:], _subject_facts(case.subject, case.opened))
    elif rest[0] in _PLAIN:
        into[rest[0]] = _PLAIN[rest[0]](case)


def _put(into: dict[str, Any], part: str, rest: list[str], world: World, rules: Rules | None, case: Case) -> None:
    """Add one member of ``fields``, ``done`` or ``deadlines``, or all where no member is named."""
    one, names = _CASE_PARTS[part]
    members = into.setdefault(part, {})
    known = names(rules or world.rules_of(case))
    for name in rest[:1] if rest else known:
        if name in known and not _has(members, name, rest[1:]):
            _narrow(members, name, rest[1:], one(rules or world.rules_of(case), case, name))


def _case_facts(world: World, case: Case) -> dict[str, Any]:
    """Everything that can be said of a case, for lists that an expression searches."""
    rules = world.rules_of(case)
    facts: dict[str, Any] = {name: of(case) for name, of in _PLAIN.items()}
    facts["subject"] = _subject_facts(case.subject, case.opened)
    for part in _CASE_PARTS:
        _put(facts, part, [], world, rules, case)
    return facts


def _one_field(rules: Rules, case: Case, name: str) -> Any:
    """A field's value; a person's number as ``subject`` is seen."""
    value = case.fields.get(name)
    if value is not None and rules.workflow.fields[name].type == "person":
        who = parse_subject(value, scheme=rules.workflow.identity)
        return _subject_facts(who, case.opened)
    return value


def _one_done(_: Rules, case: Case, action: str) -> dict[str, Any] | None:
    done = case.done.get(action)
    if done is None:
        return None
    return {"by": done.by, "on": done.on.isoformat(), "record_revision": done.record_revision}


def _one_deadline(rules: Rules, case: Case, name: str) -> dict[str, Any]:
    deadline = case.deadlines.get(name)
    if deadline is None:
        return _NO_DEADLINE
    return {
        "status": deadline.status,
        "starts": deadline.starts.isoformat(),
        "due": deadline.due.isoformat(),
        "original_due": deadline.original_due.isoformat(),
        "met": deadline.met.isoformat() if deadline.met else None,
        "extension": deadline.extension,
        "stopped": deadline.stopped.isoformat() if deadline.stopped else None,
        "length": deadline.length or rules.deadline(name).length,
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
        "title": record.title,
        "valid_from": record.valid_from.isoformat(),
        "valid_until": record.valid_until.isoformat(),
        "revision": record.revision,
        "removed": record.removed,
    }


def _holding_facts(held: Holding, today: date) -> dict[str, Any]:
    marks = [mark.kind for mark in held.in_force(today)]
    return {**_record_facts(held.record), "suspended": held.suspended(today), "marks": marks}


def person_looked_up(scene: Scene) -> str | None:
    """Return the key of the person whose records the case looks up; None where that is not said yet."""
    rule = scene.rules.workflow.look_up
    person = None if rule is None else evaluate(rule.about, facts_for(scene, rule.about))
    return None if person is None else str(person["key"])


def found(scene: Scene) -> list[Holding]:
    """Return those records of the person looked up that the workflow's ``which`` lets through.

    Raises:
        RuntimeError: the world was not given that person's records.
    """
    rule, key = scene.rules.workflow.look_up, person_looked_up(scene)
    if rule is None or key is None:
        return []
    if key not in scene.world.holdings:
        raise RuntimeError("the records of the person looked up are not in the world")
    facts = facts_for(scene, rule.which)
    return [
        held
        for held in scene.world.holdings[key]
        if holds(rule.which, {**facts, "record": _holding_facts(held, scene.today)})
    ]


def earlier(scene: Scene) -> list[Case]:
    """Return the cases of the same workflow, person and record that were filed before the case."""
    case = scene.case
    key = (case.workflow, case.subject.key, case.record)
    mine = (case.opened, len(case.number), case.number)
    return [
        other
        for other in scene.world.earlier
        if (other.workflow, other.subject.key, other.record) == key
        and (other.opened, len(other.number), other.number) < mine
    ]


def listed(scene: Scene) -> list[Case]:
    """Return the cases that the case names in its fields of type ``cases``, in their order."""
    names = [name for name, field in scene.rules.workflow.fields.items() if field.type == "cases"]
    numbers = [number for name in names for number in scene.case.fields.get(name) or ()]
    return [scene.world.listed[number] for number in numbers if number in scene.world.listed]


_Members = tuple[Callable[[Rules, Case, str], Any], Callable[[Rules], Mapping[str, Any]]]
_CASE_PARTS: dict[str, _Members] = {
    "fields": (_one_field, lambda rules: rules.workflow.fields),
    "done": (_one_done, lambda rules: rules.actions),
    "deadlines": (_one_deadline, lambda rules: rules.workflow.deadlines),
}
_PLAIN: dict[str, Callable[[Case], Any]] = {
    "number": lambda case: case.number,
    "workflow": lambda case: case.workflow,
    "state": lambda case: case.state,
    "final": lambda case: case.final,
    "opened": lambda case: case.opened.isoformat(),
    "unit": lambda case: case.unit,
    "record": lambda case: case.record,
    "materials": lambda case: [{"kind": kind, "scan": seen.digest} for kind, seen in case.materials.items()],
}
_WHOLE: dict[str, Callable[[Scene], Any]] = {
    "subject": lambda s: _subject_facts(s.case.subject, s.case.opened),
    "record": _record,
    "children": lambda s: [_case_facts(s.world, c) for c in s.world.children_of(s.case.number)],
    "earlier": lambda s: [_case_facts(s.world, c) for c in earlier(s)],
    "actor": lambda s: {"account": s.actor.account, "roles": sorted(s.actor.roles), "unit": s.actor.unit},
    "today": lambda s: s.today.isoformat(),
    "input": lambda s: dict(s.given),
    "found": lambda s: [_holding_facts(held, s.today) for held in found(s)],
    "listed": lambda s: [_case_facts(s.world, case) for case in listed(s)],
    "rehearsals": lambda s: [day.isoformat() for day in s.world.rehearsals],
}
