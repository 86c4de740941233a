"""The files of a calendar: its settings, and one file for each notice of days off."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from credit_workflow.errors import DefinitionFault
from credit_workflow.text import Text
from credit_workflow.yaml_file import KeyPath, read_yaml

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Day = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class _Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base of all parts of a calendar's files."""


class Title(_Part, kw_only=True):
    """A title in both languages."""

    zh: Annotated[str, Meta(min_length=1)]
    en: Annotated[str, Meta(min_length=1)]


class StatutoryDays(_Part, kw_only=True):
    """Which holidays of the library ``holidays`` stand in for a notice that is not there.

    ``binding`` makes them final: for countries whose holidays no yearly notice changes.
    """

    country: Annotated[str, Meta(pattern=r"^[A-Z]{2,3}$")]
    subdivision: str | None = None
    binding: bool = False


class Settings(_Part, kw_only=True):
    """A calendar: its zone, its weekend, and how far it reaches.

    ``december_open_from`` is the day of December from which the year's last days stay
    provisional until the next year's notice is in.
    """

    calendar: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_-]*$")]
    title: Title
    zone: str
    weekend: Annotated[tuple[str, ...], Meta(max_length=6)]
    first_year: Annotated[int, Meta(ge=1950, le=2200)]
    years_ahead: Annotated[int, Meta(ge=0, le=30)] = 10
    statutory_days: StatutoryDays
    december_open_from: Annotated[int, Meta(ge=1, le=31)] | None = None


class Holiday(_Part, kw_only=True):
    """One holiday of a notice: all of its days off (inclusive), weekends among them or not."""

    name: Title
    first: Day
    last: Day


class Notice(_Part, kw_only=True):
    """One notice: the days off and the weekend days worked of a year, or a change to them.

    ``no`` is the document's number where it is known, ``issued`` its date. A notice that
    ``amends`` another adds to it: what the later one says of a day holds.
    """

    notice: Annotated[str, Meta(pattern=r"^[a-z0-9-]+$")]
    year: Annotated[int, Meta(ge=1950, le=2200)]
    title: Title
    no: str | None = None
    issued: Day | None = None
    amends: str | None = None
    off: tuple[Holiday, ...] = ()
    work: tuple[Day, ...] = ()


def read_settings(file: Path) -> Settings:
    """Return a calendar's settings.

    Raises:
        NotFound: there is no such file.
        DefinitionFault: it has a mistake.
    """
    value, lines = read_yaml(file)
    settings = _converted(file, value, lines, Settings)
    for index, day in enumerate(settings.weekend):
        if day not in WEEK:
            raise _fault(file, lines, ("weekend", index), Text("没有这样的星期", "there is no such weekday"))
    return settings


def read_notice(file: Path, weekend: frozenset[int]) -> Notice:
    """Return a notice, its dates checked.

    Args:
        file: the notice's file.
        weekend: the weekdays of the weekend, Monday being 0.

    Raises:
        NotFound: there is no such file.
        DefinitionFault: it has a mistake: a day that does not exist, a holiday that ends before
            it begins or is outside its year, a worked day that is no weekend day, or one day off
            and worked at once.
    """
    value, lines = read_yaml(file)
    notice = _converted(file, value, lines, Notice)
    off: set[date] = set()
    for index, holiday in enumerate(notice.off):
        at: KeyPath = ("off", index)
        first = _day(file, lines, (*at, "first"), holiday.first)
        last = _day(file, lines, (*at, "last"), holiday.last)
        if last < first or (last - first).days > 31:  # noqa: PLR2004
            raise _fault(file, lines, (*at, "last"), Text("假期的起止不对", "the holiday's first and last day don't fit"))
        if not {first.year, last.year} & {notice.year}:
            raise _fault(file, lines, at, Text("假期不在通知的年份内", "the holiday is not in the notice's year"))
        off |= set(days_between(first, last))
    for index, text in enumerate(notice.work):
        day = _day(file, lines, ("work", index), text)
        if day.weekday() not in weekend:
            raise _fault(file, lines, ("work", index), Text("调休上班日不是周末", "the worked day is no weekend day"))
        if day in off:
            raise _fault(file, lines, ("work", index), Text("同一天既放假又上班", "the day is both off and worked"))
    return notice


def days_between(first: date, last: date) -> list[date]:
    """Return the days from ``first`` to ``last``, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _converted(file: Path, value: Any, lines: dict[KeyPath, int], model: type[Any]) -> Any:
    try:
        return msgspec.convert(value, model)
    except msgspec.ValidationError as fault:
        what, _, where = str(fault).partition(" - at `$")
        key: KeyPath = ()
        for part in where.rstrip("`").replace("[", ".").replace("]", "").split("."):
            if part:
                key = (*key, int(part) if part.isdigit() else part)
        raise _fault(file, lines, key, Text(f"格式不符：{what}", f"wrong form: {what}")) from None


def _day(file: Path, lines: dict[KeyPath, int], key: KeyPath, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _fault(file, lines, key, Text(f"没有这一天：{text}", f"there is no such day: {text}")) from None


def _fault(file: Path, lines: dict[KeyPath, int], key: KeyPath, message: Text) -> DefinitionFault:
    at = key
    while at and at not in lines:
        at = at[:-1]
    line = lines.get(at, 1)
    named = ".".join(map(str, key)) or "(file)"
    place = f"{file.name}:{line}: {named}: "
    problem = {"file": file.name, "line": line, "key": named, "message": message}
    return DefinitionFault(Text(place + message.zh, place + message.en), details={"problems": [problem]})
