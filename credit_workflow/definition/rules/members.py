"""Names of fields, actions and deadlines that expressions read of their own case."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from credit_workflow.definition.model import Workflow


def unknown_members(workflow: Workflow, source: str) -> Iterator[tuple[str, str]]:
    """Return what an expression reads and the workflow does not have: what it is a member of, and its name."""
    known: dict[str, Mapping[str, object]] = {
        "case.fields": workflow.fields,
        "deadlines": workflow.deadlines,
        "done": workflow.actions,
    }
    for prefix, names in known.items():
        for match in re.finditer(rf"(?<![\w.]){re.escape(prefix)}\.([a-z_]\w*)", source):
            if match[1] not in names:
                yield prefix, match[1]
