"""Describe the results of keeping an office running: a new database, keys, backups."""

from __future__ import annotations

from typing import Literal

from credit_workflow.casework.answer import Page, Value
from credit_workflow.casework.audit.audit_answers import LogWhole


class Created(Page, frozen=True, kw_only=True):
    """A new database, by the name that people know it by, with the accounts that it has.

    ``accounts`` is empty where nothing was made yet. ``importer`` is an account that may import
    records, None where there is none; JSON has it not.
    """

    ASIDE = ("importer",)

    database: str
    kind: Literal["training", "production"]
    accounts: tuple[str, ...]
    importer: str | None = None


class KeysChanged(Value, frozen=True, kw_only=True):
    """The keys after a change.

    ``master`` is the master key's name, ``data_key`` the number of the data key that encrypts from now on.
    """

    master: str
    data_key: int
    folder: str


class DataKey(Value, frozen=True, kw_only=True):
    """A data key: its number, what it is for, the master key that wraps it, and when it was made.

    It is ``usable`` where that master key is on this machine.
    """

    data_key: int
    purpose: str
    master: str
    made: str
    usable: bool


class Keys(Value, frozen=True, kw_only=True):
    """The keys of a database: the folder, the master keys in it by name, and the data keys, the first one first."""

    folder: str
    masters: tuple[str, ...]
    data_keys: tuple[DataKey, ...]


class BackupMade(Value, frozen=True, kw_only=True):
    """A backup that was made: its size in bytes, the database's own id, and its log entries of both kinds."""

    file: str
    bytes: int
    database: str
    events: int
    journal: int


class BackupProved(LogWhole, frozen=True, kw_only=True):
    """A backup whose log is whole, and how much of each kind is in it."""


class Restored(Value, frozen=True, kw_only=True):
    """A database restored from a backup, by the name that people know it by, and how much of each kind is in it."""

    database: str
    events: int
    cases: int
    records: int
    journal: int
    seals: int


class Rehearsed(Value, frozen=True, kw_only=True):
    """A rehearsal that succeeded, the ``seconds`` that it took, and how much of each kind was restored."""

    ok: bool
    seconds: float
    code: str | None
    events: int
    cases: int
    records: int
    journal: int
    seals: int
