"""Turn many outcomes into rows, table by table. No SQL here, and no library of a database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from credit_workflow.casework.journal.entry import Draft
from credit_workflow.casework.journal.record_entries import OfRecord, RecordChanged, RecordMade
from credit_workflow.engine.values import Case, Entry, Record, whole_record
from credit_workflow.engine.world import Outcome
from credit_workflow.store.aggregates.cases_kept import CaseReader
from credit_workflow.store.aggregates.journal_kept import added
from credit_workflow.store.mapping import rows as r
from credit_workflow.store.mapping.case_rows import case_row, filled_row, mark_row, moved_row, only_moved
from credit_workflow.store.mapping.chain import genesis, link
from credit_workflow.store.mapping.deadline_rows import deadline_row
from credit_workflow.store.mapping.outbox_rows import new_row, notifications_of
from credit_workflow.store.mapping.unopened import encodable
from credit_workflow.store.reading.opened import Opened

_Rows = list[tuple[Any, ...]]


@dataclass
class Gathered:
    """The rows of many outcomes, table by table; plain values, so that another process can have made them."""

    events: _Rows = field(default_factory=list)
    new_cases: _Rows = field(default_factory=list)
    moved_cases: _Rows = field(default_factory=list)
    filled_cases: _Rows = field(default_factory=list)
    deadlines: _Rows = field(default_factory=list)
    marks: _Rows = field(default_factory=list)
    gone_deadlines: list[tuple[str, str]] = field(default_factory=list)
    gone_marks: list[tuple[str, str]] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    created: list[Record] = field(default_factory=list)
    outbox: _Rows = field(default_factory=list)
    accounts: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    record_log: list[r.Added] = field(default_factory=list)


_encode = msgspec.msgpack.Encoder(enc_hook=encodable).encode
_decoder = msgspec.msgpack.Decoder(Gathered)


def packed(rows: Gathered) -> bytes:
    """Return rows as they go to another process: in a fifth of the time that a pickle takes."""
    return _encode(rows)


def unpacked(rows: bytes) -> Gathered:
    """Return rows as they were before `packed`."""
    return _decoder.decode(rows)


class Batch:
    """Makes the rows of many outcomes.

    Args:
        db: the open database.
        cases: knows where the chains of the cases end.
        before: the cases as they were read, by number; new ones are not among them.
    """

    def __init__(self, db: Opened, cases: CaseReader, before: Mapping[str, Case]) -> None:
        self._db = db
        self._cases = cases
        self._cipher = db.cipher
        self._before = before
        self._notifications: list[tuple[Entry, int]] = []
        self.rows = Gathered()

    def add(self, outcome: Outcome) -> None:
        """Gather what an outcome changed."""
        heads = self._link(outcome.entries)
        for number, case in outcome.changed.items():
            old = self._before.get(number)
            seq, hash_ = heads[number]
            if old is None:
                self.rows.new_cases.append(case_row(case, self._root(case, outcome), seq, hash_, self._cipher))
            else:
                key = (number, old.version)
                if only_moved(old, case):
                    self.rows.moved_cases.append((*moved_row(case, seq, hash_), *key))
                else:
                    self.rows.filled_cases.append((*moved_row(case, seq, hash_), *filled_row(case, self._cipher), *key))
            rules = outcome.world.rules_of(case)
            known = {} if old is None else old.deadlines
            self.rows.gone_deadlines += [(number, name) for name in known if name not in case.deadlines]
            self.rows.deadlines += [
                deadline_row(number, d, rules)
                for name, d in case.deadlines.items()
                if known.get(name) is not d or (old is not None and old.definition != case.definition)
            ]
            marks = {} if old is None else old.marks
            self.rows.gone_marks += [(number, kind) for kind in marks if kind not in case.marks]
            self.rows.marks += [
                mark_row(number, m, self._cipher) for kind, m in case.marks.items() if marks.get(kind) is not m
            ]
        for entry, seq in self._notifications:
            made = notifications_of(entry, seq, outcome.world.cases[entry.case].unit)
            self.rows.outbox += [new_row(self._db.meta["id"], notification, entry.at) for notification in made]
        self._notifications.clear()
        for entry in outcome.entries:
            if entry.change.record is not None:
                self._note_record(entry, outcome)
            if entry.change.created is not None:
                self._note_created(entry, entry.change.created)
            if entry.change.account is not None:
                self.rows.accounts[entry.case] = r.account_row(entry)

    def _root(self, case: Case, outcome: Outcome) -> str:
        while case.parent is not None:
            case = outcome.world.cases[case.parent]
        return case.number

    def _link(self, entries: Sequence[Entry]) -> dict[str, tuple[int, str]]:
        heads: dict[str, tuple[int, str]] = {}
        for entry in entries:
            if entry.case not in heads:
                heads[entry.case] = self._head(entry.case)
            seq, prev = heads[entry.case]
            parts = r.event_parts(entry, seq + 1, self._cipher)
            hash_ = link((prev, *r.linked_parts(parts)))
            self.rows.events.append((*parts, prev, hash_))
            if entry.change.notifications:
                self._notifications.append((entry, seq + 1))
            heads[entry.case] = (seq + 1, hash_)
        self._cases.note_heads(heads)
        return heads

    def _head(self, number: str) -> tuple[int, str]:
        if number in self._before:
            return self._cases.head(number)
        return 0, genesis(self._db.meta["id"], number)

    def _note_record(self, entry: Entry, outcome: Outcome) -> None:
        change = entry.change.record
        if change is None:  # pragma: no cover - the caller has looked
            return
        record = outcome.world.records[change.record]
        self.rows.records.append(record)
        said = RecordChanged(case=entry.case, old=change.old, new=change.new, revision=change.revision)
        self._say(entry, record, said)

    def _note_created(self, entry: Entry, record: Record) -> None:
        self.rows.created.append(record)
        self._say(entry, record, RecordMade(case=entry.case, revision=record.revision, new=whole_record(record)))

    def _say(self, entry: Entry, record: Record, said: OfRecord) -> None:
        draft = Draft(
            said=said, at=entry.at, actor=entry.actor, role=entry.role, of=record.no, as_kind=entry.action
        )  # fmt: skip
        self.rows.record_log.append(added(draft))
