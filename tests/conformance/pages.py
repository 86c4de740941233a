"""Write documents of vectors so that changes can be read."""

from __future__ import annotations

import json
from typing import Any


def written(document: dict[str, Any]) -> str:
    """A document as it stands in its file: a line a vector, or a step, so that changes can be read."""
    head = {name: value for name, value in document.items() if name != "vectors"}
    lines = [f"  {_json(name)}: {_json(value)}," for name, value in head.items() if name != "records"]
    if "records" in head:
        lines += ['  "records": [', ",\n".join(f"    {_json(row)}" for row in head["records"]), "  ],"]
    vectors = ",\n".join(_vector(vector) for vector in document["vectors"])
    return "\n".join(["{", *lines, '  "vectors": [', vectors, "  ]", "}"]) + "\n"


def _vector(vector: dict[str, Any]) -> str:
    listed = {name: value for name, value in vector.items() if name in ("steps", "given")}
    if not listed:
        return f"    {_json(vector)}"
    parts = []
    for name, value in vector.items():
        if name in listed and value:
            parts.append(f"      {_json(name)}: [\n" + ",\n".join(f"        {_json(v)}" for v in value) + "\n      ]")
        else:
            parts.append(f"      {_json(name)}: {_json(value)}")
    return "    {\n" + ",\n".join(parts) + "\n    }"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
