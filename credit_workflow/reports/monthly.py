"""Write the monthly operating report (附件3·七(二)): a month's figures beside those of the month before, on A4."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from credit_workflow.calendar.dates import read_date
from credit_workflow.casework.audit.operations import Operations
from credit_workflow.casework.cases.failures import FailedCase
from credit_workflow.casework.statistics.figure_tables import (
    Cell,
    Named,
    Table,
    all_answers,
    all_cases,
    merged,
    tables_for,
)
from credit_workflow.casework.statistics.figures import MEDIAN, NINETIETH, OVERDUE, Figures, Period
from credit_workflow.casework.statistics.titles import Titles
from credit_workflow.errors import UsageFault
from credit_workflow.reports.charts import Series, columns, stacks
from credit_workflow.text import Text

#: How many months the chart shows, the report's own among them.
MONTHS = 6
_BLUE, _LIGHT, _GREEN, _AMBER, _RED, _GREY = "#1f5f99", "#9dbfdc", "#2e7d4f", "#c77f14", "#b3261e", "#7a8791"
_MOST_WEEKS = 10
_DECEMBER = 12
_PERCENT = 100
#: A table of so many lines is not torn apart between two pages.
_SHORT = 14


class Month(tuple[int, int]):
    """A month of a year, as (year, month)."""

    __slots__ = ()

    @property
    def title(self) -> str:
        """Its name on the report."""
        return f"{self[0]}年{self[1]}月"

    @property
    def before(self) -> Month:
        """The month before."""
        return Month((self[0] - 1, _DECEMBER) if self[1] == 1 else (self[0], self[1] - 1))

    def period(self, today: date) -> Period:
        """Return its days, as seen from a day."""
        return Period(date(*self, 1), date(*self, monthrange(*self)[1]), today)


def month_of(text: str | None, today: date) -> Month:
    """Return the month written as ``2026-10``; without one, the last that is over.

    Raises:
        UsageFault: it is none, or has not begun by ``today``.
    """
    if text is None:
        return Month((today.year, today.month)).before
    first = read_date(f"{text}-01")
    if first is None:
        raise UsageFault(Text("--month 应为月份，如 2026-10", "--month must be a month such as 2026-10"), code="month")
    if first > today:
        message = Text(
            "{m} 尚未开始（今天是 {t}），不能出具月报",
            "{m} has not begun (today is {t}): there is nothing to report yet",
        )
        raise UsageFault(message.fill(m=text, t=today), code="period_future")
    return Month((first.year, first.month))


def periods_of(month: Month, today: date) -> list[Period]:
    """Return the periods that a report needs: its month and those before, the latest first."""
    found, one = [], month
    for _ in range(MONTHS):
        found.append(one.period(today))
        one = one.before
    return found


@dataclass(frozen=True, kw_only=True)
class Seals:
    """The seals of the log: how many, when the last one was set, through which entry."""

    count: int
    last: datetime | None
    size: int


@dataclass(frozen=True, kw_only=True)
class Verified:
    """What ``audit verify`` found when the report was made; ``fault`` is None where the log is whole."""

    fault: str | None
    events: int
    cases: int


@dataclass(frozen=True, kw_only=True)
class Made:
    """When and by whom the report was made, and of which kind the database is."""

    at: datetime
    by: str
    unit: str
    training: bool


def render(
    month: Month,
    figures: Sequence[Figures],
    titles: Titles,
    *,
    operations: Operations,
    seals: Seals,
    verified: Verified | None,
    made: Made,
    failed: Sequence[FailedCase] = (),
) -> str:
    """Return the report as an HTML document that needs nothing else.

    Args:
        month: of which month.
        figures: as `periods_of` asks for them.
        titles: what the definitions call things.
        operations: how the software ran in that month.
        seals: the seals of the log as of now.
        verified: the result of verifying the log, None where that was left out.
        made: when and by whom.
        failed: the cases that can't be carried on, which count as they were recorded.
    """
    now, before = figures[0], figures[1]
    tables = {table.id: table for table in tables_for(now, titles, None)}
    environment = Environment(
        loader=PackageLoader("credit_workflow.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("monthly.html").render(
        month=month,
        previous=month.before,
        period=now.period,
        complete=now.period.last < now.period.today,
        made=made,
        failed=failed,
        cards=_cards(now, before),
        summary=_summary(now, before),
        trend=_trend(figures),
        workflows=_compared(now, before, titles),
        duties=_duties_chart(tables["deadlines"]),
        deadlines=_cells(tables["deadlines"]),
        targets=_cells(tables["targets"]),
        milestones=_cells(tables["milestones"]),
        outcomes=_cells(tables["outcomes"]),
        grounds=_cells(tables["grounds"]),
        providers=_cells(tables["providers"]),
        load=_load(tables["weeks"]),
        weeks=_cells(tables["weeks"]),
        operations=operations,
        seals=seals,
        verified=verified,
        provisional=sum(one.provisional for one in [*now.duties.values(), *now.targets.values()]),
    )


def _cards(now: Figures, before: Figures) -> list[dict[str, str]]:
    """Return the figures at the head, each with how it differs from the month before."""
    a, b = all_cases(now), all_cases(before)
    on_time, earlier = merged(now), merged(before)
    counts = (
        ("申请", a.filed, b.filed, "件"),
        ("办结", a.closed, b.closed, "件"),
        ("期末在办", a.open, b.open, "件"),
        ("期末逾期未完成", on_time.overdue, earlier.overdue, "项"),
    )
    cards = [{"name": n, "value": f"{now}", "unit": u, "change": _change(now, then)} for n, now, then, u in counts]
    share = {
        "name": "法定期限按期率",
        "value": percent(on_time.share).removesuffix("%"),
        "unit": "%" if on_time.all else "",
        "change": _points(on_time.share, earlier.share),
    }
    return [*cards[:3], share, *cards[3:]]


def _summary(now: Figures, before: Figures) -> str:
    cases, earlier, duty, answers = all_cases(now), all_cases(before), merged(now), all_answers(now)
    said = [
        (
            f"本月收到申请 {cases.filed} 件，{_against(cases.filed, earlier.filed)}；办结 {cases.closed} 件，"
            f"{_against(cases.closed, earlier.closed)}；期末在办 {cases.open} 件。"
        )
    ]
    if duty.all:
        said.append(
            f"计入本月的法定期限 {duty.all} 项，按期 {duty.in_time} 项，逾期完成 {duty.late} 项，"
            f"期末逾期未完成 {duty.overdue} 项，按期率 {percent(duty.share)}。"
        )
    else:
        said.append("本月没有完成或逾期的法定期限。")
    if answers.days:
        said.append(
            f"信息提供部门反馈 {answers.days.total()} 次，半数在 {answers.days.rank(MEDIAN)}个工作日内，"
            f"九成在 {answers.days.rank(NINETIETH)}个工作日内。"
        )
    if answers.waiting:
        said.append(f"期末尚有 {answers.waiting.total()} 次待反馈，已等待最长 {answers.waiting.longest}个工作日。")
    return "".join(said)


def _against(now: int, before: int) -> str:
    if now == before:
        return "与上月持平"
    return f"比上月{'增加' if now > before else '减少'} {abs(now - before)} 件"


def _change(now: int, before: int) -> str:
    if now == before:
        return "与上月持平"
    return f"较上月 {'+' if now > before else '−'}{abs(now - before)}"


def _points(now: float | None, before: float | None) -> str:
    if now is None or before is None:
        return "上月无可比数据" if now is not None else "本月无数据"
    points = round(_PERCENT * now, 1) - round(_PERCENT * before, 1)
    return f"较上月 {'+' if points > 0 else '−'}{abs(points):.1f} 百分点" if abs(points) > 0.05 else "与上月持平"  # noqa: PLR2004 - below what is shown


def percent(share: float | None) -> str:
    """Return a share in per cent with one decimal; a dash where there is none."""
    return "—" if share is None else f"{_PERCENT * share:.1f}%"


def _trend(figures: Sequence[Figures]) -> Markup:
    months = [(one.period.last, all_cases(one)) for one in reversed(figures)]
    labels = [f"{last.year}.{last.month}" for last, _ in months]
    filed, closed = [counts.filed for _, counts in months], [counts.closed for _, counts in months]
    return columns("近六个月申请与办结件数", labels, [Series("申请", _LIGHT, filed), Series("办结", _BLUE, closed)])


def _compared(now: Figures, before: Figures, titles: Titles) -> list[dict[str, Any]]:
    """Return each workflow's line: filed, closed, open and share in time, with the month before beside them."""
    rows = []
    tables = [tables_for(one, titles, "workflow")[0] for one in (now, before)]
    lines = [{_id(row[0]): dict(zip((c.id for c in t.columns), row, strict=True)) for row in t.rows} for t in tables]
    names = {**{k: v["workflow"] for k, v in lines[1].items()}, **{k: v["workflow"] for k, v in lines[0].items()}}
    for name in sorted(names, key=lambda n: titles.place(n, "states", "")):
        a, b = lines[0].get(name, {}), lines[1].get(name, {})
        title = titles.workflow(name).zh
        pairs = [
            (shown(a.get(k, 0), share=False), shown(b.get(k, 0), share=False)) for k in ("filed", "closed", "open")
        ]
        rates = (percent(_number(a.get("share"))), percent(_number(b.get("share"))))
        rows.append({"title": title, "pairs": [*pairs, rates]})
    return rows


