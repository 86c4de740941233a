"""Leave parts of a case encrypted until something asks for them.

A sweep decides on many cases and hardly ever asks what they say of a person: it is spared
opening that, and encrypting it again. Whatever asks gets the value, and finds a row that can't be
read only then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

_UNKNOWN: Any = object()


class Unopened:
    """A value as it is stored, read at the first look.

    Args:
        stored: the text in its column; it can be kept again as it is.
        read: makes the value; called at most once.
        of: what it is made from.
    """

    __slots__ = ("_of", "_read", "_value", "stored")

    def __init__(self, stored: str, read: Callable[..., Any], *of: Any) -> None:
        self.stored = stored
        self._read = read
        self._of = of
        self._value = _UNKNOWN

    def opened(self) -> Any:
        """Return the value.

        Raises:
            IntegrityFault: it can't be read.
        """
        if self._value is _UNKNOWN:
            self._value = self._read(*self._of)
        return self._value

    def __getattr__(self, name: str) -> Any:
        return getattr(self.opened(), name)

    def __eq__(self, other: object) -> bool:
        return bool(self.opened() == other)

    def __hash__(self) -> int:
        return hash(self.opened())

    def __str__(self) -> str:
        return str(self.opened())


class UnopenedMapping(Unopened, Mapping[str, Any]):
    """The same for a mapping."""

    __slots__ = ()

    __hash__ = None  # type: ignore[assignment]  # as a mapping has none

    def __getitem__(self, name: str) -> Any:
        return self.opened()[name]

    def get(self, name: str, default: Any = None) -> Any:
        """Return a member, or ``default``; rules mostly ask for what is not there."""
        return self.opened().get(name, default)

    def __iter__(self) -> Iterator[str]:
        return iter(self.opened())

    def __len__(self) -> int:
        return len(self.opened())


def encodable(value: Any) -> Any:
    """Return what an encoder of JSON shall take for a value that it does not know.

    Raises:
        NotImplementedError: it is nothing that can be opened.
    """
    if isinstance(value, Unopened):
        return value.opened()
    raise NotImplementedError(f"{type(value).__name__} has no form in JSON")


def stored_text(value: Any) -> str | None:
    """Return the text that a value was read from, or None where it is a new one."""
    return value.stored if isinstance(value, Unopened) else None
