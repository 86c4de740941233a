"""Read and write credit records as they stand, and the marks on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from credit_workflow.engine.values import Mark, Record
from credit_workflow.errors import NotFound
from credit_workflow.store.aggregates.subject import Reads, Writes
from credit_workflow.store.mapping import rows as r
from credit_workflow.store.mapping.case_rows import MARKS, mark_of
from credit_workflow.store.reading.conditions import Conditions
from credit_workflow.text import Text

_RECORDS = r.RECORDS.select


class RecordReader(Reads):
    """Finds records."""

    def get(self, no: str) -> Record:
        """Return a record.

        Raises:
            NotFound: there is none of that number.
        """
        record = self._db.made(lambda row: r.record_of(row, self._db.cipher), f"{_RECORDS} WHERE no = ?", no)
        if record is None:
            message = Text("没有信用记录 {n}。可用 record list 查看", "there is no record {n}; see record list")
            raise NotFound(message.fill(n=no), code="no_record")
        return record

    def find(self, *, person: str | None = None, begins: str = "", limit: int | None = None) -> list[Record]:
        """Return records by number.

        Args:
            person: those of this person only (a subject's ``key``).
            begins: those whose number begins so only.
            limit: how many at most; any of them.
        """
        wanted = Conditions()
        if person is not None:
            wanted.equal(subject_key=self._db.cipher.keyed(person))
        if begins:
            wanted.begins("no", begins)
        if limit is not None:
            wanted.add("no IN (SELECT no FROM credit_record LIMIT ?)", limit)
        found = self._db.plain.execute(f"{_RECORDS} {wanted.where} ORDER BY no", wanted.values)
        return [r.record_of(row, self._db.cipher) for row in found]

    def known(self, numbers: Sequence[str]) -> dict[str, Record]:
        """Return those of the records that exist, by number."""
        return {row[0]: r.record_of(row, self._db.cipher) for row in self._db.among(_RECORDS, "no", numbers)}

    def marks_on(self, record: str) -> list[tuple[str, Mark]]:
        """Return every mark that a record ever had, with the case that placed it, oldest first."""
        found = self._db.plain.execute(f"{MARKS.select} WHERE record = ? ORDER BY placed, case_no", (record,))
        return [(row[0], mark_of(row, self._db.cipher)) for row in found]


class RecordWriter(Writes, RecordReader):
    """Writes records."""

    def put(self, records: Sequence[Record], known: Mapping[str, Record]) -> None:
        """Write records, new ones and those in ``known`` with new values."""
        cipher = self._db.cipher
        new = [r.record_row(record, cipher) for record in records if record.no not in known]
        old = [r.record_row(record, cipher) for record in records if record.no in known]
        self._within.rows.add("credit_record", new)
        self._within.rows.change("credit_record", r.RECORDS.columns, [(*row, row[0]) for row in old])
