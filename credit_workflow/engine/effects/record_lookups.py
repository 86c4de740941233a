"""Look up a person's records, and make a new one: what `find` and `create_record` do.

What a look-up gives is written into its log entry record by record, with the revision that was
seen and whether it was shown, so that replaying the log gives the same answer for good.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from credit_workflow.calendar.dates import read_date
from credit_workflow.definition.effect_kinds import CreateRecord
from credit_workflow.engine.attempt import Attempt
from credit_workflow.engine.facts import CaseFacts
from credit_workflow.engine.inputs import ALL_CASES
from credit_workflow.engine.ruleset import SAME_REVISIONS
from credit_workflow.engine.values import Mark, Record, record_of
from credit_workflow.engine.world import Holding
from credit_workflow.errors import DefinitionFault, Refused, UsageFault
from credit_workflow.identity import parse_subject
from credit_workflow.text import Text

_CLASSES = ("A", "B", "C")


class Wanted(Struct, frozen=True, kw_only=True, gc=False):
    """What a decision needs in its world besides the case and its links, once its values are known.

    Args:
        persons: the keys of the people whose records are looked up.
        cases: the cases that the case names, by field.
    """

    persons: tuple[str, ...] = ()
    cases: dict[str, tuple[str, ...]] = {}


class LookedUp(Struct, frozen=True, kw_only=True, gc=False):
    """What the log of look-ups says of one: about whom (the key), why, and how far."""

    about: str | None
    purpose: Any = None
    scope: Any = None


def wants_earlier(held: Attempt) -> bool:
    """Whether earlier cases of the same person and record must be in the world to decide a request."""
    once = any(rule.once_except is not None for rule in held.rules.workflow.fields.values() if rule.type == "cases")
    return once or tells(held) or held.rules.reads(held.request.action, "earlier")


def wants_revisions(held: Attempt) -> bool:
    """Whether it must be known how the case's record was: to decide a request, or one of those that it puts right."""
    rules, action = held.rules, held.action
    if any(effect.rectify is not None for effect in action.effects) or tells(held):
        return rules.compares_revisions
    return rules.reads(held.request.action, SAME_REVISIONS)


def wanted(held: Attempt) -> Wanted:
    """Return what else must be in the world before a request can be decided; its values have been read.

    Nothing is wanted for a request that is refused before its values are looked at.
    """
    if held.refused:
        return Wanted()
    rules, name = held.rules, held.request.action
    finds = any(effect.find is not None for effect in held.action.effects)
    person = None
    if rules.workflow.look_up is not None and (finds or tells(held) or rules.reads(name, "found")):
        person = held.person_looked_up()
    asked = {held.action.ask(ask).field or ask for ask in held.action.asks}
    cases = {
        field: tuple(held.case.fields.get(field) or ())
        for field, rule in rules.workflow.fields.items()
        if rule.type == "cases" and (field in asked or tells(held) or rules.reads(name, "listed"))
    }
    return Wanted(
        persons=() if person is None else (person,),
        cases={field: numbers for field, numbers in cases.items() if numbers},
    )


def tells(held: Attempt) -> bool:
    """Whether an action has other cases, or its own, take actions of the system."""
    return any(effect.tell is not None for effect in held.action.effects)


def looked_up(held: Attempt) -> LookedUp | None:
    """Return what a request to look up asked for, as far as it says so; None where it is no such request."""
    rule = held.rules.workflow.look_up
    if rule is None:
        return None
    try:
        held = held.with_values()
    except UsageFault:
        return LookedUp(about=None)
    return LookedUp(about=held.person_looked_up(), purpose=held.value(rule.purpose), scope=held.value(rule.scope))


def names_all(numbers: Sequence[str]) -> bool:
    """Whether a list of cases stands for every case that it may name."""
    return list(numbers) == [ALL_CASES]


def found_rows(facts: CaseFacts) -> list[dict[str, Any]]:
    """Return what a look-up gives: each record with the revision seen, its marks, and whether it is shown.

    A record that must not be used is withheld: the row says by which mark, never what it says.
    """
    return [_row(held, facts.today) for held in facts.found()]


def _row(held: Holding, today: date) -> dict[str, Any]:
    return {
        "record": held.record.no,
        "revision": held.record.revision,
        "shown": not held.suspended(today),
        "marks": [_mark(mark) for mark in held.in_force(today)],
    }


def _mark(mark: Mark) -> dict[str, Any]:
    return {
        "kind": mark.kind,
        "title_zh": mark.title_zh,
        "title_en": mark.title_en,
        "suspends": mark.suspends,
        "reason": mark.reason,
        "placed": mark.placed.isoformat(),
        "last_day": mark.last_day.isoformat() if mark.last_day else None,
    }


def record_known(no: str) -> Refused:
    """Return the refusal of a record that is to be made and exists already."""
    message = Text("信用记录 {n} 已存在", "there is a record {n} already")
    return Refused(message.fill(n=no), code="record_known", details={"record": no})


def new_record(rule: CreateRecord, facts: CaseFacts) -> Record:
    """Return the record that an action makes.

    Raises:
        UsageFault: of the values given some are missing or not for it, or its dates are in the wrong order.
        DefinitionFault: an expression gives no text, date or class where one is needed.
    """
    given = _given_values(rule, facts)
    own = facts.case.subject
    about = parse_subject(str(facts.value(rule.subject)), scheme=facts.rules.workflow.identity)
    name = given.pop("subject_name", own.name if own.key == about.key else "")
    values = given | {name: facts.value(source) for name in _VALUES if (source := getattr(rule, name)) is not None}
    first, last = read_date(values["valid_from"]), read_date(values["valid_until"])
    bad = [name for name, value in values.items() if not isinstance(value, str) or not value.strip()]
    if bad or first is None or last is None or values["open_class"] not in _CLASSES:
        message = Text("无法生成信用记录：{v}", "no record can be made of: {v}")
        raise DefinitionFault(message.fill(v="、".join(bad) or "valid_from、valid_until、open_class"))
    if last < first:
        message = Text("新记录的有效期终止日早于起始日", "the new record would end before it begins")
        raise UsageFault(message, code="ill_typed_value")
    subject = parse_subject(about.id, about.kind, name, facts.rules.workflow.identity)
    return record_of(values["no"], subject, values, first, last)


#: What is said of a new record.
_VALUES = ("no", "provider", "open_class", "title", "content", "valid_from", "valid_until")


def _given_values(rule: CreateRecord, facts: CaseFacts) -> dict[str, Any]:
    """Return the values that a mapping gives for a new record.

    Raises:
        UsageFault: one is missing, or is settled otherwise.
    """
    if rule.values is None:
        return {}
    given = dict(facts.value(rule.values) or {})
    settled = [name for name in given if getattr(rule, name, None) is not None]
    if settled:
        message = Text("新信息的 {n} 已另行确定，不能填写", "{n} of the new record is settled otherwise: leave it out")
        raise UsageFault(message.fill(n="、".join(settled)), code="value_does_not_apply", details={"names": settled})
    missing = [name for name in _VALUES if getattr(rule, name) is None and name not in given]
    if missing:
        message = Text("新信息缺少：{n}", "of the new record there is missing: {n}")
        raise UsageFault(message.fill(n="、".join(missing)), code="missing_values", details={"missing": missing})
    return given
