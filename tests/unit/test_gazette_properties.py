"""Notices made at random, spelled at random, and read back; then one sign spoiled, and refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from credit_workflow.calendar.notices.notice_checks import check_days
from credit_workflow.calendar.notices.official_text import Gazette, read_gazette

DAY = timedelta(days=1)
YEAR = 2026
WEEKEND = (5, 6)
#: A heading, and the first and last day on which its holiday can begin, so that none meets another.
FEASTS = [
    ("元旦", date(2025, 12, 29), date(2026, 1, 3)),
    ("春节", date(2026, 2, 10), date(2026, 2, 20)),
    ("清明节", date(2026, 4, 2), date(2026, 4, 6)),
    ("“五一”国际劳动节", date(2026, 4, 28), date(2026, 5, 3)),
    ("端午节", date(2026, 6, 17), date(2026, 6, 22)),
    ("中秋节、国庆节", date(2026, 9, 25), date(2026, 10, 3)),
]
FULL_WIDTH = str.maketrans("0123456789:,();", "０１２３４５６７８９：，（）；")


@dataclass(frozen=True)
class Part:
    """One holiday as it is meant."""

    name: str
    off: tuple[date, date]
    work: tuple[date, ...]

    def days(self) -> set[date]:
        first, last = self.off
        return {first + n * DAY for n in range((last - first).days + 1)}


@st.composite
def parts(draw: st.DrawFn) -> list[Part]:
    chosen = draw(st.lists(st.sampled_from(FEASTS), min_size=1, max_size=6, unique=True))
    made = []
    for name, earliest, latest in sorted(chosen, key=lambda feast: feast[1]):
        first = earliest + draw(st.integers(0, (latest - earliest).days)) * DAY
        last = first + draw(st.integers(0, 7)) * DAY
        near = [first - n * DAY for n in range(1, 9)] + [last + n * DAY for n in range(1, 9)]
        weekend = [day for day in near if day.weekday() in WEEKEND]
        work = draw(st.lists(st.sampled_from(weekend), max_size=2, unique=True))
        made.append(Part(name, (first, last), tuple(sorted(work))))
    return made


@dataclass
class Hand:
    """Whoever writes the notice down: each choice of spelling is drawn."""

    draw: st.DrawFn

    def one(self, *choices: str) -> str:
        return self.draw(st.sampled_from(choices))

    def weekday(self, day: date, *, always: bool = False) -> str:
        sign = "一二三四五六日"[day.weekday()]
        said = [f"({name}{sign})" for name in ("星期", "周")] + [f"(农历某日、星期{sign})", f"[周{sign}]"]
        return self.one(*said) if always else self.one("", *said)

    def day(self, day: date, before: date | None = None, *, always: bool = False) -> str:
        year = (
            f"{day.year}年"
            if day.year != YEAR or (before and before.year != day.year)
            else self.one("", f"{day.year}年")
        )
        month = f"{day.month}月"
        if before is not None and (before.year, before.month) == (day.year, day.month) and not year:
            month = self.one("", month)
        return f"{year}{month}{day.day}日{self.weekday(day, always=always)}"

    def span(self, first: date, last: date) -> str:
        if first == last:
            return self.day(first)
        return f"{self.day(first)}{self.one('至', '-', '—', '～', '到')}{self.day(last, first)}"

    def worked(self, days: tuple[date, ...]) -> str:
        said = [self.day(day, before, always=True) for before, day in zip((None, *days), days, strict=False)]
        return self.one("、", "、", "和").join(said) + self.one("上班", "正常上班", "照常上班")

    def part(self, part: Part, number: str) -> str:
        count = len(part.days())
        said = f"{number}、{part.name}:{self.span(*part.off)}"
        said += self.one("放假", "放假调休", "放假公休") + self.one("", f",共{count}天", f"{count}天") + "。"
        return said + (f"{self.worked(part.work)}。" if part.work else "")

    def spoiled(self, text: str) -> str:
        """Put blanks and line breaks anywhere, and some signs in full width."""
        places = self.draw(st.lists(st.integers(0, len(text)), max_size=6))
        for place in sorted(places, reverse=True):
            # a line that begins with a number begins a section: none is made where there is none
            blank = (
                self.one(" ", "　", "\t")
                if text[place : place + 1] in "一二三四五六七八九十"
                else self.one(" ", "\n", "　\n")
            )
            text = text[:place] + blank + text[place:]
        return text.translate(FULL_WIDTH) if self.draw(st.booleans()) else text


@st.composite
def written(draw: st.DrawFn) -> tuple[list[Part], str]:
    meant = draw(parts())
    hand = Hand(draw)
    body = hand.one("", "\n").join(hand.part(part, "一二三四五六"[n]) for n, part in enumerate(meant))
    head = hand.one("", f"国务院办公厅关于{YEAR}年部分节假日安排的通知\n国办发明电〔{YEAR - 1}〕7号\n")
    tail = hand.one("", "\n节假日期间，各地区、各部门要妥善安排好值班。\n国务院办公厅\n2025年11月4日")
    return meant, hand.spoiled(head + body + tail)


def said_by(gazette: Gazette) -> tuple[set[date], set[date]]:
    return {day for said in gazette.off for day in said.days()}, {said.day for said in gazette.work}


@settings(max_examples=60, deadline=None)
@example(
    (
        [Part("“五一”国际劳动节", (date(2026, 4, 28), date(2026, 4, 29)), ())],
        "一、“五一”\n国际劳动节:4月28日至29日放假。",
    )
)
@given(written())
def test_a_notice_in_any_spelling_reads_back(case: tuple[list[Part], str]) -> None:
    meant, text = case
    gazette = read_gazette(text, YEAR)
    assert gazette.findings == ()
    assert said_by(gazette) == (
        {day for part in meant for day in part.days()},
        {day for part in meant for day in part.work},
    )


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_one_thing_spoiled_is_refused(data: st.DataObject) -> None:
    """A weekday, a count or a day that is not what it was: each is seen, whatever the spelling."""
    meant = data.draw(parts().filter(lambda some: any(part.work for part in some)))
    hand = Hand(data.draw)
    lines, whole = [], "一二三四五六"
    victim = data.draw(st.sampled_from([n for n, part in enumerate(meant) if part.work]))
    what = data.draw(st.sampled_from(["weekday", "count", "day", "last"]))
    for n, part in enumerate(meant):
        first, last = part.off
        count, worked, end = len(part.days()), part.work, last
        if n == victim and what == "count":
            count += data.draw(st.sampled_from([-1, 1, 2]))
        if n == victim and what == "last":
            end = last + data.draw(st.integers(1, 3)) * DAY
        days = [f"{day.year}年{day.month}月{day.day}日(周{'一二三四五六日'[day.weekday()]})" for day in worked]
        if n == victim and what in ("weekday", "day"):
            day = worked[0]
            other = (day.weekday() + data.draw(st.integers(1, 6))) % 7
            moved = day + data.draw(st.integers(1, 6)) * DAY
            shown, sign = (day, other) if what == "weekday" else (moved, day.weekday())
            days[0] = f"{shown.year}年{shown.month}月{shown.day}日(周{'一二三四五六日'[sign]})"
        said = f"{whole[n]}、{part.name}:{hand.span(first, end)}放假调休,共{count}天。"
        lines.append(said + (f"{'、'.join(days)}上班。" if days else ""))
    gazette = read_gazette(hand.one("", "\n").join(lines), YEAR)
    assert [*gazette.findings, *check_days(gazette, WEEKEND)]


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="一二三、。，：（）年月日至放假调休上班共天星期周0123456789元旦春节\n ", max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    gazette = read_gazette(text, YEAR)
    off, work = said_by(gazette)
    assert all(abs(day.year - YEAR) <= 1 for day in off | work)
    list(check_days(gazette, WEEKEND))
