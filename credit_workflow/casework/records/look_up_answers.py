"""Describe the log of look-ups (附件1·七(一)): who looked up whom, when, why and how far, with what result."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from credit_workflow.casework.answer import Page


class LookUp(Page, frozen=True, kw_only=True):
    """A look-up, asked for, given, shown, refused or ended.

    ``about`` is the ID number of the person looked up, ``applicant`` that of whoever asked, where
    it was no account; both are masked unless the whole was asked for and allowed. ``outcome`` is
    ``shown``, ``refused``, or the state to which the case came; ``refused`` says why. ``shown`` and
    ``withheld`` are records' numbers; ``case`` is None for a look that was no case. ``cases`` are the numbers of
    the cases that were shown, or refused.
    """

    workflow: str | None
    about: str | None
    applicant: str | None
    purpose: str | None
    scope: list[Any] | str | None
    at: datetime
    account: str
    role: str
    action: str
    outcome: str
    refused: str | None
    shown: tuple[str, ...]
    withheld: tuple[str, ...]
    case: str | None
    seq: int
    cases: tuple[str, ...] = ()


class LookUps(Page, frozen=True, kw_only=True):
    """Look-ups in the order of their recording."""

    look_ups: tuple[LookUp, ...]
