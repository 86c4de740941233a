"""Check what a definition does to credit records, and how a case is opened without one."""

from __future__ import annotations

from collections.abc import Iterator

from credit_workflow.definition.effect_kinds import ChangeRecord, CreateRecord
from credit_workflow.definition.model import Workflow
from credit_workflow.definition.rules.problem import Path, Problem, unknown
from credit_workflow.text import Text

#: What a new record says, besides whose it is, who provides it, and its number.
_SAID = ("open_class", "title", "content", "valid_from", "valid_until")


def change_mistakes(rule: ChangeRecord) -> Iterator[Text]:
    """Give what a change of a record lacks, or has and can't use."""
    wanted = {"correct": {"values"}, "reassign": {"subject", "name"}}.get(rule.what, set())
    said = {name for name in ("values", "subject", "name") if getattr(rule, name) is not None}
    for name in sorted(wanted - said):
        yield Text("what: {w} 须有 {n}", "“what: {w}” needs {n}").fill(w=rule.what, n=name)
    for name in sorted(said - wanted):
        yield Text("what: {w} 没有 {n}", "“what: {w}” has no {n}").fill(w=rule.what, n=name)


def creation_mistakes(rule: CreateRecord, about: str) -> Iterator[Text]:
    """Give what the making of a record lacks."""
    missing = [name for name in _SAID if getattr(rule, name) is None]
    if missing and rule.values is None:
        yield Text("缺少 {n}，或 values", "it lacks {n}, or “values”").fill(n="、".join(missing))
    if rule.for_case and about != "record":
        yield Text("只有 about: record 的流程可有 for_case", "only a workflow about a record has “for_case”")


def opening_without_record(workflow: Workflow) -> Iterator[Problem]:
    """What a case can be opened with instead of a record is asked for then, and must be given."""
    for name, action in workflow.actions.items():
        at: Path = ("actions", name, "instead_of_record")
        if not action.instead_of_record:
            continue
        if not action.opens or workflow.about != "record" or workflow.parent is not None:
            message = Text(
                "只有就信用记录开案的步骤可有 instead_of_record",
                "only what opens a case about a record has “instead_of_record”",
            )
            yield Problem(at, message)
        for ask in action.instead_of_record:
            if ask not in action.asks:
                yield unknown(at, Text("填写项", "value that is asked for"), ask)
            elif not action.ask(ask).needed:
                message = Text(
                    "{n} 须为必填，不带 when 和 default", "{n} must be required, without “when” and “default”"
                )
                yield Problem(at, message.fill(n=ask))
