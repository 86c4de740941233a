"""Many operators on one PostgreSQL, and a failover: the figures of docs/production.md.

Each operator is a process that files objections and accepts them, one transaction each, with a connection of its own
for each as commands have it. The server is a real one on the same machine, with ``fsync`` on.
``python -m benchmarks.province`` prints the table.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.together import at_once
from credit_workflow.casework.acting import Form, NewCase
from credit_workflow.errors import CreditWorkflowError
from tests.postgres.pair import Pair
from tests.postgres.server import Server
from tests.postgres.unit import Unit, unit

_DAY = "2026-03-02"
_ACTIONS = 60
_OPERATORS = (1, 4, 16)


def main() -> None:
    """Measure, and print the rows."""
    print("| operators at once | actions a second | waits: median, 95 %, longest (ms) |\n|---|---|---|")
    with Server.make(fsync=True) as server:
        for count in _OPERATORS:
            with server.database(f"province_{count}") as url, tempfile.TemporaryDirectory() as folder:
                unit(Path(folder), url, records=count * _ACTIONS)
                print(_row(count, *_together(url, count)), flush=True)
    took = sorted(_failover() for _ in range(5))
    said = f"{statistics.median(took):.1f} s ({took[0]:.1f}–{took[-1]:.1f}, {len(took)} times)"
    print(f"\nfrom the loss of the primary to the next action that is acknowledged: {said}")


def _row(count: int, seconds: float, waits: list[float]) -> str:
    ordered = sorted(1000 * wait for wait in waits)
    middle, late = ordered[len(ordered) // 2], ordered[int(0.95 * len(ordered))]
    return f"| {count} | {len(ordered) / seconds:.0f} | {middle:.0f}, {late:.0f}, {ordered[-1]:.0f} |"


def _together(url: str, count: int) -> tuple[float, list[float]]:
    """Let so many operators work at once; the seconds from when all are ready, and how long each action took."""
    took, said = at_once([["-m", "benchmarks.province", url, str(n)] for n in range(count)])
    return took, [wait for waits in said for wait in json.loads(waits)]


def operate(url: str, number: int) -> None:
    """Be one operator."""
    with tempfile.TemporaryDirectory() as folder:
        people = Unit(Path(folder), known=True, url=url)
        form = Form(given={"reason": "有误"}, all_materials=True)
        print("ready", flush=True)
        sys.stdin.readline()
        waits = []
        for n in range(_ACTIONS // 2):
            start = time.perf_counter()
            case = people.submit(
                "window1", _DAY, NewCase(workflow="objection", record=f"R-{number * _ACTIONS + n + 1}"), form
            )
            filed = time.perf_counter()
            people.act("window1", _DAY, case, "accept", Form(all_materials=True))
            waits += [filed - start, time.perf_counter() - filed]
        print(json.dumps(waits), flush=True)


def _failover() -> float:
    """Kill a primary, promote its standby, and return the seconds until an action is acknowledged."""
    with Pair.made(fsync=True) as pair, tempfile.TemporaryDirectory() as folder:
        with pair.primary.connect() as db:
            db.execute("CREATE DATABASE province")
        people = unit(Path(folder), pair.url("province"), records=3)
        people.objection(_DAY, "R-1")
        start = time.perf_counter()
        pair.fail_over()
        while True:
            try:
                people.objection(_DAY, "R-2")
            except CreditWorkflowError:
                continue
            return time.perf_counter() - start


if __name__ == "__main__":
    if sys.argv[1:]:
        operate(sys.argv[1], int(sys.argv[2]))
    else:
        main()
