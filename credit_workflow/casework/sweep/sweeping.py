"""Sweep at night: write down what time alone has brought about, each thing once."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial

from msgspec import UNSET

from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.casework.cases.failures import FAULTS, Failure, failure_of
from credit_workflow.casework.cases.furnishing import caught_up, looks_at_more
from credit_workflow.casework.explanation.counted_worlds import migrated_cases, with_counting
from credit_workflow.casework.journal.drafting import by_system
from credit_workflow.casework.journal.entry import Line
from credit_workflow.casework.journal.running_entries import Counted, Swept
from credit_workflow.casework.ports import Claim, Reading, Store, Writing
from credit_workflow.casework.sweep.helped_sweep import WORTHWHILE, Help, sweep_ahead
from credit_workflow.casework.sweep.recurring_cases import open_due
from credit_workflow.casework.sweep.sweep_report import SweepReport, ready_of
from credit_workflow.definition.library import Definition
from credit_workflow.engine.timers import catch_up, recount, waits_for_day
from credit_workflow.engine.values import Case, Entry
from credit_workflow.engine.world import Moment, Outcome, World
from credit_workflow.errors import CreditWorkflowError

#: Due deadlines committed together; what a kill can undo, and the sweep's memory, follow from it.
BATCH = 4_000


def sweep(
    store: Store,
    calendar: WorkCalendar,
    moment: Moment,
    progress: Callable[[int, int], None] | None = None,
    batch: int = BATCH,
    recurring: Iterable[Definition] = (),
    helpers: Help | None = None,
) -> SweepReport:
    """Fire everything that is due by the moment's day, in transactions of ``batch`` deadlines.

    A sweep that is stopped and started again goes on where it was: what was committed is no
    longer due. A family that fails is reported and left as it was.

    Args:
        store: where the cases are.
        calendar: counts what the transitions start.
        moment: the instant of recording, and the day up to which things are due.
        progress: called with the number of deadlines done and the number due.
        batch: due deadlines in one transaction.
        recurring: the definitions whose recurring cases are opened first.
        helpers: starts those who decide for a large sweep, where there are any.

    Raises:
        Conflict: the database stayed busy.
    """
    report = SweepReport(as_of=moment.effective)
    with store.reading() as db:
        last = db.journal.last(Swept)
        last_day = _last_day(db, last, moment.effective)
    if last is None or last.said.edition != calendar.edition:
        recount_all(store, calendar, moment, report, batch)
    # The turns of a day that may be false are not opened: nobody could take the cases back.
    opened = open_due(store, calendar, recurring if moment.confirmed is None else (), moment)
    report.opened = opened.cases
    report.failed += [failure_of(duty, fault) for duty, fault in opened.failed]
    with store.reading() as db:
        report.waiting = db.due.waiting_for_notice(moment.effective)
        report.begins_after = db.cases.entries_kept()
        for line in _due(db, moment, report):
            report.due.add(*line)
    with store.staying_open(), resting_collector():
        if helpers is not None and report.due.count >= WORTHWHILE * batch:
            with helpers() as helping:
                sweep_ahead(store, helping, moment, report, batch, progress)
        for claim in Claim:
            _fire(store, calendar, moment, report, claim, batch, progress)
        with store.writing() as db:
            _certify(db, calendar, moment, report, last_day)
    return report


def _last_day(db: Reading, last: Line[Swept] | None, today: date) -> date | None:
    """Return the last day that was swept; what a clock that ran ahead took for later days does not count."""
    if last is None or last.said.as_of <= today:
        return None if last is None else last.said.as_of
    return max((line.said.as_of for line in db.journal.of(Swept) if line.said.as_of <= today), default=None)


def _due(db: Reading, moment: Moment, report: SweepReport) -> Iterator[tuple[str, str, str]]:
    """Give (case, deadline, due) of what the sweep is to record; count what waits for its day to be confirmed."""
    if moment.confirmed is None:
        yield from db.due.lines(moment.effective)
        return
    report.confirmed = moment.confirmed
    for case, name, due, effective, definition in db.due.lines_by_rule(moment.effective):
        if waits_for_day(db.rules[definition], name, date.fromisoformat(effective), moment.confirmed):
            report.unconfirmed += 1
        else:
            yield case, name, due


def _fire(
    store: Store,
    calendar: WorkCalendar,
    moment: Moment,
    report: SweepReport,
    claim: Claim,
    batch: int,
    progress: Callable[[int, int], None] | None,
) -> None:
    """Fire what is due and can be claimed in one way, page by page to the end.

    Whoever waits for others works on one deadline at a time, so that nobody ever waits for what
    the other is waiting for.
    """
    limit = 1 if claim is Claim.WAITING else batch
    place: tuple[str, str] | None = None
    while True:
        hopeless = {failure.case for failure in report.failed}
        with store.writing(claim) as db:
            roots, place = db.due.claim(moment.effective, place, limit, claim)
            if place is None:
                return
            wanted = [root for root in roots if root not in hopeless]
            failed: list[Failure] = []
            # What looks at more than its own cases is decided on alone: others may change that meanwhile.
            passing = partial(caught_up, db, moment) if claim is Claim.WAITING else partial(passed, moment)
            entries, kept = _decide(db, calendar, wanted, failed, passing)
        report.failed += failed
        report.add(*kept, ready_of(kept[0], entries))
        if progress is not None:
            progress(sum(report.fired.values()), report.due.count)


def recount_all(
    store: Store,
    calendar: WorkCalendar,
    moment: Moment,
    report: SweepReport,
    batch: int = BATCH,
    note: Callable[[World, Outcome], None] | None = None,
) -> None:
    """Count running deadlines again because a notice has changed the calendar since they were counted.

    Args:
        store: where the cases are.
        calendar: the calendar as it is now.
        moment: when it is recorded.
        report: takes how many cases were moved, and those that could not be counted.
        batch: families in one transaction.
        note: told of each family, what it was and what was decided.
    """
    after = ""
    migrated: frozenset[str] | None = None
    while True:
        with store.writing() as db:
            roots = db.due.stale_roots(calendar.edition, after=after, limit=batch)
            if not roots:
                return
            if migrated is None:  # it looks through the whole log
                migrated = migrated_cases(db)
            failed: list[Failure] = []
            again = partial(_recounted, db, migrated, moment, note)
            entries, _ = _decide(db, calendar, roots, failed, again)
        report.failed += failed
        report.recounted += len(entries)
        after = roots[-1]


def _recounted(
    db: Writing,
    migrated: frozenset[str],
    moment: Moment,
    note: Callable[[World, Outcome], None] | None,
    world: World,
) -> Outcome:
    outcome = recount(with_counting(db, world, migrated), moment)
    if note is not None:
        note(world, outcome)
    return outcome


@contextmanager
def resting_collector() -> Iterator[None]:
    """Let the collector of circles rest: cases, entries and rows form none, and it would walk them all."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _decide(
    db: Writing, calendar: WorkCalendar, roots: list[str], failed: list[Failure], decide: Callable[[World], Outcome]
) -> tuple[list[Entry], tuple[int, int]]:
    """Decide on each family under the roots and keep what follows; return the entries, and their place in the log."""
    before, outcomes = decided(db, calendar, roots, failed, decide)
    place = db.cases.keep(before, outcomes)
    return [entry for outcome in outcomes for entry in outcome.entries], place


