"""Draw the calendar on the screen."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rich.columns import Columns
from rich.table import Table
from rich.text import Text as Styled

from credit_workflow.cli.language import t
from credit_workflow.cli.output import console
from credit_workflow.cli.screens.explanation_screen import days_table
from credit_workflow.cli.screens.grid_screen import render_grids
from credit_workflow.cli.screens.layout import table, write
from credit_workflow.service.use_cases.upkeep.calendars import CalendarDay, CalendarStatus, NoticesKept, PeriodCounted

_STYLES = {"weekday": "", "weekend": "dim", "holiday": "bold red", "make-up": "bold black on yellow"}


def render_year(year: int, days: Sequence[CalendarDay]) -> None:
    """Write a year month by month; days off and make-up days told by sign and colour."""
    by_date = {day.date: day for day in days}
    months = [_month(year, month, by_date) for month in range(1, 13)]
    screen = console()
    working = sum(day.works for day in days)
    provisional = t("（暂定：尚无通知）", " (provisional: no notice yet)") if days[180].provisional else ""
    write(f"{year} 年：{working}个工作日{provisional}", f"{year}: {working} working days{provisional}", "bold")
    screen.print(Columns(months, padding=(0, 3)))
    write("休 = 放假　班 = 调休上班", "h = holiday  w = make-up working day", "dim")


def render_database(kept: NoticesKept | None) -> None:
    """Say that the notices of a database are counted with, where there is one."""
    if kept is not None:
        en = f"With {kept.notices} notices imported into the database {kept.path}."
        console().print(t(f"含数据库 {kept.path} 中导入的通知 {kept.notices} 份。", en), style="dim")


def render_count(found: PeriodCounted) -> None:
    """Write how a period was counted, as a grid where it was drawn, else day by day."""
    if found.picture is not None:
        render_grids(t("期限计算", "A period counted"), [found.picture])
        return
    if found.counted:
        console().print(days_table(found.counted))
    provisional = t("（暂定）", " (provisional)") if found.provisional else ""
    write(f"届满日：{found.due}{provisional}", f"Due: {found.due}{provisional}", "bold")
    render_database(found.database)


def render_status(status: CalendarStatus) -> None:
    """Write which notices the calendar was built from."""
    screen = console()
    screen.print(Styled(f"{status.title}（{status.zone}）", style="bold"))
    rows = ((str(one.year), one.title, one.no or "", one.amends or "") for one in status.notices)
    screen.print(table("年份|通知|文号|修改", "Year|Notice|Number|Amends", rows, fold=False))
    first = status.provisional_from
    en = f"From {first} on all dates are provisional until the next notice."
    write(f"自 {first} 起的日期均为暂定，待下一年度通知。", en)
    render_database(status.database)


def _month(year: int, month: int, days: Mapping[date, CalendarDay]) -> Table:
    made = Table(
        box=None, title=t(f"{month}月", date(year, month, 1).strftime("%B")), padding=(0, 1, 0, 0), title_style="bold"
    )
    signs = {"holiday": t("休", "h"), "make-up": t("班", "w")}
    for name in t("一 二 三 四 五 六 日", "Mo Tu We Th Fr Sa Su").split():
        made.add_column(name, justify="left", header_style="dim", min_width=4)
    row: list[Any] = [""] * date(year, month, 1).weekday()
    for number in range(1, monthrange(year, month)[1] + 1):
        day = days[date(year, month, number)]
        row.append(Styled(f"{number}{signs.get(day.kind, '')}", style=_STYLES[day.kind]))
        if len(row) == 7:  # noqa: PLR2004 - the week
            made.add_row(*row)
            row = []
    if row:
        made.add_row(*row)
    return made
