"""Compute the hash tree of RFC 9162, section 2.1: its root, and the path that proves one leaf.

The maintained libraries for it are under the GPL, which this project's licence can't take in;
these are the four definitions of the RFC, held in tests against its published vectors.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root (SHA-256) over leaves in their order (RFC 9162, 2.1.1)."""
    if not leaves:
        return hashlib.sha256().digest()
    level = [_leaf(leaf) for leaf in leaves]
    while len(level) > 1:
        # What has no neighbour moves up as it is: this is the RFC's split at powers of two.
        odd = level[-1:] if len(level) % 2 else []
        level = [_node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)] + odd
    return level[0]


def path_to(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """Return the hashes that lead from a leaf to the root, the nearest first (RFC 9162, 2.1.3.1)."""
    level, path = [_leaf(leaf) for leaf in leaves], []
    while len(level) > 1:
        other = index ^ 1
        if other < len(level):
            path.append(level[other])
        odd = level[-1:] if len(level) % 2 else []
        level = [_node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)] + odd
        index //= 2
    return path


def leads_to(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether a path proves that a leaf stands at ``index`` (from 0) of ``size`` under a root."""
    if not 0 <= index < size:
        return False
    found, last, waiting = _leaf(leaf), size - 1, list(path)
    while last > 0:
        if index % 2 or index < last:
            if not waiting:
                return False
            other = waiting.pop(0)
            found = _node(other, found) if index % 2 else _node(found, other)
        index, last = index // 2, last // 2
    return not waiting and found == root


def _leaf(content: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + content).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
