"""Find what a definition calls its parts; a name that it does not know stands for itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from credit_workflow.definition.model import Workflow
from credit_workflow.strict_yaml.patterns import Title
from credit_workflow.text import Text, same


class _Titled(Protocol):
    @property
    def title(self) -> Title: ...


def state_title(workflow: Workflow, name: str) -> Text:
    """Return a state's title."""
    return _title(workflow.states, name)


def action_title(workflow: Workflow, name: str) -> Text:
    """Return an action's title."""
    return _title(workflow.actions, name)


def role_title(workflow: Workflow, name: str) -> Text:
    """Return a role's title; another definition may know one that this one only names."""
    return _title(workflow.roles, name)


def deadline_title(workflow: Workflow, name: str) -> Text:
    """Return a deadline's title."""
    return _title(workflow.deadlines, name)


def field_title(workflow: Workflow, name: str) -> Text:
    """Return a field's title."""
    return _title(workflow.fields, name)


def choice_title(workflow: Workflow, field: str, name: str) -> Text:
    """Return the title of one of a field's choices."""
    choices = workflow.fields[field].choices if field in workflow.fields else {}
    return choices[name].text if name in choices else same(name)


def material_title(workflow: Workflow, kind: str) -> Text:
    """Return the title of a kind of material, or of what counts as it."""
    accepted = {other: title.text for rule in workflow.materials.values() for other, title in rule.accepts.items()}
    return _title(workflow.materials, kind) if kind in workflow.materials else accepted.get(kind, same(kind))


def _title(parts: Mapping[str, _Titled], name: str) -> Text:
    return parts[name].title.text if name in parts else same(name)
