"""Apply entries to cases: what an entry does to its case, and nothing else.

Replaying a case's entries through `evolve` gives the case; the store's rows are held against it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

import msgspec

from credit_workflow.engine.values import Case, Done, Entry, Migrated

_V = TypeVar("_V")


def evolve(case: Case | None, entry: Entry) -> Case:
    """Return the case after the entry.

    Args:
        case: the case before it; None for the first entry.
        entry: what happened; its change is complete, no rule is asked again.

    Raises:
        ValueError: the entry does not follow on the case.
    """
    change = entry.change
    if change.refused is not None:
        if case is None or entry.before != case.state:
            raise ValueError("a refusal does not stand in the case's state")
        return case
    if case is None:
        return _opened(entry)
    if entry.before != case.state:
        raise ValueError(f"the entry begins in {entry.before!r}, the case is in {case.state!r}")
    if change.rectified is not None:
        if change.rectified.case.number != case.number or change.rectified.case.version != case.version + 1:
            raise ValueError("the rectification is not of this case")
        return change.rectified.case
    if change.migrated is not None:
        return _migrated(case, entry, change.migrated)
    return msgspec.structs.replace(
        case,
        state=entry.after,
        final=case.final if change.final is None else change.final,
        version=case.version + 1,
        assignee=case.assignee if change.assignee is None else change.assignee or None,
        waits_for=case.waits_for if change.waits_for is None else change.waits_for,
        fields=_merged(case.fields, change.fields),
        materials=_merged(case.materials, change.materials),
        deadlines=_merged(case.deadlines, change.deadlines),
        marks=_merged(case.marks, change.marks),
        applied=change.applied or case.applied,
        record=case.record if change.about is None else change.about,
        done={**case.done, entry.action: _done(entry)},
    )


def _migrated(case: Case, entry: Entry, migrated: Migrated) -> Case:
    """The case under another version of its definition; what was done in it stays."""
    if migrated.previous != case.definition:
        raise ValueError("the migration is not from the version that the case has")
    return msgspec.structs.replace(
        case,
        definition=migrated.definition,
        definition_version=migrated.definition_version,
        state=entry.after,
        version=case.version + 1,
        waits_for=case.waits_for if entry.change.waits_for is None else entry.change.waits_for,
        deadlines=dict(migrated.deadlines),
        marks=_merged(case.marks, entry.change.marks),
    )


def replay(entries: Iterable[Entry]) -> Case | None:
    """Return the case that the entries give, or None where there are none.

    Raises:
        ValueError: an entry does not follow on the one before it.
    """
    case: Case | None = None
    for entry in entries:
        case = evolve(case, entry)
    return case


def _opened(entry: Entry) -> Case:
    change = entry.change
    opening = change.opening
    if opening is None:
        raise ValueError("the first entry does not open the case")
    return Case(
        **msgspec.structs.asdict(opening),
        number=entry.case,
        state=entry.after,
        final=bool(change.final),
        version=1,
        opened=entry.effective,
        waits_for=change.waits_for or (),
        fields=dict(change.fields),
        materials=dict(change.materials),
        deadlines=dict(change.deadlines),
        marks=dict(change.marks),
        applied=change.applied,
        done={entry.action: _done(entry)},
    )


def _done(entry: Entry) -> Done:
    change = entry.change
    return Done(by=entry.actor, on=entry.effective, record_revision=change.record_revision, filed=change.filed)


def _merged(old: dict[str, _V], new: dict[str, _V]) -> dict[str, _V]:
    return {**old, **new} if new else old
