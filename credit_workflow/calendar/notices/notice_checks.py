"""Check a notice's days against each other, against the legal holidays, and against the year's balance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from credit_workflow.calendar.notices.day_lists import Span
from credit_workflow.calendar.notices.official_text import Gazette, OffSaid
from credit_workflow.calendar.notices.spelling import Finding
from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.text import Text

_DAY = timedelta(days=1)
#: The holidays of 全国年节及纪念日放假办法, as the library ``holidays`` calls them.
_STATUTORY = frozenset({"元旦", "农历除夕", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节"})
#: Notices by which the State Council gave days off beyond the law's, and how many.
_GIVEN = {"国发明电〔2015〕1号": 1, "国办发明电〔2020〕1号": 2}


class YearSaid(NamedTuple):
    """What the notices of a year say: the days off, weekends among them, and the weekend days worked."""

    off: frozenset[date]
    work: frozenset[date]


def said_before(calendar: WorkCalendar, year: int) -> YearSaid:
    """Return what the loaded notices of a year say, those of layers aside."""
    ids = {notice.id for notice in calendar.notices if notice.year == year and notice.layer is None}
    years = [y for y in (year - 1, year, year + 1) if calendar.first.year <= y <= calendar.last.year]
    days = [day for y in years for day in calendar.year(y) if day.notice in ids]
    return YearSaid(
        frozenset(day.date for day in days if not day.works), frozenset(day.date for day in days if day.works)
    )


def completed(gazette: Gazette, calendar: WorkCalendar) -> Gazette:
    """Return a notice whose “extended to” is days: from the day after the holiday's last one, as loaded."""
    off: list[OffSaid] = []
    findings = list(gazette.findings)
    itself = {notice.id for notice in calendar.notices if notice.no is not None and notice.no == gazette.no}
    covered = gazette.year is not None and calendar.first.year <= gazette.year <= calendar.last.year
    days = calendar.year(gazette.year) if covered and gazette.year else []
    for said in gazette.off:
        if not said.extends:
            off.append(said)
            continue
        end = said.spans[0].last
        named = [
            day.date
            for day in days
            if not day.works and day.name is not None and said.name in day.name.zh
            if day.date < end and day.notice not in itself
        ]
        if named:
            off.append(said._replace(spans=(Span(max(named) + _DAY, end),), extends=False))
        else:
            message = Text(
                "要延长的“{n}”假期未收录；请先导入该年的通知",
                "the holiday {n} that it extends is not loaded; import the year's notice first",
            )
            findings.append(_at(gazette, said.place, message.fill(n=said.name)))
    return gazette._replace(off=tuple(off), findings=tuple(findings))


def check_days(gazette: Gazette, weekend: Iterable[int]) -> Iterator[Finding]:
    """Give what is wrong with the days of a notice among themselves.

    Args:
        gazette: the notice, `completed`.
        weekend: the weekdays of the weekend, Monday being 0.
    """
    if not gazette.off and not gazette.work and not gazette.findings:
        message = Text(
            "没有找到放假安排；请粘贴通知全文（“一、元旦：1月1日放假……”）",
            "no arrangement of days off is found; paste the whole notice (“一、元旦：1月1日放假…”)",
        )
        yield Finding(0, "", message)
    seen: dict[date, OffSaid] = {}
    for said in gazette.off:
        twice = sorted(day for day in said.days() if day in seen)
        if twice:
            message = Text(
                "{d} 放假写了两次（{a}、{b}）；请核对", "{d} is named twice as a day off ({a}, {b}); check it"
            )
            yield _at(gazette, said.place, message.fill(d=twice[0], a=seen[twice[0]].name, b=said.name))
        seen.update(dict.fromkeys(said.days(), said))
    for day, times in Counter(work.day for work in gazette.work).items():
        if times > 1:
            place = next(work.place for work in gazette.work if work.day == day)
            message = Text("{d} 上班写了两次；请核对", "{d} is named twice as a day worked; check it")
            yield _at(gazette, place, message.fill(d=day))
    rest = frozenset(weekend)
    for work in gazette.work:
        if work.day in seen:
            message = Text("{d} 既放假（{n}）又上班；请核对", "{d} is both off ({n}) and worked; check it")
            yield _at(gazette, work.place, message.fill(d=work.day, n=seen[work.day].name))
        elif work.day.weekday() not in rest:
            message = Text(
                "{d} 不是周末，本来就上班；请核对日期", "{d} is no weekend day: one works on it anyway; check the day"
            )
            yield _at(gazette, work.place, message.fill(d=work.day))


