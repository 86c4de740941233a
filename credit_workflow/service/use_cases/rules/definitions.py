"""List and show the definitions of workflows, and the form of their files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from credit_workflow.casework.answer import like
from credit_workflow.casework.rulebook.definition_answers import (
    FormSchema,
    ShownAction,
    ShownDeadline,
    ShownDefinition,
    ShownState,
    WorkflowHead,
    Workflows,
)
from credit_workflow.casework.rulebook.in_force import known_workflow
from credit_workflow.definition.words.lengths import length_words
from credit_workflow.definition.words.titles import role_title
from credit_workflow.definition.words.wording import role_words
from credit_workflow.service.use_case import Request
from credit_workflow.service.work import Work
from credit_workflow.text import Lang

if TYPE_CHECKING:
    from credit_workflow.definition.clock_rules import DeadlineRule
    from credit_workflow.definition.library import Definition


class ListDefinitions(Request[Workflows], frozen=True, kw_only=True):
    """List the workflows in force; those of the folder where there is no database."""


class ShowDefinition(Request[ShownDefinition], frozen=True, kw_only=True):
    """Show a workflow in force.

    Args:
        workflow: its name.
    """

    workflow: str


class ShowSchema(Request[FormSchema], frozen=True, kw_only=True):
    """Show the JSON Schema of a kind of file.

    Args:
        scenarios: that of files of scenarios, instead of definitions.
    """

    scenarios: bool = False


def list_definitions(work: Work, request: ListDefinitions) -> Workflows:  # noqa: ARG001 - it asks for nothing more
    """List the workflows in force.

    Raises:
        DefinitionFault, NotFound: the folder's can't be loaded.
    """
    found = (definition.workflow for definition in work.known_definitions.values())
    heads = (like(WorkflowHead, one, id=one.workflow, title=one.title.text.to(work.lang)) for one in found)
    return Workflows(workflows=tuple(heads))


def show_definition(work: Work, request: ShowDefinition) -> ShownDefinition:
    """Show a workflow in force.

    Raises:
        NotFound: there is no such workflow.
    """
    known_workflow(work.known_definitions, request.workflow)
    return _shown(work.known_definitions[request.workflow], work.lang)


def show_schema(work: Work, request: ShowSchema) -> FormSchema:  # noqa: ARG001 - the form is the same in any office
    """Show the JSON Schema of a kind of file."""
    if request.scenarios:
        from credit_workflow.authoring.scenarios.scenario import json_schema  # noqa: PLC0415 - only then
    else:
        from credit_workflow.definition.schema import json_schema  # noqa: PLC0415
    return FormSchema(schema=json_schema())


def _shown(definition: Definition, lang: Lang) -> ShownDefinition:
    workflow = definition.workflow
    return like(
        ShownDefinition,
        workflow,
        id=workflow.workflow,
        digest=definition.digest,
        title=workflow.title.text.to(lang),
        states=tuple(
            like(
                ShownState,
                state,
                id=name,
                title=state.title.text.to(lang),
                waits_for=role_words(workflow, workflow.waited_for(name)).to(lang) or None,
            )
            for name, state in workflow.states.items()
        ),
        actions=tuple(
            like(
                ShownAction,
                action,
                id=name,
                title=action.title.text.to(lang),
                origin=(action.origin,) if isinstance(action.origin, str) else tuple(action.origin or ()),
                by=tuple(role_title(workflow, role).to(lang) for role in action.by),
            )
            for name, action in workflow.actions.items()
        ),
        deadlines=tuple(_deadline(name, rule, lang) for name, rule in workflow.deadlines.items()),
        body=msgspec.to_builtins(workflow),
    )


def _deadline(name: str, rule: DeadlineRule, lang: Lang) -> ShownDeadline:
    lengths = (rule.length, *(other.length for other in rule.other_lengths))
    return like(
        ShownDeadline,
        rule,
        id=name,
        title=rule.title.text.to(lang),
        lengths=tuple(length_words(length).to(lang) for length in lengths),
        shifted=bool(rule.if_day_off),
        starts=tuple(rule.starters),
        after=rule.starts_after,
        ends=tuple(rule.ends),
    )
