"""A wire between client and server that can be cut at a chosen moment.

The proxy understands so much of PostgreSQL's protocol (version 3, no TLS) that it knows one message from the next, a
COMMIT among them, and when the server has answered everything. What it is told to do happens once; after that it is a
plain wire again, so that whoever tries again gets through.
"""

from __future__ import annotations

import contextlib
import re
import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Literal, Self

from tests.postgres.server import PATIENCE, free_port, until

_COMMIT = re.compile(rb"\s*(COMMIT|END)\b", re.IGNORECASE)
_TLS, _GSS, _CANCEL = 80877103, 80877104, 80877102

Moment = Literal["before_commit", "after_commit", "commit_sent", "bytes", "messages"]
Toward = Literal["server", "client"]


@dataclass
class Fault:
    """When the wire is cut.

    Args:
        moment: ``before_commit``: the COMMIT does not reach the server. ``after_commit``: the server has committed and
            answered, and the client does not get the answer. ``commit_sent``: the COMMIT goes out, and both sides are
            cut at once; whether it was carried out is anybody's guess. ``bytes`` and ``messages``: after so many.
        count: at which COMMIT (from 1), or after how many whole bytes or messages (0: before the next one).
        toward: for bytes and messages, those to the server or those to the client.
    """

    moment: Moment
    count: int = 1
    toward: Toward = "server"


class _Link:
    """One client's connection, and the one to the server that it is passed on to."""

    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self.client, self.server = client, server
        self.doomed = False  # to be cut by whoever decided it: nothing more is judged or passed on
        self.cut_off = threading.Event()
        self.unanswered = 1  # the start itself is answered by "ready for query", too
        self.swallowing = False
        self.commit_incomplete = False  # the COMMIT of a pipeline, whose Sync comes later

    def cut(self) -> None:
        self.cut_off.set()
        for side in (self.client, self.server):
            with contextlib.suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)


