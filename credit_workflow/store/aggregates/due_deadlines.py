"""Find what is due, overdue, or to be counted again; a sweep claims what it works on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from credit_workflow.casework.criteria import OverdueDuty
from credit_workflow.store.aggregates.subject import Reads
from credit_workflow.store.mapping.shape import Shape
from credit_workflow.store.reading.opened import Opened

if TYPE_CHECKING:
    from credit_workflow.casework.ports import Claim
    from credit_workflow.store.aggregates.case_writing import CaseWriter

#: The due date and the case of a deadline: where a page of due ones ends.
DuePlace = tuple[str, str]
_OF_CASES = "case_deadline AS d JOIN case_file AS c ON c.number = d.case_no"
_DUE = (
    f"SELECT c.root, d.due, d.case_no FROM {_OF_CASES}"
    " WHERE d.pending AND d.due < ? AND NOT (d.provisional AND d.late = 'lapsed')"
)
_DUTIES = Shape(
    _OF_CASES,
    OverdueDuty,
    ("c.number", "c.workflow", "c.definition", "c.state", "c.unit", "c.waits_for", "d.id", "d.kind", "d.owed_by",
     "d.due", "d.provisional"),
    number="case",
    id="deadline",
    c="case_file",
    d="case_deadline",
)  # fmt: skip


class DueReader(Reads):
    """Finds deadlines by their due dates."""

    def page(self, today: date, after: DuePlace | None, limit: int) -> tuple[list[str], DuePlace | None]:
        """Return the roots of cases with a passing to record by ``today``, a page at a time.

        Args:
            today: the day by which it came true.
            after: where the page before ended, None for the first.
            limit: how many deadlines to a page.

        Returns:
            The roots, each once, and where the page ends; None where there was nothing. A date
            that is provisional and would end a right is left out.
        """
        due, case = after or ("", "")
        found = self._db.plain.execute(
            f"{_DUE} AND (d.due, d.case_no) > (?, ?) ORDER BY d.due, d.case_no LIMIT ?",
            (today.isoformat(), due, case, limit),
        ).fetchall()
        return list(dict.fromkeys(row[0] for row in found)), (found[-1][1], found[-1][2]) if found else None

    def moved_roots(self, today: date) -> list[str]:
        """Return the roots of cases that time has moved by ``today``, flags on duties aside."""
        return list(dict.fromkeys(self._db.column(f"{_DUE} AND d.late <> 'overdue'", today.isoformat())))

    def stale_roots(self, edition: str, *, after: str = "", limit: int) -> list[str]:
        """Return the roots of cases with a running deadline of another edition of the calendar."""
        return self._db.column(
            f"SELECT DISTINCT c.root FROM {_OF_CASES} WHERE d.status = 'running' AND d.edition <> ? AND c.root > ?"
            " ORDER BY c.root LIMIT ?",
            edition,
            after,
            limit,
        )

    def ended_roots(self, first: date, last: date) -> list[str]:
        """Return the roots of cases with a deadline whose passing ended it, and into whose time some days fall.

        Args:
            first: the first of those days.
            last: the last of them.
        """
        found = self._db.plain.execute(
            "SELECT DISTINCT c.root FROM case_deadline AS d JOIN case_file AS c ON c.number = d.case_no"
            " WHERE d.status IN ('lapsed', 'met') AND d.flagged IS NOT NULL AND d.starts < ? AND d.due >= ?"
            " ORDER BY c.root",
            (last.isoformat(), first.isoformat()),
        )
        return [row[0] for row in found]

    def lines(self, today: date) -> Iterable[tuple[str, str, str]]:
        """Return (case, deadline, due) of each deadline with a passing to record by ``today``."""
        sql = "SELECT case_no, id, due FROM case_deadline"
        where = "WHERE pending AND due < ? AND NOT (provisional AND late = 'lapsed')"
        return self._db.plain.execute(f"{sql} {where}", (today.isoformat(),))

    def lines_by_rule(self, today: date) -> Iterable[tuple[str, str, str, str, str]]:
        """Return the same, each with the day as of which it has passed, and the digest of its case's definition."""
        found = self._db.plain.execute(
            "SELECT d.case_no, d.id, d.due, d.resumed, c.definition"
            " FROM case_deadline AS d JOIN case_file AS c ON c.number = d.case_no"
            " WHERE d.pending AND d.due < ? AND NOT (d.provisional AND d.late = 'lapsed')",
            (today.isoformat(),),
        )
        for case, name, due, resumed, definition in found:
            after = (date.fromisoformat(due) + timedelta(days=1)).isoformat()
            yield case, name, due, max(after, resumed or after), definition

    def waiting_for_notice(self, today: date) -> list[tuple[str, str, str]]:
        """Return (case, deadline, due) where a right would end, but by a provisional date."""
        found = self._db.plain.execute(
            "SELECT case_no, id, due FROM case_deadline"
            " WHERE pending AND due < ? AND provisional AND late = 'lapsed' ORDER BY due, case_no",
            (today.isoformat(),),
        )
        return [tuple(row) for row in found]

    def overdue(self, today: date, kind: str | None = None) -> list[OverdueDuty]:
        """Return the running duties past their last day, longest first; of one kind, or all."""
        of_kind, asked = ("", ()) if kind is None else (" AND d.kind = ?", (kind,))
        found = self._db.plain.execute(
            f"{_DUTIES.select} WHERE d.status = 'running' AND d.due < ? AND d.late = 'overdue'{of_kind}"
            " ORDER BY d.due, c.number, d.id",
            (today.isoformat(), *asked),
        )
        return [_DUTIES.of(row) for row in found]


class DueClaimer(DueReader):
    """Claims what a sweep works on.

    Args:
        db: the open database.
        cases: writes the cases.
    """

    def __init__(self, db: Opened, cases: CaseWriter) -> None:
        super().__init__(db)
        self._cases = cases

    def claim(self, today: date, after: DuePlace | None, limit: int, claim: Claim) -> tuple[list[str], DuePlace | None]:
        """Return the roots of cases with a passing to record, which are this transaction's alone from now on.

        Args:
            today: the day by which it came true.
            after: where the page before ended, None for the first.
            limit: how many deadlines to a page.
            claim: what to do about those that others work on.

        Returns:
            The roots, each once, and where the page ends; None where there was nothing more.
        """
        roots, place = self.page(today, after, limit)
        return self._cases.claim(roots, claim), place
