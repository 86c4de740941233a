"""Describe a finding: where it is, what is wrong, and what to do about it."""

from __future__ import annotations

from typing import NamedTuple

from credit_workflow.text import Text

Path = tuple[str | int, ...]


class Finding(NamedTuple):
    """Something in a definition that loads, and yet can't be meant so, or has to be looked at.

    Args:
        workflow: the definition's name.
        code: what kind of finding it is, as the table in ``docs/definitions.md`` has it.
        key: where it stands.
        message: what was found.
        advice: what to do.
    """

    workflow: str
    code: str
    key: Path
    message: Text
    advice: Text
