"""Name the answers of use cases as the public API has them."""

from __future__ import annotations

from typing import Any

from credit_workflow.casework.accounts.account_answers import Account
from credit_workflow.casework.answer import DeadlineKind, DeadlineStatus, Value
from credit_workflow.casework.cases.case_answers import (
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
from credit_workflow.casework.cases.failures import FailedCase
from credit_workflow.casework.cases.overdue_answers import Overdue
from credit_workflow.casework.explanation.explanation_answers import (
    ClockStop,
    CountedDay,
    ExplainedExtension,
    Explanation,
    Segment,
)
from credit_workflow.casework.holidays.calendar_answers import CalendarDay, DueDate
from credit_workflow.casework.records.record_answers import Imported, Mark, Record
from credit_workflow.casework.rulebook.form_answers import Workflow
from credit_workflow.casework.sweep.sweep_answers import AwaitedDate, SweepReport

__all__ = [
    "Account", "AwaitedDate", "CalendarDay", "Case", "ClockStop", "CountedDay", "Deadline", "DeadlineKind",
    "DeadlineStatus", "DueDate", "Event", "ExplainedExtension", "Explanation", "FailedCase", "FoundMark", "FoundRecord",
    "Ground", "Imported", "Mark", "Overdue", "Record", "Remaining", "SeenMaterial", "Segment", "SweepReport", "Value",
    "Waiting", "Workflow", "as_json",
]  # fmt: skip


def as_json(value: Value) -> dict[str, Any]:
    """Return a value as the command line's JSON has it: dates and instants are texts."""
    return value.document()
