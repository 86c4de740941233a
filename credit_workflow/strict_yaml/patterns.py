"""Hold texts read from files to a given form.

msgspec compiles the patterns of its own ``Meta`` into the types that it keeps, and with them the
interpreter can crash at its end (seen with 0.20 to 0.22, at about one end in four; msgspec issue
717). So patterns stand in the JSON Schema alone, and `credit_workflow.strict_yaml.decoding` checks them.
"""

from __future__ import annotations

from msgspec import Meta


def form(pattern: str, description: str | None = None) -> Meta:
    """Return the annotation of a text that must match a pattern (anchored by the pattern itself)."""
    return Meta(description=description, extra_json_schema={"pattern": pattern})
