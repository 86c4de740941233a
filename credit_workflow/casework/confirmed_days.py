"""Tell days that the log bears out from those that a clock alone says: what can't be undone waits for the former.

A day more than a week beyond the last confirmed one is unconfirmed. Each sweep and each action within that week
confirms its own day; looking and signing in confirm nothing.
"""

from __future__ import annotations

from collections import deque
from datetime import date, datetime, timedelta

from msgspec import UNSET

from credit_workflow.casework.clock import local
from credit_workflow.casework.journal.clock_entries import DayConfirmed, OfClock
from credit_workflow.casework.journal.entry import Draft, Line, Span
from credit_workflow.casework.journal.running_entries import Swept
from credit_workflow.casework.ports import Reading, Writing
from credit_workflow.engine.world import Moment
from credit_workflow.errors import Refused
from credit_workflow.text import Text

#: How far beyond the last confirmed day a day is taken for true. [practice]
REACH = timedelta(days=7)
#: How far a clock may stand behind the log before everybody is told. [practice]
SLACK = timedelta(minutes=10)
#: The permission to confirm a day that lies further on; where no definition grants it, every day counts.
CONFIRM = "confirm_date"


def newest_true(db: Reading) -> datetime | None:
    """Return the instant of the newest log entry, those left out that were found to be false."""
    clock = db.journal.last(OfClock)
    return db.newest(0 if clock is None else clock.said.ran_ahead)


def confirmed_day(db: Reading, zone: str, today: date) -> date:
    """Return the last day that the log bears out; that of its newest entry where nothing says so yet.

    Args:
        db: the database, open.
        zone: the calendar's.
        today: what the clock says, which counts where the log has nothing at all.
    """
    known = _borne_out(db.journal.last(OfClock), db.journal.last(Swept))
    if known is not None:
        return known
    newest = newest_true(db)
    return today if newest is None else min(today, local(newest, zone).date())


def confirmed_before(db: Reading, at: datetime, zone: str) -> date:
    """Return the last day that the log bore out by an instant, its entries of later instants left out.

    Args:
        db: the database, open.
        at: the instant, whose own day is the latest that it can be.
        zone: the calendar's.
    """
    before = Span(until=at)
    clock = next(iter(deque(db.journal.of(OfClock, span=before), maxlen=1)), None)
    swept = next(iter(deque(db.journal.of(Swept, span=before), maxlen=1)), None)
    today = local(at, zone).date()
    return min(_borne_out(clock, swept) or today, today)


def _borne_out(clock: Line[OfClock] | None, swept: Line[Swept] | None) -> date | None:
    """Return the last confirmed day by the newest entry about days and the newest sweep's."""
    if swept is not None and (clock is None or swept.place > clock.place):
        by_sweep = swept.said.as_of if swept.said.confirmed is UNSET else swept.said.confirmed
        return by_sweep if clock is None else max(by_sweep, clock.said.day)
    return None if clock is None else clock.said.day


def judged(moment: Moment, confirmed: date) -> Moment:
    """Return a moment that knows the last confirmed day, where its own is unconfirmed."""
    far = moment.effective - confirmed > REACH
    return Moment(at=moment.at, effective=moment.effective, confirmed=confirmed if far else None)


def confirm(db: Writing, moment: Moment, confirmed: date, actor: str, role: str) -> None:
    """Note that a day is confirmed, unless it was before."""
    clock = db.journal.last(OfClock)
    first = clock is None and db.journal.last(Swept) is None  # else a mere sign-in would be the newest of the log
    if moment.effective > confirmed or first:
        said = DayConfirmed(day=moment.effective, ran_ahead=0 if clock is None else clock.said.ran_ahead)
        db.journal.add(Draft(said=said, at=moment.at, actor=actor, role=role))


def unconfirmed(moment: Moment, confirmed: date, *, may_confirm: bool) -> Refused:
    """Return the refusal of an action on an unconfirmed day.

    Args:
        moment: of the action.
        confirmed: the last confirmed day.
        may_confirm: whether whoever acts may confirm the day.
    """
    told = (
        Text("日期无误的，加 --confirm-date 再办一次", "if the date is right, do it again with --confirm-date")
        if may_confirm
        else Text(
            "请由市信用主管部门或账户管理员核对后用 --confirm-date 确认",
            "have the authority or an administrator look, and confirm it with --confirm-date",
        )
    )
    message = Text(
        "本机日期 {d} 比日志证实的最后一日 {c} 晚 {n} 天，可能有误，没有写入任何内容。{told}",
        "this machine's date, {d}, lies {n} days beyond the last one that the log bears out, {c}, and may be wrong;"
        " nothing was written. {told}",
    )
    days = (moment.effective - confirmed).days
    filled = message.fill(d=moment.effective, c=confirmed, n=days, told=told)
    details = {"today": moment.effective.isoformat(), "confirmed": confirmed.isoformat(), "may_confirm": may_confirm}
    return Refused(filled, code="date_unconfirmed", source="[practice]", details=details)
