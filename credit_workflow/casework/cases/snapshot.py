"""Who looks, and at what: one open view of the database as of a moment, and what is overdue in it.

This stands apart from `listing`, so that most who look load no more of the engine than they need.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from msgspec import Struct

from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.casework.access.sight import Sight
from credit_workflow.casework.answer import DeadlineKind
from credit_workflow.casework.cases.failures import FAULTS, Failure, failure_of
from credit_workflow.casework.cases.overdue_answers import Overdue
from credit_workflow.casework.ports import Reading
from credit_workflow.casework.units.register import present_names
from credit_workflow.engine.values import Actor, Case, Entry
from credit_workflow.engine.world import Moment, World
from credit_workflow.text import Lang


class Viewer(Struct, frozen=True, kw_only=True):
    """Who looks, when, in which language, and what of cases is seen then."""

    actor: Actor | None
    moment: Moment
    lang: Lang
    sight: Sight


class AsOfNow(NamedTuple):
    """Linked cases as of now.

    ``entries`` are those that the sweep has yet to make, ``unrecorded`` the cases that they are about. Where what
    has passed can't be carried out, ``failure`` says why, and the cases are as they were recorded.
    """

    world: World
    entries: tuple[Entry, ...]
    unrecorded: frozenset[str]
    failure: Failure | None = None


class Snapshot(Struct, frozen=True, kw_only=True):
    """One open view of the database, as of a moment.

    ``calendar`` is a function so that it is loaded only where something has to be counted.
    """

    db: Reading
    moment: Moment
    calendar: Callable[[], WorkCalendar]

    def caught_up(self, family: dict[str, Case]) -> AsOfNow:
        """Return linked cases as of now; as they were recorded where what has passed can't be carried out."""
        from credit_workflow.casework.cases.furnishing import (  # noqa: PLC0415 - where nothing has moved, nothing is decided
            caught_up,
            waiting,
        )

        world = World(rules=self.db.rules, calendar=self.calendar(), cases=family, units=present_names(self.db))
        try:
            outcome = caught_up(self.db, self.moment, world)
        except FAULTS as fault:
            late = waiting(world, self.moment)
            return AsOfNow(world, (), frozenset(late), failure_of(late[0], fault))
        return AsOfNow(outcome.world, outcome.entries, frozenset(entry.case for entry in outcome.entries))

    def moved(self) -> dict[str, AsOfNow]:
        """Return, by case, the linked cases as of now of all that time has moved and the sweep has yet to record."""
        found: dict[str, AsOfNow] = {}
        roots = self.db.due.moved_roots(self.moment.effective)
        for family in self.db.cases.families(roots).values() if roots else ():
            found.update(dict.fromkeys(family, self.caught_up(family)))
        return found


def failures_in(moved: Mapping[str, AsOfNow]) -> Iterable[Failure]:
    """Give why some of what time has moved can't be carried on."""
    return (now.failure for now in moved.values() if now.failure is not None)


def overdue(
    snapshot: Snapshot,
    moved: Mapping[str, AsOfNow],
    sight: Sight,
    *,
    unit: str | None = None,
    workflow: str | None = None,
    kind: DeadlineKind = "statutory",
) -> tuple[Overdue, ...]:
    """Return the duties of cases that are seen, past their last day, longest first.

    ``days_over`` are calendar days from the due date.

    Args:
        snapshot: the open view.
        moved: what `Snapshot.moved` says.
        sight: what is seen of cases.
        unit: of this unit's cases, by any name that it has or had.
        workflow: of this workflow's cases.
        kind: statutory ones or targets.
    """
    today, names = snapshot.moment.effective, sight.names_of(unit)
    rows = []
    for duty in snapshot.db.due.overdue(today, kind):
        if (unit and duty.unit not in names) or (workflow and duty.workflow != workflow):
            continue
        if not sight.plainly(duty.workflow, duty.unit) and not sight.knows(duty.case):
            continue
        state, waits_for = duty.state, duty.waits_for
        if duty.case in moved:
            case = moved[duty.case].world.cases[duty.case]
            if case.deadlines[duty.deadline].status != "running":
                continue
            state, waits_for = case.state, case.waits_for
        rows.append(
            Overdue(
                case=duty.case,
                workflow=duty.workflow,
                state=state,
                deadline=duty.deadline,
                kind=kind,
                due=duty.due,
                days_over=(today - duty.due).days,
                waiting_for=duty.owed_by or (waits_for[0] if waits_for else None),
                unit=duty.unit,
                provisional=duty.provisional,
            )
        )
    return tuple(rows)
