"""Days of a calendar, and due dates counted by it."""

from __future__ import annotations

from datetime import date
from typing import Literal

from credit_workflow.casework.answers.base import Value
from credit_workflow.casework.answers.explanation_answers import CountedDay


class CalendarDay(Value, frozen=True, kw_only=True):
    """One day of the calendar: whether one ``works``, why, and by which notice."""

    date: date
    works: bool
    kind: Literal["weekday", "weekend", "holiday", "make-up"]
    name: str | None
    notice: str | None
    provisional: bool


class DueDate(Value, frozen=True, kw_only=True):
    """The last day (inclusive) of a period; ``provisional``: a notice still to come can move it."""

    due: date
    provisional: bool
    counted: tuple[CountedDay, ...]
