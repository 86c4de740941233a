"""Read days as a notice writes them: lists and spans, months and years left out, weekdays in brackets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from credit_workflow.text import Text

_WEEK = "一二三四五六日"
_DATE = r"(?<![\d共假])(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?!期)"
_NOTE = r"(?:[(\[【〔][^()\[\]【】〔〕]{0,40}[)\]】〕])"
_BARE_WEEKDAY = r"(?:(?:星期|礼拜|周)[一二三四五六日天])"
_MENTION = rf"{_DATE}((?:{_NOTE}|{_BARE_WEEKDAY})*)"
_JOIN = r"(?:、|和|及|与|以及|至|到|-+)"
_PHRASE = re.compile(rf"{_MENTION}(?:{_JOIN}{_MENTION})*")
_EACH = re.compile(rf"({_JOIN})?{_MENTION}")
_WEEKDAYS = re.compile(r"(?:星期|礼拜|周)([一二三四五六日天](?:[、,至-][一二三四五六日天](?![一-鿿]))*)")
_RANGE = ("至", "到", "-")
_LONGEST = 31
_DECEMBER = 12
#: What stands for a phrase of days in a clause that is looked at without them.
PLACE = "D"


class Mention(NamedTuple):
    """One day as it is written; ``ranged`` when it ends a span that the one before begins."""

    year: int | None
    month: int | None
    day: int
    weekdays: tuple[int, ...]
    ranged: bool


class Phrase(NamedTuple):
    """Days written in one go, and the place at which they begin."""

    mentions: tuple[Mention, ...]
    place: int


class Span(NamedTuple):
    """Days from the first to the last, both included."""

    first: date
    last: date

    def days(self) -> list[date]:
        """Return its days."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]


def days_of(spans: Iterable[Span]) -> set[date]:
    """Return the days of several spans."""
    return {day for span in spans for day in span.days()}


def without_days(text: str, place: int) -> tuple[str, list[Phrase]]:
    """Return a clause with `PLACE` for each phrase of days, and the phrases.

    Args:
        text: the clause.
        place: where it begins in the whole text.
    """
    phrases = [Phrase(tuple(_mentions(m[0])), place + m.start()) for m in _PHRASE.finditer(text)]
    return _PHRASE.sub(PLACE, text), phrases


def _mentions(text: str) -> Iterator[Mention]:
    for match in _EACH.finditer(text):
        join, year, month, day, note = match.groups()
        weekdays = tuple(
            _WEEK.index(c.replace("天", "日"))
            for said in _WEEKDAYS.findall(note or "")
            for c in re.split("[、,至-]", said)
        )
        ranged = (join or "").startswith(_RANGE)
        yield Mention(int(year) if year else None, int(month) if month else None, int(day), weekdays, ranged)


