"""Hold what a calendar's files amount to: plain values, cached and read without YAML."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from credit_workflow.text import Text


class SpecialDay(Struct, frozen=True, array_like=True):
    """A day that a notice or the law sets apart from its weekday.

    Args:
        day: the day.
        works: whether one works on it.
        notice: the id of the notice that says so; None where the library ``holidays`` does.
        name: the holiday's name, None for a weekend day worked.
    """

    day: date
    works: bool
    notice: str | None
    name: Text | None


class NoticeInfo(Struct, frozen=True, array_like=True):
    """A notice that a calendar was built from.

    Args:
        id: its name, for instance ``cn-2020-02``.
        year: the year that it is about.
        title: in both languages.
        no: the document's number, None where it isn't known for sure.
        issued: the date that it bears, None where it isn't known for sure.
        amends: the id of the notice that it changes, None for a year's first one.
        layer: the id of the layer that it belongs to, None for the calendar's own.
        layer_title: the layer's title.
        kept: whether it was imported into a database rather than read from a file.
    """

    id: str
    year: int
    title: Text
    no: str | None
    issued: date | None
    amends: str | None
    layer: str | None = None
    layer_title: Text | None = None
    kept: bool = False


class KeptNotice(Struct, frozen=True, array_like=True):
    """A notice that is kept in a database: its id, the calendar or layer that it belongs to, its YAML text."""

    notice: str
    calendar: str
    text: str


class Compiled(Struct, frozen=True, kw_only=True):
    """A whole calendar.

    Args:
        id: its name.
        title: in both languages.
        zone: the zone in which its days begin and end.
        edition: a digest of all that due dates follow from; equal editions, equal due dates.
        weekend: the weekdays of the weekend, Monday being 0.
        first: the first day covered, inclusive.
        last: the last day covered, inclusive.
        days: the days that differ from their weekday, in order.
        open_spans: spans of days (both ends inclusive) that a notice still to come can change,
            in order and apart from each other.
        notices: what it was built from, in order of year; an amendment follows what it amends.
        layers: the ids of the calendar and of the layers over it, the lowest first.
    """

    id: str
    title: Text
    zone: str
    edition: str
    weekend: tuple[int, ...]
    first: date
    last: date
    days: tuple[SpecialDay, ...]
    open_spans: tuple[tuple[date, date], ...]
    notices: tuple[NoticeInfo, ...]
    layers: tuple[str, ...] = ()
