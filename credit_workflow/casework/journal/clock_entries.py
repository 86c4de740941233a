"""What the log says of days and clocks: which day was confirmed, and that a log which ran ahead was put right."""

from __future__ import annotations

from datetime import date, datetime

from credit_workflow.casework.journal.entry import Said


class OfClock(Said, frozen=True, kw_only=True):
    """What every entry of the stream says: ``day`` is confirmed from now on.

    Entries of the cases' log up to ``ran_ahead`` (inclusive, by their number there) bear instants that are not true.
    """

    STREAM = "clock"

    day: date
    ran_ahead: int

    @classmethod
    def shape(cls, kind: str, text: str) -> type[Said]:  # noqa: ARG003 - the kind tells
        """Return what a confirmed day, or a correction or the wish for one, says."""
        return {form.KIND: form for form in (CorrectionAsked, CorrectionMade)}.get(kind, DayConfirmed)


class DayConfirmed(OfClock, frozen=True, kw_only=True):
    """Somebody acted on a day that lies close to the one confirmed before, or confirmed one that lies far beyond."""

    KIND = "day"


class CorrectionAsked(OfClock, frozen=True, kw_only=True):
    """Somebody says that the log ran ahead, and why: the true instant, and the newest one of the log."""

    KIND = "asked"

    true: datetime
    newest: datetime
    reason: str


class CorrectionMade(OfClock, frozen=True, kw_only=True):
    """A second person agreed: from here on entries carry true instants, earlier than some before them.

    ``asked_by`` asked for it. ``newest`` is the latest of the instants that are not true: those are of this very
    entry's instant or later and stand before it. ``false_from`` is the first day after the one confirmed before the
    log ran ahead.
    """

    KIND = "corrected"

    newest: datetime
    false_from: date
    asked_by: str
    reason: str
