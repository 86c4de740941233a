"""Explain how due dates were counted, day by day."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import PurePath

from msgspec import UNSET

from credit_workflow.casework.cases.failures import shown_failures
from credit_workflow.casework.explanation.count_pictures import count_of, picture_of
from credit_workflow.casework.explanation.counted_worlds import with_counting
from credit_workflow.casework.explanation.day_count import counting_calendar, explanation
from credit_workflow.casework.explanation.explanation_answers import (
    CaseExplanation,
    ClockStop,
    CountedDay,
    CountPicture,
    ExplainedExtension,
    Explanation,
    Grid,
    GridDay,
    GridMonth,
)
from credit_workflow.errors import UsageFault
from credit_workflow.service.use_case import Request
from credit_workflow.service.work import Work
from credit_workflow.text import Lang, Text


class ExplainCase(Request[CaseExplanation], frozen=True, kw_only=True):
    """Explain how the due dates of a case were counted.

    Args:
        case: its number.
        deadline: one deadline; all that it has unless given.
        pictures: whether the counts are wanted as grids of months too.
        file: the name of the file that a picture is wanted for, which ends in ``.svg`` or ``.html``.
    """

    case: str
    deadline: str | None = None
    pictures: bool = False
    file: str | None = None


def explain_case(work: Work, request: ExplainCase) -> CaseExplanation:
    """Explain how the due dates of a case were counted.

    Raises:
        NotFound: there is no such case or deadline.
        UsageFault: a picture can't be written as such a file.
    """
    number = work.sight.known(request.case).number
    now = work.snapshot.caught_up(work.db.cases.family(number))
    counting = with_counting(work.db, now.world, frozenset({number}))
    case, editions = now.world.cases[number], partial(work.office.edition, work.db)
    found = explanation(case, counting, request.deadline, work.lang, editions)
    counts = [count_of(one) for one in found]
    pictures: tuple[CountPicture, ...] = ()
    if request.pictures or request.file is not None:
        calendars = [counting_calendar(case, one.id, counting, editions) for one in found]
        pictures = tuple(picture_of(*one, work.lang) for one in zip(counts, calendars, strict=True))
    return CaseExplanation(
        case=number,
        deadlines=found,
        sums=tuple(count.sum.to(work.lang) for count in counts),
        pictures=pictures,
        failed=UNSET if now.failure is None else shown_failures([now.failure], work.lang)[0],
        drawn=None if request.file is None else drawn(number, pictures, request.file, work.lang),
    )


def drawn(title: str, pictures: Iterable[CountPicture], file: str, lang: Lang) -> bytes:
    """Return the content of a picture file of some counts.

    Args:
        title: what they belong to.
        pictures: the counts.
        file: the file's name, which says its form.
        lang: the language of what is said.

    Raises:
        UsageFault: the name ends neither in .svg nor in .html.
    """
    from credit_workflow.reports.monthgrid import page, svg  # noqa: PLC0415 - seldom asked for

    form = {".svg": svg, ".html": page, ".htm": page}.get(PurePath(file).suffix.lower())
    if form is None:
        message = Text("月历写成 .svg 或 .html 文件，不能写成 {f}", "a grid is written as .svg or .html, not as {f}")
        raise UsageFault(message.fill(f=file), code="format")
    return form(title, pictures, lang).encode()
