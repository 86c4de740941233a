"""Choose signs and words for the days of a grid, so that no colour is needed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from credit_workflow.casework.explanation.explanation_answers import ExplainedExtension, Grid, GridDay
from credit_workflow.casework.explanation.segments import Stretch
from credit_workflow.definition.words.lengths import amount_words
from credit_workflow.text import Lang, Text, joined

_KINDS = {"holiday": Text("休", "h"), "make-up": Text("班", "w")}
_MARKS = {"uncounted": Text("·", "·"), "shifted": Text("顺", ">"), "stopped": Text("停", "||")}
_START = Text("起", "st")


class Signs(NamedTuple):
    """What stands in a day: the date with what kind of day it is, and below what the count says of it."""

    day: str
    said: str


class Meaning(NamedTuple):
    """One line of a legend: ``what`` names it for programs, ``sign`` is how it looks."""

    what: str
    sign: str
    words: str


def signs(cell: GridDay, lang: Lang) -> Signs:
    """Return what stands in a day."""
    kind = _KINDS[cell.kind].to(lang) if cell.kind in _KINDS else ""
    count = _START.to(lang) if cell.start else ""
    if cell.number is not None:
        count += ("+" if cell.extended else "") + str(cell.number)
    elif cell.mark in _MARKS and not cell.start:
        count += _MARKS[cell.mark].to(lang)
    if cell.due:
        count = f"[{count}]"
    return Signs(f"{cell.day.day}{kind}{'?' if cell.provisional else ''}", count)


def legend(grid: Grid, lang: Lang) -> list[Meaning]:
    """Return what the signs that occur in a grid mean, and nothing of those that don't."""
    cells = grid.cells()
    marks = {cell.mark for cell in cells}
    kinds = {cell.kind for cell in cells}
    due = next((cell for cell in cells if cell.due), None)
    told = [
        (any(c.start for c in cells), "start", _START.to(lang), Text("起算日", "start")),
        (any(c.number and not c.extended for c in cells), "counted", "1", Text("第几日", "number of the day")),
        (any(c.number and c.extended for c in cells), "extended", "+1", Text("延长的第几日", "day of the extension")),
        ("uncounted" in marks, "uncounted", _MARKS["uncounted"].to(lang), Text("不计入", "not counted")),
        ("shifted" in marks, "shifted", _MARKS["shifted"].to(lang), Text("末日顺延", "end moved off a day off")),
        ("stopped" in marks, "stopped", _MARKS["stopped"].to(lang), Text("中止计算", "clock stopped")),
        (due is not None, "due", signs(due, lang).said if due else "", Text("届满日", "due date")),
        ("weekend" in kinds, "weekend", "", Text("周末", "weekend")),
        ("holiday" in kinds, "holiday", _KINDS["holiday"].to(lang), Text("放假", "holiday")),
        ("make-up" in kinds, "make-up", _KINDS["make-up"].to(lang), Text("调休上班", "make-up working day")),
        (any(c.provisional for c in cells), "provisional", "?", Text("暂定，尚无通知", "provisional, no notice yet")),
    ]
    return [Meaning(what, sign, words.to(lang)) for there, what, sign, words in told if there]


def weekday_name(weekday: int, lang: Lang) -> str:
    """Return a weekday's short name, Monday being 0."""
    return Text("一二三四五六日"[weekday], ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"][weekday]).to(lang)


def month_name(year: int, month: int, lang: Lang) -> str:
    """Return a month's name with its year."""
    return Text(f"{year}年{month}月", date(year, month, 1).strftime("%B %Y")).to(lang)


def sums(length: str, due: date | None, parts: Sequence[Stretch], extension: ExplainedExtension | None = None) -> Text:
    """Return the sum of a count in words: what was counted, passed over, moved and added, and the due date.

    Args:
        length: the length of the period, such as ``7 working days``.
        due: the last day, None while the clock stands.
        parts: the count, by `stretches`.
        extension: what followed the period.
    """
    counted = {name: sum(part.counted for part in parts if part.part == name) for name in ("counted", "extended")}
    whole = {name: sum(len(part.days) for part in parts if part.part == name) for name in ("stopped", "shifted")}
    passed = sum(len(part.days) - part.counted for part in parts if part.part in ("counted", "extended"))
    first = amount_words(counted["counted"], unit_of(length))
    if length == "same day":
        said = [Text("起算日当天", "the day of the start itself")]
    else:
        said = [Text("计入{n}", "{n} counted").fill(n=first)]
    if extension is not None:
        more = amount_words(counted["extended"], "days" if extension.working_days is None else "working days")
        said.append(Text("延长{n}", "{n} more by the extension").fill(n=more))
    for number, words in (
        (passed, Text("未计入{n}", "{n} passed over")),
        (whole["stopped"], Text("中止{n}", "{n} with the clock stopped")),
        (whole["shifted"], Text("末日顺延{n}", "{n} by which the end was moved")),
    ):
        if number:
            said.append(words.fill(n=amount_words(number, "days")))
    end = Text("届满日待定", "no due date yet") if due is None else Text(f"届满日 {due}", f"due {due}")
    return Text("合计：{all}；{end}", "In sum: {all}; {end}").fill(all=joined(said, "，", ", "), end=end)


def unit_of(length: str) -> str:
    """Return what a length such as ``7 working days`` is counted in."""
    words = length.split(" ")
    if "working" in words:
        return "working days"
    return "years" if words[-1].startswith("year") else "days"


def notices_of(parts: Sequence[Stretch]) -> list[str]:
    """Return the ids of the notices that a count rests on, in the order of days."""
    return list(dict.fromkeys(day.notice for part in parts for day in part.days if day.notice))
