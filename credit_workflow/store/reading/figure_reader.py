"""Read every case once for the statistics, in one pass, without decrypting whom it is about."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec

from credit_workflow.casework.statistics.case_lines import CaseLine, Step
from credit_workflow.store.mapping import rows as r
from credit_workflow.store.mapping.case_rows import DONE, case_place
from credit_workflow.store.mapping.deadline_rows import DEADLINE_VALUES, deadline_of
from credit_workflow.store.mapping.shape import Shape
from credit_workflow.store.reading.conditions import Conditions
from credit_workflow.store.reading.opened import Opened

_LINE = ("number", "workflow", "definition", "unit", "opened", "final", "fields", "done")
_FIELDS = _LINE.index("fields")
_LINES = Shape("case_file", CaseLine, _LINE, given=("fields", "deadlines", "steps"), ways=DONE)
_STEP = ("case_no", "seq", "effective", "action", "before", "after", "data")
_STEPS = Shape("case_event", Step, _STEP, given=("change",), effective="day")
_fields = msgspec.json.Decoder(dict[str, Any])
_first = itemgetter(0)


def case_lines(
    db: Opened,
    *,
    moving: Collection[str],
    said: Collection[str],
    workflow: str | None = None,
    units: Sequence[str] | None = None,
) -> Iterator[CaseLine]:
    """Return the cases by number, without those about accounts, one at a time.

    Three streams in the order of the cases' numbers run side by side.

    Args:
        db: the open database.
        moving: the actions that move a case; a further entry of one is read, as it was refused.
        said: the actions of which what the entry says is read too.
        workflow: of this workflow only.
        units: of the unit with these names only.

    Raises:
        IntegrityFault: a row can't be read.
    """
    wanted = Conditions().add("subject_kind <> 'account'").equal(workflow=workflow)
    if units is not None:
        among, names = db.dialect.among("unit", units)
        wanted.add(among, *names)
    where, values = wanted.where, wanted.values
    numbers = f"SELECT number FROM case_file {where}"
    actions = sorted({*moving, *said})
    deadlines = _Grouped(
        db.plain.execute(
            f"SELECT {', '.join(DEADLINE_VALUES)} FROM case_deadline WHERE case_no IN ({numbers}) ORDER BY case_no, id",
            values,
        )
    )
    steps = _Grouped(
        db.plain.execute(
            f"{_STEPS.select} WHERE case_no IN ({numbers})"
            f" AND (before IS NULL OR before <> after OR action IN ({', '.join('?' * len(actions))}))"
            " ORDER BY case_no, seq",
            [*values, *actions],
        )
    )
    opened = frozenset(said)
    for row in db.plain.execute(f"{_LINES.select} {where} ORDER BY number", values):
        number = row[0]
        try:
            yield _line(db, row, deadlines.of(number), steps.of(number), opened)
        except (ValueError, TypeError, msgspec.DecodeError) as fault:
            raise r.damaged(number, fault) from fault


def _line(db: Opened, row: r.Row, deadlines: list[r.Row], steps: list[r.Row], opened: frozenset[str]) -> CaseLine:
    number, sealed = row[0], row[_FIELDS]
    return _LINES.of(
        row,
        fields=_fields.decode(db.cipher.open(case_place(number, "fields"), sealed)),
        deadlines=tuple(deadline_of(d[1:]) for d in deadlines),
        steps=tuple(_step(db, m, opened) for m in steps),
    )


def _step(db: Opened, row: r.Row, opened: frozenset[str]) -> Step:
    number, seq, _, action, before, after, data = row
    change = None
    if action in opened or before == after:
        change = r.change_of(db.cipher.open(r.event_place(number, seq), data))
    return _STEPS.of(row, change=change)


class _Grouped:
    """Rows that come case by case, taken up as their case's turn comes."""

    def __init__(self, rows: Iterable[r.Row]) -> None:
        self._groups = groupby(rows, key=_first)
        self._next: tuple[str, list[r.Row]] | None = None
        self._advance()

    def of(self, number: str) -> list[r.Row]:
        """Return the rows of a case; the cases must be asked for in their order."""
        if self._next is None or self._next[0] != number:
            return []
        found = self._next[1]
        self._advance()
        return found

    def _advance(self) -> None:
        group = next(self._groups, None)
        self._next = None if group is None else (group[0], list(group[1]))
