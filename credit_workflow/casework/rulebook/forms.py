"""Say what a definition asks people for, and what its parts are called."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from credit_workflow.casework.answer import like
from credit_workflow.casework.rulebook.form_answers import ActionForm, AskForm, FieldForm, WorkflowForm
from credit_workflow.definition.machine import Machine
from credit_workflow.definition.model import Action, Workflow


def form_of(workflow: Workflow) -> WorkflowForm:
    """Return a workflow as people meet it."""
    sources = Machine(workflow).sources
    accepted = {kind: title.text for m in workflow.materials.values() for kind, title in m.accepts.items()}
    return like(
        WorkflowForm,
        workflow,
        id=workflow.workflow,
        title=workflow.title.text,
        looks_up=None if workflow.look_up is None else "subject" if workflow.look_up.about == "subject" else "other",
        keeps_log=workflow.kept_log is not None,
        roles={name: role.title.text for name, role in workflow.roles.items()},
        states={name: state.title.text for name, state in workflow.states.items()},
        actions={name: _action(action, sources[name]) for name, action in workflow.actions.items()},
        fields={
            name: like(
                FieldForm,
                field,
                title=field.title.text,
                choices={str(key): title.text for key, title in field.choices.items()},
                suggestions=tuple(title.text for title in field.suggestions),
            )
            for name, field in workflow.fields.items()
        },
        materials={**accepted, **{name: material.title.text for name, material in workflow.materials.items()}},
        deadlines={name: rule.title.text for name, rule in workflow.deadlines.items()},
    )


def widened(workflow: Workflow, others: Iterable[Workflow]) -> Workflow:
    """Return a definition with the steps that only its other versions have: their cases need the commands.

    What several versions have is as in the one in force, else as in the newest.
    """
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


def _action(action: Action, states: tuple[str, ...]) -> ActionForm:
    return like(
        ActionForm,
        action,
        title=action.title.text,
        by_people=action.by != ("system",),
        several=action.together is not None,
        states=states,
        asks={
            name: AskForm(
                field=ask.field or name,
                required=ask.required,
                default=ask.default is not None,
                sometimes=ask.when is not None or name in action.instead_of_record,
                vouched=ask.vouched is not None,
            )
            for name, ask in ((name, action.ask(name)) for name in action.asks)
        },
    )
