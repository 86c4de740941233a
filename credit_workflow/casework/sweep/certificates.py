"""Certify a sweep: how much was due and done, with a digest of each."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

_MODULUS = 1 << 256


@dataclass
class Tally:
    """A count of lines, and a digest of them that does not depend on their order.

    The digest is the sum of the lines' SHA-256, modulo 2^256.
    """

    count: int = 0
    total: int = 0

    def add(self, *parts: str) -> None:
        """Count one line, such as a case, its deadline and the last day."""
        self.count += 1
        line = hashlib.sha256("\x1f".join(parts).encode()).digest()
        self.total = (self.total + int.from_bytes(line, "big")) % _MODULUS

    def include(self, other: Tally) -> None:
        """Count all lines of another tally."""
        self.count += other.count
        self.total = (self.total + other.total) % _MODULUS

    def clear(self) -> None:
        """Begin anew."""
        self.count = self.total = 0

    @property
    def digest(self) -> str:
        """The digest, in hex."""
        return f"{self.total:064x}"
