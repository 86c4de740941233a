"""Apply what an action does besides moving its case: marks, corrections, notifications, values, dates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from credit_workflow.definition.effect_kinds import (
    ChangeAccount,
    ChangeRecord,
    CreateRecord,
    Custom,
    DestroyScans,
    Effect,
    Extend,
    Find,
    LiftMark,
    Notify,
    Open,
    PlaceMark,
    Tell,
)
from credit_workflow.engine.clocks import deadlines as dl
from credit_workflow.engine.effects import record_changes as rc
from credit_workflow.engine.effects.plugin_effects import carried_out
from credit_workflow.engine.effects.record_lookups import found_rows, new_record
from credit_workflow.engine.facts import CaseFacts
from credit_workflow.engine.values import (
    AccountChange,
    Case,
    Deadline,
    Mark,
    NotificationSent,
    Record,
    RecordChange,
    whole_record,
)
from credit_workflow.errors import DefinitionFault
from credit_workflow.text import Text


class Draft(Struct):
    """A change in the making: what an action's effects have added up to so far.

    ``facts`` are those of the case before; ``follow`` is what linked cases are told and what is opened
    below the case, each with the facts as they were in its place among the effects.
    """

    facts: CaseFacts
    record: Record | None
    fields: dict[str, Any] = {}
    deadlines: dict[str, Deadline] = {}
    marks: dict[str, Mark] = {}
    notifications: list[NotificationSent] = []
    follow: list[tuple[Tell | Open, CaseFacts]] = []
    applied: RecordChange | None = None
    account: AccountChange | None = None
    created: Record | None = None
    about: str | None = None

    @property
    def case(self) -> Case:
        """The case as it was before."""
        return self.facts.case

    def value(self, expression: str) -> Any:
        """Return the value of an expression over the case as it stands within the draft."""
        return self.facts_so_far().value(expression)

    def facts_so_far(self, state: str | None = None) -> CaseFacts:
        """Return the facts of the case as it stands within the draft; in another state, if one is given."""
        return msgspec.structs.replace(self.facts, case=self.so_far(state))

    def deadline(self, name: str) -> Deadline | None:
        """Return a deadline as it stands within the draft."""
        return self.deadlines.get(name) or self.case.deadlines.get(name)

    def so_far(self, state: str | None = None) -> Case:
        """Return the case with the draft's values, as expressions shall see it; in another state, if one is given."""
        case = self.case
        fields = {**case.fields, **self.fields} if self.fields else case.fields
        deadlines = {**case.deadlines, **self.deadlines} if self.deadlines else case.deadlines
        return msgspec.structs.replace(
            case, state=state or case.state, record=self.about or case.record, fields=fields, deadlines=deadlines
        )


def apply_effect(effect: Effect, draft: Draft) -> None:
    """Add one effect to the draft.

    Args:
        effect: what is to be done, where its condition holds.
        draft: what the action has done so far; changed in place.

    Raises:
        DefinitionFault: the effect can't be carried out as the definition has it.
    """
    if effect.when is not None and not draft.facts_so_far().holds(effect.when):
        return
    for name, carry_out in _EFFECTS.items():
        rule = getattr(effect, name)
        if rule is not None:
            carry_out(rule, draft)
            return


def _follow(rule: Tell | Open, draft: Draft) -> None:
    draft.follow.append((rule, draft.facts_so_far()))


def _notify(rule: Notify, draft: Draft) -> None:
    draft.notifications.append(notification_of(rule, draft.facts_so_far()))


def notification_of(rule: Notify, facts: CaseFacts) -> NotificationSent:
    """Return what an effect puts into the outbox, as the case stands."""
    unit = None if rule.unit is None else facts.value(rule.unit)
    return NotificationSent(
        to=rule.to,
        paper=rule.paper,
        title_zh=rule.title.zh,
        title_en=rule.title.en,
        unit=facts.world.unit_named(unit),
    )


def _find(rule: Find, draft: Draft) -> None:
    draft.fields[rule.into] = found_rows(draft.facts_so_far())


def _destroy_scans(rule: DestroyScans, draft: Draft) -> None:
    facts = draft.facts_so_far()
    named = [facts.world.listed[number] for number in facts.case.fields.get(rule.of) or ()]
    draft.fields[rule.into] = [
        {"case": case.number, "material": kind, "scan": seen.digest}
        for case in named
        for kind, seen in case.materials.items()
        if seen.digest is not None
    ]


