"""What every command starts from: the global options, and the session that they make."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache, cached_property
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from credit_workflow.calendar.compiled import KeptNotice
from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.casework.access.identification import practising, signed_in
from credit_workflow.casework.accounts import sign_in
from credit_workflow.casework.cases.snapshot import Snapshot, Viewer
from credit_workflow.casework.clock import machine_time, moment_for
from credit_workflow.casework.holidays.kept_notices import kept_notices
from credit_workflow.casework.rulebook.in_force import calendar_name, folder_of, named_calendar
from credit_workflow.casework.rulebook.publications import in_force
from credit_workflow.casework.session import Session
from credit_workflow.cli.language import language
from credit_workflow.cli.tokens import token_of
from credit_workflow.definition.library import Definition, load_definitions
from credit_workflow.engine.values import Actor
from credit_workflow.engine.world import Moment
from credit_workflow.errors import CreditWorkflowError, NotFound
from credit_workflow.resources import keys_folder, user_data_folder
from credit_workflow.service.desk import Desk
from credit_workflow.service.office import Office
from credit_workflow.service.seat import Seat
from credit_workflow.service.use_case import A, Request
from credit_workflow.service.work import Progress
from credit_workflow.store.database import Database
from credit_workflow.store.reading.reader import Reader


class Settings(Struct, kw_only=True, dict=True):
    """The global options as they were given."""

    db: str | None = None
    json: bool = False
    account: str | None = None
    at: str | None = None
    workflows: Path | None = None
    calendars: Path | None = None
    keys: Path

    @cached_property
    def database(self) -> Database:
        """The database named, or the default one in the user's data folder."""
        return Database(self.db or str(user_data_folder() / "cases.db"), self.keys)

    @cached_property
    def folder(self) -> Mapping[str, Definition]:
        """The definitions of the folder."""
        return load_definitions(self.workflows)

    @cached_property
    def definitions(self) -> Mapping[str, Definition]:
        """The definitions in force for new cases: those of the folder, unless the database says otherwise."""
        try:
            with self.database.reading() as db:
                return in_force(db, self.folder, self.moment(db).effective)
        except CreditWorkflowError:
            return self.folder  # without a database; where it can't be read, the command itself will say so

    def in_force(self, day: date) -> Mapping[str, Definition]:
        """Return the definitions in force on a day, as the database says now.

        Raises:
            NotFound, IntegrityFault: there is no database, or it can't be read.
        """
        with self.database.reading() as db:
            return in_force(db, self.folder, day)

    @cached_property
    def calendar(self) -> WorkCalendar:
        """The calendar that counts the deadlines: the one that the definitions name, with the database's notices."""
        return self.load_calendar(self.calendar_name, self.kept_notices)

    @cached_property
    def calendar_name(self) -> str:
        """The name of the calendar that the definitions count by.

        Raises:
            DefinitionFault: they name several.
        """
        return calendar_name(self.folder)

    @cached_property
    def kept_notices(self) -> tuple[KeptNotice, ...] | None:
        """The notices that the database keeps; None where there is no database."""
        try:
            with self.database.reading() as db:
                return kept_notices(db)
        except NotFound:
            return None

    def of_folder(self, folder: Path) -> Settings:
        """Return the settings for another folder of definitions, of which the database says nothing."""
        other = replace(self, workflows=folder)
        other.__dict__.update(definitions=other.folder, kept_notices=None)
        return other

    def load_calendar(self, name: str, kept: Sequence[KeptNotice] | None) -> WorkCalendar:
        """Return a calendar by its name, with notices kept elsewhere than in its files."""
        return named_calendar(name, workflows=self.workflows, calendars=self.calendars, kept=kept or ())

    def calendar_folder(self, name: str) -> Path | None:
        """Where the files of a calendar are: ``--calendars``, or beside the definitions, or None for what ships."""
        return folder_of(name, workflows=self.workflows, calendars=self.calendars)

    def moment(self, db: Reader) -> Moment:
        """Return the moment that counts as now, with the calendar as the database has it by then.

        Raises:
            UsageFault, NotAllowed, Refused: ``--at`` is malformed, not allowed, or too early.
        """
        kept = kept_notices(db)
        if self.__dict__.get("kept_notices") != kept:  # another process may have imported one
            self.__dict__["kept_notices"] = kept
            self.__dict__.pop("calendar", None)
        return moment_for(
            self.at, zone=self.calendar.zone, training=db.training, newest=db.newest(), machine=machine_time()
        )

    def actor(self, db: Reader, *, any_password: bool = False) -> Actor:
        """Return who acts.

        Args:
            db: the database, open for reading.
            any_password: also who has to change the password first.

        Raises:
            NotAllowed: nobody is signed in, ``--as`` is not allowed or names nobody, or the
                password has to be changed first.
        """
        if db.training or self.account is not None:
            return practising(db, self.account)
        moment = self.moment(db)
        actor, held = signed_in(db, token_of(db.meta["id"]), moment, any_password=any_password)
        sign_in.used(self.database, held, moment)
        return actor

    def session(self, actor: Actor, moment: Moment) -> Session:
        """Return the session in which somebody acts."""
        return Session(
            store=self.database,
            definitions=self.definitions,
            calendar=self.calendar,
            actor=actor,
            moment=moment,
        )

    def viewer(self, actor: Actor | None, moment: Moment) -> Viewer:
        """Return who looks."""
        return Viewer(actor=actor, moment=moment, lang=language())

    @contextmanager
    def desk(self) -> Iterator[tuple[Snapshot, Viewer]]:
        """Open the database for somebody who looks."""
        with self.database.reading() as db:
            actor = self.actor(db)
            moment = self.moment(db)
            yield Snapshot(db=db, moment=moment, calendar=lambda: self.calendar), self.viewer(actor, moment)

    @cached_property
    def office(self) -> Office:
        """The office at the database named."""
        return Office(
            self.db or str(user_data_folder() / "cases.db"),
            workflows=self.workflows,
            calendars=self.calendars,
            keys=self.keys,
            lang=language(),
            clock=machine_time,
        )

    @property
    def seat(self) -> Seat:
        """Who asks: whoever ``--as`` names, or whoever has signed in."""
        return Seat(account=self.account, tokens=token_of, at=self.at)


def ask(request: Request[A], progress: Progress | None = None) -> A:
    """Ask the office for something, in the name of whoever runs the command, and return the answer."""
    chosen = settings()
    return Desk(chosen.office, chosen.seat).ask(request, progress)


@cache
def settings() -> Settings:
    """Return the settings of this process."""
    return Settings(
        db=os.environ.get("CREDIT_WORKFLOW_DB") or None,
        json=os.environ.get("CREDIT_WORKFLOW_JSON", "") not in ("", "0"),
        account=os.environ.get("CREDIT_WORKFLOW_AS") or None,
        at=os.environ.get("CREDIT_WORKFLOW_AT") or None,
        workflows=_folder("CREDIT_WORKFLOW_WORKFLOWS"),
        calendars=_folder("CREDIT_WORKFLOW_CALENDARS"),
        keys=keys_folder(),
    )


def _folder(variable: str) -> Path | None:
    named = os.environ.get(variable)
    return Path(named) if named else None
