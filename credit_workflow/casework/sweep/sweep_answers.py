"""Describe what a sweep did, and by whose clock nights begin."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import UNSET, UnsetType

from credit_workflow.casework.answer import Value
from credit_workflow.casework.cases.failures import FailedCase


class AwaitedDate(Value, frozen=True, kw_only=True):
    """A right that would end by a date which is only provisional: the sweep waits for the notice."""

    case: str
    deadline: str
    due: date


class UnconfirmedDay(Value, frozen=True, kw_only=True):
    """That a sweep's day is more than a week beyond the last ``confirmed`` one; how many deadlines are ``waiting``."""

    confirmed: date
    waiting: int


class SweepReport(Value, frozen=True, kw_only=True):
    """What one sweep did.

    ``fired`` counts the actions taken; ``caught_up_from`` is the first day that had been missed;
    ``recounted`` are deadlines counted again after a notice; ``opened`` recurring cases; ``seal``
    the number of the seal over the log, None where the signing key is kept elsewhere; ``unconfirmed``
    is there where its day was not certain.
    """

    as_of: date
    fired: Mapping[str, int]
    failed: tuple[FailedCase, ...]
    caught_up_from: date | None
    recounted: int
    opened: tuple[str, ...]
    waiting_for_notice: tuple[AwaitedDate, ...]
    seal: int | None
    unconfirmed: UnconfirmedDay | UnsetType = UNSET


class Swept(Value, frozen=True, kw_only=True):
    """What one sweep did, with the ``titles`` of the actions that the system takes by name, which JSON has not."""

    report: SweepReport
    titles: Mapping[str, str]

    def document(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return self.report.document()


class Zone(Value, frozen=True, kw_only=True):
    """The zone by whose clock the nightly jobs run."""

    zone: str
