"""What is overdue: apart from the other answers, for it is asked for often and needs little."""

from __future__ import annotations

from datetime import date

from credit_workflow.casework.answers.base import DeadlineKind, Value


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
