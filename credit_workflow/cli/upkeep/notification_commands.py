"""``notify`` and ``digest``: notifications on their way, and the supervisors' morning."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from credit_workflow.cli.base import Branch, single
from credit_workflow.cli.context import ask, place_of
from credit_workflow.cli.language import t
from credit_workflow.cli.options import argument, one_of, option
from credit_workflow.cli.output import answered, line, tell_marked, watched
from credit_workflow.service.use_cases.upkeep import notifications
from credit_workflow.text import Text

_CHANNELS = "CREDIT_WORKFLOW_CHANNELS"
_Channels = Annotated[
    Path | None,
    option(
        "--channels FILE",
        "通知渠道文件（YAML），或 CREDIT_WORKFLOW_CHANNELS",
        "the file of channels, or CREDIT_WORKFLOW_CHANNELS",
    ),
]
_STATUSES: dict[notifications.NotificationStatus, tuple[str, str]] = {
    "pending": ("待发送", "pending"),
    "failed": ("未送达，将重试", "failed, to be tried again"),
    "sent": ("已发送", "sent"),
    "given_up": ("已放弃", "given up"),
}


notify = Branch("通知。", "Notifications.")


def run_notifications(channels: Path | None = None, *, silent: bool = False) -> None:
    """Send what is to be sent now, and say what was done; ``silent`` where nothing was."""
    done = watched("发送通知", "sending", notifications.SendNotifications(channels=channels or place_of(_CHANNELS)))
    if silent and done == notifications.Delivered(sent=0, failed=0, given_up=0):
        return
    tell_marked(
        done,
        f"已发送 {done.sent} 条，未送达 {done.failed} 条（将重试），放弃 {done.given_up} 条。",
        f"{done.sent} sent, {done.failed} failed (to be tried again), {done.given_up} given up.",
    )


def put_out_digests() -> int:
    """Put the day's digests into the outbox, once; return how many."""
    return ask(notifications.PutOutDigests()).digests


@notify.command("run")
def _run(channels: _Channels = None) -> None:
    """Send what is to be sent, each notification once; what fails is tried again later.

    发送到时的通知，每条一次；失败的稍后重试。
    """
    run_notifications(channels)


@notify.command("list")
def _list(
    failed: Annotated[bool, option("--failed")] = False,
    status: Annotated[str | None, option("--status S")] = None,
    case: Annotated[str | None, option("--case CASE")] = None,
) -> None:
    """List the notifications and what became of them.

    列出通知及其状态。

    Options:
        failed: only those that were given up
            只列已放弃的
        status: pending | failed | sent | given_up
            pending | failed | sent | given_up
        case: of this case
            只列该案件的
    """
    message = Text("--status 应为 {k} 之一", "--status is one of {k}").fill(k="、".join(_STATUSES))
    chosen = one_of(_STATUSES, status, message, "status")
    found = ask(notifications.ListNotifications(status="given_up" if failed else chosen, case=case))
    if answered(found):
        return
    for one in found.notices:
        print(_line(one))
    line(f"共 {len(found.notices)} 条", f"{len(found.notices)} notifications")


@notify.command("retry")
def _retry(key: Annotated[str, argument("KEY")]) -> None:
    """Have a notification that was given up sent again.

    重新发送已放弃的通知。

    Options:
        key: the notification's key, or its beginning
            通知编号（或其开头）
    """
    found = ask(notifications.RetryNotification(key=key))
    tell_marked(found, f"{found.key[:16]} 将重新发送。", f"{found.key[:16]} will be sent again.")


@notify.command("test")
def _test(
    role: Annotated[str, argument("ROLE")],
    unit: Annotated[str | None, option("--unit U")] = None,
    channels: _Channels = None,
) -> None:
    """Send a test message to a role.

    向某角色发送一条试验消息。

    Options:
        role: the role
            角色
        unit: the unit
            单位
    """
    sent = ask(notifications.TryChannel(role=role, unit=unit, channels=channels or place_of(_CHANNELS)))
    tell_marked(sent, f"已向 {role} 发送试验消息。", f"sent a test message to {role}.")


@single
def digest() -> None:
    """What is overdue, and due within 3 working days, by unit.

    今日督办：逾期与三个工作日内到期的事项，按单位。
    """
    found = ask(notifications.ShowDigest())
    if answered(found):
        return
    for one in sorted(found.units, key=lambda unit: unit.unit or ""):
        name = one.unit or t("未定单位", "no unit")
        late, soon = len(one.overdue), len(one.soon)
        line(f"{name}：逾期 {late} 项，将到期 {soon} 项", f"{name}: {late} overdue, {soon} due soon")
        if one.missed:
            missed = len(one.missed)
            line(f"  超过内部目标 {missed} 项（不属逾期）", f"  {missed} past the unit's own targets (no breach)")
        for sign, part in (("✗", one.overdue), ("!", one.soon), ("◇", one.missed)):
            for duty in part:
                print(f"  {sign} {duty.due}  {duty.case}  {t(duty.title_zh, duty.title_en)}")
    if not found.units:
        line(f"{found.day}：没有逾期或将到期的事项。", f"{found.day}: nothing is overdue or due soon.")


def _line(one: notifications.Notification) -> str:
    error = f"（{one.error}）" if one.error and one.status != "sent" else ""
    what = t("（无权查看的案件）", "(a case not for you to see)") if one.case is None else f"{one.case}  {one.title}"
    return f"{one.key[:16]}  {what} → {one.to}  {t(*_STATUSES[one.status])}{error}"
