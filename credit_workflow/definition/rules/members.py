"""Check the names of fields, actions and deadlines that expressions read of their own case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from credit_workflow.definition.expression_tree import paths_in
from credit_workflow.definition.model import Workflow


def unknown_members(workflow: Workflow, source: str) -> Iterator[tuple[str, str]]:
    """Return what an expression reads and the workflow does not have: what it is a member of, and its name."""
    parts: dict[str, Mapping[str, object]] = {
        "fields": workflow.fields,
        "deadlines": workflow.deadlines,
        "done": workflow.actions,
    }
    for path in paths_in(source):
        match path:
            case ("case", "fields" as part, name, *_) | ("deadlines" | "done" as part, name, *_) if (
                name not in parts[part]
            ):
                yield ".".join(path[: path.index(name)]), name
            case _:
                pass
