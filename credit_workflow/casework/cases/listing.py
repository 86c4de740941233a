"""Look up cases as of now, what waits for somebody, what is overdue, and records.

Everything is as of now, whether or not the scheduler has run: what time has brought about is
worked out in memory, by the same engine, for the few cases that it concerns.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import msgspec
from msgspec import Struct

from credit_workflow.casework.access.seen import Seen
from credit_workflow.casework.cases.case_answers import Case as ShownCase
from credit_workflow.casework.cases.case_answers import Waiting
from credit_workflow.casework.cases.failures import FAULTS, Failure, failure_of, shown_failures
from credit_workflow.casework.cases.opening import family_of
from credit_workflow.casework.cases.snapshot import Snapshot, Viewer, failures_in
from credit_workflow.casework.cases.views import shown_case, without_texts
from credit_workflow.casework.criteria import CaseQuery
from credit_workflow.casework.ports import Reading
from credit_workflow.casework.units.register import present_names
from credit_workflow.engine.clocks import deadlines as dl
from credit_workflow.engine.values import Actor, Case, Mark
from credit_workflow.engine.world import World
from credit_workflow.errors import UsageFault
from credit_workflow.text import Text

_FAR = date.max
#: How many cases are read at once where not all are wanted.
_AT_ONCE = 200


def show_case(snapshot: Snapshot, number: str, viewer: Viewer, workflow: str | None = None) -> ShownCase:
    """Return a case as of now.

    Raises:
        NotFound: there is no such case, or not in that workflow; or nothing is seen of it.
    """
    viewer.sight.known(number)
    return show_kept(snapshot, family_of(snapshot.db, number, workflow), number, viewer)


def show_kept(snapshot: Snapshot, kept: dict[str, Case], number: str, viewer: Viewer) -> ShownCase:
    """Return a case as of now, of a family as it is kept."""
    now = snapshot.caught_up(kept)
    shown, failure = _shown(
        now.world, number, viewer, recorded=number not in now.unrecorded, version=kept[number].version
    )
    failed = shown_failures([one for one in (now.failure or failure,) if one is not None], viewer.lang)
    return msgspec.structs.replace(shown, failed=failed[0]) if failed else shown


def _shown(
    world: World, number: str, viewer: Viewer, *, recorded: bool, version: int, actions: bool = True
) -> tuple[ShownCase, Failure | None]:
    """Return a case, without its actions where it can't be said which are open, and why."""
    case = world.cases[number]
    try:
        return shown_case(world, case, viewer, recorded=recorded, version=version, actions=actions), None
    except FAULTS as fault:
        if not actions:
            raise
        plain = shown_case(world, case, viewer, recorded=recorded, version=version, actions=False)
        children = tuple(sorted(child.number for child in world.children_of(number)))
        return msgspec.structs.replace(plain, children=children), failure_of(number, fault)


class Filter(Struct, frozen=True, kw_only=True):
    """Which cases to list; what is not given does not narrow.

    Args:
        workflow: of this workflow only.
        state: in this state only.
        role: that wait for this role only.
        unit: of this unit only, by any name that it has or had.
        assignee: given to this account only.
        subject: about the person with this ID number or code only; of those that are seen with whom they are about.
        record: about this record only.
        number: with this in their number only.
        due_before: with a running deadline due before this day (exclusive).
        open: not those that have ended.
        limit: at most so many.
        after: where the page before ended: its ``next``.
        actions: whether it is worked out which actions are open to whoever asks.
        texts: whether what texts say is told, such as reasons.
    """

    workflow: str | None = None
    state: str | None = None
    role: str | None = None
    unit: str | None = None
    assignee: str | None = None
    subject: str | None = None
    record: str | None = None
    number: str | None = None
    due_before: date | None = None
    open: bool = False
    limit: int | None = None
    after: str | None = None
    actions: bool = True
    texts: bool = True


class Listed(NamedTuple):
    """Cases, and those that can't be carried on, with why: they are listed as they were recorded.

    Where more would follow, ``next`` is where this page ended.
    """

    cases: list[ShownCase]
    failures: list[Failure]
    next: str | None = None


def list_cases(snapshot: Snapshot, wanted: Filter, viewer: Viewer, person: str | None = None) -> Listed:
    """Return the cases wanted as of now, of which something is seen, oldest first.

    Args:
        snapshot: where they are.
        wanted: which.
        viewer: who looks.
        person: the ``key`` of the ``subject`` wanted.

    Raises:
        UsageFault: ``after`` is not where a page ended.
    """
    moved, units = snapshot.moved(), present_names(snapshot.db)
    enough = Seen.MASKED if person is None else Seen.WHOLE  # who finds a person's cases is told whose they are
    following: str | None = None
    views: list[ShownCase] = []
    failures = list(failures_in(moved))
    families: dict[str, World] = {}
    for stored in _stored(snapshot, wanted, viewer, person, moved=bool(moved)):
        now = moved.get(stored.number)
        world = None if now is None else now.world
        case = stored if world is None else world.cases[stored.number]
        if not _wanted(case, wanted) or viewer.sight.of(case) < enough:
            continue
        if wanted.limit is not None and len(views) >= wanted.limit:
            following = cursor_of(views[-1].opened, views[-1].number)
            break
        if world is None:
            world = families.get(stored.number)
        if world is None:
            family = snapshot.db.cases.family(stored.number) if wanted.actions else {stored.number: stored}
            world = World(rules=snapshot.db.rules, calendar=snapshot.calendar(), cases=family, units=units)
            families.update(dict.fromkeys(family, world))
        flag_due = any(
            dl.passing(world.rules_of(case).deadline(n), d, snapshot.moment.effective)
            for n, d in case.deadlines.items()
        )
        unrecorded = flag_due or (now is not None and stored.number in now.unrecorded)
        shown, failure = _shown(
            world, stored.number, viewer, recorded=not unrecorded, version=stored.version, actions=wanted.actions
        )
        views.append(shown if wanted.texts else without_texts(shown, world.rules_of(case).workflow))
        failures += [] if failure is None else [failure]
    return Listed(views if wanted.actions else _with_children(snapshot, views), failures, following)


