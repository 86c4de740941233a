"""Draw the count of a due date for print: a grid of months as SVG, and a page around it.

Every kind of day has a sign or a pattern of its own, so that a black-and-white print says the same.
"""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from credit_workflow.casework.explanation.explanation_answers import CountPicture, Grid, GridDay, GridMonth
from credit_workflow.casework.explanation.grid_signs import legend, month_name, signs, weekday_name
from credit_workflow.definition.words.wording import wrapped
from credit_workflow.text import Lang

_ACROSS = 3
_WIDE, _TALL = 30, 32
#: So many cells of text fit a line of the picture.
_CELLS = 104
_GAP = 25
_HEAD = 44
_LINE = 18
_MARGIN = 12
_WIDTH = 2 * _MARGIN + _ACROSS * 7 * _WIDE + (_ACROSS - 1) * _GAP
_FONT = "'Noto Sans CJK SC','Microsoft YaHei','PingFang SC','SimHei',Arial,sans-serif"
_OPEN = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}" role="img" '
    'aria-label="{name}" font-family="{font}">'
)
_PATTERNS = Markup(
    '<defs><pattern id="holiday" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="5" height="5" fill="#fff"/><rect width="1.6" height="5" fill="#f0a8a0"/></pattern>'
    '<pattern id="stopped" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<rect width="6" height="6" fill="#fff"/><path d="M0 0L6 6M6 0L0 6" stroke="#999" stroke-width=".7"/>'
    "</pattern></defs>"
)
_RECT = Markup(
    '<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" fill="{fill}" stroke="{stroke}" '
    'stroke-width="{line}"{more}/>'
)
_TEXT = Markup(
    '<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" fill="{colour}" '
    'text-anchor="{anchor}">{text}</text>'
)
_CLOSE = Markup("</svg>")
_PAGE = Markup(
    '<!DOCTYPE html>\n<html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title><style>'
    "@page{{size:A4;margin:15mm}}body{{margin:1em auto;max-width:720px;background:#fff}}"
    "svg{{width:100%;height:auto}}</style></head><body>{picture}</body></html>\n"
)
_FILLS = {"weekend": "#e9ecef", "holiday": "url(#holiday)", "make-up": "#fff3c4"}


def page(title: str, counts: Iterable[CountPicture], lang: Lang) -> str:
    """Return an HTML page with the picture of some counts, which prints on A4."""
    tongue = "en" if lang == "en" else "zh-CN"
    return str(_PAGE.format(lang=tongue, title=title, picture=_picture(title, counts, lang)))


def svg(title: str, counts: Iterable[CountPicture], lang: Lang) -> str:
    """Return the picture of some counts, one below the other, three months side by side.

    Args:
        title: what it is about; it stands at the top.
        counts: what to draw.
        lang: the language of names and legend.
    """
    return str(_picture(title, counts, lang))


def _picture(title: str, counts: Iterable[CountPicture], lang: Lang) -> Markup:
    parts = [_PATTERNS, _text(_MARGIN, 26, title, 17, weight="bold")]
    y = 40.0
    for counted in counts:
        drawn, y = _count(counted, y, lang)
        parts += drawn
    head = _OPEN.format(w=_WIDTH, h=round(y + _MARGIN), name=title, font=_FONT)
    back = _RECT.format(x=0, y=0, w=_WIDTH, h=y + _MARGIN, fill="#fff", stroke="none", line=0, more="")
    return Markup("").join([head, back, *parts, _CLOSE])


def _count(counted: CountPicture, y: float, lang: Lang) -> tuple[list[Markup], float]:
    """Return one count as drawn from ``y`` on, and where it ends."""
    parts = []
    if counted.heading:
        y += 20
        parts.append(_text(_MARGIN, y, counted.heading, 14, weight="bold"))
    for line in (line for text in counted.lines for line in wrapped(text, _CELLS)):
        y += _LINE
        parts.append(_text(_MARGIN, y, line, 12))
    y += 14
    months = counted.grid.months
    for row in (months[n : n + _ACROSS] for n in range(0, len(months), _ACROSS)):
        for place, month in enumerate(row):
            x = _MARGIN + place * (7 * _WIDE + _GAP)
            parts += _month(month, counted.grid, x, y, lang)
        y += _HEAD + max(len(month.weeks) for month in row) * _TALL + 12
    legends, y = _legend(counted.grid, y, lang)
    return [*parts, *legends], y + 14


