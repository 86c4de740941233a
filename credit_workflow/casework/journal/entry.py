"""Describe an entry of the second log: what it says, when, by whom, and its place in its stream.

What an entry says is stored as JSON whose members are a struct's fields in their order; which struct
it is follows from the entry's stream and kind. So reading is a view of what is stored, and a struct
that is written gives the very bytes that it would be read from.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Generic, Literal, TypeVar

from msgspec import Struct

#: What an entry can be about, and its number or key.
About = tuple[Literal["record", "case", "person"], str]
_ABOUT: tuple[tuple[Literal["record", "case", "person"], str], ...] = (
    ("record", "record"), ("case", "case"), ("person", "subject"),
)  # fmt: skip


class Said(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an entry says. A stream with entries of several forms has a base that all of them share.

    ``STREAM`` is the stream's name; where each of many things has one of its own (``record:R-1``), what
    the name begins with. ``KIND`` is the entry's kind, where it follows from the form.
    """

    STREAM: ClassVar[str]
    KIND: ClassVar[str] = ""

    @classmethod
    def shape(cls, kind: str, text: str) -> type[Said]:  # noqa: ARG003 - most streams have one form
        """Return the form of an entry of this stream.

        Args:
            kind: the entry's.
            text: what it says, as JSON.
        """
        return cls

    @property
    def about(self) -> tuple[About, ...]:
        """The record, the case and the person (a subject's ``key``) that it is about, as far as it says so."""
        named = ((what, getattr(self, field, None)) for what, field in _ABOUT)
        return tuple((what, value) for what, value in named if isinstance(value, str) and value)


S = TypeVar("S", bound=Said)
S_co = TypeVar("S_co", bound=Said, covariant=True)


class Line(Struct, Generic[S_co], frozen=True, kw_only=True):
    """An entry as it stands in the log: ``place`` is its number there, ``seq`` the one in its stream."""

    place: int
    stream: str
    seq: int
    at: datetime
    actor: str
    role: str
    kind: str
    said: S_co
    hash: str

    @property
    def of(self) -> str:
        """What the stream is about, where each of many things has one of its own; else empty."""
        return self.stream.partition(":")[2]


class Draft(Struct, frozen=True, kw_only=True):
    """An entry to be added.

    ``actor`` is the account, ``role`` the one in which it acts. ``of`` is what the stream is about, where
    each of many things has one of its own; ``as_kind`` the kind, where the form has none.
    """

    said: Said
    at: datetime
    actor: str
    role: str
    of: str = ""
    as_kind: str = ""

    @property
    def stream(self) -> str:
        """The stream that it is added to."""
        return stream_of(type(self.said), self.of)

    @property
    def kind(self) -> str:
        """The entry's kind."""
        return self.as_kind or self.said.KIND


class Span(Struct, frozen=True, kw_only=True):
    """The instants from ``since`` up to ``until``, which is not one of them; what is None is open."""

    since: datetime | None = None
    until: datetime | None = None


ALWAYS = Span()


def stream_of(form: type[Said], of: str = "") -> str:
    """Return the name of a form's stream, about a thing where it is about one."""
    return f"{form.STREAM}:{of}" if of else form.STREAM
