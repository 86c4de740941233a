"""Split the day-by-day count of a due date into its parts, and lay it out as a grid of months.

Both are made from what is published of a count, so that pictures say what the text says.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.casework.explanation.explanation_answers import (
    ClockStop,
    CountedDay,
    DayMark,
    ExplainedExtension,
    Grid,
    GridDay,
    GridMonth,
    Segment,
)
from credit_workflow.errors import Refused

#: The period itself; days on which its clock stood; days over which its end was moved; an extension.
Part = Literal["counted", "stopped", "shifted", "extended"]


class Stretch(Struct, frozen=True, kw_only=True):
    """Days in a row, at least one, that stand in the count for one reason; ``stop`` names the stop of the clock."""

    part: Part
    days: tuple[CountedDay, ...]
    source: str | None
    stop: str | None = None

    @property
    def counted(self) -> int:
        """How many of the days count."""
        return sum(day.number is not None for day in self.days)

    def segment(self) -> Segment:
        """Return it as it is published; its days stand in ``counted`` of the explanation."""
        return Segment(
            part=self.part,
            first=self.days[0].date,
            last=self.days[-1].date,
            days=len(self.days),
            counted=self.counted,
            stop=self.stop,
            source=self.source,
        )


def stretches(
    counted: Iterable[CountedDay],
    source: str | None = None,
    stops: Iterable[ClockStop] = (),
    extension: ExplainedExtension | None = None,
) -> tuple[Stretch, ...]:
    """Return the parts of one count, in the order of days; the last one ends on the due date.

    Args:
        counted: the days of the period.
        source: the clause of the period.
        stops: the stops of its clock, whose days name them.
        extension: what followed the period, with the days counted in it.
    """
    clauses = {stop.id: stop.source for stop in stops}
    within: list[tuple[CountedDay, Part, str | None]] = [(day, "counted", source) for day in counted]
    if extension is not None:
        within += [(day, "extended", extension.source) for day in extension.counted]
    found: list[tuple[tuple[Part, str | None], str | None, list[CountedDay]]] = []
    for day, part, clause in within:
        said: Part = "stopped" if day.stopped_by else "shifted" if day.shifted else part
        if not found or found[-1][0] != (said, day.stopped_by):
            found.append(((said, day.stopped_by), clauses.get(day.stopped_by) if day.stopped_by else clause, []))
        found[-1][2].append(day)
    return tuple(
        Stretch(part=part, days=tuple(inside), source=clause, stop=stop) for (part, stop), clause, inside in found
    )


def grid_of(start: date, due: date | None, parts: Sequence[Stretch], calendar: WorkCalendar) -> Grid:
    """Return the grid of a count.

    Args:
        start: the day of the start.
        due: the last day, None while the clock stands.
        parts: the count, by `stretches`.
        calendar: says what the other days of the months are; the week begins after its weekend.
    """
    marked = {day.date: (part, day) for part in parts for day in part.days}
    shown = {start, *marked, *([due] if due else [])}
    weekdays = week_of(calendar.weekend)
    months = [
        GridMonth(
            year=year,
            month=month,
            weeks=_weeks([_cell(day, start, due, marked, calendar) for day in _days(year, month)], weekdays),
        )
        for year, month in sorted({(day.year, day.month) for day in shown})
    ]
    return Grid(months=tuple(months), weekdays=weekdays, weekend=calendar.weekend)


def week_of(weekend: Iterable[int]) -> tuple[int, ...]:
    """Return the weekdays in order, Monday being 0: from the day after the weekend; from Monday without one."""
    off = set(weekend)
    first = next((day for day in range(7) if day not in off and (day - 1) % 7 in off), 0)
    return tuple((first + n) % 7 for n in range(7))


def _cell(
    day: date,
    start: date,
    due: date | None,
    marked: Mapping[date, tuple[Stretch, CountedDay]],
    calendar: WorkCalendar,
) -> GridDay:
    try:
        known = calendar.day(day)
    except Refused:
        known = None
    kind, provisional = (known.kind, known.provisional) if known else (None, False)
    plain = GridDay(day=day, kind=kind, provisional=provisional, start=day == start, due=day == due)
    if day not in marked:
        return plain
    part, counted = marked[day]
    number: DayMark = "number" if counted.number is not None else "uncounted"
    mark = part.part if part.part in ("shifted", "stopped") else number
    return replace(plain, mark=mark, number=counted.number, extended=part.part == "extended")


def _days(year: int, month: int) -> list[date]:
    return [date(year, month, number) for number in range(1, monthrange(year, month)[1] + 1)]


def _weeks(cells: list[GridDay], weekdays: tuple[int, ...]) -> tuple[tuple[GridDay | None, ...], ...]:
    places: list[GridDay | None] = [None] * weekdays.index(cells[0].day.weekday())
    places += cells
    places += [None] * (-len(places) % 7)
    return tuple(tuple(places[n : n + 7]) for n in range(0, len(places), 7))
