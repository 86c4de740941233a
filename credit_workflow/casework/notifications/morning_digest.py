"""Gather, for each unit's supervisors, what is overdue and what is due within three working days."""

from __future__ import annotations

from datetime import date, timedelta

from credit_workflow.calendar.period import Period
from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.casework.answer import like
from credit_workflow.casework.journal.drafting import by_system
from credit_workflow.casework.journal.message_entries import Digest, DueLine
from credit_workflow.casework.notifications.messages import DIGEST
from credit_workflow.casework.ports import NewNotification, Reading, Writing
from credit_workflow.casework.units.register import present_names
from credit_workflow.engine.world import Moment

#: How far ahead the digest looks, in working days, the last one included.
AHEAD = 3
_DAY = timedelta(days=1)


def digests(db: Reading, calendar: WorkCalendar, today: date) -> dict[str | None, Digest]:
    """Return what is overdue and due soon, by unit; a target that was missed is apart, and no breach.

    Args:
        db: the database, open for reading.
        calendar: counts the working days.
        today: the morning's day; what is due on it is due soon, not overdue.
    """
    last = calendar.due(today, Period(AHEAD, "working days")).day
    names = present_names(db)
    late: dict[str | None, list[DueLine]] = {}
    missed: dict[str | None, list[DueLine]] = {}
    soon: dict[str | None, list[DueLine]] = {}
    for duty in db.due.overdue(last + _DAY):
        rule = db.rules[duty.definition].deadline(duty.deadline)
        line = like(DueLine, duty, title_zh=rule.title.zh, title_en=rule.title.en)
        past = missed if duty.kind == "target" else late
        (past if duty.due < today else soon).setdefault(names.get(duty.unit or "", duty.unit), []).append(line)
    return {
        unit: Digest(
            day=today,
            unit=unit,
            overdue=tuple(late.get(unit, ())),
            soon=tuple(soon.get(unit, ())),
            targets=tuple(missed.get(unit, ())),
        )
        for unit in {**late, **missed, **soon}
    }


def _put_out_on(db: Reading, day: date) -> bool:
    """Whether the digests of a day were put out; the newest may be of a day that a clock had run ahead to."""
    return any(line.said.day == day for line in db.journal.of(Digest))


def put_out(db: Writing, calendar: WorkCalendar, moment: Moment) -> int:
    """Put the day's digests into the outbox, one for each unit with something to say; return how many.

    Done once a day, however often it is asked for, and never on a day off.

    Args:
        db: where the cases are, open for writing.
        calendar: says which days are working days.
        moment: now.
    """
    today = moment.effective
    if not calendar.is_working(today):
        return 0
    last = db.journal.last(Digest)
    if last is not None and (last.said.day == today or (last.said.day > today and _put_out_on(db, today))):
        return 0
    found = digests(db, calendar, today)
    if not found:
        return 0
    began = 0 if last is None else last.seq
    for seq, (unit, said) in enumerate(sorted(found.items(), key=lambda item: item[0] or ""), began + 1):
        db.journal.add(by_system(moment, said))
        notification = NewNotification(
            case=DIGEST, seq=seq, n=0, to="supervisor", unit=unit, paper=DIGEST,
            title_zh="每日督办", title_en="Morning digest",
        )  # fmt: skip
        db.outbox.put(notification, moment.at)
    return len(found)
