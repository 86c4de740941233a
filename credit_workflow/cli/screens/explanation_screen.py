"""Draw how due dates were counted, day by day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import UNSET
from rich.markup import escape
from rich.table import Table
from rich.text import Text as Styled

from credit_workflow.cli.language import say, t
from credit_workflow.cli.output import console
from credit_workflow.cli.screens.layout import table, write, write_failed
from credit_workflow.service.use_cases.daily import explanations
from credit_workflow.service.wording import length_words


def render_explained(answer: explanations.CaseExplanation) -> None:
    """Write how each due date of a case was counted."""
    console().print(Styled(answer.case, style="bold"))
    if answer.failed is not UNSET:
        write_failed((answer.failed,))
    for one, total in zip(answer.deadlines, answer.sums, strict=True):
        _render(one, total)


def _render(one: explanations.Explanation, total: str) -> None:
    screen = console()
    screen.print()
    screen.print(Styled(f"{one.title}　{one.source}", style="bold cyan"))
    shift = t("；末日为休息日的顺延至下一工作日", "; a last day that is a day off moves to the next working day")
    rule = length_text(one.length) + (shift if one.if_day_off else "")
    write(
        f"期间：{rule}。起算日 {one.starts} {'计入' if one.first_day_counts else '不计入'}。",
        f"Length: {rule}. The day of the start, {one.starts}, is {'' if one.first_day_counts else 'not '}counted.",
    )
    for stop in one.stops:
        screen.print(_stop_line(stop))
    if one.counted:
        screen.print(days_table(one.counted, one.stops))
    if one.extension is not None:
        screen.print(_extension_line(one.extension))
        screen.print(days_table(one.extension.counted, one.stops))
    screen.print(Styled(total))
    if one.due is None:
        message = t("期限中止计算，恢复后方有届满日。", "The clock stands: there is a due date once it runs again.")
        screen.print(Styled(message, style="bold"))
        return
    provisional = t("（暂定）", " (provisional)") if one.provisional else ""
    due = f"{one.due}{provisional}"
    write(f"届满日：{due}（当日24时止）", f"Due: {due} (until 24:00 of that day)", "bold")
    if one.recount_differs:
        write(
            "此后的放假通知改变了其中的日子；本期限已按当时的日历届满。",
            "A later notice changes some of these days; the deadline ended by the calendar of its time.",
            "yellow",
        )


def _stop_line(stop: explanations.ClockStop) -> str:
    title, since, until, source = escape(stop.title), stop.since, stop.until, escape(stop.source)
    if until is None:
        return t(f"{since} 起中止计算：{title}（{source}）。", f"Stopped since {since}: {title} ({source}).")
    return t(
        f"{since} 至 {until} 中止计算，首尾两日均不计入：{title}（{source}）。",
        f"Stopped from {since} to {until}, neither of which counts: {title} ({source}).",
    )


def _extension_line(extension: explanations.ExplainedExtension) -> str:
    working = extension.working_days
    days = length_text(f"{extension.days} days" if working is None else f"{working} working days")
    source = escape(extension.source or "")
    return t(
        f"原定 {extension.start} 届满；经批准延长 {days}（{source}）：",
        f"First due {extension.start}; extended by {days} ({source}):",
    )


def days_table(counted: Sequence[explanations.CountedDay], stops: Sequence[explanations.ClockStop] = ()) -> Table:
    """Return counted days as a table: each day, its number, and why."""
    made = table("日期|星期|计数|说明", "Day|Weekday|No.|Why", fold=False)
    titles = {stop.id: t(f"中止计算（{stop.title}）", f"stopped ({stop.title})") for stop in stops}
    for day in counted:
        number = str(day.number) if day.number is not None else "—"
        style = "" if day.number is not None else "dim"
        reason = titles[day.stopped_by] if day.stopped_by else why(day)
        made.add_row(str(day.date), weekday(day.date), number, escape(reason), style=style)
    return made


def why(day: explanations.CountedDay) -> str:
    """Return in words why a day counts or not."""
    words = {
        "weekday": t("工作日", "working day"),
        "weekend": t("周末", "weekend"),
        "holiday": t("放假", "holiday"),
        "make-up": t("调休上班", "make-up working day"),
    }
    text = words[day.kind]
    if day.kind == "holiday" and day.name:
        text = day.name
    notice = day.notice_no or day.notice
    if notice:
        layer = f"{day.layer}：" if day.layer else ""  # which layer says so, where one does
        text += f"（{layer}{notice}）"
    if day.shifted:
        text += t("，顺延", ", shifted")
    if day.provisional:
        text += t("，暂定", ", provisional")
    return text


def weekday(day: date) -> str:
    """Return the weekday of a day."""
    return t("周" + "一二三四五六日"[day.weekday()], day.strftime("%a"))


def length_text(length: str) -> str:
    """Return a length of time in the reader's language."""
    return say(length_words(length))
