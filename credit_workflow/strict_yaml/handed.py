"""Files that are handed in instead of lying where they are read."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct


class Handed(Struct, frozen=True):
    """A file that somebody hands in.

    Args:
        name: what it is called, without its folder.
        content: what is in it.
    """

    name: str
    content: bytes

    @property
    def stem(self) -> str:
        """What it is called, without its ending."""
        return Path(self.name).stem
