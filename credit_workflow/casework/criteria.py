"""Describe what is asked of the store, and what it answers where that is no value of the engine's."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from credit_workflow.casework.journal.entry import ALWAYS, Span


class CaseQuery(Struct, frozen=True, kw_only=True):
    """Which cases; what is None or false does not narrow.

    ``units`` are the names of one unit. ``person`` is a subject's ``key``; ``begins`` how the number begins, ``part``
    what stands in it, in small or capital letters; ``since`` and ``before`` are days of filing, of which ``before`` is
    exclusive; ``after`` is a case, by its day of filing and its number, that those wanted come after; ``newest`` is how
    many at most, those filed last, ``oldest`` those filed first. A case has an entry by the account ``acted``,
    recorded ``during`` a span, where these narrow.
    """

    workflow: str | None = None
    units: tuple[str, ...] | None = None
    state: str | None = None
    record: str | None = None
    person: str | None = None
    begins: str | None = None
    part: str | None = None
    open_only: bool = False
    top_only: bool = False
    no_accounts: bool = False
    since: date | None = None
    before: date | None = None
    after: tuple[date, str] | None = None
    newest: int | None = None
    oldest: int | None = None
    acted: str | None = None
    during: Span = ALWAYS


class OverdueDuty(Struct, frozen=True, kw_only=True, gc=False):
    """A running duty past its last day, ``due``, with its case as it is stored."""

    case: str
    workflow: str
    definition: str
    state: str
    unit: str | None
    waits_for: tuple[str, ...]
    deadline: str
    kind: str
    owed_by: str | None
    due: date
    provisional: bool


class AccountLine(Struct, frozen=True, kw_only=True):
    """An account that there is or was, with the case of its life."""

    account: str
    unit: str
    roles: tuple[str, ...]
    status: str
    case: str | None
