"""Write to an open database as `casework.ports` knows it, within one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from credit_workflow.casework.journal.entry import Draft
from credit_workflow.casework.journal.rule_entries import Adopted
from credit_workflow.definition.library import Definition
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import SYSTEM
from credit_workflow.errors import Refused
from credit_workflow.store.aggregates.account_rows import AccountWriter
from credit_workflow.store.aggregates.case_writing import CaseWriter
from credit_workflow.store.aggregates.due_deadlines import DueClaimer
from credit_workflow.store.aggregates.journal_kept import JournalWriter
from credit_workflow.store.aggregates.records_kept import RecordWriter
from credit_workflow.store.backend import Backend, Link, Many
from credit_workflow.store.connection import Connection
from credit_workflow.store.mapping.outbox_rows import OutboxWriter
from credit_workflow.store.reading.reader import Reader
from credit_workflow.store.writing.transaction import Transaction
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
        #: Writes rows, and adds to the logs.
        self.within = Transaction(self, backend)

    @property
    def logged(self) -> bool:
        """Whether this transaction has added to a log."""
        return self.within.newest_link is not None

    @cached_property
    def cases(self) -> CaseWriter:
        """The cases with their log."""
        return CaseWriter(self, self.within, self.records, self.accounts, self.journal)

    @cached_property
    def records(self) -> RecordWriter:
        """The credit records."""
        return RecordWriter(self, self.within)

    @cached_property
    def accounts(self) -> AccountWriter:
        """The accounts."""
        return AccountWriter(self, self.within)

    @cached_property
    def journal(self) -> JournalWriter:
        """The second log."""
        return JournalWriter(self, self.within)

    @cached_property
    def due(self) -> DueClaimer:
        """The deadlines, by their due dates."""
        return DueClaimer(self, self.cases)

    @cached_property
    def outbox(self) -> OutboxWriter:
        """The notifications on their way."""
        return OutboxWriter(self, self.within)

    @property
    def newest_link(self) -> Link | None:
        """The newest entry that this transaction has added to a log."""
        return self.within.newest_link

    def adopt(self, definitions: Iterable[Definition], at: datetime) -> None:
        """Keep definitions that are not kept here yet, and say so in the log.

        Raises:
            Refused: a definition was edited without a new version.
        """
        for definition in definitions:
            workflow = definition.workflow
            known = self._digest_of(workflow.workflow, workflow.version)
            if known is None:
                row = (definition.digest, workflow.workflow, workflow.version, definition.body.decode())
                self.within.rows.add("definition", [row])
                said = Adopted(workflow=workflow.workflow, version=workflow.version, digest=definition.digest)
                self.journal.add(Draft(said=said, at=at, actor=SYSTEM, role=SYSTEM))
                self.rules[definition.digest] = Rules(workflow, definition.digest)
            elif known != definition.digest:
                message = Text(
                    "流程 {w} 第 {v} 版已在使用，内容却已改动。请改回原文，或将 version 加一",
                    "version {v} of {w} is in force but was edited; restore its text, or raise its version",
                )
                raise Refused(
                    message.fill(w=workflow.workflow, v=workflow.version), code="definition_edited", source="[practice]"
                )

    def put_data_keys(self, rows: Many) -> None:
        """Write wrapped data keys (`columns.DATA_KEY`), new ones and those that were wrapped anew."""
        self.within.rows.upsert("data_key", rows)
        self.__dict__.pop("cipher", None)  # it knew the keys as they were

    def put_seal(self, seq: int, hash_: str, row: Sequence[Any]) -> None:
        """Add a seal: its number, its hash, and its row (`columns.SEAL_LOG`)."""
        self.within.rows.add("seal_log", [row])
        self.within.move_head("seal_log", seq, hash_, hash_)

    def _digest_of(self, workflow: str, version: int) -> str | None:
        """Return the digest under which a version of a workflow is kept here."""
        found: str | None = self.first(
            "SELECT digest FROM definition WHERE workflow = ? AND version = ?", workflow, version
        )
        return found
