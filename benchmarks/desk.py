"""One action at a desk of one office, against the engine's own path: read the family, fire, keep, commit.

Both keep their connection. The desk also finds who acts, when and under which rules, and returns the case as it then is.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.office import AT, Office
from benchmarks.timing import Result, paired
from credit_workflow.service.office import open_database

_EACH = 40
_PAIRS = 9


def run() -> list[Result]:
    with tempfile.TemporaryDirectory() as name:
        total = 2 * _EACH * (_PAIRS + 1)
        own = Office(Path(name), total)
        with own.database.staying_open(), open_database(own.database.path, clock=lambda: AT) as office:
            waiting, desk = iter(own.objections(total)), office.as_account("window1")

            def ours() -> None:
                _accept(waiting, lambda case: desk.act(case, "accept"))

            def engine() -> None:
                _accept(waiting, lambda case: own.act(case, "accept"))

            return [
                paired(
                    f"one action at a desk, committed ({_EACH} in a row, in one process)",
                    "the engine's own path with the store",
                    "at most 1.3 times its time",
                    ours,
                    engine,
                    pairs=_PAIRS,
                )
            ]


def _accept(waiting: Iterator[str], accept: Callable[[str], object]) -> None:
    for _ in range(_EACH):
        accept(next(waiting))
