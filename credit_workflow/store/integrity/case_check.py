"""Check that every case is what its log says: the part of ``audit verify`` that goes case by case.

Cases are taken in parts, so that memory does not grow with their number, and so that several
processes can share them (`workers.helpers`): each looks at the same state of the database, or is not heard.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

from msgspec import Struct

from credit_workflow.casework.sweep.certificates import Tally
from credit_workflow.engine.replay import replay
from credit_workflow.engine.values import Case, Entry
from credit_workflow.errors import CreditWorkflowError
from credit_workflow.store.database import Database
from credit_workflow.store.integrity.outbox_check import Expected
from credit_workflow.store.integrity.timeliness import Certificates
from credit_workflow.store.integrity.version_check import Versions
from credit_workflow.store.mapping import rows as r
from credit_workflow.store.mapping.chain import genesis, link
from credit_workflow.store.mapping.deadline_rows import deadline_row
from credit_workflow.store.reading.reader import Reader
from credit_workflow.store.schema.foundations import broken
from credit_workflow.text import Text

#: The first number that belongs to a part, and the first that no longer does; None where it has no end.
Range = tuple[str, str | None]


class Part(Struct, frozen=True):
    """What was found in a part: its entries, and what the log gives for each sweep (due and done)."""

    events: int
    swept: list[tuple[Tally, Tally]]


class CaseCheck:
    """Holds cases against their logs, a part at a time.

    Args:
        db: the database, open for reading.

    Raises:
        IntegrityFault: what all cases are held against does not fit together itself.
    """

    def __init__(self, db: Reader) -> None:
        self._db = db
        self._certificates, self._outbox, self._versions = Certificates(db), Expected(db), Versions(db)

    def part(self, bounds: Range) -> Part:
        """Check the cases of one part.

        Raises:
            IntegrityFault: something was changed, removed, inserted or re-ordered; it names the first place.
        """
        db = self._db
        stored = {case.number: case for case in db.cases.between(*bounds)}
        roots = db.roots_in(*bounds)
        waiting, done = set(stored), 0
        for number, group in groupby(db.numbered_event_rows(*bounds), key=lambda row: row[1]):
            numbered = list(group)
            if number not in stored:
                message = Text("日志中有此案件，案件表中没有", "the log has it, the table of cases has not")
                raise broken(number, None, message)
            self._case(numbered, stored[number], roots[number])
            done += len(numbered)
            waiting.remove(number)
        if waiting:
            raise broken(min(waiting), None, Text("案件没有日志", "the case has no log"))
        self._outbox.finish(stored.__contains__)
        self._details(stored, bounds)
        return Part(done, self._certificates.taken())

    def finish(self, parts: Iterable[Part], numbers: Callable[[str], bool]) -> None:
        """Check what only all parts together can say.

        Args:
            parts: what was found in all of them.
            numbers: whether there is a case of a number.

        Raises:
            IntegrityFault: a sweep's certificate is not what the log gives, or a notification is nobody's.
        """
        for part in parts:
            self._certificates.include(part.swept)
        self._outbox.finish(lambda number: not numbers(number))
        misstated = self._certificates.misstated()
        if misstated is not None:
            why = Text("{d} 的巡检记录与日志不符", "the certificate of the sweep for {d} is not what the log gives")
            raise broken("sweep", None, why.fill(d=misstated.isoformat()))

    def _case(self, numbered: list[r.Row], stored: Case, root: str) -> None:
        db, number = self._db, stored.number
        chained(db, number, ((row[2], row[1:11], row[11], row[12]) for row in numbered))
        if db.cases.head(number) != (numbered[-1][2], numbered[-1][12]):
            message = Text("日志末尾与案件记载不符", "the log does not end where the case says")
            raise broken(number, numbered[-1][2], message)
        entries = [db.entry(row[1:]) for row in numbered]
        _replayed(number, entries, stored)
        for seq, entry in enumerate(entries, 1):
            if entry.change.notifications:
                self._outbox.check(entry, seq, stored)
        placed = [(row[0], entry) for row, entry in zip(numbered, entries, strict=True)]
        for place, entry in placed:
            self._versions.check(place, entry)
        found = self._certificates.passed_over(placed, db.rules, root)
        if found is not None:
            message = Text("{d} 的巡检漏过了期限 {n}", "the sweep for {d} passed over the deadline {n}")
            raise broken(number, None, message.fill(n=found[0], d=found[1].isoformat()))

    def _details(self, stored: dict[str, Case], bounds: Range) -> None:
        """The columns kept for lists must be those that follow from the definitions."""
        for row in self._db.deadline_rows(*bounds):
            case = stored.get(row[0])
            if case is None or row[1] not in case.deadlines:
                raise broken(str(row[0]), None, Text("多出的期限 {d}", "a deadline too many: {d}").fill(d=row[1]))
            rules = self._db.rules.get(case.definition)
            if rules is None or deadline_row(case.number, case.deadlines[row[1]], rules) != tuple(row):
                message = Text("期限 {d} 与规则不符", "the deadline {d} does not follow its rule")
                raise broken(case.number, None, message.fill(d=row[1]))
        for number, mark in self._db.mark_rows(*bounds):
            if number not in stored:
                raise broken(number, None, Text("多出的标注 {m}", "a mark too many: {m}").fill(m=mark))


def chained(db: Reader, stream: str, rows: Iterable[tuple[int, Sequence[Any], str, str]]) -> None:
    """Recompute a chain.

    Args:
        db: the database that it belongs to.
        stream: a case's number, or the name of a journal's stream.
        rows: each entry's sequence number, what it says, the hash before it, and its own.

    Raises:
        IntegrityFault: an entry is missing, out of order, not linked, or was changed.
    """
    prev = genesis(db.meta["id"], stream)
    for expected, (seq, parts, said_prev, said_hash) in enumerate(rows, 1):
        if seq != expected:
            raise broken(stream, expected, Text("缺少一条或顺序有误", "an entry is missing or out of order"))
        if said_prev != prev:
            raise broken(stream, seq, Text("与上一条不相连", "it is not linked to the one before"))
        prev = link((prev, *r.linked_parts(parts)))
        if prev != said_hash:
            raise broken(stream, seq, Text("内容与其哈希值不符", "its content does not have its hash"))


def _replayed(number: str, entries: list[Entry], stored: Case) -> None:
    try:
        replayed = replay(entries)
    except (CreditWorkflowError, ValueError) as fault:
        raise broken(number, None, Text("日志无法重放：{f}", "the log can't be replayed: {f}").fill(f=fault)) from fault
    if replayed != stored:
        names = [n for n in Case.__struct_fields__ if replayed is None or getattr(replayed, n) != getattr(stored, n)]
        message = Text("案件与其日志不符（{n}）", "the case is not what its log gives ({n})")
        raise broken(number, None, message.fill(n="、".join(names)))


@contextmanager
def checking(url: str, keys: Path, state: Sequence[Any]) -> Iterator[Callable[[Range], Part]]:
    """Check parts in a helper, which looks at one state of the database.

    Args:
        url: the database's.
        keys: where this machine keeps keys.
        state: what `state_of` must be.

    Raises:
        RuntimeError: the helper sees another state: somebody has written meanwhile.
    """
    with Database(url, keys).reading() as db:
        if state_of(db) != state:
            raise RuntimeError("another state of the database")
        yield CaseCheck(db).part


def state_of(db: Reader) -> tuple[Any, ...]:
    """Return what is another one as soon as anything is written that is proved here: every such writing is logged."""
    return tuple(db.log_head(log) for log in ("case_event", "journal_log", "seal_log"))
