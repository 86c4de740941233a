"""Processes that read, decide and seal for a large sweep of a file (`credit_workflow.casework.ahead`).

Each is a Python of its own that opens the database for reading only. They are talked to through
their pipes, in pickles, which only this program writes: a helper that gives anything else is lost.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import IO, Any

from credit_workflow.calendar import WorkCalendar
from credit_workflow.casework.ahead import Help, HelperLost, Ready, ready_of
from credit_workflow.casework.nightly import SweepReport, decided, resting_collector
from credit_workflow.engine.timers import catch_up
from credit_workflow.engine.world import Moment
from credit_workflow.store.batch import Batch
from credit_workflow.store.database import Database

#: More would wait for the one process that writes.
_MOST = 3
_START = (
    "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer); from credit_workflow.store.helpers import serve;"
    " serve()"
)


def help_for(database: Database, calendar: WorkCalendar, moment: Moment) -> Help | None:
    """Return what starts helpers for a sweep, or None where they would be of no use.

    Args:
        database: a file; on a database server several sweeps share the work instead.
        calendar: counts what the transitions start.
        moment: of the sweep.
    """
    several = min(_processors(), _MOST)
    is_file = "://" not in database.url or database.url.startswith("sqlite")
    if several < 2 or not is_file or not sys.executable or getattr(sys, "frozen", False):  # noqa: PLR2004 - one is us
        return None
    return partial(helping, database.url, calendar, moment, several)


@contextmanager
def helping(
    url: str, calendar: WorkCalendar, moment: Moment, count: int, kind: Callable[[], Processes] | None = None
) -> Iterator[Processes]:
    """Start helpers, and stop them at the end, whatever they are doing.

    Args:
        url: the database's.
        calendar: counts what the transitions start.
        moment: of the sweep.
        count: how many.
        kind: makes those that are not yet started, where they are not `Processes`.
    """
    helpers = Processes() if kind is None else kind()
    try:
        helpers.start(url, calendar, moment, count)
        yield helpers
    finally:
        helpers.stop()


class Processes:
    """Helpers as processes; the batches come back in the order in which they were given out."""

    def __init__(self) -> None:
        self._all: list[subprocess.Popen[bytes]] = []
        self._idle: deque[subprocess.Popen[bytes]] = deque()
        self._busy: deque[subprocess.Popen[bytes]] = deque()

    def start(self, url: str, calendar: WorkCalendar, moment: Moment, count: int) -> None:
        """Start so many; without any there is nobody idle, and nothing is given out."""
        no_window = getattr(subprocess, "CREATE_NO_WINDOW", 0)
        command = [sys.executable, "-c", _START]
        with suppress(OSError):
            for _ in range(count):
                one = subprocess.Popen(  # noqa: S603 - this very program
                    command,
                    creationflags=no_window,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                )
                self._all.append(one)
                _send(one, sys.path)
                _send(one, (url, calendar, moment))
                self._idle.append(one)

    def stop(self) -> None:
        """Stop all of them; they hold nothing that could be lost."""
        for one in self._all:
            one.kill()
        for one in self._all:
            one.communicate()

    def idle(self) -> bool:
        """Whether one has nothing to do."""
        return bool(self._idle)

    def decide(self, roots: Sequence[str]) -> None:
        """Have an idle one decide on the families under these roots; it is told only once it has been heard.

        Raises:
            HelperLost: it is not there any more.
        """
        one = self._idle.popleft()
        try:
            _send(one, list(roots))
        except OSError:
            raise HelperLost from None
        self._busy.append(one)

    def ready(self) -> Ready:
        """Wait for the batch that was given out first.

        Raises:
            HelperLost: its helper failed.
        """
        one = self._busy.popleft()
        try:
            found = _received(_pipe(one.stdout))
        except (OSError, EOFError, pickle.UnpicklingError):
            raise HelperLost from None
        if not isinstance(found, Ready):
            raise HelperLost
        self._idle.append(one)
        return found


def serve() -> None:
    """Be a helper: decide on what comes in until nothing more does."""
    told = sys.stdin.buffer
    said = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a plug-in may print is no answer
    url, calendar, moment = _received(told)
    database = Database(url)
    with suppress(EOFError, BrokenPipeError), resting_collector():
        while True:
            roots: list[str] = _received(told)
            pickle.dump(ready_batch(database, calendar, moment, roots), said, pickle.HIGHEST_PROTOCOL)
            said.flush()


def ready_batch(database: Database, calendar: WorkCalendar, moment: Moment, roots: list[str]) -> Ready:
    """Decide on the families under some roots, and make the rows; one that fails is left out.

    Args:
        database: is read, in one view.
        calendar: counts what the transitions start.
        moment: of the sweep.
        roots: the cases at the top of the families.
    """
    with database.reading() as db:
        unsaid = SweepReport(as_of=moment.effective)  # the sweep itself will say what failed
        before, outcomes = decided(db, calendar, roots, unsaid, lambda world: catch_up(world, moment))
        batch = Batch(db, before)
        for outcome in outcomes:
            batch.add(outcome)
        entries = (entry for outcome in outcomes for entry in outcome.entries)
        return ready_of(db.events_kept(), batch.rows, entries)


def _processors() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not every system has it
        return os.cpu_count() or 1


def _send(one: subprocess.Popen[bytes], value: Any) -> None:
    pipe = _pipe(one.stdin)
    pickle.dump(value, pipe, pickle.HIGHEST_PROTOCOL)
    pipe.flush()


def _received(pipe: IO[bytes]) -> Any:
    return pickle.load(pipe)  # noqa: S301 - from a process that this program started, and that only it talks to


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:  # pragma: no cover - they are started with pipes
        raise HelperLost
    return pipe
