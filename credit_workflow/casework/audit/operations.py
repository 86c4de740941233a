"""Report how the software itself ran: what the log says of sweeps, rehearsals, look-ups and sign-ins (附件3·七)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from credit_workflow.casework.clock import local, span_of
from credit_workflow.casework.journal.entry import Line
from credit_workflow.casework.journal.look_entries import Look, OfRecord
from credit_workflow.casework.journal.people_entries import SignInFailed
from credit_workflow.casework.journal.rule_entries import Adopted
from credit_workflow.casework.journal.running_entries import KeysChanged, Rehearsed, Swept
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
    sweeps = [_sweep(line, zone) for line in db.journal.of(Swept)]
    within = [sweep for sweep in sweeps if sweep.as_of in period]
    rehearsal = db.journal.last(Rehearsed)
    span = span_of(period.first, period.end, zone)
    looked = list(db.journal.of(Look, span=span))
    return Operations(
        days=(period.end - period.first).days + 1,
        swept=len({sweep.as_of for sweep in within}),
        failed=sum(sweep.failed for sweep in within),
        last_sweep=sweeps[-1] if sweeps else None,
        last_rehearsal=None if rehearsal is None else _rehearsal(rehearsal, zone),
        look_ups=sum(line.kind == OfRecord.KIND for line in looked),
        in_full=sum(line.said.full for line in looked),
        taken_out=sum(line.kind != OfRecord.KIND for line in looked),
        failed_sign_ins=sum(1 for _ in db.journal.of(SignInFailed, span=span)),
        keys_changed=sum(1 for _ in db.journal.of(KeysChanged, span=span)),
        definitions=sum(1 for _ in db.journal.of(Adopted, span=span)),
    )


def _sweep(line: Line[Swept], zone: str) -> Sweep:
    said = line.said
    return Sweep(at=local(line.at, zone), as_of=said.as_of, failed=len(said.failed), waiting=said.waiting)


def _rehearsal(line: Line[Rehearsed], zone: str) -> Rehearsal:
    return Rehearsal(at=local(line.at, zone), ok=line.said.ok, seconds=line.said.seconds)
