"""Draw the calendar on the screen."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rich import box
from rich.columns import Columns
from rich.table import Table
from rich.text import Text as Styled

from credit_workflow.cli.language import t
from credit_workflow.cli.output import console
from credit_workflow.service.use_cases.upkeep.calendars import CalendarDay, CalendarStatus

_STYLES = {"weekday": "", "weekend": "dim", "holiday": "bold red", "make-up": "bold black on yellow"}


def render_year(year: int, days: Sequence[CalendarDay]) -> None:
    """Write a year month by month; days off and make-up days told by sign and colour."""
    by_date = {day.date: day for day in days}
    months = [_month(year, month, by_date) for month in range(1, 13)]
    screen = console()
    working = sum(day.works for day in days)
    provisional = t("（暂定：尚无通知）", " (provisional: no notice yet)") if days[180].provisional else ""
    screen.print(
        Styled(
            t(f"{year} 年：{working}个工作日{provisional}", f"{year}: {working} working days{provisional}"),
            style="bold",
        )
    )
    screen.print(Columns(months, padding=(0, 3)))
    screen.print(t("休 = 放假　班 = 调休上班", "h = holiday  w = make-up working day"), style="dim")


def render_status(status: CalendarStatus) -> None:
    """Write which notices the calendar was built from."""
    screen = console()
    screen.print(Styled(f"{status.title}（{status.zone}）", style="bold"))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in (t("年份", "Year"), t("通知", "Notice"), t("文号", "Number"), t("修改", "Amends")):
        table.add_column(title)
    for notice in status.notices:
        table.add_row(str(notice.year), notice.title, notice.no or "", notice.amends or "")
    screen.print(table)
    screen.print(
        t(
            f"自 {status.provisional_from} 起的日期均为暂定，待下一年度通知。",
            f"From {status.provisional_from} on all dates are provisional until the next notice.",
        )
    )


def _month(year: int, month: int, days: Mapping[date, CalendarDay]) -> Table:
    table = Table(
        box=None, title=t(f"{month}月", date(year, month, 1).strftime("%B")), padding=(0, 1, 0, 0), title_style="bold"
    )
    signs = {"holiday": t("休", "h"), "make-up": t("班", "w")}
    for name in t("一 二 三 四 五 六 日", "Mo Tu We Th Fr Sa Su").split():
        table.add_column(name, justify="left", header_style="dim", min_width=4)
    row: list[Any] = [""] * date(year, month, 1).weekday()
    for number in range(1, monthrange(year, month)[1] + 1):
        day = days[date(year, month, number)]
        row.append(Styled(f"{number}{signs.get(day.kind, '')}", style=_STYLES[day.kind]))
        if len(row) == 7:  # noqa: PLR2004 - the week
            table.add_row(*row)
            row = []
    if row:
        table.add_row(*row)
    return table
