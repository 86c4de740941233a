"""Cases on the screen: one case as a page, lists as tables, urgency by colour and by sign."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import msgspec
from rich.console import Group
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table
from rich.text import Text as Styled

from credit_workflow.cli.language import counted, language, say, t
from credit_workflow.cli.output import console
from credit_workflow.cli.screens.explanation_screen import length_text, weekday
from credit_workflow.cli.screens.layout import table, write, write_failed
from credit_workflow.service.use_cases.daily.applications import Application, Applications
from credit_workflow.service.use_cases.daily.cases import (
    Case,
    CaseList,
    CasePage,
    Cases,
    Deadline,
    History,
    TimelineLine,
    Todo,
)
from credit_workflow.service.use_cases.daily.overdue import Overdue, OverdueDuties
from credit_workflow.service.use_cases.daily.workflows import FieldForm, WorkflowForm

_SOON = 3


def status_mark(deadline: Deadline) -> Styled:
    """Return how a deadline stands, told by sign and word as well as by colour."""
    status, left = deadline.status, deadline.days_left or 0
    if status == "running" and deadline.stopped is not None:
        kept = deadline.remaining
        rest = "" if kept is None else length_text(f"{kept.length} {kept.unit}")
        return Styled("‖ " + t(f"中止计算，余 {rest}", f"stopped, {rest} left"), style="magenta")
    if status == "overdue":
        word = t(f"逾期 {-left} 天", f"{-left} days over")
        if deadline.kind == "target":
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


def due_text(deadline: Deadline) -> str:
    """Return a due date, with a sign where a notice can still move it."""
    if deadline.due is None:
        return t(f"{deadline.stopped} 起中止", f"stopped {deadline.stopped}")
    return _provisional(deadline.due, provisional=deadline.provisional)


def _provisional(due: date, *, provisional: bool) -> str:
    return str(due) + (t("（暂定）", " (provisional)") if provisional else "")


def render_case(page: CasePage, *, brief: bool = False) -> None:
    """Write one case as a page: who and what, deadlines, timeline, what can be done next."""
    case, form = page.case, page.form
    if form is None:
        raise ValueError("a page has a form")
    screen = console()
    screen.print(_head(case, form))
    if case.deadlines:
        screen.print(_deadlines(case))
    if not brief:
        _details(case, form, screen)
        screen.print(_timeline(page.timeline))
    screen.print(_next(case, form))
    write_failed(() if case.failed is None else (case.failed,))


def render_cases(found: Cases) -> None:
    """Write a list of cases."""
    write_failed(found.failed)
    if not found.cases:
        write("没有符合条件的案件。", "There is no such case.")
        return
    console().print(_case_table(found.cases))
    write(f"共 {len(found.cases)} 件", counted(len(found.cases), "case"), "dim")


def render_list(found: CaseList) -> None:
    """Write a page of a list of cases, and how to go on."""
    render_cases(found)
    _more(found.next)


def _more(following: str | None) -> None:
    """Say how to go on where more would follow."""
    if following is not None:
        write(f"还有更多；续列：--after {following}", f"There are more; to go on: --after {following}", "dim")


def render_todo(todo: Todo) -> None:
    """Write what waits for somebody, the most urgent first."""
    screen = console()
    who, day, found = todo.account or "", todo.as_of, todo.cases
    write(f"{who} 的待办 · {day} {weekday(day)}", f"To do for {who} · {day} {weekday(day)}", "bold")
    write_failed(todo.failed)
    if not found:
        write("没有等您办理的案件。", "Nothing waits for you.")
        return
    screen.print(_case_table(found))
    late = sum(case.overdue for case in found)
    summary = t(f"共 {len(found)} 件，其中逾期 {late} 件", f"{counted(len(found), 'case')}, {late} of them overdue")
    screen.print(summary, style="bold red" if late else "dim")
    screen.print(t("查看：", "Look at one: ") + f"credit-workflow case show {found[0].number}", style="dim")


def render_overdue(duties: OverdueDuties) -> None:
    """Write what is overdue, longest first; targets apart, and never as a breach."""
    screen = console()
    rows, day = duties.overdue, duties.as_of
    write_failed(duties.failed)
    if rows:
        screen.print(_overdue_table(rows, duties, style="bold red", sign="✗"))
        write(f"截至 {day}，逾期 {len(rows)} 项", f"As of {day}: {len(rows)} overdue", "bold red")
    else:
        write(f"截至 {day}，没有逾期事项。", f"As of {day} nothing is overdue.", "green")
    if duties.targets:
        screen.print()
        write("超过内部目标（不属逾期）", "Past the unit's own targets (no breach)", "bold")
        screen.print(_overdue_table(duties.targets, duties, style="yellow", sign="◇"))


def render_history(history: History) -> None:
    """Write a case's log."""
    rows = []
    for event, (action, state) in zip(history.events, history.words, strict=True):
        said = f"[red]{t('拒绝', 'refused')}[/red] {escape(action)}" if event.data.get("refused") else action
        at = f"{event.at:%Y-%m-%d %H:%M}"
        rows.append((str(event.seq), at, str(event.effective), escape(event.actor), said, state, event.hash[:8]))
    console().print(Styled(history.case, style="bold"))
    titles = ("#|记录时间|生效日|经办|事项|状态|哈希", "#|Recorded|Effective|Actor|Action|State|Hash")
    console().print(table(*titles, rows, whole=(0,)))


