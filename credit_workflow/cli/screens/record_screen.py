"""Draw records on the screen."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from rich import box
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table
from rich.text import Text as Styled

from credit_workflow.cli.language import counted, t
from credit_workflow.cli.output import console
from credit_workflow.service.use_cases.daily.cases import FoundRecord
from credit_workflow.service.use_cases.daily.records import Dossier, Record


def usable_text(view: Record) -> Styled:
    """Return whether a record may be used, told by sign and word as well as by colour."""
    if view.removed:
        return Styled("✗ " + t("已删除", "removed"), style="red")
    if not view.usable:
        return Styled("‖ " + t("暂停使用", "suspended"), style="yellow")
    if view.marks:
        return Styled("? " + t("存疑，可用", "disputed, usable"), style="magenta")
    return Styled("✓ " + t("可用", "usable"), style="green")


def render_records(views: Sequence[Record]) -> None:
    """Write a list of records."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for index, title in enumerate(
        (
            t("编号", "No."),
            t("信息主体", "Subject"),
            t("证件号", "ID"),
            t("提供部门", "Provider"),
            t("标题", "Title"),
            t("有效期至", "Valid until"),
            t("使用", "Use"),
        )
    ):
        table.add_column(title, no_wrap=index in (0, 2))
    for view in views:
        table.add_row(
            escape(view.record_no),
            escape(view.subject_name),
            view.subject_id,
            escape(view.provider),
            escape(view.title),
            str(view.valid_until),
            usable_text(view),
        )
    console().print(table)
    console().print(t(f"共 {len(views)} 条", counted(len(views), "record")), style="dim")


def render_record(view: Record) -> None:
    """Write one record with its marks."""
    hidden = t("（异议正在处理，暂停使用，内容不予显示）", "(in processing: suspended, the content is withheld)")
    lines = [
        f"{t('信息主体：', 'Subject: ')}{escape(view.subject_name)} {view.subject_id}",
        f"{t('提供部门：', 'Provider: ')}{escape(view.provider)}",
        f"{t('公开类别：', 'Class: ')}{view.open_class}",
        f"{t('有效期：', 'Valid: ')}{view.valid_from} — {view.valid_until}",
        f"{t('内容：', 'Content: ')}{escape(view.content) if view.content is not None else hidden}",
    ]
    for mark in view.marks:
        until = t(f"，至 {mark.last_day}", f", until {mark.last_day}") if mark.last_day else ""
        reason = f"：{escape(mark.reason)}" if mark.reason else ""
        lines.append(f"[magenta]▲ {escape(mark.title)}[/magenta]（{mark.case}，{mark.placed}{until}）{reason}")
    console().print(Panel("\n".join(lines), title=f"{view.record_no} {escape(view.title)}", title_align="left"))
    console().print(usable_text(view))


def render_dossier(dossier: Dossier) -> None:
    """Write everything that ever happened to a record."""
    screen = console()
    screen.print(Styled(f"{dossier.record_no}　{dossier.subject_id}", style="bold"))
    for title, lines in (
        (t("内容变动", "Values"), dossier.values),
        (t("查看", "Look-ups"), dossier.look_ups),
    ):
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title=title, title_justify="left")
        for name in (t("时间", "At"), t("经办", "By"), t("事项", "What"), t("详情", "Details")):
            table.add_column(name)
        for line in lines:
            details = {k: v for k, v in line.data.items() if k not in ("revision", "record")}
            table.add_row(
                f"{line.at:%Y-%m-%d %H:%M}",
                escape(line.actor),
                line.kind,
                escape(msgspec.json.encode(details).decode()),
            )
        screen.print(table)
    marks = Table(box=box.SIMPLE_HEAD, pad_edge=False, title=t("标注", "Marks"), title_justify="left")
    for name in (
        t("标注", "Mark"),
        t("案件", "Case"),
        t("作出", "Placed"),
        t("末日", "Last day"),
        t("解除", "Lifted"),
        t("理由", "Reason"),
    ):
        marks.add_column(name)
    for mark in dossier.marks:
        marks.add_row(
            escape(mark.title),
            mark.case,
            str(mark.placed),
            str(mark.last_day or ""),
            str(mark.lifted or ""),
            escape(mark.reason or ""),
        )
    screen.print(marks)


def render_found(rows: Sequence[FoundRecord]) -> None:
    """Write the records that a look-up gave."""
    screen = console()
    screen.print(t(f"查询结果：{len(rows)} 条", f"Found: {counted(len(rows), 'record')}"), style="bold")
    for row in rows:
        screen.print(Panel("\n".join(_lines(row)), title=escape(row.record_no), title_align="left"))


def _lines(row: FoundRecord) -> list[str]:
    if not row.shown:
        return [
            t("异议正在处理，该信息暂停使用，内容不予显示。", "In processing and suspended: what it says is withheld.")
        ]
    lines = [
        f"[bold]{escape(row.title or '')}[/bold]　{escape(row.subject_name or '')} {row.subject_id}",
        f"{t('提供部门：', 'Provider: ')}{escape(row.provider or '')}　{t('公开类别：', 'Class: ')}{row.open_class}",
        f"{t('有效期：', 'Valid: ')}{row.valid_from} — {row.valid_until}",
        escape(row.content or ""),
    ]
    for mark in row.marks:
        reason = f"：{escape(mark.reason)}" if mark.reason else ""
        until = t(f"，至 {mark.last_day}", f", until {mark.last_day}") if mark.last_day else ""
        lines.append(f"[magenta]▲ {escape(mark.title)}[/magenta]（{mark.placed}{until}）{reason}")
    return lines
