"""Draw a notice that was read: its year, its days, and what it moves."""

from __future__ import annotations

from datetime import date

from rich.text import Text as Styled

from credit_workflow.cli.language import counted, t
from credit_workflow.cli.output import console
from credit_workflow.cli.screens.calendar_screen import render_year
from credit_workflow.cli.screens.explanation_screen import weekday
from credit_workflow.cli.screens.layout import table, write
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
    holidays = table("假期|放假|天数", "Holiday|Off|Days", fold=False)
    for holiday in done.holidays:
        first, last = holiday.first, holiday.last
        span = _day(first) if first == last else f"{_day(first)} – {_day(last)}"
        holidays.add_row(holiday.name, span, str((last - first).days + 1))
    screen.print(holidays)
    if done.work:
        screen.print(t("上班：", "Worked: ") + t("  ", ", ").join(map(_day, done.work)))
    for sentence in done.passed_over:
        write(f"未计入（不是全体放假）：{sentence}", f"Not counted, as it frees not all: {sentence}", "dim")
    _moves(done)
    screen.print(Styled(_outcome(done), style="bold"))


def _day(day: date) -> str:
    return f"{day}{t('（', ' (')}{weekday(day)}{t('）', ')')}"


def _moves(touched: NoticeImported) -> None:
    screen = console()
    if touched.ended:
        write(
            "以下权利或期限已按原来的日期届满，与应届满之日不同，须逐件核对：",
            "These had ended by a day that moves, and must be looked at one by one:",
            "bold red",
        )
        endings = (
            (
                one.case,
                one.title,
                _day(one.before),
                _day(one.after),
                t("过早", "too early") if one.too_early else "",
            )
            for one in touched.ended[:_MOST]
        )
        screen.print(table("案件|期限|已于|应于|", "Case|Deadline|Ended|Should have ended|", endings, fold=False))
        _rest(len(touched.ended))
        _ways_back(touched)
    if touched.moves:
        rows = ((one.case, one.deadline, _day(one.before), _day(one.after)) for one in touched.moves[:_MOST])
        screen.print(table("案件|期限|原届满日|新届满日", "Case|Deadline|Was due|Now due", rows, fold=False))
        _rest(len(touched.moves))
    for cases, zh, en in (
        (touched.becomes_overdue, "变为逾期", "Become overdue"),
        (touched.stops_being_overdue, "不再逾期", "Are overdue no longer"),
    ):
        if cases:
            screen.print(Styled(f"{t(zh, en)}{t('：', ': ')}{t('、', ', ').join(cases)}", style="yellow"))
    for failure in touched.failed:
        said = t(f"✗ {failure.case} 未能重新计算：", f"✗ {failure.case} could not be counted again: ")
        screen.print(Styled(said, style="red"), failure.message)


def _ways_back(touched: NoticeImported) -> None:
    """Offer to reopen what had ended too early."""
    offered = [one for one in touched.ended if one.command is not None]
    if offered:
        write(
            "过早届满的，可用下列命令恢复办理：以原日期申请更正其前一步骤，经另一人批准后，此后各步按新的日历重新计算：",
            "What ended too early is reopened by these: they ask that the step before be put right by the day that it"
            " has, and once somebody else has granted that, what followed is decided again by the new calendar:",
        )
        for one in offered[:_MOST]:
            print(f"  {one.command}")
        _rest(len(offered))
    for one in touched.ended:
        if one.remedy == "none":
            write(
                f"{one.case}：没有可恢复的步骤，请查看该案件",
                f"{one.case}: no step leads back; look at the case",
                "yellow",
            )


def _rest(count: int) -> None:
    if count > _MOST:
        write(f"另有 {count - _MOST} 项，用 --json 查看全部。", f"{count - _MOST} more; --json has them all.", "dim")


def _outcome(done: NoticeImported) -> str:
    name, used = done.notice, done.counting
    n = len(done.moves)
    cases = len({move.case for move in done.moves})
    moved = t("没有期限变动", "no due date moves")
    if n:
        verb = "moves" if n == 1 else "move"
        en = f"{counted(n, 'due date')} of {counted(cases, 'case')} {verb}"
        moved = t(f"{cases} 件案件的 {n} 项期限变动", en)
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
