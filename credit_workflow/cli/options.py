"""Define options and arguments that several commands have, with the same words."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from credit_workflow.cli import completion
from credit_workflow.cli.language import both
from credit_workflow.errors import UsageFault
from credit_workflow.service.files import read_day
from credit_workflow.text import Text

CaseNumber = Annotated[
    str, typer.Argument(metavar="CASE", help=both("案件编号", "the case's number"), autocompletion=completion.cases)
]
WorkflowId = Annotated[str, typer.Argument(metavar="ID", help=both("流程名", "the workflow's name"))]
OfWorkflow = Annotated[
    str | None, typer.Option("--workflow", metavar="W", help=both("只列该流程", "this workflow only"))
]
OfUnit = Annotated[str | None, typer.Option("--unit", metavar="U", help=both("只列该单位", "this unit only"))]
FromDay = Annotated[str | None, typer.Option("--from", metavar="DATE", help=both("自该日起", "from this day on"))]
ToDay = Annotated[str | None, typer.Option("--to", metavar="DATE", help=both("至该日止（含）", "through this day"))]
Purpose = Annotated[
    str, typer.Option("--purpose", metavar="TEXT", help=both("用途，写入日志", "why; goes into the log"))
]
NewFile = Annotated[
    Path, typer.Option("--to", metavar="FILE", help=both("写入的文件，须尚不存在", "where to; nothing may be there"))
]
AsGrid = Annotated[bool, typer.Option("--grid", help=both("以月历显示", "as a grid of months"))]
GridFile = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help=both("将月历写入 .svg 或 .html", "write the grid as .svg or .html")),
]


def day_option(option: str, text: str | None) -> date | None:
    """Return the day that an option gives, or None.

    Raises:
        UsageFault: it is no date.
    """
    if text is None or (day := read_day(text)) is not None:
        return None if text is None else day
    message = Text("{o} 应为日期，如 2026-03-02", "{o} must be a date such as 2026-03-02").fill(o=option)
    raise UsageFault(message, code="date")
