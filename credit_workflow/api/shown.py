"""What casework shows, as the frozen values of the Python API."""

from __future__ import annotations

from credit_workflow.api.values import Explanation
from credit_workflow.casework.cases.snapshot import Snapshot, Viewer
from credit_workflow.casework.explanation.counted_worlds import with_counting
from credit_workflow.casework.explanation.day_count import explanation


def explained(desk: Snapshot, viewer: Viewer, number: str, deadline: str | None) -> tuple[Explanation, ...]:
    """Return how the due dates of a case were counted, or that of one deadline.

    Raises:
        NotFound: there is no such case or deadline.
    """
    world, _ = desk.caught_up(desk.db.family(desk.db.case(number).number))
    counting = with_counting(desk.db, world, frozenset({number}))
    return explanation(world.cases[number], counting, deadline, viewer.lang)
