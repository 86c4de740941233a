"""The wire that can be cut: where it is cut, and that nothing else is changed by it."""

from __future__ import annotations

import contextlib
import io
import socket
from collections.abc import Iterator

import psycopg
import pytest

from tests.postgres.proxy import Moment, Proxy, Toward, _Link, struck
from tests.postgres.server import Server, libpq, until


@pytest.fixture
def proxy(postgres: Server) -> Iterator[Proxy]:
    with Proxy(postgres.port) as wire:
        yield wire


@pytest.fixture
def address(proxy: Proxy, postgres_url: str) -> str:
    with psycopg.connect(libpq(postgres_url)) as db:
        db.execute("CREATE TABLE note (text text)")
    return libpq(proxy.through(postgres_url))


def notes(postgres_url: str) -> list[str]:
    """What is committed, as seen by somebody who does not go through the proxy, when all others have left."""
    with psycopg.connect(libpq(postgres_url), autocommit=True) as db:
        others = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        until(lambda: db.execute(others).fetchone() is None, "the others have left")
        return [text for (text,) in db.execute("SELECT text FROM note ORDER BY text").fetchall()]


def write(address: str, *texts: str) -> bool:
    """Write notes in one transaction; whether it was acknowledged."""
    try:
        with psycopg.connect(address) as db:
            for text in texts:
                db.execute("INSERT INTO note VALUES (%s)", (text,))
    except psycopg.OperationalError:
        return False
    return True


def test_a_whole_wire_changes_nothing(address: str, postgres_url: str):
    long = "异" * 300_000
    with psycopg.connect(address) as db:
        with db.cursor() as cursor, cursor.copy("COPY note FROM STDIN") as copy:
            for number in range(2000):
                copy.write_row((f"{number:04}",))
        db.execute("INSERT INTO note VALUES (%s)", (long,))
        assert db.execute("SELECT count(*), max(length(text)) FROM note").fetchone() == (2001, len(long))
    assert notes(postgres_url) == [*(f"{number:04}" for number in range(2000)), long]


@pytest.mark.parametrize("pipeline", [False, True])
@pytest.mark.parametrize(("moment", "kept"), [("before_commit", []), ("after_commit", ["a", "b"])])
def test_cut_at_the_commit(
    proxy: Proxy, address: str, postgres_url: str, *, moment: Moment, kept: list[str], pipeline: bool
):
    def two_notes(db: psycopg.Connection) -> None:
        with db.pipeline() if pipeline else contextlib.nullcontext():
            db.execute("INSERT INTO note VALUES ('a')")
            db.execute("INSERT INTO note VALUES ('b')")
            db.commit()

    with psycopg.connect(address) as db:
        db.execute("SELECT 1")
        db.commit()  # not counted: before the proxy is armed
        proxy.arm(moment)
        with pytest.raises(psycopg.OperationalError):
            two_notes(db)
        assert struck(proxy)
        assert db.broken
    assert notes(postgres_url) == kept
    assert write(address, "z again"), "it strikes once"
    assert notes(postgres_url) == [*kept, "z again"]


def test_the_second_commit_is_hit_when_that_was_asked_for(proxy: Proxy, address: str, postgres_url: str):
    proxy.arm("before_commit", 2)
    assert [write(address, text) for text in ("first", "second", "third")] == [True, False, True]
    assert notes(postgres_url) == ["first", "third"]


def test_cut_when_the_commit_has_been_sent_may_go_either_way_but_is_never_acknowledged(
    proxy: Proxy, address: str, postgres_url: str
):
    proxy.arm("commit_sent")
    assert not write(address, "a", "b")
    assert notes(postgres_url) in ([], ["a", "b"])


@pytest.mark.parametrize("toward", ["server", "client"])
@pytest.mark.parametrize("moment", ["bytes", "messages"])
def test_cut_anywhere_leaves_all_or_nothing(
    proxy: Proxy, address: str, postgres_url: str, moment: Moment, toward: Toward
):
    step = 1 if moment == "messages" else 13  # less than the 18 bytes that answer a commit
    outcomes = set()
    for number in range(200):
        proxy.arm(moment, number * step, toward)
        acknowledged = write(address, f"{number:03}-a", f"{number:03}-b")
        hit = proxy.struck.is_set()
        proxy.disarm()
        here = [text[4:] for text in notes(postgres_url) if text.startswith(f"{number:03}")]
        assert here in ([], ["a", "b"])
        if acknowledged:
            assert here == ["a", "b"]
        outcomes.add((acknowledged, bool(here)))
        if not hit:
            break
    else:
        pytest.fail("the end of the conversation was not reached")
    assert outcomes >= {(False, False), (True, True)}
    assert ((False, True) in outcomes) == (toward == "client"), "committed, and the answer lost"