def render_applications(found: Applications) -> None:
    """Write the log of applications, a row each."""
    titles = (
        "申请日|案件|申请人|信用记录|申请原因|标注|状态|经办",
        "Filed|Case|Applicant|Record|Reason|Marks|State|By",
    )
    console().print(table(*titles, map(_application, found.applications)))
    write(f"共 {len(found.applications)} 件", counted(len(found.applications), "application"), "dim")
    _more(found.next)


def _application(one: Application) -> list[str]:
    marks = [f"{mark.title} {mark.placed}–{mark.lifted or mark.last_day or ''}".rstrip("–") for mark in one.marks]
    return [
        str(one.filed),
        one.case,
        " ".join(part for part in (escape(one.name or ""), one.about) if part),
        one.record or "",
        escape(one.reason or ""),
        escape(t("；", "; ").join(marks)),
        escape(one.state_title),
        escape(one.by),
    ]


def _about(case: Case, form: WorkflowForm) -> list[str]:
    """Whom and what a case is about: a person, with a record or without, an account, or nobody."""
    if case.subject_id is None:
        return []
    if form.about == "account":
        return [f"{t('账户：', 'Account: ')}{escape(case.subject_id)}"]
    who = t("被查询人：", "Looked up: ") if form.looks_up == "subject" else t("申请人：", "Applicant: ")
    named = " ".join(part for part in (escape(case.subject_name or ""), case.subject_id) if part)
    person = f"{who}{named}"
    return [person] if case.record is None else [person, f"{t('信用记录：', 'Record: ')}{escape(case.record)}"]


def _head(case: Case, form: WorkflowForm) -> Panel:
    color = "red" if case.overdue else "green" if case.final else "cyan"
    waits = [form.role_title(role, language()) for role in case.waits_for]
    lines = [
        f"[bold]{escape(case.state_title)}[/bold]"
        + (t("  （待夜间任务记录）", "  (to be recorded by the sweep)") if not case.recorded else ""),
        *_about(case, form),
        f"{t('申请日：', 'Filed: ')}{case.opened}",
    ]
    if waits:
        lines.append(f"{t('等待：', 'Waits for: ')}{t('、', ', ').join(waits)}")
    if case.assignee:
        lines.append(f"{t('经办人：', 'Assigned to: ')}{escape(case.assignee)}")
    if case.parent:
        lines.append(f"{t('上级案件：', 'Parent: ')}{case.parent}")
    if case.children:
        lines.append(f"{t('关联案件：', 'Linked: ')}{t('、', ', ').join(case.children)}")
    return Panel("\n".join(lines), title=f"{say(form.title)} {case.number}", title_align="left", border_style=color)


def _deadlines(case: Case) -> Table:
    made = table(
        "期限|起算|届满|完成|进度|依据",
        "Deadline|Starts|Due|Met|Standing|Source",
        whole=(0, 1, 2, 3) if console().width >= _WIDE else (1, 2, 3),
    )
    for deadline in case.deadlines:
        due = due_text(deadline)
        if deadline.due not in (None, deadline.original_due):
            due += t(f"\n（原 {deadline.original_due}）", f"\n(was {deadline.original_due})")
        title, met, source = escape(deadline.title), str(deadline.met or ""), escape(deadline.source)
        made.add_row(title, str(deadline.starts), due, met, status_mark(deadline), source)
    return made


def _details(case: Case, form: WorkflowForm, screen: Any) -> None:
    parts = []
    for name, value in case.fields.items():
        field = form.fields.get(name)
        parts.append(f"[dim]{escape(say(field.title)) if field else name}[/dim]　{escape(_plain(value, field))}")
    seen = [form.material_title(m.kind, language()) for m in case.materials]
    if seen:
        parts.append(f"[dim]{t('已核验材料', 'Materials seen')}[/dim]　{escape(t('、', ', ').join(seen))}")
    if parts:
        screen.print(Panel(Group(*parts), title=t("内容", "Details"), title_align="left", border_style="dim"))


