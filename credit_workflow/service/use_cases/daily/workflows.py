"""Say what the workflows in force ask for, and what their parts are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from credit_workflow.casework.rulebook.form_answers import RESET, ActionForm, FieldForm, Forms, Names, WorkflowForm
from credit_workflow.casework.rulebook.publications import ledger_of
from credit_workflow.errors import CreditWorkflowError
from credit_workflow.service.use_case import Request
from credit_workflow.service.work import Work

if TYPE_CHECKING:
    from credit_workflow.definition.model import Workflow


class WorkflowNames(Request[Names], frozen=True, kw_only=True):
    """Name the workflows of which cases can be opened; without a database, those of the folder."""


class WorkflowForms(Request[Forms], frozen=True, kw_only=True):
    """Describe workflows as people meet them, with the steps that only other versions have.

    Args:
        workflows: their names; all unless given.
        in_force_alone: leave out the steps that only other versions have.
    """

    workflows: tuple[str, ...] | None = None
    in_force_alone: bool = False


def workflow_names(work: Work, request: WorkflowNames) -> Names:  # noqa: ARG001 - nothing is asked
    """Name the workflows."""
    return Names(names=tuple((name, "") for name in work.known_definitions))


def workflow_forms(work: Work, request: WorkflowForms) -> Forms:
    """Describe workflows; a name that is none's is left out."""
    from credit_workflow.casework.rulebook.forms import form_of, widened  # noqa: PLC0415 - for names no model is built

    found = work.known_definitions
    wanted = found if request.workflows is None else [name for name in request.workflows if name in found]
    others = {} if request.in_force_alone else _other_versions(work)
    return Forms(workflows={name: form_of(widened(found[name].workflow, others.get(name, ()))) for name in wanted})


def _other_versions(work: Work) -> dict[str, list[Workflow]]:
    """Return the versions that running cases may have, of workflows of which one was published."""
    try:
        with work.office.database.reading() as db:
            ledger = ledger_of(db)
            found: dict[str, list[Workflow]] = {}
            for rules in db.rules.values() if ledger.workflows else ():
                if ledger.decides(rules.id):
                    found.setdefault(rules.id, []).append(rules.workflow)
            return found
    except CreditWorkflowError:
        return {}
