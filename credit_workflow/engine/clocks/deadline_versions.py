"""Find by which version of its definition each deadline of a case was counted, from its log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from credit_workflow.engine.replay import evolve
from credit_workflow.engine.timers import RECOUNT
from credit_workflow.engine.values import Case, Change, Deadline, Entry
from credit_workflow.engine.world import Recorded


def counted_by(history: Sequence[Recorded]) -> dict[str, str]:
    """Return the digests of the versions by which deadlines were counted, where it is not the case's own.

    A case that went over to a version which keeps due dates has such: they are explained, and counted
    again after a change of the calendar, by the rule that they came from.

    Args:
        history: the case's own entries, all of them.
    """
    by: dict[str, str] = {}
    earlier: list[dict[str, str]] = []
    case: Case | None = None
    for recorded in history:
        entry, before = recorded.entry, case
        case = evolve(before, entry)
        migrated = entry.change.migrated
        if migrated is not None and migrated.undoes is not None and earlier:
            by = earlier.pop()
            continue
        if migrated is not None:
            earlier.append(dict(by))
        for name in _counted(before, case) if entry.action != RECOUNT else ():
            by[name] = case.definition
    return {} if case is None else {n: d for n, d in by.items() if n in case.deadlines and d != case.definition}


def _counted(before: Case | None, case: Case) -> Iterable[str]:
    """The deadlines that an entry started, or counted anew."""
    for name, deadline in case.deadlines.items():
        old = None if before is None else before.deadlines.get(name)
        if old is None or old.starts != deadline.starts or _counted_anew(old, deadline):
            yield name


def _counted_anew(old: Deadline, new: Deadline) -> bool:
    return old.original_due != new.original_due and not _clock_moved(old, new)


def _clock_moved(old: Deadline, new: Deadline) -> bool:
    """Whether only a stop of the clock began or ended: what was left is counted as it was before."""
    stops = [pause.since for pause in old.pauses]
    return old.pauses != new.pauses and stops == [pause.since for pause in new.pauses[: len(stops)]]


def definitions_over(entries: Iterable[Entry]) -> list[str]:
    """Return the digest of the definition that a case had after each of its entries."""
    found: list[str] = []
    for entry in entries:
        found.append(_given(entry.change) or (found[-1] if found else ""))
    return found


def _given(change: Change) -> str | None:
    if change.rectified is not None:
        return change.rectified.case.definition
    given = change.opening or change.migrated
    return None if given is None else given.definition