def _month(month: GridMonth, grid: Grid, x: float, y: float, lang: Lang) -> list[Markup]:
    name = month_name(month.year, month.month, lang)
    parts = [_text(x + 3.5 * _WIDE, y + 18, name, 13, weight="bold", anchor="middle")]
    for place, weekday in enumerate(grid.weekdays):
        colour = "#777" if weekday in grid.weekend else "#000"
        middle = x + (place + 0.5) * _WIDE
        parts.append(_text(middle, y + 37, weekday_name(weekday, lang), 11, colour=colour, anchor="middle"))
    for row, week in enumerate(month.weeks):
        for place, cell in enumerate(week):
            if cell is not None:
                parts += _day(cell, x + place * _WIDE, y + _HEAD + row * _TALL, lang)
    return parts


def _day(cell: GridDay, x: float, y: float, lang: Lang) -> list[Markup]:
    """Draw a day; the frame of the due date lies inside its own place, so that no neighbour hides it."""
    said = signs(cell, lang)
    parts = [_box(x, y, cell)]
    within = cell.mark is not None or cell.start or cell.due
    parts.append(_text(x + (4.5 if cell.due else 3), y + 11.5, said.day, 9, colour="#000" if within else "#888"))
    strong = "bold" if cell.number is not None or cell.due or cell.start else "normal"
    parts.append(_text(x + _WIDE / 2, y + 26, said.said, 12, weight=strong, anchor="middle"))
    return parts


def _box(x: float, y: float, cell: GridDay) -> Markup:
    fill = "url(#stopped)" if cell.mark == "stopped" else _FILLS.get(cell.kind or "", "#fff")
    if cell.due:
        return _RECT.format(x=x + 1.5, y=y + 1.5, w=_WIDE - 3, h=_TALL - 3, fill=fill, stroke="#000", line=3, more="")
    if cell.start:
        more = Markup(' stroke-dasharray="3 2"')
        return _RECT.format(x=x + 1, y=y + 1, w=_WIDE - 2, h=_TALL - 2, fill=fill, stroke="#000", line=1.6, more=more)
    return _RECT.format(x=x, y=y, w=_WIDE, h=_TALL, fill=fill, stroke="#bbb", line=0.6, more="")


def _legend(grid: Grid, y: float, lang: Lang) -> tuple[list[Markup], float]:
    parts: list[Markup] = []
    x = float(_MARGIN)
    y += 4
    for what, sign, words in legend(grid, lang):
        wide = 34 + sum(11 if ord(letter) > 0x2E80 else 6 for letter in words) + 12  # noqa: PLR2004 - Chinese and not
        if x + wide > _WIDTH - _MARGIN and x > _MARGIN:
            x, y = float(_MARGIN), y + 24
        fill = "url(#stopped)" if what == "stopped" else _FILLS.get(what, "#fff")
        framed, dashed = what == "due", what == "start"
        more = Markup(' stroke-dasharray="3 2"') if dashed else ""
        line = 2.4 if framed else 1.2 if dashed else 0.6
        stroke = "#000" if framed or dashed else "#bbb"
        parts.append(_RECT.format(x=x, y=y, w=28, h=18, fill=fill, stroke=stroke, line=line, more=more))
        parts.append(_text(x + 14, y + 13, sign, 10, anchor="middle", weight="bold"))
        parts.append(_text(x + 33, y + 13, words, 11))
        x += wide
    return parts, y + 26


def _text(
    x: float, y: float, text: str, size: int, *, weight: str = "normal", colour: str = "#000", anchor: str = "start"
) -> Markup:
    return _TEXT.format(x=x, y=y, size=size, weight=weight, colour=colour, anchor=anchor, text=text)
