"""Chain the entries of a log: each entry's SHA-256 is over the one before it and over all it says."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

#: Between the parts of a link; no part can hold it (JSON escapes it, names can't have it).
_SEPARATOR = "\x1f"


def genesis(database: str, stream: str) -> str:
    """Return what stands before the first entry of a stream of one database.

    Args:
        database: the database's own id, so that no entry can be moved into another.
        stream: a case's number, or the name of a journal's stream.
    """
    return link((database, stream))


def link(parts: Sequence[str]) -> str:
    """Return the hash (hex) of an entry.

    Args:
        parts: the hash before it, then everything that the entry says, as text.
    """
    return hashlib.sha256(_SEPARATOR.join(parts).encode()).hexdigest()
