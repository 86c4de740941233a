"""``notify`` and ``digest``: notices on their way, and the supervisors' morning."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from credit_workflow.cli.base import Command, new_app, single
from credit_workflow.cli.context import ask, settings
from credit_workflow.cli.language import both, t
from credit_workflow.cli.output import answered, progress
from credit_workflow.errors import UsageFault
from credit_workflow.service.use_cases.upkeep.notifications import (
    Delivered,
    ListNotifications,
    Notification,
    NotificationStatus,
    PutOutDigests,
    RetryNotification,
    SendNotifications,
    ShowDigest,
    TryChannel,
)
from credit_workflow.text import Text

_Channels = Annotated[
    Path | None,
    typer.Option(
        "--channels",
        metavar="FILE",
        help=both(
            "通知渠道文件（YAML），或 CREDIT_WORKFLOW_CHANNELS", "the file of channels, or CREDIT_WORKFLOW_CHANNELS"
        ),
    ),
]
_STATUSES: dict[NotificationStatus, tuple[str, str]] = {
    "pending": ("待发送", "pending"),
    "failed": ("未送达，将重试", "failed, to be tried again"),
    "sent": ("已发送", "sent"),
    "given_up": ("已放弃", "given up"),
}


def branches() -> dict[str, typer.Typer]:
    """Return this module's branches of the tree of commands."""
    app = new_app(t("通知。", "Notices."))
    commands = (
        ("run", _run, t("发送到时的通知，每条一次；失败的稍后重试。", "Send what is to be sent, each notice once; what fails is tried again later.")),
        ("list", _list, t("列出通知及其状态。", "List the notices and what became of them.")),
        ("retry", _retry, t("重新发送已放弃的通知。", "Have a notice that was given up sent again.")),
        ("test", _test, t("向某角色发送一条试验消息。", "Send a test message to a role.")),
    )  # fmt: skip
    for name, function, text in commands:
        app.command(name, cls=Command, help=text)(function)
    text = t(
        "今日督办：逾期与三个工作日内到期的事项，按单位。", "What is overdue, and due within 3 working days, by unit."
    )
    return {"notify": app, "digest": single("digest", _digest, text)}


def run_notices(channels: Path | None = None, *, silent: bool = False) -> None:
    """Send what is to be sent now, and say what was done; ``silent`` where nothing was."""
    with progress(t("发送通知", "sending"), quiet=settings().json) as advance:
        done = ask(SendNotifications(channels=_file(channels)), advance)
    if (silent and done == Delivered(sent=0, failed=0, given_up=0)) or answered(done):
        return
    print(
        t(
            f"已发送 {done.sent} 条，未送达 {done.failed} 条（将重试），放弃 {done.given_up} 条。",
            f"{done.sent} sent, {done.failed} failed (to be tried again), {done.given_up} given up.",
        )
    )


def put_out_digests() -> int:
    """Put the day's digests into the outbox, once; return how many."""
    return ask(PutOutDigests()).digests


def _run(channels: _Channels = None) -> None:
    run_notices(channels)


def _list(
    failed: Annotated[bool, typer.Option("--failed", help=t("只列已放弃的", "only those that were given up"))] = False,
    status: Annotated[
        str | None, typer.Option("--status", metavar="S", help="pending | failed | sent | given_up")
    ] = None,
    case: Annotated[str | None, typer.Option("--case", metavar="CASE", help=t("只列该案件的", "of this case"))] = None,
) -> None:
    chosen = next((known for known in _STATUSES if known == status), None)
    if status is not None and chosen is None:
        message = Text("--status 应为 {k} 之一", "--status is one of {k}").fill(k="、".join(_STATUSES))
        raise UsageFault(message, code="status")
    found = ask(ListNotifications(status="given_up" if failed else chosen, case=case))
    if answered(found):
        return
    for one in found.notices:
        print(_line(one))
    print(t(f"共 {len(found.notices)} 条", f"{len(found.notices)} notices"))


def _retry(
    key: Annotated[
        str, typer.Argument(metavar="KEY", help=t("通知编号（或其开头）", "the notice's key, or its beginning"))
    ],
) -> None:
    found = ask(RetryNotification(key=key))
    if answered(found):
        return
    print(t(f"{found.key[:16]} 将重新发送。", f"{found.key[:16]} will be sent again."))


def _test(
    role: Annotated[str, typer.Argument(metavar="ROLE", help=t("角色", "the role"))],
    unit: Annotated[str | None, typer.Option("--unit", metavar="U", help=t("单位", "the unit"))] = None,
    channels: _Channels = None,
) -> None:
    if answered(ask(TryChannel(role=role, unit=unit, channels=_file(channels)))):
        return
    print(t(f"已向 {role} 发送试验消息。", f"sent a test message to {role}."))


def _digest() -> None:
    found = ask(ShowDigest())
    if answered(found):
        return
    for one in sorted(found.units, key=lambda unit: unit.unit or ""):
        name = one.unit or t("未定单位", "no unit")
        print(
            t(
                f"{name}：逾期 {len(one.overdue)} 项，将到期 {len(one.soon)} 项",
                f"{name}: {len(one.overdue)} overdue, {len(one.soon)} due soon",
            )
        )
        for sign, part in (("✗", one.overdue), ("!", one.soon)):
            for line in part:
                print(f"  {sign} {line.due}  {line.case}  {t(line.title_zh, line.title_en)}")
    if not found.units:
        print(t(f"{found.day}：没有逾期或将到期的事项。", f"{found.day}: nothing is overdue or due soon."))


def _file(given: Path | None) -> str | None:
    """Return the file of channels: the one given, else the environment's."""
    return str(given) if given is not None else os.environ.get("CREDIT_WORKFLOW_CHANNELS") or None


def _line(one: Notification) -> str:
    error = f"（{one.error}）" if one.error and one.status != "sent" else ""
    return f"{one.key[:16]}  {one.case}  {one.title} → {one.to}  {t(*_STATUSES[one.status])}{error}"
