"""Set up where examples are played: a new training database in a temporary folder for each."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from credit_workflow.authoring.scenarios.made_up_people import numbers, scheme_of
from credit_workflow.authoring.scenarios.practice_accounts import accounts_of
from credit_workflow.authoring.scenarios.scenario import Person, SampleRecord
from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.casework.journal.entry import Draft
from credit_workflow.casework.journal.record_entries import RecordImported
from credit_workflow.definition.library import Definition
from credit_workflow.engine.values import SYSTEM, Actor, Record, whole_record
from credit_workflow.engine.world import Moment
from credit_workflow.identity import Scheme, parse_subject
from credit_workflow.store.database import Database
from credit_workflow.store.mapping.shape import instant_text
from credit_workflow.store.schema.creation import create

_FOUNDED = date(2000, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A temporary folder with a training database that nothing has happened on yet.

    Args:
        definitions: the rules that are played.
        calendar: counts the deadlines.
        accounts: who acts, by account name.
        folder: the folder; it is gone when the stage is left.
    """

    definitions: Mapping[str, Definition]
    calendar: WorkCalendar
    accounts: Mapping[str, Actor]
    folder: Path

    @property
    def keys(self) -> Path:
        """The folder in which the keys of its databases lie."""
        return self.folder / "keys"

    @property
    def _empty(self) -> Path:
        return self.folder / "empty.db"

    def found(self) -> None:
        """Create the empty database."""
        at = datetime.combine(_FOUNDED, time(), tzinfo=ZoneInfo(self.calendar.zone))
        create(
            self.database(self._empty),
            training=True,
            at=at,
            definitions=self.definitions.values(),
            accounts=self.accounts,
        )

    def furnished(
        self,
        people: Mapping[str, Person],
        records: Mapping[str, SampleRecord],
        day: date,
        accounts: Mapping[str, Actor] | None = None,
    ) -> Path:
        """Return a new database with these records, kept since the beginning of ``day``, and further accounts."""
        path = self.copied(self._empty)
        moment = Moment.of(datetime.combine(day, time(), tzinfo=ZoneInfo(self.calendar.zone)), self.calendar.zone)
        ids = numbers(people)
        scheme = scheme_of({name: d.workflow for name, d in self.definitions.items()})
        made = [_record(no, record, people[record.of], ids[record.of], scheme) for no, record in records.items()]
        with self.database(path).writing() as db:
            db.records.put(made, {})
            since = instant_text(moment.at)
            db.accounts.put(
                [
                    (a.account, a.unit, ",".join(sorted(a.roles)), "active", since, None)
                    for a in (accounts or {}).values()
                ]
            )
            for record in made:
                said = RecordImported(revision=record.revision, new=whole_record(record))
                draft = Draft(
                    said=said, at=moment.at, actor=SYSTEM, role=SYSTEM, of=record.no, as_kind="imported"
                )  # fmt: skip
                db.journal.add(draft)
        return path

    def copied(self, database: Path) -> Path:
        """Return a copy of a database that nobody has open."""
        path = self.folder / f"{secrets.token_hex(8)}.db"
        shutil.copy(database, path)
        return path

    def database(self, path: Path) -> Database:
        """Return a database of this folder."""
        return Database(str(path), self.keys)

    def discard(self, path: Path) -> None:
        """Remove a database that nobody has open."""
        path.unlink(missing_ok=True)


@contextmanager
def staged(definitions: Mapping[str, Definition], calendar: WorkCalendar) -> Iterator[Stage]:
    """Give a stage; nothing of it is left afterwards, neither its databases nor their keys.

    Args:
        definitions: the rules to be played.
        calendar: counts the deadlines.
    """
    # What SQLite still holds open can't be removed on Windows; the system cleans its folder up.
    with tempfile.TemporaryDirectory(prefix="credit-workflow-", ignore_cleanup_errors=True) as folder:
        accounts = accounts_of({name: d.workflow for name, d in definitions.items()})
        stage = Stage(definitions=definitions, calendar=calendar, accounts=accounts, folder=Path(folder))
        stage.found()
        yield stage


def _record(no: str, record: SampleRecord, owner: Person, number: str, scheme: Scheme) -> Record:
    return Record(
        no=no,
        subject=parse_subject(number, owner.kind, owner.name or record.of, scheme),
        provider=record.provider,
        open_class=record.open_class,
        title=record.title,
        content=record.content,
        valid_from=date.fromisoformat(record.valid_from),
        valid_until=date.fromisoformat(record.valid_until),
        removed=record.removed,
    )
