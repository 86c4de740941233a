"""Counts of due dates as picture files, and what is said of a count in either form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.casework.explanation.grid_signs import notices_of, sums
from credit_workflow.casework.explanation.segments import Grid, Segment, grid_of, segments
from credit_workflow.cli.language import language, say, t
from credit_workflow.cli.output import emit
from credit_workflow.cli.screens.explanation_screen import length_text
from credit_workflow.definition.wording import wrapped
from credit_workflow.errors import UsageFault
from credit_workflow.text import Text

#: So many cells of text fit a line of the picture.
_LINE = 104


def write_grids(
    title: str, counts: Sequence[Mapping[str, Any]], calendar: WorkCalendar, out: Path, document: Mapping[str, Any]
) -> None:
    """Write counts as a picture into a new file, and say so, with JSON besides what the document says.

    Raises:
        UsageFault: the file's name ends neither in .svg nor in .html.
        Refused: the file exists, or can't be written.
        NotFound: its folder does not.
    """
    from credit_workflow.cli.files import not_there, write_new  # noqa: PLC0415 - not needed on the screen
    from credit_workflow.reports.monthgrid import Counted, page, svg  # noqa: PLC0415 - as above

    form = {".svg": svg, ".html": page, ".htm": page}.get(out.suffix.lower())
    if form is None:
        message = Text("月历写成 .svg 或 .html 文件，不能写成 {f}", "a grid is written as .svg or .html, not as {f}")
        raise UsageFault(message.fill(f=out.name), code="format")
    not_there(out)
    drawn = []
    for one in counts:
        parts, grid = counted_grid(one, calendar)
        lines = [line for text in lines_of(one, parts, calendar) for line in wrapped(text, _LINE)]
        drawn.append(Counted(heading(one), lines, grid))
    write_new(out, form(title, drawn, language()).encode())
    if document:
        emit({**document, "file": str(out)})
    else:
        print(t(f"已写入 {out}。", f"wrote {out}."))


def counted_grid(one: Mapping[str, Any], calendar: WorkCalendar) -> tuple[tuple[Segment, ...], Grid]:
    """Return the parts of a count, and its grid."""
    parts = segments(one)
    due = date.fromisoformat(one["due"]) if one["due"] else None
    return parts, grid_of(date.fromisoformat(one["starts"]), due, parts, calendar)


def heading(one: Mapping[str, Any]) -> str:
    """Return what a count is called, with its clause."""
    return "　".join(filter(None, (one.get("title"), one.get("source"))))


def lines_of(one: Mapping[str, Any], parts: tuple[Segment, ...], calendar: WorkCalendar) -> list[str]:
    """Return what is said of a count: its length, its start, its sum, and the notices that it rests on."""
    length = length_text(one["length"])
    if one["if_day_off"]:
        length += t("，末日为休息日的顺延", ", moved off a day off")
    lines = [t(f"期间：{length}；起算日 {one['starts']}。", f"Length: {length}; start {one['starts']}.")]
    extension = one.get("extension")
    if extension:
        source = extension["source"]
        lines.append(t(f"原定 {extension['from']} 届满，经批准延长（{source}）。",
                       f"First due {extension['from']}, extended ({source})."))  # fmt: skip
    lines.append(say(sums(one, parts)))
    titles = {notice.id: " ".join(filter(None, (say(notice.title), notice.no))) for notice in calendar.notices}
    cited = [titles.get(notice, notice) for notice in notices_of(parts)]
    if cited:
        lines.append(t("放假依据：", "Holidays by: ") + t("；", "; ").join(cited))
    return lines
