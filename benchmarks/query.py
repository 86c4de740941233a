"""A query answered, committed, against the same writes by bare `sqlite3` in one commit."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.office import PERSON, Bare, Office, in_turn
from benchmarks.timing import Result, paired
from credit_workflow.casework.acting import Form, NewCase

_EACH = 40
_PAIRS = 11
_RECORDS = 20


def run() -> list[Result]:
    with tempfile.TemporaryDirectory() as name:
        office = Office(Path(name), _RECORDS)
        asked = Form(given={"purpose": "贷款"}, all_materials=True)
        cases = [office.submit(NewCase(workflow="query", subject=PERSON), asked) for _ in range(_EACH * (_PAIRS + 1))]
        for case in cases:
            office.act(case, "accept")
        waiting = iter(cases)
        bare = Bare(office.copy(Path(name) / "bare.db"))

        def answer() -> None:
            for _ in range(_EACH):
                office.act(next(waiting), "answer")

        return [
            paired(
                f"a query answered from {_RECORDS} records, committed ({_EACH} in a row)",
                "the same writes by bare `sqlite3`, one commit each",
                "—",
                in_turn(bare, answer),
                bare.write,
                pairs=_PAIRS,
            )
        ]
