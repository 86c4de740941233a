"""A process of its own for tests of many at once: an operator, or a sweep. What it did is a line of JSON."""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from credit_workflow.casework.acting import Form, NewCase
from credit_workflow.errors import Conflict, CreditWorkflowError
from tests.postgres.unit import Unit

DAY = "2026-04-20"


def operate(unit: Unit, name: str, own: int, shared: list[str]) -> dict[str, Any]:
    """Lodge and carry on some objections of one's own, and try to be the one who archives each of the shared ones."""
    done: Counter[str] = Counter()
    cases, won = [], []
    for n in range(max(own, len(shared))):
        if n < own:
            record = f"R-{name}-{n}"
            case = unit.submit("window1", DAY, NewCase(workflow="objection", record=record), _all(reason="有误"))
            unit.act("window1", DAY, case, "accept", _all())
            cases.append(case)
        if n < len(shared):
            try:
                unit.act("window1", DAY, shared[n], "archive", _all())
                won.append(shared[n])
            except CreditWorkflowError as refused:
                done[refused.code if isinstance(refused, Conflict) else "refused"] += 1
    return {"cases": cases, "won": won, "not": done}


def _all(**given: str) -> Form:
    return Form(given=given, all_materials=True)


def sweep(unit: Unit, batch: int) -> dict[str, Any]:
    """Sweep, telling of each batch on a line of its own."""
    report = unit.sweep(DAY, batch=batch, progress=lambda *done: say(done))
    return {"fired": dict(report.fired), "failed": len(report.failed)}


def say(what: object) -> None:
    """Tell the test."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def main(url: str, work: str) -> None:
    """Do what the JSON says."""
    said = json.loads(work)
    with tempfile.TemporaryDirectory() as folder:
        unit = Unit(Path(folder), known=True, url=url)
        kind = said.pop("kind")
        result = sweep(unit, **said) if kind == "sweep" else operate(unit, **said)
    say(result)


if __name__ == "__main__":
    main(*sys.argv[1:])
