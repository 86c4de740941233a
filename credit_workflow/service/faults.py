"""Say for programs what an error is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from credit_workflow.errors import CreditWorkflowError
from credit_workflow.text import Lang, Text

if TYPE_CHECKING:
    from credit_workflow.casework.cases.case_answers import Ground


def grounds_of(error: CreditWorkflowError, lang: Lang = "zh") -> tuple[Ground, ...]:
    """Return every ground of a refusal, in its order; none of an error that has none."""
    from credit_workflow.casework.cases.case_answers import shown_grounds  # noqa: PLC0415 - the command line needs none

    return shown_grounds(error.details.get("grounds", ()), lang)


def error_document(error: CreditWorkflowError, lang: Lang = "zh") -> dict[str, Any]:
    """Return an error as the command line's ``--json`` prints it, under ``error``."""
    text = " ".join(error.message.to(lang).split())
    details = plain(error.details, lang)
    return {"error": {"code": error.code, "message": text, "source": error.source, "details": details}}


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
