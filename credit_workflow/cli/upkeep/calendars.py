"""``calendar``: working days, with the notices of the database where there is one."""

from __future__ import annotations

from typing import Annotated

import typer

from credit_workflow.cli.base import Command, new_app
from credit_workflow.cli.context import ask, settings
from credit_workflow.cli.language import t
from credit_workflow.cli.options import AsGrid, GridFile
from credit_workflow.cli.output import console, written
from credit_workflow.cli.upkeep.calendar_import import add_to
from credit_workflow.service.use_cases.upkeep.calendars import CountPeriod, NoticesKept, ShowStatus, ShowYear


def branches() -> dict[str, typer.Typer]:
    """Return this module's branches of the tree of commands."""
    app = new_app(t("工作日历。", "The calendar of working days."))
    app.command("show", cls=Command, help=t("一年的工作日历。", "A year's working days."))(_show)
    app.command(
        "count",
        cls=Command,
        help=t(
            '计算期限，如：calendar count 2026-02-10 "7个工作日"。',
            'Count a period: calendar count 2026-02-10 "7 working days".',
        ),
    )(_count)
    app.command("status", cls=Command, help=t("已收录的放假通知。", "The notices that are loaded."))(_status)
    add_to(app)
    return {"calendar": app}


def _show(year: Annotated[int, typer.Argument(metavar="YEAR", help=t("年份", "the year"))]) -> None:
    found = ask(ShowYear(year=year))
    if written(found):
        return
    from credit_workflow.cli.screens.calendar_screen import render_year  # noqa: PLC0415 - Rich is not needed for JSON

    render_year(found.year, found.days)
    _say_database(found.database)


def _count(
    start: Annotated[str, typer.Argument(metavar="FROM", help=t("起算日（不计入）", "the starting day, not counted"))],
    length: Annotated[
        str, typer.Argument(metavar="LENGTH", help=t("如 7个工作日、30日、5年", "7 working days, 30 days, 5 years"))
    ],
    shift: Annotated[
        bool, typer.Option("--shift", help=t("末日为休息日的顺延", "move a last day that is a day off"))
    ] = False,
    grid: AsGrid = False,
    out: GridFile = None,
) -> None:
    found = ask(
        CountPeriod(start=start, length=length, shift=shift, picture=grid, file=None if out is None else out.name)
    )
    if found.drawn is not None and out is not None:
        from credit_workflow.cli.screens.grid_screen import write_grids  # noqa: PLC0415 - seldom asked for

        write_grids(found, found.drawn, out, json=settings().json)
        return
    if written(found):
        return
    if found.picture is not None:
        from credit_workflow.cli.screens.grid_screen import render_grids  # noqa: PLC0415 - as above

        render_grids(t("期限计算", "A period counted"), [found.picture])
        return
    from credit_workflow.cli.screens.explanation_screen import days_table  # noqa: PLC0415 - as above

    if found.counted:
        console().print(days_table(found.counted))
    provisional = t("（暂定）", " (provisional)") if found.provisional else ""
    console().print(t(f"届满日：{found.due}{provisional}", f"Due: {found.due}{provisional}"), style="bold")
    _say_database(found.database)


def _status() -> None:
    found = ask(ShowStatus())
    if written(found):
        return
    from credit_workflow.cli.screens.calendar_screen import render_status  # noqa: PLC0415 - as above

    render_status(found)
    _say_database(found.database)


def _say_database(kept: NoticesKept | None) -> None:
    """Say that the notices of a database are counted with, where there is one."""
    if kept is not None:
        text = t(
            f"含数据库 {kept.path} 中导入的通知 {kept.notices} 份。",
            f"With {kept.notices} notices imported into the database {kept.path}.",
        )
        console().print(text, style="dim")
