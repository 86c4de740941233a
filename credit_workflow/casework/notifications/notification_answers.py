"""Describe notifications on their way, and the supervisors' morning digest."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from credit_workflow.casework.answer import Page, Value
from credit_workflow.casework.journal.message_entries import Digest as UnitDigest

NotificationStatus = Literal["pending", "failed", "sent", "given_up"]


class Delivered(Value, frozen=True, kw_only=True):
    """How many notifications were sent, failed (and are tried again), and were given up."""

    sent: int
    failed: int
    given_up: int


class Notification(Page, frozen=True, kw_only=True):
    """A notification in the outbox: of a case's log ``entry``, for a role (``to``) of a ``unit``.

    ``made`` is when it came in, ``finished`` when it went out or was given up; ``error`` is why the
    last attempt failed. Of a case that one may not know ``case``, ``entry``, ``paper`` and ``title`` are None.
    """

    key: str
    case: str | None
    entry: int | None
    to: str
    unit: str | None
    paper: str | None
    title: str | None
    status: NotificationStatus
    attempts: int
    error: str | None
    made: datetime
    next_attempt: datetime | None
    finished: datetime | None


class Notifications(Page, frozen=True, kw_only=True):
    """Notifications, the newest last."""

    notices: tuple[Notification, ...]


class Retried(Value, frozen=True, kw_only=True):
    """A notification that was given up, and is to be sent again."""

    key: str
    status: Literal["pending"] = "pending"


class TrialSent(Value, frozen=True, kw_only=True):
    """A test message that a channel has taken, for a role of a unit."""

    to: str
    unit: str | None
    sent: bool = True


class Digest(Value, frozen=True, kw_only=True):
    """The morning of every unit with something to say."""

    day: date
    units: tuple[UnitDigest, ...]


class PutOut(Value, frozen=True, kw_only=True):
    """How many units' digests went into the outbox: none on a day off, or where the day's were there."""

    digests: int
