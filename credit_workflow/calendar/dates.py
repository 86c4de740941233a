"""Read and write days as people and programs do."""

from __future__ import annotations

from datetime import date
from typing import Any


def read_date(value: Any) -> date | None:
    """Return the day written as ``2026-03-02``, or None where it is none."""
    if isinstance(value, str) and len(value) == len("2026-03-02"):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return None