def test_cut_at_once_and_refused_and_let_in_again(proxy: Proxy, address: str, postgres_url: str):
    with psycopg.connect(address) as one, psycopg.connect(address) as two:
        one.execute("INSERT INTO note VALUES ('lost')")
        assert proxy.connections == 2
        proxy.accepting = False
        proxy.cut()
        for db in (one, two):
            with pytest.raises(psycopg.OperationalError):
                db.execute("SELECT 1")
    assert not write(address, "refused")
    proxy.accepting = True
    assert write(address, "let in")
    assert notes(postgres_url) == ["let in"]


def test_a_silent_network_holds_the_answer_and_gives_it_later(proxy: Proxy, address: str):
    with psycopg.connect(address, autocommit=True) as db:
        proxy.hold()
        db.pgconn.send_query(b"SELECT 1")
        db.pgconn.flush()
        with pytest.raises(psycopg.errors.ConnectionTimeout):
            psycopg.connect(address, connect_timeout=2)

        def answered() -> bool:
            db.pgconn.consume_input()
            return not db.pgconn.is_busy()

        assert not answered(), "nothing has come in two seconds"
        proxy.release()
        # libpq's own waiting would keep the interpreter, and with it the proxy, from doing anything
        until(answered, "the answer comes")
        result = db.pgconn.get_result()
        assert result is not None
        assert result.get_value(0, 0) == b"1"
        until(answered, "the server is ready")
        assert db.pgconn.get_result() is None


def test_who_is_still_coming_in_when_all_are_cut_is_cut_too(proxy: Proxy) -> None:
    with socket.create_connection(("127.0.0.1", proxy.port)) as client:
        until(lambda: len(proxy._threads) > 1, "the proxy has taken it, and waits for what it says")
        proxy.cut()
        client.sendall(b"\0\0\0\x21\0\3\0\0user\0postgres\0database\0x\0\0"[:0x21].ljust(0x21, b"\0"))
        client.settimeout(60)
        with contextlib.suppress(ConnectionError):
            assert client.recv(1) == b"", "it is let through to the server"
    assert proxy.connections == 0


def test_what_a_cut_connection_has_still_to_say_strikes_no_other() -> None:
    """A message that was read before the cut is not counted for what the proxy is armed with afterwards."""
    proxy = Proxy(1)
    proxy._listener.close()
    with socket.socket() as one, socket.socket() as two:
        link = _Link(one, two)
        proxy._links.append(link)
        proxy.cut()
        proxy.arm("messages", 0)
        for toward in ("server", "client"):
            proxy._pass(link, io.BytesIO(b"S\0\0\0\4" * 3), two, toward)
        assert not proxy.struck.is_set()
        assert proxy._fault is not None


def test_the_other_direction_ends_no_cut_before_it_is_told() -> None:
    """Between the decision to cut and the cut, the answer's side neither passes anything on nor cuts for itself."""
    proxy = Proxy(1)
    proxy._listener.close()
    with socket.socket() as one, socket.socket() as two:
        link = _Link(one, two)
        proxy.arm("messages", 0)
        assert proxy._judge(link, b"S\0\0\0\4", "server") == (b"", True)
        link.doomed = True  # as the thread that has judged does, in the same breath
        proxy._pass(link, io.BytesIO(b"Z\0\0\0\5T"), one, "client")
        assert not link.cut_off.is_set()


def test_an_earlier_answer_is_not_taken_for_that_of_the_commit():
    """In a pipeline an answer may come between the parts of the COMMIT."""
    sync, ready, commit = b"S\0\0\0\4", b"Z\0\0\0\5T", b"P\0\0\0\x0e\0COMMIT\0\0\0"
    proxy = Proxy(1)
    proxy._listener.close()
    proxy.arm("after_commit")
    with socket.socket() as one, socket.socket() as two:
        link = _Link(one, two)
        for message, toward, verdict in (
            (ready, "client", (ready, False)),  # of the start
            (sync, "server", (sync, False)),
            (commit, "server", (commit, False)),
            (ready, "client", (b"", False)),  # of the first Sync, when the COMMIT's own is still to come
            (sync, "server", (sync, False)),
            (ready, "client", (b"", True)),
        ):
            assert proxy._judge(link, message, toward) == verdict
