"""The primary is lost under load, the standby takes its place, and no acknowledged row is missing."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import psycopg
import pytest
import sqlalchemy

from tests.postgres.pair import Pair, replicate
from tests.postgres.proxy import Proxy
from tests.postgres.server import libpq, until

pytestmark = pytest.mark.slow
CLIENTS = 8
TABLE = "CREATE TABLE row (client int, number int, PRIMARY KEY (client, number))"


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    with Pair.made() as two:
        yield two


@dataclass
class Client:
    """Writes one row after another, and after every loss finds out whether its last row is there."""

    address: str
    name: int
    acknowledged: list[int] = field(default_factory=list)
    losses: int = 0
    found_after_loss: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        number, doubtful = 0, False
        while not self._stop.is_set():
            try:
                with psycopg.connect(self.address) as db:
                    while not self._stop.is_set():
                        if (
                            doubtful
                            and db.execute(
                                "SELECT 1 FROM row WHERE (client, number) = (%s, %s)", (self.name, number)
                            ).fetchone()
                        ):
                            self.found_after_loss += 1
                        else:
                            db.execute("INSERT INTO row VALUES (%s, %s)", (self.name, number))
                        db.commit()
                        self.acknowledged.append(number)
                        number, doubtful = number + 1, False
            except psycopg.OperationalError:
                self.losses += 1
                doubtful = True
                self._stop.wait(0.02)  # nobody is there as yet; not as fast as the processor can

    def stop(self) -> None:
        self._stop.set()


def rows(address: str) -> set[tuple[int, int]]:
    with psycopg.connect(address) as db:
        return set(db.execute("SELECT client, number FROM row").fetchall())


def test_the_primary_is_killed_under_load_and_no_acknowledged_row_is_missing(pair: Pair):
    address = libpq(pair.url())
    with psycopg.connect(address) as db:
        db.execute(TABLE)
    clients = [Client(address, number) for number in range(CLIENTS)]
    threads = [threading.Thread(target=client.run) for client in clients]
    for thread in threads:
        thread.start()
    try:
        until(lambda: all(len(client.acknowledged) >= 50 for client in clients), "all clients write")
        pair.primary.kill()
        before = [list(client.acknowledged) for client in clients]
        pair.promote()
        there = rows(libpq(pair.standby.url()))
        assert {(c, number) for c, numbers in enumerate(before) for number in numbers} <= there
        until(
            lambda: all(len(c.acknowledged) >= len(b) + 50 for c, b in zip(clients, before, strict=True)),
            "all clients go on",
        )
    finally:
        for client in clients:
            client.stop()
        for thread in threads:
            thread.join(60)
    assert all(client.losses for client in clients)
    assert rows(address) >= {(client.name, number) for client in clients for number in client.acknowledged}
    for client in clients:
        assert client.acknowledged == list(range(len(client.acknowledged))), "in order, none twice, none left out"

    # The new primary gets a standby in its turn, and the same can happen again.
    third = replicate(pair.standby, "third")
    try:
        written = rows(address)
        with pair.standby.connect() as db:
            db.execute("INSERT INTO row VALUES (-1, -1)")
        pair.standby.kill()
        third.promote()
        assert rows(libpq(third.url())) == written | {(-1, -1)}
    finally:
        third.remove()


def test_sqlalchemy_understands_the_url_with_both_and_finds_the_one_to_write_to():
    with Pair.made() as pair:
        engine = sqlalchemy.create_engine(pair.url(), poolclass=sqlalchemy.NullPool)
        port = sqlalchemy.text("SELECT current_setting('port')::int")
        with engine.connect() as db:
            assert db.scalar(port) == pair.primary.port
        with pair.standby.connect() as db, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            db.execute(TABLE)
        pair.fail_over()
        with engine.connect() as db:
            assert db.scalar(port) == pair.standby.port


@pytest.mark.parametrize("synchronous", [True, False])
def test_what_the_standby_has_not_received_is_acknowledged_only_when_it_may_be_lost(*, synchronous: bool):
    """The same loss with and without synchronous replication: the harness sees a row that is missing."""
    with Pair.made(synchronous=synchronous) as pair, Proxy(pair.primary.port) as wire:
        with pair.primary.connect() as db:
            db.execute(TABLE)
        # The standby's stream goes through a wire that can fall silent.
        with pair.standby.connect() as db:
            (source,) = db.execute("SELECT current_setting('primary_conninfo')").fetchone() or ("",)
            literal = wire.through(source).replace("'", "''")
            db.execute(f"ALTER SYSTEM SET primary_conninfo = '{literal}'")
            db.execute("SELECT pg_reload_conf()")
        until(lambda: wire.connections == 1, "the standby follows through the wire")
        state = "sync" if synchronous else "async"
        follows = "SELECT 1 FROM pg_stat_replication WHERE state = 'streaming' AND sync_state = %s"
        with pair.primary.connect() as db:
            until(lambda: db.execute(follows, (state,)).fetchone(), "the standby follows")
        pair.caught_up()
        wire.hold()

        client = Client(libpq(pair.primary.url()), 0)
        thread = threading.Thread(target=client.run)
        thread.start()
        waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
        with pair.primary.connect() as db:
            if synchronous:
                until(lambda: db.execute(waiting).fetchone(), "a commit waits for the standby")
            else:
                until(lambda: client.acknowledged, "a commit is acknowledged")
        client.stop()
        pair.primary.kill()
        thread.join(60)
        wire.cut()
        pair.promote()
        missing = {(0, number) for number in client.acknowledged} - rows(libpq(pair.standby.url()))
        assert bool(client.acknowledged) == bool(missing) == (not synchronous)


def test_an_old_primary_that_comes_back_acknowledges_nothing():
    """Its standby does not follow it any more: two primaries at once can't both promise something."""
    with Pair.made() as pair:
        with pair.primary.connect() as db:
            db.execute(TABLE)
        pair.fail_over()
        pair.primary.start()
        with pair.primary.connect() as watch, contextlib.closing(pair.primary.connect()) as db:
            db.pgconn.send_query(b"INSERT INTO row VALUES (1, 1)")
            db.pgconn.flush()
            waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
            until(lambda: watch.execute(waiting).fetchone(), "the commit waits for a standby")
            db.pgconn.consume_input()
            assert db.pgconn.is_busy(), "not acknowledged"
            pair.primary.kill()
            result = db.pgconn.get_result()
            assert result is not None
            assert result.status == psycopg.pq.ExecStatus.FATAL_ERROR
        assert rows(libpq(pair.standby.url())) == set()