def _number(cell: Cell) -> float | None:
    return float(cell) if isinstance(cell, int | float) else None


def _id(cell: Cell) -> str:
    return cell.id if isinstance(cell, Named) else str(cell)


def _duties_chart(table: Table) -> Markup | None:
    """Return a bar for each statutory deadline, of all units together."""
    if not table.rows:
        return None
    sums: dict[tuple[str, str], list[int]] = {}
    for row in table.rows:
        workflow, deadline = row[0], row[2]
        if isinstance(workflow, Named) and isinstance(deadline, Named):
            counts = sums.setdefault((workflow.title.zh, deadline.title.zh), [0, 0, 0])
            for place, cell in enumerate(row[3:6]):
                counts[place] += int(_number(cell) or 0)
    twice = {name for _, name in sums if sum(other == name for _, other in sums) > 1}
    labels = [f"{name}（{workflow}）" if name in twice else name for workflow, name in sums]
    kinds = (("按期", _GREEN), ("逾期完成", _AMBER), ("逾期未完成", _RED))
    series = [Series(name, colour, [c[n] for c in sums.values()]) for n, (name, colour) in enumerate(kinds)]
    return stacks("法定期限完成情况", labels, series)


def _load(table: Table) -> Markup | None:
    """Return a bar for what is past and for each of the coming weeks."""
    if not table.rows:
        return None
    rows = list(table.rows)[:_MOST_WEEKS]
    labels = [
        "已逾期" if _id(row[0]) == OVERDUE else f"{row[1]:%m.%d}起" if isinstance(row[1], date) else "" for row in rows
    ]
    red = _RED if _id(rows[0][0]) == OVERDUE else None
    kinds = (("法定期限", _BLUE, 2, red), ("内部目标", _GREY, 3, None))
    series = [
        Series(name, colour, values, first)
        for name, colour, at, first in kinds
        if any(values := [int(_number(row[at]) or 0) for row in rows])
    ]
    return columns("期末未完成的期限，按到期周", labels, series, zeros=False)


