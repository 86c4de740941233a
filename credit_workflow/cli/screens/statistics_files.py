"""Statistics as files that people open in Excel or WPS: CSV and a workbook. No figure is worked out here."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any

from credit_workflow.casework.statistics.figure_tables import Cell, Column, Named, Table
from credit_workflow.casework.statistics.figures import Period
from credit_workflow.text import Lang, Text

#: A cell that begins so is taken for a formula by Excel; an apostrophe before it makes it text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
_PERCENT = 100
_WIDEST, _NARROWEST = 42, 9
_HEAD_ROW = 2
_SHEET_NAME = 31
_FORMATS = {"share": "0.0%", "date": "yyyy-mm-dd", "count": "#,##0", "days": "0", "name": "@"}


def as_csv(tables: Sequence[Table], lang: Lang) -> bytes:
    """Return the tables as one CSV: UTF-8 with a byte order mark, lines ending as RFC 4180 wants.

    Where there are several tables, the first column says which one a line belongs to, and a column
    that a table does not have is empty in its lines. Shares are in per cent with one decimal.
    """
    columns: dict[str, str] = {}
    for table in tables:
        columns.update({c.id: c.title.to(lang) for c in table.columns if c.id not in columns})
    out = io.StringIO(newline="")
    out.write(_BOM)
    writer = csv.writer(out, lineterminator="\r\n")
    several = len(tables) > 1
    head = [Text("表", "Table").to(lang)] if several else []
    writer.writerow([*head, *columns.values()])
    for table in tables:
        for row in table.rows:
            cells = {c.id: _plain(c, cell, lang) for c, cell in zip(table.columns, row, strict=True)}
            first = [defused(table.title.to(lang))] if several else []
            writer.writerow([*first, *(cells.get(id_, "") for id_ in columns)])
    return out.getvalue().encode()


def defused(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _plain(column: Column, cell: Cell, lang: Lang) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Named):
        return defused(cell.title.to(lang))
    if isinstance(cell, date):
        return cell.isoformat()
    return f"{cell * _PERCENT:.1f}%" if column.kind == "share" else str(cell)


def as_xlsx(tables: Sequence[Table], period: Period, lang: Lang, *, training: bool) -> bytes:
    """Return the tables as a workbook, one sheet each: real numbers, shares and dates, the head kept in view."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - it is seldom needed and starts slowly

    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        font = {"font_name": "微软雅黑" if lang == "zh" else "Calibri", "font_size": 10, "valign": "vcenter"}
        formats = {kind: book.add_format({**font, "num_format": code, "border": 1, "border_color": "#D0D7DE"}) for kind, code in _FORMATS.items()}  # fmt: skip
        head = book.add_format({
            **font, "bold": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF", "align": "center",
            "text_wrap": True, "border": 1, "border_color": "#D0D7DE",
        })  # fmt: skip
        title = book.add_format({**font, "bold": True, "font_size": 14})
        small = book.add_format({**font, "font_color": "#57606A"})
        for table in tables:
            sheet = book.add_worksheet(_sheet_name(table.title.to(lang)))
            sheet.write_string(0, 0, table.title.to(lang), title)
            sheet.write_string(1, 0, period_line(period, lang, training=training), small)
            for place, column in enumerate(table.columns):
                sheet.write_string(_HEAD_ROW, place, column.title.to(lang), head)
                sheet.set_column(place, place, _column_width(table, place, lang))
            for line, row in enumerate(table.rows, _HEAD_ROW + 1):
                for place, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
                    _write(sheet, line, place, cell, formats[column.kind], lang)
            sheet.set_row(_HEAD_ROW, 24)
            sheet.freeze_panes(_HEAD_ROW + 1, 0)
            if table.rows:
                sheet.autofilter(_HEAD_ROW, 0, _HEAD_ROW + len(table.rows), len(table.columns) - 1)
            sheet.set_landscape()
            sheet.set_paper(9)  # A4
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(_HEAD_ROW)
    return out.getvalue()


def period_line(period: Period, lang: Lang, *, training: bool) -> str:
    """Return in words which days were counted, and as of when."""
    first = period.first or Text("开始使用", "the beginning").to(lang)
    text = Text("统计期间：{a} 至 {b}（含），截至 {t}", "From {a} through {b}, as of {t}").fill(
        a=first, b=period.end, t=period.today
    )
    return text.to(lang) + (Text("；练习数据库", "; training database").to(lang) if training else "")


def width_of(text: str) -> int:
    """Return how many columns a text takes: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _column_width(table: Table, place: int, lang: Lang) -> int:
    column = table.columns[place]
    texts = [column.title.to(lang), *(_plain(column, row[place], lang) for row in table.rows)]
    return max(_NARROWEST, min(_WIDEST, max(width_of(text) for text in texts) + 4))


def _sheet_name(title: str) -> str:
    kept = "".join(c for c in title if c not in "[]:*?/\\")
    return kept[:_SHEET_NAME]


def _write(sheet: Any, line: int, place: int, cell: Cell, how: Any, lang: Lang) -> None:
    if cell is None:
        sheet.write_blank(line, place, None, how)
    elif isinstance(cell, Named):
        sheet.write_string(line, place, cell.title.to(lang), how)  # a text stays one, whatever it begins with
    elif isinstance(cell, date):
        sheet.write_datetime(line, place, cell, how)
    else:
        sheet.write_number(line, place, cell, how)
