"""Who looks, and at what: one open view of the database as of a moment, and what is overdue in it.

This stands apart from `listing`, so that most who look load no more of the engine than they need.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.casework.answer import DeadlineKind
from credit_workflow.casework.cases.overdue_answers import Overdue
from credit_workflow.casework.ports import Reading
from credit_workflow.engine.values import Actor, Case
from credit_workflow.engine.world import Moment, World
from credit_workflow.errors import DefinitionFault
from credit_workflow.text import Lang


class Viewer(Struct, frozen=True, kw_only=True):
    """Who looks, when, and in which language."""

    actor: Actor | None
    moment: Moment
    lang: Lang


class Snapshot(Struct, frozen=True, kw_only=True):
    """One open view of the database, as of a moment.

    ``calendar`` is a function so that it is loaded only where something has to be counted.
    """

    db: Reading
    moment: Moment
    calendar: Callable[[], WorkCalendar]

    def caught_up(self, family: dict[str, Case]) -> tuple[World, set[str]]:
        """Return the world of linked cases as of now, and those with something yet to be recorded."""
        from credit_workflow.engine.timers import catch_up  # noqa: PLC0415 - where nothing has moved, nothing is decided

        world = World(rules=self.db.rules, calendar=self.calendar(), cases=family)
        outcome = catch_up(world, self.moment)
        return outcome.world, {entry.case for entry in outcome.entries}

    def moved(self) -> dict[str, tuple[World, bool]]:
        """Return the worlds, by case, of all that time has moved and the sweep has yet to record.

        The flag says that the case itself has something to be recorded. Cases whose definition can't
        be carried out stay as they were recorded: the sweep names them.
        """
        found: dict[str, tuple[World, bool]] = {}
        roots = self.db.due.moved_roots(self.moment.effective)
        for family in self.db.cases.families(roots).values() if roots else ():
            try:
                world, unrecorded = self.caught_up(family)
            except DefinitionFault:
                continue
            found.update({number: (world, number in unrecorded) for number in family})
        return found


def overdue(
    snapshot: Snapshot, *, unit: str | None = None, workflow: str | None = None, kind: DeadlineKind = "statutory"
) -> tuple[Overdue, ...]:
    """Return the duties past their last day, longest first; statutory ones or targets.

    ``days_over`` are calendar days from the due date.
    """
    today = snapshot.moment.effective
    rows = []
    moved = snapshot.moved()
    for duty in snapshot.db.due.overdue(today, kind):
        if (unit and duty.unit != unit) or (workflow and duty.workflow != workflow):
            continue
        state, waits_for = duty.state, duty.waits_for
        if duty.case in moved:
            case = moved[duty.case][0].cases[duty.case]
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
