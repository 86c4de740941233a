"""Check a definition's recurring cases beyond their form."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from credit_workflow.definition.clock_rules import Recurring
from credit_workflow.definition.expression import unknown_facts
from credit_workflow.definition.expression_tree import paths_in
from credit_workflow.definition.model import Action, Workflow
from credit_workflow.definition.rules.problem import Path, Problem, ill_formed, is_day
from credit_workflow.text import Text

#: What is known of a turn: its first and last day, and those of the turn before.
OF_A_PERIOD = ("first", "last", "previous_first", "previous_last")
_FACTS = frozenset({"period"})
_EARLIEST, _LATEST = date(2000, 1, 1), date(2100, 12, 31)


def recurring_mistakes(workflow: Workflow) -> Iterator[Problem]:
    """Return every mistake in what a definition says of cases that open again and again."""
    opening = next((action for action in workflow.actions.values() if action.opens), None)
    for name, rule in workflow.recurring.items():
        at = ("recurring", name)
        if not is_day(rule.starts, _EARLIEST, _LATEST):
            message = Text("{d} 不是2000年至2100年间的日期", "{d} is no day from 2000 to 2100")
            yield Problem((*at, "starts"), message.fill(d=rule.starts))
        if workflow.about != "nothing" or workflow.parent is not None:
            message = Text(
                "只有 about: nothing 且无 parent 的流程可以定期提出",
                "only a workflow about nothing, without a parent, can recur",
            )
            yield Problem(at, message)
        if opening is not None:
            yield from _opening(opening, at)
            yield from _values(opening, rule, at)
            if rule.for_units is not None:
                yield from _for_units(workflow, opening, rule, (*at, "for_units"))
        for value, source in rule.values.items():
            yield from _expression((*at, "values", value), source)


def _opening(action: Action, at: Path) -> Iterator[Problem]:
    if "system" not in action.by:
        yield Problem(
            at, Text("开案步骤须可由系统办理（by）", "the action that opens a case must be the system's too (by)")
        )
    if action.materials:
        yield Problem(
            at, Text("系统不能核验开案步骤的材料", "the system has seen none of the materials that opening asks for")
        )


def _values(action: Action, rule: Recurring, at: Path) -> Iterator[Problem]:
    for value in rule.values:
        if value not in action.asks:
            message = Text("开案步骤不填写 {v}", "the action that opens a case does not ask for {v}")
            yield Problem((*at, "values", value), message.fill(v=value))
    for name in action.asks:
        if action.ask(name).needed and name not in rule.values and name != rule.for_units:
            message = Text("缺少开案步骤必填的 {v}", "{v} is missing, which opening a case requires")
            yield Problem((*at, "values"), message.fill(v=name))


def _for_units(workflow: Workflow, action: Action, rule: Recurring, at: Path) -> Iterator[Problem]:
    """The cases that a unit's own one is about are given to the opening action, by a field of cases."""
    name = rule.for_units or ""
    field = workflow.fields.get(action.field_of(name)) if name in action.asks else None
    if field is None or field.type != "cases" or field.among is None or name in rule.values:
        message = Text(
            "for_units 须是开案步骤填写的 cases 类型（有 among），且不在 values 中",
            "for_units is a field of cases with “among” that the opening action asks for, and is not among the values",
        )
        yield Problem(at, message)


def _expression(at: Path, source: str) -> Iterator[Problem]:
    problem = ill_formed(at, source)
    if problem is not None:
        yield problem
        return
    unknown = unknown_facts(source, _FACTS)
    members = dict.fromkeys(path[1] for path in paths_in(source) if path[0] == "period" and path[1:])
    unknown += [f"period.{name}" for name in members if name not in OF_A_PERIOD]
    for name in unknown:
        message = Text("此处没有名为 {n} 的事实；可用：{k}", "there is no fact called {n} here; known: {k}")
        yield Problem(at, message.fill(n=name, k="、".join(f"period.{known}" for known in OF_A_PERIOD)))