def todo(snapshot: Snapshot, viewer: Viewer, *, unit: str | None = None) -> tuple[tuple[Waiting, ...], list[Failure]]:
    """Return the open cases that wait for the viewer, the most urgent first, and what can't be carried on.

    A case that is assigned to somebody else waits for nobody else in the roles that he has.
    """
    if viewer.actor is None:
        return (), []
    waits = Waits(snapshot, viewer.actor)
    found = []
    listed = list_cases(snapshot, Filter(unit=unit, actions=False, texts=False), viewer)
    for case in listed.cases:
        if waits.holds(case):
            nearest = case.nearest_deadline
            waiting = {"nearest": nearest.id, "due": nearest.due} if nearest else {"nearest": None, "due": None}
            found.append(Waiting(**msgspec.structs.asdict(case), **waiting))
    return tuple(sorted(found, key=lambda case: (case.due or _FAR, case.number))), listed.failures


class Waits:
    """Whether cases wait for somebody.

    Args:
        snapshot: where they are.
        actor: for whom.
    """

    def __init__(self, snapshot: Snapshot, actor: Actor) -> None:
        self._actor = actor
        self._accounts = snapshot.db.accounts
        self._units = present_names(snapshot.db)
        roles = (
            (rules, role, rule) for rules in snapshot.db.rules.values() for role, rule in rules.workflow.roles.items()
        )
        #: (workflow, version, role) of those roles that act on cases of their own unit alone.
        self._own = {(rules.id, rules.workflow.version, role) for rules, role, rule in roles if rule.own_unit}

    def holds(self, case: ShownCase) -> bool:
        """Whether a case waits for him."""
        if case.assignee == self._actor.account:
            return True
        mine = self._roles(case, self._actor)
        if not mine or case.assignee is None:
            return bool(mine)
        other = self._accounts.get(case.assignee)
        return other is None or not mine <= self._roles(case, other)

    def _roles(self, case: ShownCase, actor: Actor) -> set[str]:
        """The roles of somebody for which a case waits."""
        same = case.unit is None or actor.unit is None or self._named(case.unit) == self._named(actor.unit)
        key = (case.workflow, case.definition_version)
        return {role for role in actor.roles.intersection(case.waits_for) if same or (*key, role) not in self._own}

    def _named(self, unit: str) -> str:
        return self._units.get(unit, unit)


def marks_in_force(snapshot: Snapshot, record: str) -> list[tuple[str, Mark]]:
    """Return the marks that stand on a record now, with the cases that placed them."""
    return [
        (case, mark) for case, mark in snapshot.db.records.marks_on(record) if mark.in_force(snapshot.moment.effective)
    ]


def _stored(snapshot: Snapshot, wanted: Filter, viewer: Viewer, person: str | None, *, moved: bool) -> Iterator[Case]:
    """Give the cases of the part of a filter that the database can answer, from stored values alone, oldest first.

    Where not all are wanted, they are read by and by.
    """
    query = CaseQuery(
        workflow=wanted.workflow,
        units=None if wanted.unit is None else viewer.sight.names_of(wanted.unit),
        state=None if moved else wanted.state,
        record=wanted.record,
        person=person,
        part=wanted.number,
        open_only=wanted.open,
        after=None if wanted.after is None else place_of(wanted.after),
        oldest=at_once(wanted.limit),
    )
    return read_through(snapshot.db, query)


def read_through(db: Reading, query: CaseQuery) -> Iterator[Case]:
    """Give all cases wanted, oldest first: by and by, so many at once as the query says by its ``oldest``."""
    while True:
        found = db.cases.find(query)
        yield from found
        if query.oldest is None or len(found) < query.oldest:
            return
        query = msgspec.structs.replace(query, after=(found[-1].opened, found[-1].number))


def at_once(limit: int | None) -> int | None:
    """Return how many cases are read at once where at most so many are wanted; None where all are."""
    return None if limit is None else max(_AT_ONCE, limit + 1)


def cursor_of(opened: date, number: str) -> str:
    """Return where a page ended, by the day of filing and the number of its last case."""
    return f"{opened}.{number}"


def place_of(cursor: str) -> tuple[date, str]:
    """Return the day of filing and the number of the case at which a page ended.

    Raises:
        UsageFault: it is not where a page ended.
    """
    day, _, number = cursor.partition(".")
    try:
        opened = date.fromisoformat(day)
    except ValueError:
        opened = None
    if opened is None or not number:
        message = Text("“{c}”不是上一页给出的续查位置（next）", "“{c}” is not where a page ended (its “next”)")
        raise UsageFault(message.fill(c=cursor[:80]), code="cursor")
    return opened, number


def _wanted(case: Case, wanted: Filter) -> bool:
    if wanted.state is not None and case.state != wanted.state:
        return False
    if wanted.role is not None and wanted.role not in case.waits_for:
        return False
    if wanted.assignee is not None and case.assignee != wanted.assignee:
        return False
    if wanted.open and case.final:
        return False
    if wanted.due_before is None:
        return True
    return any(d.status == "running" and d.due < wanted.due_before for d in case.deadlines.values())


def _with_children(snapshot: Snapshot, shown: list[ShownCase]) -> list[ShownCase]:
    children = snapshot.db.cases.children([case.number for case in shown])
    return [msgspec.structs.replace(case, children=tuple(children.get(case.number, ()))) for case in shown]
