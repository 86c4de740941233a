"""What the log says of the software itself: a database's making and keys, its sweeps, rehearsals, recurring cases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import UNSET, Struct, UnsetType

from credit_workflow.casework.journal.entry import Said


class FirstAccount(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An account that a database was made with."""

    unit: str
    roles: tuple[str, ...]


class Made(Said, frozen=True, kw_only=True):
    """A database was made: what it is, its first accounts, and the name of its master key.

    ``marks`` says that every open entry carries a keyed mark; databases of before have none.
    """

    STREAM = "setup"
    KIND = "created"

    id: str
    kind: str
    created: str
    seal_key: str
    accounts: Mapping[str, FirstAccount]
    master: str
    marks: bool | UnsetType = UNSET


class KeysChanged(Said, frozen=True, kw_only=True):
    """The data keys were wrapped by a new master key, and a new data key encrypts from now on."""

    STREAM = "key"
    KIND = "rotated"

    master: str
    data_key: int


class Counted(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many deadlines there were, and a digest of them (`certificates.Tally`)."""

    count: int
    digest: str


class Swept(Said, frozen=True, kw_only=True):
    """A sweep ended: for which day, and what it certifies.

    ``begins_after`` and ``ends_with`` are entries of the cases' log; ``ranges`` are those that the sweep
    added, each as (the last one before, the last one). ``failed`` are the cases and duties that could
    not be carried on, ``waiting`` how many deadlines waited for a holiday notice. ``confirmed`` is the last
    certain day, where that of the sweep was not: what could not be undone waited then.
    """

    STREAM = "sweep"
    KIND = "swept"

    as_of: date
    fired: Mapping[str, int]
    due: Counted
    done: Counted
    begins_after: int
    ends_with: int
    ranges: tuple[tuple[int, int], ...]
    nights_missed: int
    failed: tuple[str, ...]
    caught_up_from: date | None
    waiting: int
    recounted: int
    edition: str
    confirmed: date | UnsetType = UNSET


class Rehearsed(Said, frozen=True, kw_only=True):
    """Restoring a backup was rehearsed: in how many seconds, and what was counted where it succeeded."""

    STREAM = "drill"
    KIND = "rehearsed"

    ok: bool
    seconds: float
    code: str | None
    events: int | UnsetType = UNSET
    cases: int | UnsetType = UNSET
    records: int | UnsetType = UNSET
    journal: int | UnsetType = UNSET
    seals: int | UnsetType = UNSET


class TurnOpened(Said, frozen=True, kw_only=True):
    """A recurring case was opened for a turn; ``through`` is the newest turn's first day of every duty.

    ``case`` is None where no unit had anything to be done.
    """

    STREAM = "recurring"
    KIND = "opened"

    duty: str
    first: date
    last: date
    case: str | None
    through: Mapping[str, date]
