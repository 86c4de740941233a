"""``clock``: a log that ran ahead of time is put right by two persons."""

from __future__ import annotations

from typing import Annotated

from credit_workflow.cli.base import Branch
from credit_workflow.cli.context import ask
from credit_workflow.cli.language import say, t
from credit_workflow.cli.options import option
from credit_workflow.cli.output import line, show
from credit_workflow.service.use_cases.upkeep.clocks import BroughtAbout, ClockPutRight, ConfirmClock
from credit_workflow.text import Text

clock = Branch("时钟有误时的更正。", "What is done about a clock that was wrong.")

_KINDS = {
    "ended": Text("案件已结", "the case was closed"),
    "moved": Text("案件状态已变", "the case moved on"),
    "suspended": Text("账户已停用", "the account was suspended"),
    "lapsed": Text("权利已届满", "the right lapsed"),
    "overdue": Text("已记逾期", "found overdue"),
}
_REMEDIES = {
    "taken_back": Text("已撤回，期限照常进行", "taken back: the deadline runs on"),
    "came_true": Text("现在确已逾期，不再变动", "overdue by now in fact: it stays"),
    "rectify": Text(
        "以原日期申请更正其前一步骤，批准后重新计算；在真实期限内提出的申请，也可用 --filed-on 补录",
        "ask that the step before be put right by the day that it has; once granted, what followed is decided again."
        " What was filed in time can also be typed in with --filed-on",
    ),
    "step": Text("可办理", "to be undone by"),
    "none": Text("请查看该案件", "look at the case"),
}


@clock.command("confirm")
def _confirm(
    reason: Annotated[str, option("--reason TEXT", "时钟有误的原因", "how the clock came to be wrong")] = "",
) -> None:
    """Put a log right that ran ahead of time: one person asks, a second one agrees by the same command (admin and authority).

    更正跑快的日志时间：一人提出，另一人以同一命令确认（账户管理员、市信用主管部门各一名）。
    """
    show(ask(ConfirmClock(reason=reason)), _draw)


def _draw(done: ClockPutRight) -> None:
    true, newest = f"{done.true:%Y-%m-%d %H:%M}", f"{done.newest:%Y-%m-%d %H:%M}"
    if not done.corrected:
        line(
            f"已提出更正：时钟现为 {true}，日志最新的记录为 {newest}，快 {done.ahead} 分钟。\n"
            "请先核对时钟；须由另一人（账户管理员、市信用主管部门各一名）以同一命令 clock confirm 确认，此前日志时间不变。",
            f"Asked for: the clock says {true}, the newest entry of the log {newest}, {done.ahead} minutes ahead.\n"
            "Check the clock. A second person (an administrator and somebody of the authority, one each) has to agree"
            " by the same command, clock confirm; until then the log's time stays.",
        )
        return
    line(
        f"日志时间已更正：此后的记录使用真实时间，自 {true} 起（{done.asked_by} 提出，{done.agreed_by} 确认）。"
        f"此前有 {done.entries} 条记录的时间有误，最晚为 {newest}，其中 {done.steps} 条是人员办理的步骤；"
        "它们原样保留，先后以序号为准。请重新登录。",
        f"The log was put right: from now on entries carry true instants, from {true} (asked by {done.asked_by}, agreed"
        f" by {done.agreed_by}). {done.entries} entries before that bear false ones, the latest {newest}, {done.steps}"
        " of them steps that people took; they stay as they are, and their order is their sequence. Sign in again.",
    )
    if not done.found:
        line(
            f"系统没有因 {done.false_from} 以后的日期办结、届满或停用任何事项。",
            f"By days from {done.false_from} on the system had closed, ended and suspended nothing.",
        )
        return
    line(
        f"系统曾按 {done.false_from} 以后的日期记录下列 {len(done.found)} 项，请逐项核对：",
        f"By days from {done.false_from} on the system had recorded these {len(done.found)}; look at each:",
    )
    for one in done.found:
        print(f"  {_told(one)}")


def _told(one: BroughtAbout) -> str:
    what = f"{one.case}{'' if one.account is None else f' {one.account}'}  {one.effective}  {one.title}"
    told = f"{what}{t('：', ': ')}{say(_KINDS[one.kind])}{t('；', '; ')}{say(_REMEDIES[one.remedy])}"
    return told if one.command is None else f"{told}\n      {one.command}"
