"""Start processes that help with large work on a file: each is asked one thing after another, and answers.

Each is a Python of its own that opens the database for reading only. They are talked to through
their pipes, in pickles, which only this program writes: a helper that gives anything else is lost.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from typing import IO, Any

from credit_workflow.casework.sweep.helped_sweep import HelperLost
from credit_workflow.casework.sweep.sweeping import resting_collector

#: More would wait for the one process that they help.
_MOST = 3
_START = (
    "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer);"
    " from credit_workflow.store.workers.helpers import serve; serve()"
)

#: What a helper does, made in the helper itself.
Answering = Callable[..., AbstractContextManager[Callable[[Any], Any]]]


class Processes:
    """Helpers as processes; the answers come back in the order in which they were asked for.

    Args:
        answers: the type of an answer.
    """

    def __init__(self, answers: type[Any]) -> None:
        self._answers = answers
        self._all: list[subprocess.Popen[bytes]] = []
        self._idle: deque[subprocess.Popen[bytes]] = deque()
        self._busy: deque[subprocess.Popen[bytes]] = deque()

    def start(self, count: int, answering: Answering, *of: Any) -> None:
        """Start so many; where none can be started, nobody is idle, and whoever asks does it alone.

        Args:
            count: how many.
            answering: a function of a module, called in each helper.
            of: what it is called with.
        """
        with suppress(OSError):
            for _ in range(count):
                one = subprocess.Popen(  # noqa: S603 - this very program
                    [sys.executable, "-c", _START],
                    creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                )
                self._all.append(one)
                _send(one, sys.path)
                _send(one, (answering, of))
                self._idle.append(one)

    def stop(self) -> None:
        """Stop all of them, whatever they are doing: they hold nothing that could be lost."""
        for one in self._all:
            one.kill()
        for one in self._all:
            with suppress(OSError, ValueError):
                one.communicate()

    def idle(self) -> bool:
        """Whether one has nothing to do."""
        return bool(self._idle)

    def ask(self, what: Any) -> None:
        """Ask an idle one. It has been heard to the end, so that neither waits for the other's pipe.

        Raises:
            HelperLost: it is not there any more.
        """
        one = self._idle.popleft()
        try:
            _send(one, what)
        except OSError:
            raise HelperLost from None
        self._busy.append(one)

    def answer(self) -> Any:
        """Wait for the answer to what was asked first.

        Raises:
            HelperLost: its helper failed, or none was asked.
        """
        if not self._busy:
            raise HelperLost
        one = self._busy.popleft()
        try:
            found = _received(_pipe(one.stdout))
        except (OSError, EOFError, pickle.UnpicklingError):
            raise HelperLost from None
        if not isinstance(found, self._answers):
            raise HelperLost
        self._idle.append(one)
        return found


def processors() -> int:
    """Return how many helpers are of use: as many as there are processors, up to a few; 1 where none is."""
    if not sys.executable or getattr(sys, "frozen", False):  # the program itself is no Python
        return 1
    try:
        return min(len(os.sched_getaffinity(0)), _MOST)
    except AttributeError:  # not every system has it
        return min(os.cpu_count() or 1, _MOST)


def serve() -> None:
    """Be a helper: answer what comes in until nothing more does."""
    asked = sys.stdin.buffer
    said = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a plug-in may print is no answer
    answering, of = _received(asked)
    with suppress(EOFError, BrokenPipeError), resting_collector(), answering(*of) as answer:
        while True:
            pickle.dump(answer(_received(asked)), said, pickle.HIGHEST_PROTOCOL)
            said.flush()


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
