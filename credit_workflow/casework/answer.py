"""What all answers are made of, and the one place where one becomes JSON.

Dates are days in the calendar's zone; instants are aware. Texts that people read are in the
language of whoever asked. Fields stand in the order in which they are published.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

DeadlineStatus = Literal["running", "met", "met_late", "overdue", "lapsed", "cancelled"]
DeadlineKind = Literal["statutory", "target"]


class Value(Struct, frozen=True, kw_only=True):
    """The base of all answers and their parts."""

    def document(self) -> dict[str, Any]:
        """Return it as JSON has it: mappings, lists and texts; dates as ``YYYY-MM-DD``, instants with their offset."""
        built: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(self))
        return built


class FileAnswer(Value, frozen=True, kw_only=True, omit_defaults=True):
    """An answer with a file in it; where a face has written it, a field with a default says so."""

    content: bytes

    def document(self) -> dict[str, Any]:
        """Return it as JSON has it, without what is in the file."""
        built = Value.document(replace(self, content=b""))
        del built["content"]
        return built
