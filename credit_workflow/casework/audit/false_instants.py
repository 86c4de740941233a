"""Tell entries whose instants were found to be false, and put those of several logs in the order of their recording."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple, cast

from credit_workflow.casework.clock import local
from credit_workflow.casework.journal.clock_entries import CorrectionAsked, CorrectionMade, OfClock
from credit_workflow.casework.journal.entry import Line
from credit_workflow.casework.ports import Reading


class Corrected(NamedTuple):
    """That a log was put right: what was asked for, if it was, what was said, and the entries with false instants.

    Those are (case, seq) in ``cases``, and (stream, seq) in ``journal``.
    """

    asked: Line[CorrectionAsked] | None
    made: Line[CorrectionMade]
    cases: set[tuple[str, int]]
    journal: set[tuple[str, int]]


def corrections(db: Reading) -> list[Corrected]:
    """Return how often the log was put right, the first time first."""
    found: list[Corrected] = []
    event, place, asked = 0, 0, None
    for line in db.journal.of(OfClock):
        if isinstance(line.said, CorrectionAsked):
            asked = cast("Line[CorrectionAsked]", line)
        if isinstance(line.said, CorrectionMade):
            made = cast("Line[CorrectionMade]", line)
            cases = db.cases.later_than(line.at, event, line.said.ran_ahead)
            found.append(Corrected(asked, made, cases, db.journal.later_than(line.at, place, line.place - 1)))
            event, place, asked = line.said.ran_ahead, line.place, None
    return found


def in_order(db: Reading, zone: str) -> Callable[[datetime, str, int], tuple[datetime, bool, datetime, str, int]]:
    """Return what sorts entries in the order of their recording, by instant, log and number there.

    Those with false instants stand where they were recorded: before what put the log right.

    Args:
        db: the database, open for reading.
        zone: the zone whose clocks the instants show.
    """
    false = {key: local(one.made.at, zone) for one in corrections(db) for key in _keys(one)}

    def key(at: datetime, log: str, seq: int) -> tuple[datetime, bool, datetime, str, int]:
        true = false.get((log, seq))
        return (at if true is None else true, true is None, at, log, seq)

    return key


def _keys(one: Corrected) -> Iterable[tuple[str, int]]:
    return (*one.cases, *one.journal)
