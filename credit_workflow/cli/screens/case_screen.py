"""Cases on the screen: one case as a page, lists as tables, urgency by colour and by sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Group
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table
from rich.text import Text as Styled

from credit_workflow.casework.cases.listing import nearest_deadline
from credit_workflow.casework.cases.snapshot import Viewer
from credit_workflow.casework.clock import local
from credit_workflow.cli.context import settings
from credit_workflow.cli.language import say, t
from credit_workflow.cli.output import console, training_line
from credit_workflow.cli.screens.explanation_screen import length_text
from credit_workflow.cli.screens.titles import action_title, material_title, plain, role_title, state_title, weekday
from credit_workflow.definition.model import Workflow
from credit_workflow.engine.clocks.deadline_versions import definitions_over
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import Entry

_SOON = 3
Digests = Mapping[str, Rules]


def status_mark(deadline: dict[str, Any]) -> Styled:
    """Return how a deadline stands, told by sign and word as well as by colour."""
    status, left = deadline["status"], deadline["days_left"]
    if status == "running" and deadline["stopped"]:
        kept = deadline["remaining"]
        rest = length_text(f"{kept['length']} {kept['unit']}")
        return Styled("‖ " + t(f"中止计算，余 {rest}", f"stopped, {rest} left"), style="magenta")
    if status == "overdue":
        word = t(f"逾期 {-left} 天", f"{-left} days over")
        if deadline["kind"] == "target":
            return Styled("◇ " + t(f"超目标 {-left} 天", f"{-left} days past target"), style="yellow")
        return Styled("✗ " + word, style="bold red")
    if status == "running":
        word = t("今天到期", "due today") if left == 0 else t(f"还有 {left} 天", f"{left} days left")
        return Styled(("! " if left <= _SOON else "· ") + word, style="yellow" if left <= _SOON else "cyan")
    words = {
        "met": ("✓ ", t("已完成", "met"), "green"),
        "met_late": ("✓ ", t("逾期完成", "met late"), "magenta"),
        "lapsed": ("– ", t("已届满", "lapsed"), "dim"),
        "cancelled": ("– ", t("已取消", "cancelled"), "dim"),
    }
    sign, word, style = words[status]
    return Styled(sign + word, style=style)


def due_text(deadline: dict[str, Any]) -> str:
    """Return a due date, with a sign where a notice can still move it."""
    if deadline["due"] is None:
        return t(f"{deadline['stopped']} 起中止", f"stopped {deadline['stopped']}")
    return str(deadline["due"]) + (t("（暂定）", " (provisional)") if deadline["provisional"] else "")


def render_case(
    view: dict[str, Any],
    rules: Digests,
    entries: Sequence[tuple[int, str, Entry]],
    viewer: Viewer,
    *,
    brief: bool,
    training: bool,
) -> None:
    """Write one case as a page: who and what, deadlines, timeline, what can be done next."""
    workflow = _workflow(rules, view)
    screen = console()
    training_line(training=training)
    screen.print(_head(view, workflow))
    if view["deadlines"]:
        screen.print(_deadlines(view))
    if not brief:
        _details(view, workflow, screen)
        screen.print(_timeline(entries, rules))
    screen.print(_next(view, workflow, viewer))


def render_cases(found: list[dict[str, Any]], *, training: bool) -> None:
    """Write a list of cases."""
    training_line(training=training)
    screen = console()
    if not found:
        screen.print(t("没有符合条件的案件。", "There is no such case."))
        return
    table = _case_table()
    for view in found:
        table.add_row(*_case_cells(view))
    screen.print(table)
    screen.print(t(f"共 {len(found)} 件", f"{len(found)} cases"), style="dim")


def render_todo(found: list[dict[str, Any]], viewer: Viewer, *, training: bool) -> None:
    """Write what waits for somebody, the most urgent first."""
    training_line(training=training)
    screen = console()
    who = viewer.actor.account if viewer.actor else ""
    day = viewer.moment.effective
    screen.print(
        Styled(t(f"{who} 的待办 · {day} {weekday(day)}", f"To do for {who} · {day} {weekday(day)}"), style="bold")
    )
    if not found:
        screen.print(t("没有等您办理的案件。", "Nothing waits for you."))
        return
    table = _case_table()
    late = 0
    for view in found:
        table.add_row(*_case_cells(view))
        late += view["overdue"]
    screen.print(table)
    summary = t(f"共 {len(found)} 件，其中逾期 {late} 件", f"{len(found)} cases, {late} of them overdue")
    screen.print(summary, style="bold red" if late else "dim")
    screen.print(t("查看：", "Look at one: ") + f"credit-workflow case show {found[0]['case']}", style="dim")


def render_overdue(answer: dict[str, Any], rules: Digests, *, training: bool) -> None:
    """Write what is overdue, longest first; targets apart, and never as a breach."""
    training_line(training=training)
    screen = console()
    by_workflow = {r.id: r for r in rules.values()}
    rows = answer["overdue"]
    if rows:
        table = _overdue_table(rows, by_workflow, style="bold red", sign="✗")
        screen.print(table)
        screen.print(
            t(f"截至 {answer['as_of']}，逾期 {len(rows)} 项", f"As of {answer['as_of']}: {len(rows)} overdue"),
            style="bold red",
        )
    else:
        screen.print(
            t(f"截至 {answer['as_of']}，没有逾期事项。", f"As of {answer['as_of']} nothing is overdue."), style="green"
        )
    if answer.get("targets"):
        screen.print()
        screen.print(t("超过内部目标（不属逾期）", "Past the unit's own targets (no breach)"), style="bold")
        screen.print(_overdue_table(answer["targets"], by_workflow, style="yellow", sign="◇"))


def render_history(case: str, events: list[dict[str, Any]], rules: Sequence[Rules], *, training: bool) -> None:
    """Write a case's log; ``rules`` are those that the case had after each event."""
    training_line(training=training)
    table = _table(
        "#",
        t("记录时间", "Recorded"),
        t("生效日", "Effective"),
        t("经办", "Actor"),
        t("事项", "Action"),
        t("状态", "State"),
        t("哈希", "Hash"),
    )
    for event, its in zip(events, rules, strict=True):
        action = action_title(its.workflow, event["action"])
        if event["data"].get("refused"):
            action = f"[red]{t('拒绝', 'refused')}[/red] {escape(action)}"
        table.add_row(
            str(event["seq"]),
            event["at"][:16].replace("T", " "),
            event["effective"],
            escape(event["actor"]),
            action,
            state_title(its.workflow, event["to"]),
            event["hash"][:8],
        )
    console().print(Styled(case, style="bold"))
    console().print(table)


