"""Show look-ups: what one gave, and ``log``, which lists them all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.markup import escape

from credit_workflow.cli.base import Command
from credit_workflow.cli.context import ask
from credit_workflow.cli.given import word
from credit_workflow.cli.language import counted, t
from credit_workflow.cli.options import FromDay, Purpose, ToDay, day_option
from credit_workflow.cli.output import answered, console
from credit_workflow.service.use_cases.daily.look_ups import LookUp, ReadLookUps


def extend_log(app: typer.Typer) -> None:
    """Add the log of look-ups to the group of a workflow that looks up."""
    text = t(
        "查询日志：查询主体、对象、日期、用途、范围，被拒绝的也在内（市信用中心、审计员）。",
        "The log of look-ups: who, about whom, when, why and how far, refused ones too (centre, auditors).",
    )
    app.command("log", cls=Command, help=text)(_log)


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
            first=day_option("--from", first),
            last=day_option("--to", last),
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
    console().print(t(f"共 {len(found)} 条", counted(len(found), "look-up")), style="dim")
