"""Many outcomes written at once, table by table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from credit_workflow.engine.values import Actor, Case, Entry, Record
from credit_workflow.engine.world import Outcome
from credit_workflow.errors import Conflict, Refused
from credit_workflow.store import rows as r
from credit_workflow.store import tables as t
from credit_workflow.store.chain import genesis, link
from credit_workflow.store.deadlinerows import DEADLINE_COLUMNS, deadline_row
from credit_workflow.store.outbox import COLUMNS as OUTBOX_COLUMNS
from credit_workflow.store.outbox import new_row, notices_of
from credit_workflow.text import Text

if TYPE_CHECKING:
    from credit_workflow.store.writing import Writer


class Batch:
    """The rows of many outcomes, gathered and then written table by table."""

    def __init__(self, writer: Writer, before: Mapping[str, Case]) -> None:
        self._writer = writer
        self._cipher = writer.cipher
        self._before = before
        self._events: list[tuple[Any, ...]] = []
        self._new_cases: list[tuple[Any, ...]] = []
        self._moved_cases: list[tuple[Any, ...]] = []
        self._filled_cases: list[tuple[Any, ...]] = []
        self._deadlines: list[tuple[Any, ...]] = []
        self._marks: list[tuple[Any, ...]] = []
        self._gone_deadlines: list[tuple[str, str]] = []
        self._gone_marks: list[tuple[str, str]] = []
        self._records: list[Record] = []
        self._created: list[Record] = []
        self._notices: list[tuple[Entry, int]] = []
        self._outbox: list[tuple[Any, ...]] = []
        self._accounts: dict[str, tuple[Any, ...]] = {}
        self._record_log: list[tuple[str, datetime, Actor, str, str, Mapping[str, Any]]] = []

    def add(self, outcome: Outcome) -> None:
        """Gather what an outcome changed."""
        heads = self._link(outcome.entries)
        for number, case in outcome.changed.items():
            old = self._before.get(number)
            seq, hash_ = heads[number]
            if old is None:
                self._new_cases.append(r.case_row(case, self._root(case, outcome), seq, hash_, self._cipher))
            else:
                key = (number, old.version)
                if r.only_moved(old, case):
                    self._moved_cases.append((*r.moved_row(case, seq, hash_), *key))
                else:
                    self._filled_cases.append((*r.moved_row(case, seq, hash_), *r.filled_row(case, self._cipher), *key))
            rules = outcome.world.rules_of(case)
            known = {} if old is None else old.deadlines
            self._gone_deadlines += [(number, name) for name in known if name not in case.deadlines]
            self._deadlines += [
                deadline_row(number, d, rules)
                for name, d in case.deadlines.items()
                if known.get(name) is not d or (old is not None and old.definition != case.definition)
            ]
            marks = {} if old is None else old.marks
            self._gone_marks += [(number, kind) for kind in marks if kind not in case.marks]
            self._marks += [
                r.mark_row(number, m, self._cipher) for kind, m in case.marks.items() if marks.get(kind) is not m
            ]
        for entry, seq in self._notices:
            made = notices_of(entry, seq, outcome.world.cases[entry.case].unit)
            self._outbox += [new_row(self._writer.meta["id"], notice, entry.at) for notice in made]
        self._notices.clear()
        for entry in outcome.entries:
            if entry.change.record is not None:
                self._note_record(entry, outcome)
            if entry.change.created is not None:
                self._note_created(entry, entry.change.created)
            if entry.change.account is not None:
                self._accounts[entry.case] = r.account_row(entry)

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
            self._events.append((*parts, prev, hash_))
            if entry.change.notices:
                self._notices.append((entry, seq + 1))
            heads[entry.case] = (seq + 1, hash_)
        self._writer.note_heads(heads)
        return heads

    def _head(self, number: str) -> tuple[int, str]:
        if number in self._before:
            return self._writer.head(number)
        return 0, genesis(self._writer.meta["id"], number)

    def _note_record(self, entry: Entry, outcome: Outcome) -> None:
        change = entry.change.record
        if change is None:  # pragma: no cover - the caller has looked
            return
        record = outcome.world.records[change.record]
        self._records.append(record)
        data = {"case": entry.case, "old": change.old, "new": change.new, "revision": change.revision}
        actor = Actor(account=entry.actor, roles=frozenset({entry.role}))
        self._record_log.append((f"record:{record.no}", entry.at, actor, entry.role, entry.action, data))

    def _note_created(self, entry: Entry, record: Record) -> None:
        self._created.append(record)
        data = {"case": entry.case, "revision": record.revision, "new": r.record_values_of(record)}
        actor = Actor(account=entry.actor, roles=frozenset({entry.role}))
        self._record_log.append((f"record:{record.no}", entry.at, actor, entry.role, entry.action, data))

    def write(self) -> tuple[int, int]:
        """Write all that was gathered.

        Returns:
            How many entries the log of the cases had, and has now.

        Raises:
            Conflict: a case is not in the version in which it was read.
            Refused: a record that is to be made exists already.
        """
        w = self._writer
        for number in w.known_records([record.no for record in self._created]):
            message = Text("信用记录 {n} 已存在", "there is a record {n} already").fill(n=number)
            raise Refused(message, code="record_known", details={"record": number})
        w.put_records(self._created, {})
        w.rows.add(t.CaseFile, r.CASE_COLUMNS, self._new_cases)
        self._update_cases()
        w.rows.remove(t.CaseDeadline, ("case_no", "id"), self._gone_deadlines)
        w.rows.remove(t.RecordMark, ("case_no", "kind"), self._gone_marks)
        w.rows.upsert(t.CaseDeadline, ("case_no", "id"), DEADLINE_COLUMNS, self._deadlines)
        w.rows.upsert(t.RecordMark, ("case_no", "kind"), r.MARK_COLUMNS, self._marks)
        w.put_records(self._records, {record.no: record for record in self._records})
        w.rows.add(t.Outbox, OUTBOX_COLUMNS, self._outbox)
        w.put_accounts(list(self._accounts.values()))
        # The logs come last: whoever adds to them keeps all others from it until the end.
        made = w.append_events(self._events)
        w.log_all(self._record_log)
        return made

    def _update_cases(self) -> None:
        self._update(r.MOVED_COLUMNS, self._moved_cases)
        self._update(r.MOVED_COLUMNS + r.FILLED_COLUMNS, self._filled_cases)

    def _update(self, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
        """Write some columns of cases, each row ending in its number and the version it had."""
        met = self._writer.rows.change(t.CaseFile, ("number", "version"), columns, rows)
        if met != len(rows):
            raise Conflict(
                Text(
                    "案件刚被他人改动，没有写入任何内容。请重新查看后再办理",
                    "somebody else has just changed the case; nothing was written: look at it again",
                )
            )