def _about(view: dict[str, Any], workflow: Workflow) -> list[str]:
    """Whom and what a case is about: a person, with a record or without, an account, or nobody."""
    if view["subject_id"] is None:
        return []
    if workflow.about == "account":
        return [f"{t('账户：', 'Account: ')}{escape(view['subject_id'])}"]
    looked_up = workflow.look_up is not None and workflow.look_up.about == "subject"
    who = t("被查询人：", "Looked up: ") if looked_up else t("申请人：", "Applicant: ")
    named = " ".join(part for part in (escape(view["subject_name"] or ""), view["subject_id"]) if part)
    person = f"{who}{named}"
    return [person] if view["record"] is None else [person, f"{t('信用记录：', 'Record: ')}{escape(view['record'])}"]


def _head(view: dict[str, Any], workflow: Workflow) -> Panel:
    color = "red" if view["overdue"] else "green" if view["final"] else "cyan"
    waits = [role_title(workflow, role) for role in view["waits_for"]]
    lines = [
        f"[bold]{escape(view['state_title'])}[/bold]"
        + (t("  （待夜间任务记录）", "  (to be recorded by the sweep)") if not view["recorded"] else ""),
        *_about(view, workflow),
        f"{t('申请日：', 'Filed: ')}{view['opened']}",
    ]
    if waits:
        lines.append(f"{t('等待：', 'Waits for: ')}{t('、', ', ').join(waits)}")
    if view["assignee"]:
        lines.append(f"{t('经办人：', 'Assigned to: ')}{escape(view['assignee'])}")
    if view["parent"]:
        lines.append(f"{t('上级案件：', 'Parent: ')}{view['parent']}")
    if view["children"]:
        lines.append(f"{t('关联案件：', 'Linked: ')}{t('、', ', ').join(view['children'])}")
    return Panel(
        "\n".join(lines), title=f"{say(workflow.title.text)} {view['case']}", title_align="left", border_style=color
    )


def _deadlines(view: dict[str, Any]) -> Table:
    table = _table(
        t("期限", "Deadline"),
        t("起算", "Starts"),
        t("届满", "Due"),
        t("完成", "Met"),
        t("进度", "Standing"),
        t("依据", "Source"),
        whole=(0, 1, 2, 3) if console().width >= _WIDE else (1, 2, 3),
    )
    for deadline in view["deadlines"]:
        due = due_text(deadline)
        if deadline["due"] not in (None, deadline["original_due"]):
            due += t(f"\n（原 {deadline['original_due']}）", f"\n(was {deadline['original_due']})")
        table.add_row(
            escape(deadline["title"]),
            deadline["starts"],
            due,
            deadline["met"] or "",
            status_mark(deadline),
            escape(deadline["source"]),
        )
    return table


def _details(view: dict[str, Any], workflow: Workflow, screen: Any) -> None:
    parts = []
    for name, value in view["fields"].items():
        field = workflow.fields.get(name)
        parts.append(
            f"[dim]{escape(say(field.title.text)) if field else name}[/dim]　{escape(plain(value, workflow, name))}"
        )
    seen = [material_title(workflow, m["kind"]) for m in view["materials"]]
    if seen:
        parts.append(f"[dim]{t('已核验材料', 'Materials seen')}[/dim]　{escape(t('、', ', ').join(seen))}")
    if parts:
        screen.print(Panel(Group(*parts), title=t("内容", "Details"), title_align="left", border_style="dim"))


