"""Say who acts, when and under which rules; kept apart so that whoever only looks loads no action."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.definition.library import Definition
from credit_workflow.engine.values import Actor
from credit_workflow.engine.world import Form, Moment

__all__ = ["Acting", "Form", "NewCase"]


class Acting(Struct, frozen=True, kw_only=True):
    """Who acts, when, and under which rules.

    Args:
        definitions: those in force for new cases, by workflow.
        calendar: counts the deadlines.
        actor: who acts.
        moment: when.
    """

    definitions: Mapping[str, Definition]
    calendar: WorkCalendar
    actor: Actor
    moment: Moment


class NewCase(Struct, frozen=True, kw_only=True):
    """What a new case is about, and for whom.

    Args:
        workflow: the definition's name.
        record: the number of the record that it is about.
        parent: the number of the case that it belongs to.
        subject: the applicant's ID number or code; the record's or the parent's subject unless given.
        account: the account that it is about, where the workflow is about accounts.
    """

    workflow: str
    record: str | None = None
    parent: str | None = None
    subject: str | None = None
    account: str | None = None
