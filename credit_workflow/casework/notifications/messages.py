"""Word a notification from the log, in Chinese and English, without anybody's number or reason."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from credit_workflow.casework.clock import local
from credit_workflow.casework.journal.message_entries import Digest
from credit_workflow.casework.ports import KeptNotification, Reading
from credit_workflow.casework.statistics.titles import Titles
from credit_workflow.engine.values import Case, Entry
from credit_workflow.errors import IntegrityFault
from credit_workflow.text import Text

#: What stands for a case where a notification is of no case.
DIGEST = "digest"


class Message(Struct, frozen=True, kw_only=True):
    """A message for somebody: a role in a unit; ``key`` is the same however often it is sent."""

    key: str
    to: str
    unit: str | None
    subject: str
    body: str


def message_of(db: Reading, notification: KeptNotification, zone: str) -> Message:
    """Return what a notification says.

    Args:
        db: the database, open.
        notification: the notification.
        zone: the zone of the days in it.

    Raises:
        IntegrityFault: the entry that made the notification is not there.
    """
    if notification.case == DIGEST:
        subject, lines = _digest(db, notification)
    else:
        subject, lines = _of_case(db, notification, zone)
    lines += ["", f"通知编号 Notification: {notification.key[:16]}"]
    return Message(
        key=notification.key, to=notification.to, unit=notification.unit, subject=subject, body="\n".join(lines) + "\n"
    )


def _of_case(db: Reading, notification: KeptNotification, zone: str) -> tuple[str, list[str]]:
    entry = db.cases.entry(notification.case, notification.seq)
    if entry is None:
        message = Text("{c} 没有第 {n} 条日志", "{c} has no entry {n}").fill(c=notification.case, n=notification.seq)
        raise IntegrityFault(message, code="log_broken")
    case = db.cases.get(notification.case)
    workflow = db.rules[case.definition].workflow
    subject = f"【{notification.title_zh}】{case.number}"
    lines = [
        f"{workflow.title.zh} {case.number}：{notification.title_zh}",
        f"{workflow.title.en} {case.number}: {notification.title_en}",
        "",
        f"日期 Date: {entry.effective.isoformat()}（{_clock(entry, zone)} 记录 recorded）",
        f"步骤 Step: {_step(db, case, entry)}",
        *_deadlines(db, case),
    ]
    return subject, lines


def _clock(entry: Entry, zone: str) -> str:
    at: datetime = local(entry.at, zone)
    return at.strftime("%Y-%m-%d %H:%M")


def _step(db: Reading, case: Case, entry: Entry) -> str:
    titles = Titles(db.rules.values())  # the step may be one of a version that the case had before
    title, state = titles.action(case.workflow, entry.action), titles.state(case.workflow, entry.after)
    return f"{title.zh} → {state.zh} / {title.en} → {state.en}"


def _deadlines(db: Reading, case: Case) -> list[str]:
    workflow = db.rules[case.definition].workflow
    found = []
    for name, deadline in sorted(case.deadlines.items(), key=lambda item: item[1].due):
        if deadline.status == "running":
            title = workflow.deadlines[name].title
            doubt = "（暂定 provisional）" if deadline.provisional else ""
            stopped = deadline.stopped
            due = deadline.due.isoformat() if stopped is None else f"中止 stopped {stopped.isoformat()}"
            found.append(f"期限 Due: {due}{doubt} {title.zh} / {title.en}")
    return found


def _digest(db: Reading, notification: KeptNotification) -> tuple[str, list[str]]:
    line = db.journal.at(Digest, notification.seq)
    if line is None:
        raise IntegrityFault(Text("没有该日摘要", "there is no such digest"), code="log_broken")
    said = line.said
    late, soon = said.overdue, said.soon
    lines = [
        f"逾期 {len(late)} 项，三个工作日内到期 {len(soon)} 项。",
        f"{len(late)} overdue, {len(soon)} due within 3 working days.",
    ]
    parts = (
        ("逾期 Overdue", late),
        ("即将到期 Due soon", soon),
        ("超过内部目标（不属逾期） Past the unit's own targets (no breach)", said.missed),
    )
    for title, part in parts:
        if part:
            lines += ["", f"{title}："]
            lines += [f"  {one.due}  {one.case}  {one.title_zh} / {one.title_en}" for one in part]
    return f"【每日督办】{said.day}", lines
