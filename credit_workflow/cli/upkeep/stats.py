"""``stats``: how the work stands and how long it took, on the screen or into a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from msgspec.structs import replace

from credit_workflow.cli.base import single
from credit_workflow.cli.context import ask, settings
from credit_workflow.cli.files import not_there, write_new
from credit_workflow.cli.language import t
from credit_workflow.cli.options import day_option
from credit_workflow.cli.output import SCREEN, answered, progress
from credit_workflow.errors import UsageFault
from credit_workflow.service.use_cases.upkeep.statistics import VIEWS, CountCases, Statistics
from credit_workflow.text import Text


def branches() -> dict[str, typer.Typer]:
    """Return this module's branches of the tree of commands."""
    return {
        "stats": single(
            "stats",
            _stats,
            t(
                "统计：是否按期、用时、结果、提供部门反馈、到期周（单位负责人、主管部门、审计员）。",
                "Statistics: in time or late, how long, outcomes, providers, due weeks (supervisor, authority, auditor).",
            ),
        )
    }


def _stats(
    first: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help=t("自该日起（不填则自始）", "from this day on"))
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help=t("至该日止（含；不填则今天）", "through this day"))
    ] = None,
    workflow: Annotated[
        str | None, typer.Option("--workflow", metavar="W", help=t("只统计该流程", "this workflow only"))
    ] = None,
    unit: Annotated[str | None, typer.Option("--unit", metavar="U", help=t("只统计该单位", "this unit only"))] = None,
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="|".join(VIEWS), help=t("只看一种；不填则全部", "one view; all unless given")),
    ] = None,
    csv: Annotated[
        Path | None,
        typer.Option(
            "--csv", metavar="FILE|-", help=t("写入 CSV 文件（- 为标准输出）", "into a CSV file; - is stdout")
        ),
    ] = None,
    xlsx: Annotated[
        Path | None,
        typer.Option("--xlsx", metavar="FILE", help=t("写入 Excel/WPS 工作簿", "into a workbook for Excel and WPS")),
    ] = None,
) -> None:
    view = next((one for one in VIEWS if one == by), None)
    if by is not None and view is None:
        message = Text("--by 只能是 {v}", "--by is one of {v}").fill(v=", ".join(VIEWS))
        raise UsageFault(message, code="by")
    days = day_option("--from", first), day_option("--to", last)
    if csv == SCREEN and (settings().json or xlsx is not None):
        message = Text("--csv - 不能与 --json 或 --xlsx 同用", "--csv - goes with neither --json nor --xlsx")
        raise UsageFault(message, code="usage")
    files = [file for file in (csv, xlsx) if file is not None]
    for file in files:
        not_there(file)
    request = CountCases(first=days[0], last=days[1], workflow=workflow, unit=unit, view=view, into_file=bool(files))
    with progress(t("统计", "counting"), quiet=settings().json) as advance:
        found = ask(request, advance)
    _put(found, csv, xlsx)


def _put(found: Statistics, csv: Path | None, xlsx: Path | None) -> None:
    """Write the tables where they are wanted."""
    from credit_workflow.cli.screens import statistics_files  # noqa: PLC0415 - spreadsheets are seldom asked for

    written: dict[str, str] = {}
    if csv is not None:
        content = statistics_files.as_csv(found.tables)
        if csv == SCREEN:
            sys.stdout.write(content.decode())
            return
        write_new(csv, content)
        written["csv"] = str(csv)
    if xlsx is not None:
        write_new(xlsx, statistics_files.as_xlsx(found, training=settings().office.training))
        written["xlsx"] = str(xlsx)
    if answered(replace(found, files=written)):
        return
    if written:
        for file in written.values():
            print(t(f"已写入 {file}。", f"wrote {file}."))
        return
    from credit_workflow.cli.screens.statistics_screen import render_tables  # noqa: PLC0415 - files need no Rich

    render_tables(found)
