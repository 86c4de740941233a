"""What the log says of messages: the morning's digest, and what became of each notice that was sent."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import UNSET, Struct, UnsetType

from credit_workflow.casework.journal.entry import Said


class DueLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A deadline in a digest."""

    case: str
    workflow: str
    deadline: str
    title_zh: str
    title_en: str
    kind: str
    owed_by: str | None
    due: date
    provisional: bool


class Digest(Said, frozen=True, kw_only=True):
    """What was overdue and due soon on a morning, for the supervisors of a unit; targets that were missed apart."""

    STREAM = "digest"
    KIND = "digest"

    day: date
    unit: str | None
    overdue: tuple[DueLine, ...]
    soon: tuple[DueLine, ...]
    targets: tuple[DueLine, ...] | UnsetType = UNSET  # unset in entries from before targets stood apart

    @property
    def missed(self) -> tuple[DueLine, ...]:
        """The targets that were missed."""
        return () if self.targets is UNSET else self.targets


class Attempt(Said, frozen=True, kw_only=True, rename={"later": "next"}):
    """What became of an attempt to send a notice, as the entry's kind says; ``later`` is when it is tried again."""

    STREAM = "notice"

    key: str
    case: str
    attempt: int
    later: str | None
    error: str | None

    @property
    def again(self) -> datetime | None:
        """The instant at which it is tried again."""
        return None if self.later is None else datetime.fromisoformat(self.later)
