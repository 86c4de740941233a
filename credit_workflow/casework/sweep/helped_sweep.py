"""Share a large sweep with helpers, who take it batch after batch.

On a file, which has one writer, they read, decide and seal, and this process writes: what a helper
decided is kept if nobody else has touched its cases since they were read, which the log tells. On a
server each helper claims its batch and keeps it itself. It only makes a sweep quicker: what is not
kept stays due, and the sweep that follows decides on it as on everything else.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import Protocol

from credit_workflow.casework.ports import Store
from credit_workflow.casework.sweep.sweep_report import Ready, SweepReport
from credit_workflow.engine.world import Moment
from credit_workflow.errors import Conflict

#: A sweep of fewer batches is done before helpers are ready.
WORTHWHILE = 2
_PAGES = 8


class HelperLost(Exception):
    """A helper can't go on; what it was to do is done without it."""


class Helpers(Protocol):
    """Helpers that decide on batches; each takes one at a time."""

    def idle(self) -> bool:
        """Whether one has nothing to do."""

    def decide(self, roots: Sequence[str]) -> None:
        """Have an idle one decide on the families under these roots."""

    def ready(self) -> Ready:
        """Wait for the batch that was given out first."""


#: Starts helpers, who are sent home at the end.
Help = Callable[[], AbstractContextManager[Helpers]]


def sweep_ahead(
    store: Store,
    helpers: Helpers,
    moment: Moment,
    report: SweepReport,
    batch: int,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Have helpers decide on everything that is due, and keep it as far as it can be kept.

    What fails, or was touched by somebody else meanwhile, or has no helper left, stays due.

    Args:
        store: where the cases are; it stays open from one transaction to the next.
        helpers: those who decide.
        moment: the instant of recording, and the day up to which things are due.
        report: takes what was done.
        batch: due deadlines in one transaction.
        progress: called with the number of deadlines done and the number due.

    Raises:
        CreditWorkflowError: it can't be written.
    """
    pages = _pages(store, moment.effective, batch)
    out: deque[frozenset[str]] = deque()

    def give_out() -> None:
        # No family is given out twice at a time: what was decided on it first would not be seen.
        while helpers.idle() and (page := next(pages, None)) is not None:
            busy = frozenset[str]().union(*out)
            roots = [root for root in page if root not in busy]
            if roots:
                helpers.decide(roots)
                out.append(frozenset(roots))

    try:
        give_out()
        while out:
            ready = helpers.ready()
            give_out()
            if ready.entries and _kept(store, ready, out[0], report) and progress is not None:
                progress(sum(report.fired.values()), report.due.count)
            out.popleft()
    except HelperLost:
        return


def _pages(store: Store, today: date, batch: int) -> Iterator[list[str]]:
    """Give the roots of what is due, a batch at a time; several batches are looked up at once."""
    place: tuple[str, str] | None = None
    while True:
        with store.reading() as db:
            roots, place = db.due.page(today, place, batch * _PAGES)
        if not roots:
            return
        for start in range(0, len(roots), batch):
            yield roots[start : start + batch]


def _kept(store: Store, ready: Ready, roots: frozenset[str], report: SweepReport) -> bool:
    """Keep a batch, unless somebody else has made an entry about its families since it was read."""
    if ready.kept is not None:
        report.add(*ready.kept, ready)
        return True
    try:
        with store.writing() as db:
            before = db.cases.entries_kept()
            for after, last in gaps(report.ranges, ready.seen, before):
                if not roots.isdisjoint(db.cases.roots_between(after, last)):
                    return False
            place = db.cases.keep_rows(ready.rows)
    except Conflict:
        return False
    report.add(*place, ready)
    return True


def gaps(own: Sequence[Sequence[int]], seen: int, now: int) -> list[tuple[int, int]]:
    """Return the parts of a log after ``seen`` and through ``now`` that are not one's own, the newest first.

    Args:
        own: one's own parts, each as (the last entry before it, its last one), in order.
        seen: the last entry that was seen.
        now: the last entry that there is.
    """
    found = []
    for before, after in reversed(own):
        if now <= seen:
            break
        if after < now:
            found.append((max(after, seen), now))
        now = min(now, before)
    return [*found, (seen, now)] if now > seen else found
