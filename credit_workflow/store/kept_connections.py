"""Connections that stay open from one use to the next, while somebody wants them kept."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Generic, TypeVar

from credit_workflow.errors import CreditWorkflowError

if TYPE_CHECKING:
    from credit_workflow.store.backend import Backend, Connected

C = TypeVar("C", bound="Connected")

#: How many that nobody uses are kept: a server has few to give.
_MOST = 8
#: Those of the process that this one was forked from: to close them here would end them there.
_FORKED: list[object] = []


class Connections(Generic[C]):
    """The connections of a database for one purpose. Each serves one thread at a time, whichever asks next.

    Args:
        backend: where the database is.
        connect: opens one to what is in its place now (`Backend.look`).
    """

    def __init__(self, backend: Backend, connect: Callable[[object], C]) -> None:
        self._backend = backend
        self._connect = connect
        self._keepers = 0
        self._idle: list[C] = []
        self._lock = threading.Lock()
        self._process = os.getpid()

    @contextmanager
    def one(self, begin: Callable[[C], None]) -> Iterator[C]:
        """Give a connection for one transaction, which is undone where it was not committed.

        Args:
            begin: begins the transaction. An idle connection that turns out to be lost by then is
                replaced: nothing was done over it.
        """
        connection = self._begun(begin)
        try:
            yield connection
        except BaseException as fault:
            lost = self._backend.lost(fault)  # its server undoes what was not committed
            if not lost and connection.end() and isinstance(fault, CreditWorkflowError):
                self._put(connection)
            else:
                connection.close()
            raise
        if self._keepers > 0 and connection.end():
            self._put(connection)
        else:
            connection.close()

    def keep(self) -> None:
        """Keep connections from now on, until `let_go` was called as often."""
        self._here()
        with self._lock:
            self._keepers += 1

    def let_go(self) -> None:
        """Close what nobody uses, where nobody else wants it kept; what is in use is closed after its use."""
        self._here()
        with self._lock:
            self._keepers -= 1
        if self._keepers <= 0:
            self.close()

    def close(self) -> None:
        """Close the connections that nobody uses."""
        self._here()
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _begun(self, begin: Callable[[C], None]) -> C:
        place = self._backend.look()
        while True:
            kept = self._take(place)
            connection = self._connect(place) if kept is None else kept
            try:
                begin(connection)
            except BaseException as fault:
                lost = self._backend.lost(fault)
                if not lost:
                    connection.end()
                connection.close()
                if kept is None or not lost:
                    raise
            else:
                return connection

    def _take(self, place: object) -> C | None:
        """Return an idle connection to what is in the database's place, or None; others are closed."""
        self._here()
        while True:
            with self._lock:
                if not self._idle:
                    return None
                connection = self._idle.pop()
            if connection.place == place:
                return connection
            connection.close()

    def _put(self, connection: C) -> None:
        self._here()
        with self._lock:
            keeps = self._keepers > 0 and len(self._idle) < _MOST
            if keeps:
                self._idle.append(connection)
        if not keeps:
            connection.close()

    def _here(self) -> None:
        """Leave what another process has opened to it."""
        if self._process != os.getpid():
            _FORKED.extend(self._idle)
            self._idle, self._lock, self._process = [], threading.Lock(), os.getpid()
