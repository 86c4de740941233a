"""Read the plain text of a notice of days off, as the State Council publishes it, into days.

A numbered section is one holiday. In it, some sentences make days off or days worked, others
explain them (其中…为法定节假日、…公休日调至…) and are held against what was made. What is not
understood for sure is a finding, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from credit_workflow.calendar.notices.day_lists import PLACE, Misread, Reckoning, Span, days_of, without_days
from credit_workflow.calendar.notices.spelling import FEASTS, Finding, Source, cleaned, head_of
from credit_workflow.numerals import chinese_number
from credit_workflow.text import Text

_DAY = timedelta(days=1)
_HEADING = re.compile(
    r"(?:^|(?<=[。;:,号知]))(?:[(][一二三四五六七八九十]{1,3}[)]、?|[一二三四五六七八九十]{1,3}[、.])(?=[^。;]{1,80}\d)"
)
_NAMED = re.compile(rf"(?:^|(?<=[。;:号知-]))(?=(?:\d{{1,2}}[、.)])?(?:{FEASTS})(?:[、和](?:{FEASTS}))*:)")
_NUMBERED = re.compile(r"[(][一二三四五六七八九十]{1,3}[)]、?|[一二三四五六七八九十]{1,3}[、.]|\d{1,2}[、.)](?!\d)")
_NAME = re.compile(r"^-*(?P<name>[^:,\d]{1,30}?)(?::|(?=\d{1,4}[年月日]))")
_IN_TITLE = re.compile(r"关于(?:调整|延长|公布)?(?:\d{4}年)?(?P<name>[^。]{1,60}?)(?:假期|调休放假|放假|安排|的通知)")
_REMARK = re.compile(r"^(?:同时|另外|并)?,?(?:鼓励|提倡|建议|各单位可)")
_HALF_DAY = re.compile(r"半[天日]")
_NUMBER = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})"
_COUNT = rf"(?:共计?|计|为期)?(?P<n>{_NUMBER})[天日]"
_LEFT_OVER = re.compile(r"\d+[月日]")
_UNREAD = re.compile(r"\d{1,2}日[^。;,起]{0,20}?(?:放假|上班|补休|公休)")
_SENTENCE = re.compile(r"[^。;]+")
_NOTE = re.compile(rf"[(\[【〔][^()\[\]【】〔〕{PLACE}]*[)\]】〕]")
_DAY_IN_BRACKETS = re.compile(rf"[(\[【〔]{PLACE}[)\]】〕]")
_CLAUSE = re.compile(r"(?:[(\[【〔][^()\[\]【】〔〕]*[)\]】〕]|[^,:])+")
_BEFORE = r"(?:其中|将|从|自|于|即)?"
_OFF_NAMED = rf"(?:[^{PLACE}不]{{0,20}}?(?:节|元旦|除夕|假期|五一|十一|日|时间|安排))?(?:从|自|于|为|是)?"

#: How a clause is worded, its days taken out, and what it says.
_WORDINGS: tuple[tuple[str, str], ...] = (
    (
        "off",
        rf"^{_BEFORE}{_OFF_NAMED}{PLACE}(?:起)?(?:全国)?(?:放假调休|调休放假|放假公休|放假|休假|放假连休)(?:{_COUNT})?$",
    ),
    ("off", rf"^(?:调休)?放假时间(?:为|是)?{PLACE}$"),
    ("off", rf"^{_BEFORE}{PLACE}(?:调休|补休|补假|补放假)$"),
    ("worked", rf"^{_BEFORE}{_OFF_NAMED}{PLACE}(?:均|分别|正常|照常|调休)*上班$"),
    ("resumed", rf"^{PLACE}起(?:恢复|正常|照常)*(?:上班|工作)$"),
    ("within", rf"^{_BEFORE}{PLACE}(?:为|是)[^{PLACE}]{{0,12}}法定(?:节)?假日$"),
    ("rested", rf"^{_BEFORE}{PLACE}(?:为|照常|正常|是)(?:公休日?|休息日?|双休日|周末)$"),
    (
        "moved",
        rf"^{_BEFORE}{PLACE}(?:[两二三四五]个)?公休日?(?P<feast>及[^{PLACE}]{{1,6}}节)?(?:分别)?(?:调至|调到|调整至|调整到|移至){PLACE}(?:公休)?$",
    ),
    ("swapped", rf"^{_BEFORE}{PLACE}上班(?:分别)?(?:调至|调到|调整至|调整到){PLACE}$"),
    ("extended", rf"^(?:将)?延长(?:\d{{4}}年)?(?P<name>[^{PLACE}]{{1,8}}?)(?:假期|放假)至{PLACE}$"),
    ("linked", r"^(?:与|和|同)(?:前后)?(?:周末|双休日|周[一二三四五六日]|星期[一二三四五六日])(?:连休|相连)$"),
    ("counted", rf"^(?:连休|放假|共放假|合计放假)?{_COUNT}$"),
    ("no_swap", r"^不(?:再)?调休$"),
    ("within", rf"^{PLACE}$"),
)
_COMPILED = tuple((kind, re.compile(wording)) for kind, wording in _WORDINGS)


class OffSaid(NamedTuple):
    """Days off that one statement names; ``extends`` when it lengthens a holiday up to its last day."""

    name: str
    spans: tuple[Span, ...]
    place: int
    extends: bool = False

    def days(self) -> set[date]:
        """Return the days, weekends among them."""
        return days_of(self.spans)


class WorkSaid(NamedTuple):
    """A day that one works by a statement."""

    day: date
    place: int


class Gazette(NamedTuple):
    """A notice as it was read.

    ``off`` and ``work`` are in the order of the text; ``passed_over`` are sentences with days that
    give no day off to all: recommendations and half days. ``findings`` is empty where all was
    understood and agrees with itself.
    """

    source: Source
    year: int | None
    title: str | None
    no: str | None
    issued: date | None
    off: tuple[OffSaid, ...]
    work: tuple[WorkSaid, ...]
    passed_over: tuple[str, ...]
    findings: tuple[Finding, ...]


def read_gazette(raw: str, year: int | None = None) -> Gazette:
    """Return what the text of a notice says.

    Args:
        raw: the text as it was published, with or without its title and closing paragraphs.
        year: the year that it is about, where the text does not say so.
    """
    source = cleaned(raw)
    starts = _starts(source.text)
    body = starts[0] if starts else 0
    head, end, findings = head_of(source, body)
    if year is not None and head.year not in (None, year):
        message = Text("通知是 {h} 年的，不是 {y} 年", "the notice is about {h}, not {y}")
        findings.append(Finding(1, head.title or "", message.fill(h=head.year, y=year)))
    found = head.year or year or _only_year(source.text[body:end])
    if found is None:
        message = Text("没有写明是哪一年的安排；请用 --year 指明", "it does not say for which year; give --year")
        if not findings:
            findings.append(Finding(0, "", message))
        return Gazette(source, None, head.title, head.no, head.issued, (), (), (), tuple(findings))
    before = _UNREAD.search(source.text, 0, body)
    if before is not None:
        message = Text(
            "第一项之前还写有日期，无法确定属于哪一项；请核对原文的分项",
            "days stand before the first item, and which one they belong to can't be told; check how it is divided",
        )
        findings.append(Finding(source.line(before.start()), before[0], message))
    named = _IN_TITLE.search(head.title or "")
    reading = _Reading(source, found, findings)
    for first, last in zip(starts or [0], [*starts[1:], end], strict=True):
        _Section(reading, first, min(last, end), named["name"] if named else "", numbered=bool(starts)).read()
    return Gazette(
        source,
        found,
        head.title,
        head.no,
        head.issued,
        tuple(reading.off),
        tuple(reading.work),
        tuple(reading.passed_over),
        tuple(findings),
    )


def _starts(text: str) -> list[int]:
    """Return the places at which sections begin."""
    found = [match.start() for match in _HEADING.finditer(text)]
    return found or [match.start() for match in _NAMED.finditer(text)]


def _only_year(text: str) -> int | None:
    years = {int(y) for y in re.findall(r"(\d{4})年(?:\d{1,2}月)?", text)}
    return years.pop() if len(years) == 1 else None


@dataclass
class _Reading:
    """What has been read so far."""

    source: Source
    year: int
    findings: list[Finding]
    off: list[OffSaid] = field(default_factory=list)
    work: list[WorkSaid] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)


class _Section:
    """One section of a notice while it is read."""

    def __init__(self, reading: _Reading, first: int, last: int, title: str, *, numbered: bool) -> None:
        text = reading.source.text
        head = _NUMBERED.match(text[first:last]) if numbered else None
        self.first = first + (head.end() if head else 0)
        self.last = last
        self.reading = reading
        heading = _NAME.match(text[self.first : last])
        in_heading = heading is not None and numbered and re.search(rf"节|{FEASTS}", heading["name"])
        self.name = heading["name"] if heading is not None and in_heading else title
        self.days = Reckoning(reading.year, "元旦" in self.name or "新年" in self.name)
        self.off: list[OffSaid] = []
        self.worked: set[date] = set()
        self.moved: list[tuple[date, int, str]] = []
        self.sentence = ""
        self.place = first
        self.explains = False
        self.of_sentence: list[OffSaid] = []
        self.linked = False

    def read(self) -> None:
        """Read all sentences of the section."""
        text = self.reading.source.text
        for match in _SENTENCE.finditer(text, self.first, self.last):
            self.sentence, self.place = match[0], match.start()
            if _REMARK.match(self.sentence):
                if re.search(r"\d日", self.sentence):
                    self.reading.passed_over.append(self.sentence)
                continue
            self.explains, self.of_sentence, self.linked = False, [], False
            self._clauses(match.start())
        for day, place, sentence in self.moved:
            if day not in self.days.known and day not in self.worked:
                message = Text(
                    "{d} 的公休日调走了，却没有写这一天上班；请核对原文",
                    "the rest day of {d} is moved, but it does not say that one works on it; check the original",
                )
                self.reading.findings.append(Finding(self.reading.source.line(place), sentence, message.fill(d=day)))

    def _clauses(self, start: int) -> None:
        waiting = ""
        place = start
        for match in _CLAUSE.finditer(self.sentence):
            clause = match[0]
            if not waiting:
                place = start + match.start()
            said = f"{waiting}、{clause}" if waiting else clause
            waiting = ""
            if _HALF_DAY.search(said):
                self.reading.passed_over.append(said)
                continue
            reduced, _ = without_days(said, place)
            if reduced == PLACE and not self.explains:
                waiting = said  # a list with commas: what is said of it follows
                continue
            self._clause(said, reduced, place)
        if waiting:
            self._not_understood(waiting)

    def _clause(self, said: str, reduced: str, place: int) -> None:
        plain = _NOTE.sub("", _DAY_IN_BRACKETS.sub(PLACE, reduced))
        if plain == "其中" or re.fullmatch(rf"{_NUMBER}天为[^{PLACE}]{{1,8}}", plain):
            self.explains = True
            return
        if plain.startswith("其中"):
            self.explains = True
        for kind, wording in _COMPILED:
            match = wording.match(plain)
            if match is not None:
                self._take(kind, match, said, place)
                return
        if PLACE in plain or _LEFT_OVER.search(plain):
            self._not_understood(said)

    def _take(self, kind: str, match: re.Match[str], said: str, place: int) -> None:
        try:
            spans = [tuple(self.days.spans(phrase.mentions)) for phrase in without_days(said, place)[1]]
        except Misread as fault:
            self._wrong(fault.message)
            return
        for message in self.days.wrong:
            self._wrong(message)
        self.days.wrong.clear()
        taker: Callable[..., None] = getattr(self, f"_take_{kind}")
        taker(match, place, *spans)

    # -- what clauses say

    def _take_off(self, match: re.Match[str], place: int, spans: tuple[Span, ...]) -> None:
        said = OffSaid(self.name, spans, place)
        if self.explains:
            self._within(said.days())
            return
        days = said.days()
        if not any(days <= other.days() for other in self.off):  # said again is not said twice
            self.off = [other for other in self.off if not other.days() <= days]
            self.reading.off = [other for other in self.reading.off if other.place < self.first or other in self.off]
            self.off.append(said)
            self.reading.off.append(said)
            self.days.known |= days
        self.of_sentence.append(said)
        if "n" in match.re.groupindex and match["n"]:
            self._count(chinese_number(match["n"]) or 0)

    def _take_worked(self, _match: re.Match[str], place: int, spans: tuple[Span, ...]) -> None:
        for day in (day for span in spans for day in span.days()):
            if day in self.worked:
                self._wrong(Text("{d} 上班写了两次", "{d} is named twice as a day worked").fill(d=day))
                continue
            self.worked.add(day)
            self.reading.work.append(WorkSaid(day, place))

    def _take_resumed(self, _match: re.Match[str], _place: int, spans: tuple[Span, ...]) -> None:
        if spans[0].first in self.days.known:
            message = Text("{d} 起上班，但这一天放假；请核对", "work resumes on {d}, which is a day off; check it")
            self._wrong(message.fill(d=spans[0].first))

    def _take_rested(self, _match: re.Match[str], _place: int, spans: tuple[Span, ...]) -> None:
        days = days_of(spans)
        self._within({day for day in days if day.weekday() < 5})  # noqa: PLR2004 - Monday to Friday
        if days & self.worked:
            self._wrong(Text("{d} 既公休又上班", "{d} is both rested and worked").fill(d=min(days & self.worked)))

    def _take_moved(self, match: re.Match[str], place: int, spans: tuple[Span, ...], to: tuple[Span, ...]) -> None:
        moved = [day for span in spans for day in span.days()]
        rested = days_of(to)
        self._within(rested)
        if len(moved) + bool(match["feast"]) != len(rested):
            message = Text("调走 {a} 天，调到 {b} 天，天数不等；请核对", "{a} days are moved to {b} days; check them")
            self._wrong(message.fill(a=len(moved), b=len(rested)))
        self.moved += [(day, place, self.sentence) for day in moved]

    def _take_swapped(self, match: re.Match[str], place: int, spans: tuple[Span, ...], to: tuple[Span, ...]) -> None:
        self._within(days_of(spans))
        self._take_worked(match, place, to)

    def _take_extended(self, match: re.Match[str], place: int, spans: tuple[Span, ...]) -> None:
        said = OffSaid(match["name"], spans, place, extends=True)
        self.off.append(said)
        self.reading.off.append(said)
        self.days.known |= said.days()

    def _take_linked(self, _match: re.Match[str], _place: int) -> None:
        self.linked = True
        if not self.of_sentence:
            return
        days = {day for said in self.of_sentence for day in said.days()}
        if not any(near.weekday() >= 5 for day in days for near in (day - _DAY, day, day + _DAY)):  # noqa: PLR2004
            message = Text(
                "写明与周末连休，但 {d} 不与周末相连；请核对日期",
                "it says that the weekend adjoins, but none adjoins {d}; check the day",
            )
            self._wrong(message.fill(d=min(days)))

    def _take_counted(self, match: re.Match[str], _place: int) -> None:
        self._count(chinese_number(match["n"]) or 0)

    def _take_no_swap(self, _match: re.Match[str], _place: int) -> None:
        """It says what the lack of days worked shows."""

    def _take_within(self, _match: re.Match[str], _place: int, spans: tuple[Span, ...]) -> None:
        self._within(days_of(spans))

    # -- what is held against what

    def _count(self, number: int) -> None:
        days = {day for said in self.of_sentence for day in said.days()}
        if not days:
            return
        if self.linked:
            days |= set(_weekend_at(days))
        if len(days) != number:
            message = Text(
                "写明共 {s} 天，所列 {f} 至 {l} 却是 {n} 天；请核对天数与起止日期",
                "it says {s} days, but the days named, {f} to {l}, are {n}; check the count and the days",
            )
            self._wrong(message.fill(s=number, f=min(days), l=max(days), n=len(days)))

    def _within(self, days: set[date]) -> None:
        outside = sorted(days - self.days.known)
        if outside:
            message = Text(
                "这里说 {d} 休息，但所列放假日期中没有这一天；请核对",
                "it says that {d} is free, but the days off named do not have it; check them",
            )
            self._wrong(message.fill(d=outside[0]))

    def _not_understood(self, said: str) -> None:
        message = Text(
            "看不懂“{c}”，无法确定哪些天放假或上班；如与放假无关请删去，有误请改正",
            "“{c}” is not understood, so which days are off or worked can't be told; cut it away if it is no"
            " arrangement of days off, else put it right",
        )
        self._wrong(message.fill(c=said))

    def _wrong(self, message: Text) -> None:
        self.reading.findings.append(Finding(self.reading.source.line(self.place), self.sentence, message))


def _weekend_at(days: set[date]) -> Iterator[date]:
    """Give the weekend days that adjoin days off, one after another."""
    for step in (_DAY, -_DAY):
        day = (max if step > timedelta() else min)(days) + step
        while day.weekday() >= 5:  # noqa: PLR2004 - the weekend
            yield day
            day += step
