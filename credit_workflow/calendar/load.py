"""From a folder of files to a calendar, compiled once into a cache that is read without YAML."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec

from credit_workflow.calendar.workcalendar import NoticeInfo, Special, WorkCalendar
from credit_workflow.errors import DefinitionFault, NotFound
from credit_workflow.resources import cached, data_folder, digest_of
from credit_workflow.text import Text

#: Raise this when what is compiled changes, so that no older cache is read.
_FORMAT = b"1"


class _DayData(msgspec.Struct, frozen=True, array_like=True):
    day: date
    works: bool
    notice: str | None
    zh: str | None
    en: str | None


class _NoticeData(msgspec.Struct, frozen=True, array_like=True):
    id: str
    year: int
    zh: str
    en: str
    no: str | None
    amends: str | None


class _Compiled(msgspec.Struct, frozen=True, kw_only=True):
    title_zh: str
    title_en: str
    zone: str
    weekend: list[int]
    first: date
    last: date
    days: list[_DayData]
    open_years: list[int]
    open_from: list[date]
    notices: list[_NoticeData]


def load_calendar(id: str = "cn", folder: Path | None = None) -> WorkCalendar:  # noqa: A002 - the usual name
    """Return the calendar called ``id``: its settings ``ID.yaml`` and the notices in ``ID/``.

    Args:
        id: the calendar's name.
        folder: where the files are; the shipped ones unless given.

    Raises:
        NotFound: there is no such calendar.
        DefinitionFault: a file has a mistake.
    """
    folder = folder or data_folder("calendars")
    settings = folder / f"{id}.yaml"
    if not settings.is_file():
        raise NotFound(Text("没有日历 {i}", "there is no calendar {i}").fill(i=id), code="no_calendar")
    notices = sorted((folder / id).glob("*.yaml"))
    parts = [part for file in (settings, *notices) for part in (file.name.encode(), file.read_bytes())]
    digest = digest_of([_FORMAT, *parts])
    made = msgspec.json.decode(cached(f"calendar-{id}", digest, lambda: _compile(settings, notices)), type=_Compiled)
    return WorkCalendar(
        id=id,
        title=Text(made.title_zh, made.title_en),
        zone=made.zone,
        edition=digest[:16],
        weekend=frozenset(made.weekend),
        first=made.first,
        last=made.last,
        special={d.day: Special(works=d.works, notice=d.notice, name=_name(d)) for d in made.days},
        open_years=frozenset(made.open_years),
        open_from=tuple(made.open_from),
        notices=tuple(
            NoticeInfo(id=n.id, year=n.year, title=Text(n.zh, n.en), no=n.no, amends=n.amends) for n in made.notices
        ),
    )


def _name(day: _DayData) -> Text | None:
    return None if day.zh is None or day.en is None else Text(day.zh, day.en)


def _compile(settings_file: Path, notice_files: list[Path]) -> bytes:
    from credit_workflow.calendar import notice as files  # noqa: PLC0415 - only without a cache

    settings = files.read_settings(settings_file)
    weekend = frozenset(files.WEEK.index(day) for day in settings.weekend)
    notices = [files.read_notice(file, weekend) for file in notice_files]
    noticed = {n.year for n in notices}
    last_year = max([*noticed, settings.first_year]) + settings.years_ahead
    all_years = range(settings.first_year, last_year + 1)
    binding = settings.statutory_days.binding
    open_years = [] if binding else [year for year in all_years if year not in noticed]
    days = _statutory(settings, list(all_years) if binding else open_years, weekend)
    for notice in _in_order(notices, notice_files):
        days.update(_noticed_days(notice, weekend))
    open_from = [
        date(year, 12, settings.december_open_from)
        for year in noticed
        if settings.december_open_from is not None and year + 1 not in noticed
    ]
    return msgspec.json.encode(
        _Compiled(
            title_zh=settings.title.zh,
            title_en=settings.title.en,
            zone=settings.zone,
            weekend=sorted(weekend),
            first=date(settings.first_year, 1, 1),
            last=date(last_year, 12, 31),
            days=sorted(days.values(), key=lambda d: d.day),
            open_years=open_years,
            open_from=open_from,
            notices=[
                _NoticeData(n.notice, n.year, n.title.zh, n.title.en, n.no, n.amends)
                for n in _in_order(notices, notice_files)
            ],
        )
    )


def _in_order(notices: list, notice_files: list[Path]) -> list:  # type: ignore[type-arg]  # Notice is imported late
    """Return the notices so that each stands behind the one that it amends.

    Raises:
        DefinitionFault: a notice amends one that is not there, or two have one name.
    """
    by_id = {}
    for notice, file in zip(notices, notice_files, strict=True):
        if notice.notice in by_id:
            message = Text("{f}：通知 {n} 重复", "{f}: the notice {n} stands twice")
            raise DefinitionFault(message.fill(f=file.name, n=notice.notice))
        by_id[notice.notice] = notice
    for notice, file in zip(notices, notice_files, strict=True):
        if notice.amends is not None and notice.amends not in by_id:
            message = Text("{f}：所修改的通知 {n} 不存在", "{f}: there is no notice {n} to amend")
            raise DefinitionFault(message.fill(f=file.name, n=notice.amends))
    return sorted(notices, key=lambda n: (n.year, _depth(n, by_id), n.notice))


def _depth(notice, by_id) -> int:  # type: ignore[no-untyped-def]  # as above
    depth = 0
    while notice.amends is not None and depth <= len(by_id):
        notice, depth = by_id[notice.amends], depth + 1
    return depth


def _noticed_days(notice, weekend: frozenset[int]) -> dict[date, _DayData]:  # type: ignore[no-untyped-def]  # as above
    from credit_workflow.calendar.notice import days_between  # noqa: PLC0415

    days = {}
    for holiday in notice.off:
        for day in days_between(date.fromisoformat(holiday.first), date.fromisoformat(holiday.last)):
            days[day] = _DayData(day, False, notice.notice, holiday.name.zh, holiday.name.en)  # noqa: FBT003
    for text in notice.work:
        day = date.fromisoformat(text)
        days[day] = _DayData(day, True, notice.notice, "调休上班", "make-up working day")  # noqa: FBT003
    return days


def _statutory(settings, years: list[int], weekend: frozenset[int]) -> dict[date, _DayData]:  # type: ignore[no-untyped-def]  # as above
    """The holidays of the library for the years; for an open year the fixed ones, without swaps."""
    import holidays  # noqa: PLC0415 - slow, and only without a cache

    rule = settings.statutory_days
    if not years:
        return {}
    found = holidays.country_holidays(rule.country, subdiv=rule.subdivision, years=years, language=None)
    return {
        day: _DayData(day, False, None, name, name)  # noqa: FBT003
        for day, name in found.items()
        if day.year in set(years)
    }
