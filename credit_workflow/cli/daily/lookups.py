"""Look-ups on the screen: what one gave, and ``log``, which lists them all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.panel import Panel

from credit_workflow.cli.base import Command
from credit_workflow.cli.context import ask
from credit_workflow.cli.given import day, word
from credit_workflow.cli.language import t
from credit_workflow.cli.options import FromDay, Purpose, ToDay
from credit_workflow.cli.output import answered, console
from credit_workflow.service.use_cases.look_ups import LookUp, ReadLookUps


def extend_log(app: typer.Typer) -> None:
    """Add the log of look-ups to the group of a workflow that looks up."""
    text = t(
        "查询日志：查询主体、对象、日期、用途、范围，被拒绝的也在内（市信用中心、审计员）。",
        "The log of look-ups: who, about whom, when, why and how far, refused ones too (centre, auditors).",
    )
    app.command("log", cls=Command, help=text)(_log)


def render_answer(rows: list[dict[str, Any]]) -> None:
    """Write the records that a look-up gave."""
    screen = console()
    screen.print(t(f"查询结果：{len(rows)} 条", f"Found: {len(rows)} records"), style="bold")
    for row in rows:
        screen.print(Panel("\n".join(_lines(row)), title=escape(row["record_no"]), title_align="left"))


def _lines(row: dict[str, Any]) -> list[str]:
    if not row["shown"]:
        return [
            t("异议正在处理，该信息暂停使用，内容不予显示。", "In processing and suspended: what it says is withheld.")
        ]
    lines = [
        f"[bold]{escape(row['title'])}[/bold]　{escape(row['subject_name'])} {row['subject_id']}",
        f"{t('提供部门：', 'Provider: ')}{escape(row['provider'])}　{t('公开类别：', 'Class: ')}{row['open_class']}",
        f"{t('有效期：', 'Valid: ')}{row['valid_from']} — {row['valid_until']}",
        escape(row["content"]),
    ]
    for mark in row["marks"]:
        reason = f"：{escape(mark['reason'])}" if mark["reason"] else ""
        until = t(f"，至 {mark['last_day']}", f", until {mark['last_day']}") if mark["last_day"] else ""
        lines.append(f"[magenta]▲ {escape(mark['title'])}[/magenta]（{mark['placed']}{until}）{reason}")
    return lines


def _log(
    subject: Annotated[
        str | None, typer.Option("--subject", metavar="ID", help=t("被查询人证件号", "the person looked up"))
    ] = None,
    account: Annotated[
        str | None, typer.Option("--account", metavar="NAME", help=t("经办账户", "by this account"))
    ] = None,
    record: Annotated[str | None, typer.Option("--record", metavar="NO", help=t("信用记录", "of this record"))] = None,
    first: FromDay = None,
    last: ToDay = None,
    full: Annotated[
        bool, typer.Option("--full", help=t("显示完整证件号（须说明用途）", "whole ID numbers (needs a purpose)"))
    ] = False,
    purpose: Purpose = "",
) -> None:
    found = ask(
        ReadLookUps(
            account=account,
            subject=subject and word(subject),
            record=record,
            first=day("--from", first),
            last=day("--to", last),
            full=full,
            purpose=purpose or None,
        )
    )
    if answered(found):
        return
    _render_log(found.look_ups)


def _render_log(found: Sequence[LookUp]) -> None:
    from rich import box  # noqa: PLC0415 - Rich is not needed for JSON
    from rich.table import Table  # noqa: PLC0415

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    titles = (
        t("时间", "At"),
        t("经办", "By"),
        t("申请人", "Applicant"),
        t("被查询人", "About"),
        t("用途", "Purpose"),
        t("范围", "Scope"),
        t("结果", "Outcome"),
        t("案件", "Case"),
    )
    for title in titles:
        table.add_column(title, overflow="fold")
    for one in found:
        scope = one.scope if isinstance(one.scope, list) else [one.scope or ""]
        table.add_row(
            f"{one.at:%Y-%m-%d %H:%M}",
            escape(one.account),
            one.applicant or "",
            one.about or "",
            escape(one.purpose or ""),
            escape(t("、", ", ").join(map(str, scope))),
            f"[red]{t('拒绝', 'refused')}[/red]" if one.outcome == "refused" else escape(one.outcome),
            one.case or "",
        )
    console().print(table)
    console().print(t(f"共 {len(found)} 条", f"{len(found)} look-ups"), style="dim")
