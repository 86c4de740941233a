"""Explain how a due date was counted, day by day: what counts and what doesn't, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from msgspec.structs import replace

from credit_workflow.calendar.period import Period
from credit_workflow.calendar.working_days import CountedDay as Counted
from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.casework.answer import like
from credit_workflow.casework.explanation.explanation_answers import (
    ClockStop,
    CountedDay,
    ExplainedExtension,
    Explanation,
)
from credit_workflow.casework.explanation.segments import stretches
from credit_workflow.definition.clock_rules import DeadlineRule
from credit_workflow.engine.clocks import deadlines as dl
from credit_workflow.engine.clocks.suspensions import NO_DATE, walk
from credit_workflow.engine.values import Case, Deadline
from credit_workflow.engine.world import World
from credit_workflow.errors import NotFound
from credit_workflow.text import Lang, Text

#: Gives the calendar of an edition, or None where it can't be had any more.
Editions = Callable[[str], WorkCalendar | None]


def explanation(
    case: Case, world: World, deadline: str | None, lang: Lang, editions: Editions | None = None
) -> tuple[Explanation, ...]:
    """Return how each due date of a case was counted, or that of one deadline.

    Args:
        case: the case.
        world: it with its links, and the calendar as it is now.
        deadline: one deadline; all that it has unless given.
        lang: the language of what is said.
        editions: gives earlier calendars, by which ended deadlines were counted.

    Raises:
        NotFound: the case has no such deadline.
    """
    rules = world.rules_of(case)
    names = (
        [_deadline_of(case, deadline).id] if deadline else [n for n in rules.workflow.deadlines if n in case.deadlines]
    )
    return tuple(explained(case, name, world, lang, editions) for name in names)


def counting_calendar(case: Case, name: str, world: World, editions: Editions | None) -> WorkCalendar:
    """Return the calendar by which a deadline is explained: what has ended, by that of the edition that it ended by."""
    deadline, now = case.deadlines[name], world.calendar
    if editions is None or deadline.status == "running" or deadline.edition == now.edition:
        return now
    again = dl.recounted(world.rules_counting(case, name), deadline, now)
    if (again.due, again.original_due) == (deadline.due, deadline.original_due):
        return now
    return editions(deadline.edition) or now


def _deadline_of(case: Case, name: str) -> Deadline:
    """Return a deadline of a case.

    Raises:
        NotFound: the case has none of that name.
    """
    try:
        return case.deadlines[name]
    except KeyError:
        message = Text("{n} 没有期限 {d}；现有：{k}", "{n} has no deadline {d}; it has: {k}")
        raise NotFound(message.fill(n=case.number, d=name, k="、".join(case.deadlines) or "—")) from None


def explained(case: Case, name: str, world: World, lang: Lang, editions: Editions | None = None) -> Explanation:
    """Return how one due date of a case was counted.

    While the clock stands the days up to the stop are there, and no due date.
    """
    rules, calendar = world.rules_counting(case, name), counting_calendar(case, name, world, editions)
    rule, deadline = rules.deadline(name), case.deadlines[name]
    period = rules.period(name, deadline.length)
    chosen = next((other for other in rule.other_lengths if other.length == deadline.length), None)
    source = rule.source if chosen is None else chosen.source
    day_zero = rules.day_zero(name, deadline.length, deadline.starts)
    counted = _counted(calendar, day_zero, period, deadline, deadline.original_due, lang)
    stops = _stops(rule, deadline, lang)
    extension = _extension(rule, deadline, calendar, lang) if deadline.extension else None
    return like(
        Explanation,
        deadline,
        id=name,
        title=rule.title.text.to(lang),
        kind=rule.kind,
        length=deadline.length or rule.length,
        if_day_off=rule.if_day_off,
        source=source,
        first_day_counts=day_zero < deadline.starts,
        due=None if deadline.due == NO_DATE else deadline.due,
        recount_differs=dl.recounted(rules, deadline, world.calendar).due != deadline.due,
        counted=counted,
        stops=stops,
        extension=extension,
        segments=tuple(part.segment() for part in stretches(counted, source, stops, extension)),
    )


def _extension(rule: DeadlineRule, deadline: Deadline, calendar: WorkCalendar, lang: Lang) -> ExplainedExtension:
    more = dl.extension_period(rule, deadline)
    working = more.unit == "working days"
    return ExplainedExtension(
        working_days=deadline.extension if working else None,
        days=None if working else deadline.extension,
        start=deadline.original_due,
        counted=_counted(calendar, deadline.original_due, more, deadline, deadline.due, lang),
        source=rule.extension.source if rule.extension else None,
    )


def _stops(rule: DeadlineRule, deadline: Deadline, lang: Lang) -> tuple[ClockStop, ...]:
    """Return the stops of a clock in their order; the last day of one that lasts is None."""
    found = []
    for pause in deadline.pauses:
        of = rule.suspensions.get(pause.id)  # None where a version that the case went over to has none such
        title, source = (pause.id, rule.source) if of is None else (of.title.text.to(lang), of.source)
        found.append(like(ClockStop, pause, title=title, source=source))
    return tuple(found)


def _counted(
    calendar: WorkCalendar, start: date, period: Period, deadline: Deadline, last: date, lang: Lang
) -> tuple[CountedDay, ...]:
    """Return a period's days up to its last one, or to the eve of a stop that lasts."""
    if not deadline.pauses:
        return counted_days(calendar.count(start, period), calendar, lang)
    if deadline.stopped is not None:
        last = min(last, deadline.stopped - timedelta(days=1))
    walked = list(walk(calendar, start, period, deadline.pauses, last))
    days = counted_days((day.counted for day in walked), calendar, lang)
    return tuple(replace(shown, stopped_by=day.stopped_by) for shown, day in zip(days, walked, strict=True))


def counted_days(counted: Iterable[Counted], calendar: WorkCalendar, lang: Lang) -> tuple[CountedDay, ...]:
    """Return counted days: whether each counts, and why."""
    notices = {notice.id: notice for notice in calendar.notices}
    found = []
    for one in counted:
        day = one.day
        notice = notices.get(day.notice) if day.notice else None
        shown = like(
            CountedDay,
            day,
            number=one.number,
            name=day.name.to(lang) if day.name else None,
            notice_no=notice.no if notice else None,
            layer=notice.layer_title.to(lang) if notice and notice.layer_title is not None else None,
            shifted=one.shifted,
            stopped_by=None,
        )
        found.append(shown)
    return tuple(found)
