"""Define what all answers are made of, and the one place where an answer becomes JSON.

Dates are days in the calendar's zone; instants are aware. Texts that people read are in the
language of whoever asked. Fields stand in the order in which they are published.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Literal, TypeVar

import msgspec
from msgspec import UNSET, Struct
from msgspec.structs import replace

DeadlineStatus = Literal["running", "met", "met_late", "overdue", "lapsed", "cancelled"]
DeadlineKind = Literal["statutory", "target"]


class Value(Struct, frozen=True, kw_only=True):
    """The base of all answers and their parts."""

    def document(self) -> dict[str, Any]:
        """Return it as JSON has it: mappings, lists and texts; dates as ``YYYY-MM-DD``, instants with their offset."""
        built: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(self))
        return built


S = TypeVar("S", bound=Struct)


def like(kind: type[S], kept: object, /, **more: Any) -> S:
    """Return a value of a kind with what another says by the same names, and with what is given.

    Not for cases, records and look-ups: what is shown of people is named field by field.
    """
    names = [name for name in kind.__struct_fields__ if name not in more and hasattr(kept, name)]
    return kind(**{name: getattr(kept, name) for name in names}, **more)


class Page(Value, frozen=True, kw_only=True):
    """An answer with fields for screens alone, or with parts that say themselves how JSON has them."""

    #: The fields that JSON does not have.
    ASIDE: ClassVar[tuple[str, ...]] = ()

    def document(self) -> dict[str, Any]:
        """Return it as JSON has it, part by part."""
        names = zip(self.__struct_fields__, self.__struct_encode_fields__, strict=True)
        said = {name: getattr(self, field) for field, name in names if field not in self.ASIDE}
        return {name: _plain(value) for name, value in said.items() if value is not UNSET}


def _plain(value: Any) -> Any:
    if isinstance(value, Value):
        return value.document()
    if isinstance(value, datetime):
        return value.isoformat()  # with its offset also where that is none, as it was always published
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, tuple) else msgspec.to_builtins(value)


class FileAnswer(Value, frozen=True, kw_only=True, omit_defaults=True):
    """An answer with a file in it; where a face has written it, a field with a default says so."""

    content: bytes

    def document(self) -> dict[str, Any]:
        """Return it as JSON has it, without what is in the file."""
        built = Value.document(replace(self, content=b""))
        del built["content"]
        return built
