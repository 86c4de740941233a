"""How a due date was counted, day by day: what counts and what doesn't, and why."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from credit_workflow.calendar.period import Period
from credit_workflow.calendar.working_days import CountedDay, WorkCalendar
from credit_workflow.definition.model import DeadlineRule
from credit_workflow.engine.clocks import deadlines as dl
from credit_workflow.engine.clocks.suspensions import NO_DATE, walk
from credit_workflow.engine.values import Case, Deadline
from credit_workflow.engine.world import World
from credit_workflow.text import Lang


def explained(case: Case, name: str, world: World, lang: Lang) -> dict[str, Any]:
    """Return how one due date of a case was counted.

    While the clock stands the days up to the stop are there, and no due date.
    """
    rules, calendar = world.rules_counting(case, name), world.calendar
    rule, deadline = rules.deadline(name), case.deadlines[name]
    period = rules.period(name, deadline.length)
    chosen = next((other for other in rule.other_lengths if other.length == deadline.length), None)
    day_zero = rules.day_zero(name, deadline.length, deadline.starts)
    extension: dict[str, Any] | None = None
    if deadline.extension:
        more = dl.extension_period(rule, deadline)
        extension = {
            "working_days" if more.unit == "working days" else "days": deadline.extension,
            "from": deadline.original_due.isoformat(),
            "counted": _counted(calendar, deadline.original_due, more, deadline, deadline.due, lang),
            "source": rule.extension.source if rule.extension else None,
        }
    return {
        "id": name,
        "title": rule.title.text.to(lang),
        "kind": rule.kind,
        "length": deadline.length or rule.length,
        "if_day_off": rule.if_day_off,
        "source": rule.source if chosen is None else chosen.source,
        "starts": deadline.starts.isoformat(),
        "first_day_counts": day_zero < deadline.starts,
        "original_due": deadline.original_due.isoformat(),
        "due": None if deadline.due == NO_DATE else deadline.due.isoformat(),
        "provisional": deadline.provisional,
        "edition": deadline.edition,
        "recount_differs": dl.recounted(rules, deadline, calendar).due != deadline.due,
        "counted": _counted(calendar, day_zero, period, deadline, deadline.original_due, lang),
        "stops": _stops(rule, deadline, lang),
        "extension": extension,
    }


def _stops(rule: DeadlineRule, deadline: Deadline, lang: Lang) -> list[dict[str, Any]]:
    """Return the stops of a clock in their order; the last day of one that lasts is null."""
    found = []
    for pause in deadline.pauses:
        of = rule.suspensions.get(pause.id)  # None where a version that the case went over to has none such
        found.append(
            {
                "id": pause.id,
                "title": pause.id if of is None else of.title.text.to(lang),
                "since": pause.since.isoformat(),
                "until": pause.until.isoformat() if pause.until else None,
                "source": rule.source if of is None else of.source,
            }
        )
    return found


def _counted(
    calendar: WorkCalendar, start: date, period: Period, deadline: Deadline, last: date, lang: Lang
) -> list[dict[str, Any]]:
    """Return a period's days up to its last one, or to the eve of a stop that lasts."""
    if not deadline.pauses:
        return [counted_view(counted, calendar, lang) for counted in calendar.count(start, period)]
    if deadline.stopped is not None:
        last = min(last, deadline.stopped - timedelta(days=1))
    walked = walk(calendar, start, period, deadline.pauses, last)
    return [{**counted_view(day.counted, calendar, lang), "stopped_by": day.stopped_by} for day in walked]


def counted_view(counted: CountedDay, calendar: WorkCalendar, lang: Lang) -> dict[str, Any]:
    """Return one counted day: whether it counts, and why."""
    day = counted.day
    numbers = {notice.id: notice.no for notice in calendar.notices}
    layers = {notice.id: notice.layer_title for notice in calendar.notices if notice.layer_title is not None}
    layer = layers.get(day.notice) if day.notice else None
    return {
        "date": day.date.isoformat(),
        "number": counted.number,
        "kind": day.kind,
        "works": day.works,
        "name": day.name.to(lang) if day.name else None,
        "notice": day.notice,
        "notice_no": numbers.get(day.notice) if day.notice else None,
        "layer": layer.to(lang) if layer else None,
        "shifted": counted.shifted,
        "provisional": day.provisional,
        "stopped_by": None,
    }
