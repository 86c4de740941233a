"""Notices that change the working days of the year that is under way, and what runs counted again, as RULES §2 and §3 say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from tests.property.naive_books import Case, Deadline
from tests.property.naive_query import Paper
from tests.soak.chronicle import NO_DUTY, TARGET, TARGET_DAYS, Chronicle

#: RULES §3: periods in working days. `handling` has 30 calendar days; the others begin and end on one day, or don't shift.
WORKING_DAYS = {
    "dispute_window": 5, "marking": 7, "revocation": 7, "revocation_center": 5, "reply": 15,
    "handing_over": 1, "receipt": 1, "finding": 5,
}  # fmt: skip
_DAY = timedelta(days=1)


@dataclass
class Days:
    """Which days are working days, with what notices say of them in the course of the year.

    Args:
        known: as it was known when the year began.
    """

    known: Callable[[date], bool]
    said: dict[date, bool] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        """Whether a day is a working day, by what is known now."""
        return self.said[day] if day in self.said else self.known(day)


class Notice(NamedTuple):
    """A notice that comes in: its text, the further words of the command, and what it says of which days.

    ``works`` is all that is said beyond the year's first notice, so that a notice in another's place says all of it.
    """

    text: str
    words: tuple[str, ...]
    works: dict[date, bool]


def _august(*worked: str) -> str:
    days = "、".join(worked)
    return (
        "国务院办公厅关于2025年8月调休放假的通知\n国办发明电〔2025〕8号\n"
        f"一、8月25日至29日放假调休，共5天。{days}上班。\n国务院办公厅\n2025年8月15日\n"
    )


_OFF = {date(2025, 8, day): False for day in range(25, 30)}
_MOST = {date(2025, 8, 23): True, date(2025, 8, 30): True, date(2025, 8, 31): True, date(2025, 9, 6): True}
#: A notice of August that was typed wrongly, the same as it was published, and one of a city, by which the statute does not count.
NOTICES = {
    date(2025, 8, 18): Notice(
        _august("8月23日（周六）", "8月30日（周六）", "8月31日（周日）", "9月6日（周六）", "9月7日（周日）"), ("--amends",), _OFF | _MOST | {date(2025, 9, 7): True}
    ),
    date(2025, 8, 21): Notice(
        _august("8月23日（周六）", "8月24日（周日）", "8月30日（周六）", "8月31日（周日）", "9月6日（周六）"), ("--replace", "cn-2025-09"), _OFF | _MOST | {date(2025, 8, 24): True}
    ),
    date(2025, 10, 9): Notice(
        "杭州市人民政府办公厅关于2025年某会期间调休放假的通知\n一、调休放假时间\n"
        "11月6日至7日，共2天。11月8日（周六）、9日（周日）上班。",
        ("--layer", "cn-hangzhou"),
        _OFF | _MOST | {date(2025, 8, 24): True},
    ),
}  # fmt: skip


class Moved(NamedTuple):
    """What a notice does: due dates that move, as (case, deadline, from, to), and cases that become or stop being overdue."""

    moves: set[tuple[str, str, str, str]]
    becomes_overdue: set[str]
    stops_being_overdue: set[str]


def recount(model: Chronicle, day: date) -> Moved:
    """Count every period that runs again from its start, by the days as they are known now."""
    was = _overdue(model, day)
    moves = set()
    for number in model.numbers():
        one = model.one(number)
        for name, deadline in one.deadlines.items():
            if not deadline.outcome and (fresh := _counted(model, one, name, deadline)) != deadline.due:
                moves.add((number, name, str(deadline.due), str(fresh)))
                deadline.due = fresh
                if fresh >= day:  # it is looked at again when it is past
                    model.flagged.discard((number, name))
    for number, target in model.collection.items():
        fresh = model.working_days_after(target.starts, TARGET_DAYS)
        if target.met is None and fresh != target.due:
            moves.add((number, TARGET, str(target.due), str(fresh)))
            model.collection[number] = target._replace(due=fresh, original_due=fresh)
    now = _overdue(model, day)
    return Moved(moves, now - was, was - now)


def _counted(model: Chronicle, one: Case | Paper, name: str, deadline: Deadline) -> date:
    """Count a period again, and what it was extended by from its new end; return its last day."""
    if name == "handling":
        deadline.original_due = model.thirty_days_to_act(deadline.starts)
    elif name in WORKING_DAYS:
        deadline.original_due = model.working_days_after(deadline.starts, WORKING_DAYS[name])
    else:
        return deadline.due
    extended = one.granted if isinstance(one, Case) else one.extension == "granted"
    if not extended or name not in ("handling", "reply"):
        return deadline.original_due
    return model.working_days_after(deadline.original_due, one.asked_days)


def _overdue(model: Chronicle, day: date) -> set[str]:
    return {
        number
        for number in model.numbers()
        for name, d in model.all_deadlines(number, day).items()
        if name not in NO_DUTY and d.met is None and d.status in ("running", "overdue") and d.due <= day - _DAY
    }