def _timeline(entries: Sequence[tuple[int, str, Entry]], rules: Digests) -> Panel:
    lines = []
    zone = settings().calendar.zone
    for (_, _, entry), digest in zip(entries, definitions_over(entry for _, _, entry in entries), strict=True):
        workflow = rules[digest].workflow if digest in rules else None
        when = local(entry.at, zone)
        shown = when.strftime("%Y-%m-%d %H:%M")
        if entry.effective != when.date():
            shown += t(f"（{entry.effective} 生效）", f" (effective {entry.effective})")
        what = escape(action_title(workflow, entry.action) if workflow else entry.action)
        style = "cyan"
        detail = ""
        if entry.change.refused is not None:
            style, what = "red", t("拒绝：", "refused: ") + what
        elif entry.change.migrated is not None:
            detail = f" {entry.change.migrated.previous_version} → {entry.change.migrated.definition_version}"
        elif entry.before != entry.after and workflow:
            detail = f" → {escape(state_title(workflow, entry.after))}"
        if entry.change.deadline and workflow:
            detail += f"（{escape(say(workflow.deadlines[entry.change.deadline].title.text))}）"
        if entry.change.note:
            detail += f"　[dim]{escape(entry.change.note)}[/dim]"
        lines.append(f"{shown}  [{style}]{what}[/{style}]{detail}  [dim]{escape(entry.actor)}[/dim]")
    return Panel("\n".join(lines), title=t("经过", "Timeline"), title_align="left", border_style="dim")


def _next(view: dict[str, Any], workflow: Workflow, viewer: Viewer) -> Group:
    del viewer
    if not view["actions"]:
        waits = [role_title(workflow, role) for role in view["waits_for"]]
        tail = t("本账户目前没有可办步骤", "This account can do nothing here now")
        if waits:
            tail += t(f"，正等待{'、'.join(waits)}", f"; it waits for {', '.join(waits)}")
        return Group(Styled(tail + t("。", "."), style="dim"))
    lines: list[Any] = [Styled(t("下一步可办：", "What can be done next:"), style="bold")]
    for name in view["actions"]:
        action = workflow.actions[name]
        needs = [
            f"--set {n}=…"
            for n in action.asks
            if action.ask(n).required and not action.ask(n).default and not action.ask(n).when
        ]
        materials = ["--all-materials"] if action.materials else []
        command = " ".join([f"credit-workflow {workflow.workflow} {name} {view['case']}", *needs, *materials])
        line = Styled(f"  {say(action.title.text)}　")
        line.append(command, style="cyan")
        lines.append(line)
    return Group(*lines)


def _case_table() -> Table:
    return _table(
        t("案件", "Case"),
        t("状态", "State"),
        t("申请人", "Applicant"),
        t("信用记录", "Record"),
        t("最近期限", "Next due"),
        t("进度", "Standing"),
        whole=(0, 4),
    )


_LONGEST_NAME = 24
#: Where titles of deadlines need not be broken.
_WIDE = 100


def _short(name: str | None) -> str:
    """Return what a case is told by, as far as a cell has room."""
    text = name or ""
    return text if len(text) <= _LONGEST_NAME else text[: _LONGEST_NAME - 1] + "…"


def _case_cells(view: dict[str, Any]) -> list[Any]:
    nearest = nearest_deadline(view)
    state = view["state_title"] + ("" if view["recorded"] else " *")
    return [
        view["case"],
        escape(state),
        escape(view["subject_name"] or view["subject_id"] or _short(view["name"])),
        escape(view["record"] or view["subject_id"] or ""),
        due_text(nearest) if nearest else "",
        status_mark(nearest) if nearest else Styled(t("已结束", "ended"), style="dim") if view["final"] else "",
    ]


def _overdue_table(rows: list[dict[str, Any]], rules: Mapping[str, Rules], *, style: str, sign: str) -> Table:
    table = _table(
        t("案件", "Case"),
        t("状态", "State"),
        t("期限", "Deadline"),
        t("届满", "Due"),
        t("已超", "Over"),
        t("等待", "Waits for"),
        t("单位", "Unit"),
        whole=(0, 3, 4),
    )
    for row in rows:
        workflow = rules[row["workflow"]].workflow
        over = f"{sign} " + t(f"{row['days_over']} 天", f"{row['days_over']} days")
        due = due_text(row)
        table.add_row(
            row["case"],
            escape(state_title(workflow, row["state"])),
            escape(say(workflow.deadlines[row["deadline"]].title.text)),
            due,
            Styled(over, style=style),
            escape(role_title(workflow, row["waiting_for"])) if row["waiting_for"] else "",
            escape(row["unit"] or ""),
        )
    return table


def _table(*titles: str, whole: tuple[int, ...] = (0,)) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for index, title in enumerate(titles):
        table.add_column(title, no_wrap=index in whole, overflow="fold")
    return table


def _workflow(rules: Digests, view: dict[str, Any]) -> Workflow:
    wanted = (view["workflow"], view["definition_version"])
    return next(r.workflow for r in rules.values() if (r.id, r.workflow.version) == wanted)
