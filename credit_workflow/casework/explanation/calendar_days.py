"""Days of the calendar as they are published."""

from __future__ import annotations

from credit_workflow.calendar.working_days import Day
from credit_workflow.casework.holidays.calendar_answers import CalendarDay
from credit_workflow.text import Lang


def calendar_day(day: Day, lang: Lang) -> CalendarDay:
    """Return one day of the calendar."""
    return CalendarDay(
        date=day.date,
        works=day.works,
        kind=day.kind,
        name=day.name.to(lang) if day.name else None,
        notice=day.notice,
        provisional=day.provisional,
    )
