"""Describe what is overdue; a module of its own, since it is asked for often and needs little."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from credit_workflow.casework.answer import DeadlineKind, Value
from credit_workflow.casework.cases.failures import FailedCase


class Overdue(Value, frozen=True, kw_only=True):
    """A duty past its last day; ``days_over`` are calendar days from ``due``, ``waiting_for`` a role."""

    case: str
    workflow: str
    state: str
    deadline: str
    kind: DeadlineKind
    due: date
    days_over: int
    waiting_for: str | None
    unit: str | None
    provisional: bool


class OverdueDuties(Value, frozen=True, kw_only=True):
    """What is overdue, longest first; ``targets`` apart, where both were asked for.

    ``titles`` are what each duty's state, deadline and the role that it waits for are called, in that
    order, by case and deadline; empty where nobody is to read them. ``failed`` are the cases that can't be
    carried on.
    """

    as_of: date
    overdue: tuple[Overdue, ...]
    targets: tuple[Overdue, ...] | None
    titles: Mapping[tuple[str, str], tuple[str, str, str]]
    failed: tuple[FailedCase, ...] = ()

    def document(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        found: dict[str, Any] = {"as_of": self.as_of.isoformat(), "overdue": msgspec.to_builtins(self.overdue)}
        if self.targets is not None:
            found["targets"] = msgspec.to_builtins(self.targets)
        return {**found, "failed": msgspec.to_builtins(self.failed)} if self.failed else found
