"""Describe what came of saying that the log ran ahead of time."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from credit_workflow.casework.answer import Value
from credit_workflow.casework.cases.ways_back import WayBack

#: What is done about what a false day had brought about: it was taken back at once; it has come true since; or
#: what people can do.
Remedy = Literal["taken_back", "came_true", WayBack]
#: What came of it.
Kind = Literal["ended", "moved", "suspended", "lapsed", "overdue"]


class BroughtAbout(Value, frozen=True, kw_only=True):
    """What the system recorded of a case as of a day that was false, or not certain: ``effective``.

    ``kind`` is what came of it: a case ended or moved on, an account was suspended, a right lapsed, a duty was found
    overdue. ``command`` is what is given for the remedy, None where there is nothing to give.
    """

    case: str
    workflow: str
    account: str | None
    action: str
    title: str
    deadline: str | None
    effective: date
    kind: Kind
    remedy: Remedy
    command: str | None


class ClockPutRight(Value, frozen=True, kw_only=True):
    """That a log which ran ahead was put right, or that the first of two persons has asked for it.

    ``true`` is the machine's instant, ``newest`` that of the log until now, ``ahead`` by how many minutes it was
    later. ``asked_by`` and ``agreed_by`` are the two accounts, ``agreed_by`` None as long as the second has yet to
    agree; ``by`` are the roles of whom one is wanted. Once both have: from ``false_from`` on the days were false or
    uncertain, ``entries`` is how many bear instants that are not true, ``steps`` how many of these are people's steps
    in cases, and ``found`` what the system had brought about as of such days.
    """

    corrected: bool
    true: datetime
    newest: datetime
    ahead: int
    asked_by: str
    agreed_by: str | None
    by: tuple[str, ...]
    false_from: date | None = None
    entries: int = 0
    steps: int = 0
    found: tuple[BroughtAbout, ...] = ()


class ClockCorrected(Value, frozen=True, kw_only=True):
    """A correction in the log: ``entries`` before it bear false instants, from its own, ``true``, up to ``newest``.

    ``asked_by`` and ``agreed_by`` said so, each with a reason.
    """

    entries: int
    true: datetime
    newest: datetime
    false_from: date
    asked_by: str
    agreed_by: str
    reasons: tuple[str, str]
