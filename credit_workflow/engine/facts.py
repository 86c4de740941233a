"""Make the plain values that expressions see of cases, records and people, only those asked for.

Dates are texts (``2026-03-02``), which compare as dates do. What is absent is null.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import cache
from typing import Any

from msgspec import Struct

from credit_workflow.definition.expression import custom_functions, evaluate, holds
from credit_workflow.definition.expression_tree import paths_in
from credit_workflow.engine.plain_parts import account_facts, case_record, holding_facts
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import Actor, Case
from credit_workflow.engine.world import Holding, World
from credit_workflow.identity import Subject, age_on, district_of, parse_subject

_DATES = ("status", "starts", "due", "original_due", "met", "stopped", "length")
_NO_DEADLINE = {**dict.fromkeys(_DATES), "extension": 0}


class CaseFacts(Struct, frozen=True, kw_only=True, gc=False):
    """One case in its world, as expressions see it.

    Args:
        world: all that there is to be seen.
        rules: the definition by which it is looked at.
        case: the case, or what it would be.
        actor: who acts.
        today: the day.
        given: the values that the action was given, by the names it asks by.
        told: the linked case that is to be told something.
    """

    world: World
    rules: Rules
    case: Case
    actor: Actor
    today: date
    given: Mapping[str, Any] = {}
    told: Case | None = None

    @staticmethod
    def of(world: World, case: Case, actor: Actor, today: date) -> CaseFacts:
        """Return the facts of a case of the world by its own definition.

        Raises:
            DefinitionFault: that is not there.
        """
        return CaseFacts(world=world, rules=world.rules_of(case), case=case, actor=actor, today=today)

    def value(self, expression: str) -> Any:
        """Return the value of an expression.

        Raises:
            DefinitionFault: it can't be evaluated.
        """
        return evaluate(expression, self.plain(expression))

    def holds(self, condition: str) -> bool:
        """Return whether a condition is true, remembering answers.

        A condition that reads nothing but the day, fields and deadlines of the case itself, and what
        kind of person it is about, has few different answers, and is asked of case after case.

        Raises:
            DefinitionFault: it can't be evaluated.
        """
        paths = _own_paths(condition)
        if paths is None:
            return holds(condition, self.plain(condition))
        key = (condition, self.rules.digest, *[self._own(path) for path in paths])
        known = _answers.get(key)
        if known is None:
            if len(_answers) >= _MOST_ANSWERS:
                _answers.clear()
            known = _answers[key] = holds(condition, self.plain(condition))
        return known

    def plain(self, *expressions: str) -> dict[str, Any]:
        """Return the facts that the expressions read as plain values, and no others.

        Handing a fact to the evaluator costs by its size: a record costs five times what one of its
        members does. So of what has members only those that are spoken of are handed over.
        """
        facts: dict[str, Any] = {}
        for expression in expressions:
            for root, *rest in paths_in(expression):
                if root in _CASE_PARTS:
                    _put(facts, root, rest, self.rules, self.case, self.today)
                elif root == "case":
                    _put_case(facts.setdefault("case", {}), rest, self.world, self.case, self.today)
                elif root == "parent":
                    _put_parent(facts, rest, self)
                elif root in _WHOLE and not _has(facts, root, rest):
                    _narrow(facts, root, rest, _WHOLE[root](self))
        return facts

    def _own(self, path: tuple[str, ...]) -> Any:
        """Return what a path of `_own_paths` reads, as far as an answer depends on it."""
        case = self.case
        match path:
            case ("case", "fields", name):
                value = case.fields.get(name)
                return value if isinstance(value, (str, int, bool, type(None))) else repr(value)
            case ("deadlines", name, what):
                deadline = case.deadlines.get(name)
                return None if deadline is None else getattr(deadline, what)
            case ("today",):
                return self.today
            case (_, "kind"):
                return case.subject.kind
            case _:
                return age_on(case.subject, case.opened)

    # -- what is found for the case in its world

    def person_looked_up(self) -> str | None:
        """Return the key of the person whose records the case looks up; None where that is not said yet."""
        rule = self.rules.workflow.look_up
        person = None if rule is None else self.value(rule.about)
        return None if person is None else str(person["key"])

    def found(self) -> list[Holding]:
        """Return those records of the person looked up that the workflow's ``which`` lets through.

        Raises:
            RuntimeError: the world was not given that person's records.
        """
        rule, key = self.rules.workflow.look_up, self.person_looked_up()
        if rule is None or key is None:
            return []
        if key not in self.world.holdings:
            raise RuntimeError("the records of the person looked up are not in the world")
        return self.held(key, rule.which)

    def held(self, key: str, which: str | None) -> list[Holding]:
        """Return those records of a person, by the person's key, of which an expression holds; all where there is none.

        The world has to have that person's records.
        """
        known = self.world.holdings[key]
        if which is None:
            return list(known)
        facts = self.plain(which)
        return [held for held in known if holds(which, {**facts, "record": holding_facts(held, self.today)})]

    def earlier(self) -> list[Case]:
        """Return the cases filed before the case that are like it."""
        mine = (self.case.opened, len(self.case.number), self.case.number)
        before = (c for c in self.world.earlier if (c.opened, len(c.number), c.number) < mine)
        return [other for other in before if alike_in(self.case, other)]

    def same_record(self) -> list[Case]:
        """Return the other open cases, of whatever workflow, that are about the case's record."""
        own = self.case
        return [other for other in self.world.same_record if other.record == own.record and other.number != own.number]

    def listed(self) -> list[Case]:
        """Return the cases that the case names in its fields of type ``cases``, in their order."""
        names = [name for name, field in self.rules.workflow.fields.items() if field.type == "cases"]
        numbers = [number for name in names for number in self.case.fields.get(name) or ()]
        return [self.world.listed[number] for number in numbers if number in self.world.listed]


