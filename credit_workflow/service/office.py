"""Open an office: a database of cases with the definitions and the calendar that count there."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, datetime

from credit_workflow.casework.clock import machine_time
from credit_workflow.service.answers import SweepReport, Workflow
from credit_workflow.service.calendars import Calendar
from credit_workflow.service.desk import Desk
from credit_workflow.service.door import carry_out
from credit_workflow.service.premises import Premises
from credit_workflow.service.seat import Seat
from credit_workflow.service.use_cases.daily.accounts import SignIn, WhoAmI
from credit_workflow.service.use_cases.daily.workflows import WorkflowForms
from credit_workflow.service.use_cases.upkeep.setup import CreateDatabase
from credit_workflow.service.use_cases.upkeep.sweep import Sweep
from credit_workflow.text import Lang

Folder = str | os.PathLike[str]
Instant = str | date | datetime


class Office(Premises):
    """A database of cases, opened by `open_database`, or made by `create_training` or `create_production`.

    Every call does one whole thing in one transaction. Nobody acts here: people act at a `Desk`, of a
    training database by `as_account`, of a production database by `sign_in`.
    """

    # -- what counts here

    @property
    def calendar(self) -> Calendar:
        """The calendar that counts the deadlines, with the notices that the database keeps by now.

        Raises:
            DefinitionFault, NotFound: its files have a mistake, or are not there.
            NotFound, IntegrityFault, Refused: the database can't be opened, as `open_database` says.
        """
        with self.database.reading() as db:
            return Calendar(self.counting(db), self.lang)

    @property
    def workflows(self) -> tuple[Workflow, ...]:
        """The definitions in force for new cases."""
        forms = carry_out(self, Seat(), WorkflowForms(in_force_alone=True)).workflows
        return tuple(
            Workflow(
                id=name,
                version=form.version,
                title=form.title.to(self.lang),
                actions=tuple(action for action, how in form.actions.items() if how.by_people),
            )
            for name, form in forms.items()
        )

    # -- who acts

    def as_account(self, name: str, *, at: Instant | None = None) -> Desk:
        """Return the desk of an account of a training database; nobody signs in there.

        Args:
            name: the account, for instance ``window1``.
            at: the instant taken for now, as the command line's ``--at`` takes it: a date alone is
                00:00, or the newest log entry's instant if that is later the same day; one without
                a zone is in the calendar's. The clock's unless given.

        Raises:
            NotAllowed: the database is for production, or has no such account.
            UsageFault: ``at`` is no instant.
            Refused: ``at`` is earlier than the newest entry of the log.
        """
        carry_out(self, Seat(account=name, at=at), WhoAmI())
        return Desk(self, Seat(account=name, at=at), account=name)

    def sign_in(self, name: str, password: str) -> Desk:
        """Return the desk of somebody who signs in to a production database.

        As a context manager the desk signs out at its end. A session ends by itself after 12
        hours, or 30 minutes unused.

        Raises:
            UsageFault: the database is for practice.
            NotAllowed: name or password is wrong, or the account is locked or not active: which
                of these is not told.
        """
        who = carry_out(self, Seat(), SignIn(name=name, password=password))
        return Desk(self, Seat(tokens=lambda _: who.token), account=who.account)

    # -- time

    def sweep(self, at: Instant | None = None, *, duties: bool | None = None) -> SweepReport:
        """Fire all that is due now, once, and seal the log; it needs no account.

        One bad case is reported in ``failed`` and holds up no other. Run again at once, it fires nothing.

        Args:
            at: as for `as_account`.
            duties: whether recurring cases are opened; unless given, on a production database only.

        Raises:
            NotAllowed, UsageFault, Refused: ``at`` is not allowed, no instant, or too early.
            Conflict: the database stayed busy.
        """
        return carry_out(self, Seat(at=at), Sweep(duties=duties)).report


def open_database(
    url: str | os.PathLike[str],
    *,
    workflows: Folder | None = None,
    calendars: Folder | None = None,
    keys: Folder | None = None,
    lang: Lang = "zh",
    clock: Callable[[], datetime] = machine_time,
) -> Office:
    """Open a database of cases.

    Args:
        url: an SQLAlchemy URL, or a path, which means SQLite.
        workflows: a folder of definitions instead of those that ship.
        calendars: a folder of calendars; else ``calendars`` beside ``workflows`` where it is there,
            else what ships.
        keys: the folder in which databases' keys lie; the user's (``CREDIT_WORKFLOW_KEYS``) unless given.
        lang: the language of titles and messages in what is returned; errors have both.
        clock: gives the present instant, aware; unless given, the clock of the database's server, or the
            machine's where the database is a file.

    Raises:
        NotFound: the database is missing or not initialised, or there are no definitions.
        IntegrityFault: it is damaged, or not one of ours.
        Refused: its schema is of another version of this software.
        DefinitionFault: a definition or calendar has a mistake; file, line and key are named.
        UsageFault: a URL of a kind that is not supported.
    """
    office = Office(url, workflows=workflows, calendars=calendars, keys=keys, lang=lang, clock=clock)
    _ = office.calendar  # what can't be used is said at once
    return office


def create_training(
    url: str | os.PathLike[str],
    *,
    at: Instant | None = None,
    workflows: Folder | None = None,
    calendars: Folder | None = None,
    keys: Folder | None = None,
    lang: Lang = "zh",
    clock: Callable[[], datetime] = machine_time,
) -> Office:
    """Create a database for practice, for good, with the accounts that the definitions say.

    Args:
        url: where; there must be nothing yet.
        at: the instant of its making; the clock's unless given.
        workflows: as for `open_database`; so are the others.
        calendars: as for `open_database`.
        keys: as for `open_database`.
        lang: as for `open_database`.
        clock: as for `open_database`.

    Raises:
        Refused: there is something already; it is left as it is.
        CreditWorkflowError: the place can't be written.
        DefinitionFault, NotFound, UsageFault: as for `open_database`.
    """
    office = Office(url, workflows=workflows, calendars=calendars, keys=keys, lang=lang, clock=clock)
    carry_out(office, Seat(at=at), CreateDatabase(training=True))
    return office


def create_production(
    url: str | os.PathLike[str],
    *,
    admin: str,
    password: str,
    workflows: Folder | None = None,
    calendars: Folder | None = None,
    keys: Folder | None = None,
    lang: Lang = "zh",
    clock: Callable[[], datetime] = machine_time,
) -> Office:
    """Create a database for production with its first administrator.

    Args:
        url: where; there must be nothing yet.
        admin: the administrator's account.
        password: the administrator's own; a weak one is refused.
        workflows: as for `open_database`; so are the others.
        calendars: as for `open_database`.
        keys: as for `open_database`.
        lang: as for `open_database`.
        clock: as for `open_database`.

    Raises:
        Refused: there is something already, or the password is too weak.
        CreditWorkflowError: the place can't be written.
        DefinitionFault, NotFound, UsageFault: as for `open_database`; a name that won't do, too.
    """
    office = Office(url, workflows=workflows, calendars=calendars, keys=keys, lang=lang, clock=clock)
    carry_out(office, Seat(), CreateDatabase(admin=admin, password=password))
    return office
