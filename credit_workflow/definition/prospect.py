"""Read definitions that are proposed beside those in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from credit_workflow.definition.library import Definition, body_of, from_body
from credit_workflow.definition.reader import read_workflows
from credit_workflow.strict_yaml.handed import Handed


def proposed_definitions(files: Sequence[Handed], in_force: Mapping[str, Definition]) -> dict[str, Definition]:
    """Return the definitions in force with those of some files in their places.

    Args:
        files: those that change, or are new, one a file.
        in_force: the definitions in force, which the others may speak of.

    Raises:
        DefinitionFault: a definition has a mistake.
    """
    sources = read_workflows(files, known={name: definition.workflow for name, definition in in_force.items()})
    return {**in_force, **{name: from_body(body_of(source.value)) for name, source in sources.items()}}
