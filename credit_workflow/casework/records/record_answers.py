"""Describe credit records as of now, with their marks, and what an import brought."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal

from credit_workflow.casework.answer import Page, Value


class Mark(Value, frozen=True, kw_only=True):
    """A mark in force on a record; ``last_day`` is the last day (inclusive) on which it stands."""

    kind: str
    title: str
    case: str
    reason: str | None
    placed: date
    last_day: date | None


class Record(Value, frozen=True, kw_only=True):
    """A credit record as of now.

    ``subject_name``, ``title``, ``content`` and the reasons of marks are None for an account that may not see
    whose it is and what it says; ``content`` also where the record is suspended or removed, for most.
    ``subject_id`` is masked unless the whole was asked for and allowed.
    """

    record_no: str
    subject_kind: Literal["natural", "legal"]
    subject_id: str
    subject_name: str | None
    provider: str
    open_class: str
    title: str | None
    content: str | None
    valid_from: date
    valid_until: date
    removed: bool
    usable: bool
    marks: tuple[Mark, ...]


WhyHeld = Literal["in_processing", "removed", "corrected", "another_person"]


class HeldRow(Value, frozen=True, kw_only=True):
    """A row of an import that was held back; ``line`` is its number in the file, from 1."""

    line: int
    record_no: str
    why: WhyHeld


class Imported(Value, frozen=True, kw_only=True, omit_defaults=True):
    """How many records an import brought, how many it changed, and the rows that wait for the centre."""

    imported: int
    updated: int
    held: tuple[HeldRow, ...] = ()


class HeldUpdate(Value, frozen=True, kw_only=True):
    """An update that waits for the centre: what the record says ``now``, and would say ``new``, of what differs."""

    record_no: str
    subject_id: str
    why: WhyHeld
    now: Mapping[str, Any]
    new: Mapping[str, Any]


class HeldUpdates(Value, frozen=True, kw_only=True):
    """The updates that wait for the centre, in the order of their coming."""

    held: tuple[HeldUpdate, ...]


class Records(Value, frozen=True, kw_only=True):
    """Records, in the order of their numbers."""

    records: tuple[Record, ...]


class DossierLine(Page, frozen=True, kw_only=True):
    """A line of a record's log, or of the log of look-ups about it; ID numbers in its ``data`` are masked."""

    at: datetime
    actor: str
    role: str
    kind: str
    data: Mapping[str, Any]


class DossierMark(Mark, frozen=True, kw_only=True):
    """A mark that stands or stood: whether it ``suspends`` the record's use, and when it was ``lifted``."""

    suspends: bool
    lifted: date | None


class Dossier(Page, frozen=True, kw_only=True):
    """All that was of a record: every value it had, its marks, and who looked at it."""

    record_no: str
    subject_id: str
    values: tuple[DossierLine, ...]
    marks: tuple[DossierMark, ...]
    look_ups: tuple[DossierLine, ...]
