"""Read the log of applications (附件2·八(一)): who applied when, about what, why, and which marks came of it.

It is read from the cases of every workflow with a ``kept_log``, as of now; nothing of it is ever deleted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from heapq import merge
from itertools import islice

from msgspec.structs import replace

from credit_workflow.casework.access.seen import Seen
from credit_workflow.casework.answer import Page
from credit_workflow.casework.audit.entries import Query
from credit_workflow.casework.cases.listing import at_once, cursor_of, place_of, read_through
from credit_workflow.casework.cases.snapshot import Snapshot, Viewer
from credit_workflow.casework.criteria import CaseQuery
from credit_workflow.casework.units.register import present_names
from credit_workflow.definition.expression_tree import paths_in
from credit_workflow.definition.words.titles import state_title
from credit_workflow.engine.facts import CaseFacts
from credit_workflow.engine.values import Case, Mark
from credit_workflow.engine.world import SYSTEM_ACTOR, World
from credit_workflow.errors import DefinitionFault, UsageFault
from credit_workflow.identity import masked
from credit_workflow.text import Text


class LoggedMark(Page, frozen=True, kw_only=True):
    """A mark that came of an application: in force from ``placed``, through its ``last_day``, or until ``lifted``."""

    kind: str
    title: str
    placed: date
    last_day: date | None
    lifted: date | None
    in_force: bool


class Application(Page, frozen=True, kw_only=True):
    """An application: ``about`` is the ID number of whoever applied, masked unless the whole was asked for.

    ``name`` and ``reason`` are None for who sees such cases masked; ``filed`` is the day on which it was brought,
    ``by`` the account that entered it.
    """

    case: str
    workflow: str
    parent: str | None
    about: str
    name: str | None
    record: str | None
    filed: date
    reason: str | None
    state: str
    state_title: str
    unit: str | None
    by: str
    marks: tuple[LoggedMark, ...]


class Applications(Page, frozen=True, kw_only=True):
    """A page of applications in the order of their filing; where more follow, ``next`` is how the next is asked for."""

    applications: tuple[Application, ...]
    next: str | None


def applications(
    snapshot: Snapshot, viewer: Viewer, query: Query, *, full: bool, limit: int | None = None, after: str | None = None
) -> Applications:
    """Return the applications wanted as of now, in the order of their filing.

    Args:
        snapshot: the database as of now.
        viewer: who reads.
        query: which; its days are those of filing, inclusive, its subject is whoever applied.
        full: show whole ID numbers rather than masked ones.
        limit: at most so many.
        after: where the page before ended: its ``next``.

    Raises:
        UsageFault: ``after`` is not where a page ended, or ``limit`` is less than one.
    """
    if limit is not None and limit < 1:
        raise UsageFault(Text("每页至少列1件", "a page has one application at least"), code="limit")
    units = present_names(snapshot.db)
    wanted = _wanted(snapshot, viewer, query, limit, None if after is None else place_of(after))
    page = list(islice(wanted, limit))
    more = next(wanted, None) is not None
    return Applications(
        applications=tuple(_one(snapshot, viewer, case, units, full=full) for case in page),
        next=cursor_of(page[-1].opened, page[-1].number) if more else None,
    )


def _wanted(
    snapshot: Snapshot, viewer: Viewer, query: Query, limit: int | None, after: tuple[date, str] | None
) -> Iterator[Case]:
    """Give the cases wanted as of now, as far as something is seen of them, in the order of their filing."""
    moved = snapshot.moved()
    asked = CaseQuery(
        person=query.subject,
        record=query.record,
        since=query.first,
        before=None if query.last is None else query.last + timedelta(days=1),
        acted=query.account,
        after=after,
        oldest=at_once(limit),
    )
    names = sorted({rules.id for rules in snapshot.db.rules.values() if rules.workflow.kept_log is not None})
    found = (read_through(snapshot.db, replace(asked, workflow=name)) for name in names)
    for kept in merge(*found, key=lambda case: (case.opened, case.number)):
        now = moved.get(kept.number)
        case = kept if now is None else now.world.cases[kept.number]
        if viewer.sight.of(case) is not Seen.NOTHING:
            yield case


def _one(snapshot: Snapshot, viewer: Viewer, case: Case, units: Mapping[str, str], *, full: bool) -> Application:
    rules = snapshot.db.rules[case.definition]
    whole = viewer.sight.of(case) is Seen.WHOLE
    opening = case.done.get(rules.opening_action)
    return Application(
        case=case.number,
        workflow=case.workflow,
        parent=case.parent,
        about=case.subject.id if full else masked(case.subject.id),
        name=case.subject.name if whole else None,
        record=case.record or None,
        filed=case.opened,
        reason=_reason(snapshot, viewer, case) if whole else None,
        state=case.state,
        state_title=state_title(rules.workflow, case.state).to(viewer.lang),
        unit=case.unit and units.get(case.unit, case.unit),
        by="" if opening is None else opening.by,
        marks=tuple(_mark(mark, viewer) for mark in case.marks.values()),
    )


def _reason(snapshot: Snapshot, viewer: Viewer, case: Case) -> str | None:
    """Return why somebody applied, by the case's own definition, or one in which the workflow keeps its log."""
    db = snapshot.db
    own = [db.rules[case.definition], *(rules for rules in db.rules.values() if rules.id == case.workflow)]
    rule = next(rules.workflow.kept_log for rules in own if rules.workflow.kept_log is not None)
    hidden = viewer.sight.hidden(case)
    if any(path[:2] == ("case", "fields") and path[2:3] and path[2] in hidden for path in paths_in(rule.reason)):
        return None
    world = World(rules=db.rules, calendar=snapshot.calendar(), cases={case.number: case})
    try:
        said = CaseFacts.of(world, case, SYSTEM_ACTOR, case.opened).value(rule.reason)
    except DefinitionFault:  # a case of an older version need not have what is asked for
        return None
    return None if said is None else str(said)


def _mark(mark: Mark, viewer: Viewer) -> LoggedMark:
    return LoggedMark(
        kind=mark.kind,
        title=mark.title_zh if viewer.lang == "zh" else mark.title_en,
        placed=mark.placed,
        last_day=mark.last_day,
        lifted=mark.lifted,
        in_force=mark.in_force(viewer.moment.effective),
    )
