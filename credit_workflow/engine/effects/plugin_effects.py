"""Carry out an effect that an installed package offers: pure, and held to what the definition allows it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from credit_workflow.definition.effect_kinds import Custom
from credit_workflow.definition.model import Field
from credit_workflow.definition.plugins import EFFECTS, called, faulty, plain
from credit_workflow.engine.facts import CaseFacts
from credit_workflow.engine.inputs import typed_value
from credit_workflow.engine.values import NotificationSent
from credit_workflow.errors import PluginFault, UsageFault
from credit_workflow.plugin import EffectCall, EffectResult
from credit_workflow.text import Text

#: What a plug-in is told, as expressions see it.
_FACTS = ("case", "subject", "record", "parent", "actor", "input", "today")


def carried_out(
    rule: Custom, values: Mapping[str, Any], facts: CaseFacts
) -> tuple[dict[str, Any], list[NotificationSent]]:
    """Return the values of fields and the notifications that a custom effect gives.

    Args:
        rule: the effect as the definition has it.
        values: what its expressions gave.
        facts: of the case as it stands within the draft.

    Raises:
        DefinitionFault: the effect is not installed any more.
        PluginFault: it failed, or gave what the definition does not allow it.
    """
    call = EffectCall(effect=rule.name, values=_frozen(values), facts=_frozen(facts.plain(*_FACTS)))
    result = called(EFFECTS, rule.name, call)
    if not isinstance(result, EffectResult):
        raise _wrong(rule, Text("没有返回 EffectResult", "gave no EffectResult"))
    return _fields(rule, result, facts), _notifications(rule, result)


def _fields(rule: Custom, result: EffectResult, facts: CaseFacts) -> dict[str, Any]:
    known = facts.rules.workflow.fields
    found: dict[str, Any] = {}
    for name, value in plain(EFFECTS, rule.name, dict(result.fields)).items():
        if name not in rule.sets:
            message = Text("改动了 sets 中没有的 {n}", "sets {n}, which is not among “sets”").fill(n=name)
            raise _wrong(rule, message)
        found[name] = _typed(rule, name, known[name], value)
    return found


def _typed(rule: Custom, name: str, field: Field, value: Any) -> Any:
    """Return a value if it is of its field's type, within its bounds."""
    if value is None or (field.type == "rows" and isinstance(value, list)):
        return value
    try:
        typed = typed_value(name, field, value)
    except UsageFault as fault:
        raise _wrong(rule, Text("给出的值不对：{w}", "gave a wrong value: {w}").fill(w=fault.message)) from None
    if isinstance(typed, int) and not isinstance(typed, bool):
        low, high = field.at_least, field.at_most
        if (low is not None and typed < low) or (high is not None and typed > high):
            raise _wrong(rule, Text("{n}={v} 超出范围", "gave {n}={v}, which is out of bounds").fill(n=name, v=typed))
    return typed


def _notifications(rule: Custom, result: EffectResult) -> list[NotificationSent]:
    known = {notification.paper: notification for notification in rule.notices}
    sent = []
    for paper in result.notices:
        notification = known.get(paper)
        if notification is None:
            message = Text("发出了 notices 中没有的 {n}", "sends {n}, which is not among “notices”").fill(n=paper)
            raise _wrong(rule, message)
        sent.append(
            NotificationSent(
                to=notification.to, paper=paper, title_zh=notification.title.zh, title_en=notification.title.en
            )
        )
    return sent


def _wrong(rule: Custom, why: Text) -> PluginFault:
    return faulty(EFFECTS, rule.name, why)


def _frozen(value: Any) -> Any:
    if isinstance(value, Mapping):
        return MappingProxyType({key: _frozen(part) for key, part in value.items()})
    return tuple(_frozen(part) for part in value) if isinstance(value, (list, tuple)) else value
