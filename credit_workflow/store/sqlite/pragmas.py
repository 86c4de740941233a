"""Set up a connection to a SQLite file."""

from __future__ import annotations

import sqlite3

#: Marks a SQLite file as ours ("CWf1").
APPLICATION_ID = 0x43576631
BUSY_MS = 30_000
#: A sweep touches pages all over the file; with SQLite's 2 MB it would read them again and again.
_CACHE_KB = 65_536


def prepare(connection: sqlite3.Connection) -> None:
    """Set a connection up for writing."""
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    connection.execute("PRAGMA foreign_keys = on")
    connection.execute("PRAGMA synchronous = full")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
