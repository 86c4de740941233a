"""What casework shows, as the frozen values of the Python API."""

from __future__ import annotations

import msgspec

from credit_workflow.api.values import Explanation
from credit_workflow.casework.cases.snapshot import Snapshot, Viewer
from credit_workflow.casework.cases.views import explanation
from credit_workflow.casework.explanation.counted_worlds import with_counting
from credit_workflow.casework.explanation.segments import with_segments


def explained(desk: Snapshot, viewer: Viewer, number: str, deadline: str | None) -> tuple[Explanation, ...]:
    """Return how the due dates of a case were counted, or that of one deadline.

    Raises:
        NotFound: there is no such case or deadline.
    """
    world, _ = desk.caught_up(desk.db.family(desk.db.case(number).number))
    counting = with_counting(desk.db, world, frozenset({number}))
    found = [with_segments(one) for one in explanation(world.cases[number], counting, deadline, viewer.lang)]
    return msgspec.convert(found, tuple[Explanation, ...])
