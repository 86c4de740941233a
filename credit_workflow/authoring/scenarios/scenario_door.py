"""Say what a scenario's steps need of an office; whoever has scenarios played hands it in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.casework.acting import Form, NewCase
from credit_workflow.casework.sweep.sweep_answers import SweepReport
from credit_workflow.definition.library import Definition
from credit_workflow.store.database import Database


class Door(Protocol):
    """What people, and the night, do on a scenario's database; whose account is the system's takes its steps."""

    @property
    def database(self) -> Database:
        """The scenario's database."""

    def submit(self, account: str, at: datetime, new: NewCase, form: Form) -> str:
        """Open a case; return its number.

        Raises:
            CreditWorkflowError: it is refused.
        """

    def act(self, account: str, at: datetime, case: str, action: str, form: Form) -> None:
        """Take an action in a case.

        Raises:
            CreditWorkflowError: it is refused.
        """

    def sweep(self, at: datetime, duties: Iterable[str]) -> SweepReport:
        """Sweep the night; what recurs is opened of these workflows."""


#: Opens the door to a database, given where it and its keys are, which rules are played and what counts the deadlines.
Opens = Callable[[Path, Path, Mapping[str, Definition], WorkCalendar], AbstractContextManager[Door]]
