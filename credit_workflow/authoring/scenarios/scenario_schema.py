"""The JSON Schema of files of scenarios, for editors that complete and check them."""

from __future__ import annotations

from typing import Any

import msgspec

from credit_workflow.authoring.scenarios.scenario import ScenarioFile


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a file of scenarios: its form, as the reader checks it.

    What needs the definitions (states, actions, deadlines that exist) is left to ``workflow test``.
    """
    (top,), parts = msgspec.json.schema_components([ScenarioFile], ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "credit_workflow scenarios",
        **top,
        "$defs": parts,
    }