class Misread(Exception):
    """Days that can't be, or can't be told for sure."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


@dataclass
class Reckoning:
    """Finds which days are meant, within one section of a notice.

    Args:
        year: the year that the notice is about.
        new_year: whether the section is about New Year's Day, when December is the year before's.
    """

    year: int
    new_year: bool
    known: set[date] = field(default_factory=set)
    month: int | None = None
    wrong: list[Text] = field(default_factory=list)

    def spans(self, phrase: Sequence[Mention]) -> list[Span]:
        """Return the days of a phrase, as spans; what is wrong with their weekdays goes into ``wrong``.

        Raises:
            Misread: a day that does not exist, or can't be told for sure.
        """
        weekdays = _weekday_of_each(phrase)
        days: list[date] = []
        found: list[Span] = []
        for index, mention in enumerate(phrase):
            before = days[-1] if days else None
            after = phrase[index + 1] if index + 1 < len(phrase) and phrase[index + 1].ranged else None
            day = self._day(mention, before, weekdays[index], after)
            if mention.ranged and before is not None:
                found[-1] = _span(found[-1].first, day)
            else:
                found.append(Span(day, day))
            days.append(day)
            self._check_weekday(day, weekdays[index])
        self.month = days[-1].month
        return found

    def _check_weekday(self, day: date, said: int | None) -> None:
        if said is not None and day.weekday() != said:
            message = Text(
                "{d} 是星期{r}，不是星期{s}；请核对原文中的日期与星期",
                "{d} is a {re}, not a {se}; check day and weekday in the original",
            )
            self.wrong.append(
                message.fill(
                    d=day, r=_WEEK[day.weekday()], s=_WEEK[said], re=f"{day:%A}", se=f"{date(2024, 1, 1 + said):%A}"
                )
            )

    def _day(self, mention: Mention, before: date | None, weekday: int | None, after: Mention | None) -> date:
        month = mention.month or (before.month if before else None)
        months = [month] if month else self._months(mention.day)
        candidates = [
            day for m in months for y in self._years(mention, m, before, after) if (day := _date(y, m, mention.day))
        ]
        if weekday is not None and len(candidates) > 1:
            candidates = [day for day in candidates if day.weekday() == weekday] or candidates
        if not candidates:
            said = f"{month}月{mention.day}日" if month else f"{mention.day}日"
            message = Text("没有“{s}”这一天，请核对原文", "there is no day “{s}”; check the original")
            if not months:
                message = Text(
                    "“{s}”没有写明月份，前文也没有；请补上月份", "“{s}” has no month, nor is one before it; add it"
                )
            raise Misread(message.fill(s=said))
        if len(candidates) > 1:
            message = Text(
                "“{s}”可能是 {a}，无法确定；请补上年份或月份",
                "“{s}” may be {a}, which can't be told; add the year or the month",
            )
            said = f"{mention.month}月{mention.day}日" if mention.month else f"{mention.day}日"
            raise Misread(
                message.fill(s=said, a=Text(" 或 ".join(map(str, candidates)), " or ".join(map(str, candidates))))
            )
        if abs(candidates[0].year - self.year) > 1:
            message = Text("{d} 不在 {y} 年前后，请核对年份", "{d} is nowhere near {y}; check the year")
            raise Misread(message.fill(d=candidates[0], y=self.year))
        return candidates[0]

    def _months(self, day: int) -> list[int]:
        """Return the months that a day without one may be in: the last one named, and those of days off so far."""
        near = {known.month for known in self.known if known.day == day}
        if near:
            return sorted(near)
        return [self.month] if self.month else []

    def _years(self, mention: Mention, month: int, before: date | None, after: Mention | None) -> list[int]:
        if mention.year is not None:
            return [mention.year]
        if before is not None:
            return [before.year + 1 if month < before.month else before.year]
        if month != _DECEMBER or not self.new_year:
            return [self.year]
        if after is not None and (after.month or month) < month:
            return [(after.year or self.year) - 1]
        return [self.year - 1, self.year]


def _span(first: date, last: date) -> Span:
    if last < first:
        message = Text("{l} 早于 {f}，请核对起止日期", "{l} is before {f}; check the first and the last day")
        raise Misread(message.fill(f=first, l=last))
    if (last - first).days >= _LONGEST:
        message = Text("{f} 至 {l} 超过 31 天，请核对起止日期", "{f} to {l} is more than 31 days; check them")
        raise Misread(message.fill(f=first, l=last))
    return Span(first, last)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _weekday_of_each(phrase: Sequence[Mention]) -> list[int | None]:
    """Return the weekday said of each day of a phrase.

    One in brackets is that of the day before them; several are those of as many days before them,
    of which none has its own.
    """
    found: list[int | None] = [None] * len(phrase)
    for index, mention in enumerate(phrase):
        said = mention.weekdays
        first = index + 1 - len(said)
        if len(said) > 1 and (first < 0 or any(day is not None for day in found[first:index])):
            message = Text(
                "括号内有 {n} 个星期，无法确定各指哪一天",
                "{n} weekdays stand in brackets; whose they are can't be told",
            )
            raise Misread(message.fill(n=len(said)))
        for place, weekday in enumerate(said, first):
            found[place] = weekday
    return found
