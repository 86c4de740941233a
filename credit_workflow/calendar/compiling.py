"""Put a calendar together from its settings, its notices and the library ``holidays``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from credit_workflow.calendar.compiled import Compiled, KeptNotice, NoticeInfo, SpecialDay
from credit_workflow.calendar.notices.calendar_files import (
    WEEK,
    LayerFile,
    NoticeFile,
    SettingsFile,
    days_between,
    read_layer,
    read_notice,
    read_settings,
)
from credit_workflow.calendar.notices.file_set import LayerParts
from credit_workflow.resources import digest_of
from credit_workflow.strict_yaml.handed import Handed
from credit_workflow.text import Text, same

if TYPE_CHECKING:
    import holidays

_Days = dict[date, SpecialDay]


def compile_calendar(
    settings_file: Path | Handed,
    notice_files: Iterable[Path | Handed],
    kept: Iterable[KeptNotice] = (),
    layers: Iterable[LayerParts] = (),
) -> Compiled:
    """Return the calendar that the files describe.

    A day is what the latest notice says of it, else what its weekday makes it. In a year without
    a notice the library's holidays are days off, and all of its days are open to change; where
    the settings call the library binding, its days hold everywhere and none is open. What a
    layer's notice says of a day holds over the calendar's own.

    Args:
        settings_file: ``ID.yaml``.
        notice_files: the notices, in any order.
        kept: further notices; one with the id of a file's stands in its place.
        layers: over the calendar, the lowest first.

    Raises:
        NotFound: a file is missing.
        DefinitionFault: a file has a mistake, or two notices contradict each other.
    """
    settings = read_settings(settings_file)
    weekend = tuple(sorted({WEEK.index(day) for day in settings.value.weekend}))
    notices = _in_order(_read_all(notice_files, kept, weekend))
    _only_one_without_amends(notices)
    noticed = {n.value.year for n in notices}
    first_year = settings.value.first_year
    last_year = max([*noticed, first_year]) + settings.value.years_ahead
    years = range(first_year, last_year + 1)
    open_years = [] if settings.value.statutory_days.binding else [y for y in years if y not in noticed]
    of_library = years if settings.value.statutory_days.binding else open_years
    days = _library_days(settings, set(of_library)) | _noticed_days(notices)
    infos = [_info(n, kept) for n in notices]
    name, title = settings.value.calendar, settings.value.title.text
    names = [name]
    for layer in layers:
        over = read_layer(layer.settings)
        if over.value.extends != name:
            message = Text("extends 应为 {n}", "extends should be {n}").fill(n=name)
            raise over.fault(("extends",), message)
        name, title = over.value.calendar, over.value.title.text
        names.append(name)
        own = _in_order(_read_all(layer.notices, layer.kept, weekend))
        days |= _noticed_days(own)
        infos += [_info(n, layer.kept, over) for n in own]
    first, last = date(first_year, 1, 1), date(last_year, 12, 31)
    ordered = tuple(day for at, day in sorted(days.items()) if first <= at <= last)
    spans = tuple(_open_spans(settings.value.december_open_from, noticed, open_years))
    made = Compiled(
        id=name,
        title=title,
        zone=settings.value.zone,
        edition="",
        weekend=weekend,
        first=first,
        last=last,
        days=ordered,
        open_spans=spans,
        notices=tuple(sorted(infos, key=lambda info: info.year)),
        layers=tuple(names),
    )
    return msgspec.structs.replace(made, edition=_edition(made))


def _read_all(files: Iterable[Path | Handed], kept: Iterable[KeptNotice], weekend: tuple[int, ...]) -> list[NoticeFile]:
    """Return the notices of files and those kept elsewhere; of one id, the latter."""
    found = [read_notice(Path(f"{one.notice}.yaml"), weekend, one.text) for one in kept]
    ids = {notice.value.notice for notice in found}
    return [*(notice for file in files if (notice := read_notice(file, weekend)).value.notice not in ids), *found]


def _edition(made: Compiled) -> str:
    """Return a digest of what due dates follow from: not of names, titles or remarks."""
    days = [(day.day, day.works) for day in made.days]
    what = (made.zone, made.weekend, made.first, made.last, days, made.open_spans)
    return digest_of([msgspec.json.encode(what)])[:16]


def _info(notice: NoticeFile, kept: Iterable[KeptNotice], layer: LayerFile | None = None) -> NoticeInfo:
    n = notice.value
    return NoticeInfo(
        n.notice,
        n.year,
        n.title.text,
        n.no,
        None if n.issued is None else date.fromisoformat(n.issued),
        n.amends,
        None if layer is None else layer.value.calendar,
        None if layer is None else layer.value.title.text,
        any(one.notice == n.notice for one in kept),
    )


# -- notices


def _in_order(notices: list[NoticeFile]) -> list[NoticeFile]:
    """Return the notices by year, each after the one that it amends."""
    by_id: dict[str, NoticeFile] = {}
    for notice in notices:
        name = notice.value.notice
        if name in by_id:
            message = Text("通知 {n} 已在 {f} 中", "the notice {n} already stands in {f}")
            raise notice.fault(("notice",), message.fill(n=name, f=by_id[name].file.name))
        by_id[name] = notice
    depth = {name: len(_ancestors(notice, by_id)) for name, notice in by_id.items()}
    return sorted(notices, key=lambda n: (n.value.year, depth[n.value.notice], n.value.notice))


def _only_one_without_amends(notices: list[NoticeFile]) -> None:
    first: dict[int, NoticeFile] = {}
    for notice in notices:
        if notice.value.amends is not None:
            continue
        other = first.setdefault(notice.value.year, notice)
        if other is not notice:
            message = Text(
                "{y} 年已有通知（{f}）；如为修改请写 amends",
                "{y} has a notice already ({f}); if this one changes it, write amends",
            )
            raise notice.fault(("year",), message.fill(y=notice.value.year, f=other.file.name))


def _ancestors(notice: NoticeFile, by_id: Mapping[str, NoticeFile]) -> list[str]:
    """Return the ids of the notices that a notice amends, directly or not, nearest first."""
    found: list[str] = []
    at = notice
    while at.value.amends is not None:
        name = at.value.amends
        if name not in by_id:
            raise at.fault(("amends",), Text("没有通知 {n}", "there is no notice {n}").fill(n=name))
        if name in found or name == notice.value.notice:
            raise notice.fault(("amends",), Text("通知互相修改", "the notices amend each other in a circle"))
        if by_id[name].value.year != at.value.year:
            raise at.fault(("amends",), Text("所修改的是另一年的通知", "what it amends is about another year"))
        found.append(name)
        at = by_id[name]
    return found


def _noticed_days(notices: list[NoticeFile]) -> _Days:
    """Return what the notices say, day by day; an amendment's word replaces the amended one's."""
    by_id = {n.value.notice: n for n in notices}
    days: _Days = {}
    for notice in notices:
        older = _ancestors(notice, by_id)
        for key, said in _said_by(notice):
            before = days.get(said.day)
            if before is not None and before.works != said.works and before.notice not in {*older, said.notice}:
                message = Text("{d}：与通知 {n} 矛盾", "{d}: the notice {n} says otherwise")
                raise notice.fault(key, message.fill(d=said.day, n=before.notice))
            days[said.day] = said
    return days


def _said_by(notice: NoticeFile) -> Iterable[tuple[tuple[str | int, ...], SpecialDay]]:
    name = notice.value.notice
    for index, holiday in enumerate(notice.value.off):
        for day in days_between(date.fromisoformat(holiday.first), date.fromisoformat(holiday.last)):
            yield ("off", index), SpecialDay(day, works=False, notice=name, name=holiday.name.text)
    for index, text in enumerate(notice.value.work):
        yield ("work", index), SpecialDay(date.fromisoformat(text), works=True, notice=name, name=None)


def _open_spans(december_from: int | None, noticed: set[int], open_years: list[int]) -> Iterable[tuple[date, date]]:
    for year in sorted({*noticed, *open_years}):
        if year in open_years:
            yield date(year, 1, 1), date(year, 12, 31)
        elif december_from is not None and year + 1 not in noticed:
            yield date(year, 12, december_from), date(year, 12, 31)


# -- the library


def _library_days(settings: SettingsFile, years: set[int]) -> _Days:
    """Return the library's holidays, and the weekend days that it knows to be worked."""
    if not years:
        return {}
    found = {lang: _library(settings, years, lang) for lang in ("zh_CN", "en_US")}
    zh, en = found["zh_CN"], found["en_US"]
    days: _Days = {}
    for day, name in en.items():
        if day.year in years:
            days[day] = SpecialDay(day, works=False, notice=None, name=Text(zh.get(day) or name, name))
    if settings.value.statutory_days.binding:
        for day in getattr(en, "weekend_workdays", ()):
            if day.year in years and day not in days:
                days[day] = SpecialDay(day, works=True, notice=None, name=None)
    bare = years - {day.year for day in days}
    if bare and settings.value.statutory_days.binding:
        message = Text("holidays 库没有 {y} 年的节假日", "the library holidays has no holiday in {y}")
        raise settings.fault(("statutory_days",), message.fill(y=min(bare)))
    return days


def _library(settings: SettingsFile, years: set[int], lang: str) -> holidays.HolidayBase:
    import holidays  # noqa: PLC0415 - slow, and only without a cache

    rule = settings.value.statutory_days
    categories = rule.categories or None
    try:
        if rule.market is not None:
            return holidays.financial_holidays(
                rule.market, years=years, categories=categories, language=_known(rule.market, lang)
            )
        country = str(rule.country)
        return holidays.country_holidays(
            country, rule.subdivision, years=years, categories=categories, language=_known(country, lang)
        )
    except (NotImplementedError, ValueError) as fault:
        message = Text("holidays 库不支持：{why}", "the library holidays can't do this: {why}")
        raise settings.fault(("statutory_days",), message.fill(why=same(str(fault)))) from None


def _known(entity: str, lang: str) -> str | None:
    """Return a language that the entity knows: the one asked for, else English, else its own."""
    import holidays  # noqa: PLC0415

    kind = getattr(holidays, entity, None)
    if kind is None:
        raise NotImplementedError(f"{entity} is not known")
    for language in (lang, "en_US"):
        if language in kind.supported_languages:
            return language
    return str(kind.default_language) if kind.default_language else None
