"""Read files that are handed in instead of lying where they are read."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from msgspec import Struct


class Handed(Struct, frozen=True, dict=True):
    """A file that somebody hands in.

    Args:
        name: what it is called.
        given: what is in it; or what reads it, when it is first asked for: whoever may not hand it in is
            told so, and not whether there is such a file.
    """

    name: str
    given: bytes | Callable[[], bytes]

    @cached_property
    def content(self) -> bytes:
        """What is in it.

        Raises:
            CreditWorkflowError: it can't be read, as whoever hands it in says.
        """
        return self.given if isinstance(self.given, bytes) else self.given()

    @property
    def stem(self) -> str:
        """What it is called, without its ending."""
        return Path(self.name).stem


class HandedFolder(Struct, frozen=True, dict=True):
    """A folder of files that somebody hands in.

    Args:
        given: what lists it, when it is first asked for.
    """

    given: Callable[[], tuple[Handed, ...]]

    @cached_property
    def files(self) -> tuple[Handed, ...]:
        """The files in it.

        Raises:
            CreditWorkflowError: it can't be read, as whoever hands it in says.
        """
        return self.given()
