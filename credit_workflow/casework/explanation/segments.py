"""The day-by-day count of a due date in its parts, and as a grid of months: what a picture of it is made of.

Both are made from what `explanation` publishes, so that pictures say what the text says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.errors import Refused

#: The period itself; days on which its clock stood; days over which its end was moved; an extension.
Part = Literal["counted", "stopped", "shifted", "extended"]
Mark = Literal["number", "uncounted", "shifted", "stopped"]
_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Segment:
    """Days in a row that stand in the count for one reason.

    ``days`` are as `explanation` has them, at least one; ``counted`` is how many of them count,
    ``stop`` the name of the stop of the clock.
    """

    part: Part
    days: tuple[Mapping[str, Any], ...]
    source: str | None
    stop: str | None = None

    @property
    def counted(self) -> int:
        """How many of the days count."""
        return sum(day["number"] is not None for day in self.days)

    def as_json(self) -> dict[str, Any]:
        """Return the segment as programs read it; its days stand in ``counted`` of the explanation."""
        return {
            "part": self.part,
            "from": self.days[0]["date"],
            "to": self.days[-1]["date"],
            "days": len(self.days),
            "counted": self.counted,
            "stop": self.stop,
            "source": self.source,
        }


def segments(explained: Mapping[str, Any]) -> tuple[Segment, ...]:
    """Return the parts of one explanation, in the order of days; the last one ends on the due date.

    Args:
        explained: one of what `explanation` returns: ``counted``, ``extension``, ``source`` and,
            where clocks can stop, ``stops``, with ``stopped_by`` in the days of one.
    """
    stops = {stop["id"]: stop.get("source") for stop in explained.get("stops") or ()}
    extension = explained.get("extension")
    days = [(day, "counted", explained.get("source")) for day in explained["counted"]]
    days += [(day, "extended", extension["source"]) for day in extension["counted"]] if extension else []
    found: list[tuple[tuple[Part, str | None], str | None, list[Mapping[str, Any]]]] = []
    for day, within, clause in days:
        stop = day.get("stopped_by")
        part = _part(day, within)
        source = stops.get(stop) if stop else clause
        if not found or found[-1][0] != (part, stop):
            found.append(((part, stop), source, []))
        found[-1][2].append(day)
    return tuple(
        Segment(part=part, days=tuple(inside), source=source, stop=stop) for (part, stop), source, inside in found
    )


def with_segments(explained: Mapping[str, Any]) -> dict[str, Any]:
    """Return an explanation with its parts, as programs read it."""
    return {**explained, "segments": [part.as_json() for part in segments(explained)]}


def _part(day: Mapping[str, Any], within: str) -> Part:
    if day.get("stopped_by"):
        return "stopped"
    if day["shifted"]:
        return "shifted"
    return "extended" if within == "extended" else "counted"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One day of a grid.

    ``kind`` is what the day is by the calendar, None outside what that covers. ``mark`` is what
    the count says of it, None outside the period; ``number`` its number, in the extension where
    ``extended``.
    """

    day: date
    kind: str | None
    provisional: bool = False
    mark: Mark | None = None
    number: int | None = None
    extended: bool = False
    start: bool = False
    due: bool = False


@dataclass(frozen=True, kw_only=True)
class Month:
    """One month as weeks of seven places, those of other months empty."""

    year: int
    month: int
    weeks: tuple[tuple[Cell | None, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Grid:
    """The months of a count, those without a day of it left out; ``weekdays`` is their order, Monday being 0."""

    months: tuple[Month, ...]
    weekdays: tuple[int, ...]
    weekend: frozenset[int]

    def cells(self) -> list[Cell]:
        """Return all days."""
        return [cell for month in self.months for week in month.weeks for cell in week if cell]


def grid_of(start: date, due: date | None, parts: Sequence[Segment], calendar: WorkCalendar) -> Grid:
    """Return the grid of a count.

    Args:
        start: the day of the start.
        due: the last day, None while the clock stands.
        parts: the count, by `segments`.
        calendar: says what the other days of the months are; the week begins after its weekend.
    """
    marked = {date.fromisoformat(day["date"]): (segment, day) for segment in parts for day in segment.days}
    shown = {start, *marked, *([due] if due else [])}
    weekdays = week_of(calendar.weekend)
    months = [
        Month(
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
    marked: Mapping[date, tuple[Segment, Mapping[str, Any]]],
    calendar: WorkCalendar,
) -> Cell:
    try:
        known = calendar.day(day)
    except Refused:
        known = None
    kind, provisional = (known.kind, known.provisional) if known else (None, False)
    segment, counted = marked.get(day, (None, {}))
    mark: Mark | None = None
    if segment is not None:
        number: Mark = "number" if counted["number"] is not None else "uncounted"
        mark = segment.part if segment.part in ("shifted", "stopped") else number
    return Cell(
        day=day,
        kind=kind,
        provisional=provisional,
        mark=mark,
        number=counted.get("number"),
        extended=segment is not None and segment.part == "extended",
        start=day == start,
        due=day == due,
    )


def _days(year: int, month: int) -> list[date]:
    days = [date(year, month, 1)]
    while (days[-1] + _DAY).month == month:
        days.append(days[-1] + _DAY)
    return days


def _weeks(cells: list[Cell], weekdays: tuple[int, ...]) -> tuple[tuple[Cell | None, ...], ...]:
    places: list[Cell | None] = [None] * weekdays.index(cells[0].day.weekday())
    places += cells
    places += [None] * (-len(places) % 7)
    return tuple(tuple(places[n : n + 7]) for n in range(0, len(places), 7))
