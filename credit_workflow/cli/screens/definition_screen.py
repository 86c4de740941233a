"""Draw a definition on the screen."""

from __future__ import annotations

from rich.markup import escape

from credit_workflow.cli.language import t
from credit_workflow.cli.output import console
from credit_workflow.cli.screens.layout import table
from credit_workflow.service.use_cases.rules.definitions import ShownAction, ShownDeadline, ShownDefinition, ShownState


def render_definition(definition: ShownDefinition) -> None:
    """Write a definition's states, actions and deadlines with their clauses."""
    screen = console()
    named = f"{definition.id} v{definition.version}（{escape(definition.source)}）"
    screen.print(f"[bold]{escape(definition.title)}[/bold] {named}")
    screen.print(table("状态|名称|等待", "State|Title|Waits for", map(_state, definition.states)))
    screen.print(table("步骤|名称|从|到|由|依据", "Action|Title|From|To|By|Source", map(_action, definition.actions)))
    titles = ("期限|名称|长度|始于|止于|届满|依据", "Deadline|Title|Length|Starts|Ends|At the end|Source")
    screen.print(table(*titles, map(_deadline, definition.deadlines)))


def _state(state: ShownState) -> list[str]:
    final = t("（终结）", " (final)") if state.final else ""
    return [state.id, escape(state.title) + final, escape(state.waits_for or "")]


def _action(action: ShownAction) -> list[str]:
    by, origin = escape(t("、", ", ").join(action.by)), ", ".join(action.origin)
    return [action.id, escape(action.title), origin, action.to or "=", by, escape(action.source)]


def _deadline(rule: ShownDeadline) -> list[str]:
    length = "/".join(rule.lengths) + (t("，顺延", ", shifted") if rule.shifted else "")
    starts, ends = ", ".join(rule.starts) or _after(rule), ", ".join(rule.ends)
    return [rule.id, escape(rule.title), length, starts, ends, rule.at_end or "", escape(rule.source)]


def _after(rule: ShownDeadline) -> str:
    """Return in words which other deadline starts one."""
    name, once = rule.after or ("", "met")
    return t(f"{name} 完成", f"{name} met") if once == "met" else t(f"{name} 届满", f"{name} passed")
