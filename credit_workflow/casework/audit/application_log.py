"""Read the log of applications (附件2·八(一)): who applied when, about what, why, and which marks came of it.

It is read from the cases of every workflow with a ``kept_log``, as of now; nothing of it is ever deleted.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from credit_workflow.casework.access.seen import Seen
from credit_workflow.casework.answer import Page
from credit_workflow.casework.audit.entries import Query
from credit_workflow.casework.cases.snapshot import Snapshot, Viewer
from credit_workflow.casework.criteria import CaseQuery
from credit_workflow.definition.words.titles import state_title
from credit_workflow.engine.facts import CaseFacts
from credit_workflow.engine.values import Case, Mark
from credit_workflow.engine.world import SYSTEM_ACTOR, World
from credit_workflow.errors import DefinitionFault
from credit_workflow.identity import masked


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

    ``name`` and ``reason`` are None for who sees such cases masked; ``by`` is the account that entered it.
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
    """Applications in the order of their filing."""

    applications: tuple[Application, ...]


def applications(snapshot: Snapshot, viewer: Viewer, query: Query, *, full: bool) -> tuple[Application, ...]:
    """Return the applications wanted as of now, in the order of their filing.

    Args:
        snapshot: the database as of now.
        viewer: who reads.
        query: which; its days are those of filing, inclusive, its subject is whoever applied.
        full: show whole ID numbers rather than masked ones.
    """
    found = [_one(snapshot, viewer, case, full=full) for case in _wanted(snapshot, viewer, query)]
    return tuple(sorted(found, key=lambda one: (one.filed, one.case)))


def _wanted(snapshot: Snapshot, viewer: Viewer, query: Query) -> Iterator[Case]:
    before = None if query.last is None else query.last + timedelta(days=1)
    names = sorted({rules.id for rules in snapshot.db.rules.values() if rules.workflow.kept_log is not None})
    moved = snapshot.moved()
    for name in names:
        asked = CaseQuery(
            workflow=name, person=query.subject, record=query.record, since=query.first, before=before,
            acted=query.account,
        )  # fmt: skip
        for kept in snapshot.db.cases.find(asked):
            now = moved.get(kept.number)
            case = kept if now is None else now.world.cases[kept.number]
            if viewer.sight.of(case) is not Seen.NOTHING:
                yield case


def _one(snapshot: Snapshot, viewer: Viewer, case: Case, *, full: bool) -> Application:
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
        reason=_reason(snapshot, case) if whole else None,
        state=case.state,
        state_title=state_title(rules.workflow, case.state).to(viewer.lang),
        unit=case.unit,
        by="" if opening is None else opening.by,
        marks=tuple(_mark(mark, viewer) for mark in case.marks.values()),
    )


def _reason(snapshot: Snapshot, case: Case) -> str | None:
    """Why somebody applied, by the case's own definition, or one in which the workflow keeps its log."""
    db = snapshot.db
    own = [db.rules[case.definition], *(rules for rules in db.rules.values() if rules.id == case.workflow)]
    rule = next(rules.workflow.kept_log for rules in own if rules.workflow.kept_log is not None)
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
