"""Is the log whole, and is everything else what the log says? The proof behind ``audit verify``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any

import msgspec

from credit_workflow.casework.nightly import resting_collector
from credit_workflow.engine.evolve import replay
from credit_workflow.engine.values import Case, Entry
from credit_workflow.errors import CreditWorkflowError
from credit_workflow.store import foundations
from credit_workflow.store import rows as r
from credit_workflow.store.chain import genesis, link
from credit_workflow.store.deadlinerows import deadline_row
from credit_workflow.store.foundations import broken
from credit_workflow.store.outboxcheck import Expected
from credit_workflow.store.reading import Reader
from credit_workflow.store.timeliness import Certificates, Placed
from credit_workflow.store.versioncheck import Versions
from credit_workflow.text import Text


def verify(db: Reader, progress: Callable[[int, int], None] | None = None) -> dict[str, int]:
    """Hold the whole database against its logs.

    What all stands on is checked too (`foundations`). Every chain is recomputed; every case,
    deadline and mark is held against the replay of its entries; every record against its own
    log; case numbers must have no gap.

    Args:
        db: the database, open for reading.
        progress: called with the number of entries done and in all.

    Returns:
        How many ``events`` (case entries), ``cases``, ``records`` and ``journal`` entries there are.

    Raises:
        IntegrityFault: something was changed, removed, inserted or re-ordered; it names the first
            place.
    """
    try:
        with resting_collector():
            return _verified(db, progress)
    except (LookupError, TypeError, ValueError, msgspec.MsgspecError) as fault:
        why = Text("有内容无法读取（{f}）", "something in it can't be read ({f})")
        raise broken("log", None, why.fill(f=" ".join(f"{type(fault).__name__} {fault}".split()))) from fault


def _verified(db: Reader, progress: Callable[[int, int], None] | None) -> dict[str, int]:
    foundations.check_setup(db)
    foundations.check_keys(db)
    foundations.check_definitions(db)
    total = db.count("case_event")
    stored = {case.number: case for case in db.cases()}
    heads = _heads(db, stored)
    roots = {number: root for number, root, _ in db.roots()}
    certificates, outbox, versions = Certificates(db), Expected(db), Versions(db)
    done = 0
    for number, group in groupby(db.numbered_event_rows(), key=lambda row: row[1]):
        numbered = list(group)
        events = [row[1:] for row in numbered]
        _chained(db, number, [(row[1], row[:10], row[10], row[11]) for row in events], number)
        if number not in stored:
            raise broken(
                number, None, Text("日志中有此案件，案件表中没有", "the log has it, the table of cases has not")
            )
        if heads[number] != (events[-1][1], events[-1][11]):
            raise broken(
                number, events[-1][1], Text("日志末尾与案件记载不符", "the log does not end where the case says")
            )
        entries = [db.entry(row) for row in events]
        _replayed(number, entries, stored[number])
        for seq, entry in enumerate(entries, 1):
            outbox.check(entry, seq, stored[number])
        placed = [(row[0], entry) for row, entry in zip(numbered, entries, strict=True)]
        for place, entry in placed:
            versions.check(place, entry)
        _swept(db, certificates, placed, roots[number])
        done += len(events)
        if progress is not None:
            progress(done, total)
        heads.pop(number)
    if heads:
        raise broken(min(heads), None, Text("案件没有日志", "the case has no log"))
    outbox.finish()
    misstated = certificates.misstated()
    if misstated is not None:
        why = Text("{d} 的巡检记录与日志不符", "the certificate of the sweep for {d} is not what the log gives")
        raise broken("sweep", None, why.fill(d=misstated.isoformat()))
    foundations.check_roots(db, stored)
    foundations.check_numbers(db, stored)
    foundations.check_accounts(db)
    _details(db, stored)
    journal, records = _journal(db), _records(db)
    foundations.check(db)
    return {"events": done, "cases": len(stored), "records": records, "journal": journal}


def _heads(db: Reader, stored: Iterable[str]) -> dict[str, tuple[int, str]]:
    return {number: db.head(number) for number in stored}


def _chained(db: Reader, stream: str, rows: Iterable[tuple[int, Sequence[Any], str, str]], name: str) -> None:
    prev = genesis(db.meta["id"], stream)
    for expected, (seq, parts, said_prev, said_hash) in enumerate(rows, 1):
        if seq != expected:
            raise broken(name, expected, Text("缺少一条或顺序有误", "an entry is missing or out of order"))
        if said_prev != prev:
            raise broken(name, seq, Text("与上一条不相连", "it is not linked to the one before"))
        prev = link((prev, *r.linked_parts(parts)))
        if prev != said_hash:
            raise broken(name, seq, Text("内容与其哈希值不符", "its content does not have its hash"))


def _replayed(number: str, entries: list[Entry], stored: Case) -> None:
    try:
        replayed = replay(entries)
    except (CreditWorkflowError, ValueError) as fault:
        raise broken(number, None, Text("日志无法重放：{f}", "the log can't be replayed: {f}").fill(f=fault)) from fault
    if replayed != stored:
        names = [n for n in Case.__struct_fields__ if replayed is None or getattr(replayed, n) != getattr(stored, n)]
        message = Text("案件与其日志不符（{n}）", "the case is not what its log gives ({n})")
        raise broken(number, None, message.fill(n="、".join(names)))


def _swept(db: Reader, certificates: Certificates, entries: list[Placed], root: str) -> None:
    found = certificates.passed_over(entries, db.rules, root)
    if found is not None:
        message = Text("{d} 的巡检漏过了期限 {n}", "the sweep for {d} passed over the deadline {n}")
        raise broken(entries[0][1].case, None, message.fill(n=found[0], d=found[1].isoformat()))


def _details(db: Reader, stored: dict[str, Case]) -> None:
    """The columns kept for lists must be those that follow from the definitions."""
    for row in db.deadline_rows():
        case = stored.get(row[0])
        if case is None or row[1] not in case.deadlines:
            raise broken(str(row[0]), None, Text("多出的期限 {d}", "a deadline too many: {d}").fill(d=row[1]))
        rules = db.rules.get(case.definition)
        if rules is None or deadline_row(case.number, case.deadlines[row[1]], rules) != tuple(row):
            raise broken(
                case.number,
                None,
                Text("期限 {d} 与规则不符", "the deadline {d} does not follow its rule").fill(d=row[1]),
            )
    for number, mark in db.mark_rows():
        if number not in stored:
            raise broken(number, None, Text("多出的标注 {m}", "a mark too many: {m}").fill(m=mark))


def _journal(db: Reader) -> int:
    count = 0
    for stream, group in groupby(db.stored_journal_rows(), key=lambda row: row[0]):
        rows = list(group)
        _chained(db, stream, [(row[1], row[:7], row[7], row[8]) for row in rows], stream)
        count += len(rows)
    return count


def _records(db: Reader) -> int:
    """Every record must have the values that its own log ends with."""
    said: dict[str, dict[str, Any]] = {}
    for row in db.journal_rows():
        if row[0].startswith("record:"):
            data = msgspec.json.decode(row[6])
            values = said.setdefault(row[0].removeprefix("record:"), {})
            values.update(data["new"], revision=data["revision"])
    records = db.records()
    for record in records:
        if said.pop(record.no, {}) != {**r.record_values_of(record), "revision": record.revision}:
            raise broken(record.no, None, Text("信用记录与其日志不符", "the record is not what its log gives"))
    if said:
        raise broken(
            min(said), None, Text("日志中有此信用记录，记录表中没有", "the log has the record, the table has not")
        )
    return len(records)
