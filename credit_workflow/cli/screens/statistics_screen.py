"""Draw statistics: tables, with a bar where a bar says it faster."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

from rich import box
from rich.cells import cell_len
from rich.table import Table as Grid
from rich.text import Text as Styled

from credit_workflow.cli.language import t
from credit_workflow.cli.output import console
from credit_workflow.cli.screens.layout import write, write_failed
from credit_workflow.cli.upkeep.statistics_files import period_line
from credit_workflow.service.use_cases.upkeep.statistics import OVERDUE, Cell, Column, Named, Statistics, Table

_BAR = 12
_NAME = 22
#: Below this width of the screen the numbers need the room of the bars.
_WITH_BARS = 100
#: What a bar is made of: the columns that it adds up, each in its colour. Colour never says it alone:
#: the numbers stand beside it.
_STACKS: dict[str, tuple[tuple[str, str], ...]] = {
    "workflows": (("in_time", "green"), ("late", "magenta"), ("overdue", "red")),
    "units": (("in_time", "green"), ("late", "magenta"), ("overdue", "red")),
    "deadlines": (("in_time", "green"), ("late", "magenta"), ("overdue", "red")),
    "targets": (("within", "cyan"), ("beyond", "yellow"), ("pending", "yellow")),
    "milestones": (("median", "cyan"),),
    "stages": (("median", "cyan"),),
    "outcomes": (("share", "cyan"),),
    "grounds": (("attempts", "yellow"),),
    "providers": (("median", "cyan"),),
    "weeks": (("statutory", "cyan"),),
}
_STYLES = {
    "overdue": "bold red",
    "open_overdue": "bold red",
    "late": "magenta",
    "beyond": "yellow",
    "pending": "yellow",
}


def render_tables(found: Statistics) -> None:
    """Write the tables, one below the other; one that would be empty is said to be so in a line."""
    screen = console()
    screen.print(Styled(t("统计", "Statistics"), style="bold"), Styled(period_line(found, training=False)))
    write_failed(found.failed)
    empty = [table.title for table in found.tables if not table.rows]
    for table in found.tables:
        if table.rows:
            screen.print()
            screen.print(_grid(table, bars=screen.width >= _WITH_BARS))
    if empty:
        screen.print()
        screen.print(t("本期没有：", "Nothing in this period: ") + t("、", ", ").join(empty), style="dim")
    write(
        "中位数、九成以内：按最近秩法，均为实际发生的工作日数。内部目标不是法定期限，超过不属逾期。",
        "Median and 90 % by nearest rank, in working days that really occurred. A target is no statutory deadline.",
        "dim",
    )


def _grid(table: Table, *, bars: bool) -> Grid:
    look: dict[str, Any] = {"title_justify": "left", "title_style": "bold", "pad_edge": False, "padding": (0, 1, 0, 0)}
    grid = Grid(title=table.title, box=box.SIMPLE_HEAD, **look)
    shown = [place for place, column in enumerate(table.columns) if not _dull(table, place, column)]
    for place in shown:
        column = table.columns[place]
        widest = max(cell_len(_cell(column, row[place]).plain) for row in table.rows)
        least = min(widest, _NAME if bars else _NAME // 2) if column.kind == "name" else None
        side: Literal["left", "right"] = "left" if column.kind == "name" else "right"
        grid.add_column(column.title, justify=side, overflow="fold", min_width=least)
    stack = _STACKS[table.id]
    if bars:
        grid.add_column("", no_wrap=True, min_width=_BAR)
    places = {column.id: place for place, column in enumerate(table.columns)}
    whole = max(sum(_size(row[places[id_]]) for id_, _ in stack) for row in table.rows)
    before: Cell = None
    for row in table.rows:
        parts = [(_size(row[places[id_]]), style) for id_, style in stack]
        if table.id == "weeks" and isinstance(row[0], Named) and row[0].id == OVERDUE:
            parts = [(size, "red") for size, _ in parts]
        cells = [_cell(table.columns[place], row[place]) for place in shown]
        if row[0] == before:
            cells[0] = Styled()  # the same workflow as above
        before = row[0]
        grid.add_row(*cells, *([bar(parts, whole)] if bars else []))
    return grid


def _dull(table: Table, place: int, column: Column) -> bool:
    """Whether a column says the same of every line and no more: the one unit there is, nothing provisional."""
    cells = {row[place] for row in table.rows}
    return (column.id == "unit" and len(cells) == 1 and table.id != "units") or (
        column.id == "provisional" and cells == {0}
    )


def bar(parts: Sequence[tuple[float, str]], whole: float) -> Styled:
    """Return a bar of several parts, each in its colour, whose full length is ``whole``."""
    drawn = Styled()
    used, reached = 0, 0.0
    for size, style in parts:
        reached += size
        until = round(_BAR * reached / whole) if whole else 0
        if size and until == used and until < _BAR:
            until += 1  # what there is can be seen
        drawn.append("█" * (until - used), style=style)
        used = max(used, until)
    return drawn


def _size(cell: Cell) -> float:
    return float(cell) if isinstance(cell, int | float) else 0.0


def _cell(column: Column, cell: Cell) -> Styled:
    if cell is None:
        return Styled("–", style="dim")
    if isinstance(cell, Named):
        return Styled(cell.title)
    if isinstance(cell, date):
        return Styled(cell.isoformat())
    if column.kind == "share":
        return Styled(f"{cell:.0%}" if cell in (0, 1) else f"{cell:.1%}")
    return Styled(str(cell), style=_STYLES.get(column.id, "") if cell else "dim")
