"""The commands of a workflow where the database decides: those of every version that a running case may have."""

from __future__ import annotations

import msgspec

from credit_workflow.casework.rulebook.publications import ledger_of
from credit_workflow.cli.context import settings
from credit_workflow.definition.model import Workflow
from credit_workflow.errors import CreditWorkflowError


def widened(workflow: Workflow) -> Workflow:
    """Return a definition with the steps that only its other versions have: their cases need the commands.

    What several versions have is as in the one in force. Where nothing was published, it is that one.
    """
    try:
        with settings().database.reading() as db:
            if not ledger_of(db).decides(workflow.workflow):
                return workflow
            others = [rules.workflow for rules in db.rules.values() if rules.id == workflow.workflow]
    except CreditWorkflowError:
        return workflow
    wide = workflow
    for other in sorted(others, key=lambda one: one.version, reverse=True):
        steps = {name: action for name, action in other.actions.items() if not action.opens}
        wide = msgspec.structs.replace(
            wide,
            actions={**steps, **wide.actions},
            fields={**other.fields, **wide.fields},
            materials={**other.materials, **wide.materials},
            roles={**other.roles, **wide.roles},
        )
    return wide