def alike_in(case: Case, other: Case) -> bool:
    """Whether another case is of the same workflow, person and record; of whatever record where the case has none."""
    its, own = (other.workflow, other.subject.key), (case.workflow, case.subject.key)
    return its == own and case.record in ("", other.record)


_MOST_ANSWERS = 10_000
_answers: dict[tuple[Any, ...], bool] = {}


@cache
def _own_paths(condition: str) -> tuple[tuple[str, ...], ...] | None:
    """Return the paths of a condition that reads nothing but what `CaseFacts.holds` says; None of any other."""
    if custom_functions(condition):
        return None  # what a plug-in answers may depend on anything
    paths = paths_in(condition)
    for path in paths:
        match path:
            case ("case", "fields", _) | ("deadlines", _, "status" | "due" | "original_due"):
                pass
            case ("today",) | ("subject", "kind" | "age"):
                pass
            case _:
                return None
    return paths


def untouched(condition: str, fields: Collection[str], deadlines: Collection[str]) -> bool:
    """Return whether a condition is as true as before when nothing changes but some fields and deadlines of its case.

    It is not where a date bears on it: a notice moves them, and the day goes on, without an action.

    Args:
        condition: reads the case.
        fields: the names of those that change.
        deadlines: the same of deadlines, whose status may change.
    """
    paths = _own_paths(condition)
    if paths is None:
        return False
    for path in paths:
        match path:
            case ("case", "fields", name) if name not in fields:
                pass
            case ("deadlines", name, "status") if name not in deadlines:
                pass
            case ("subject", _):
                pass
            case _:
                return False
    return True


def _has(into: dict[str, Any], name: str, rest: list[str]) -> bool:
    """Whether what a path reads of a fact is there already."""
    return name in into and bool(rest) and isinstance(into[name], dict) and rest[0] in into[name]


def _narrow(into: dict[str, Any], name: str, rest: list[str], value: Any) -> None:
    """Add of a fact the member that a path reads, or all of it where no member of it is named."""
    if rest and isinstance(value, dict) and rest[0] in value:
        into.setdefault(name, {})[rest[0]] = value[rest[0]]
    else:
        into[name] = value


def _put_parent(facts: dict[str, Any], rest: list[str], of: CaseFacts) -> None:
    if of.case.parent is None:
        facts["parent"] = None
        return
    parent = of.world.cases[of.case.parent]
    into = facts.setdefault("parent", {})
    if rest[:1] == ["children"]:
        into.setdefault("children", [_case_facts(of.world, c, of.today) for c in of.world.children_of(parent.number)])
    else:
        _put_case(into, rest, of.world, parent, of.today)


def _put_case(into: dict[str, Any], rest: list[str], world: World, case: Case, today: date) -> None:
    """Add to a case's facts what a path reads of it; the whole where it reads the whole."""
    if not rest:
        into.update(_case_facts(world, case, today))
    elif rest[0] in _CASE_PARTS:
        _put(into, rest[0], rest[1:], world.rules_of(case), case, today)
    elif rest[0] == "subject":
        _narrow(into, "subject", rest[1:], _subject_facts(case.subject, case.opened))
    elif rest[0] in _PLAIN:
        into[rest[0]] = _PLAIN[rest[0]](world, case)


