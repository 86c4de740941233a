"""Settle the instant that counts as now: the machine's, or the one given for a training database."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from credit_workflow.casework.journal.entry import Span
from credit_workflow.engine.world import Moment
from credit_workflow.errors import NotAllowed, Refused, UsageFault
from credit_workflow.text import Text

_DATE_ONLY = len("2026-03-02")


def moment_for(
    at: str | None,
    *,
    zone: str,
    training: bool,
    newest: datetime | None,
    machine: datetime,
    looked: datetime | None = None,
) -> Moment:
    """Return the moment at which a command acts.

    Args:
        at: the instant given (``2026-03-02`` or ``2026-03-02T09:30``), or None.
        zone: the zone of a given instant without one.
        training: whether the database is for practice; else no instant can be given.
        newest: the instant of the newest log entry; of a database for practice, of the newest that is no look.
        machine: what the machine's clock says.
        looked: the instant of the newest entry, a look or not.

    A date alone is 00:00, or the newest entry's instant if that is later on the same day. Whoever has looked at a
    day to come, which changes nothing, goes on with the present one.

    Raises:
        UsageFault: it is no instant.
        NotAllowed: an instant is given for a production database.
        Refused: it is earlier than the newest entry of the log.
    """
    if at is None:
        now = max(machine, newest) if newest is not None and not training else machine
        moment = Moment.of(now, zone)
        if training and newest is not None and moment.at < newest:
            raise _backwards(moment.at, newest, zone)
        return moment
    if not training:
        message = Text("正式数据库不能用 --at 指定时间", "--at is for training databases only")
        raise NotAllowed(message, code="production_database")
    moment = Moment.of(parse_instant(at, zone), zone)
    if len(at) == _DATE_ONLY:
        known = (Moment.of(instant, zone) for instant in (newest, looked) if instant is not None)
        same_day = (one for one in known if one.effective == moment.effective)
        moment = max((moment, *same_day), key=lambda one: one.at)
    if newest is not None and moment.at < newest:
        raise _backwards(moment.at, newest, zone)
    return moment


def parse_instant(text: str, zone: str) -> datetime:
    """Return the instant that a text means, in ``zone`` unless it names its own offset.

    Raises:
        UsageFault: it is none.
    """
    try:
        date.fromisoformat(text[:_DATE_ONLY] if text[_DATE_ONLY - 3 : _DATE_ONLY - 2] == "-" else "")
        parsed = datetime.fromisoformat(text)
        if parsed.tzinfo is None:
            parsed = parsed.replace(tzinfo=ZoneInfo(zone))
        return parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        message = Text(
            "“{t}”不是时间；请写作 2026-03-02 或 2026-03-02T09:30",
            "“{t}” is no instant; write 2026-03-02 or 2026-03-02T09:30",
        )
        raise UsageFault(message.fill(t=text), code="instant") from None


def local(instant: datetime, zone: str) -> datetime:
    """Return an instant as the clocks of ``zone`` show it."""
    return instant.astimezone(ZoneInfo(zone))


def span_of(first: date | None, last: date | None, zone: str) -> Span:
    """Return the instants of some days as the clocks of ``zone`` show them; both days are inclusive, None is open."""
    return Span(
        since=None if first is None else _midnight(first, zone),
        until=None if last is None or last == date.max else _midnight(last + timedelta(days=1), zone),
    )


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _backwards(at: datetime, newest: datetime, zone: str) -> Refused:
    message = Text(
        "时间 {a} 早于日志中最新的记录（{n}），日志不能倒退。请用不早于它的 --at",
        "{a} is earlier than the newest entry of the log ({n}), which never goes back; give a later --at",
    )
    shown = {"a": local(at, zone).isoformat(), "n": local(newest, zone).isoformat()}
    return Refused(message.fill(**shown), code="clock_backwards", details={"newest": shown["n"]})


def machine_time() -> datetime:
    """Return the machine's time: the one place where the program reads its clock."""
    return datetime.now(UTC)
