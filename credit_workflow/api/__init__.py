"""The Python API: for those who embed the engine in a program of their own.

Start with `open_database` or `create_training`; see ``docs/api.md``. What stands in ``__all__``
is public and stays; everything else of the package may change at any time.
"""

from credit_workflow.api.calendars import Calendar, due_date, working_calendar
from credit_workflow.api.desk import Desk
from credit_workflow.api.faults import error_document, grounds_of
from credit_workflow.api.office import Office, create_production, create_training, open_database
from credit_workflow.api.values import (
    Account,
    AwaitedDate,
    CalendarDay,
    Case,
    CountedDay,
    Deadline,
    DueDate,
    Event,
    ExplainedExtension,
    Explanation,
    FailedCase,
    FoundMark,
    FoundRecord,
    Ground,
    Imported,
    Mark,
    Overdue,
    Record,
    SeenMaterial,
    SweepReport,
    Value,
    Waiting,
    Workflow,
    as_json,
)
from credit_workflow.errors import (
    Conflict,
    CreditWorkflowError,
    DefinitionFault,
    IntegrityFault,
    NotAllowed,
    NotFound,
    PluginFault,
    Refused,
    UsageFault,
)
from credit_workflow.plugin import EffectCall, EffectResult
from credit_workflow.text import Text

__all__ = [
    "Account",
    "AwaitedDate",
    "Calendar",
    "CalendarDay",
    "Case",
    "Conflict",
    "CountedDay",
    "CreditWorkflowError",
    "Deadline",
    "DefinitionFault",
    "Desk",
    "DueDate",
    "EffectCall",
    "EffectResult",
    "Event",
    "ExplainedExtension",
    "Explanation",
    "FailedCase",
    "FoundMark",
    "FoundRecord",
    "Ground",
    "Imported",
    "IntegrityFault",
    "Mark",
    "NotAllowed",
    "NotFound",
    "Office",
    "Overdue",
    "PluginFault",
    "Record",
    "Refused",
    "SeenMaterial",
    "SweepReport",
    "Text",
    "UsageFault",
    "Value",
    "Waiting",
    "Workflow",
    "as_json",
    "create_production",
    "create_training",
    "due_date",
    "error_document",
    "grounds_of",
    "open_database",
    "working_calendar",
]
