"""How the software itself ran: what the log says of sweeps, rehearsals, look-ups and sign-ins (附件3·七)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec

from credit_workflow.casework.clock import local
from credit_workflow.casework.ports import Reading
from credit_workflow.casework.statistics.figures import Period


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """One nightly sweep: when, for which day, how many cases it could not carry on."""

    at: datetime
    as_of: date
    failed: int
    waiting: int


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """One rehearsal of restoring: when, whether it succeeded, in how many seconds."""

    at: datetime
    ok: bool
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Operations:
    """What the log says of a period, and of the latest sweep and rehearsal whenever they were.

    Instants are in the calendar's zone. ``swept`` are the days of the period for which there was a
    sweep, out of ``days``; ``failed`` the cases that one could not carry on, each time counted.
    """

    days: int
    swept: int
    failed: int
    last_sweep: Sweep | None
    last_rehearsal: Rehearsal | None
    look_ups: int
    in_full: int
    taken_out: int
    failed_sign_ins: int
    keys_changed: int
    definitions: int


def operations(db: Reading, period: Period, zone: str) -> Operations:
    """Return how the software ran.

    Args:
        db: the database, open for reading.
        period: the days counted, in ``zone``; its ``first`` must be given.
        zone: the calendar's.
    """
    if period.first is None:
        raise ValueError("a period with a first day")
    sweeps = [_sweep(row, zone) for row in db.journal_rows("sweep")]
    within = [sweep for sweep in sweeps if sweep.as_of in period]
    rehearsal = db.last_of("drill")
    looked = [msgspec.json.decode(row[6]) | {"kind": row[5]} for row in _of(db, "look-up", period, zone)]
    return Operations(
        days=(period.end - period.first).days + 1,
        swept=len({sweep.as_of for sweep in within}),
        failed=sum(sweep.failed for sweep in within),
        last_sweep=sweeps[-1] if sweeps else None,
        last_rehearsal=None if rehearsal is None else _rehearsal(rehearsal, zone),
        look_ups=sum(one["kind"] == "record" for one in looked),
        in_full=sum(bool(one.get("full")) for one in looked),
        taken_out=sum(one["kind"] != "record" for one in looked),
        failed_sign_ins=sum(row[5] == "failed" for row in _of(db, "sign-in", period, zone)),
        keys_changed=sum(1 for _ in _of(db, "key", period, zone)),
        definitions=sum(1 for _ in _of(db, "definition", period, zone)),
    )


def _of(db: Reading, stream: str, period: Period, zone: str) -> Iterable[Sequence[Any]]:
    return (row for row in db.journal_rows(stream) if _at(row, zone).date() in period)


def _at(row: Sequence[Any], zone: str) -> datetime:
    return local(datetime.fromisoformat(row[2]), zone)


def _sweep(row: Sequence[Any], zone: str) -> Sweep:
    said = msgspec.json.decode(row[6])
    as_of = date.fromisoformat(said["as_of"])
    return Sweep(at=_at(row, zone), as_of=as_of, failed=len(said["failed"]), waiting=said["waiting"])


def _rehearsal(row: Sequence[Any], zone: str) -> Rehearsal:
    said = msgspec.json.decode(row[6])
    return Rehearsal(at=_at(row, zone), ok=said["ok"], seconds=said["seconds"])
