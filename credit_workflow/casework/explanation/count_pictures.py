"""Draw the count of a due date: its grid of months, and the text beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.casework.answer import like
from credit_workflow.casework.explanation.explanation_answers import (
    ClockStop,
    CountedDay,
    CountPicture,
    ExplainedExtension,
    Explanation,
)
from credit_workflow.casework.explanation.grid_signs import notices_of, sums
from credit_workflow.casework.explanation.segments import Stretch, grid_of, stretches
from credit_workflow.definition.words.lengths import length_words
from credit_workflow.text import Lang, Text, joined, same


class Count(Struct, frozen=True, kw_only=True):
    """A count, of a case's deadline or of any period.

    Args:
        length: of the period, such as ``7 working days``.
        starts: the day of the start.
        due: the last day, None while the clock stands.
        counted: the days of the period.
        shifts: whether a last day that is a day off is moved.
        title: what it is called, where it has a name.
        source: its clause.
        stops: the stops of its clock.
        extension: what followed the period.
    """

    length: str
    starts: date
    due: date | None
    counted: tuple[CountedDay, ...]
    shifts: bool
    title: str | None = None
    source: str | None = None
    stops: tuple[ClockStop, ...] = ()
    extension: ExplainedExtension | None = None

    @property
    def parts(self) -> tuple[Stretch, ...]:
        """The parts of the count."""
        return stretches(self.counted, self.source, self.stops, self.extension)

    @property
    def sum(self) -> Text:
        """The sum of the count."""
        return sums(self.length, self.due, self.parts, self.extension)


def count_of(explained: Explanation) -> Count:
    """Return the count of a case's deadline."""
    return like(Count, explained, shifts=explained.if_day_off is not None)


def picture_of(count: Count, calendar: WorkCalendar, lang: Lang) -> CountPicture:
    """Return the picture of a count.

    Args:
        count: what is pictured.
        calendar: says what the other days of the months are, and what its notices are called.
        lang: the language of what is said.
    """
    return CountPicture(
        heading="　".join(filter(None, (count.title, count.source))),
        lines=tuple(line.to(lang) for line in _lines(count, calendar)),
        grid=grid_of(count.starts, count.due, count.parts, calendar),
    )


def _lines(count: Count, calendar: WorkCalendar) -> Sequence[Text]:
    """Return what is said of a count: its length, its start, its sum, and the notices that it rests on."""
    length, shift = length_words(count.length), Text("", "")
    if count.shifts:
        shift = Text("，末日为休息日的顺延", ", moved off a day off")
    about = Text("期间：{n}{s}；起算日 {d}。", "Length: {n}{s}; start {d}.")
    lines = [about.fill(n=length, s=shift, d=count.starts)]
    if count.extension is not None:
        extended = Text("原定 {d} 届满，经批准延长（{c}）。", "First due {d}, extended ({c}).")
        lines.append(extended.fill(d=count.extension.start, c=count.extension.source))
    lines.append(count.sum)
    titles = {
        notice.id: Text(*(" ".join(filter(None, (title, notice.no))) for title in notice.title))
        for notice in calendar.notices
    }
    cited = [titles.get(name, same(name)) for name in notices_of(count.parts)]
    if cited:
        lines.append(Text("放假依据：{n}", "Holidays by: {n}").fill(n=joined(cited)))
    return lines
