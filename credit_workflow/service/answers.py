"""The answers of use cases, by the names under which the public API has them."""

from __future__ import annotations

from typing import Any

from credit_workflow.casework.answers.account_answers import Account
from credit_workflow.casework.answers.base import DeadlineKind, DeadlineStatus, Value
from credit_workflow.casework.answers.calendar_answers import CalendarDay, DueDate
from credit_workflow.casework.answers.case_answers import (
    Case,
    Deadline,
    Event,
    FoundMark,
    FoundRecord,
    Ground,
    Remaining,
    SeenMaterial,
    Waiting,
)
from credit_workflow.casework.answers.explanation_answers import (
    ClockStop,
    CountedDay,
    ExplainedExtension,
    Explanation,
    Segment,
)
from credit_workflow.casework.answers.form_answers import Workflow
from credit_workflow.casework.answers.overdue_answers import Overdue
from credit_workflow.casework.answers.record_answers import Imported, Mark, Record
from credit_workflow.casework.answers.sweep_answers import AwaitedDate, FailedCase, SweepReport

__all__ = [
    "Account", "AwaitedDate", "CalendarDay", "Case", "ClockStop", "CountedDay", "Deadline", "DeadlineKind",
    "DeadlineStatus", "DueDate", "Event", "ExplainedExtension", "Explanation", "FailedCase", "FoundMark", "FoundRecord",
    "Ground", "Imported", "Mark", "Overdue", "Record", "Remaining", "SeenMaterial", "Segment", "SweepReport", "Value",
    "Waiting", "Workflow", "as_json",
]  # fmt: skip


def as_json(value: Value) -> dict[str, Any]:
    """Return a value as the command line's JSON has it: dates and instants are texts."""
    return value.document()
