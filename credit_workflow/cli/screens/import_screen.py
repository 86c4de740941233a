"""A notice that was read, on the screen: its year, its days, and what it moves."""

from __future__ import annotations

from datetime import date

from rich import box
from rich.table import Table
from rich.text import Text as Styled

from credit_workflow.casework.holidays.notice_import import Proposal
from credit_workflow.casework.holidays.recounting import Touched
from credit_workflow.cli.language import say, t
from credit_workflow.cli.output import console
from credit_workflow.cli.screens.calendar_screen import render_year
from credit_workflow.cli.screens.explanation_screen import weekday

#: Moves shown one by one; with --json all are there.
_MOST = 40


def render_import(proposal: Proposal, touched: Touched, *, used: str, dry_run: bool) -> None:
    """Write a notice as a calendar, as days, and what it does to the open deadlines."""
    screen = console()
    notice = proposal.notice
    render_year(notice.year, proposal.shown.year(notice.year))
    screen.print()
    about = "　".join(part for part in (notice.no, notice.issued) if part)
    screen.print(Styled(say(notice.title.text()), style="bold"), Styled(about, style="dim"))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for title in (t("假期", "Holiday"), t("放假", "Off"), t("天数", "Days")):
        table.add_column(title)
    for holiday in notice.off:
        first, last = date.fromisoformat(holiday.first), date.fromisoformat(holiday.last)
        span = _day(holiday.first) if first == last else f"{_day(holiday.first)} – {_day(holiday.last)}"
        table.add_row(say(holiday.name.text()), span, str((last - first).days + 1))
    screen.print(table)
    if notice.work:
        screen.print(t("上班：", "Worked: ") + t("  ", ", ").join(map(_day, notice.work)))
    for sentence in proposal.passed_over:
        screen.print(
            t(f"未计入（不是全体放假）：{sentence}", f"Not counted, as it frees not all: {sentence}"), style="dim"
        )
    _moves(touched)
    screen.print(Styled(_outcome(proposal, touched, used=used, dry_run=dry_run), style="bold"))


def _day(text: str) -> str:
    return f"{text}{t('（', ' (')}{weekday(text)}{t('）', ')')}"


def _moves(touched: Touched) -> None:
    screen = console()
    if touched.moves:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
        for title in (t("案件", "Case"), t("期限", "Deadline"), t("原届满日", "Was due"), t("新届满日", "Now due")):
            table.add_column(title)
        for move in touched.moves[:_MOST]:
            table.add_row(move.case, move.deadline, _day(str(move.before)), _day(str(move.after)))
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
            say(failure.message),
        )


def _outcome(proposal: Proposal, touched: Touched, *, used: str, dry_run: bool) -> str:
    name = proposal.notice.notice
    n = len(touched.moves)
    cases = len({move.case for move in touched.moves})
    moved = t("没有期限变动", "no due date moves")
    if n:
        dates = "1 due date" if n == 1 else f"{n} due dates"
        verb = "moves" if n == 1 else "move"
        moved = t(f"{cases} 件案件的 {n} 项期限变动", f"{dates} of {cases} {'case' if cases == 1 else 'cases'} {verb}")
    if touched.certain:
        k = touched.certain
        moved += t(
            f"，{k} 项暂定日期成为确定", f", {k} provisional {'date becomes' if k == 1 else 'dates become'} certain"
        )
    if proposal.already is not None:
        text = t(
            f"通知 {proposal.already} 已收录，内容相同，没有重复导入。",
            f"The notice {proposal.already} is there already and says the same; nothing was imported.",
        )
        return f"{text}{t('', ' ')}{moved}{t('。', '.')}" if n or touched.certain else text
    unused = proposal.entry.calendar not in proposal.counting.layers
    hint = (
        t(f"现行流程按 {used} 计算，不受影响。", f" The definitions count by {used}, which it does not touch.")
        if unused
        else ""
    )
    if dry_run:
        return t(f"试算：{moved}；没有作任何改动。", f"Dry run: {moved}; nothing was changed.") + hint
    return t(f"已导入通知 {name}，已记入日志：{moved}。", f"Imported the notice {name}, and logged it: {moved}.") + hint
