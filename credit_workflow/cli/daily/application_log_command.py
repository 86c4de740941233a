"""``log``: the applications, all of them, in the group of each workflow that keeps such a log."""

from __future__ import annotations

from typing import Annotated

from credit_workflow.cli.base import Commands
from credit_workflow.cli.context import ask
from credit_workflow.cli.drawn import case_screen
from credit_workflow.cli.given_values import word
from credit_workflow.cli.options import After, FromDay, Limit, Purpose, ToDay, option
from credit_workflow.cli.output import show
from credit_workflow.service.use_cases.daily.applications import ReadApplicationLog

commands = Commands()


@commands.command("log")
def _log(
    subject: Annotated[str | None, option("--subject ID")] = None,
    account: Annotated[str | None, option("--account NAME")] = None,
    record: Annotated[str | None, option("--record NO")] = None,
    first: FromDay = None,
    last: ToDay = None,
    limit: Limit = None,
    after: After = None,
    full: Annotated[bool, option("--full")] = False,
    purpose: Purpose = "",
) -> None:
    """The log of objections, marks and revocations: who, when, why, with which marks (centre, auditors).

    异议处理日志：异议主体、异议日期、异议标注、申请原因（市信用中心、审计员）。

    Options:
        subject: whoever applied
            申请人证件号
        account: on which this account acted
            经办账户
        record: about this record
            信用记录
        full: whole ID numbers (needs a purpose)
            显示完整证件号（须说明用途）
    """
    person, why = subject and word(subject), purpose or None
    wanted = ReadApplicationLog(
        account=account,
        subject=person,
        record=record,
        first=first,
        last=last,
        limit=limit,
        after=after,
        full=full,
        purpose=why,
    )
    show(ask(wanted), case_screen.render_applications)
