"""``stats``: how the work stands and how long it took, on the screen or into a file."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

from msgspec.structs import replace

from credit_workflow.cli.base import single
from credit_workflow.cli.context import settings
from credit_workflow.cli.drawn import statistics_screen
from credit_workflow.cli.new_files import not_there, write_new
from credit_workflow.cli.options import day_option, one_of, option
from credit_workflow.cli.output import SCREEN, answered, line, show, watched
from credit_workflow.cli.upkeep import statistics_files
from credit_workflow.errors import UsageFault
from credit_workflow.service.use_cases.upkeep.statistics import VIEWS, CountCases, Statistics
from credit_workflow.text import Text


@single
def stats(
    first: Annotated[date | None, day_option("--from DATE")] = None,
    last: Annotated[date | None, day_option("--to DATE")] = None,
    workflow: Annotated[str | None, option("--workflow W")] = None,
    unit: Annotated[str | None, option("--unit U")] = None,
    by: Annotated[str | None, option(f"--by {'|'.join(VIEWS)}")] = None,
    csv: Annotated[Path | None, option("--csv FILE|-")] = None,
    xlsx: Annotated[Path | None, option("--xlsx FILE")] = None,
) -> None:
    """Statistics: in time or late, how long, outcomes, providers, due weeks (supervisor, authority, auditor).

    统计：是否按期、用时、结果、提供部门反馈、到期周（单位负责人、主管部门、审计员）。

    Options:
        first: from this day on
            自该日起（不填则自始）
        last: through this day
            至该日止（含；不填则今天）
        workflow: this workflow only
            只统计该流程
        unit: this unit only
            只统计该单位
        by: one view; all unless given
            只看一种；不填则全部
        csv: into a CSV file; - is stdout
            写入 CSV 文件（- 为标准输出）
        xlsx: into a workbook for Excel and WPS
            写入 Excel/WPS 工作簿
    """
    view = one_of(VIEWS, by, Text("--by 只能是 {v}", "--by is one of {v}").fill(v=", ".join(VIEWS)), "by")
    if csv == SCREEN and (settings().json or xlsx is not None):
        message = Text("--csv - 不能与 --json 或 --xlsx 同用", "--csv - goes with neither --json nor --xlsx")
        raise UsageFault(message, code="usage")
    files = [file for file in (csv, xlsx) if file is not None]
    for file in files:
        not_there(file)
    request = CountCases(first=first, last=last, workflow=workflow, unit=unit, view=view, into_file=bool(files))
    found = watched("统计", "counting", request)
    _put(found, csv, xlsx)


def _put(found: Statistics, csv: Path | None, xlsx: Path | None) -> None:
    """Write the tables where they are wanted."""
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
    found = replace(found, files=written)
    if not written:
        show(found, statistics_screen.render_tables)
    elif not answered(found):
        for file in written.values():
            line(f"已写入 {file}。", f"wrote {file}.")
