"""Write statistics as files for Excel or WPS: CSV and a workbook. No figure is worked out here."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from credit_workflow.cli.language import language, t
from credit_workflow.service.use_cases.upkeep.statistics import Cell, Column, Named, Statistics, Table
from credit_workflow.service.wording import width

#: A cell that begins so is taken for a formula by Excel; an apostrophe before it makes it text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
_PERCENT = 100
_WIDEST, _NARROWEST = 42, 9
_HEAD_ROW = 2
_SHEET_NAME = 31
_FORMATS = {"share": "0.0%", "date": "yyyy-mm-dd", "count": "#,##0", "days": "0", "name": "@"}


def as_csv(tables: Sequence[Table]) -> bytes:
    """Return the tables as one CSV: UTF-8 with a byte order mark, lines ending as RFC 4180 wants.

    Where there are several tables, the first column says which one a line belongs to, and a column
    that a table does not have is empty in its lines. Shares are in per cent with one decimal.
    """
    columns: dict[str, str] = {}
    for table in tables:
        columns.update({c.id: c.title for c in table.columns if c.id not in columns})
    out = io.StringIO(newline="")
    out.write(_BOM)
    writer = csv.writer(out, lineterminator="\r\n")
    several = len(tables) > 1
    head = [t("表", "Table")] if several else []
    writer.writerow([*head, *columns.values()])
    for table in tables:
        for row in table.rows:
            cells = {c.id: _plain(c, cell) for c, cell in zip(table.columns, row, strict=True)}
            first = [defused(table.title)] if several else []
            writer.writerow([*first, *(cells.get(id_, "") for id_ in columns)])
    return out.getvalue().encode()


def defused(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _plain(column: Column, cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Named):
        return defused(cell.title)
    if isinstance(cell, date):
        return cell.isoformat()
    return f"{cell * _PERCENT:.1f}%" if column.kind == "share" else str(cell)


def as_xlsx(found: Statistics, *, training: bool) -> bytes:
    """Return the tables as a workbook, one sheet each: real numbers, shares and dates, the head kept in view."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - it is seldom needed and starts slowly

    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        font = {"font_name": "微软雅黑" if language() == "zh" else "Calibri", "font_size": 10, "valign": "vcenter"}
        formats = {kind: book.add_format({**font, "num_format": code, "border": 1, "border_color": "#D0D7DE"}) for kind, code in _FORMATS.items()}  # fmt: skip
        head = book.add_format({
            **font, "bold": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF", "align": "center",
            "text_wrap": True, "border": 1, "border_color": "#D0D7DE",
        })  # fmt: skip
        title = book.add_format({**font, "bold": True, "font_size": 14})
        small = book.add_format({**font, "font_color": "#57606A"})
        for table in found.tables:
            sheet = book.add_worksheet(_sheet_name(table.title))
            sheet.write_string(0, 0, table.title, title)
            sheet.write_string(1, 0, period_line(found, training=training), small)
            for place, column in enumerate(table.columns):
                sheet.write_string(_HEAD_ROW, place, column.title, head)
                sheet.set_column(place, place, _column_width(table, place))
            for line, row in enumerate(table.rows, _HEAD_ROW + 1):
                for place, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
                    _write(sheet, line, place, cell, formats[column.kind])
            sheet.set_row(_HEAD_ROW, 24)
            sheet.freeze_panes(_HEAD_ROW + 1, 0)
            if table.rows:
                sheet.autofilter(_HEAD_ROW, 0, _HEAD_ROW + len(table.rows), len(table.columns) - 1)
            sheet.set_landscape()
            sheet.set_paper(9)  # A4
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(_HEAD_ROW)
    return out.getvalue()


def period_line(found: Statistics, *, training: bool) -> str:
    """Return in words which days were counted, and as of when."""
    first = found.first or t("开始使用", "the beginning")
    days = t(
        f"统计期间：{first} 至 {found.last}（含），截至 {found.as_of}",
        f"From {first} through {found.last}, as of {found.as_of}",
    )
    return days + (t("；练习数据库", "; training database") if training else "")


def _column_width(table: Table, place: int) -> int:
    column = table.columns[place]
    texts = [column.title, *(_plain(column, row[place]) for row in table.rows)]
    return max(_NARROWEST, min(_WIDEST, max(width(text) for text in texts) + 4))


def _sheet_name(title: str) -> str:
    kept = "".join(c for c in title if c not in "[]:*?/\\")
    return kept[:_SHEET_NAME]


def _write(sheet: Any, line: int, place: int, cell: Cell, how: Any) -> None:
    if cell is None:
        sheet.write_blank(line, place, None, how)
    elif isinstance(cell, Named):
        sheet.write_string(line, place, cell.title, how)  # a text stays one, whatever it begins with
    elif isinstance(cell, date):
        sheet.write_datetime(line, place, cell, how)
    else:
        sheet.write_number(line, place, cell, how)
