"""What casework shows, as the frozen values of the Python API."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from credit_workflow.api.values import Case, Event, Explanation, Ground
from credit_workflow.casework.cases.listing import show_case
from credit_workflow.casework.cases.snapshot import Snapshot, Viewer
from credit_workflow.casework.cases.views import entry_view
from credit_workflow.casework.explanation.counted_worlds import with_counting
from credit_workflow.casework.explanation.day_count import explanation
from credit_workflow.casework.records.found_records import answer_of
from credit_workflow.engine.values import Ground as EngineGround
from credit_workflow.text import Lang


def taken(desk: Snapshot, viewer: Viewer, number: str, action: str) -> Case:
    """Return a case as it is after an action, with the records that it gives to read."""
    view = show_case(desk, number, viewer)
    case = desk.db.case(number)
    shows = desk.db.rules[case.definition].workflow.actions[action].shows
    if shows is not None:
        view["answer"] = answer_of(desk.db, case, shows, viewer.lang)
    return msgspec.convert(view, Case)


def history_of(desk: Snapshot, number: str) -> tuple[Event, ...]:
    """Return a case's log, the oldest entry first.

    Raises:
        NotFound: there is no such case.
    """
    workflow = desk.db.rules[desk.db.case(number).definition].workflow
    zone = desk.calendar().zone
    views = [entry_view(seq, hash_, entry, zone, workflow) for seq, hash_, entry in desk.db.entries(number)]
    return msgspec.convert(views, tuple[Event, ...])


def explained(desk: Snapshot, viewer: Viewer, number: str, deadline: str | None) -> tuple[Explanation, ...]:
    """Return how the due dates of a case were counted, or that of one deadline.

    Raises:
        NotFound: there is no such case or deadline.
    """
    world, _ = desk.caught_up(desk.db.family(desk.db.case(number).number))
    counting = with_counting(desk.db, world, frozenset({number}))
    return explanation(world.cases[number], counting, deadline, viewer.lang)


def grounds(found: Iterable[EngineGround], lang: Lang) -> tuple[Ground, ...]:
    """Return the grounds of a refusal in one language."""
    return tuple(Ground(code=g.code, message=g.message.to(lang), source=g.source, facts=dict(g.facts)) for g in found)
