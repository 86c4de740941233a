"""Notices delivered into a folder, against the same files and the same writes by `sqlite3` alone."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.office import Bare, Office, in_turn
from benchmarks.timing import Result, paired
from credit_workflow.casework.acting import Form, NewCase
from credit_workflow.casework.notifications.delivery import Delivered, Policy, deliver
from credit_workflow.casework.notifications.messages import Message
from credit_workflow.channels.spool import Spool

_EACH = 100
_PAIRS = 9


class _Noted(Spool):
    """A spool that notes what it wrote."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.sent: list[Message] = []

    def send(self, message: Message) -> None:
        super().send(message)
        self.sent.append(message)


def run() -> list[Result]:
    with tempfile.TemporaryDirectory() as name:
        office = Office(Path(name), _EACH * (_PAIRS + 1))
        moment, spool = office.acting("window1").moment, _Noted(Path(name) / "notices")
        numbers = iter(range(_EACH * (_PAIRS + 1)))
        bare, plain = Bare(Path(name) / "bare.db"), Path(name) / "plain"
        plain.mkdir()

        def accept() -> None:
            """Accept objections: each puts its receipt into the outbox."""
            form = Form(given={"reason": "有误"}, all_materials=True)
            for _ in range(_EACH):
                case = office.submit(NewCase(workflow="objection", record=f"R-{next(numbers)}"), form)
                office.act(case, "accept")

        def send() -> Delivered:
            return deliver(office.database, office.calendar, moment, spool, Policy())

        def ours() -> float:
            accept()
            office.copy(Path(name) / "bare.db")
            return _seconds(in_turn(bare, send))

        def theirs() -> float:
            def write() -> None:
                for message in spool.sent:
                    file = plain / f"{message.to}-{message.key[:16]}"
                    draft = file.with_suffix(".new")
                    draft.write_text(f"{message.subject}\n\n{message.body}", encoding="utf-8", newline="\n")
                    draft.replace(file)
                bare.write()

            took = _seconds(write)
            spool.sent.clear()
            return took

        return [
            paired(
                f"{_EACH} notices delivered into a folder, each recorded",
                "the same files and writes by bare `sqlite3`, the same commits",
                "—",
                ours,
                theirs,
                pairs=_PAIRS,
            )
        ]


def _seconds(do: Callable[[], object]) -> float:
    start = time.perf_counter()
    do()
    return time.perf_counter() - start
