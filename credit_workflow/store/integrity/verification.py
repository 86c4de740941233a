"""Prove that the log is whole and everything else is what the log says: ``audit verify``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

import msgspec
from msgspec import UNSET

from credit_workflow.casework.audit.false_instants import corrections
from credit_workflow.casework.journal.record_entries import OfRecord
from credit_workflow.casework.sweep.helped_sweep import HelperLost
from credit_workflow.casework.sweep.sweeping import resting_collector
from credit_workflow.engine.values import whole_record
from credit_workflow.store.integrity.case_check import CaseCheck, Part, Range, chained, checking, state_of
from credit_workflow.store.mapping import rows as r
from credit_workflow.store.reading.reader import Reader
from credit_workflow.store.schema import foundations
from credit_workflow.store.schema.foundations import broken
from credit_workflow.store.workers.helpers import Processes, processors
from credit_workflow.store.writing.journal_index import Index
from credit_workflow.text import Text

#: Cases in one part: what memory follows from.
PART = 2_000
#: Fewer parts are checked before helpers are ready.
WORTHWHILE = 10


def verify(
    db: Reader, progress: Callable[[int, int], None] | None = None, *, url: str | None = None, part: int = PART
) -> dict[str, int]:
    """Hold the whole database against its logs.

    What all stands on is checked too (`foundations`). Every chain is recomputed; every case,
    deadline and mark is held against the replay of its entries; every record against its own
    log; case numbers must have no gap.

    Args:
        db: the database, open for reading.
        progress: called with the number of entries done and in all.
        url: the database's, where other processes may help with many cases.
        part: how many cases are checked at a time.

    Returns:
        How many ``events`` (case entries), ``cases``, ``records`` and ``journal`` entries there are.

    Raises:
        IntegrityFault: something was changed, removed, inserted or re-ordered; it names the first
            place.
    """
    try:
        with resting_collector():
            return _verified(db, progress, url, part)
    except (LookupError, TypeError, ValueError, msgspec.MsgspecError) as fault:
        why = Text("有内容无法读取（{f}）", "something in it can't be read ({f})")
        raise broken("log", None, why.fill(f=" ".join(f"{type(fault).__name__} {fault}".split()))) from fault


def _verified(db: Reader, progress: Callable[[int, int], None] | None, url: str | None, size: int) -> dict[str, int]:
    foundations.check_setup(db)
    foundations.check_keys(db)
    foundations.check_definitions(db)
    total, done = db.count("case_event"), 0
    check = CaseCheck(db)
    parts: list[Part] = []
    for part in _checked(db, check, url, _ranges(db, size)):
        parts.append(part)
        done += part.events
        if progress is not None:
            progress(done, total)
    numbers = foundations.check_roots(db)
    check.finish(parts, numbers.__contains__)
    foundations.check_numbers(db, numbers)
    foundations.check_accounts(db)
    journal, records = _journal(db), _records(db)
    _clock(db)
    foundations.check(db)
    return {"events": done, "cases": len(numbers), "records": records, "journal": journal}


def _ranges(db: Reader, size: int) -> list[Range]:
    """Return the parts, which leave out no number whatever: a log may speak of a case that is not there."""
    starts = ["", *[row[0] for number, row in enumerate(db.case_numbers()) if number and number % size == 0]]
    return list(zip(starts, [*starts[1:], None], strict=True))


def _checked(db: Reader, check: CaseCheck, url: str | None, ranges: list[Range]) -> Iterator[Part]:
    """Check all parts, the first one first; what a helper can't tell is looked at here, and so is what is wrong."""
    several = processors()
    if url is None or several < 2 or len(ranges) < WORTHWHILE:  # noqa: PLR2004 - one is us
        yield from map(check.part, ranges)
        return
    helpers = Processes(Part)
    try:
        helpers.start(several, checking, url, db.keys, state_of(db))
        given, heard = iter(ranges), 0
        while heard < len(ranges):
            try:
                while helpers.idle() and (ahead := next(given, None)) is not None:
                    helpers.ask(ahead)
                part = helpers.answer()
            except HelperLost:
                break
            heard += 1
            yield part
        yield from map(check.part, ranges[heard:])
    finally:
        helpers.stop()


def _journal(db: Reader) -> int:
    count, marked = 0, foundations.setup(db).marks is not UNSET
    for stream, group in groupby(db.stored_journal_rows(), key=lambda row: row[0]):
        rows = list(group)
        chained(db, stream, [(row[1], row[:7], row[7], row[8]) for row in rows])
        forged = next((row for row in rows if marked and not r.is_marked(row, db.cipher)), None)
        if forged is not None:
            message = Text("并非由持有数据密钥的程序写入", "it was written by somebody without the data keys")
            raise broken(stream, forged[1], message)
        count += len(rows)
    return count


def _clock(db: Reader) -> None:
    """Whoever put the log right must have agreed with somebody else, who had asked for that very thing."""
    for one in corrections(db):
        made, asked = one.made, one.asked
        fits = asked is not None and (asked.actor, asked.said.newest) == (made.said.asked_by, made.said.newest)
        if not fits or made.actor == made.said.asked_by:
            message = Text("时钟的更正未经两人确认", "that the clock was put right was not said by two persons")
            raise broken(made.stream, made.seq, message)


def _records(db: Reader) -> int:
    """Every record must have the values that its own log ends with."""
    said: dict[str, dict[str, Any]] = {}
    told = Index(db)
    for line in db.journal.everything():  # that each can be read is a part of the proof
        told.note(line)
        if isinstance(line.said, OfRecord):
            said.setdefault(line.of, {}).update(line.said.new, revision=line.said.revision)
    told.check()
    records = db.records.find()
    for record in records:
        if said.pop(record.no, {}) != {**whole_record(record), "revision": record.revision}:
            raise broken(record.no, None, Text("信用记录与其日志不符", "the record is not what its log gives"))
    if said:
        raise broken(
            min(said), None, Text("日志中有此信用记录，记录表中没有", "the log has the record, the table has not")
        )
    return len(records)
