"""In whose name a desk works, and as of when: sessions to act in, and views to look from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from credit_workflow.casework.access.identification import practising, signed_in
from credit_workflow.casework.accounts import sign_in
from credit_workflow.casework.cases.snapshot import Snapshot, Viewer
from credit_workflow.casework.ports import Reading
from credit_workflow.casework.session import Session
from credit_workflow.definition.library import Definition
from credit_workflow.service.seat import Seat as Place
from credit_workflow.text import Lang

if TYPE_CHECKING:
    from credit_workflow.api.office import Office
    from credit_workflow.store.database import Database


@dataclass(frozen=True, kw_only=True)
class Seat:
    """Who sits at a desk of an office.

    Args:
        office: the office.
        account: who acts.
        at: what is taken for now, on a training database; None for the clock's time.
        token: of the session, where somebody signed in; None on a training database.
    """

    office: Office
    account: str
    at: str | date | datetime | None = None
    token: str | None = None

    @property
    def database(self) -> Database:
        """The office's database."""
        return self.office.database

    @property
    def lang(self) -> Lang:
        """The language of the office."""
        return self.office.lang

    @property
    def place(self) -> Place:
        """In whose name the service is asked."""
        token = self.token
        return Place(account=None if token else self.account, tokens=lambda _: token, at=self.at)

    def session(self, db: Reading, *, any_password: bool = False) -> Session:
        """Return a session to act in, as of now.

        Args:
            db: the database, which is being read.
            any_password: whether a password that must be changed first will do.

        Raises:
            NotAllowed: nobody is signed in any more, or there is no such account to practise with.
        """
        office = self.office
        moment = office.moment(db, self.at)
        if self.token is None:
            return office._session(db, practising(db, self.account), moment)  # noqa: SLF001 - as above
        actor, held = signed_in(db, self.token, moment, any_password=any_password)
        session = office._session(db, actor, moment)  # noqa: SLF001 - as above
        sign_in.used(self.database, held, moment)
        return session

    def now(self) -> Session:
        """Return a session, and let go of the database."""
        with self.database.reading() as db:
            return self.session(db)

    def at_work_on(self, number: str) -> tuple[Session, str]:
        """Return a session, and the workflow of a case.

        Raises:
            NotFound: there is no such case.
        """
        with self.database.reading() as db:
            return self.session(db), db.case(number).workflow

    @contextmanager
    def looking(self) -> Iterator[tuple[Snapshot, Viewer, Mapping[str, Definition]]]:
        """Give what looking at cases needs, with the definitions in force."""
        with self.database.reading() as db:
            session = self.session(db)
            viewer = Viewer(actor=session.actor, moment=session.moment, lang=self.lang)
            desk = Snapshot(db=db, moment=session.moment, calendar=lambda: session.calendar)
            yield desk, viewer, session.definitions

    def sign_out(self) -> None:
        """End the session; of no effect where nobody signed in."""
        if self.token is not None:
            sign_in.sign_out(self.database, self.token)
