"""Write cases and their log: the rows of one or many outcomes at once, table by table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from credit_workflow.casework.ports import Claim
from credit_workflow.engine.effects.record_lookups import record_known
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import Case, Entry
from credit_workflow.engine.world import Outcome
from credit_workflow.errors import Conflict
from credit_workflow.store.aggregates.account_rows import AccountWriter
from credit_workflow.store.aggregates.cases_kept import CaseReader
from credit_workflow.store.aggregates.journal_kept import JournalWriter
from credit_workflow.store.aggregates.records_kept import RecordWriter
from credit_workflow.store.aggregates.subject import Writes
from credit_workflow.store.mapping import rows as r
from credit_workflow.store.mapping.batch import Batch, Gathered, unpacked
from credit_workflow.store.mapping.case_rows import FILLED_COLUMNS, MOVED_COLUMNS
from credit_workflow.store.mapping.chain import link
from credit_workflow.store.reading.opened import Opened
from credit_workflow.store.writing.transaction import Transaction
from credit_workflow.text import Text


class CaseWriter(Writes, CaseReader):
    """Reads and writes cases. What is decided upon stays as it was read: others wait, where others can write at all.

    Args:
        db: the open database.
        within: the transaction.
        records: writes what cases change in records.
        accounts: writes what cases change in accounts.
        journal: writes what the logs of records say.
    """

    def __init__(
        self, db: Opened, within: Transaction, records: RecordWriter, accounts: AccountWriter, journal: JournalWriter
    ) -> None:
        super().__init__(db, within)
        self._records = records
        self._accounts = accounts
        self._journal = journal
        #: The roots of the families that are this transaction's already.
        self._claimed: set[str] = set()

    def get(self, number: str) -> Case:
        """Return a case, as `CaseReader.get`, and keep others from changing it."""
        self._db.dialect.lock_family_of(self._db.plain, number)
        return super().get(number)

    def families(self, roots: Sequence[str], *, unopened: bool = False) -> dict[str, dict[str, Case]]:
        """Return linked cases, as `CaseReader.families`, and keep others from changing them."""
        self._db.dialect.lock_families(self._db.plain, [root for root in roots if root not in self._claimed])
        return super().families(roots, unopened=unopened)

    def claim(self, roots: Sequence[str], claim: Claim) -> list[str]:
        """Return those of the roots whose families are this transaction's alone from now on.

        Args:
            roots: the cases at the top of the families.
            claim: what to do about those that others work on.
        """
        claimed = self._db.dialect.claim(self._db.plain, roots, claim)
        self._claimed.update(claimed)
        return claimed

    def keep(self, before: Mapping[str, Case], outcomes: Iterable[Outcome]) -> tuple[int, int]:
        """Write what the outcomes of one or many decisions changed.

        Args:
            before: the cases as they were read, by number; new ones are not among them.
            outcomes: what was decided upon them, no case in two of them.

        Returns:
            How many entries the log of the cases had, and has now.

        Raises:
            Conflict: a case is not in the version in which it was read.
            Refused: a record that is to be made exists already.
        """
        batch = Batch(self._db, self, before)
        for outcome in outcomes:
            batch.add(outcome)
        return self._write(batch.rows)

    def keep_rows(self, rows: bytes) -> tuple[int, int]:
        """Write the rows of decisions that were made in another process, and packed there; return as `keep` does.

        Raises:
            Conflict, Refused: as `keep`.
        """
        return self._write(unpacked(rows))

    def refuse(self, entry: Entry) -> None:
        """Add a refusal to a case's log; its version stays."""
        seq, prev = self.head(entry.case)
        parts = r.event_parts(entry, seq + 1, self._db.cipher)
        hash_ = link((prev, *r.linked_parts(parts)))
        self.append_events([(*parts, prev, hash_)])
        self.note_heads({entry.case: (seq + 1, hash_)})
        self._within.rows.change("case_file", ("head_seq", "head_hash"), [(seq + 1, hash_, entry.case)])

    def append_events(self, rows: Sequence[Sequence[Any]]) -> tuple[int, int]:
        """Add rows (`EVENT_COLUMNS`) to the log of the cases; return how many it had, and has now."""
        return self._within.append("case_event", rows)

    def next_number(self, rules: Rules, year: int) -> str:
        """Return the next number for a case of a workflow, and count it as given out."""
        last = self._db.first("SELECT last FROM number_series WHERE workflow = ? AND year = ?", rules.id, year)
        serial = 1 if last is None else int(last) + 1
        self._within.rows.upsert("number_series", [(rules.id, year, serial)])
        return rules.workflow.number_for(year, serial)

    def _write(self, rows: Gathered) -> tuple[int, int]:
        """Write all that was gathered, each table in the order of its key, which is the order that it lies in."""
        for number in self._records.known([record.no for record in rows.created]):
            raise record_known(number)
        self._records.put(rows.created, {})
        for sorting, key in (
            (rows.moved_cases, -2),
            (rows.filled_cases, -2),
            (rows.deadlines, 0),
            (rows.marks, 0),
            (rows.outbox, 0),
        ):
            sorting.sort(key=itemgetter(key))
        write = self._within.rows
        write.add("case_file", rows.new_cases)
        self._update(MOVED_COLUMNS, rows.moved_cases)
        self._update(MOVED_COLUMNS + FILLED_COLUMNS, rows.filled_cases)
        write.remove("case_deadline", rows.gone_deadlines)
        write.remove("record_mark", rows.gone_marks)
        write.upsert("case_deadline", rows.deadlines)
        write.upsert("record_mark", rows.marks)
        self._records.put(rows.records, {record.no: record for record in rows.records})
        write.add("outbox", rows.outbox)
        self._accounts.put(list(rows.accounts.values()))
        # The logs come last: whoever adds to them keeps all others from it until the end.
        made = self.append_events(rows.events)
        self._journal.add_rows(rows.record_log)
        return made

    def _update(self, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
        """Write some columns of cases, each row ending in its number and the version it had."""
        met = self._within.rows.change("case_file", columns, rows, ("number", "version"))
        if met != len(rows):
            raise Conflict(
                Text(
                    "案件刚被他人改动，没有写入任何内容。请重新查看后再办理",
                    "somebody else has just changed the case; nothing was written: look at it again",
                )
            )
