"""``report``: the operating report that the credit centre sends round every month (附件3·七(二))."""

from __future__ import annotations

from typing import Annotated

import typer
from msgspec.structs import replace

from credit_workflow.cli.base import Command, new_app
from credit_workflow.cli.context import ask, settings
from credit_workflow.cli.files import not_there, write_new
from credit_workflow.cli.language import t
from credit_workflow.cli.options import NewFile
from credit_workflow.cli.output import answered, progress
from credit_workflow.service.use_cases.upkeep.reports import ReportMonth


def branches() -> dict[str, typer.Typer]:
    """Return this module's branches of the tree of commands."""
    app = new_app(t("运行报告。", "Operating reports."))
    app.command(
        "monthly",
        cls=Command,
        help=t(
            "运行监测月报（附件3·七(二)），可直接打印的 A4 网页（市信用中心、单位负责人、主管部门、审计员）。",
            "The monthly operating report, in Chinese, ready to print on A4 (centre, supervisor, authority, auditor).",
        ),
    )(_monthly)
    app.callback()(_nothing)
    return {"report": app}


def _nothing() -> None:
    """Keep ``report`` a group although it has one command."""


def _monthly(
    to: NewFile,
    month: Annotated[
        str | None,
        typer.Option("--month", metavar="YYYY-MM", help=t("月份；不填则上月", "the month; the last one unless given")),
    ] = None,
    verify: Annotated[
        bool,
        typer.Option("--verify/--no-verify", help=t("编制时校验日志", "verify the log for the report")),
    ] = True,
) -> None:
    not_there(to)
    with progress(t("统计", "counting"), quiet=settings().json) as advance:
        found = ask(ReportMonth(month=month, verify=verify), advance)
    write_new(to, found.content)
    if answered(replace(found, file=str(to))):
        return
    year, number = found.month.split("-")
    title = f"{year}年{int(number)}月"
    print(t(f"已写入 {to}（{title}），用浏览器打开即可打印。", f"wrote {to}; open it in a browser to print."))
    if found.verified is False:
        print(t("✗ 日志校验异常，请立即运行 audit verify。", "✗ the log is not whole: run audit verify at once."))