def _cells(table: Table) -> dict[str, Any]:
    """Return a table as texts, its numbers told apart from its names; a unit that is the only one is left out."""
    units = {row[1] for row in table.rows} if [c.id for c in table.columns][1:2] == ["unit"] else set()
    places = [n for n, c in enumerate(table.columns) if not (c.id == "unit" and len(units) <= 1)]
    places = [n for n in places if table.columns[n].id != "provisional"]
    lines = [[shown(row[n], share=table.columns[n].kind == "share") for n in places] for row in table.rows]
    names = [table.columns[n].kind == "name" for n in places]
    grouped = sum(names) > 1
    rows = []
    for number, line in enumerate(lines):
        same = grouped and number > 0 and lines[number - 1][0] == line[0]
        texts = ["", *line[1:]] if same else line
        rows.append({"same": same, "cells": list(zip(texts, names, strict=True))})
    heads = [table.columns[n].title.zh for n in places]
    return {"short": len(rows) <= _SHORT, "heads": list(zip(heads, names, strict=True)), "rows": rows}


def shown(cell: Cell, *, share: bool) -> str:
    """Return a cell as the report shows it."""
    if cell is None:
        return "—"
    if isinstance(cell, Named):
        return cell.title.zh
    if isinstance(cell, date):
        return cell.isoformat()
    return percent(cell) if share else f"{cell}"