def _plain(value: Any, field: FieldForm | None) -> str:
    """Return a field's value as people read it."""
    if isinstance(value, bool):
        return t("是", "yes") if value else t("否", "no")
    if field is not None and field.type == "choice" and value in field.choices:
        return say(field.choices[value])
    if field is not None and field.type == "rows":
        return t(f"{len(value)} 条", f"{len(value)} rows")
    if field is not None and field.type == "several":
        return t("、", ", ").join(say(field.choices[one]) if one in field.choices else one for one in value)
    if isinstance(value, list):
        return t("、", ", ").join(map(str, value))
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _timeline(timeline: Sequence[TimelineLine]) -> Panel:
    lines = []
    for line in timeline:
        shown = f"{line.at:%Y-%m-%d %H:%M}"
        if line.effective != line.at.date():
            shown += t(f"（{line.effective} 生效）", f" (effective {line.effective})")
        style, what, detail = "cyan", escape(line.what), ""
        if line.refused:
            style, what = "red", t("拒绝：", "refused: ") + what
        elif line.versions is not None:
            detail = " {} → {}".format(*line.versions)
        elif line.state is not None:
            detail = f" → {escape(line.state)}"
        if line.about is not None:
            detail += f"（{escape(line.about)}）"
        if line.note:
            detail += f"　[dim]{escape(line.note)}[/dim]"
        lines.append(f"{shown}  [{style}]{what}[/{style}]{detail}  [dim]{escape(line.actor)}[/dim]")
    return Panel("\n".join(lines), title=t("经过", "Timeline"), title_align="left", border_style="dim")


def _next(case: Case, form: WorkflowForm) -> Group:
    if not case.actions:
        waits = [form.role_title(role, language()) for role in case.waits_for]
        tail = t("本账户目前没有可办步骤", "This account can do nothing here now")
        if waits:
            tail += t(f"，正等待{'、'.join(waits)}", f"; it waits for {', '.join(waits)}")
        return Group(Styled(tail + t("。", "."), style="dim"))
    lines: list[Any] = [Styled(t("下一步可办：", "What can be done next:"), style="bold")]
    for name in case.actions:
        action = form.actions[name]
        needs = [f"--set {n}=…" for n, asked in action.asks.items() if asked.must_be_given and not asked.sometimes]
        materials = ["--all-materials"] if action.materials else []
        command = " ".join([f"credit-workflow {form.id} {name} {case.number}", *needs, *materials])
        line = Styled(f"  {say(action.title)}　")
        line.append(command, style="cyan")
        lines.append(line)
    return Group(*lines)


def _case_table(cases: Iterable[Case]) -> Table:
    titles = ("案件|状态|申请人|信用记录|最近期限|进度", "Case|State|Applicant|Record|Next due|Standing")
    return table(*titles, map(_case_cells, cases), whole=(0, 4))


_LONGEST_NAME = 24
#: Where titles of deadlines need not be broken.
_WIDE = 100


def _short(name: str | None) -> str:
    """Return what a case is told by, as far as a cell has room."""
    text = name or ""
    return text if len(text) <= _LONGEST_NAME else text[: _LONGEST_NAME - 1] + "…"


def _case_cells(case: Case) -> list[Any]:
    nearest = case.nearest_deadline
    return [
        case.number,
        escape(case.state_title + ("" if case.recorded else " *")),
        escape(case.subject_name or case.subject_id or _short(case.name)),
        escape(case.record or case.subject_id or ""),
        due_text(nearest) if nearest else "",
        status_mark(nearest) if nearest else Styled(t("已结束", "ended"), style="dim") if case.final else "",
    ]


def _overdue_table(rows: Sequence[Overdue], duties: OverdueDuties, *, style: str, sign: str) -> Table:
    titles = ("案件|状态|期限|届满|已超|等待|单位", "Case|State|Deadline|Due|Over|Waits for|Unit")
    made = table(*titles, whole=(0, 3, 4))
    for row in rows:
        state, deadline, role = map(escape, duties.titles[row.case, row.deadline])
        over = Styled(f"{sign} " + t(f"{row.days_over} 天", f"{row.days_over} days"), style=style)
        due = _provisional(row.due, provisional=row.provisional)
        made.add_row(row.case, state, deadline, due, over, role, escape(row.unit or ""))
    return made
