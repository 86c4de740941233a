"""A primary and its standby, both real: streaming replication, the primary killed, the standby promoted."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Self

import psycopg

from tests.postgres.server import SUPERUSER, Server, until

REPLICATOR = "replicator"
_SETTINGS = {
    "wal_level": "replica",
    "max_wal_senders": "10",
    "max_replication_slots": "10",
    "hot_standby": "on",
    "wal_receiver_status_interval": "1s",
    "wal_retrieve_retry_interval": "100ms",
    # What pg_basebackup and pg_rewind need, and what a promise to a client needs.
    "full_page_writes": "on",
    "wal_log_hints": "on",
    "synchronous_commit": "on",
}


def replicate(primary: Server, name: str, *, synchronous: bool = True, port: int = 0) -> Server:
    """Make and start a standby of a running server.

    Args:
        primary: the server to copy; it is told to wait for the standby only after that has caught up, so that it
            never stands still.
        name: of the standby, and of the replication slot that keeps for it what it has not received.
        synchronous: whether a commit is acknowledged only when the standby has it on its disk as well.
        port: where the standby reaches the primary, if that is not the primary's own port.
    """
    standby = Server.make(settings=primary.settings)
    try:
        shutil.rmtree(standby.data)
        source = f"host=127.0.0.1 port={port or primary.port} user={REPLICATOR} application_name={name}"
        standby.run(
            "pg_basebackup", "--pgdata", str(standby.data), "--dbname", source, "--wal-method", "stream",
            "--create-slot", "--slot", name, "--write-recovery-conf", "--checkpoint", "fast", "--no-sync",
        )  # fmt: skip
        standby.start()
        with primary.connect() as db:
            _await_state(db, name, "async")
            if synchronous:
                db.execute(f"ALTER SYSTEM SET synchronous_standby_names = 'FIRST 1 ({name})'")
                db.execute("SELECT pg_reload_conf()")
                _await_state(db, name, "sync")
    except BaseException:
        standby.remove()
        raise
    return standby


def _await_state(db: psycopg.Connection, name: str, state: Literal["async", "sync"]) -> None:
    query = "SELECT 1 FROM pg_stat_replication WHERE application_name = %s AND state = 'streaming' AND sync_state = %s"
    until(lambda: db.execute(query, (name, state)).fetchone(), f"the standby {name} follows ({state})")


@dataclass
class Pair:
    """Two servers, the second of which follows the first."""

    primary: Server
    standby: Server

    @classmethod
    @contextlib.contextmanager
    def made(cls, *, synchronous: bool = True, fsync: bool = False) -> Iterator[Self]:
        """A running pair for as long as the ``with`` lasts.

        Args:
            synchronous: whether no acknowledged commit can be missing on the standby; else it follows as it can.
            fsync: whether that also holds when both machines lose their power.
        """
        with contextlib.ExitStack() as stack:
            primary = stack.enter_context(Server.make(fsync=fsync, settings=_SETTINGS))
            with primary.connect() as db:
                db.execute("CREATE ROLE needs_password NOLOGIN")
                db.execute(f"CREATE ROLE {REPLICATOR} LOGIN REPLICATION")
            standby = replicate(primary, "second", synchronous=synchronous)
            stack.callback(standby.remove)
            yield cls(primary, standby)

    def fail_over(self) -> None:
        """Kill the primary, and have the standby in its place, ready for writing."""
        self.primary.kill()
        self.promote()

    def promote(self) -> None:
        """Make the standby the primary. It waits for no other: nobody follows it yet."""
        self.standby.promote()

    def caught_up(self) -> None:
        """Wait until the standby shows all that the primary has written."""
        with self.primary.connect() as first, self.standby.connect() as second:
            (position,) = first.execute("SELECT pg_current_wal_lsn()").fetchone() or ()
            until(
                lambda: second.execute("SELECT pg_last_wal_replay_lsn() >= %s", (position,)).fetchone() == (True,),
                "the standby has caught up",
            )

    def url(self, database: str = SUPERUSER, user: str = SUPERUSER) -> str:
        """The address for ``--db`` that leads to whichever of the two can be written to."""
        ports = f"{self.primary.port},{self.standby.port}"
        return (
            f"postgresql+psycopg://{user}@/{database}"
            f"?host=127.0.0.1,127.0.0.1&port={ports}&target_session_attrs=read-write&connect_timeout=5"
        )
