"""``stats``: how the work stands and how long it took, on the screen or into a file."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from credit_workflow.calendar.dates import read_date
from credit_workflow.casework.access.permissions import require
from credit_workflow.casework.cases.acting import Session
from credit_workflow.casework.cases.snapshot import Snapshot
from credit_workflow.casework.statistics import source
from credit_workflow.casework.statistics.figure_tables import VIEWS, Table, tables_for
from credit_workflow.casework.statistics.figures import Figures, Period, period_of
from credit_workflow.casework.statistics.titles import Titles
from credit_workflow.cli.base import single
from credit_workflow.cli.context import settings
from credit_workflow.cli.language import language, t
from credit_workflow.cli.output import SCREEN, emit, progress
from credit_workflow.errors import NotFound, Refused, UsageFault
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
    chosen = settings()
    view = next((one for one in VIEWS if one == by), None)
    if by is not None and view is None:
        message = Text("--by 只能是 {v}", "--by is one of {v}").fill(v=", ".join(VIEWS))
        raise UsageFault(message, code="by")
    days = day_of("--from", first), day_of("--to", last)
    if csv == SCREEN and (chosen.json or xlsx is not None):
        message = Text("--csv - 不能与 --json 或 --xlsx 同用", "--csv - goes with neither --json nor --xlsx")
        raise UsageFault(message, code="usage")
    if workflow is not None and workflow not in chosen.definitions:
        known = "、".join(chosen.definitions)
        message = Text("没有流程 {w}；现有：{k}", "there is no workflow {w}; known: {k}")
        raise NotFound(message.fill(w=workflow, k=known), code="no_workflow")
    files = [file for file in (csv, xlsx) if file is not None]
    for file in files:
        not_there(file)
    with chosen.desk() as (desk, viewer):
        if viewer.actor is None:  # pragma: no cover - a desk has somebody at it
            raise TypeError
        require(chosen.definitions, viewer.actor, "statistics")
        period = period_of(*days, desk.moment.effective)
        (found,) = read_figures(desk, [period], workflow=workflow, unit=unit)
        tables = tables_for(found, Titles(desk.db.rules.values()), view)
        session, training = chosen.session(viewer.actor, viewer.moment), desk.db.training
    _put(found, tables, session, csv=csv, xlsx=xlsx, training=training, workflow=workflow, unit=unit)


def read_figures(desk: Snapshot, periods: list[Period], **narrowed: Any) -> list[Figures]:
    """Return the figures of the periods, showing how far the reading is."""
    with progress(t("统计", "counting"), quiet=settings().json) as advance:
        return source.figures(desk, periods, progress=advance, **narrowed)


def day_of(option: str, text: str | None) -> date | None:
    """Return the day that an option names, or None.

    Raises:
        UsageFault: it is none.
    """
    day = None if text is None else read_date(text)
    if text is not None and day is None:
        message = Text("{o} 应为日期，如 2026-03-02", "{o} must be a date such as 2026-03-02").fill(o=option)
        raise UsageFault(message, code="date")
    return day


def not_there(file: Path) -> None:
    """Refuse to write where something is, before any work is done.

    Raises:
        Refused: the file exists, or nothing can be called so.
        NotFound: its folder does not.
    """
    if file == SCREEN:
        return
    try:
        there = file.exists()
    except OSError as fault:
        raise _unwritable(file, fault) from None
    if there:
        raise _exists(file)
    if not file.parent.is_dir():
        message = Text("没有文件夹 {f}", "there is no folder {f}").fill(f=file.parent)
        raise NotFound(message, code="no_folder")


def write_new(file: Path, content: bytes) -> None:
    """Write a file that is not there yet.

    Raises:
        Refused: it exists, or can't be written.
    """
    try:
        with file.open("xb") as handle:
            handle.write(content)
    except FileExistsError:
        raise _exists(file) from None
    except OSError as fault:
        raise _unwritable(file, fault) from None


def _unwritable(file: Path, fault: OSError) -> Refused:
    message = Text("无法写入 {f}：{w}", "can't write {f}: {w}").fill(f=file, w=fault.strerror)
    return Refused(message, code="unwritable")


def _exists(file: Path) -> Refused:
    message = Text("{f} 已存在，没有改动它；请另起名称", "{f} exists already and was left as it is; give another name")
    return Refused(message.fill(f=file), code="exists")


def _put(
    figures: Figures,
    tables: list[Table],
    session: Session,
    *,
    csv: Path | None,
    xlsx: Path | None,
    training: bool,
    workflow: str | None,
    unit: str | None,
) -> None:
    """Write the tables where they are wanted; what goes into a file is noted in the log first."""
    from credit_workflow.cli.screens import statistics_files  # noqa: PLC0415 - spreadsheets are seldom asked for

    period, lang = figures.period, language()
    written: dict[str, str] = {}
    if csv is not None or xlsx is not None:
        source.log_written(session, "statistics", period, workflow=workflow, unit=unit)
    if csv is not None:
        content = statistics_files.as_csv(tables, lang)
        if csv == SCREEN:
            sys.stdout.write(content.decode())
            return
        write_new(csv, content)
        written["csv"] = str(csv)
    if xlsx is not None:
        write_new(xlsx, statistics_files.as_xlsx(tables, period, lang, training=training))
        written["xlsx"] = str(xlsx)
    if settings().json:
        emit({
            "as_of": period.today.isoformat(),
            "from": None if period.first is None else period.first.isoformat(),
            "to": period.end.isoformat(),
            "workflow": workflow,
            "unit": unit,
            "percentiles": "nearest rank",
            **{table.id: table.as_json(lang) for table in tables},
            "files": written,
        })  # fmt: skip
        return
    if written:
        for file in written.values():
            print(t(f"已写入 {file}。", f"wrote {file}."))
        return
    from credit_workflow.cli.screens.statistics_screen import (  # noqa: PLC0415 - Rich is not needed for files
        render_tables,
    )

    render_tables(tables, period, training=training)
