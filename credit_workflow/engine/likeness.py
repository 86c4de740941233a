"""Tell whether two versions of a record say the same, whatever an import does to their spelling."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from credit_workflow.definition.words.alike import alike
from credit_workflow.engine.values import Record, record_values


def same_revisions(record: Record, revisions: Mapping[int, Mapping[str, Any]]) -> list[int]:
    """Return the revisions in which a record said what it says now, in their order, that of now among them.

    Blanks, the width and case of letters, and the stops of sentences tell nobody apart; all else does.

    Args:
        record: the record as it stands.
        revisions: its values in earlier revisions, as far as they are known.
    """
    now = record_values(record)
    alike = (revision for revision, values in revisions.items() if same_values(now, values))
    return sorted({record.revision, *alike})


def same_values(some: Mapping[str, Any], others: Mapping[str, Any]) -> bool:
    """Return whether of a record all that is said in ``some`` is said in ``others`` too, its spelling aside."""
    return all(alike(value, others.get(name)) for name, value in some.items())