def _create_record(rule: CreateRecord, draft: Draft) -> None:
    record = new_record(rule, draft.facts_so_far())
    if not rule.for_case:
        draft.created = record
    elif draft.record is None:
        draft.created = draft.record = record
        draft.about, draft.applied = record.no, rc.put_there(record)
    elif draft.record.no == record.no and draft.record.removed:
        draft.applied = rc.put_there(draft.record)
        draft.record = rc.changed(draft.record, {**whole_record(record), "removed": False})[0]
    else:
        message = Text("{n} 已有信用记录 {r}", "{n} is about the record {r} already")
        raise DefinitionFault(message.fill(n=draft.case.number, r=draft.record.no))


def _custom(rule: Custom, draft: Draft) -> None:
    values = {name: draft.value(source) for name, source in rule.values.items()}
    fields, notifications = carried_out(rule, values, draft.facts_so_far())
    draft.fields.update(fields)
    draft.notifications += notifications


def _set(values: Mapping[str, str], draft: Draft) -> None:
    for name, expression in values.items():
        draft.fields[name] = _ordered(draft.value(expression))


def _ordered(value: Any) -> Any:
    """Return a value with the keys of its mappings in order: the evaluator gives them in none."""
    if isinstance(value, dict):
        return {name: _ordered(value[name]) for name in sorted(value)}
    return [_ordered(part) for part in value] if isinstance(value, list) else value


def _change_account(rule: ChangeAccount, draft: Draft) -> None:
    unit, roles = draft.value(rule.unit), draft.value(rule.roles)
    name = draft.case.subject.id
    draft.account = AccountChange(name=name, unit=str(unit), roles=tuple(sorted(roles)), status=rule.status)


def _place_mark(rule: PlaceMark, draft: Draft) -> None:
    until = draft.deadline(rule.until) if rule.until else None
    draft.marks[rule.kind] = Mark(
        kind=rule.kind,
        record=draft.case.record,
        title_zh=rule.title.zh,
        title_en=rule.title.en,
        suspends=rule.suspends,
        placed=draft.facts.today,
        reason=draft.value(rule.reason) if rule.reason else None,
        last_day=until.due if until else None,
    )


def _lift_mark(rule: LiftMark, draft: Draft) -> None:
    kind = rule.kind
    mark = draft.marks.get(kind) or draft.case.marks.get(kind)
    if mark is not None and mark.lifted is None:
        draft.marks[kind] = msgspec.structs.replace(mark, lifted=draft.facts.today)


def _extend(asked: Extend, draft: Draft) -> None:
    name = asked.deadline
    deadline = draft.deadline(name)
    days = draft.value(asked.working_days or asked.days or "null")
    if deadline is None or not isinstance(days, int):
        raise DefinitionFault(
            Text("期限 {d} 无法延长：{days}", "the deadline {d} can't be extended: {days}").fill(d=name, days=days)
        )
    rule = draft.facts.rules.deadline(name)
    draft.deadlines[name] = dl.extended(rule, deadline, days, draft.facts.world.calendar, draft.facts.today)


def _change_record(rule: ChangeRecord, draft: Draft) -> None:
    record = draft.record
    if record is None:
        raise DefinitionFault(Text("{n} 没有对应的信用记录", "{n} has no record to change").fill(n=draft.case.number))
    if rule.what == "restore":
        back = rc.restored(record, draft.applied or draft.case.applied)
        if back is not None:
            draft.record, draft.applied = back
        return
    draft.record, draft.applied = rc.changed(record, _new_values(rule, record, draft))
    if not draft.applied.new and rule.what == "correct":
        raise rc.nothing_changed()


def _new_values(rule: ChangeRecord, record: Record, draft: Draft) -> dict[str, Any]:
    """Return the values that an effect gives to a record."""
    if rule.what == "remove":
        return {"removed": True}
    if rule.what == "reassign":
        number, name = draft.value(rule.subject or "null"), draft.value(rule.name or "null")
        return rc.owner_values(record, number, name, draft.facts.rules.workflow.identity)
    new = draft.value(rule.values or "null")
    if not isinstance(new, dict):
        raise DefinitionFault(Text("更正内容不是字段表", "the correction is no mapping of fields"))
    return new


#: What carries out each effect. What rectifies needs the whole log: `credit_workflow.engine.amending.rectification`.
_EFFECTS: dict[str, Callable[[Any, Draft], None]] = {
    "place_mark": _place_mark,
    "lift_mark": _lift_mark,
    "record": _change_record,
    "tell": _follow,
    "open": _follow,
    "notice": _notify,
    "extend": _extend,
    "account": _change_account,
    "find": _find,
    "create_record": _create_record,
    "destroy_scans": _destroy_scans,
    "custom": _custom,
    "set": _set,
}
