"""What the log of a record says, ``record:NO``: its values, whenever they changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

from credit_workflow.casework.journal.entry import Said

#: Values of a record by field, in the order in which they were written.
Values = Mapping[str, Any]


class _Seen(Struct, frozen=True):
    """What tells the forms apart: kinds do not, for a definition names its actions as it likes."""

    case: msgspec.Raw | UnsetType = UNSET
    old: msgspec.Raw | UnsetType = UNSET


class OfRecord(Said, frozen=True, kw_only=True):
    """A record's values in a revision: all when it came, later those that changed."""

    STREAM = "record"

    @classmethod
    def shape(cls, kind: str, text: str) -> type[Said]:  # noqa: ARG003 - as `_Seen` says
        """Return what an import, a case's change, or the making of a record by a case says."""
        seen = msgspec.json.decode(text, type=_Seen)
        if seen.case is UNSET:
            return RecordImported
        return RecordMade if seen.old is UNSET else RecordChanged

    @property
    def revision(self) -> int:
        """The revision that the record is in since."""
        raise NotImplementedError

    @property
    def new(self) -> Values:
        """The values that it has since, of those that changed."""
        raise NotImplementedError


class RecordImported(OfRecord, frozen=True, kw_only=True):
    """An import brought a record, or other values of one; ``old`` are those of before."""

    revision: int
    new: Values
    old: Values | UnsetType = UNSET


class RecordChanged(OfRecord, frozen=True, kw_only=True):
    """A case changed some values of a record."""

    case: str
    old: Values
    new: Values
    revision: int


class RecordMade(OfRecord, frozen=True, kw_only=True):
    """A case made a record."""

    case: str
    revision: int
    new: Values


class OfHeldRow(Said, frozen=True, kw_only=True):
    """What becomes of an imported row that would undo what a case decided: the stream of all such rows."""

    STREAM = "held-row"

    @classmethod
    def shape(cls, kind: str, text: str) -> type[Said]:  # noqa: ARG003 - the kind tells
        """Return what is said of a row that was held back, or of the decision about it."""
        return RowHeld if kind == RowHeld.KIND else RowDecided

    @property
    def record(self) -> str:
        """The record's number."""
        raise NotImplementedError


class RowHeld(OfHeldRow, frozen=True, kw_only=True):
    """An import brought a row that was held back: what it says, and why it waits."""

    KIND = "held"

    record: str
    new: Values
    why: Literal["in_processing", "removed", "corrected", "another_person"]


class RowDecided(OfHeldRow, frozen=True, kw_only=True):
    """A row that was held back is applied (``released``) or thrown away (``dropped``), with the reason."""

    record: str
    reason: str
