"""``log``: the look-ups, all of them, in the group of each workflow that looks up."""

from __future__ import annotations

from typing import Annotated

from credit_workflow.cli.base import Commands
from credit_workflow.cli.context import ask
from credit_workflow.cli.drawn import record_screen
from credit_workflow.cli.given_values import word
from credit_workflow.cli.options import FromDay, Purpose, ToDay, option
from credit_workflow.cli.output import show
from credit_workflow.service.use_cases.daily.look_ups import ReadLookUps

commands = Commands()


@commands.command("log")
def _log(
    subject: Annotated[str | None, option("--subject ID")] = None,
    account: Annotated[str | None, option("--account NAME")] = None,
    record: Annotated[str | None, option("--record NO")] = None,
    first: FromDay = None,
    last: ToDay = None,
    unfiled: Annotated[bool, option("--unfiled")] = False,
    full: Annotated[bool, option("--full")] = False,
    purpose: Purpose = "",
) -> None:
    """The log of look-ups: who, about whom, when, why and how far, refused ones too (centre, auditors).

    查询日志：查询主体、对象、日期、用途、范围，被拒绝的也在内（市信用中心、审计员）。

    Options:
        subject: the person looked up
            被查询人证件号
        account: by this account
            经办账户
        record: of this record
            信用记录
        unfiled: looks at the counter alone (purpose counter) that no filing followed the same day
            只列当天没有申请随后提出的窗口查看（用途 counter）
        full: whole ID numbers (needs a purpose)
            显示完整证件号（须说明用途）
    """
    person, why = subject and word(subject), purpose or None
    wanted = ReadLookUps(
        account=account,
        subject=person,
        record=record,
        first=first,
        last=last,
        unfiled=unfiled,
        full=full,
        purpose=why,
    )
    show(ask(wanted), record_screen.render_log)
