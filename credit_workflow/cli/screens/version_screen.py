"""Versions on the screen: what differs, which cases would change, what was proposed and published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.markup import escape
from rich.table import Table

from credit_workflow.authoring.diff.differences import Difference
from credit_workflow.casework.rulebook.migrating import Line
from credit_workflow.casework.rulebook.publications import Proposal
from credit_workflow.cli.language import language, say, t
from credit_workflow.cli.output import console
from credit_workflow.cli.screens.titles import deadline_title, state_title
from credit_workflow.definition.model import Workflow
from credit_workflow.text import Text

#: Of a table of cases: what its columns take but for two, and the least that is left to those.
_OTHERS, _NARROWEST = 60, 8
_MARKS = {"added": "[green]＋[/green]", "removed": "[red]－[/red]", "changed": "[yellow]～[/yellow]"}
_STATUS = {
    "proposed": Text("待批准", "waits"),
    "approved": Text("已批准", "approved"),
    "rejected": Text("已驳回", "turned down"),
    "withdrawn": Text("已撤回", "withdrawn"),
    "published": Text("已发布", "published"),
}
_FATES = {
    "moved": Text("移动", "moved"),
    "started": Text("新起算", "begins"),
    "restored": Text("恢复", "back again"),
    "cancelled": Text("取消", "cancelled"),
}


def render_differences(old: Workflow, new: Workflow, found: Sequence[Difference]) -> None:
    """Write what two definitions differ in, a sentence a line."""
    screen = console()
    if old.workflow == new.workflow:
        named = t(f"第 {old.version} 版 → 第 {new.version} 版", f"version {old.version} → version {new.version}")
        screen.print(f"[bold]{escape(say(new.title.text))}[/bold] {new.workflow} {named}")
    else:
        screen.print(f"[bold]{old.workflow} v{old.version} → {new.workflow} v{new.version}[/bold]")
    if not found:
        screen.print(t("没有差别。", "No difference."))
    for one in found:
        screen.print(f"{_MARKS[one.what]} {escape(say(one.text))}")


def render_lines(lines: Sequence[Line]) -> None:
    """Write every case that would go over, a row for each thing that changes in it."""
    screen = console()
    if not lines:
        screen.print(t("没有需要更换版本的在办案件。", "There are no running cases to go over."))
        return
    table = _table(
        t("案件", "Case"),
        t("版本", "Version"),
        t("状态", "State"),
        t("期限", "Deadline"),
        t("最后一日", "Last day"),
        t("逾期", "Overdue"),
    )
    for column in table.columns[2:4]:  # what is left of them makes room for a date and an arrow
        column.max_width = max((screen.width - _OTHERS) // 2, _NARROWEST)
    for line in lines:
        _rows(table, line)
    screen.print(table)
    screen.print(_summary(lines))


def _rows(table: Table, line: Line) -> None:
    case, made = line.plan.case, line.plan
    versions = f"{case.definition_version} → {made.target.workflow.version}"
    old, new = state_title(line.rules.workflow, case.state), state_title(made.target.workflow, made.state)
    if line.in_the_way:
        why = "；".join(say(ground.message) for ground in line.in_the_way)
        table.add_row(case.number, versions, escape(old), f"[red]{t('不能更换', 'stopped')}[/red]", escape(why), "")
        return
    if old == new and case.state != made.state:
        old, new = case.state, made.state
    state = escape(old) if case.state == made.state else f"{escape(old)} → {escape(new)}"
    told = line.as_json(language())
    shown = [one for one in told["deadlines"] if one["what"] != "kept"]
    if not shown:
        table.add_row(
            case.number,
            versions,
            state,
            t("不变", "unchanged"),
            "",
            _late(before=line.late_before, after=line.late_after),
        )
    for place, one in enumerate(shown):
        title = _deadline_title(line, one["id"])
        due = f"{one['from'] or '—'} → {one['to'] or '—'}"
        overdue = _late(**one["overdue"])
        first = (case.number, versions, state) if place == 0 else ("", "", "")
        table.add_row(*first, escape(title) + _in_brackets(_FATES[one["what"]]), due, overdue)
    if line.lost:
        names = t("、", ", ").join(line.lost)
        table.add_row("", "", "", f"[red]{t('不能再办', 'no longer')}[/red]", escape(names), "")


def _in_brackets(text: Text) -> str:
    return t(f"（{text.zh}）", f" ({text.en})")


def _deadline_title(line: Line, name: str) -> str:
    newest = line.plan.target.workflow
    return deadline_title(newest if name in newest.deadlines else line.rules.workflow, name)


def _late(*, before: bool, after: bool) -> str:
    if before == after:
        return t("是", "yes") if after else ""
    return f"[red]{t('成为逾期', 'becomes')}[/red]" if after else f"[green]{t('不再逾期', 'no longer')}[/green]"


def _summary(lines: Sequence[Line]) -> str:
    stopped = sum(bool(line.in_the_way) for line in lines)
    moved = sum(any(fate != "kept" for fate in line.plan.fates.values()) for line in lines)
    late = sum(line.becomes_late for line in lines)
    saved = sum(line.late_no_more for line in lines)
    return t(
        f"在办 {len(lines)} 件：期限有变 {moved} 件，成为逾期 {late} 件，不再逾期 {saved} 件，不能更换 {stopped} 件。",
        f"{len(lines)} running: deadlines change in {moved}, {late} become overdue, {saved} no longer are, {stopped} can't go over.",
    )


def render_proposals(found: Sequence[Proposal]) -> None:
    """Write the proposals, the newest last."""
    screen = console()
    if not found:
        screen.print(t("没有提案。", "There are no proposals."))
        return
    table = _table(
        t("号", "No"), t("流程", "Workflows"), t("提案人", "By"), t("状态", "Status"), t("办理人", "Decided by"),
        t("自", "From"), t("说明", "Note"),
    )  # fmt: skip
    for one in found:
        names = t("、", ", ").join(f"{d.workflow}@{d.version}" for d in one.definitions)
        since = one.in_force_from or one.since
        note = " / ".join(part for part in (one.note, one.reason) if part)
        table.add_row(
            str(one.number), names, one.by, say(_STATUS[one.status]), one.decided_by or "", str(since or ""), escape(note)
        )  # fmt: skip
    screen.print(table)


def render_versions(found: Sequence[Mapping[str, Any]]) -> None:
    """Write which version of each workflow is in force, and since when."""
    table = _table(
        t("流程", "Workflow"), t("今日有效", "In force"), t("在办案件的版本", "Running cases"), t("由何处定", "By"),
        t("发布", "Published"),
    )  # fmt: skip
    for one in found:
        by = t("数据库", "the database") if one["decided_by"] == "database" else t("文件夹", "the folder")
        published = t("；", "; ").join(
            t(f"第 {p['version']} 版自 {p['from']} 起", f"v{p['version']} from {p['from']}") for p in one["published"]
        )
        in_force = "—" if one["in_force"] is None else t(f"第 {one['in_force']} 版", f"v{one['in_force']}")
        table.add_row(one["workflow"], in_force, t("、", ", ").join(map(str, one["running"])), by, published)
    console().print(table)


def _table(*titles: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for index, title in enumerate(titles):
        table.add_column(title, no_wrap=index == 0, overflow="fold")
    return table
