"""Index the second log by what its entries are about; check the index, or make it where there is none."""

from __future__ import annotations

from credit_workflow.casework.journal.entry import Line, Said
from credit_workflow.casework.sweep.certificates import Tally
from credit_workflow.store.backend import Rows
from credit_workflow.store.mapping import rows as r
from credit_workflow.store.reading.reader import Reader
from credit_workflow.store.schema.foundations import broken
from credit_workflow.text import Text

_CHUNK = 5_000


class Index:
    """Counts what the index must hold by the log; a part of the proof behind ``audit verify``.

    Args:
        db: the database, open for reading.
    """

    def __init__(self, db: Reader) -> None:
        self._db = db
        self._wanted = Tally()

    def note(self, line: Line[Said]) -> None:
        """Count an entry of the second log."""
        for key, place in index_rows(self._db, line):
            self._wanted.add(key, str(place))

    def check(self) -> None:
        """Hold the index against the entries that were noted, which are all.

        Raises:
            IntegrityFault: it leaves an entry out, or names one that is about something else.
        """
        if not self._db.journal.indexed:
            return
        found = Tally()
        for key, place in self._db.table("journal_about"):
            found.add(key, str(place))
        if found != self._wanted:
            raise broken("journal_about", None, Text("索引与日志不符", "the index is not what the log gives"))


def index_rows(db: Reader, line: Line[Said]) -> list[tuple[str, int]]:
    """Return the rows (`columns.JOURNAL_ABOUT`) of an entry."""
    return [(r.about_key(one, db.cipher), line.place) for one in line.said.about]


def make_index(db: Reader, target: Rows) -> None:
    """Write the index of a database that has none, to where its log was carried over.

    Args:
        db: the database, open for reading.
        target: writes rows there.
    """
    rows: list[tuple[str, int]] = []
    for line in db.journal.everything():
        rows += index_rows(db, line)
        if len(rows) >= _CHUNK:
            target.add("journal_about", rows)
            rows.clear()
    target.add("journal_about", rows)
