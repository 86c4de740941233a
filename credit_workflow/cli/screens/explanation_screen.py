"""How due dates were counted, day by day, on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from rich import box
from rich.markup import escape
from rich.table import Table
from rich.text import Text as Styled

from credit_workflow.casework.explanation.grid_signs import sums
from credit_workflow.casework.explanation.segments import segments
from credit_workflow.cli.language import say, t
from credit_workflow.cli.output import console, training_line
from credit_workflow.definition.lengths import amount_words, length_words


def render_explained(case: str, explained: list[dict[str, Any]], *, training: bool) -> None:
    """Write how each due date of a case was counted."""
    training_line(training=training)
    screen = console()
    screen.print(Styled(case, style="bold"))
    for one in explained:
        provisional = t("（暂定）", " (provisional)") if one["provisional"] else ""
        screen.print()
        screen.print(Styled(f"{one['title']}　{one['source']}", style="bold cyan"))
        shift = t("；末日为休息日的顺延至下一工作日", "; a last day that is a day off moves to the next working day")
        rule = length_text(one["length"]) + (shift if one["if_day_off"] else "")
        screen.print(
            t(
                f"期间：{rule}。起算日 {one['starts']} {'计入' if one['first_day_counts'] else '不计入'}。",
                f"Length: {rule}. The day of the start, {one['starts']}, is {'' if one['first_day_counts'] else 'not '}counted.",
            )
        )
        for stop in one["stops"]:
            screen.print(_stop_line(stop))
        if one["counted"]:
            screen.print(days_table(one["counted"], one["stops"]))
        if one["extension"]:
            screen.print(_extension_line(one["extension"]))
            screen.print(days_table(one["extension"]["counted"], one["stops"]))
        screen.print(Styled(say(sums(one, segments(one)))))
        if one["due"] is None:
            message = t("期限中止计算，恢复后方有届满日。", "The clock stands: there is a due date once it runs again.")
            screen.print(Styled(message, style="bold"))
            continue
        screen.print(
            Styled(
                t(
                    f"届满日：{one['due']}{provisional}（当日24时止）",
                    f"Due: {one['due']}{provisional} (until 24:00 of that day)",
                ),
                style="bold",
            )
        )


def _stop_line(stop: dict[str, Any]) -> str:
    title, since, until, source = escape(stop["title"]), stop["since"], stop["until"], escape(stop["source"])
    if until is None:
        return t(f"{since} 起中止计算：{title}（{source}）。", f"Stopped since {since}: {title} ({source}).")
    return t(
        f"{since} 至 {until} 中止计算，首尾两日均不计入：{title}（{source}）。",
        f"Stopped from {since} to {until}, neither of which counts: {title} ({source}).",
    )


def _extension_line(extension: dict[str, Any]) -> str:
    unit = "working days" if "working_days" in extension else "days"
    days = say(amount_words(extension[unit.replace(" ", "_")], unit))
    source = escape(extension["source"])
    return t(
        f"原定 {extension['from']} 届满；经批准延长 {days}（{source}）：",
        f"First due {extension['from']}; extended by {days} ({source}):",
    )


def days_table(counted: list[dict[str, Any]], stops: Sequence[dict[str, Any]] = ()) -> Table:
    """Return counted days as a table: each day, its number, and why."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for title in (t("日期", "Day"), t("星期", "Weekday"), t("计数", "No."), t("说明", "Why")):
        table.add_column(title)
    titles = {stop["id"]: t(f"中止计算（{stop['title']}）", f"stopped ({stop['title']})") for stop in stops}
    for day in counted:
        number = str(day["number"]) if day["number"] is not None else "—"
        style = "" if day["number"] is not None else "dim"
        reason = titles[day["stopped_by"]] if day.get("stopped_by") else why(day)
        table.add_row(day["date"], weekday(day["date"]), number, escape(reason), style=style)
    return table


def why(day: dict[str, Any]) -> str:
    """Return in words why a day counts or not."""
    words = {
        "weekday": t("工作日", "working day"),
        "weekend": t("周末", "weekend"),
        "holiday": t("放假", "holiday"),
        "make-up": t("调休上班", "make-up working day"),
    }
    text = words[day["kind"]]
    if day["kind"] == "holiday" and day["name"]:
        text = day["name"]
    notice = day.get("notice_no") or day["notice"]
    if notice:
        layer = f"{day['layer']}：" if day.get("layer") else ""  # which layer says so, where one does
        text += f"（{layer}{notice}）"
    if day.get("shifted"):
        text += t("，顺延", ", shifted")
    if day["provisional"]:
        text += t("，暂定", ", provisional")
    return text


def weekday(text: str) -> str:
    """Return the weekday of a day."""
    day = date.fromisoformat(text)
    return t("周" + "一二三四五六日"[day.weekday()], day.strftime("%a"))


def length_text(length: str) -> str:
    """Return a length of time in the reader's language."""
    return say(length_words(length))
