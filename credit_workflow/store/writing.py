"""Writing to the database: everything of one transaction, in as few statements as it takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, update
from sqlalchemy.sql.expression import Executable

from credit_workflow.casework.ports import Credential, SignedIn
from credit_workflow.definition.library import Definition
from credit_workflow.engine.rules import Rules
from credit_workflow.engine.values import Actor, Case, Entry, Record
from credit_workflow.engine.world import SYSTEM_ACTOR, Outcome
from credit_workflow.errors import Conflict, Refused
from credit_workflow.store import rows as r
from credit_workflow.store import tables as t
from credit_workflow.store.chain import genesis, link
from credit_workflow.store.logreading import Connection as PlainConnection
from credit_workflow.store.reading import Reader
from credit_workflow.text import Text


class Writer(Reader):
    """Reads and writes within one transaction.

    Args:
        plain: the driver's connection, for reading.
        connection: SQLAlchemy's, with a transaction begun.
    """

    def __init__(self, plain: PlainConnection, connection: Connection) -> None:
        super().__init__(plain)
        self._connection = connection

    # -- cases

    def keep(self, before: Mapping[str, Case], outcomes: Iterable[Outcome]) -> None:
        """Write what the outcomes of one or many decisions changed.

        Args:
            before: the cases as they were read, by number; new ones are not among them.
            outcomes: what was decided upon them, no case in two of them.

        Raises:
            Conflict: a case is not in the version in which it was read.
        """
        batch = _Batch(self, before)
        for outcome in outcomes:
            batch.add(outcome)
        batch.write()

    def note_heads(self, heads: Mapping[str, tuple[int, str]]) -> None:
        """Remember where the chains of some cases end now."""
        self._heads.update(heads)

    def next_number(self, rules: Rules, year: int) -> str:
        """Return the next number for a case of a workflow, and count it as given out."""
        row = self._db.execute(
            "SELECT last FROM number_series WHERE workflow = ? AND year = ?", (rules.id, year)
        ).fetchone()
        serial = 1 if row is None else int(row[0]) + 1
        series = _table(t.NumberSeries)
        if row is None:
            self.execute(insert(series), [{"workflow": rules.id, "year": year, "last": serial}])
        else:
            keyed = update(series).where(series.c.workflow == rules.id, series.c.year == year)
            self._connection.execute(keyed.values(last=serial))
        return rules.workflow.number_for(year, serial)

    def adopt(self, definitions: Iterable[Definition], at: datetime) -> None:
        """Keep definitions that are not kept here yet, and say so in the log.

        Raises:
            Refused: a definition was edited without a new version.
        """
        for definition in definitions:
            workflow = definition.workflow
            known = self.definition_digest(workflow.workflow, workflow.version)
            if known is None:
                row = {
                    "digest": definition.digest,
                    "workflow": workflow.workflow,
                    "version": workflow.version,
                    "body": definition.body.decode(),
                }
                self.execute(insert(_table(t.Definition)), [row])
                said = {key: row[key] for key in ("workflow", "version", "digest")}
                self.log("definition", at, SYSTEM_ACTOR, "system", "adopted", said)
                self.rules[definition.digest] = Rules(workflow, definition.digest)
            elif known != definition.digest:
                message = Text(
                    "流程 {w} 第 {v} 版已在使用，内容却已改动。请改回原文，或将 version 加一",
                    "version {v} of {w} is in force but was edited; restore its text, or raise its version",
                )
                raise Refused(
                    message.fill(w=workflow.workflow, v=workflow.version), code="definition_edited", source="[practice]"
                )

    # -- records and the other log

    def put_records(self, records: Sequence[Record], known: Mapping[str, Record]) -> None:
        """Write records, new ones and those in ``known`` with new values."""
        table = _table(t.CreditRecord)
        new = [r.record_row(record, self.cipher) for record in records if record.no not in known]
        old = [r.record_row(record, self.cipher) for record in records if record.no in known]
        self.execute_rows(insert(table), r.RECORD_COLUMNS, new)
        changing = [name for name in r.RECORD_COLUMNS if name != "no"]
        keyed = update(table).where(table.c.no == bindparam("key_no"))
        statement = keyed.values({name: bindparam(name) for name in changing})
        self.execute(statement, [dict(zip(("key_no", *changing), row, strict=True)) for row in old])

    def log(self, stream: str, at: datetime, actor: Actor, role: str, kind: str, data: Mapping[str, Any]) -> None:
        """Add one entry to a stream of the other log."""
        self.log_all([(stream, at, actor, role, kind, data)])

    def log_all(self, entries: Iterable[tuple[str, datetime, Actor, str, str, Mapping[str, Any]]]) -> None:
        """Add entries (stream, instant, actor, role, kind, data) to their streams, in this order."""
        heads: dict[str, tuple[int, str]] = {}
        rows = []
        for stream, at, actor, role, kind, data in entries:
            if stream not in heads:
                heads[stream] = self.journal_head(stream) or (0, genesis(self.meta["id"], stream))
            seq, prev = heads[stream]
            text = r.journal_text(stream, seq + 1, data, self.cipher)
            parts = (stream, seq + 1, r.instant_text(at), actor.account, role, kind, text)
            hash_ = link((prev, *r.linked_parts(parts)))
            rows.append((*parts, prev, hash_))
            heads[stream] = (seq + 1, hash_)
        self._append(t.JournalLog, r.JOURNAL_COLUMNS, rows)

    def append_events(self, rows: Sequence[Sequence[Any]]) -> None:
        """Add rows (`EVENT_COLUMNS`) to the log of the cases."""
        self._append(t.CaseEvent, r.EVENT_COLUMNS, rows)

    def _append(self, log: type[Any], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Add rows to a log, numbered without a gap, and move its head."""
        if not rows:
            return
        name = log.__tablename__
        entries, head = self.log_head(name)
        numbered = [(entries + n, *row) for n, row in enumerate(rows, 1)]
        self.execute_rows(insert(_table(log)), ("id", *columns), numbered)
        for row in rows:
            head = link((head, row[-1]))
        self._put(t.LogHead, "log", {"log": name, "entries": entries + len(rows), "hash": head})

    def refuse(self, entry: Entry) -> None:
        """Add a refusal to a case's log; its version stays."""
        seq, prev = self.head(entry.case)
        parts = r.event_parts(entry, seq + 1, self.cipher)
        hash_ = link((prev, *r.linked_parts(parts)))
        self.append_events([(*parts, prev, hash_)])
        files = _table(t.CaseFile)
        self.note_heads({entry.case: (seq + 1, hash_)})
        keyed = update(files).where(files.c.number == entry.case)
        self._connection.execute(keyed.values(head_seq=seq + 1, head_hash=hash_))

    def put_accounts(self, rows: Sequence[Sequence[Any]]) -> None:
        """Write accounts as they stand (`ACCOUNT_COLUMNS`); one that stays keeps its day of making."""
        table = _table(t.Account)
        for row in rows:
            values = dict(zip(r.ACCOUNT_COLUMNS, row, strict=True))
            kept = {k: v for k, v in values.items() if k not in ("name", "created")}
            met = self._connection.execute(update(table).where(table.c.name == values["name"]).values(kept)).rowcount
            if met == 0:
                self.execute(insert(table), [values])

    def put_credential(self, credential: Credential) -> None:
        """Write how an account signs in."""
        self._put(t.Credential, "name", r.credential_values(credential))

    def put_sign_in(self, signed_in: SignedIn) -> None:
        """Write that somebody is signed in."""
        began, used = r.instant_text(signed_in.began), r.instant_text(signed_in.used)
        values = {"token": signed_in.token, "account": signed_in.account, "began": began, "used": used}
        self._put(t.SignIn, "token", values)

    def end_sign_ins(self, *, token: str | None = None, account: str | None = None) -> None:
        """Sign out one token, or all of an account."""
        table = _table(t.SignIn)
        self._connection.execute(delete(table).where((table.c.token == token) | (table.c.account == account)))

    def put_data_keys(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write wrapped data keys (`DATA_KEY_COLUMNS`), new ones and those that were wrapped anew."""
        for row in rows:
            self._put(t.DataKey, "id", row)
        self.__dict__.pop("cipher", None)  # it knew the keys as they were

    def put_seal(self, values: Mapping[str, Any]) -> None:
        """Add a seal (`SEAL_COLUMNS`)."""
        self.execute(insert(_table(t.SealLog)), [dict(values)])
        self._put(t.LogHead, "log", {"log": "seal_log", "entries": values["seq"], "hash": values["hash"]})

    def _put(self, model: type[Any], key: str, values: Mapping[str, Any]) -> None:
        table = _table(model)
        met = self._connection.execute(update(table).where(table.c[key] == values[key]).values(values)).rowcount
        if met == 0:
            self.execute(insert(table), [values])

    # -- statements

    def execute(self, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> int:
        """Run a statement once for each row; return how many rows it met."""
        if not rows:
            return 0
        return int(self._connection.execute(statement, rows).rowcount)

    def execute_rows(self, statement: Executable, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> int:
        """Run a statement once for each row given as a tuple in the order of ``columns``.

        The statement is compiled once and the rows go to the driver as they are: building a
        mapping for each row costs as much again as writing it.
        """
        if not rows:
            return 0
        compiled = statement.compile(dialect=self._connection.dialect, column_keys=list(columns))  # type: ignore[attr-defined]  # Executable has it at run time
        order = compiled.positiontup
        places = [columns.index(name) for name in order] if list(order) != list(columns) else None
        ordered = list(rows) if places is None else [tuple(row[i] for i in places) for row in rows]
        return int(self._connection.exec_driver_sql(str(compiled), ordered).rowcount)


class _Batch:
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
        self._accounts: dict[str, tuple[Any, ...]] = {}
        self._record_log: list[tuple[str, datetime, Actor, str, str, Mapping[str, Any]]] = []

    def add(self, outcome: Outcome) -> None:
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
                r.deadline_row(number, d, rules) for name, d in case.deadlines.items() if known.get(name) is not d
            ]
            marks = {} if old is None else old.marks
            self._gone_marks += [(number, kind) for kind in marks if kind not in case.marks]
            self._marks += [
                r.mark_row(number, m, self._cipher) for kind, m in case.marks.items() if marks.get(kind) is not m
            ]
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

    def write(self) -> None:
        """Write all that was gathered.

        Raises:
            Conflict: a case is not in the version in which it was read.
            Refused: a record that is to be made exists already.
        """
        w = self._writer
        for number in w.known_records([record.no for record in self._created]):
            message = Text("信用记录 {n} 已存在", "there is a record {n} already").fill(n=number)
            raise Refused(message, code="record_known", details={"record": number})
        w.put_records(self._created, {})
        w.append_events(self._events)
        w.execute_rows(insert(_table(t.CaseFile)), r.CASE_COLUMNS, self._new_cases)
        self._update_cases()
        w.execute_rows(_removal(t.CaseDeadline, "id"), ("key_case_no", "key_id"), self._gone_deadlines)
        w.execute_rows(_removal(t.RecordMark, "kind"), ("key_case_no", "key_kind"), self._gone_marks)
        w.execute_rows(_upsert(t.CaseDeadline, ("case_no", "id")), r.DEADLINE_COLUMNS, self._deadlines)
        w.execute_rows(_upsert(t.RecordMark, ("case_no", "kind")), r.MARK_COLUMNS, self._marks)
        w.put_records(self._records, {record.no: record for record in self._records})
        w.log_all(self._record_log)
        w.put_accounts(list(self._accounts.values()))

    def _update_cases(self) -> None:
        self._update(r.MOVED_COLUMNS, self._moved_cases)
        self._update(r.MOVED_COLUMNS + r.FILLED_COLUMNS, self._filled_cases)

    def _update(self, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
        """Write some columns of cases, each row ending in its number and the version it had."""
        files = _table(t.CaseFile)
        keyed = update(files).where(
            files.c.number == bindparam("key_number"), files.c.version == bindparam("key_version")
        )
        statement = keyed.values({name: bindparam(name) for name in columns})
        met = self._writer.execute_rows(statement, [*columns, "key_number", "key_version"], rows)
        if met != len(rows):
            raise Conflict(
                Text(
                    "案件刚被他人改动，没有写入任何内容。请重新查看后再办理",
                    "somebody else has just changed the case; nothing was written: look at it again",
                )
            )


def _table(model: type[Any]) -> Table:
    table: Table = model.__table__
    return table


def _removal(model: type[Any], key: str) -> Executable:
    columns = _table(model).c
    return delete(_table(model)).where(
        columns.case_no == bindparam("key_case_no"), columns[key] == bindparam(f"key_{key}")
    )


def _upsert(model: type[Any], key: tuple[str, ...]) -> Executable:
    from sqlalchemy.dialects.sqlite import insert as upsert  # noqa: PLC0415

    statement = upsert(_table(model))
    changing = {c.name: statement.excluded[c.name] for c in _table(model).columns if c.name not in key}
    return statement.on_conflict_do_update(index_elements=list(key), set_=changing)
