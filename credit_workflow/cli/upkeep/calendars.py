"""``calendar``: working days, with the notices of the database where there is one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from credit_workflow.calendar.dates import read_date
from credit_workflow.calendar.period import Period, parse_period
from credit_workflow.casework.cases.views import day_view
from credit_workflow.casework.explanation.day_count import counted_view
from credit_workflow.cli.base import Command, new_app
from credit_workflow.cli.context import settings
from credit_workflow.cli.language import language, say, t
from credit_workflow.cli.options import AsGrid, GridFile
from credit_workflow.cli.output import console, emit
from credit_workflow.cli.upkeep.calendar_import import add_to, kept_said
from credit_workflow.errors import UsageFault
from credit_workflow.text import Text


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
    chosen = settings()
    days = chosen.calendar.year(year)
    views = [day_view(day, language()) for day in days]
    if chosen.json:
        notices = [n.id for n in chosen.calendar.notices if n.year == year]
        provisional = any(day.provisional for day in days)
        working = sum(day.works for day in days)
        document = {"year": year, "working_days": working, "provisional": provisional, "notices": notices}
        emit({**document, "database": kept_said(), "days": views})
        return
    from credit_workflow.cli.screens.calendar_screen import render_year  # noqa: PLC0415 - Rich is not needed for JSON

    render_year(year, days)
    _say_database()


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
    chosen = settings()
    day = read_date(start)
    if day is None:
        raise UsageFault(
            Text("“{s}”不是日期；请写作 2026-03-02", "“{s}” is no date; write 2026-03-02").fill(s=start), code="date"
        )
    plain = parse_period(length)
    period = Period(plain.length, plain.unit, shift=shift and plain.unit == "days")
    due = chosen.calendar.due(day, period)
    counted = [] if period.unit == "years" else chosen.calendar.count(day, period)
    views = [counted_view(c, chosen.calendar, language()) for c in counted]
    document = {
        "from": start,
        "length": length,
        "due": due.day.isoformat(),
        "provisional": due.provisional,
        "database": kept_said(),
        "counted": views,
    }
    if out is not None or (grid and not chosen.json):
        _grid(day, period, document, out)
        return
    if chosen.json:
        emit(document)
        return
    from credit_workflow.cli.screens.explanation_screen import days_table  # noqa: PLC0415 - as above

    if views:
        console().print(days_table(views))
    provisional = t("（暂定）", " (provisional)") if due.provisional else ""
    console().print(t(f"届满日：{due.day}{provisional}", f"Due: {due.day}{provisional}"), style="bold")
    _say_database()


def _grid(day: date, period: Period, document: dict[str, Any], out: Path | None) -> None:
    """Show a count as a grid of months, or write it into a file."""
    chosen = settings()
    unit = period.unit if period.length != 1 else period.unit.removesuffix("s")
    counted = [counted_view(c, chosen.calendar, language()) for c in chosen.calendar.count(day, period)]
    explained = {
        **document,
        "length": f"{period.length} {unit}" if period.length else "same day",
        "if_day_off": period.shift,
        "starts": day.isoformat(),
        "counted": counted,
    }
    title = t("期限计算", "A period counted")
    if out is not None:
        from credit_workflow.cli.screens.grid_files import write_grids  # noqa: PLC0415 - seldom asked for

        write_grids(title, [explained], chosen.calendar, out, document if chosen.json else {})
        return
    from credit_workflow.cli.screens.grid_screen import render_grids  # noqa: PLC0415 - Rich is not needed for JSON

    render_grids(title, [explained], chosen.calendar, training=False)


def _status() -> None:
    chosen = settings()
    calendar = chosen.calendar
    document: dict[str, Any] = {
        "calendar": calendar.id,
        "title": say(calendar.title),
        "zone": calendar.zone,
        "edition": calendar.edition,
        "first": calendar.first.isoformat(),
        "last": calendar.last.isoformat(),
        "layers": list(calendar.layers),
        "database": kept_said(),
        "notices": [
            {
                "notice": n.id,
                "year": n.year,
                "title": say(n.title),
                "no": n.no,
                "issued": n.issued and n.issued.isoformat(),
                "amends": n.amends,
                "layer": n.layer,
                "imported": n.kept,
            }
            for n in calendar.notices
        ],
        "provisional_years": [y.year for y in calendar.status() if y.notice is None and y.provisional_from],
        "provisional_from": min(
            (str(y.provisional_from) for y in calendar.status() if y.provisional_from), default=None
        ),
    }
    if chosen.json:
        emit(document)
        return
    from credit_workflow.cli.screens.calendar_screen import render_status  # noqa: PLC0415 - as above

    render_status(document)
    _say_database()


def _say_database() -> None:
    """Say that the notices of a database are counted with, where there is one."""
    said = kept_said()
    if said is not None:
        n, path = said["notices"], said["path"]
        text = t(f"含数据库 {path} 中导入的通知 {n} 份。", f"With {n} notices imported into the database {path}.")
        console().print(text, style="dim")
