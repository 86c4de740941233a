"""Show working days, count periods, and say what they rest on. None of it needs a database."""

from __future__ import annotations

from datetime import date

from credit_workflow.calendar.compiled import KeptNotice
from credit_workflow.calendar.dates import read_date
from credit_workflow.calendar.period import Period, parse_period
from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.casework.answer import like
from credit_workflow.casework.explanation.day_count import counted_days
from credit_workflow.casework.holidays.calendar_answers import (
    CalendarDay,
    CalendarStatus,
    CalendarYear,
    NoticeLine,
    NoticesKept,
    PeriodCounted,
    calendar_day,
)
from credit_workflow.casework.holidays.kept_notices import kept_notices
from credit_workflow.errors import NotFound, UsageFault
from credit_workflow.service.use_case import Request
from credit_workflow.service.work import Work
from credit_workflow.text import Text


class ShowYear(Request[CalendarYear], frozen=True, kw_only=True):
    """Show a year's days.

    Args:
        year: which.
    """

    year: int


class CountPeriod(Request[PeriodCounted], frozen=True, kw_only=True):
    """Count a period of time.

    Args:
        start: the day of the starting event, which is not counted.
        length: ``7 working days``, ``30 days``, ``5 years``, ``same day``, ``7个工作日`` …
        shift: whether a last day that is a day off moves to the next working day.
        picture: whether the count is wanted as a grid of months too.
        file: the name of the file that a picture is wanted for, which ends in ``.svg`` or ``.html``.
    """

    start: str
    length: str
    shift: bool = False
    picture: bool = False
    file: str | None = None


class ShowStatus(Request[CalendarStatus], frozen=True, kw_only=True):
    """Show what the calendar is built from."""


def kept_in(work: Work) -> tuple[tuple[KeptNotice, ...], NoticesKept | None]:
    """Return the notices that the office's database keeps, and in which one; None where there is none."""
    database = work.office.database
    try:
        with database.reading() as db:
            kept = kept_notices(db)
    except NotFound:
        return (), None
    return kept, NoticesKept(path=database.name, notices=len(kept))


def calendar_in_force(work: Work) -> tuple[WorkCalendar, NoticesKept | None]:
    """Return the office's calendar with the notices of its database, and where those are."""
    kept, database = kept_in(work)
    return work.office.calendar_with(kept), database


def show_year(work: Work, request: ShowYear) -> CalendarYear:
    """Show a year's days.

    Raises:
        Refused: the year is outside what the calendar covers.
    """
    calendar, database = calendar_in_force(work)
    days = tuple(calendar_day(day, work.lang) for day in calendar.year(request.year))
    return CalendarYear(
        year=request.year,
        working_days=sum(day.works for day in days),
        provisional=any(day.provisional for day in days),
        notices=tuple(notice.id for notice in calendar.notices if notice.year == request.year),
        database=database,
        days=days,
    )


def count_period(work: Work, request: CountPeriod) -> PeriodCounted:
    """Count a period of time.

    Raises:
        UsageFault: no date, no period, or a picture can't be written as such a file.
        Refused: the period leaves what the calendar covers.
    """
    start = read_date(request.start)
    if start is None:
        message = Text("“{s}”不是日期；请写作 2026-03-02", "“{s}” is no date; write 2026-03-02")
        raise UsageFault(message.fill(s=request.start), code="date")
    plain = parse_period(request.length)
    period = Period(plain.length, plain.unit, shift=request.shift and plain.unit == "days")
    calendar, database = calendar_in_force(work)
    due = calendar.due(start, period)
    counted = () if period.unit == "years" else counted_days(calendar.count(start, period), calendar, work.lang)
    answer = PeriodCounted(
        start=request.start,
        length=request.length,
        due=due.day,
        provisional=due.provisional,
        database=database,
        counted=counted,
    )
    if request.picture or request.file is not None:
        return _pictured(work, request, answer, calendar, start, period)
    return answer


def _pictured(
    work: Work, request: CountPeriod, answer: PeriodCounted, calendar: WorkCalendar, start: date, period: Period
) -> PeriodCounted:
    """Return a count with its picture, in which the days of years stand too."""
    from msgspec.structs import replace  # noqa: PLC0415 - seldom asked for

    from credit_workflow.casework.explanation.count_pictures import Count, picture_of  # noqa: PLC0415
    from credit_workflow.service.use_cases.daily.explanations import drawn  # noqa: PLC0415

    unit = period.unit if period.length != 1 else period.unit.removesuffix("s")
    count = Count(
        length=f"{period.length} {unit}" if period.length else "same day",
        starts=start,
        due=answer.due,
        counted=counted_days(calendar.count(start, period), calendar, work.lang),
        shifts=period.shift,
    )
    picture = picture_of(count, calendar, work.lang)
    title = Text("期限计算", "A period counted").to(work.lang)
    file = None if request.file is None else drawn(title, [picture], request.file, work.lang)
    return replace(answer, picture=picture, drawn=file)


def show_status(work: Work, _: ShowStatus) -> CalendarStatus:
    """Show what the calendar is built from."""
    calendar, database = calendar_in_force(work)
    years = calendar.status()
    return like(
        CalendarStatus,
        calendar,
        calendar=calendar.id,
        title=calendar.title.to(work.lang),
        layers=tuple(calendar.layers),
        database=database,
        notices=tuple(
            like(NoticeLine, one, notice=one.id, title=one.title.to(work.lang), imported=one.kept)
            for one in calendar.notices
        ),
        provisional_years=tuple(year.year for year in years if year.notice is None and year.provisional_from),
        provisional_from=min((year.provisional_from for year in years if year.provisional_from), default=None),
    )
