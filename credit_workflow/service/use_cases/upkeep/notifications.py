"""Send notifications, list them, and show the supervisors' morning digest."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from credit_workflow.casework.answer import like
from credit_workflow.casework.journal.message_entries import DueLine
from credit_workflow.casework.notifications import delivery, morning_digest
from credit_workflow.casework.notifications.messages import DIGEST, Message
from credit_workflow.casework.notifications.notification_answers import (
    Delivered,
    Digest,
    Notification,
    Notifications,
    NotificationStatus,
    PutOut,
    Retried,
    TrialSent,
)
from credit_workflow.service.use_case import Request
from credit_workflow.service.work import Work
from credit_workflow.text import Lang, Text

if TYPE_CHECKING:
    from credit_workflow.casework.ports import KeptNotification


class SendNotifications(Request[Delivered], frozen=True, kw_only=True):
    """Send what is to be sent now, each notification once; what fails is tried again later.

    Args:
        channels: the file of channels on the machine with the database; without one all goes into files.
    """

    channels: Path | None = None


class ListNotifications(Request[Notifications], frozen=True, kw_only=True):
    """List notifications and what became of them.

    Args:
        status: those of this status only.
        case: those of this case only.
    """

    status: NotificationStatus | None = None
    case: str | None = None


class RetryNotification(Request[Retried], frozen=True, kw_only=True):
    """Have a notification that was given up sent again.

    Args:
        key: its key, or the beginning of it.
    """

    key: str


class TryChannel(Request[TrialSent], frozen=True, kw_only=True):
    """Send a test message.

    Args:
        role: to whom.
        unit: of which unit.
        channels: as for `SendNotifications`.
    """

    role: str
    unit: str | None = None
    channels: Path | None = None


class ShowDigest(Request[Digest], frozen=True, kw_only=True):
    """Show what is overdue, and due within three working days, by unit."""


class PutOutDigests(Request[PutOut], frozen=True, kw_only=True):
    """Put the day's digests into the outbox, once."""


def send_notifications(work: Work, request: SendNotifications) -> Delivered:
    """Send what is to be sent now.

    Raises:
        NotFound, UsageFault: there is no such file of channels, or it has a mistake.
        Conflict: the database stayed busy.
    """
    channel, policy = _channel(work, request.channels)
    done = delivery.deliver(work.office.database, work.calendar, work.moment, channel, policy, work.progress)
    work.nothing_changed = not (done.sent or done.failed or done.given_up)
    return done


def list_notifications(work: Work, request: ListNotifications) -> Notifications:
    """List notifications; of cases that one may not know how they are delivered alone, and that to whoever sees it."""
    found = (one for one in work.db.outbox.everything() if request.status in (None, one.status))
    shown = (_shown(one, work.lang, known=_knows(work, one)) for one in found if _seen(work, one))
    return Notifications(notices=tuple(one for one in shown if request.case in (None, one.case)))


def _knows(work: Work, notification: KeptNotification) -> bool:
    """Whether it may be known which case a notification is of."""
    return notification.case == DIGEST or work.sight.knows(notification.case)


def _seen(work: Work, notification: KeptNotification) -> bool:
    return work.may("see_deliveries") or _knows(work, notification)


def _shown(notification: KeptNotification, lang: Lang, *, known: bool) -> Notification:
    title = Text(notification.title_zh, notification.title_en).to(lang)
    shown = like(Notification, notification, entry=notification.seq, title=title)
    return shown if known else replace(shown, case=None, entry=None, paper=None, title=None)


def retry_notification(work: Work, request: RetryNotification) -> Retried:
    """Have a notification that was given up sent again.

    Raises:
        NotFound: there is no such notification, or several begin so; or nothing is seen of it.
        Refused: it has not been given up.
    """
    seen = [one for one in work.db.outbox.everything() if _seen(work, one)]
    return Retried(key=delivery.retry(work.writing, work.acting, seen, request.key).key)


def try_channel(work: Work, request: TryChannel) -> TrialSent:
    """Send a test message.

    Raises:
        NotFound, UsageFault: there is no such file of channels, or it has a mistake.
        Undelivered: the channel did not take it.
    """
    channel, _ = _channel(work, request.channels)
    body = "这是一条试验消息。\nThis is a test.\n"
    subject = "【试验】credit-workflow"
    channel.send(Message(key="test" * 16, to=request.role, unit=request.unit, subject=subject, body=body))
    return TrialSent(to=request.role, unit=request.unit)


def show_digest(work: Work, request: ShowDigest) -> Digest:  # noqa: ARG001 - nothing is asked
    """Show what is overdue and due soon."""
    day = work.moment.effective

    def seen(lines: tuple[DueLine, ...], unit: str | None) -> tuple[DueLine, ...]:
        return tuple(one for one in lines if work.sight.plainly(one.workflow, unit) or work.sight.knows(one.case))

    found = morning_digest.digests(work.db, work.calendar, day).values()
    units = (replace(one, overdue=seen(one.overdue, one.unit), soon=seen(one.soon, one.unit)) for one in found)
    return Digest(day=day, units=tuple(one for one in units if one.overdue or one.soon))


def put_out_digests(work: Work, request: PutOutDigests) -> PutOut:  # noqa: ARG001 - nothing is asked
    """Put the day's digests into the outbox: none on a day off, or where they are there already."""
    digests = morning_digest.put_out(work.writing, work.calendar, work.moment)
    work.nothing_changed = not digests
    return PutOut(digests=digests)


def _channel(work: Work, file: Path | None) -> tuple[delivery.Channel, delivery.Policy]:
    """Return what carries notifications, and how often it is tried."""
    from credit_workflow.channels.config import load_config  # noqa: PLC0415 - few use cases need it
    from credit_workflow.channels.services import Services  # noqa: PLC0415
    from credit_workflow.channels.spool import Spool  # noqa: PLC0415

    config = load_config(file)
    folder = Path(config.spool) if config.spool else work.office.database.beside("notices")
    return Services(config.recipients, Spool(folder)), config.retry
