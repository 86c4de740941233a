"""Send notifications: what the outbox holds, how often each is tried, and who is told.

An action puts its notifications into the outbox in the same transaction. Delivery is tried until it
succeeds or is given up; each attempt is in the log. A notification may go out twice, when a process
dies between sending and recording: its key tells the receiver, and is the same both times.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Literal, Protocol

from msgspec import Struct

from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.casework.acting import Acting
from credit_workflow.casework.journal.drafting import by_actor, by_system
from credit_workflow.casework.journal.message_entries import Attempt
from credit_workflow.casework.notifications.messages import Message, message_of
from credit_workflow.casework.notifications.notification_answers import Delivered
from credit_workflow.casework.ports import KeptNotification, Store, Writing
from credit_workflow.engine.world import Moment
from credit_workflow.errors import CreditWorkflowError, NotFound, Refused
from credit_workflow.text import Text

#: For how long a notification is one runner's alone; a runner that died gives it up after that.
LEASE = timedelta(minutes=10)
_PAGE = 20
Result = Literal["sent", "failed", "given_up"]


class Policy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often and how long delivery is tried ([practice]).

    The first wait is ``first_wait_minutes``; each is twice the one before, at most
    ``longest_wait_minutes``. After ``attempts`` it is given up.
    """

    attempts: int = 10
    first_wait_minutes: int = 2
    longest_wait_minutes: int = 360

    def wait(self, attempts: int) -> timedelta:
        """Return how long to wait after so many attempts that failed."""
        return timedelta(minutes=min(self.first_wait_minutes * 2 ** (attempts - 1), self.longest_wait_minutes))


class Channel(Protocol):
    """What carries a message to somebody."""

    def send(self, message: Message) -> None:
        """Carry one message.

        Raises:
            Undelivered: it could not be carried; it may be tried again.
        """


class Undelivered(CreditWorkflowError):
    """A message that a channel could not carry."""

    default_code = "undelivered"


def deliver(
    store: Store,
    calendar: WorkCalendar,
    moment: Moment,
    channel: Channel,
    policy: Policy,
    progress: Callable[[int, int], None] | None = None,
) -> Delivered:
    """Try to deliver everything in the outbox whose time has come, each notification once.

    Args:
        store: where the outbox is.
        calendar: its zone is that of the days in the messages.
        moment: now; what is to be tried later stays.
        channel: carries the messages.
        policy: how often to try.
        progress: called with the number of notifications done and to do.

    Raises:
        Conflict: the database stayed busy.
    """
    done: Counter[Result] = Counter()
    with store.reading() as db:
        total = db.outbox.count_due(moment.at)
    while True:
        with store.writing() as db:
            claimed = db.outbox.claim(moment.at, moment.at + LEASE, _PAGE)
            messages = [message_of(db, notification, calendar.zone) for notification in claimed]
        if not claimed:
            return Delivered(sent=done["sent"], failed=done["failed"], given_up=done["given_up"])
        for notification, message in zip(claimed, messages, strict=True):
            done[_tried(store, notification, message, moment, channel, policy)] += 1
            if progress is not None:
                progress(done.total(), total)


def _tried(
    store: Store, notification: KeptNotification, message: Message, moment: Moment, channel: Channel, policy: Policy
) -> Result:
    attempts, error = notification.attempts + 1, None
    try:
        channel.send(message)
    except Undelivered as fault:
        error = fault.message.zh
    result: Result = "sent" if error is None else ("failed" if attempts < policy.attempts else "given_up")
    later = moment.at + policy.wait(attempts) if result == "failed" else None
    with store.writing() as db:
        settle(db, notification, moment, result, attempts=attempts, error=error, later=later)
    return result


def settle(
    db: Writing,
    notification: KeptNotification,
    moment: Moment,
    result: Literal["sent", "failed", "given_up", "retried"],
    *,
    attempts: int,
    error: str | None,
    later: datetime | None,
    acting: Acting | None = None,
) -> None:
    """Record what became of an attempt, in the outbox and in the log; the system's doing unless somebody acts."""
    db.outbox.settle(notification.key, result, attempts=attempts, error=error, at=moment.at, later=later)
    again = None if later is None else later.isoformat()
    said = Attempt(key=notification.key, case=notification.case, attempt=attempts, later=again, error=error)
    own = by_system(moment, said, as_kind=result) if acting is None else by_actor(acting, said, as_kind=result)
    db.journal.add(own)


def retry(db: Writing, acting: Acting, among: Iterable[KeptNotification], key: str) -> KeptNotification:
    """Have a notification that was given up tried again, from now on.

    Args:
        db: where the outbox is, open for writing.
        acting: who has it tried again, and when.
        among: the notifications of which it is one.
        key: the notification's key, or its beginning.

    Raises:
        NotFound: there is no such notification, or several begin so.
        Refused: it has not been given up.
    """
    found = [notification for notification in among if notification.key.startswith(key)]
    if len(found) != 1 or not key:
        message = Text(
            "没有编号以 {k} 开头的通知，或不止一条", "no notification, or more than one, has a key that begins {k}"
        )
        raise NotFound(message.fill(k=key or "—"), code="no_notice")
    if found[0].status != "given_up":
        message = Text("该通知没有被放弃，现为 {s}", "the notification was not given up: it is {s}")
        raise Refused(message.fill(s=found[0].status), code="state")
    moment = acting.moment
    settle(db, found[0], moment, "retried", attempts=0, error=None, later=moment.at, acting=acting)
    return found[0]
