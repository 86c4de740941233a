"""Read once, for the statistics, all cases as of now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec.structs import replace

from credit_workflow.casework.cases.failures import Failure
from credit_workflow.casework.cases.snapshot import Snapshot, failures_in
from credit_workflow.casework.statistics.case_lines import CaseLine, Step
from credit_workflow.casework.statistics.figures import Figures, Period
from credit_workflow.casework.statistics.tallying import asking, counted, moving
from credit_workflow.casework.units.register import present_names
from credit_workflow.engine.amending.deciding_again import RECTIFIED
from credit_workflow.engine.values import Case, Entry


def figures(
    snapshot: Snapshot,
    periods: Sequence[Period],
    *,
    workflow: str | None = None,
    units: Sequence[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[list[Figures], list[Failure]]:
    """Return the figures of each period, from one pass over all cases, and which cases can't be carried on.

    Args:
        snapshot: the open view of the database; what time has brought about counts, recorded or not.
        periods: which days.
        workflow: count this workflow only.
        units: count the cases of the unit with these names only.
        progress: called with the number of cases read and the number of all.

    Raises:
        IntegrityFault: a case can't be read.
        Refused: its days are outside what the calendar covers.
    """
    rules = snapshot.db.rules
    known = rules.values()
    unrecorded, failures = _unrecorded(snapshot)
    lines = snapshot.db.cases.lines(
        moving=moving(known), said=asking(known) | {RECTIFIED}, workflow=workflow, units=units
    )  # fmt: skip
    total = snapshot.db.cases.count()

    def as_of_now() -> Iterator[CaseLine]:
        for done, line in enumerate(lines, 1):
            yield _caught_up(line, *unrecorded[line.number]) if line.number in unrecorded else line
            if progress is not None:
                progress(done, total)

    return counted(as_of_now(), rules, snapshot.calendar(), periods, present_names(snapshot.db)), failures


def _unrecorded(snapshot: Snapshot) -> tuple[dict[str, tuple[Case, list[Entry]]], list[Failure]]:
    """Return the cases that time has moved without an entry as yet, as they are now, with those entries.

    One that can't be carried on counts as it was recorded, and is named.
    """
    found: dict[str, tuple[Case, list[Entry]]] = {}
    moved = snapshot.moved()
    for number, now in moved.items():
        own = [entry for entry in now.entries if entry.case == number]
        if own:
            found[number] = now.world.cases[number], own
    return found, list(failures_in(moved))


def _caught_up(line: CaseLine, case: Case, entries: list[Entry]) -> CaseLine:
    after = max((step.seq for step in line.steps), default=0)
    steps = [
        Step(seq=seq, day=entry.effective, action=entry.action, before=entry.before, after=entry.after)
        for seq, entry in enumerate(entries, after + 1)
        if entry.before != entry.after
    ]
    return replace(
        line,
        final=case.final,
        fields=case.fields,
        done=case.done,
        deadlines=tuple(case.deadlines.values()),
        steps=(*line.steps, *steps),
    )