def _put(into: dict[str, Any], part: str, rest: list[str], rules: Rules, case: Case, today: date) -> None:
    """Add one member of ``fields``, ``done`` or ``deadlines``, or all where no member is named."""
    one, names = _CASE_PARTS[part]
    members = into.setdefault(part, {})
    known = names(rules)
    for name in rest[:1] if rest else known:
        if name in known and not _has(members, name, rest[1:]):
            _narrow(members, name, rest[1:], one(rules, case, name, today))


def _case_facts(world: World, case: Case, today: date) -> dict[str, Any]:
    """Everything that can be said of a case, for lists that an expression searches."""
    rules = world.rules_of(case)
    facts: dict[str, Any] = {name: of(world, case) for name, of in _PLAIN.items()}
    facts["subject"] = _subject_facts(case.subject, case.opened)
    for part in _CASE_PARTS:
        _put(facts, part, [], rules, case, today)
    return facts


def _one_field(rules: Rules, case: Case, name: str, _: date) -> Any:
    """A field's value; a person's number as ``subject`` is seen."""
    value = case.fields.get(name)
    if value is not None and rules.workflow.fields[name].type == "person":
        who = parse_subject(value, scheme=rules.workflow.identity)
        return _subject_facts(who, case.opened)
    return value


def _one_done(_: Rules, case: Case, action: str, today: date) -> dict[str, Any] | None:
    done = case.done.get(action)
    if done is None:
        return None
    return {
        "by": done.by,
        "on": done.on.isoformat(),
        "days_ago": (today - done.on).days,
        "record_revision": done.record_revision,
    }


def _one_deadline(rules: Rules, case: Case, name: str, _: date) -> dict[str, Any]:
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
    said: dict[str, Any] = {name: getattr(subject, name) for name in ("kind", "id", "key", "name")}
    return said | {"age": age_on(subject, filed), "district": district_of(subject)}


_Members = tuple[Callable[[Rules, Case, str, date], Any], Callable[[Rules], Mapping[str, Any]]]
_CASE_PARTS: dict[str, _Members] = {
    "fields": (_one_field, lambda rules: rules.workflow.fields),
    "done": (_one_done, lambda rules: rules.actions),
    "deadlines": (_one_deadline, lambda rules: rules.workflow.deadlines),
}
_PLAIN: dict[str, Callable[[World, Case], Any]] = {
    "number": lambda _, case: case.number,
    "workflow": lambda _, case: case.workflow,
    "state": lambda _, case: case.state,
    "final": lambda _, case: case.final,
    "opened": lambda _, case: case.opened.isoformat(),
    "entered": lambda _, case: (case.opened if case.filed is None else case.filed.entered).isoformat(),
    "entered_after": lambda _, case: 0 if case.filed is None else case.filed.after,
    "reopens": lambda _, case: case.filed is not None and case.filed.reopens,
    "unit": lambda world, case: world.unit_named(case.unit),
    "record": lambda _, case: case.record,
    "materials": lambda _, case: [{"kind": kind, "scan": seen.digest} for kind, seen in case.materials.items()],
}
_WHOLE: dict[str, Callable[[CaseFacts], Any]] = {
    "subject": lambda s: _subject_facts(s.case.subject, s.case.opened),
    "record": lambda s: case_record(s.world, s.case.record, s.today),
    "children": lambda s: [_case_facts(s.world, c, s.today) for c in s.world.children_of(s.case.number)],
    "earlier": lambda s: [_case_facts(s.world, c, s.today) for c in s.earlier()],
    "actor": lambda s: {
        "account": s.actor.account,
        "roles": sorted(s.actor.roles),
        "unit": s.world.unit_named(s.actor.unit),
    },
    "told": lambda s: None if s.told is None else _case_facts(s.world, s.told, s.today),
    "today": lambda s: s.today.isoformat(),
    "input": lambda s: dict(s.given),
    "found": lambda s: [holding_facts(held, s.today) for held in s.found()],
    "same_record": lambda s: [_case_facts(s.world, case, s.today) for case in s.same_record()],
    "listed": lambda s: [_case_facts(s.world, case, s.today) for case in s.listed()],
    "accounts": lambda s: [account_facts(held) for held in s.world.accounts.values()],
    "rehearsals": lambda s: [day.isoformat() for day in s.world.rehearsals],
    "reports": lambda s: [
        {"on": made.on.isoformat(), "first": made.first.isoformat(), "last": made.last.isoformat()}
        for made in s.world.reports
    ],
}
