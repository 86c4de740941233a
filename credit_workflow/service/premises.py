"""Hold what an office has: a database with its definitions, calendar, keys, clock and language, opened once."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from credit_workflow.calendar.compiled import KeptNotice
from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.casework.access.identification import practising
from credit_workflow.casework.access.permissions import granting
from credit_workflow.casework.clock import machine_time, moment_for
from credit_workflow.casework.confirmed_days import CONFIRM, SLACK, confirmed_day, judged, newest_true
from credit_workflow.casework.journal.holiday_entries import NoticeImported
from credit_workflow.casework.ports import Reading
from credit_workflow.casework.rulebook.in_force import calendar_of, named_calendar
from credit_workflow.definition.library import Definition, load_definitions
from credit_workflow.engine.values import Actor
from credit_workflow.engine.world import Moment
from credit_workflow.errors import UsageFault
from credit_workflow.resources import keys_folder, user_data_folder
from credit_workflow.service.seat import Instant, Seat
from credit_workflow.store.database import Database
from credit_workflow.text import Lang, Text

__all__ = ["Folder", "Premises", "default_database", "machine_time"]

Folder = str | os.PathLike[str]


class Premises:
    """A database of cases with what counts in it.

    Nothing is taken from environment variables or the state of modules once it is made.

    Args:
        url: an SQLAlchemy URL, or a path, which means SQLite.
        workflows: a folder of definitions instead of those that ship.
        calendars: a folder of calendars; else ``calendars`` beside ``workflows`` where it is there,
            else what ships.
        keys: the folder in which databases' keys lie; the user's unless given.
        lang: the language of what is answered, where a desk has no other.
        clock: gives the present instant, aware; unless given, the clock of the database's server, or the
            machine's where the database is a file.

    Raises:
        UsageFault: a URL of a kind that is not supported, or a language that is none of ours.
    """

    def __init__(
        self,
        url: str | os.PathLike[str],
        *,
        workflows: Folder | None = None,
        calendars: Folder | None = None,
        keys: Folder | None = None,
        lang: Lang = "zh",
        clock: Callable[[], datetime] = machine_time,
    ) -> None:
        if lang not in ("zh", "en"):
            raise UsageFault(Text("lang 只能是 zh 或 en", "lang is zh or en"), code="language")
        self.lang: Lang = lang
        self.clock = clock
        self.workflow_folder = None if workflows is None else Path(workflows)
        self.calendar_folder = None if calendars is None else Path(calendars)
        self.keys = keys_folder() if keys is None else Path(keys)
        self.database = Database(os.fspath(url), self.keys)
        self.database.stay_open()
        self._open = True
        #: By how much the clock stood behind the log when it was last looked at, if by more than a slack.
        self.behind: timedelta | None = None
        # What was found out before, each with what says that it still holds: a pair, which threads see whole.
        self._notices: tuple[str, tuple[KeptNotice, ...]] | None = None
        self._in_force: tuple[tuple[str, date], Mapping[str, Definition]] | None = None
        self._known: tuple[tuple[KeptNotice, ...], WorkCalendar] | None = None

    def __enter__(self) -> Self:
        """Return the office."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the office."""
        self.close()

    def close(self) -> None:
        """Close the connections that are kept; what is asked afterwards opens its own, and closes it."""
        if self._open:
            self._open = False
            self.database.close()

    @cached_property
    def training(self) -> bool:
        """Whether the database is one for practice, which it is for good.

        Raises:
            NotFound, IntegrityFault, Refused: it can't be opened.
        """
        with self.database.reading() as db:
            return db.training

    @cached_property
    def folder(self) -> Mapping[str, Definition]:
        """The definitions of the folder.

        Raises:
            DefinitionFault, NotFound: one has a mistake, or there are none.
        """
        return load_definitions(self.workflow_folder)

    def in_force(self, db: Reading, day: date) -> Mapping[str, Definition]:
        """Return the definitions in force on a day: the folder's, unless the database says otherwise."""
        from credit_workflow.casework.journal.rule_entries import Published  # noqa: PLC0415 - lists ask for no rules
        from credit_workflow.casework.rulebook.publications import in_force  # noqa: PLC0415

        key = (db.journal.head(Published), day)
        known = self._in_force
        if known is None or known[0] != key:
            known = self._in_force = key, in_force(db, self.folder, day)
        return known[1]

    def counting(self, db: Reading) -> WorkCalendar:
        """Return the calendar that counts the deadlines, with the notices that the database keeps by now.

        Raises:
            DefinitionFault, NotFound: its files have a mistake, or are not there.
        """
        head = db.journal.head(NoticeImported)
        known = self._notices
        if known is None or known[0] != head:
            from credit_workflow.casework.holidays.kept_notices import kept_notices  # noqa: PLC0415 - once an office

            known = self._notices = head, kept_notices(db)
        return self.calendar_with(known[1])

    def edition(self, db: Reading, edition: str) -> WorkCalendar | None:
        """Return the calendar as it was with the notices that the database kept by then, or None.

        There is none where its files have changed since.
        """
        from credit_workflow.casework.holidays.kept_notices import kept_over_time  # noqa: PLC0415 - seldom asked for

        folders = {"workflows": self.workflow_folder, "calendars": self.calendar_folder}
        made = (calendar_of(self.folder, **folders, kept=kept) for kept in kept_over_time(db))
        return next((calendar for calendar in made if calendar.edition == edition), None)

    def calendar_with(self, kept: tuple[KeptNotice, ...]) -> WorkCalendar:
        """Return the calendar that the folder's definitions name, with notices kept elsewhere than in its files."""
        known = self._known
        if known is None or known[0] != kept:
            counting = calendar_of(
                self.folder, workflows=self.workflow_folder, calendars=self.calendar_folder, kept=kept
            )
            known = kept, counting
            self._known = known
        return known[1]

    def practising(self, db: Reading, name: str | None) -> Actor:
        """Return who acts in a training database by the name of an account.

        Raises:
            NotAllowed: the database is for production, no name is given, or there is no such account.
        """
        return practising(db, name)

    def load_calendar(self, name: str, kept: Sequence[KeptNotice]) -> WorkCalendar:
        """Return a calendar by its name, with notices kept elsewhere than in its files."""
        return named_calendar(name, workflows=self.workflow_folder, calendars=self.calendar_folder, kept=kept)

    def now(self, db: Reading | None = None) -> datetime:
        """Return the present instant: the office's own clock's; else the server's, where the database is on one.

        Of the several machines that use one server each would else have its own time.

        Args:
            db: the database, open; None where there is none yet.
        """
        if self.clock is not machine_time:
            return self.clock()
        server = self.database.backend.now() if db is None else db.server_time()
        return self.clock() if server is None else server

    def moment(self, db: Reading, at: Instant | None) -> Moment:
        """Return the moment that counts as now.

        Args:
            db: the database, open.
            at: the instant taken for now, on a training database: a date alone is 00:00, or the newest
                log entry's instant if that is later the same day; one without a zone is in the calendar's.

        Raises:
            NotAllowed, UsageFault, Refused: ``at`` is not allowed, no instant, or too early.

        On a production database it knows whether its day is confirmed (`confirmed_days`).
        """
        zone, machine = self.counting(db).zone, self.now(db)
        seat = Seat(at=at)
        if db.training:
            newest, looked = db.newest_change(), db.newest()
            return moment_for(seat.written_at, zone=zone, training=True, newest=newest, machine=machine, looked=looked)
        newest = newest_true(db)
        moment = moment_for(seat.written_at, zone=zone, training=False, newest=newest, machine=machine)
        self.behind = None if newest is None or newest - machine <= SLACK else newest - machine
        confirmed = confirmed_day(db, zone, moment.effective)
        far = judged(moment, confirmed)
        if far.confirmed is not None and granting(self.in_force(db, confirmed), CONFIRM) is None:
            return moment  # definitions of before: every day counts
        return far


def default_database() -> str:
    """Return the database of whoever names none: a file in the user's data folder."""
    return str(user_data_folder() / "cases.db")
