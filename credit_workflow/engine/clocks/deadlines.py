"""Start, end, move and cancel deadlines, and say how they stand on a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal

import msgspec

from credit_workflow.calendar.due import Due
from credit_workflow.calendar.period import Period
from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.definition.clock_rules import DeadlineRule
from credit_workflow.engine.clocks.suspensions import NO_DATE, due_over, left_before
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import Deadline, Pause

Standing = Literal["running", "met", "met_late", "overdue", "lapsed", "cancelled"]
_DAY = timedelta(days=1)


def started(rules: Rules, name: str, on: date, calendar: WorkCalendar, length: str | None = None) -> Deadline:
    """Return a deadline that begins on ``on``, which is not counted unless its rule says so.

    Args:
        rules: the case's definition.
        name: the deadline's name.
        on: the day of the start.
        calendar: counts it.
        length: where it is not the rule's usual one; it stays the deadline's own.

    Raises:
        Refused: the date is outside what the calendar covers.
    """
    due = calendar.due(rules.day_zero(name, length, on), rules.period(name, length))
    return Deadline(
        id=name,
        status="running",
        starts=on,
        due=due.day,
        original_due=due.day,
        provisional=due.provisional,
        edition=calendar.edition,
        length=length,
    )


def ended(rule: DeadlineRule, deadline: Deadline, on: date) -> Deadline:
    """Return the deadline as met on ``on``; on its last day is in time (民法典 203)."""
    late = rule.late != "met" and on > deadline.due
    return msgspec.structs.replace(deadline, status="met_late" if late else "met", met=on)


def passed(rule: DeadlineRule, deadline: Deadline, effective: date) -> Deadline:
    """Return the deadline after its passing has been recorded."""
    if rule.late == "overdue":
        return msgspec.structs.replace(deadline, flagged=effective)
    if rule.late == "lapsed":
        return msgspec.structs.replace(deadline, status="lapsed", flagged=effective)
    return msgspec.structs.replace(deadline, status="met", met=deadline.due, flagged=effective)


def resumed(deadline: Deadline, on: date) -> Deadline:
    """Return a deadline that runs again, to its old date."""
    return msgspec.structs.replace(deadline, status="running", met=None, resumed=on, flagged=None)


def stopped(deadline: Deadline, stop: str, on: date) -> Deadline:
    """Return a deadline whose clock stands from ``on``; one that is past already, or stands so, is left as it is.

    Args:
        deadline: as it stands.
        stop: the name of the suspension.
        on: its first day, which does not count any more.
    """
    lasting = any(pause.id == stop and pause.until is None for pause in deadline.pauses)
    if deadline.status != "running" or on > deadline.due or lasting:
        return deadline
    # Where a rectification puts the stop before the day as of which the passing was recorded, it had not passed.
    flagged = None if deadline.flagged is not None and on < deadline.flagged else deadline.flagged
    pauses = (*deadline.pauses, Pause(id=stop, since=on))
    return msgspec.structs.replace(deadline, due=NO_DATE, flagged=flagged, pauses=pauses)


def restarted(
    rules: Rules, deadline: Deadline, stop: str, on: date, calendar: WorkCalendar, counting: Rules | None = None
) -> Deadline:
    """Return a deadline whose clock runs again after a stop; while another stop lasts, it goes on standing.

    What was left is counted from ``on``, the last day that does not count; where the suspension says
    ``full_length``, the whole period is, and ``on`` is its new day 0. ``counting`` is the version of
    the definition by which it was counted, where that is not the case's own.
    """
    lasting = any(pause.id == stop and pause.until is None for pause in deadline.pauses)
    if deadline.status != "running" or not lasting:
        return deadline
    anew = rules.deadline(deadline.id).suspensions[stop].then == "full_length"
    pauses = tuple(
        _until(pause, on) if pause.id == stop and pause.until is None else pause for pause in deadline.pauses
    )
    if anew:  # earlier stops lie before the new day 0
        pauses = tuple(pause for pause in pauses if pause.until is None)
    ready = msgspec.structs.replace(deadline, pauses=pauses, starts=on if anew else deadline.starts)
    return recounted(counting or rules, ready, calendar)


def settled(rules: Rules, deadline: Deadline, on: date, calendar: WorkCalendar) -> Deadline:
    """Return a deadline that ends while its clock stands: every stop of it ends on that day, too."""
    if deadline.stopped is None:
        return deadline
    pauses = tuple(_until(pause, on) if pause.until is None else pause for pause in deadline.pauses)
    return recounted(rules, msgspec.structs.replace(deadline, pauses=pauses), calendar)


def _until(pause: Pause, on: date) -> Pause:
    """Return a stop that ends on a day; one that a clock which ran ahead had begin later began on it at the latest."""
    return msgspec.structs.replace(pause, since=min(pause.since, on), until=on)


def remaining(rules: Rules, deadline: Deadline, calendar: WorkCalendar) -> Period | None:
    """Return what is left of a period whose clock stands, an extension granted aside; None where it runs."""
    since = deadline.stopped
    if since is None or deadline.status != "running":
        return None
    period = rules.period(deadline.id, deadline.length)
    return Period(left_before(calendar, _day_zero(rules, deadline), period, deadline.pauses, since), period.unit)


def moved(fresh: Deadline, today: date) -> Deadline:
    """Return a deadline whose due date is another now: what was recorded holds only while the new one is past, too.

    Args:
        fresh: as it stands with its new date.
        today: the day; on its last day it has not passed.
    """
    if fresh.flagged is None or fresh.due < today:
        return fresh
    return msgspec.structs.replace(fresh, flagged=None)


def extended(rule: DeadlineRule, deadline: Deadline, days: int, calendar: WorkCalendar, today: date) -> Deadline:
    """Return a deadline moved, counted from its original due date in the unit of the rule's extension.

    Args:
        rule: its rule; it says how far and how often.
        deadline: as it stands.
        days: added to those already granted.
        calendar: counts them.
        today: the day on which it is moved; one that was recorded as passed runs again if its new end is not past.

    Raises:
        ValueError: more than the rule allows; a guard of the definition should have refused it.
    """
    total = deadline.extension + days
    if rule.extension is None or not 1 <= total <= rule.extension.at_most:
        unit = "days" if rule.extension is None else rule.extension.unit
        raise ValueError(f"{deadline.id} can't be extended by {total} {unit}")
    due = _extension_end(rule, msgspec.structs.replace(deadline, extension=total), calendar)
    fresh = msgspec.structs.replace(
        deadline,
        due=deadline.due if deadline.stopped else due.day,
        extension=total,
        provisional=deadline.provisional or due.provisional,
        edition=calendar.edition,
    )
    return moved(fresh, today)


def extension_period(rule: DeadlineRule, deadline: Deadline) -> Period:
    """Return the period by which a deadline was extended; in calendar days it is shifted where the period itself is."""
    unit = "working days" if rule.extension is None else rule.extension.unit
    return Period(deadline.extension, unit, shift=unit == "days" and rule.if_day_off is not None)


def _extension_end(rule: DeadlineRule, deadline: Deadline, calendar: WorkCalendar) -> Due:
    return due_over(calendar, deadline.original_due, extension_period(rule, deadline), deadline.pauses)


def recounted(rules: Rules, deadline: Deadline, calendar: WorkCalendar) -> Deadline:
    """Return a deadline counted again: with another edition of the calendar, or after a stop of its clock."""
    period = rules.period(deadline.id, deadline.length)
    original = due_over(calendar, _day_zero(rules, deadline), period, deadline.pauses)
    fresh = msgspec.structs.replace(deadline, original_due=original.day, edition=calendar.edition)
    due = original
    if deadline.extension:
        due = _extension_end(rules.deadline(deadline.id), fresh, calendar)
    return msgspec.structs.replace(
        fresh,
        due=NO_DATE if deadline.stopped else due.day,
        provisional=original.provisional or due.provisional,
    )


def _day_zero(rules: Rules, deadline: Deadline) -> date:
    return rules.day_zero(deadline.id, deadline.length, deadline.starts)


def cancelled(rules: Rules, deadlines: Mapping[str, Deadline], on: date, calendar: WorkCalendar) -> dict[str, Deadline]:
    """Return those deadlines that a case's end on ``on`` cancels, as cancelled."""
    return {
        name: msgspec.structs.replace(settled(rules, deadline, on, calendar), status="cancelled")
        for name, deadline in deadlines.items()
        if deadline.status == "running" and not rules.deadline(name).outlives_case
    }


def standing(rule: DeadlineRule, deadline: Deadline, today: date) -> Standing:
    """Return how a deadline stands on a day, whether or not its passing has been recorded."""
    if deadline.status != "running" or today <= deadline.due:
        return deadline.status
    if rule.late == "lapsed" and deadline.provisional:
        return "running"  # a provisional date never lapses a right
    return rule.late


def passing(rule: DeadlineRule, deadline: Deadline, today: date) -> date | None:
    """Return the day as of which a deadline's passing is to be recorded, or None.

    It is the day after the last one, or the later day on which the deadline ran again. None
    where nothing is due: it does not run, its end is not past, its passing has been recorded,
    or its date is provisional and would end a right.
    """
    if deadline.status != "running" or deadline.flagged is not None or today <= deadline.due or rule.at_end is None:
        return None
    if rule.late == "lapsed" and deadline.provisional:
        return None
    after = deadline.due + _DAY
    return max(after, deadline.resumed) if deadline.resumed else after


def days_left(deadline: Deadline, today: date) -> int | None:
    """Return the calendar days from ``today`` to the due date; negative when past, None when ended or stopped."""
    return (deadline.due - today).days if deadline.status == "running" and deadline.stopped is None else None
