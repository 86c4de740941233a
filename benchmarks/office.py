"""A training database with its accounts and records, for what is measured through the desk; and the bare writes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

from credit_workflow.calendar.loading import load_calendar
from credit_workflow.casework.access.identification import practice_accounts
from credit_workflow.casework.acting import Acting, Form, NewCase
from credit_workflow.casework.cases import actions
from credit_workflow.casework.ports import Claim
from credit_workflow.casework.records.importing import COLUMNS, import_file
from credit_workflow.definition.library import load_definitions
from credit_workflow.engine.world import Moment
from credit_workflow.resources import keys_folder
from credit_workflow.store.database import Database
from credit_workflow.store.schema.creation import create
from credit_workflow.store.sqlite.bulk_rows import ManyRows
from credit_workflow.store.sqlite.sqlite_file import FileTransactions

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
#: One adult, whose records all are.
PERSON = "330106199003070014"


class Office:
    """A training database in a folder, with so many records of one person."""

    def __init__(self, folder: Path, records: int) -> None:
        self.definitions, self.calendar = load_definitions(), load_calendar()
        self._accounts = practice_accounts(d.workflow for d in self.definitions.values())
        self.database = Database(str(folder / "cases.db"), keys_folder())
        create(self.database, training=True, at=AT, definitions=self.definitions.values(), accounts=self._accounts)
        file = _records(folder / "records.csv", records)
        with self.database.writing() as db:
            import_file(db, self.acting("center1"), file.name, file.read_bytes(), update=False)

    def acting(self, who: str) -> Acting:
        """Return an account at work, at the one instant of all."""
        return Acting(
            definitions=self.definitions,
            calendar=self.calendar,
            actor=self._accounts[who],
            moment=Moment.of(AT, self.calendar.zone),
        )

    def submit(self, new: NewCase, form: Form) -> str:
        """Open a case at the window by the engine's own path with the store; return its number."""
        with self.database.writing() as db:
            return actions.submit(db, self.acting("window1"), new, form)

    def objections(self, count: int) -> list[str]:
        """Lodge so many objections, each to a record of its own; return their numbers."""
        form = Form(given={"reason": "有误"}, all_materials=True)
        return [self.submit(NewCase(workflow="objection", record=f"R-{n}"), form) for n in range(count)]

    def act(self, case: str, action: str) -> None:
        """Take an action at the window by the engine's own path with the store."""
        with self.database.writing() as db:
            actions.act(db, self.acting("window1"), case, action, Form())

    def copy(self, file: Path) -> Path:
        """Copy the database as it stands."""
        with closing(sqlite3.connect(self.database.path)) as source, closing(sqlite3.connect(file)) as target:
            source.backup(target)
        return file


class Bare:
    """The writes of a program's transactions, made again on a copy by `sqlite3` alone."""

    def __init__(self, copy: Path) -> None:
        self._copy = copy
        self._waiting: list[list[tuple[str, Sequence[object]]]] = []

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note each transaction's writes; the time it takes is the program's to bear."""
        run, begin = ManyRows._run, FileTransactions.begin  # noqa: SLF001 - all writes pass through it

        def begun(transactions: FileTransactions, claim: Claim | None) -> None:
            self._waiting.append([])
            begin(transactions, claim)

        def executed(rows: ManyRows, statement: str, values: Sequence[Sequence[object]]) -> int:
            self._waiting[-1] += [(statement, one) for one in values]
            return run(rows, statement, values)

        with mock.patch.object(ManyRows, "_run", executed), mock.patch.object(FileTransactions, "begin", begun):
            yield

    def write(self) -> None:
        """Make what was noted again: one commit for each transaction, with the same settings."""
        with closing(sqlite3.connect(self._copy, isolation_level=None)) as connection:
            for setting in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
                connection.execute(f"PRAGMA {setting}")
            for statements in filter(None, self._waiting):
                connection.execute("BEGIN IMMEDIATE")
                for statement, values in statements:
                    connection.execute(statement, values)  # type: ignore[arg-type]
                connection.execute("COMMIT")
        self._waiting.clear()


def in_turn(bare: Bare, do: Callable[[], object]) -> Callable[[], None]:
    """Return what does something while its writes are noted."""

    def run() -> None:
        with bare.noting():
            do()

    return run


def _records(path: Path, count: int) -> Path:
    lines = [",".join(COLUMNS)]
    lines += [f"R-{n},natural,{PERSON},张三,市税务局,B,欠税,欠税{n}元,2025-01-01,2027-12-31" for n in range(count)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path
