"""``sweep`` and ``scheduler``: what time alone brings about."""

from __future__ import annotations

import re
import sys
from functools import partial
from typing import Annotated

import typer
from msgspec import UNSET

from credit_workflow.cli.base import Branch, single
from credit_workflow.cli.context import ask, settings
from credit_workflow.cli.error_report import report_of_night
from credit_workflow.cli.language import t
from credit_workflow.cli.options import option
from credit_workflow.cli.output import answered, watched
from credit_workflow.cli.upkeep.notification_commands import put_out_digests, run_notifications
from credit_workflow.errors import UsageFault
from credit_workflow.service.use_cases.upkeep.sweep import BeginNights, Sweep, SweepReport, Swept
from credit_workflow.text import Text

scheduler = Branch("夜间任务。", "The nightly scheduler.")


_Duties = Annotated[
    bool | None,
    option(
        "--duties/--no-duties",
        "是否提出到期的定期职责；未写明的，正式数据库提出，练习数据库不提出",
        "whether to open what recurs; unless said, a production database does and a training database does not",
        envvar="CREDIT_WORKFLOW_DUTIES",
    ),
]


def run_sweep(*, duties: bool | None = None) -> SweepReport:
    """Sweep once as of now, say what was done, and return it.

    Args:
        duties: whether recurring cases are opened; None on a production database only.
    """
    done = watched("办理到期事项", "sweeping", Sweep(duties=duties))
    if not answered(done):
        print(report_text(done))
    sys.stdout.flush()
    return done.report


@single
def sweep(duties: _Duties = None) -> None:
    """Fire all that is due now, once.

    执行一次：标注届满、逾期、结案等到期事项。
    """
    report = run_sweep(duties=duties)
    if report.failed:
        raise typer.Exit(1)


def report_text(swept: Swept) -> str:
    """Return in words what a sweep did."""
    report, titles = swept.report, swept.titles
    done = t("、", ", ").join(f"{titles.get(name, name)} {n}" for name, n in sorted(report.fired.items()))
    lines = [t(f"{report.as_of}：{done or '没有到期事项'}。", f"{report.as_of}: {done or 'nothing was due'}.")]
    since, opened = report.caught_up_from, report.opened
    recounted, waiting = report.recounted, len(report.waiting_for_notice)
    cases = t("、", ", ").join(opened)
    told = (
        (since, f"补做自 {since} 起遗漏的事项。", f"Caught up on what was missed since {since}."),
        (opened, f"提出定期职责 {len(opened)} 项：{cases}。", f"Opened what recurs, {len(opened)} in all: {cases}."),
        (
            recounted,
            f"工作日历已更新，{recounted} 件案件的期限已重新计算。",
            f"The calendar has changed: deadlines of {recounted} cases were counted again.",
        ),
        (
            waiting,
            f"{waiting} 项期限为暂定日期，等待放假通知。",
            f"{waiting} deadlines have provisional dates and wait for the notice.",
        ),
    )
    lines += [t(zh, en) for there, zh, en in told if there]
    if report.unconfirmed is not UNSET:
        last, held = report.unconfirmed.confirmed, report.unconfirmed.waiting
        lines.append(
            t(
                f"⚠ 本机日期 {report.as_of} 比日志证实的最后一日 {last} 晚 7 天以上，可能有误：只记逾期，"
                f"不能撤销的 {held} 项（权利届满、结案、停用账户）等待市信用主管部门或账户管理员在办理时以 --confirm-date 确认日期。",
                f"⚠ This machine's date, {report.as_of}, lies more than 7 days beyond the last one that the log bears out, "
                f"{last}, and may be wrong: only what is overdue was noted, and {held} that can't be undone (rights that "
                "lapse, cases that close, accounts) wait until the authority or an administrator confirms it with --confirm-date.",
            )
        )
    lines += [t(f"✗ {f.case} 未能处理：", f"✗ {f.case} could not be carried on: ") + f.message for f in report.failed]
    return "\n".join(lines)


@scheduler.command("run")
def _run(
    at: Annotated[str, option("--time HH:MM")] = "00:05",
    digest: Annotated[str, option("--digest HH:MM")] = "08:30",
    minutes: Annotated[int, option("--notify MINUTES", min=1)] = 5,
    duties: _Duties = None,
) -> None:
    """Keep running, sweep nightly, and at once for what was missed.

    持续运行，每夜执行一次；启动时先补做遗漏。

    Options:
        at: when to sweep
            每夜执行的时刻
        digest: when the digest goes out (working days)
            每日督办的时刻（工作日）
        minutes: how often notifications are sent
            每隔几分钟发送通知
    """
    night, morning = _time("--time", at), _time("--digest", digest)
    from credit_workflow.scheduler.nightly import Job, run_jobs  # noqa: PLC0415 - APScheduler starts slowly

    zone = ask(BeginNights()).zone  # a database that can't be used is said so at once, not at midnight
    jobs = [
        Job(run=partial(run_sweep, duties=duties), trigger="cron", when=night, at_once=True),
        Job(run=_morning, trigger="cron", when=morning),
        Job(run=_notifications, trigger="interval", when={"minutes": minutes}, at_once=True),
    ]
    run_jobs(jobs, _failed, zone=zone)


def _time(option: str, text: str) -> dict[str, int]:
    match = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", text)
    if match is None:
        message = Text("{o} 应为 00:00 至 23:59", "{o} must be from 00:00 to 23:59").fill(o=option)
        raise UsageFault(message, code="time")
    return {"hour": int(match[1]), "minute": int(match[2])}


def _morning() -> None:
    if put_out_digests():
        run_notifications()


def _notifications() -> None:
    run_notifications(silent=True)


def _failed(fault: Exception) -> None:
    report_of_night(fault, as_json=settings().json)
    sys.stderr.flush()
