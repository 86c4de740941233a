"""What the log says of holiday notices."""

from __future__ import annotations

from credit_workflow.casework.journal.entry import Said


class NoticeImported(Said, frozen=True, kw_only=True):
    """A notice of days off was taken in.

    ``calendar`` is the calendar or layer that it belongs to, ``text`` its YAML; ``amends`` and ``replaces`` are
    ids of notices; ``extra_days`` the days that it gives beyond the law.
    """

    STREAM = "calendar"
    KIND = "imported"

    calendar: str
    notice: str
    year: int
    no: str | None
    amends: str | None
    replaces: str | None
    extra_days: int
    text: str
