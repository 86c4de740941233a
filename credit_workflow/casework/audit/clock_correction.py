"""Put a log right that ran ahead of time: two persons say so, and from then on entries carry true instants.

Nothing is erased. What was recorded by a false clock keeps its instants, and the order of entries is their sequence.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.casework.audit.clock_answers import ClockPutRight
from credit_workflow.casework.audit.false_days import FalseDays, brought_about
from credit_workflow.casework.audit.false_instants import corrections
from credit_workflow.casework.clock import local
from credit_workflow.casework.confirmed_days import REACH, SLACK, confirmed_before, confirmed_day, newest_true
from credit_workflow.casework.journal.clock_entries import CorrectionAsked, CorrectionMade, OfClock
from credit_workflow.casework.journal.entry import Draft, Line
from credit_workflow.casework.notifications.delivery import settle
from credit_workflow.casework.ports import Writing
from credit_workflow.engine.timers import taken_back
from credit_workflow.engine.values import SYSTEM, Actor
from credit_workflow.engine.world import Moment, World
from credit_workflow.errors import Refused
from credit_workflow.text import Lang, Text

_DAY = timedelta(days=1)


class Saying(Struct, frozen=True, kw_only=True):
    """Somebody says that the log ran ahead.

    Args:
        actor: who.
        by: the roles that may, of which the two persons hold two.
        true: the instant that the clock says now.
        recorded: the instant that an entry of the log bears, as long as it is not put right.
        reason: how it came about.
    """

    actor: Actor
    by: Collection[str]
    true: datetime
    recorded: datetime
    reason: str


def put_right(db: Writing, calendar: WorkCalendar, saying: Saying, lang: Lang) -> ClockPutRight:
    """Note that somebody says so, or, where another person has said so, put the log right.

    Args:
        db: the database, open for writing.
        calendar: its zone is that of days.
        saying: what is said.
        lang: the language of titles.

    Raises:
        Refused: the log does not run ahead of the clock, the same person says so twice, or both hold the same role.
    """
    newest = newest_true(db)
    if newest is None or newest <= saying.true:
        raise _not_ahead(newest, saying.true, calendar.zone)
    first = _standing(db, newest, saying.true)
    if first is None:
        return _asked(db, calendar.zone, saying, newest)
    _check_two(first, saying)
    return _made(db, calendar, saying, first, lang)


def _standing(db: Writing, newest: datetime, true: datetime) -> Line[CorrectionAsked] | None:
    """Return what the first person has said, if it is of this very lead, and of a clock that agrees with this one."""
    found: Line[CorrectionAsked] | None = None
    for line in db.journal.of(OfClock):
        said = line.said
        if isinstance(said, CorrectionAsked):
            found = Line(**{name: getattr(line, name) for name in line.__struct_fields__})
        elif isinstance(said, CorrectionMade):
            found = None
    if found is None or found.said.newest != newest or not -SLACK <= true - found.said.true <= REACH:
        return None
    return found


def _asked(db: Writing, zone: str, saying: Saying, newest: datetime) -> ClockPutRight:
    last = db.journal.last(OfClock)
    said = CorrectionAsked(
        day=confirmed_day(db, zone, local(saying.recorded, zone).date()),
        ran_ahead=0 if last is None else last.said.ran_ahead,
        true=saying.true,
        newest=newest,
        reason=saying.reason,
    )
    db.journal.add(_draft(saying, said, saying.recorded))
    return _answer(saying, newest, zone, saying.actor.account)


def _check_two(first: Line[CorrectionAsked], saying: Saying) -> None:
    """Refuse a second person who is the first one, or holds no other role.

    Raises:
        Refused: it is so.
    """
    if first.actor == saying.actor.account:
        message = Text(
            "您已提出更正时钟，须由另一人确认：账户管理员与市信用主管部门人员各一名，用同一命令",
            "you have asked for this already; a second person agrees by the same command: an administrator and"
            " somebody of the authority, one each",
        )
        raise Refused(message, code="clock_same_person", source="[practice]")
    held = {*first.role.split(","), *saying.actor.roles} & set(saying.by)
    if len(held) < 2:  # noqa: PLR2004 - two persons, two roles
        message = Text(
            "{a} 与您的权限相同，须由具有另一权限的人员确认：账户管理员与市信用主管部门人员各一名",
            "{a} holds the same role as you; somebody with the other one has to agree: an administrator and somebody"
            " of the authority, one each",
        )
        raise Refused(message.fill(a=first.actor), code="clock_same_role", source="[practice]")


def _made(
    db: Writing, calendar: WorkCalendar, saying: Saying, first: Line[CorrectionAsked], lang: Lang
) -> ClockPutRight:
    zone, newest, last = calendar.zone, first.said.newest, db.journal.last(OfClock)
    moment = Moment.of(saying.true, zone)
    after, ran_ahead = 0 if last is None else last.said.ran_ahead, db.cases.entries_kept()
    false_from = confirmed_before(db, saying.true, zone) + _DAY
    said = CorrectionMade(
        day=moment.effective,
        ran_ahead=ran_ahead,
        newest=newest,
        false_from=false_from,
        asked_by=first.actor,
        reason=saying.reason,
    )
    days = FalseDays(after=after, true=saying.true, first=false_from, today=moment.effective)
    found = tuple(brought_about(db, days, lang))
    db.journal.add(_draft(saying, said, saying.true))
    _take_back(db, calendar, moment, sorted({one.case for one in found if one.remedy == "taken_back"}))
    _send_again(db, moment)
    false = corrections(db)[-1]
    entries = (db.cases.entry(case, seq) for case, seq in false.cases)
    return replace(
        _answer(saying, newest, zone, first.actor),
        corrected=True,
        agreed_by=saying.actor.account,
        false_from=false_from,
        entries=len(false.cases) + len(false.journal),
        steps=sum(1 for one in entries if one is not None and one.role != SYSTEM and one.change.refused is None),
        found=found,
    )


def _take_back(db: Writing, calendar: WorkCalendar, moment: Moment, cases: list[str]) -> None:
    """Take back that duties are overdue whose last day is still to come."""
    roots = sorted({db.cases.root_of(number) for number in cases})
    for family in db.cases.families(roots).values():
        outcome = taken_back(World(rules=db.rules, calendar=calendar, cases=family), moment)
        if outcome.entries:
            db.cases.keep(family, [outcome])


def _send_again(db: Writing, moment: Moment) -> None:
    """Have notifications tried from now on that would else wait for an instant that was false."""
    for one in db.outbox.everything():
        if one.next_attempt is not None and one.next_attempt > moment.at:
            settle(db, one, moment, "retried", attempts=one.attempts, error=None, later=moment.at)


def _draft(saying: Saying, said: CorrectionAsked | CorrectionMade, at: datetime) -> Draft:
    roles = ",".join(sorted(saying.actor.roles))
    return Draft(said=said, at=at, actor=saying.actor.account, role=roles, as_kind=said.KIND)


def _answer(saying: Saying, newest: datetime, zone: str, asked_by: str) -> ClockPutRight:
    return ClockPutRight(
        corrected=False,
        true=local(saying.true, zone),
        newest=local(newest, zone),
        ahead=int((newest - saying.true).total_seconds()) // 60,
        asked_by=asked_by,
        agreed_by=None,
        by=tuple(saying.by),
    )


def _not_ahead(newest: datetime | None, true: datetime, zone: str) -> Refused:
    message = Text(
        "日志最新的记录（{n}）不晚于现在的时钟（{t}），没有可更正的。时钟仍有误的，请先校准时钟",
        "the newest entry of the log ({n}) is no later than the clock ({t}): there is nothing to put right;"
        " where the clock is still wrong, set it first",
    )
    shown = {"n": "—" if newest is None else local(newest, zone).isoformat(), "t": local(true, zone).isoformat()}
    return Refused(message.fill(**shown), code="clock_not_ahead", source="[practice]", details={"true": shown["t"]})