class Proxy:
    """Listens on a port of the loopback address for as long as its ``with`` lasts."""

    def __init__(self, server_port: int) -> None:
        self.server_port, self.port = server_port, free_port()
        self.struck = threading.Event()
        self.passing = threading.Event()
        self.passing.set()
        self.accepting = True
        self._fault: Fault | None = None
        self._cuts = 0
        self._lock = threading.Lock()
        self._links: list[_Link] = []
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", self.port))

    def __enter__(self) -> Self:
        self._run(self._listen)
        return self

    def __exit__(self, *_: object) -> None:
        self.accepting = False
        self.release()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()
        for thread in self._threads:
            thread.join(PATIENCE)

    def through(self, address: str) -> str:
        """A URL or a connection string of the server's that leads through this proxy."""
        return address.replace(f":{self.server_port}", f":{self.port}").replace(
            f"port={self.server_port}", f"port={self.port}"
        )

    def arm(self, moment: Moment, count: int = 1, toward: Toward = "server") -> None:
        """Cut the connection that comes to this moment first, counted from now; see `Fault`."""
        with self._lock:
            self.struck.clear()
            self._fault = Fault(moment, count, toward)

    def disarm(self) -> None:
        with self._lock:
            self._fault = None

    def cut(self) -> None:
        """Cut all connections at once, those that are still coming in, too.

        New ones are let through unless `accepting` is set to false.
        """
        with self._lock:
            self._cuts += 1
            links, self._links = self._links, []
            for link in links:
                link.doomed = True
        for link in links:
            link.cut()

    def hold(self) -> None:
        """Let nothing pass any more, without cutting anything: a network that has gone silent."""
        self.passing.clear()

    def release(self) -> None:
        """Let pass what was held, and all after it."""
        self.passing.set()

    @property
    def connections(self) -> int:
        with self._lock:
            return sum(not link.doomed and not link.cut_off.is_set() for link in self._links)

    def _run(self, work: object, *values: object) -> None:
        thread = threading.Thread(target=work, args=values, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _listen(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            cuts = self._cuts  # before it is asked whether this one is let in
            if self.accepting:
                self._run(self._connect, client, cuts)
            else:
                client.close()

    def _connect(self, client: socket.socket, cuts: int) -> None:
        with client, contextlib.suppress(OSError), client.makefile("rb") as said:
            start = _start(client, said)
            if start is None:
                return
            with socket.create_connection(("127.0.0.1", self.server_port)) as server, server.makefile("rb") as answers:
                for side in (client, server):
                    side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else 40 ms for each small message
                link = _Link(client, server)
                with self._lock:
                    if self._cuts != cuts:  # all were cut while this one came in
                        return
                    self._links.append(link)
                server.sendall(start)
                back = threading.Thread(target=self._pass, args=(link, answers, client, "client"), daemon=True)
                back.start()
                self._pass(link, said, server, "server")
                back.join(PATIENCE)

    def _pass(self, link: _Link, source: IO[bytes], target: socket.socket, toward: Toward) -> None:
        cut = False
        with contextlib.suppress(OSError, ValueError):
            for message in _messages(source):
                self.passing.wait()
                with self._lock:
                    if link.doomed:
                        return
                    part, link.doomed = self._judge(link, message, toward)
                    cut = link.doomed
                target.sendall(part)
                if cut:
                    break
        with self._lock:
            if link.doomed and not cut:
                return  # who decided it cuts, and says so first
            link.doomed = True
        if cut:
            self.struck.set()  # before anybody can notice the cut
        link.cut()

    def _judge(self, link: _Link, message: bytes, toward: Toward) -> tuple[bytes, bool]:
        """How much of a message is passed on, and whether that was all."""
        kind = message[:1]
        if toward == "client":
            link.unanswered -= kind == b"Z"
            if link.swallowing:
                return b"", kind == b"Z" and not link.unanswered and not link.commit_incomplete
        else:
            if kind in (b"Q", b"S"):
                link.unanswered += 1
                link.commit_incomplete = False
            if self._fault and self._fault.moment.endswith(("commit", "commit_sent")) and _commits(message):
                return self._at_commit(link, message, self._fault)
        if self._fault and self._fault.moment in ("bytes", "messages") and self._fault.toward == toward:
            return self._counted(message, self._fault)
        return message, False

    def _at_commit(self, link: _Link, message: bytes, fault: Fault) -> tuple[bytes, bool]:
        fault.count -= 1
        if fault.count > 0:
            return message, False
        self._fault = None
        if fault.moment == "before_commit":
            return b"", True
        if fault.moment == "commit_sent":
            return message, True
        link.swallowing = True
        link.commit_incomplete = message[:1] == b"P"
        return message, False

    def _counted(self, message: bytes, fault: Fault) -> tuple[bytes, bool]:
        size = len(message) if fault.moment == "bytes" else 1
        if fault.count >= size:
            fault.count -= size
            return message, False
        self._fault = None
        return message[: fault.count], True


def _start(client: socket.socket, said: IO[bytes]) -> bytes | None:
    """The first packet of a client that goes to the server; TLS is declined here."""
    while True:
        head = said.read(8)
        if len(head) < 8:
            return None
        size, code = struct.unpack("!ii", head)
        rest = said.read(size - 8)
        if code not in (_TLS, _GSS):
            return head + rest
        client.sendall(b"N")


def _messages(source: IO[bytes]) -> Iterator[bytes]:
    while True:
        head = source.read(5)
        if len(head) < 5:
            return
        body = source.read(struct.unpack("!i", head[1:])[0] - 4)
        yield head + body


def _commits(message: bytes) -> bool:
    """Whether a message to the server ends a transaction: a plain query, or the first part of a prepared one."""
    if message[:1] == b"Q":
        return _COMMIT.match(message, 5) is not None
    return message[:1] == b"P" and _COMMIT.match(message, message.index(b"\0", 5) + 1) is not None


def struck(proxy: Proxy) -> bool:
    """Wait until what the proxy was armed with has happened."""
    until(proxy.struck.is_set, "the connection is cut")
    return True
