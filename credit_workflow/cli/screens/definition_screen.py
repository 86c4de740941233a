"""Draw a definition on the screen."""

from __future__ import annotations

from rich import box
from rich.markup import escape
from rich.table import Table

from credit_workflow.cli.language import t
from credit_workflow.cli.output import console
from credit_workflow.service.use_cases.rules.definitions import ShownDeadline, ShownDefinition


def render_definition(definition: ShownDefinition) -> None:
    """Write a definition's states, actions and deadlines with their clauses."""
    screen = console()
    named = f"{definition.id} v{definition.version}（{escape(definition.source)}）"
    screen.print(f"[bold]{escape(definition.title)}[/bold] {named}")
    states = _table(t("状态", "State"), t("名称", "Title"), t("等待", "Waits for"))
    for state in definition.states:
        final = t("（终结）", " (final)") if state.final else ""
        states.add_row(state.id, escape(state.title) + final, escape(state.waits_for or ""))
    screen.print(states)
    actions = _table(
        t("步骤", "Action"), t("名称", "Title"), t("从", "From"), t("到", "To"), t("由", "By"), t("依据", "Source")
    )
    for action in definition.actions:
        by = escape(t("、", ", ").join(action.by))
        origin = ", ".join(action.origin)
        actions.add_row(action.id, escape(action.title), origin, action.to or "=", by, escape(action.source))
    screen.print(actions)
    deadlines = _table(
        t("期限", "Deadline"),
        t("名称", "Title"),
        t("长度", "Length"),
        t("始于", "Starts"),
        t("止于", "Ends"),
        t("届满", "At the end"),
        t("依据", "Source"),
    )
    for rule in definition.deadlines:
        shift = t("，顺延", ", shifted") if rule.shifted else ""
        deadlines.add_row(
            rule.id,
            escape(rule.title),
            "/".join(rule.lengths) + shift,
            ", ".join(rule.starts) or _after(rule),
            ", ".join(rule.ends),
            rule.at_end or "",
            escape(rule.source),
        )
    screen.print(deadlines)


def _after(rule: ShownDeadline) -> str:
    """Return in words which other deadline starts one."""
    name, once = rule.after or ("", "met")
    return t(f"{name} 完成", f"{name} met") if once == "met" else t(f"{name} 届满", f"{name} passed")


def _table(*titles: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for title in titles:
        table.add_column(title, overflow="fold")
    return table
