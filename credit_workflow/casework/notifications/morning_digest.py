"""The morning digest: what is overdue and what is due within three working days, for each unit's supervisors."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec

from credit_workflow.calendar.period import Period
from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.casework.notifications.messages import DIGEST
from credit_workflow.casework.ports import NewNotice, Reading, Store
from credit_workflow.engine.world import SYSTEM_ACTOR, Moment

#: How far ahead the digest looks, in working days, the last one included.
AHEAD = 3
_DAY = timedelta(days=1)


def digests(db: Reading, calendar: WorkCalendar, today: date) -> dict[str | None, dict[str, Any]]:
    """Return what is overdue and due soon, by unit.

    Args:
        db: the database, open for reading.
        calendar: counts the working days.
        today: the morning's day; what is due on it is due soon, not overdue.
    """
    last = calendar.due(today, Period(AHEAD, "working days")).day
    found: dict[str | None, dict[str, Any]] = {}
    for number, workflow, definition, _, unit, _, name, kind, owed_by, due, provisional in db.overdue_rows(last + _DAY):
        rule = db.rules[definition].deadline(name)
        part = "overdue" if date.fromisoformat(due) < today else "soon"
        one = found.setdefault(unit, {"day": today.isoformat(), "unit": unit, "overdue": [], "soon": []})
        one[part].append(
            {
                "case": number,
                "workflow": workflow,
                "deadline": name,
                "title_zh": rule.title.zh,
                "title_en": rule.title.en,
                "kind": kind,
                "owed_by": owed_by,
                "due": due,
                "provisional": bool(provisional),
            }
        )
    return found


def put_out(store: Store, calendar: WorkCalendar, moment: Moment) -> int:
    """Put the day's digests into the outbox, one for each unit with something to say; return how many.

    Done once a day, however often it is asked for, and never on a day off.

    Args:
        store: where the cases are.
        calendar: says which days are working days.
        moment: now.
    """
    today = moment.effective
    if not calendar.is_working(today):
        return 0
    with store.writing() as db:
        last = db.last_of(DIGEST)
        if last is not None and msgspec.json.decode(last[6])["day"] >= today.isoformat():
            return 0
        found = digests(db, calendar, today)
        if not found:
            return 0
        for unit, said in sorted(found.items(), key=lambda item: item[0] or ""):
            db.log(DIGEST, moment.at, SYSTEM_ACTOR, "system", "digest", said)
            row = db.last_of(DIGEST)
            seq = 0 if row is None else int(row[1])
            notice = NewNotice(
                case=DIGEST, seq=seq, n=0, to="supervisor", unit=unit, paper=DIGEST,
                title_zh="每日督办", title_en="Morning digest",
            )  # fmt: skip
            db.put_notice(notice, moment.at)
    return len(found)
