"""Writing to the database: everything of one transaction, in as few statements as it takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from credit_workflow.casework.ports import Claim, Credential, NewNotice, Notice, SignedIn
from credit_workflow.definition.library import Definition
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import Actor, Case, Entry, Record
from credit_workflow.engine.world import SYSTEM_ACTOR, Outcome
from credit_workflow.errors import Refused
from credit_workflow.store.backend import Backend, Link, Lock, Rows
from credit_workflow.store.mapping import rows as r
from credit_workflow.store.mapping.batch import Batch, unpacked
from credit_workflow.store.mapping.chain import genesis, link
from credit_workflow.store.mapping.outbox_rows import COLUMNS as OUTBOX_COLUMNS
from credit_workflow.store.mapping.outbox_rows import new_row, notice_of, settled
from credit_workflow.store.reading.log_reader import Connection
from credit_workflow.store.reading.reader import DuePlace, Reader
from credit_workflow.store.writing.batch_writer import write
from credit_workflow.text import Text


class Writer(Reader):
    """Reads and writes within one transaction.

    Args:
        connection: a connection with a transaction begun; who opened it closes it.
        backend: what kind of database it is.
        keys: where this machine keeps the keys of its databases.
    """

    def __init__(self, connection: Connection, backend: Backend, keys: Path) -> None:
        super().__init__(connection, backend.dialect, keys)
        #: Writes many rows of a table.
        self.rows: Rows = backend.rows(connection)
        #: The newest entry that this transaction has added to a log.
        self.newest_link: Link | None = None
        #: The roots of the families that are this transaction's already.
        self._claimed: set[str] = set()

    @property
    def logged(self) -> bool:
        """Whether this transaction has added to a log."""
        return self.newest_link is not None

    # -- cases

    # What is decided upon must stay as it was read: others wait, where others can write at all.

    def case(self, number: str) -> Case:
        """Return a case, as `Reader.case`, and keep others from changing it."""
        self._dialect.lock_family_of(self._db, number)
        return super().case(number)

    def families(self, roots: Sequence[str], *, unopened: bool = False) -> dict[str, dict[str, Case]]:
        """Return linked cases, as `Reader.families`, and keep others from changing them."""
        self._dialect.lock_families(self._db, [root for root in roots if root not in self._claimed])
        return super().families(roots, unopened=unopened)

    def claim_due(
        self, today: date, after: DuePlace | None, limit: int, claim: Claim
    ) -> tuple[list[str], DuePlace | None]:
        """Return the roots of cases with a passing to record, which are this transaction's alone from now on.

        Args:
            today: the day by which it came true.
            after: where the page before ended, None for the first.
            limit: how many deadlines to a page.
            claim: what to do about those that others work on.

        Returns:
            The roots, each once, and where the page ends; None where there was nothing more.
        """
        roots, place = self.due_page(today, after, limit)
        return self.claim(roots, claim), place

    def claim(self, roots: Sequence[str], claim: Claim) -> list[str]:
        """Return those of the roots whose families are this transaction's alone from now on.

        Args:
            roots: the cases at the top of the families.
            claim: what to do about those that others work on.
        """
        claimed = self._dialect.claim(self._db, roots, claim)
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
        """
        batch = Batch(self, before)
        for outcome in outcomes:
            batch.add(outcome)
        return write(self, batch.rows)

    def keep_rows(self, rows: bytes) -> tuple[int, int]:
        """Write the rows of decisions that were made in another process, and packed there; return as `keep` does.

        Raises:
            Conflict: a case is not in the version in which it was read.
        """
        return write(self, unpacked(rows))

    def next_number(self, rules: Rules, year: int) -> str:
        """Return the next number for a case of a workflow, and count it as given out."""
        row = self._db.execute(
            "SELECT last FROM number_series WHERE workflow = ? AND year = ?", (rules.id, year)
        ).fetchone()
        serial = 1 if row is None else int(row[0]) + 1
        keys = ("workflow", "year")
        self.rows.upsert("number_series", keys, (*keys, "last"), [(rules.id, year, serial)])
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
                self._add("definition", row)
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
        new = [r.record_row(record, self.cipher) for record in records if record.no not in known]
        old = [r.record_row(record, self.cipher) for record in records if record.no in known]
        self.rows.add("credit_record", r.RECORD_COLUMNS, new)
        self.rows.change("credit_record", ("no",), r.RECORD_COLUMNS, [(*row, row[0]) for row in old])

    def log(self, stream: str, at: datetime, actor: Actor, role: str, kind: str, data: Mapping[str, Any]) -> None:
        """Add one entry to a stream of the other log."""
        self.log_all([(stream, at, actor, role, kind, data)])

    def log_all(self, entries: Iterable[tuple[str, datetime, Actor, str, str, Mapping[str, Any]]]) -> None:
        """Add entries (stream, instant, actor, role, kind, data) to their streams, in this order."""
        self._dialect.lock(self._db, Lock.LOGS)
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
        self._append("journal_log", r.JOURNAL_COLUMNS, rows)

    def append_events(self, rows: Sequence[Sequence[Any]]) -> tuple[int, int]:
        """Add rows (`EVENT_COLUMNS`) to the log of the cases; return how many it had, and has now."""
        return self._append("case_event", r.EVENT_COLUMNS, rows)

    def _append(self, log: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> tuple[int, int]:
        """Add rows to a log, numbered without a gap, and move its head."""
        if not rows:
            return (0, 0)
        self._dialect.lock(self._db, Lock.LOGS)
        at = columns.index("at")
        self._dialect.make_room(self._db, log, (row[at] for row in rows))
        entries, head = self.log_head(log)
        last = entries + len(rows)
        self.rows.add(log, ("id", *columns), [(number, *row) for number, row in enumerate(rows, entries + 1)])
        for row in rows:
            head = link((head, row[-1]))
        self._move_head(log, last, head)
        self.newest_link = (log, last, rows[-1][-1])
        return entries, last

    def refuse(self, entry: Entry) -> None:
        """Add a refusal to a case's log; its version stays."""
        seq, prev = self.head(entry.case)
        parts = r.event_parts(entry, seq + 1, self.cipher)
        hash_ = link((prev, *r.linked_parts(parts)))
        self.append_events([(*parts, prev, hash_)])
        self.note_heads({entry.case: (seq + 1, hash_)})
        self.rows.change("case_file", ("number",), ("head_seq", "head_hash"), [(seq + 1, hash_, entry.case)])

    def put_accounts(self, rows: Sequence[Sequence[Any]]) -> None:
        """Write accounts as they stand (`ACCOUNT_COLUMNS`); one that stays keeps its day of making."""
        for row in rows:
            values = dict(zip(r.ACCOUNT_COLUMNS, row, strict=True))
            kept = {k: v for k, v in values.items() if k not in ("name", "created")}
            if not self._change("account", "name", values["name"], kept):
                self._add("account", values)

    # -- the outbox

    def put_notice(self, notice: NewNotice, at: datetime) -> None:
        """Put one notice into the outbox, to be sent at once."""
        self.rows.add("outbox", OUTBOX_COLUMNS, [new_row(self.meta["id"], notice, at)])

    def claim_notices(self, at: datetime, until: datetime, limit: int) -> list[Notice]:
        """Take some notices whose time has come, and keep them from other runners.

        Args:
            at: now; what another runner holds until later is left alone.
            until: how long they are one's own; nobody holds any for longer.
            limit: how many at most.
        """
        now, end = r.instant_text(at), r.instant_text(until)
        sql = (
            f"SELECT {', '.join(OUTBOX_COLUMNS)} FROM outbox WHERE next_attempt <= ?"
            " AND (claimed_until IS NULL OR claimed_until <= ? OR claimed_until > ?)"
            " ORDER BY next_attempt, key LIMIT ?"
        )
        found = [notice_of(row) for row in self._db.execute(sql, (now, now, end, limit)).fetchall()]
        self.rows.change("outbox", ("key",), ("claimed_until",), [(end, notice.key) for notice in found])
        return found

    def settle_notice(
        self, key: str, result: str, *, attempts: int, error: str | None, at: datetime, later: datetime | None
    ) -> None:
        """Write what became of a notice: sent, failed (to be tried again ``later``), given_up or retried."""
        again = None if later is None else r.instant_text(later)
        names = ("status", "attempts", "error", "next_attempt", "finished")
        values = dict(zip(names, settled(result, attempts, error, r.instant_text(at), again), strict=True))
        self._change("outbox", "key", key, {**values, "claimed_until": None})

    # -- accounts

    def put_credential(self, credential: Credential) -> None:
        """Write how an account signs in."""
        self._put("credential", "name", r.credential_values(credential))

    def put_sign_in(self, signed_in: SignedIn) -> None:
        """Write that somebody is signed in."""
        began, used = r.instant_text(signed_in.began), r.instant_text(signed_in.used)
        values = {"token": signed_in.token, "account": signed_in.account, "began": began, "used": used}
        self._put("sign_in", "token", values)

    def end_sign_ins(self, *, token: str | None = None, account: str | None = None) -> None:
        """Sign out one token, or all of an account."""
        for key, value in (("token", token), ("account", account)):
            if value is not None:
                self.rows.remove("sign_in", (key,), [(value,)])

    def put_data_keys(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write wrapped data keys (`DATA_KEY_COLUMNS`), new ones and those that were wrapped anew."""
        for row in rows:
            self._put("data_key", "id", row)
        self.__dict__.pop("cipher", None)  # it knew the keys as they were

    def put_seal(self, values: Mapping[str, Any]) -> None:
        """Add a seal (`SEAL_COLUMNS`)."""
        self._add("seal_log", values)
        self._move_head("seal_log", values["seq"], values["hash"])
        self.newest_link = ("seal_log", values["seq"], values["hash"])

    # -- statements

    def _move_head(self, log: str, entries: int, head: str) -> None:
        self.rows.upsert("log_head", ("log",), ("log", "entries", "hash"), [(log, entries, head)])

    def _add(self, table: str, values: Mapping[str, Any]) -> None:
        self.rows.add(table, tuple(values), [tuple(values.values())])

    def _change(self, table: str, key: str, value: Any, values: Mapping[str, Any]) -> int:
        return self.rows.change(table, (key,), tuple(values), [(*values.values(), value)])

    def _put(self, table: str, key: str, values: Mapping[str, Any]) -> None:
        self.rows.upsert(table, (key,), tuple(values), [tuple(values.values())])
