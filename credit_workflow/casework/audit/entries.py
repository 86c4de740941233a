"""What an auditor reads: the entries of all logs, by account, person, record and period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec

from credit_workflow.casework.answers.audit_answers import AuditEntry
from credit_workflow.casework.cases.views import entry_view
from credit_workflow.casework.clock import local
from credit_workflow.casework.ports import Reading
from credit_workflow.identity import masked

_PERSONAL = ("subject", "subject_key", "subject_kind")


@dataclass(frozen=True, kw_only=True)
class Query:
    """Which entries; what is None does not narrow.

    ``subject`` is the key of a person; ``first`` and ``last`` are days, inclusive.
    """

    account: str | None = None
    subject: str | None = None
    record: str | None = None
    first: date | None = None
    last: date | None = None


def entries_wanted(db: Reading, query: Query, zone: str) -> tuple[AuditEntry, ...]:
    """Return the entries wanted, in the order of their recording; ID numbers are masked.

    Args:
        db: the database, open for reading.
        query: which entries.
        zone: the zone whose clocks its instants show.
    """
    found = [*_of_cases(db, query, zone), *_of_journal(db, query, zone)]
    found.sort(key=lambda entry: (entry["at"], entry["log"], entry["seq"]))
    return msgspec.convert(found, tuple[AuditEntry, ...])


def _of_cases(db: Reading, query: Query, zone: str) -> Iterator[dict[str, Any]]:
    where, values = [], []
    keyed = None if query.subject is None else db.keyed(query.subject)
    for column, value in (("subject_key", keyed), ("record", query.record)):
        if value is not None:
            where.append(f"{column} = ?")
            values.append(value)
    for case in db.cases(f"WHERE {' AND '.join(where)}" if where else "", values):
        for seq, hash_, entry in db.entries(case.number):
            if _wanted(query, entry.actor, entry.at, zone):
                view = entry_view(seq, hash_, entry, zone, db.rules[case.definition].workflow)
                yield {"log": case.number, "record": case.record or None, **view}


def _of_journal(db: Reading, query: Query, zone: str) -> Iterator[dict[str, Any]]:
    key = query.subject
    about = (
        {record.no for record in db.records("WHERE subject_key = ?", (db.keyed(key),))} if key is not None else set()
    )
    for row in db.journal_rows():
        stream, seq, at_text, actor, role, kind, text, _, hash_ = row
        data = msgspec.json.decode(text)
        no = stream.removeprefix("record:") if stream.startswith("record:") else data.get("record")
        at = datetime.fromisoformat(at_text)
        if query.record is not None and no != query.record:
            continue
        if key is not None and no not in about and data.get("subject") != key:
            continue
        if _wanted(query, actor, at, zone):
            shown = {"at": local(at, zone).isoformat(), "actor": actor, "role": role, "action": kind}
            yield {"log": stream, "record": no, "seq": seq, **shown, "data": _masked(data), "hash": hash_}


def _wanted(query: Query, actor: str, at: datetime, zone: str) -> bool:
    day = local(at, zone).date()
    return (
        query.account in (None, actor)
        and (query.first is None or day >= query.first)
        and (query.last is None or day <= query.last)
    )


def _masked(data: dict[str, Any]) -> dict[str, Any]:
    """Return what an entry says with ID numbers masked and look-up keys left out."""
    shown: dict[str, Any] = {}
    for name, value in data.items():
        if name == "subject_id" and isinstance(value, str):
            shown[name] = masked(value)
        elif name not in _PERSONAL:
            shown[name] = _masked(value) if isinstance(value, dict) else value
    return shown
