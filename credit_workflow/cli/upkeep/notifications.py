"""``notify`` and ``digest``: notices on their way, and the supervisors' morning."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from credit_workflow.casework.access.permissions import require
from credit_workflow.casework.notifications import delivery
from credit_workflow.casework.notifications import morning_digest as morning
from credit_workflow.casework.notifications.messages import Message
from credit_workflow.casework.ports import Notice
from credit_workflow.cli.base import Command, new_app, single
from credit_workflow.cli.context import settings
from credit_workflow.cli.language import t
from credit_workflow.cli.output import emit, progress, training_line
from credit_workflow.engine.world import Moment
from credit_workflow.errors import UsageFault
from credit_workflow.text import Text

_Channels = Annotated[
    Path | None,
    typer.Option(
        "--channels",
        metavar="FILE",
        help=t(
            "通知渠道文件（YAML），或 CREDIT_WORKFLOW_CHANNELS", "the file of channels, or CREDIT_WORKFLOW_CHANNELS"
        ),
    ),
]
_STATUSES = {
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


def run_notices(channels: Path | None = None, *, silent: bool = False) -> delivery.Delivered:
    """Send what is to be sent now, say what was done, and return it; ``silent`` where nothing was."""
    chosen = settings()
    with chosen.database.reading() as db:
        moment: Moment = chosen.moment(db)
        training = db.training
    channel, policy = _channel(channels)
    with progress(t("发送通知", "sending"), quiet=chosen.json) as advance:
        done = delivery.deliver(chosen.database, chosen.calendar, moment, channel, policy, advance)
    if silent and done == delivery.Delivered():
        return done
    if chosen.json:
        emit({"sent": done.sent, "failed": done.failed, "given_up": done.given_up})
        return done
    training_line(training=training)
    print(
        t(
            f"已发送 {done.sent} 条，未送达 {done.failed} 条（将重试），放弃 {done.given_up} 条。",
            f"{done.sent} sent, {done.failed} failed (to be tried again), {done.given_up} given up.",
        )
    )
    return done


def put_out_digests() -> int:
    """Put the day's digests into the outbox, once; return how many."""
    chosen = settings()
    with chosen.database.reading() as db:
        moment = chosen.moment(db)
    return morning.put_out(chosen.database, chosen.calendar, moment)


def _run(channels: _Channels = None) -> None:
    run_notices(channels)


def _list(
    failed: Annotated[bool, typer.Option("--failed", help=t("只列已放弃的", "only those that were given up"))] = False,
    status: Annotated[
        str | None, typer.Option("--status", metavar="S", help="pending | failed | sent | given_up")
    ] = None,
    case: Annotated[str | None, typer.Option("--case", metavar="CASE", help=t("只列该案件的", "of this case"))] = None,
) -> None:
    chosen = settings()
    if status is not None and status not in _STATUSES:
        message = Text("--status 应为 {k} 之一", "--status is one of {k}").fill(k="、".join(_STATUSES))
        raise UsageFault(message, code="status")
    with chosen.desk() as (desk, viewer):
        if viewer.actor is not None:
            require(chosen.definitions, viewer.actor, "manage_notices")
        found = delivery.listed(desk.db.notices(), "given_up" if failed else status, case)
        training = desk.db.training
    if chosen.json:
        emit({"notices": [_view(notice) for notice in found]})
        return
    training_line(training=training)
    for notice in found:
        print(_line(notice))
    print(t(f"共 {len(found)} 条", f"{len(found)} notices"))


def _retry(
    key: Annotated[
        str, typer.Argument(metavar="KEY", help=t("通知编号（或其开头）", "the notice's key, or its beginning"))
    ],
) -> None:
    moment = _allowed()
    notice = delivery.retry(settings().database, key, moment)
    _said(
        {"key": notice.key, "status": "pending"},
        t(f"{notice.key[:16]} 将重新发送。", f"{notice.key[:16]} will be sent again."),
    )


def _test(
    role: Annotated[str, typer.Argument(metavar="ROLE", help=t("角色", "the role"))],
    unit: Annotated[str | None, typer.Option("--unit", metavar="U", help=t("单位", "the unit"))] = None,
    channels: _Channels = None,
) -> None:
    _allowed()
    channel, _ = _channel(channels)
    body = "这是一条试验消息。\nThis is a test.\n"
    channel.send(Message(key="test" * 16, to=role, unit=unit, subject="【试验】credit-workflow", body=body))
    _said({"to": role, "unit": unit, "sent": True}, t(f"已向 {role} 发送试验消息。", f"sent a test message to {role}."))


def _digest() -> None:
    chosen = settings()
    with chosen.desk() as (desk, _):
        found = morning.digests(desk.db, chosen.calendar, desk.moment.effective)
        day, training = desk.moment.effective, desk.db.training
    if chosen.json:
        emit({"day": day.isoformat(), "units": list(found.values())})
        return
    training_line(training=training)
    for unit, said in sorted(found.items(), key=lambda item: item[0] or ""):
        late, soon = said["overdue"], said["soon"]
        name = unit or t("未定单位", "no unit")
        print(
            t(
                f"{name}：逾期 {len(late)} 项，将到期 {len(soon)} 项",
                f"{name}: {len(late)} overdue, {len(soon)} due soon",
            )
        )
        for sign, part in (("✗", late), ("!", soon)):
            for one in part:
                print(f"  {sign} {one['due']}  {one['case']}  {t(one['title_zh'], one['title_en'])}")
    if not found:
        print(t(f"{day}：没有逾期或将到期的事项。", f"{day}: nothing is overdue or due soon."))


def _channel(file: Path | None) -> tuple[delivery.Channel, delivery.Policy]:
    from credit_workflow.channels.config import load_config  # noqa: PLC0415 - few commands need it
    from credit_workflow.channels.services import Services  # noqa: PLC0415
    from credit_workflow.channels.spool import Spool  # noqa: PLC0415

    config = load_config(file)
    folder = Path(config.spool) if config.spool else settings().database.beside("notices")
    return Services(config.recipients, Spool(folder)), config.retry


def _allowed() -> Moment:
    chosen = settings()
    with chosen.database.reading() as db:
        actor, moment = chosen.actor(db), chosen.moment(db)
    require(chosen.definitions, actor, "manage_notices")
    return moment


def _view(notice: Notice) -> dict[str, Any]:
    return {
        "key": notice.key,
        "case": notice.case,
        "entry": notice.seq,
        "to": notice.to,
        "unit": notice.unit,
        "paper": notice.paper,
        "title": t(notice.title_zh, notice.title_en),
        "status": notice.status,
        "attempts": notice.attempts,
        "error": notice.error,
        "made": notice.made.isoformat(),
        "next_attempt": notice.next_attempt and notice.next_attempt.isoformat(),
        "finished": notice.finished and notice.finished.isoformat(),
    }


def _line(notice: Notice) -> str:
    error = f"（{notice.error}）" if notice.error and notice.status != "sent" else ""
    title = t(notice.title_zh, notice.title_en)
    return f"{notice.key[:16]}  {notice.case}  {title} → {notice.to}  {t(*_STATUSES[notice.status])}{error}"


def _said(document: dict[str, Any], text: str) -> None:
    if settings().json:
        emit(document)
        return
    print(text)
