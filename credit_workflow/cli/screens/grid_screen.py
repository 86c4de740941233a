"""Draw the count of a due date as a grid of months: on the screen, or as a picture file."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text as Styled

from credit_workflow.cli.language import language
from credit_workflow.cli.output import console
from credit_workflow.service.use_cases.daily.explanations import CaseExplanation, CountPicture, Grid, GridDay, GridMonth
from credit_workflow.service.wording import legend, month_name, signs, weekday_name, width

_GAP = 3
_NARROWEST = 5


def render_explained(answer: CaseExplanation) -> None:
    """Write how the due dates of a case were counted."""
    render_grids(answer.case, answer.pictures)


def render_grids(title: str, pictures: Sequence[CountPicture]) -> None:
    """Write counts as grids of months, as many side by side as fit.

    Args:
        title: what they belong to.
        pictures: the counts.
    """
    screen = console()
    screen.print(Styled(title, style="bold"))
    for one in pictures:
        if one.heading:
            screen.print(Styled(one.heading, style="bold cyan"))
        for words in one.lines:
            screen.print(Styled(words))
        for line in _side_by_side(one.grid, screen.width):
            screen.print(line, soft_wrap=True)
        screen.print(_legend_line(one.grid))
        screen.print()


def _side_by_side(grid: Grid, columns: int) -> list[Styled]:
    """Return the months as lines of text, as many months beside each other as the width allows."""
    lang = language()
    widest = max((width(text) for cell in grid.cells() for text in signs(cell, lang)), default=0)
    place = max(_NARROWEST, widest + 1)
    across = max(1, (columns + _GAP + 1) // (7 * place + _GAP))  # the last blank of a line falls away
    lines: list[Styled] = []
    for row in (grid.months[n : n + across] for n in range(0, len(grid.months), across)):
        blocks = [_month(month, grid, place) for month in row]
        height = max(len(block) for block in blocks)
        for number in range(height):
            empty = Styled(" " * (7 * place))
            beside = [block[number] if number < len(block) else empty for block in blocks]
            lines.append(Styled(" " * _GAP).join(beside))
        lines.append(Styled(""))
    for line in lines:
        line.rstrip()
    return lines


def _month(month: GridMonth, grid: Grid, place: int) -> list[Styled]:
    lang = language()
    name = month_name(month.year, month.month, lang)
    before = (7 * place - width(name)) // 2
    lines = [_padded(Styled(" " * before + name, style="bold"), 7 * place), Styled("")]
    for weekday in grid.weekdays:
        style = "dim" if weekday in grid.weekend else ""
        lines[1].append_text(_padded(Styled(weekday_name(weekday, lang), style=style), place))
    for week in month.weeks:
        above, below = Styled(""), Styled("")
        for cell in week:
            said = signs(cell, lang) if cell else ("", "")
            date_style, count_style = _styles(cell) if cell else ("", "")
            above.append_text(_padded(Styled(said[0], style=date_style), place))
            below.append_text(_padded(Styled(said[1], style=count_style), place))
        lines += [above, below] if below.plain.strip() else [above]
    return lines


def _styles(cell: GridDay) -> tuple[str, str]:
    """Return the styles of the date and of the count below it."""
    kinds = {"weekend": "dim", "holiday": "red", "make-up": "black on yellow"}
    within = cell.mark is not None or cell.start or cell.due
    date_style = kinds.get(cell.kind or "", "") if within or cell.kind in ("holiday", "make-up") else "dim"
    if cell.due:
        return date_style, "bold reverse"
    if cell.start:
        return date_style, "bold underline"
    marks = {"number": "bold cyan", "shifted": "magenta", "stopped": "yellow"}
    return date_style, marks.get(cell.mark or "", "dim")


def _padded(text: Styled, place: int) -> Styled:
    """Return a text filled up with blanks that have no style of their own."""
    padded = Styled("")
    padded.append_text(text)
    padded.append(" " * max(0, place - width(text.plain)))
    return padded


def _legend_line(grid: Grid) -> Styled:
    lines = [f"{sign} {words}".strip() for _, sign, words in legend(grid, language()) if sign]
    return Styled("　".join(lines), style="dim")
