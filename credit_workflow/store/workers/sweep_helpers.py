"""Help with a large sweep, each helper a process (`credit_workflow.casework.sweep.helped_sweep`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.casework.ports import Claim
from credit_workflow.casework.sweep.helped_sweep import Help
from credit_workflow.casework.sweep.sweep_report import Ready, ready_of
from credit_workflow.casework.sweep.sweeping import decided, passed
from credit_workflow.engine.values import Entry
from credit_workflow.engine.world import Moment, Outcome
from credit_workflow.store.database import Database
from credit_workflow.store.mapping.batch import Batch, packed
from credit_workflow.store.workers.helpers import Processes, processors


def help_for(database: Database, calendar: WorkCalendar, moment: Moment) -> Help | None:
    """Return what starts helpers for a sweep, or None where they would be of no use.

    Args:
        database: what is swept.
        calendar: counts what the transitions start.
        moment: of the sweep.
    """
    several = processors()
    if several < 2:  # noqa: PLR2004 - one is us
        return None
    return partial(helping, database.url, database.keys, calendar, moment, several)


@contextmanager
def helping(
    url: str, keys: Path, calendar: WorkCalendar, moment: Moment, count: int, kind: type[SweepHelpers] | None = None
) -> Iterator[SweepHelpers]:
    """Start helpers, and stop them at the end.

    Args:
        url: the database's.
        keys: where this machine keeps keys.
        calendar: counts what the transitions start.
        moment: of the sweep.
        count: how many.
        kind: what they are, where not `SweepHelpers`.
    """
    helpers = (kind or SweepHelpers)(Ready)
    try:
        helpers.start(count, deciding, url, keys, calendar, moment)
        yield helpers
    finally:
        helpers.stop()


class SweepHelpers(Processes):
    """Processes as `credit_workflow.casework.sweep.helped_sweep` knows them."""

    def decide(self, roots: Sequence[str]) -> None:
        """Have an idle one decide on the families under these roots."""
        self.ask(list(roots))

    def ready(self) -> Ready:
        """Wait for the batch that was given out first."""
        found: Ready = self.answer()
        return found


@contextmanager
def deciding(url: str, keys: Path, calendar: WorkCalendar, moment: Moment) -> Iterator[Callable[[list[str]], Ready]]:
    """Decide on batches in a helper."""
    database = Database(url, keys)
    with database.staying_open():
        yield partial(kept_batch if database.on_server else ready_batch, database, calendar, moment)


def ready_batch(database: Database, calendar: WorkCalendar, moment: Moment, roots: list[str]) -> Ready:
    """Decide on the families under some roots, and make the rows; one that fails is left out, and for the sweep to say.

    Args:
        database: is read, in one view.
        calendar: counts what the transitions start.
        moment: of the sweep.
        roots: the cases at the top of the families.
    """
    with database.reading() as db:
        before, outcomes = decided(db, calendar, roots, [], partial(passed, moment))
        batch = Batch(db, db.cases, before)
        for outcome in outcomes:
            batch.add(outcome)
        return ready_of(db.cases.entries_kept(), _entries(outcomes), rows=packed(batch.rows))


def kept_batch(database: Database, calendar: WorkCalendar, moment: Moment, roots: list[str]) -> Ready:
    """Claim the families under some roots, decide on them and keep what follows, beside others who do the same.

    One that fails, or that others work on now, is left out, and for the sweep.

    Args:
        database: a server's.
        calendar: counts what the transitions start.
        moment: of the sweep.
        roots: the cases at the top of the families.

    Raises:
        CreditWorkflowError: it can't be written.
    """
    with database.writing(Claim.FREE) as db:
        claimed = db.cases.claim(roots, Claim.FREE)
        before, outcomes = decided(db, calendar, claimed, [], partial(passed, moment))
        kept = db.cases.keep(before, outcomes)
    return ready_of(kept[0], _entries(outcomes), kept=kept)


def _entries(outcomes: Sequence[Outcome]) -> Iterator[Entry]:
    return (entry for outcome in outcomes for entry in outcome.entries)
