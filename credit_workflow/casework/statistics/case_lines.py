"""Describe what the statistics read of a case; kept apart, since every store reads it and few commands count it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from credit_workflow.engine.values import Change, Deadline, Done


class Step(Struct, frozen=True, kw_only=True, gc=False):
    """One entry of a case's log that moved it, was refused, or put another one right.

    ``day`` is the day as of which it holds. ``change`` is what the entry says; it is read only where
    the counting asks for it, since it is encrypted.
    """

    seq: int
    day: date
    action: str
    before: str | None
    after: str
    change: Change | None = None


class CaseLine(Struct, frozen=True, kw_only=True, gc=False):
    """What the statistics read of a case: nothing that says whom it is about."""

    number: str
    workflow: str
    definition: str
    unit: str | None
    opened: date
    final: bool
    fields: Mapping[str, Any] = {}
    done: Mapping[str, Done] = {}
    deadlines: tuple[Deadline, ...] = ()
    steps: tuple[Step, ...] = ()
