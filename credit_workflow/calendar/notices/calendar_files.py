"""Read the files of a calendar: its settings, and one file for each notice of days off."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from credit_workflow.strict_yaml.documents import KeyPath
from credit_workflow.strict_yaml.handed import Handed
from credit_workflow.strict_yaml.patterns import Day, Part, Title, form
from credit_workflow.strict_yaml.sources import Source, read_source
from credit_workflow.text import Text

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LONGEST_HOLIDAY = 31
_NOT_IN_YEAR = 31

_Words = Annotated[str, Meta(min_length=1)]


class StatutoryDays(Part, frozen=True, kw_only=True):
    """Which holidays of the library ``holidays`` stand in for a notice that is not there.

    Either a ``country`` (with a ``subdivision``, if one is meant) or a ``market``, as the library
    names them. ``binding`` makes its days final: for countries where no yearly notice changes
    them.
    """

    country: Annotated[str, form(r"^[A-Z]{2}$")] | None = None
    subdivision: _Words | None = None
    market: Annotated[str, form(r"^[A-Z]{2,4}$")] | None = None
    categories: tuple[_Words, ...] = ()
    binding: bool = False


class Settings(Part, frozen=True, kw_only=True):
    """A calendar: its zone, its weekend, and how far it reaches.

    It covers ``first_year`` to ``years_ahead`` years after the last year with a notice (after the
    first year, where there is none). ``december_open_from`` is the day of December from which
    (inclusive) the year's last days stay provisional until the next year's notice is in.
    """

    calendar: Annotated[str, form(r"^[a-z][a-z0-9_-]*$")]
    title: Title
    zone: str
    weekend: Annotated[tuple[str, ...], Meta(max_length=6)]
    first_year: Annotated[int, Meta(ge=1950, le=2200)]
    years_ahead: Annotated[int, Meta(ge=0, le=100)] = 10
    statutory_days: StatutoryDays
    december_open_from: Annotated[int, Meta(ge=1, le=31)] | None = None


class LayerSettings(Part, frozen=True, kw_only=True):
    """A layer over a calendar: one city's own days off and days worked.

    All but its notices is that of the calendar (or layer) that it ``extends``; what a notice of
    the layer says of a day holds there.
    """

    calendar: Annotated[str, form(r"^[a-z][a-z0-9_-]*$")]
    title: Title
    extends: Annotated[str, form(r"^[a-z][a-z0-9_-]*$")]


class Holiday(Part, frozen=True, kw_only=True):
    """One holiday of a notice: its days off, first to last inclusive, weekends among them or not."""

    name: Title
    first: Day
    last: Day


class Notice(Part, frozen=True, kw_only=True):
    """One notice: the days off and the weekend days worked of a year, or a change to them.

    ``no`` is the document's number and ``issued`` the date that it bears, each only where known
    for sure. A notice that ``amends`` another one adds to it: what the later one says of a day
    holds.
    """

    notice: Annotated[str, form(r"^[a-z0-9-]+$")]
    year: Annotated[int, Meta(ge=1950, le=2200)]
    title: Title
    no: _Words | None = None
    issued: Day | None = None
    amends: str | None = None
    off: tuple[Holiday, ...] = ()
    work: tuple[Day, ...] = ()


SettingsFile = Source[Settings]
LayerFile = Source[LayerSettings]
NoticeFile = Source[Notice]


def read_settings(file: Path | Handed) -> SettingsFile:
    """Return a calendar's settings.

    Raises:
        NotFound: there is no such file.
        DefinitionFault: it has a mistake; file, line and key are named.
    """
    read = read_source(file, Settings, dots=True)
    settings = read.value
    _named_like_its_file(read, settings.calendar)
    for index, day in enumerate(settings.weekend):
        if day not in WEEK:
            message = Text("没有这样的星期：{d}；请写 saturday 等", "no such weekday: {d}; write saturday, …")
            raise read.fault(("weekend", index), message.fill(d=day))
        if day in settings.weekend[:index]:
            raise read.fault(("weekend", index), Text("重复：{d}", "twice: {d}").fill(d=day))
    if not _is_zone(settings.zone):
        raise read.fault(("zone",), Text("没有时区 {z}", "there is no zone {z}").fill(z=settings.zone))
    rule = settings.statutory_days
    if (rule.country is None) == (rule.market is None):
        message = Text("请写 country 或 market 之一", "write one of country and market")
        raise read.fault(("statutory_days",), message)
    return read


def read_layer(file: Path | Handed) -> LayerFile:
    """Return a layer's settings.

    Raises:
        NotFound: there is no such file.
        DefinitionFault: it has a mistake; file, line and key are named.
    """
    read = read_source(file, LayerSettings, dots=True)
    _named_like_its_file(read, read.value.calendar)
    return read


def _named_like_its_file(read: Source[Settings | LayerSettings], calendar: str) -> None:
    if calendar != read.file.stem:
        message = Text("文件应名为 {c}.yaml", "the file should be called {c}.yaml")
        raise read.fault(("calendar",), message.fill(c=calendar))


def read_notice(file: Path | Handed, weekend: tuple[int, ...], text: str | None = None) -> NoticeFile:
    """Return a notice, its dates checked.

    Args:
        file: the notice's file, or the name by which errors call it where its text is given.
        weekend: the weekdays of the weekend, Monday being 0.
        text: what it says, where it is kept elsewhere than in a file.

    Raises:
        NotFound: there is no such file.
        DefinitionFault: it has a mistake: a day that does not exist or stands twice, a holiday
            that ends before it begins or lies outside its year, a worked day that is no weekend
            day, one day off and worked at once. File, line and key are named.
    """
    read = read_source(file, Notice, text, dots=True)
    notice = read.value
    if not notice.off and not notice.work:
        raise read.fault((), Text("通知没有放假日，也没有上班日", "the notice names no day off and no day worked"))
    if notice.issued is not None:
        _day(read, ("issued",), notice.issued)
    off: set[date] = set()
    for index in range(len(notice.off)):
        days = _days_off(read, index)
        if not off.isdisjoint(days):
            raise read.fault(("off", index), Text("与另一假期重叠", "it overlaps with another holiday"))
        off.update(days)
    seen: set[date] = set()
    for index in range(len(notice.work)):
        seen.add(_day_worked(read, index, weekend, off, seen))
    return read


def _days_off(read: NoticeFile, index: int) -> list[date]:
    holiday = read.value.off[index]
    first = _day(read, ("off", index, "first"), holiday.first)
    last = _day(read, ("off", index, "last"), holiday.last)
    if last < first:
        raise read.fault(("off", index, "last"), Text("假期的末日早于首日", "the holiday ends before it begins"))
    if (last - first).days >= _LONGEST_HOLIDAY:
        raise read.fault(("off", index, "last"), Text("假期超过 31 天", "the holiday is longer than 31 days"))
    if read.value.year not in {first.year, last.year}:
        message = Text("假期不在 {y} 年", "the holiday is not in {y}").fill(y=read.value.year)
        raise read.fault(("off", index, "first"), message)
    return days_between(first, last)


def _day_worked(read: NoticeFile, index: int, weekend: tuple[int, ...], off: set[date], seen: set[date]) -> date:
    key = ("work", index)
    text = read.value.work[index]
    day = _day(read, key, text)
    year = read.value.year
    reach = timedelta(days=_NOT_IN_YEAR)
    if not date(year, 1, 1) - reach <= day <= date(year, 12, 31) + reach:
        raise read.fault(key, Text("{d} 不在 {y} 年", "{d} is not in {y}").fill(d=day, y=year))
    if day.weekday() not in weekend:
        message = Text("{d} 本来就不是休息日", "{d} is no day of the weekend")
        raise read.fault(key, message.fill(d=day))
    if day in off:
        message = Text("{d} 既放假又上班", "{d} is both off and worked")
        raise read.fault(key, message.fill(d=day))
    if day in seen:
        raise read.fault(key, Text("{d} 重复", "{d} stands twice").fill(d=day))
    return day


def _day(read: NoticeFile, key: KeyPath, text: str) -> date:
    """Return the day that a text at a key names."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise read.fault(key, Text("没有这一天：{t}", "there is no such day: {t}").fill(t=text)) from None


def days_between(first: date, last: date) -> list[date]:
    """Return the days from ``first`` to ``last``, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _is_zone(name: str) -> bool:
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - only without a cache

    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # not found is a KeyError, `../x` a ValueError
        return False
    return True
