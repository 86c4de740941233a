"""Find the log entries that an auditor reads, by account, person, record and period."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec
from msgspec import Struct

from credit_workflow.casework.answer import like
from credit_workflow.casework.audit.audit_answers import AuditEntry
from credit_workflow.casework.audit.false_instants import in_order
from credit_workflow.casework.cases.views import event_of
from credit_workflow.casework.clock import local, span_of
from credit_workflow.casework.criteria import CaseQuery
from credit_workflow.casework.journal.entry import About, Span
from credit_workflow.casework.journal.record_entries import OfRecord
from credit_workflow.casework.ports import Reading
from credit_workflow.identity import masked

_PERSONAL = ("subject", "subject_key", "subject_kind")


class Query(Struct, frozen=True, kw_only=True):
    """What is wanted of a log; what is not given does not narrow.

    Args:
        account: what this account did only.
        subject: what is about the person with this ID number or code only; once it is read, with this key.
        record: what is about this record only.
        first: from this day on.
        last: through this day.
    """

    account: str | None = None
    subject: str | None = None
    record: str | None = None
    first: date | None = None
    last: date | None = None

    def span(self, zone: str) -> Span:
        """Return the instants of its days as the clocks of a zone show them."""
        return span_of(self.first, self.last, zone)

    def meets(self, account: str, day: date) -> bool:
        """Whether what an account did on a day is wanted, as far as that tells."""
        return (
            self.account in (None, account)
            and (self.first is None or day >= self.first)
            and (self.last is None or day <= self.last)
        )


def entries_wanted(db: Reading, query: Query, zone: str) -> tuple[AuditEntry, ...]:
    """Return the entries wanted, in the order of their recording; ID numbers are masked.

    Args:
        db: the database, open for reading.
        query: which entries.
        zone: the zone whose clocks its instants show.
    """
    found = [*_of_cases(db, query, zone), *_of_journal(db, query, zone)]
    order = in_order(db, zone)
    return tuple(sorted(found, key=lambda entry: order(entry.at, entry.log, entry.seq)))


def _of_cases(db: Reading, query: Query, zone: str) -> Iterator[AuditEntry]:
    asked = CaseQuery(person=query.subject, record=query.record, acted=query.account, during=query.span(zone))
    for case in db.cases.find(asked):
        for seq, hash_, entry in db.cases.entries(case.number):
            if query.meets(entry.actor, local(entry.at, zone).date()):
                event = event_of(seq, hash_, entry, zone, db.rules[case.definition].workflow)
                yield like(AuditEntry, event, log=case.number, record=case.record or None)


def _of_journal(db: Reading, query: Query, zone: str) -> Iterator[AuditEntry]:
    key = query.subject
    theirs = {record.no for record in db.records.find(person=key)} if key is not None else set()
    about: list[About] | None = None
    if query.record is not None:
        about = [("record", query.record)]
    elif key is not None:
        about = [("person", key), *(("record", no) for no in sorted(theirs))]
    for line in db.journal.everything(span=query.span(zone), actor=query.account, about=about):
        data: dict[str, Any] = msgspec.to_builtins(line.said)
        no = line.of if isinstance(line.said, OfRecord) else data.get("record")
        if query.record is not None and no != query.record:
            continue
        if key is not None and no not in theirs and data.get("subject") != key:
            continue
        yield like(
            AuditEntry, line, log=line.stream, record=no, at=local(line.at, zone), action=line.kind, data=_masked(data)
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
