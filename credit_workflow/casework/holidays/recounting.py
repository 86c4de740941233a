"""Count open deadlines again by another calendar, and say beforehand what that will move."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.casework.cases.failures import Failure
from credit_workflow.casework.cases.ways_back import way_back_from
from credit_workflow.casework.explanation.counted_worlds import migrated_cases, with_counting
from credit_workflow.casework.holidays.calendar_answers import EndedByDate, MovedDate
from credit_workflow.casework.ports import Reading
from credit_workflow.casework.sweep.sweep_report import SweepReport
from credit_workflow.casework.sweep.sweeping import readable
from credit_workflow.engine.clocks import deadlines as dl
from credit_workflow.engine.timers import recount
from credit_workflow.engine.values import Case, Deadline
from credit_workflow.engine.world import Moment, Outcome, World
from credit_workflow.text import Lang

#: Families counted again together; more would only cost memory.
BATCH = 1_000
#: More families than any database has.
ALL = 2**31
Progress = Callable[[int, int], None]


@dataclass(kw_only=True)
class Touched:
    """What a notice does to the open deadlines.

    ``certain`` counts the dates that stay and are provisional no longer; ``becomes_overdue`` and
    ``stops_being_overdue`` are cases; ``failed`` those that could not be counted.
    """

    moves: list[MovedDate] = field(default_factory=list)
    certain: int = 0
    becomes_overdue: list[str] = field(default_factory=list)
    stops_being_overdue: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)

    def note(self, world: World, outcome: Outcome, today: date) -> None:
        """Add what was decided on one family."""
        for entry in outcome.entries:
            case = world.cases[entry.case]
            for name, fresh in entry.change.deadlines.items():
                old = case.deadlines[name]
                if fresh.due != old.due:
                    moved = MovedDate(case=entry.case, deadline=name, before=old.due, after=fresh.due)
                    self.moves.append(moved)
                elif old.provisional and not fresh.provisional:
                    self.certain += 1
            was = _overdue(world, case, today)
            now = _overdue(world, outcome.world.cases[entry.case], today)
            if now != was:
                (self.becomes_overdue if now else self.stops_being_overdue).append(entry.case)


def _overdue(world: World, case: Case, today: date) -> bool:
    rules = world.rules_of(case)
    return any(
        deadline.status == "running" and deadline.due < today and rules.deadline(name).late == "overdue"
        for name, deadline in case.deadlines.items()
    )


def preview(db: Reading, calendar: WorkCalendar, moment: Moment, progress: Progress | None = None) -> Touched:
    """Return what counting by another calendar would move; nothing is written.

    Args:
        db: the database, open for reading.
        calendar: the calendar as it would be.
        moment: when; a case is overdue or not by its day.
        progress: called with the number of families done and in all.
    """
    touched = Touched()
    report = SweepReport(as_of=moment.effective)
    roots = db.due.stale_roots(calendar.edition, limit=ALL)
    migrated = migrated_cases(db)
    for start in range(0, len(roots), BATCH):
        for _, family in readable(db, roots[start : start + BATCH], report.failed):
            world = with_counting(db, World(rules=db.rules, calendar=calendar, cases=family), migrated)
            touched.note(world, recount(world, moment), moment.effective)
        if progress is not None:
            progress(min(start + BATCH, len(roots)), len(roots))
    touched.failed = report.failed
    return touched


def ended_by_date(db: Reading, before: WorkCalendar, after: WorkCalendar, lang: Lang) -> list[EndedByDate]:
    """Return what had ended, by the passing of a deadline alone, on another day than it does by another calendar.

    Args:
        db: the database, open for reading.
        before: the calendar as it was.
        after: the calendar as it is to be.
        lang: the language of titles.
    """
    changed = changed_days(before, after)
    if changed is None:
        return []
    found: list[EndedByDate] = []
    roots = db.due.ended_roots(*changed)
    migrated = migrated_cases(db) if roots else frozenset()
    for start in range(0, len(roots), BATCH):
        for _, family in readable(db, roots[start : start + BATCH], []):
            world = with_counting(db, World(rules=db.rules, calendar=after, cases=family), migrated)
            found += _ended_in(db, world, changed, lang)
    return sorted(found, key=lambda one: (not one.too_early, one.before, one.case))


def changed_days(before: WorkCalendar, after: WorkCalendar) -> tuple[date, date] | None:
    """Return the first and the last day of which two calendars say otherwise whether one works, or None."""
    first, last = max(before.first, after.first), min(before.last, after.last)
    days = [
        one.date
        for year in range(first.year, last.year + 1)
        for one, other in zip(before.year(year), after.year(year), strict=True)
        if one.works != other.works
    ]
    return (min(days), max(days)) if days else None


def _ended_in(db: Reading, world: World, changed: tuple[date, date], lang: Lang) -> Iterator[EndedByDate]:
    for number, case in world.cases.items():
        for name, deadline in case.deadlines.items():
            if not ended_by_passing(deadline) or not (deadline.starts < changed[1] and deadline.due >= changed[0]):
                continue
            rules = world.rules_counting(case, name)
            fresh = dl.recounted(rules, deadline, world.calendar)
            if fresh.due != deadline.due:
                too_early = fresh.due > deadline.due
                way = way_back_from(db, world.rules_of(case), case, name) if too_early else (None, None)
                yield EndedByDate(
                    case=number,
                    deadline=name,
                    title=rules.deadline(name).title.text.to(lang),
                    state=case.state,
                    final=case.final,
                    before=deadline.due,
                    after=fresh.due,
                    too_early=too_early,
                    remedy=way[0],
                    command=way[1],
                )


def ended_by_passing(deadline: Deadline) -> bool:
    """Whether a deadline has ended because its last day had passed, and not because somebody acted."""
    return deadline.flagged is not None and deadline.status in ("lapsed", "met")
