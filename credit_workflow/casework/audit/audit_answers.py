"""Describe what the logs say, whether they are whole, and what of them is kept elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from msgspec import UNSET, UnsetType

from credit_workflow.casework.answer import FileAnswer, Page, Value
from credit_workflow.casework.audit.clock_answers import ClockCorrected


class LogWhole(Value, frozen=True, kw_only=True):
    """The log is whole: how many case entries (``events``), cases, records, other entries and seals agree."""

    ok: bool = True
    events: int
    cases: int
    records: int
    journal: int
    seals: int


class LogVerified(LogWhole, frozen=True, kw_only=True):
    """The log is whole, and what was said of its instants.

    ``clock`` is there where it had run ahead and was put right: which entries bear false instants, by whose word.
    """

    clock: tuple[ClockCorrected, ...] | UnsetType = UNSET


class Sealed(Value, frozen=True, kw_only=True):
    """The newest seal: its number, how many entries it adds, their Merkle root, and its own hash.

    ``sealed`` is false where nothing was added to the log since, so that it is no new one.
    """

    seal: int
    sealed: bool
    size: int
    root: str
    hash: str


class SealExport(FileAnswer, frozen=True, kw_only=True, omit_defaults=True):
    """The seals with the public key, to be kept elsewhere; ``key_file`` is where the machine has that key."""

    file: str | None = None
    seals: int
    key_file: str


class AuditEntry(Page, frozen=True, kw_only=True, rename={"before": "from", "after": "to"}):
    """An entry of any log: ``log`` is a case's number or a stream, ``record`` the record it is about.

    ``effective`` and the states ``before`` and ``after`` (``from`` and ``to`` in JSON) are a case's.
    ID numbers in its ``data`` are masked; ``hash`` is its link in the chain.
    """

    log: str
    record: str | None
    seq: int
    at: datetime
    effective: date | UnsetType = UNSET
    actor: str
    role: str
    action: str
    before: str | UnsetType | None = UNSET
    after: str | UnsetType = UNSET
    data: Mapping[str, Any]
    hash: str


class AuditEntries(Page, frozen=True, kw_only=True):
    """Entries in the order of their recording."""

    entries: tuple[AuditEntry, ...]


class CaseProof(FileAnswer, frozen=True, kw_only=True, omit_defaults=True):
    """What proves a case's sealed entries without the database; ``unsealed`` of them are in no seal yet."""

    file: str | None = None
    case: str
    entries: int
    unsealed: int


class ProofChecked(Value, frozen=True, kw_only=True):
    """A proof that holds; ``says`` is what each entry says, None where the personal data was left out."""

    ok: bool = True
    case: str
    entries: int
    unsealed: int
    says: tuple[Mapping[str, Any], ...] | None
