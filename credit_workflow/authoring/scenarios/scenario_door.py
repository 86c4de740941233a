"""Say what a scenario's steps need of an office; whoever has scenarios played hands it in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from credit_workflow.casework.session import Form, NewCase
from credit_workflow.casework.sweep.sweep_report import SweepReport
from credit_workflow.definition.library import Definition
from credit_workflow.engine.values import Actor
from credit_workflow.engine.world import Moment
from credit_workflow.store.database import Database


class Door(Protocol):
    """What people, and the night, do on a scenario's database."""

    def submit(self, actor: Actor, moment: Moment, new: NewCase, form: Form) -> str:
        """Open a case; return its number.

        Raises:
            CreditWorkflowError: it is refused.
        """

    def act(self, actor: Actor, moment: Moment, case: str, action: str, form: Form) -> None:
        """Take an action in a case.

        Raises:
            CreditWorkflowError: it is refused.
        """

    def sweep(self, moment: Moment, recurring: Iterable[Definition]) -> SweepReport:
        """Sweep the night; what recurs is opened of these definitions."""


#: Opens the door to a scenario's database, under the rules that are played.
Opens = Callable[[Database], Door]