def passed(moment: Moment, world: World) -> Outcome:
    """Decide what has passed in a family; one of which more than its cases must be looked at is left as it is."""
    if looks_at_more(world, moment):
        return Outcome(entries=(), world=world)
    return catch_up(world, moment)


def decided(
    db: Reading,
    calendar: WorkCalendar,
    roots: list[str],
    failed: list[Failure],
    decide: Callable[[World], Outcome],
) -> tuple[dict[str, Case], list[Outcome]]:
    """Decide on each family under some roots.

    Args:
        db: has the cases.
        calendar: counts what is started.
        roots: the cases at the top of the families.
        failed: takes the families on which it can't be decided; they stay as they were.
        decide: decides on one family.

    Returns:
        The cases as they were, by number, and what was decided upon them, where that was anything.
    """
    before: dict[str, Case] = {}
    outcomes: list[Outcome] = []
    for root, family in readable(db, roots, failed):
        try:
            outcome = decide(World(rules=db.rules, calendar=calendar, cases=family))
        except FAULTS as fault:
            failed.append(failure_of(root, fault))
            continue
        if outcome.entries:
            before.update(family)
            outcomes.append(outcome)
    return before, outcomes


def readable(db: Reading, roots: list[str], failed: list[Failure]) -> list[tuple[str, dict[str, Case]]]:
    """Return the families under the roots; where one can't be read, the others, and why it can't."""
    try:
        return list(db.cases.families(roots, unopened=True).items())
    except CreditWorkflowError:
        found = []
        for root in roots:
            try:
                found.append((root, db.cases.families([root], unopened=True)[root]))
            except CreditWorkflowError as fault:
                failed.append(failure_of(root, fault))
        return found


def _certify(db: Writing, calendar: WorkCalendar, moment: Moment, report: SweepReport, last: date | None) -> None:
    """Note in the log that the day was swept, and from when things had been missed."""
    today = moment.effective
    if last is not None and last < today - timedelta(days=1):
        report.caught_up_from = last + timedelta(days=1)
    elif last is None and report.first is not None and report.first < today:
        report.caught_up_from = report.first
    said = Swept(
        as_of=today,
        fired=dict(report.fired),
        due=Counted(count=report.due.count, digest=report.due.digest),
        done=Counted(count=report.done.count, digest=report.done.digest),
        begins_after=report.begins_after,
        ends_with=db.cases.entries_kept(),
        ranges=tuple((before, after) for before, after in report.ranges),
        nights_missed=0 if last is None else max((today - last).days - 1, 0),
        failed=tuple(failure.case for failure in report.failed),
        caught_up_from=report.caught_up_from,
        waiting=len(report.waiting),
        recounted=report.recounted,
        edition=calendar.edition,
        confirmed=UNSET if moment.confirmed is None else moment.confirmed,
    )
    db.journal.add(by_system(moment, said))
