"""Define options and arguments that several commands have, with the same words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from credit_workflow.cli import completion
from credit_workflow.cli.language import both
from credit_workflow.errors import UsageFault
from credit_workflow.service.files import read_day
from credit_workflow.text import Text

C = TypeVar("C", bound=str)


def option(spelt: str, zh: str = "", en: str = "", **more: Any) -> Any:
    """Return an option, spelt as its help has it, such as ``--to FILE``.

    What it is for stands in the docstring of its command, or, where several commands have it, here in both languages.
    """
    name, _, value = spelt.partition(" ")
    return typer.Option(name, metavar=value or None, help=both(zh, en), **more)


def argument(metavar: str, zh: str = "", en: str = "", **more: Any) -> Any:
    """Return an argument, by what the help calls it; the rest as `option`."""
    return typer.Argument(metavar=metavar, help=both(zh, en), **more)


def day_option(spelt: str, zh: str = "", en: str = "") -> Any:
    """Return an option that gives a day; the rest as `option`."""

    def read(text: str) -> date:
        if (day := read_day(text)) is None:
            message = Text("{o} 应为日期，如 2026-03-02", "{o} must be a date such as 2026-03-02")
            raise UsageFault(message.fill(o=spelt.partition(" ")[0]), code="date")
        return day

    return option(spelt, zh, en, parser=read)


def one_of(known: Iterable[C], given: str | None, message: Text, code: str) -> C | None:
    """Return which of some names an option gives; None where it is not given.

    Raises:
        UsageFault: it gives another, with this message and code.
    """
    found = next((name for name in known if name == given), None)
    if given is not None and found is None:
        raise UsageFault(message, code=code)
    return found


CaseNumber = Annotated[str, argument("CASE", "案件编号", "the case's number", autocompletion=completion.cases)]
WorkflowId = Annotated[str, argument("ID", "流程名", "the workflow's name")]
OfWorkflow = Annotated[str | None, option("--workflow W", "只列该流程", "this workflow only")]
OfUnit = Annotated[str | None, option("--unit U", "只列该单位", "this unit only")]
FromDay = Annotated[date | None, day_option("--from DATE", "自该日起", "from this day on")]
ToDay = Annotated[date | None, day_option("--to DATE", "至该日止（含）", "through this day")]
Limit = Annotated[int | None, option("--limit N", "最多列出", "at most so many", min=1)]
After = Annotated[
    str | None,
    option("--after CURSOR", "自上一页之后续列（其 next 的值）", "go on where the page before ended (its “next”)"),
]
Purpose = Annotated[str, option("--purpose TEXT", "用途，写入日志", "why; goes into the log")]
NewFile = Annotated[Path, option("--to FILE", "写入的文件，须尚不存在", "where to; nothing may be there")]
AsGrid = Annotated[bool, option("--grid", "以月历显示", "as a grid of months")]
GridFile = Annotated[Path | None, option("--out FILE", "将月历写入 .svg 或 .html", "write the grid as .svg or .html")]