def check_year(gazette: Gazette, given: int = 0) -> Iterator[Finding]:
    """Give what a year's first notice leaves out: holidays of the law, and the balance of working days.

    Args:
        gazette: the notice, `completed`.
        given: days that it is said to give beyond the law.
    """
    if gazette.year is None or not gazette.off:
        return
    law = statutory_days(gazette.year)
    off = {day for said in gazette.off for day in said.days()}
    left_out = [(day, names) for day, names in sorted(law.items()) if day not in off]
    for day, names in left_out:
        message = Text(
            "法定节假日 {d}（{n}）没有放假；请核对，或补上漏掉的一项",
            "{d} ({n}), a holiday by law, is not off; check it, or add what was left out",
        )
        yield Finding(0, "", message.fill(d=day, n="、".join(names)))
    work = {said.day for said in gazette.work}
    if not left_out:
        yield from _balance(sum(map(len, law.values())), YearSaid(frozenset(off), frozenset(work)), given)


def check_amendment(gazette: Gazette, before: YearSaid, given: int) -> Iterator[Finding]:
    """Give what is wrong with the balance of a year whose notice is amended.

    Args:
        gazette: the amendment, `completed`.
        before: what the year's notices said until then.
        given: days that it is said to give beyond the law; what published notices gave is known.
    """
    off = {day for said in gazette.off for day in said.days()}
    work = {said.day for said in gazette.work}
    after = YearSaid((before.off - work) | off, (before.work - off) | work)
    yield from _balance(_free(before), after, given or _GIVEN.get(gazette.no or "", 0))


def _free(said: YearSaid) -> int:
    return sum(day.weekday() < 5 for day in said.off) - len(said.work)  # noqa: PLR2004 - Monday to Friday


def _balance(owed: int, said: YearSaid, given: int) -> Iterator[Finding]:
    """Give the balance's arithmetic where it fails: each statutory day frees one day of the working week."""
    weekdays = sum(day.weekday() < 5 for day in said.off)  # noqa: PLR2004
    free = weekdays - len(said.work)
    if free != owed + given:
        message = Text(
            "全年工作日不平衡：周一至周五放假 {w} 天，减去周末上班 {k} 天，净放假 {f} 天，应为 {o} 天（{d}）。"
            "请核对放假与上班日期；确为国务院另行增加的假日，用 --extra-days 指明天数",
            "the year's working days don't balance: {w} weekdays off, less {k} weekend days worked, is {f} days; it"
            " should be {o} ({d}). Check the days; if the State Council really gave further ones, say how many with"
            " --extra-days",
        )
        more = free - owed - given
        side = Text(f"多 {more} 天", f"{more} too many") if more > 0 else Text(f"少 {-more} 天", f"{-more} too few")
        yield Finding(0, "", message.fill(w=weekdays, k=len(said.work), f=free, o=owed + given, d=side))


def statutory_days(year: int) -> dict[date, Sequence[str]]:
    """Return the holidays of the law in a year, each day with their names: two can fall on one day."""
    import holidays  # noqa: PLC0415 - slow, and only where a notice is read

    found: dict[date, Sequence[str]] = {}
    for day, said in holidays.country_holidays("CN", years=year, language="zh_CN").items():
        names = [name for name in said.split("; ") if name in _STATUTORY]
        if names and day.year == year:
            found[day] = names
    return found


def _at(gazette: Gazette, place: int, message: Text) -> Finding:
    text = gazette.source.text
    start = max(text.rfind(mark, 0, place) for mark in "。;") + 1
    ends = [end for mark in "。;" if (end := text.find(mark, place)) >= 0]
    return Finding(gazette.source.line(place), text[start : min(ends, default=len(text))], message)
