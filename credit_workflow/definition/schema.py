"""Make the JSON Schema of definition files, for editors that complete and check them."""

from __future__ import annotations

from typing import Any

import msgspec

from credit_workflow.definition.effect_kinds import Effect
from credit_workflow.definition.model import Workflow


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a definition file.

    It says what the reader says of a file's form. That each effect has exactly one kind is added
    here; what needs a look at the whole file (names that exist, states that can be reached) is
    left to ``workflow check``.
    """
    schema = schema_of(Workflow, "definition")
    kinds = [name for name in Effect.__struct_fields__ if name != "when"]
    given = {"not": {"type": "null"}}
    schema["$defs"]["Effect"]["oneOf"] = [{"required": [kind], "properties": {kind: given}} for kind in kinds]
    return schema


def schema_of(model: type[msgspec.Struct], what: str) -> dict[str, Any]:
    """Return the JSON Schema of what a model describes: its form, as the reader checks it."""
    (top,), parts = msgspec.json.schema_components([model], ref_template="#/$defs/{name}")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"credit_workflow {what}"}
    return {**head, **top, "$defs": parts}
