"""Look up cases as of now, what waits for somebody, what is overdue, and records.

Everything is as of now, whether or not the scheduler has run: what time has brought about is
worked out in memory, by the same engine, for the few cases that it concerns.
"""

from __future__ import annotations

from datetime import date

import msgspec
from msgspec import Struct

from credit_workflow.casework.cases.case_answers import Case as ShownCase
from credit_workflow.casework.cases.case_answers import Waiting
from credit_workflow.casework.cases.opening import family_of
from credit_workflow.casework.cases.snapshot import Snapshot, Viewer
from credit_workflow.casework.cases.views import shown_case
from credit_workflow.casework.criteria import CaseQuery
from credit_workflow.engine.clocks import deadlines as dl
from credit_workflow.engine.values import Case, Mark
from credit_workflow.engine.world import World

_FAR = date.max


def show_case(snapshot: Snapshot, number: str, viewer: Viewer, workflow: str | None = None) -> ShownCase:
    """Return a case as of now.

    Raises:
        NotFound: there is no such case, or not in that workflow.
    """
    return show_kept(snapshot, family_of(snapshot.db, number, workflow), number, viewer)


def show_kept(snapshot: Snapshot, kept: dict[str, Case], number: str, viewer: Viewer) -> ShownCase:
    """Return a case as of now, of a family as it is kept."""
    world, unrecorded = snapshot.caught_up(kept)
    return shown_case(
        world, world.cases[number], viewer, recorded=number not in unrecorded, version=kept[number].version
    )


class Filter(Struct, frozen=True, kw_only=True):
    """Which cases to list; what is not given does not narrow.

    Args:
        workflow: of this workflow only.
        state: in this state only.
        role: that wait for this role only.
        unit: of this unit only.
        due_before: with a running deadline due before this day (exclusive).
        open: not those that have ended.
        limit: at most so many.
        actions: whether it is worked out which actions are open to whoever asks.
    """

    workflow: str | None = None
    state: str | None = None
    role: str | None = None
    unit: str | None = None
    due_before: date | None = None
    open: bool = False
    limit: int | None = None
    actions: bool = True


def list_cases(snapshot: Snapshot, wanted: Filter, viewer: Viewer) -> list[ShownCase]:
    """Return the cases wanted as of now, oldest first."""
    moved = snapshot.moved()
    views = []
    families: dict[str, World] = {}
    for stored in snapshot.db.cases.find(_narrowed(wanted, moved=bool(moved))):
        world, unrecorded = moved.get(stored.number, (None, False))
        case = stored if world is None else world.cases[stored.number]
        if not _wanted(case, wanted):
            continue
        if world is None:
            world = families.get(stored.number)
        if world is None:
            family = snapshot.db.cases.family(stored.number) if wanted.actions else {stored.number: stored}
            world = World(rules=snapshot.db.rules, calendar=snapshot.calendar(), cases=family)
            families.update(dict.fromkeys(family, world))
        flag_due = any(
            dl.passing(world.rules_of(case).deadline(n), d, snapshot.moment.effective)
            for n, d in case.deadlines.items()
        )
        recorded = not (unrecorded or flag_due)
        views.append(
            shown_case(
                world,
                case,
                viewer,
                recorded=recorded,
                version=stored.version,
                actions=wanted.actions,
            )
        )
        if wanted.limit is not None and len(views) >= wanted.limit:
            break
    return views if wanted.actions else _with_children(snapshot, views)


def todo(snapshot: Snapshot, viewer: Viewer, *, unit: str | None = None) -> tuple[Waiting, ...]:
    """Return the open cases that wait for the viewer, the most urgent first.

    A case that is assigned to somebody else waits for nobody else.
    """
    if viewer.actor is None:
        return ()
    account, roles = viewer.actor.account, viewer.actor.roles
    found = []
    for case in list_cases(snapshot, Filter(unit=unit, actions=False), viewer):
        if case.assignee == account or (case.assignee is None and roles.intersection(case.waits_for)):
            nearest = case.nearest_deadline
            waiting = {"nearest": nearest.id, "due": nearest.due} if nearest else {"nearest": None, "due": None}
            found.append(Waiting(**msgspec.structs.asdict(case), **waiting))
    return tuple(sorted(found, key=lambda case: (case.due or _FAR, case.number)))


def marks_in_force(snapshot: Snapshot, record: str) -> list[tuple[str, Mark]]:
    """Return the marks that stand on a record now, with the cases that placed them."""
    return [
        (case, mark) for case, mark in snapshot.db.records.marks_on(record) if mark.in_force(snapshot.moment.effective)
    ]


def _narrowed(wanted: Filter, *, moved: bool) -> CaseQuery:
    """The part of a filter that the database can answer, from stored values alone."""
    state = None if moved else wanted.state
    return CaseQuery(workflow=wanted.workflow, unit=wanted.unit, state=state, open_only=wanted.open)


def _wanted(case: Case, wanted: Filter) -> bool:
    if wanted.state is not None and case.state != wanted.state:
        return False
    if wanted.role is not None and wanted.role not in case.waits_for:
        return False
    if wanted.open and case.final:
        return False
    if wanted.due_before is None:
        return True
    return any(d.status == "running" and d.due < wanted.due_before for d in case.deadlines.values())


def _with_children(snapshot: Snapshot, shown: list[ShownCase]) -> list[ShownCase]:
    children = snapshot.db.cases.children([case.number for case in shown])
    return [msgspec.structs.replace(case, children=tuple(children.get(case.number, ()))) for case in shown]
