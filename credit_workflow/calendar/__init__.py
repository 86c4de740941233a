"""Working days, State Council notices, and periods that become due dates."""

from credit_workflow.calendar.compiled import KeptNotice, NoticeInfo
from credit_workflow.calendar.due import Due
from credit_workflow.calendar.load import load_calendar
from credit_workflow.calendar.period import Period, parse_period
from credit_workflow.calendar.workcalendar import CountedDay, Day, WorkCalendar, YearStatus

__all__ = [
    "CountedDay",
    "Day",
    "Due",
    "KeptNotice",
    "NoticeInfo",
    "Period",
    "WorkCalendar",
    "YearStatus",
    "load_calendar",
    "parse_period",
]
