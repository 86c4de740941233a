"""A definition on the screen."""

from __future__ import annotations

from rich import box
from rich.markup import escape
from rich.table import Table

from credit_workflow.cli.language import say, t
from credit_workflow.cli.output import console
from credit_workflow.cli.screens.explanation_screen import length_text
from credit_workflow.cli.screens.titles import role_title
from credit_workflow.definition.model import DeadlineRule, Workflow


def render_definition(workflow: Workflow) -> None:
    """Write a definition's states, actions and deadlines with their clauses."""
    screen = console()
    screen.print(
        f"[bold]{escape(say(workflow.title.text))}[/bold] {workflow.workflow} v{workflow.version}（{escape(workflow.source)}）"
    )
    states = _table(t("状态", "State"), t("名称", "Title"), t("等待", "Waits for"))
    for name, state in workflow.states.items():
        final = t("（终结）", " (final)") if state.final else ""
        states.add_row(name, escape(say(state.title.text)) + final, _role(workflow, state.waits_for))
    screen.print(states)
    actions = _table(
        t("步骤", "Action"), t("名称", "Title"), t("从", "From"), t("到", "To"), t("由", "By"), t("依据", "Source")
    )
    for name, action in workflow.actions.items():
        origin = action.origin if isinstance(action.origin, str) else ", ".join(action.origin or ())
        by = t("、", ", ").join(_role(workflow, role) for role in action.by)
        actions.add_row(name, escape(say(action.title.text)), origin, action.to or "=", by, escape(action.source))
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
    for name, rule in workflow.deadlines.items():
        shift = t("，顺延", ", shifted") if rule.if_day_off else ""
        deadlines.add_row(
            name,
            escape(say(rule.title.text)),
            "/".join(length_text(length) for length in (rule.length, *(o.length for o in rule.other_lengths))) + shift,
            ", ".join(rule.starters) or _after(rule),
            ", ".join(rule.ends),
            rule.at_end or "",
            escape(rule.source),
        )
    screen.print(deadlines)


def _after(rule: DeadlineRule) -> str:
    """Return in words which other deadline starts one."""
    name, once = rule.starts_after or ("", "met")
    return t(f"{name} 完成", f"{name} met") if once == "met" else t(f"{name} 届满", f"{name} passed")


def _role(workflow: Workflow, name: str | None) -> str:
    return "" if name is None else escape(role_title(workflow, name))


def _table(*titles: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for title in titles:
        table.add_column(title, overflow="fold")
    return table
