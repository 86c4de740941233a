"""What errors and answers hold, as programs read it."""

from __future__ import annotations

from typing import Any

from credit_workflow.text import Lang, Text


def plain(value: Any, lang: Lang) -> Any:
    """Return a value with texts and grounds within it in one language, as JSON can have it."""
    if isinstance(value, Text):
        return value.to(lang)
    if hasattr(value, "as_json"):
        return plain(value.as_json(lang), lang)
    if isinstance(value, dict):
        return {key: plain(part, lang) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(part, lang) for part in value]
    return value
