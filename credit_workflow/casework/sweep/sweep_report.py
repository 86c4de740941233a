"""Report what a sweep did: in one batch, and in the whole night."""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from msgspec import UNSET, Struct

from credit_workflow.casework.answer import like
from credit_workflow.casework.cases.failures import Failure, shown_failures
from credit_workflow.casework.sweep.certificates import Tally
from credit_workflow.casework.sweep.sweep_answers import AwaitedDate, UnconfirmedDay
from credit_workflow.casework.sweep.sweep_answers import SweepReport as SweepAnswer
from credit_workflow.engine.values import Entry
from credit_workflow.text import Lang


class Ready(Struct, frozen=True, kw_only=True):
    """What a helper decided on one batch.

    ``seen`` is how many entries the log of the cases had when it was read, ``entries`` how many it
    gives; ``rows`` are what the store is to keep, ``fired`` counts the actions of deadlines, ``done`` is their
    tally, and ``first`` the first day as of which anything holds. Where the helper kept it itself,
    ``kept`` is how many entries the log had before and has now, and ``rows`` is empty.
    """

    seen: int
    entries: int
    rows: bytes = b""
    kept: tuple[int, int] | None = None
    fired: Mapping[str, int]
    done: Tally
    first: date | None


def ready_of(seen: int, entries: Iterable[Entry], *, rows: bytes = b"", kept: tuple[int, int] | None = None) -> Ready:
    """Return what a batch comes to.

    Args:
        seen: the entries that the log of the cases had when it was read.
        entries: what was decided.
        rows: what is still to be kept.
        kept: the entries that the log had before and after, where it is kept already.
    """
    fired: dict[str, int] = {}
    done, first, count = Tally(), None, 0
    for entry in entries:
        count += 1
        first = entry.effective if first is None else min(first, entry.effective)
        if entry.change.deadline is not None:
            fired[entry.action] = fired.get(entry.action, 0) + 1
            done.add(entry.case, entry.change.deadline, entry.action)
    return Ready(seen=seen, entries=count, rows=rows, kept=kept, fired=fired, done=done, first=first)


@dataclass(kw_only=True)
class SweepReport:
    """What one sweep did.

    ``as_of`` is the day that it was for; ``caught_up_from`` the first day that had been missed;
    ``waiting`` are rights that would end by a date which is only provisional. ``due`` counts what
    was due when it began, ``done`` what it fired; ``ranges`` are the entries of the log that it
    made, each as (the last one before, the last one of it); ``opened`` the recurring cases opened.
    """

    as_of: date
    fired: Counter[str] = field(default_factory=Counter)
    failed: list[Failure] = field(default_factory=list)
    caught_up_from: date | None = None
    waiting: list[tuple[str, str, str]] = field(default_factory=list)
    recounted: int = 0
    opened: list[str] = field(default_factory=list)
    due: Tally = field(default_factory=Tally)
    done: Tally = field(default_factory=Tally)
    ranges: list[list[int]] = field(default_factory=list)

    #: The last certain day, where that of the sweep is not, and how many deadlines waited for that.
    confirmed: date | None = None
    unconfirmed: int = 0
    begins_after: int = 0
    #: The earliest day on which something that it fired took effect.
    first: date | None = None

    def add(self, before: int, after: int, batch: Ready) -> None:
        """Note what was kept in one transaction, as the entries after ``before`` and through ``after``."""
        if after > before:
            self._add_range(before, after)
        self.done.include(batch.done)
        self.fired.update(batch.fired)
        if batch.first is not None:
            self.first = batch.first if self.first is None else min(self.first, batch.first)

    def _add_range(self, before: int, after: int) -> None:
        """Note entries in their order, whoever is heard of first, and as one range what follows on each other."""
        place = bisect(self.ranges, [before, after])
        self.ranges.insert(place, [before, after])
        if place + 1 < len(self.ranges) and self.ranges[place + 1][0] == after:
            self.ranges[place][1] = self.ranges.pop(place + 1)[1]
        if place and self.ranges[place - 1][1] == before:
            self.ranges[place - 1][1] = self.ranges.pop(place)[1]


def answer_of(report: SweepReport, seal: int | None, lang: Lang) -> SweepAnswer:
    """Return the report as whoever asked for the sweep reads it.

    Args:
        report: what the sweep did.
        seal: the number of the seal over it, None where the signing key is kept elsewhere.
        lang: the language of messages.
    """
    return like(
        SweepAnswer,
        report,
        fired=dict(report.fired),
        failed=shown_failures(report.failed, lang),
        opened=tuple(report.opened),
        waiting_for_notice=tuple(
            AwaitedDate(case=case, deadline=deadline, due=date.fromisoformat(due))
            for case, deadline, due in report.waiting
        ),
        seal=seal,
        unconfirmed=UNSET
        if report.confirmed is None
        else UnconfirmedDay(confirmed=report.confirmed, waiting=report.unconfirmed),
    )
