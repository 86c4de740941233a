"""What people look up: cases as of now, what waits for them, what is overdue, records.

Everything is as of now, whether or not the scheduler has run: what time has brought about is
worked out in memory, by the same engine, for the few cases that it concerns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from credit_workflow.calendar import WorkCalendar
from credit_workflow.casework.births import family_of
from credit_workflow.casework.ports import Reading
from credit_workflow.casework.views import Viewer, case_view
from credit_workflow.engine import deadlines as dl
from credit_workflow.engine.timers import catch_up
from credit_workflow.engine.values import Case, Mark
from credit_workflow.engine.world import Moment, World

_FAR = date.max


@dataclass(frozen=True, kw_only=True)
class Desk:
    """One open view of the database, as of a moment.

    ``calendar`` is a function so that it is loaded only where something has to be counted.
    """

    db: Reading
    moment: Moment
    calendar: Callable[[], WorkCalendar]

    def caught_up(self, family: dict[str, Case]) -> tuple[World, set[str]]:
        """Return the world of linked cases as of now, and those with something yet to be recorded."""
        world = World(rules=self.db.rules, calendar=self.calendar(), cases=family)
        outcome = catch_up(world, self.moment)
        return outcome.world, {entry.case for entry in outcome.entries}

    def moved(self) -> dict[str, tuple[World, bool]]:
        """Return the worlds, by case, of all that time has moved and the sweep has yet to record.

        The flag says that the case itself has something to be recorded.
        """
        found: dict[str, tuple[World, bool]] = {}
        roots = self.db.moved_roots(self.moment.effective)
        for family in self.db.families(roots).values() if roots else ():
            world, unrecorded = self.caught_up(family)
            found.update({number: (world, number in unrecorded) for number in family})
        return found


def show_case(desk: Desk, number: str, viewer: Viewer, workflow: str | None = None) -> dict[str, Any]:
    """Return a case as of now.

    Raises:
        NotFound: there is no such case, or not in that workflow.
    """
    kept = family_of(desk.db, number, workflow)
    world, unrecorded = desk.caught_up(kept)
    return case_view(
        world, world.cases[number], viewer, recorded=number not in unrecorded, version=kept[number].version
    )


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which cases to list; what is None does not narrow. ``due_before`` is exclusive."""

    workflow: str | None = None
    state: str | None = None
    role: str | None = None
    unit: str | None = None
    due_before: date | None = None
    limit: int | None = None
    open_only: bool = False


def list_cases(desk: Desk, wanted: Filter, viewer: Viewer, *, actions: bool) -> list[dict[str, Any]]:
    """Return the cases wanted as of now, oldest first."""
    moved = desk.moved()
    where, values = _narrowed(wanted, list(moved))
    views = []
    families: dict[str, World] = {}
    for stored in desk.db.cases(where, values):
        world, unrecorded = moved.get(stored.number, (None, False))
        case = stored if world is None else world.cases[stored.number]
        if not _wanted(case, wanted):
            continue
        if world is None:
            world = families.get(stored.number)
        if world is None:
            family = desk.db.family(stored.number) if actions else {stored.number: stored}
            world = World(rules=desk.db.rules, calendar=desk.calendar(), cases=family)
            families.update(dict.fromkeys(family, world))
        flag_due = any(
            dl.passing(world.rules_of(case).deadline(n), d, desk.moment.effective) for n, d in case.deadlines.items()
        )
        views.append(
            case_view(
                world, case, viewer, recorded=not (unrecorded or flag_due), version=stored.version, actions=actions
            )
        )
        if wanted.limit is not None and len(views) >= wanted.limit:
            break
    if not actions:
        _add_children(desk, views)
    return views


def todo(desk: Desk, viewer: Viewer, *, unit: str | None = None) -> list[dict[str, Any]]:
    """Return the open cases that wait for the viewer, the most urgent first.

    A case that is assigned to somebody else waits for nobody else.
    """
    if viewer.actor is None:
        return []
    account, roles = viewer.actor.account, viewer.actor.roles
    found = []
    for view in list_cases(desk, Filter(unit=unit), viewer, actions=False):
        mine = view["assignee"] == account or (view["assignee"] is None and roles.intersection(view["waits_for"]))
        if mine:
            nearest = nearest_deadline(view)
            found.append(
                {**view, "deadline": nearest["id"] if nearest else None, "due": nearest["due"] if nearest else None}
            )
    return sorted(found, key=lambda v: (v["due"] or _FAR.isoformat(), v["case"]))


def nearest_deadline(view: dict[str, Any]) -> dict[str, Any] | None:
    """Return the running or overdue deadline of a case that is due first, statutory ones before targets."""
    open_ones = [d for d in view["deadlines"] if d["status"] in ("running", "overdue")]
    return min(open_ones, key=lambda d: (d["kind"] != "statutory", d["due"] or _FAR.isoformat()), default=None)


def overdue(
    desk: Desk, *, unit: str | None = None, workflow: str | None = None, kind: str = "statutory"
) -> list[dict[str, Any]]:
    """Return the duties past their last day, longest first; statutory ones or targets.

    ``days_over`` are calendar days from the due date.
    """
    today = desk.moment.effective
    rows = []
    moved = desk.moved()
    for row in desk.db.overdue_rows(today):
        number, case_workflow, _, state, case_unit, waits_for, deadline, its_kind, owed_by, due, provisional = row
        if its_kind != kind or (unit and case_unit != unit) or (workflow and case_workflow != workflow):
            continue
        if number in moved:
            case = moved[number][0].cases[number]
            if case.deadlines[deadline].status != "running":
                continue
            state, waits_for = case.state, ",".join(case.waits_for)
        rows.append(
            {
                "case": number,
                "workflow": case_workflow,
                "state": state,
                "deadline": deadline,
                "kind": its_kind,
                "due": due,
                "days_over": (today - date.fromisoformat(due)).days,
                "waiting_for": owed_by or (waits_for.split(",")[0] or None),
                "unit": case_unit,
                "provisional": bool(provisional),
            }
        )
    return rows


def marks_in_force(desk: Desk, record: str) -> list[tuple[str, Mark]]:
    """Return the marks that stand on a record now, with the cases that placed them."""
    return [(case, mark) for case, mark in desk.db.marks_on(record) if mark.in_force(desk.moment.effective)]


def _narrowed(wanted: Filter, moved: list[str]) -> tuple[str, list[Any]]:
    """The part of a filter that the database can answer, from stored values alone."""
    parts: list[str] = []
    values: list[Any] = []
    for column, value in (("workflow", wanted.workflow), ("unit", wanted.unit)):
        if value is not None:
            parts.append(f"{column} = ?")
            values.append(value)
    if wanted.state is not None and not moved:
        parts.append("state = ?")
        values.append(wanted.state)
    if wanted.open_only:
        parts.append("NOT final")
    return (f"WHERE {' AND '.join(parts)}" if parts else ""), values


def _wanted(case: Case, wanted: Filter) -> bool:
    if wanted.state is not None and case.state != wanted.state:
        return False
    if wanted.role is not None and wanted.role not in case.waits_for:
        return False
    if wanted.open_only and case.final:
        return False
    if wanted.due_before is None:
        return True
    return any(d.status == "running" and d.due < wanted.due_before for d in case.deadlines.values())


def _add_children(desk: Desk, views: Iterable[dict[str, Any]]) -> None:
    listed = list(views)
    children = desk.db.children([view["case"] for view in listed])
    for view in listed:
        view["children"] = children.get(view["case"], [])
