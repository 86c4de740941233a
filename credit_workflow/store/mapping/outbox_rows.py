"""The outbox as rows: what an entry puts in, and what an attempt makes of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from credit_workflow.casework.ports import NewNotice, Notice
from credit_workflow.engine.values import Entry
from credit_workflow.store.mapping import rows as r
from credit_workflow.store.mapping.chain import link

COLUMNS = (
    "key", "case_no", "seq", "n", "role", "unit", "paper", "title_zh", "title_en", "made", "status", "attempts",
    "error", "next_attempt", "finished", "claimed_until",
)  # fmt: skip


def new_row(database: str, notice: NewNotice, at: datetime) -> tuple[Any, ...]:
    """Return a notice as the row (`COLUMNS`) that it enters the outbox as, to be sent at once.

    Its key follows from the database and from the entry that made it, so it can't be made twice.
    """
    key = link((database, "outbox", notice.case, str(notice.seq), str(notice.n)))
    made = r.instant_text(at)
    return (
        key, notice.case, notice.seq, notice.n, notice.to, notice.unit, notice.paper, notice.title_zh, notice.title_en,
        made, "pending", 0, None, made, None, None,
    )  # fmt: skip


def notices_of(entry: Entry, seq: int, unit: str | None) -> Iterable[NewNotice]:
    """Return the notices that an entry makes.

    Args:
        entry: the entry.
        seq: its place in its case's log.
        unit: the case's unit, whose people are told.
    """
    for n, said in enumerate(entry.change.notices):
        yield NewNotice(
            case=entry.case,
            seq=seq,
            n=n,
            to=said.to,
            unit=unit,
            paper=said.paper,
            title_zh=said.title_zh,
            title_en=said.title_en,
        )


def notice_of(row: r.Row) -> Notice:
    """Return a notice from its row (`COLUMNS`)."""
    return Notice(
        key=row[0],
        case=row[1],
        seq=row[2],
        n=row[3],
        to=row[4],
        unit=row[5],
        paper=row[6],
        title_zh=row[7],
        title_en=row[8],
        made=r.instant_of(row[9]),
        status=row[10],
        attempts=row[11],
        error=row[12],
        next_attempt=None if row[13] is None else r.instant_of(row[13]),
        finished=None if row[14] is None else r.instant_of(row[14]),
    )


def settled(result: str, attempts: int, error: str | None, at: str, later: str | None) -> tuple[Any, ...]:
    """Return (status, attempts, error, next attempt, finished) after an attempt, or after a retry was asked for."""
    status = "pending" if result == "retried" else result
    return (status, attempts, error, later, at if result in ("sent", "given_up") else None)
