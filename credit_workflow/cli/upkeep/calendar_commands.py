"""``calendar``: working days, with the notices of the database where there is one."""

from __future__ import annotations

from typing import Annotated

from credit_workflow.cli.base import Branch
from credit_workflow.cli.context import ask
from credit_workflow.cli.drawn import calendar_screen
from credit_workflow.cli.new_files import put_into
from credit_workflow.cli.options import AsGrid, GridFile, argument, option
from credit_workflow.cli.output import written
from credit_workflow.cli.upkeep.calendar_import import commands
from credit_workflow.service.use_cases.upkeep.calendars import CountPeriod, ShowStatus, ShowYear

calendar = Branch("工作日历。", "The calendar of working days.")


@calendar.command("show")
def _show(year: Annotated[int, argument("YEAR")]) -> None:
    """A year's working days.

    一年的工作日历。

    Options:
        year: the year
            年份
    """
    found = ask(ShowYear(year=year))
    if not written(found):
        calendar_screen.render_year(found.year, found.days)
        calendar_screen.render_database(found.database)


@calendar.command("count")
def _count(
    start: Annotated[str, argument("FROM")],
    length: Annotated[str, argument("LENGTH")],
    shift: Annotated[bool, option("--shift")] = False,
    grid: AsGrid = False,
    out: GridFile = None,
) -> None:
    """Count a period: calendar count 2026-02-10 "7 working days".

    计算期限，如：calendar count 2026-02-10 "7个工作日"。

    Options:
        start: the starting day, not counted
            起算日（不计入）
        length: 7 working days, 30 days, 5 years
            如 7个工作日、30日、5年
        shift: move a last day that is a day off
            末日为休息日的顺延
    """
    found = ask(
        CountPeriod(start=start, length=length, shift=shift, picture=grid, file=None if out is None else out.name)
    )
    if found.drawn is not None and out is not None:
        put_into(out, found.drawn, found.document())
    elif not written(found):
        calendar_screen.render_count(found)


@calendar.command("status")
def _status() -> None:
    """The notices that are loaded.

    已收录的放假通知。
    """
    found = ask(ShowStatus())
    if not written(found):
        calendar_screen.render_status(found)


calendar.update(commands)
