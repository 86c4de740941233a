"""Reading from the database: plain SQL over a plain connection, so that it starts fast.

Nothing here imports SQLAlchemy, SQLModel or pydantic. The writer reads through it too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from credit_workflow.casework.ports import Credential, Notice, SignedIn
from credit_workflow.definition.library import from_body
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import Actor, Case, Mark, Record
from credit_workflow.errors import NotFound
from credit_workflow.store.mapping import rows as r
from credit_workflow.store.mapping.case_rows import case_of, mark_of
from credit_workflow.store.mapping.deadline_rows import DEADLINE_VALUES
from credit_workflow.store.mapping.outbox_rows import COLUMNS as OUTBOX_COLUMNS
from credit_workflow.store.mapping.outbox_rows import notice_of
from credit_workflow.store.reading.figure_reader import FigureReader
from credit_workflow.store.reading.log_reader import Connection
from credit_workflow.text import Text

if TYPE_CHECKING:
    from credit_workflow.store.backend import Dialect

_CHUNK = 500
#: The due date and the case of a deadline: where a page of due ones ends.
DuePlace = tuple[str, str]
_DUE = (
    "SELECT c.root, d.due, d.case_no FROM case_deadline AS d JOIN case_file AS c ON c.number = d.case_no"
    " WHERE d.pending AND d.due < ? AND NOT (d.provisional AND d.late = 'lapsed')"
)
_CASES = f"SELECT {', '.join(r.CASE_COLUMNS)} FROM case_file"
_DEADLINES = f"SELECT {', '.join(DEADLINE_VALUES)} FROM case_deadline"
_MARKS = f"SELECT {', '.join(r.MARK_COLUMNS)} FROM record_mark"
_OUTBOX = f"SELECT {', '.join(OUTBOX_COLUMNS)} FROM outbox"
_RECORDS = f"SELECT {', '.join(r.RECORD_COLUMNS)} FROM credit_record"


#: Definitions made ready to run, by digest: their texts are long, and not read again for each transaction.
_KNOWN: dict[str, Rules] = {}


class Reader(FigureReader):
    """Finds cases, records, accounts and log entries.

    Args:
        connection: an open connection; the reader does not close it.
        dialect: what differs in its statements.
        keys: where this machine keeps the keys of its databases.
    """

    def __init__(self, connection: Connection, dialect: Dialect, keys: Path) -> None:
        super().__init__(connection, dialect, keys)
        #: The sequence number and hash of the newest entry of each case read so far.
        self._heads: dict[str, tuple[int, str]] = {}

    @property
    def training(self) -> bool:
        """Whether the database is for practice."""
        return self.meta["kind"] == "training"

    def newest(self) -> datetime | None:
        """Return the instant of the newest log entry; what setting up wrote does not count.

        Entries are recorded in the order of time, so the newest is the last one of each log.
        """
        (newest,) = self._db.execute(
            "SELECT max(at) FROM (SELECT at FROM case_event WHERE id = (SELECT max(id) FROM case_event)"
            " UNION ALL SELECT at FROM journal_log WHERE id = (SELECT max(id) FROM journal_log)"
            " AND stream <> 'setup') AS newest"
        ).fetchone()
        return None if newest is None else r.instant_of(newest)

    # -- accounts and definitions

    def account(self, name: str) -> Actor | None:
        """Return an active account, or None."""
        row = self._db.execute(
            "SELECT name, roles, unit FROM account WHERE name = ? AND status = 'active'", (name,)
        ).fetchone()
        return None if row is None else Actor(account=row[0], roles=frozenset(row[1].split(",")), unit=row[2])

    def accounts(self) -> list[Actor]:
        """Return all active accounts by name."""
        rows = self._db.execute("SELECT name, roles, unit FROM account WHERE status = 'active' ORDER BY name")
        return [Actor(account=n, roles=frozenset(roles.split(",")), unit=unit) for n, roles, unit in rows]

    def account_cases(self) -> dict[str, str | None]:
        """Return the case of every account's life, by the account's name."""
        return dict(self._db.execute("SELECT name, case_no FROM account ORDER BY name").fetchall())

    def account_list(self) -> list[dict[str, Any]]:
        """Return every account that ever was, by name."""
        rows = self._db.execute("SELECT name, unit, roles, status, case_no FROM account ORDER BY name")
        return [
            {"account": name, "unit": unit, "roles": roles.split(","), "status": status, "case": case}
            for name, unit, roles, status, case in rows
        ]

    def credential(self, name: str) -> Credential | None:
        """Return how an account signs in, or None."""
        row = self._db.execute(
            "SELECT name, password, earlier, must_change, failures, locked_until FROM credential WHERE name = ?",
            (name,),
        ).fetchone()
        return None if row is None else r.credential_of(row)

    def signed_in(self, token: str) -> SignedIn | None:
        """Return who is signed in with a token, given its SHA-256, or None."""
        row = self._db.execute("SELECT token, account, began, used FROM sign_in WHERE token = ?", (token,)).fetchone()
        return None if row is None else r.signed_in_of(row)

    @cached_property
    def rules(self) -> dict[str, Rules]:
        """Every definition that ever ran here, by digest."""
        digests = [digest for (digest,) in self._db.execute("SELECT digest FROM definition ORDER BY workflow, version")]
        found = {digest: _KNOWN[digest] for digest in digests if digest in _KNOWN}
        if len(found) < len(digests):
            found = {d: _rules(d, body) for d, body in self._db.execute("SELECT digest, body FROM definition")}
        return {digest: found[digest] for digest in digests}

    def definition_digest(self, workflow: str, version: int) -> str | None:
        """Return the digest under which a version of a workflow is kept here."""
        row = self._db.execute(
            "SELECT digest FROM definition WHERE workflow = ? AND version = ?", (workflow, version)
        ).fetchone()
        return None if row is None else str(row[0])

    # -- cases

    def case(self, number: str) -> Case:
        """Return a case.

        Raises:
            NotFound: there is none of that number.
        """
        found = self._cases("WHERE number = ?", (number,))
        if not found:
            message = Text("没有案件 {n}。可用 case list 查看全部案件", "there is no case {n}; see case list")
            raise NotFound(message.fill(n=number), code="no_case")
        return found[0]

    def version(self, number: str) -> int | None:
        """Return a case's version, or None where there is no such case."""
        row = self._db.execute("SELECT version FROM case_file WHERE number = ?", (number,)).fetchone()
        return None if row is None else int(row[0])

    def family(self, number: str) -> dict[str, Case]:
        """Return a case with all that are linked to it, by number; empty where there is none."""
        row = self._db.execute("SELECT root FROM case_file WHERE number = ?", (number,)).fetchone()
        return {} if row is None else self.families([row[0]])[row[0]]

    def families(self, roots: Sequence[str], *, unopened: bool = False) -> dict[str, dict[str, Case]]:
        """Return the linked cases under each of the roots, by number.

        Args:
            roots: the cases at the top of their links.
            unopened: leave what is sealed to be opened when it is asked for (`caserows.case_of`).

        Raises:
            IntegrityFault: a row can't be read.
        """
        found: dict[str, dict[str, Case]] = {root: {} for root in roots}
        for chunk in _chunks(roots):
            among, values = self._dialect.among("root", chunk)
            for root, case in self._rooted(f"WHERE {among}", values, unopened=unopened):
                found[root][case.number] = case
        return found

    def cases(self, where: str = "", values: Sequence[Any] = ()) -> list[Case]:
        """Return cases by a condition on ``case_file``, oldest first."""
        return self._cases(f"{where} ORDER BY opened, number", values)

    def earlier(self, case: Case) -> tuple[Case, ...]:
        """Return the cases of the same workflow, person and record that were filed before it, oldest first."""
        found = self.cases(
            "WHERE workflow = ? AND subject_key = ? AND record = ?"
            " AND (opened, length(number), number) < (?, length(?), ?)",
            (
                case.workflow,
                self.keyed(case.subject.key),
                case.record,
                case.opened.isoformat(),
                case.number,
                case.number,
            ),
        )
        return tuple(found)

    def children(self, numbers: Sequence[str]) -> dict[str, list[str]]:
        """Return the numbers of the cases whose parents are these, by parent."""
        found: dict[str, list[str]] = {}
        for chunk in _chunks(numbers):
            among, values = self._dialect.among("parent", chunk)
            sql = f"SELECT parent, number FROM case_file WHERE {among} ORDER BY number"
            for parent, number in self._db.execute(sql, values).fetchall():
                found.setdefault(parent, []).append(number)
        return found

    def root_of(self, number: str) -> str:
        """Return the number of the case at the top of a case's links."""
        return str(self._db.execute("SELECT root FROM case_file WHERE number = ?", (number,)).fetchone()[0])

    def head(self, number: str) -> tuple[int, str]:
        """Return the sequence number and hash of a case's newest entry."""
        known = self._heads.get(number)
        if known is None:
            sql = "SELECT head_seq, head_hash FROM case_file WHERE number = ?"
            row = self._db.execute(sql, (number,)).fetchone()
            known = self._heads[number] = (int(row[0]), str(row[1]))
        return known

    def note_heads(self, heads: Mapping[str, tuple[int, str]]) -> None:
        """Remember where the chains of some cases end now."""
        self._heads.update(heads)

    def _cases(self, where: str, values: Sequence[Any]) -> list[Case]:
        return [case for _, case in self._rooted(where, values)]

    def _rooted(self, where: str, values: Sequence[Any], *, unopened: bool = False) -> Iterator[tuple[str, Case]]:
        rows = self._db.execute(f"{_CASES} {where}", values).fetchall()
        for chunk in _chunks(rows):
            numbers = [row[0] for row in chunk]
            among, inside = self._dialect.among("case_no", numbers)
            deadlines = r.by_first(self._db.execute(f"{_DEADLINES} WHERE {among}", inside).fetchall())
            marks = r.by_first(self._db.execute(f"{_MARKS} WHERE {among}", inside).fetchall())
            for row in chunk:
                self._heads[row[0]] = (row[-2], row[-1])
                case = case_of(row, deadlines.get(row[0], ()), marks.get(row[0], ()), self.cipher, unopened=unopened)
                self._known_to_its_rules(case)
                yield row[1], case

    def _known_to_its_rules(self, case: Case) -> None:
        """Refuse a case whose state or deadlines its definition does not have: its row was changed."""
        rules = self.rules.get(case.definition)
        if rules is None:
            raise r.damaged(case.number, ValueError("its definition is not there"))
        if case.state not in rules.workflow.states:
            raise r.damaged(case.number, ValueError(f"there is no state {case.state}"))
        if not case.deadlines.keys() <= rules.workflow.deadlines.keys():
            raise r.damaged(case.number, ValueError("it has a deadline that its definition does not have"))

    # -- deadlines

    def due_page(self, today: date, after: DuePlace | None, limit: int) -> tuple[list[str], DuePlace | None]:
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
        found = self._db.execute(
            f"{_DUE} AND (d.due, d.case_no) > (?, ?) ORDER BY d.due, d.case_no LIMIT ?",
            (today.isoformat(), due, case, limit),
        ).fetchall()
        return list(dict.fromkeys(row[0] for row in found)), (found[-1][1], found[-1][2]) if found else None

    def moved_roots(self, today: date) -> list[str]:
        """Return the roots of cases that time has moved by ``today``, flags on duties aside."""
        found = self._db.execute(f"{_DUE} AND d.late <> 'overdue'", (today.isoformat(),))
        return list(dict.fromkeys(row[0] for row in found))

    def stale_roots(self, edition: str, *, after: str = "", limit: int) -> list[str]:
        """Return the roots of cases with a running deadline of another edition of the calendar."""
        found = self._db.execute(
            "SELECT DISTINCT c.root FROM case_deadline AS d JOIN case_file AS c ON c.number = d.case_no"
            " WHERE d.status = 'running' AND d.edition <> ? AND c.root > ? ORDER BY c.root LIMIT ?",
            (edition, after, limit),
        )
        return [row[0] for row in found]

    def due_lines(self, today: date) -> Iterable[tuple[str, str, str]]:
        """Return (case, deadline, due) of each deadline with a passing to record by ``today``."""
        sql = "SELECT case_no, id, due FROM case_deadline"
        where = "WHERE pending AND due < ? AND NOT (provisional AND late = 'lapsed')"
        return self._db.execute(f"{sql} {where}", (today.isoformat(),))

    def waiting_for_notice(self, today: date) -> list[tuple[str, str, str]]:
        """Return (case, deadline, due) where a right would end, but by a provisional date."""
        found = self._db.execute(
            "SELECT case_no, id, due FROM case_deadline"
            " WHERE pending AND due < ? AND provisional AND late = 'lapsed' ORDER BY due, case_no",
            (today.isoformat(),),
        )
        return [tuple(row) for row in found]

    def overdue_rows(self, today: date, kind: str | None = None) -> list[tuple[Any, ...]]:
        """Return the running duties past their last day, longest first; of one kind, or all.

        Each as (case, workflow, definition, state, unit, waits_for, deadline, kind, owed_by, due,
        provisional).
        """
        of_kind, asked = ("", ()) if kind is None else (" AND d.kind = ?", (kind,))
        found = self._db.execute(
            "SELECT c.number, c.workflow, c.definition, c.state, c.unit, c.waits_for, d.id, d.kind, d.owed_by,"
            " d.due, d.provisional FROM case_deadline AS d JOIN case_file AS c ON c.number = d.case_no"
            f" WHERE d.status = 'running' AND d.due < ? AND d.late = 'overdue'{of_kind}"
            " ORDER BY d.due, c.number, d.id",
            (today.isoformat(), *asked),
        )
        return [tuple(row) for row in found]

    # -- the outbox

    def outbox_rows(self) -> list[r.Row]:
        """Return all rows of the outbox (`outbox.COLUMNS`), in the order in which they were made."""
        return self._db.execute(f"{_OUTBOX} ORDER BY made, case_no, seq, n").fetchall()

    def notices(self) -> list[Notice]:
        """Return all notices, the newest last."""
        return [notice_of(row) for row in self.outbox_rows()]

    def notices_due(self, at: datetime) -> int:
        """Return how many notices are to be tried by an instant."""
        sql = "SELECT count(*) FROM outbox WHERE next_attempt <= ?"
        return int(self._db.execute(sql, (r.instant_text(at),)).fetchone()[0])

    # -- records

    def record(self, no: str) -> Record:
        """Return a record.

        Raises:
            NotFound: there is none of that number.
        """
        row = self._db.execute(f"{_RECORDS} WHERE no = ?", (no,)).fetchone()
        if row is None:
            message = Text("没有信用记录 {n}。可用 record list 查看", "there is no record {n}; see record list")
            raise NotFound(message.fill(n=no), code="no_record")
        return r.record_of(row, self.cipher)

    def records(self, where: str = "", values: Sequence[Any] = ()) -> list[Record]:
        """Return records by a condition on ``credit_record``, by number."""
        return [r.record_of(row, self.cipher) for row in self._db.execute(f"{_RECORDS} {where} ORDER BY no", values)]

    def known_records(self, numbers: Sequence[str]) -> dict[str, Record]:
        """Return those of the records that exist, by number."""
        found = {}
        for chunk in _chunks(numbers):
            among, values = self._dialect.among("no", chunk)
            for row in self._db.execute(f"{_RECORDS} WHERE {among}", values).fetchall():
                found[row[0]] = r.record_of(row, self.cipher)
        return found

    def marks_on(self, record: str) -> list[tuple[str, Mark]]:
        """Return every mark that a record ever had, with the case that placed it, oldest first."""
        found = self._db.execute(f"{_MARKS} WHERE record = ? ORDER BY placed, case_no", (record,))
        return [(row[0], mark_of(row, self.cipher)) for row in found]


def _rules(digest: str, body: str) -> Rules:
    """Return a definition made ready to run, once for the process: its machine takes milliseconds.

    Kept is only what has the digest that it stands under, and so can never mean anything else.
    """
    if digest not in _KNOWN:
        definition = from_body(body.encode())
        rules = Rules(definition.workflow, digest)
        if definition.digest != digest:
            return rules
        _KNOWN[digest] = rules
    return _KNOWN[digest]


def _chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
