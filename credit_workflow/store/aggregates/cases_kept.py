"""Read cases and their log."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from credit_workflow.casework.criteria import CaseQuery
from credit_workflow.casework.journal.entry import ALWAYS
from credit_workflow.engine.values import SYSTEM, Case, Entry
from credit_workflow.engine.world import Recorded
from credit_workflow.errors import NotFound
from credit_workflow.store.aggregates.subject import Reads
from credit_workflow.store.mapping import rows as r
from credit_workflow.store.mapping.case_rows import CASES, MARKS, case_of
from credit_workflow.store.mapping.deadline_rows import DEADLINE_VALUES
from credit_workflow.store.mapping.shape import instant_text
from credit_workflow.store.reading.conditions import Conditions
from credit_workflow.store.reading.opened import Opened, chunks
from credit_workflow.text import Text

if TYPE_CHECKING:  # the statistics alone need them
    from credit_workflow.casework.statistics.case_lines import CaseLine

_DEADLINES = f"SELECT {', '.join(DEADLINE_VALUES)} FROM case_deadline"
_ROOT = "SELECT root FROM case_file WHERE number = ?"
_EVENTS = f"SELECT {', '.join(r.EVENT_COLUMNS)} FROM case_event"

#: A case's family, and the cases whose records or whose workflow and person are those of one in it.
_RELATED = """
WITH family AS (SELECT * FROM case_file WHERE root = (SELECT root FROM case_file WHERE number = ?)),
related AS (
    SELECT number FROM family
    UNION SELECT other.number FROM case_file other JOIN family ON other.record = family.record AND family.record <> ''
    UNION SELECT other.number FROM case_file other JOIN family
        ON other.workflow = family.workflow AND other.subject_key = family.subject_key
        AND family.record IN ('', other.record)
)
"""
#: The cases at the top of those that are open, or have a deadline that runs; accounts' are left out.
_GOING_ON = (
    "SELECT DISTINCT root FROM case_file WHERE subject_kind <> 'account' AND (NOT final OR number IN"
    " (SELECT case_no FROM case_deadline WHERE status = 'running')) ORDER BY root"
)


class CaseReader(Reads):
    """Finds cases and their log entries.

    Args:
        db: the open database.
    """

    def __init__(self, db: Opened) -> None:
        super().__init__(db)
        #: The sequence number and hash of the newest entry of each case read so far.
        self._heads: dict[str, tuple[int, str]] = {}

    def get(self, number: str) -> Case:
        """Return a case.

        Raises:
            NotFound: there is none of that number.
        """
        found = self._found("WHERE number = ?", (number,))
        if not found:
            message = Text("没有案件 {n}。可用 case list 查看全部案件", "there is no case {n}; see case list")
            raise NotFound(message.fill(n=number), code="no_case")
        return found[0]

    def find(self, query: CaseQuery = CaseQuery()) -> list[Case]:  # noqa: B008 - it is frozen
        """Return the cases wanted, oldest first."""
        narrowed = _narrowed(query, self._db)
        where, values = narrowed.where, narrowed.values
        if query.newest is not None:
            where = f"WHERE number IN (SELECT number FROM case_file {where} ORDER BY opened DESC, number DESC LIMIT ?)"
            values.append(query.newest)
        limit = "" if query.oldest is None else f" LIMIT {query.oldest:d}"
        return self._found(f"{where} ORDER BY opened, number{limit}", values)

    def between(self, first: str, end: str | None) -> list[Case]:
        """Return the cases from a number on, and before another where there is one."""
        bounds = Conditions().between("number", first, end)
        return self._found(bounds.where, bounds.values)

    def version(self, number: str) -> int | None:
        """Return a case's version, or None where there is no such case."""
        found: int | None = self._db.first("SELECT version FROM case_file WHERE number = ?", number)
        return found

    def family(self, number: str) -> dict[str, Case]:
        """Return a case with all that are linked to it, by number; empty where there is none."""
        root = self._db.first(_ROOT, number)
        return {} if root is None else self.families([root])[root]

    def families(self, roots: Sequence[str], *, unopened: bool = False) -> dict[str, dict[str, Case]]:
        """Return the linked cases under each of the roots, by number.

        Args:
            roots: the cases at the top of their links.
            unopened: leave what is encrypted to be opened when it is asked for (`case_rows.case_of`).

        Raises:
            IntegrityFault: a row can't be read.
        """
        found: dict[str, dict[str, Case]] = {root: {} for root in roots}
        for chunk in chunks(roots):
            among, values = self._db.dialect.among("root", chunk)
            for root, case in self._rooted(f"WHERE {among}", values, unopened=unopened):
                found[root][case.number] = case
        return found

    def going_on(self) -> list[str]:
        """Return the cases at the top of those that are open or owe something still; accounts' are left out."""
        return self._db.column(_GOING_ON)

    def earlier(self, case: Case) -> tuple[Case, ...]:
        """Return the cases of the same workflow, person and record that were filed before it, oldest first.

        Where it has no record, those of any.
        """
        key, opened = self._db.cipher.keyed(case.subject.key), case.opened.isoformat()
        record, its = ("AND record = ?", (case.record,)) if case.record else ("", ())
        found = self._found(
            f"WHERE workflow = ? AND subject_key = ? {record}"
            " AND (opened, length(number), number) < (?, length(?), ?) ORDER BY opened, number",
            (case.workflow, key, *its, opened, case.number, case.number),
        )
        return tuple(found)

    def children(self, numbers: Sequence[str]) -> dict[str, list[str]]:
        """Return the numbers of the cases whose parents are these, by parent."""
        found: dict[str, list[str]] = {}
        sql = "SELECT parent, number FROM case_file"
        for parent, number in self._db.among(sql, "parent", numbers, " ORDER BY number"):
            found.setdefault(parent, []).append(number)
        return found

    def root_of(self, number: str) -> str:
        """Return the number of the case at the top of a case's links."""
        return str(self._db.first(_ROOT, number))

    def lines(
        self,
        *,
        moving: Collection[str],
        said: Collection[str],
        workflow: str | None = None,
        units: Sequence[str] | None = None,
    ) -> Iterator[CaseLine]:
        """Return the cases for the statistics (`figures.case_lines`)."""
        from credit_workflow.store.reading.figure_reader import (  # noqa: PLC0415 - the statistics alone need them
            case_lines,
        )

        return case_lines(self._db, moving=moving, said=said, workflow=workflow, units=units)

    def count(self) -> int:
        """Return how many cases there are."""
        return self._db.count("case_file")

    def series(self) -> list[tuple[str, int, int]]:
        """Return the last serial number of each workflow and year."""
        return self._db.table("number_series").fetchall()

    # -- their log

    def entry(self, case: str, seq: int) -> Entry | None:
        """Return one entry of a case by its place in the case's log, or None."""
        sql = f"{_EVENTS} WHERE case_no = ? AND seq = ?"
        return self._db.made(lambda row: r.entry_of(row, self._db.cipher), sql, case, seq)

    def entries(self, case: str) -> list[tuple[int, str, Entry]]:
        """Return a case's entries in their order, each with its sequence number and hash."""
        found = self._db.plain.execute(f"{_EVENTS} WHERE case_no = ? ORDER BY seq", (case,))
        return [(row[1], row[11], r.entry_of(row, self._db.cipher)) for row in found]

    def history(self, number: str) -> list[Recorded]:
        """Return all entries of a case, of those it is linked to and of others about their records and people.

        In the order of the log.
        """
        related = "case_no IN (SELECT number FROM related)"
        found = self._db.plain.execute(f"{_RELATED} {_EVENTS} WHERE {related} ORDER BY id", (number,))
        return [Recorded(seq=row[1], entry=r.entry_of(row, self._db.cipher)) for row in found]

    def with_action(self, action: str) -> frozenset[str]:
        """Return the numbers of the cases whose log has an entry of an action."""
        return frozenset(self._db.column("SELECT DISTINCT case_no FROM case_event WHERE action = ?", action))

    def entries_kept(self) -> int:
        """Return how many entries the log of the cases has."""
        return self._db.log_head("case_event")[0]

    def roots_between(self, after: int, last: int) -> set[str]:
        """Return the roots of the cases that some entries of the log are about.

        Args:
            after: the last entry before them.
            last: the last one of them.
        """
        sql = "SELECT DISTINCT c.root FROM case_event AS e JOIN case_file AS c ON c.number = e.case_no"
        return set(self._db.column(f"{sql} WHERE e.id > ? AND e.id <= ?", after, last))

    def by_system(self, after: int, at: datetime, first: date) -> list[tuple[int, Entry]]:
        """Return what the system recorded, in the order of the log, each entry with its number in its case.

        Args:
            after: after this entry of the log only.
            at: later than at this instant only.
            first: as of this day or a later one only.
        """
        sql = f"{_EVENTS} WHERE actor = ? AND id > ? AND at > ? AND effective >= ? ORDER BY id"
        found = self._db.plain.execute(sql, (SYSTEM, after, instant_text(at), first.isoformat()))
        return [(row[1], r.entry_of(row, self._db.cipher)) for row in found]

    def later_than(self, at: datetime, after: int, through: int) -> set[tuple[str, int]]:
        """Return (case, seq) of the entries of later instants, among those after one and through another."""
        sql = "SELECT case_no, seq FROM case_event WHERE id > ? AND id <= ? AND at > ?"
        return set(self._db.plain.execute(sql, (after, through, instant_text(at))).fetchall())

    def head(self, number: str) -> tuple[int, str]:
        """Return the sequence number and hash of a case's newest entry."""
        known = self._heads.get(number)
        if known is None:
            sql = "SELECT head_seq, head_hash FROM case_file WHERE number = ?"
            known = self._heads[number] = tuple(self._db.plain.execute(sql, (number,)).fetchone())
        return known

    def note_heads(self, heads: Mapping[str, tuple[int, str]]) -> None:
        """Remember where the chains of some cases end now."""
        self._heads.update(heads)

    # -- inside

    def _found(self, where: str, values: Sequence[Any]) -> list[Case]:
        return [case for _, case in self._rooted(where, values)]

    def _rooted(self, where: str, values: Sequence[Any], *, unopened: bool = False) -> Iterator[tuple[str, Case]]:
        db = self._db
        rows = db.plain.execute(f"{CASES.select} {where}", values).fetchall()
        for chunk in chunks(rows):
            numbers = [row[0] for row in chunk]
            deadlines = r.by_first(db.among(_DEADLINES, "case_no", numbers))
            marks = r.by_first(db.among(MARKS.select, "case_no", numbers))
            for row in chunk:
                self._heads[row[0]] = (row[-2], row[-1])
                case = case_of(row, deadlines.get(row[0], ()), marks.get(row[0], ()), db.cipher, unopened=unopened)
                self._known_to_its_rules(case)
                yield row[1], case

    def _known_to_its_rules(self, case: Case) -> None:
        """Refuse a case whose state or deadlines its definition does not have: its row was changed."""
        rules = self._db.rules.get(case.definition)
        if rules is None:
            raise r.damaged(case.number, ValueError("its definition is not there"))
        if case.state not in rules.workflow.states:
            raise r.damaged(case.number, ValueError(f"there is no state {case.state}"))
        if not case.deadlines.keys() <= rules.workflow.deadlines.keys():
            raise r.damaged(case.number, ValueError("it has a deadline that its definition does not have"))


def _narrowed(query: CaseQuery, db: Opened) -> Conditions:
    """Return the conditions that a query means."""
    found = Conditions().equal(workflow=query.workflow, state=query.state, record=query.record)
    if query.person is not None:
        found.equal(subject_key=db.cipher.keyed(query.person))
    if query.units is not None:
        among, units = db.dialect.among("unit", query.units)
        found.add(among, *units)
    if query.begins is not None:
        found.begins("number", query.begins)
    if query.part is not None:
        found.has("number", query.part)
    if query.after is not None:
        found.add("(opened, number) > (?, ?)", query.after[0].isoformat(), query.after[1])
    for asked, part in (
        (query.open_only, "NOT final"), (query.top_only, "parent IS NULL"),
        (query.no_accounts, "subject_kind <> 'account'"),
    ):  # fmt: skip
        if asked:
            found.add(part)
    since, before = (None if day is None else day.isoformat() for day in (query.since, query.before))
    found.compared(">=", opened=since).compared("<", opened=before)
    if query.acted is not None or query.during != ALWAYS:
        acted = Conditions().add("e.case_no = number").during(query.during, query.acted)
        found.add(f"EXISTS (SELECT 1 FROM case_event AS e {acted.where})", *acted.values)
    return found
