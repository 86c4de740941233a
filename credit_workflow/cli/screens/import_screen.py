"""Draw a notice that was read: its year, its days, and what it moves."""

from __future__ import annotations

from datetime import date

from rich import box
from rich.table import Table
from rich.text import Text as Styled

from credit_workflow.cli.language import t
from credit_workflow.cli.output import console
from credit_workflow.cli.screens.calendar_screen import render_year
from credit_workflow.cli.screens.explanation_screen import weekday
from credit_workflow.service.use_cases.upkeep.holidays import NoticeImported

#: Moves shown one by one; with --json all are there.
_MOST = 40


def render_import(done: NoticeImported) -> None:
    """Write a notice as a calendar, as days, and what it does to the open deadlines."""
    screen = console()
    render_year(done.year, done.days)
    screen.print()
    about = "　".join(part for part in (done.no, done.issued) if part)
    screen.print(Styled(done.title, style="bold"), Styled(about, style="dim"))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for title in (t("假期", "Holiday"), t("放假", "Off"), t("天数", "Days")):
        table.add_column(title)
    for holiday in done.holidays:
        first, last = holiday.first, holiday.last
        span = _day(first) if first == last else f"{_day(first)} – {_day(last)}"
        table.add_row(holiday.name, span, str((last - first).days + 1))
    screen.print(table)
    if done.work:
        screen.print(t("上班：", "Worked: ") + t("  ", ", ").join(map(_day, done.work)))
    for sentence in done.passed_over:
        screen.print(
            t(f"未计入（不是全体放假）：{sentence}", f"Not counted, as it frees not all: {sentence}"), style="dim"
        )
    _moves(done)
    screen.print(Styled(_outcome(done), style="bold"))


def _day(day: date) -> str:
    return f"{day}{t('（', ' (')}{weekday(day)}{t('）', ')')}"


def _moves(touched: NoticeImported) -> None:
    screen = console()
    if touched.moves:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
        for title in (t("案件", "Case"), t("期限", "Deadline"), t("原届满日", "Was due"), t("新届满日", "Now due")):
            table.add_column(title)
        for move in touched.moves[:_MOST]:
            table.add_row(move.case, move.deadline, _day(move.before), _day(move.after))
        screen.print(table)
        rest = len(touched.moves) - _MOST
        if rest > 0:
            screen.print(t(f"另有 {rest} 项，用 --json 查看全部。", f"{rest} more; --json has them all."), style="dim")
    for cases, zh, en in (
        (touched.becomes_overdue, "变为逾期", "Become overdue"),
        (touched.stops_being_overdue, "不再逾期", "Are overdue no longer"),
    ):
        if cases:
            screen.print(Styled(f"{t(zh, en)}{t('：', ': ')}{t('、', ', ').join(cases)}", style="yellow"))
    for failure in touched.failed:
        screen.print(
            Styled(
                t(f"✗ {failure.case} 未能重新计算：", f"✗ {failure.case} could not be counted again: "), style="red"
            ),
            failure.message,
        )


def _outcome(done: NoticeImported) -> str:
    name, used = done.notice, done.counting
    n = len(done.moves)
    cases = len({move.case for move in done.moves})
    moved = t("没有期限变动", "no due date moves")
    if n:
        dates = "1 due date" if n == 1 else f"{n} due dates"
        verb = "moves" if n == 1 else "move"
        moved = t(f"{cases} 件案件的 {n} 项期限变动", f"{dates} of {cases} {'case' if cases == 1 else 'cases'} {verb}")
    if done.certain:
        k = done.certain
        moved += t(
            f"，{k} 项暂定日期成为确定", f", {k} provisional {'date becomes' if k == 1 else 'dates become'} certain"
        )
    if done.already:
        text = t(
            f"通知 {name} 已收录，内容相同，没有重复导入。",
            f"The notice {name} is there already and says the same; nothing was imported.",
        )
        return f"{text}{t('', ' ')}{moved}{t('。', '.')}" if n or done.certain else text
    hint = (
        t(f"现行流程按 {used} 计算，不受影响。", f" The definitions count by {used}, which it does not touch.")
        if not done.touching
        else ""
    )
    if done.dry_run:
        return t(f"试算：{moved}；没有作任何改动。", f"Dry run: {moved}; nothing was changed.") + hint
    return t(f"已导入通知 {name}，已记入日志：{moved}。", f"Imported the notice {name}, and logged it: {moved}.") + hint
