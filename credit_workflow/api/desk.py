"""A desk: where somebody submits, acts and looks up."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import msgspec

from credit_workflow.api.values import (
    Account,
    Case,
    DeadlineKind,
    Event,
    Explanation,
    Ground,
    Imported,
    Overdue,
    Record,
    Waiting,
)
from credit_workflow.casework import accounts, looking, lookup
from credit_workflow.casework import desk as casework
from credit_workflow.casework import records as recordwork
from credit_workflow.casework.acting import practising, signed_in
from credit_workflow.casework.answers import answer_of
from credit_workflow.casework.counting import with_counting
from credit_workflow.casework.desk import Form, NewCase, Session
from credit_workflow.casework.inforce import known_workflow
from credit_workflow.casework.looking import Viewer
from credit_workflow.casework.permissions import may
from credit_workflow.casework.ports import Reading
from credit_workflow.casework.segments import with_segments
from credit_workflow.casework.views import entry_view, explanation, record_view
from credit_workflow.definition.library import Definition
from credit_workflow.engine.identity import parse_subject
from credit_workflow.engine.values import Ground as EngineGround
from credit_workflow.errors import NotAllowed, UsageFault
from credit_workflow.text import Text

if TYPE_CHECKING:
    from credit_workflow.api.office import Office

Materials = Iterable[str] | Mapping[str, str | os.PathLike[str] | None]
CaseOrNumber = Case | str


class Desk:
    """Where one account submits, acts and looks up; made by `Office.as_account` or `Office.sign_in`.

    Every call is one transaction of its own, as of the instant that is then now. A refused action
    changes nothing; the refusal itself stands in the log. With ``with``, a desk that was signed in
    to signs out at the end.
    """

    def __init__(
        self, office: Office, *, account: str, at: str | date | datetime | None = None, token: str | None = None
    ) -> None:
        """Make a desk; not for callers, who ask an `Office` for one."""
        self.account = account
        self._office = office
        self._at = at
        self._token = token

    def __enter__(self) -> Self:
        """Return the desk."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Sign out, where somebody signed in."""
        self.sign_out()

    def sign_out(self) -> None:
        """End the session; of no effect on a training database."""
        if self._token is not None:
            accounts.sign_out(self._office._database, self._token)  # noqa: SLF001 - one package

    def whoami(self) -> Account:
        """Return who acts here.

        Raises:
            NotAllowed: nobody is signed in any more.
        """
        with self._office._database.reading() as db:  # noqa: SLF001 - one package
            actor = self._session(db, any_password=True).actor
        return Account(account=actor.account, roles=tuple(sorted(actor.roles)), unit=actor.unit)

    def change_password(self, old: str, new: str) -> None:
        """Change one's own password; every session of the account ends, this one too.

        Raises:
            NotAllowed: the present password is wrong, or the database is for practice.
            Refused: the new one won't do.
        """
        with self._office._database.reading() as db:  # noqa: SLF001 - one package
            if db.training:
                message = Text("练习数据库的账户没有密码", "the accounts of a training database have no passwords")
                raise NotAllowed(message, code="training_database")
            session = self._session(db, any_password=True)
        accounts.change_password(session, old, new)

    # -- actions

    def submit(
        self,
        workflow: str,
        *,
        record: str | None = None,
        subject: str | None = None,
        parent: CaseOrNumber | None = None,
        account: str | None = None,
        values: Mapping[str, Any] | None = None,
        materials: Materials = (),
        all_materials: bool = False,
        note: str | None = None,
    ) -> Case:
        """Open a case and return it as it then is.

        Args:
            workflow: the definition's name.
            record: the number of the record that it is about.
            subject: the applicant's ID number or code; the record's or the parent's subject unless given.
            parent: the case that it belongs to.
            account: the account that it is about, where the workflow is about accounts.
            values: what the opening action asks for, by its names; as text or already typed.
            materials: the kinds that were seen, or a mapping of kinds to their scans (None: no scan).
            all_materials: every material that the definition asks for was seen.
            note: a remark for the log.

        Raises:
            NotFound: there is no such workflow, record, parent or scan.
            NotAllowed: the role is not held.
            UsageFault: a value is missing, ill-typed or unknown.
            Refused: a rule stands in the way; ``details["grounds"]`` has every ground (`grounds_of`).
        """
        new = self._new(workflow, record=record, subject=subject, parent=parent, account=account)
        session = self._now()
        with self._form(values, materials, note, all_materials=all_materials) as form:
            number = casework.submit(session, new, form)
        opening = session.definitions[workflow].workflow.opening[0]
        return self._taken(number, opening)

    def act(
        self,
        case: CaseOrNumber,
        action: str,
        values: Mapping[str, Any] | None = None,
        *,
        materials: Materials = (),
        all_materials: bool = False,
        note: str | None = None,
        expect_version: int | None = None,
    ) -> Case:
        """Take an action on a case and return the case as it then is.

        Args:
            case: the case, or its number.
            action: the action's name.
            values: as for `submit`; so are ``materials``, ``all_materials`` and ``note``.
            materials: as for `submit`.
            all_materials: as for `submit`.
            note: as for `submit`.
            expect_version: refuse when the case is no longer in this version.

        Raises:
            NotFound: there is no such case, action or scan.
            Conflict: the case has changed meanwhile; nothing was written.
            NotAllowed, UsageFault, Refused: as for `submit`.
        """
        session, number, workflow = self._at_work_on(case)
        with self._form(values, materials, note, all_materials=all_materials) as form:
            casework.act(session, number, action, form, workflow=workflow, version=expect_version)
        return self._taken(number, action)

    def check(
        self,
        case: CaseOrNumber,
        action: str,
        values: Mapping[str, Any] | None = None,
        *,
        materials: Iterable[str] = (),
        all_materials: bool = False,
    ) -> tuple[Ground, ...]:
        """Return everything that stands in the way of an action; nothing is changed or logged.

        Raises:
            NotFound: there is no such case or action.
        """
        session, number, workflow = self._at_work_on(case)
        form = _unscanned(values, materials, all_materials=all_materials)
        found = casework.check(session, action, form, case=number, new=NewCase(workflow=workflow))
        return self._grounds(found)

    def check_submit(
        self,
        workflow: str,
        *,
        record: str | None = None,
        subject: str | None = None,
        parent: CaseOrNumber | None = None,
        account: str | None = None,
        values: Mapping[str, Any] | None = None,
        materials: Iterable[str] = (),
        all_materials: bool = False,
    ) -> tuple[Ground, ...]:
        """Return everything that stands in the way of opening a case, with the arguments of `submit`.

        Raises:
            NotFound: there is no such workflow, record or parent.
        """
        new = self._new(workflow, record=record, subject=subject, parent=parent, account=account)
        session = self._now()
        opening = casework.definition_of(session, workflow).workflow.opening[0]
        form = _unscanned(values, materials, all_materials=all_materials)
        return self._grounds(casework.check(session, opening, form, case=None, new=new))

    def assign(self, case: CaseOrNumber, account: str) -> Case:
        """Give a case to somebody of one's unit, as its supervisor.

        Raises:
            NotFound: there is no such case or account.
            NotAllowed: the account is no supervisor's.
            Refused: the case or the account is another unit's, or the case has ended.
        """
        casework.assign(self._now(), _number(case), account)
        return self.case(case)

    # -- looking

    def case(self, case: CaseOrNumber) -> Case:
        """Return a case as of now, whether or not the sweep has run.

        Raises:
            NotFound: there is no such case.
        """
        with self._looking() as (desk, viewer, _):
            return msgspec.convert(lookup.show_case(desk, _number(case), viewer), Case)

    def cases(
        self,
        *,
        workflow: str | None = None,
        state: str | None = None,
        role: str | None = None,
        unit: str | None = None,
        due_before: date | None = None,
        limit: int | None = None,
        open_only: bool = False,
    ) -> tuple[Case, ...]:
        """Return the cases wanted as of now, the oldest first; what is not given does not narrow.

        Args:
            workflow: of this workflow only.
            state: in this state only.
            role: that wait for this role only.
            unit: of this unit only.
            due_before: with a running deadline due before this day (exclusive).
            limit: at most so many.
            open_only: not those that have ended.

        Raises:
            NotFound: there is no such workflow.
            UsageFault: the limit is not 1 or more.
        """
        if limit is not None and limit < 1:
            raise UsageFault(Text("limit 至少为 1", "the limit is 1 or more"), code="limit")
        wanted = lookup.Filter(
            workflow=workflow,
            state=state,
            role=role,
            unit=unit,
            due_before=due_before,
            limit=limit,
            open_only=open_only,
        )
        with self._looking() as (desk, viewer, definitions):
            known_workflow(definitions, workflow)
            return msgspec.convert(lookup.list_cases(desk, wanted, viewer, actions=True), tuple[Case, ...])

    def todo(self, *, unit: str | None = None) -> tuple[Waiting, ...]:
        """Return the open cases that wait for this account, the most urgent first; their ``actions`` are left out."""
        with self._looking() as (desk, viewer, _):
            return msgspec.convert(lookup.todo(desk, viewer, unit=unit), tuple[Waiting, ...])

    def overdue(
        self,
        *,
        unit: str | None = None,
        workflow: str | None = None,
        kind: DeadlineKind = "statutory",
    ) -> tuple[Overdue, ...]:
        """Return the duties past their last day, longest first, whether or not the sweep has run.

        Args:
            unit: of this unit only.
            workflow: of this workflow only.
            kind: statutory deadlines, or the unit's own targets.

        Raises:
            NotFound: there is no such workflow.
        """
        with self._looking() as (desk, _, definitions):
            known_workflow(definitions, workflow)
            found = looking.overdue(desk, unit=unit, workflow=workflow, kind=kind)
        return msgspec.convert(found, tuple[Overdue, ...])

    def history(self, case: CaseOrNumber) -> tuple[Event, ...]:
        """Return a case's log, the oldest entry first.

        Raises:
            NotFound: there is no such case.
        """
        number = _number(case)
        with self._looking() as (desk, _, _):
            workflow = desk.db.rules[desk.db.case(number).definition].workflow
            zone = desk.calendar().zone
            entries = desk.db.entries(number)
            views = [entry_view(seq, hash_, entry, zone, workflow) for seq, hash_, entry in entries]
        return msgspec.convert(views, tuple[Event, ...])

    def explain(self, case: CaseOrNumber, deadline: str | None = None) -> tuple[Explanation, ...]:
        """Return how each due date of a case was counted, or that of one deadline.

        Raises:
            NotFound: there is no such case or deadline.
        """
        number = _number(case)
        with self._looking() as (desk, viewer, _):
            world, _ = desk.caught_up(desk.db.family(desk.db.case(number).number))
            counting = with_counting(desk.db, world, frozenset({number}))
            found = [with_segments(one) for one in explanation(world.cases[number], counting, deadline, viewer.lang)]
        return msgspec.convert(found, tuple[Explanation, ...])

    # -- records

    def import_records(
        self, source: str | os.PathLike[str] | Iterable[Mapping[str, Any]], *, update: bool = False
    ) -> Imported:
        """Import credit records, all or nothing.

        Args:
            source: a file (CSV, or JSON Lines by its ending; UTF-8), or rows by the columns' names.
            update: whether a record already known is given the new values.

        Raises:
            NotAllowed: the account may not.
            NotFound: there is no such file.
            UsageFault: a line has a mistake; ``details["lines"]`` names each with its number.
            Refused: a record is already known, and ``update`` is not given.
        """
        session = self._now()
        if isinstance(source, (str, os.PathLike)):
            done = recordwork.import_records(session, Path(source), update=update)
        else:
            done = recordwork.import_rows(session, source, update=update)
        return Imported(imported=done.imported, updated=done.updated)

    def look_up(self, record_no: str, *, purpose: str | None = None, full: bool = False) -> Record:
        """Return a record with its marks; who looked, and why, goes into the log.

        Args:
            record_no: its number.
            purpose: why; case work unless given. ``full`` needs one.
            full: show the whole ID number.

        Raises:
            NotFound: there is no such record.
            UsageFault: ``full`` without a purpose.
            NotAllowed: ``full`` is not for this account.
        """
        recordwork.look_at(self._now(), record_no, purpose=purpose, full=full)
        with self._looking() as (desk, viewer, definitions):
            return self._record(desk, viewer, definitions, desk.db.record(record_no), full=full)

    def records(self, *, subject: str | None = None) -> tuple[Record, ...]:
        """Return the records, or those of one person, ID numbers masked.

        Args:
            subject: the person's ID number or code.

        Raises:
            UsageFault: that is none.
        """
        with self._looking() as (desk, viewer, definitions):
            if subject is None:
                found = desk.db.records()
            else:
                key = desk.db.keyed(parse_subject(subject).key)
                found = desk.db.records("WHERE subject_key = ?", (key,))
            return tuple(self._record(desk, viewer, definitions, record, full=False) for record in found)

    # -- inside

    def _record(
        self, desk: looking.Desk, viewer: Viewer, definitions: Mapping[str, Definition], record: Any, *, full: bool
    ) -> Record:
        roles = viewer.actor.roles if viewer.actor else frozenset()
        sees = may(definitions, roles, "see_suspended")
        marks = lookup.marks_in_force(desk, record.no)
        return msgspec.convert(record_view(record, marks, viewer, full=full, sees=sees), Record)

    def _session(self, db: Reading, *, any_password: bool = False) -> Session:
        office = self._office
        moment = office._moment(db, self._at)  # noqa: SLF001 - one package
        if self._token is None:
            return office._session(db, practising(db, self.account), moment)  # noqa: SLF001 - as above
        actor, held = signed_in(db, self._token, moment, any_password=any_password)
        session = office._session(db, actor, moment)  # noqa: SLF001 - as above
        accounts.used(session, held)
        return session

    def _now(self) -> Session:
        with self._office._database.reading() as db:  # noqa: SLF001 - one package
            return self._session(db)

    def _at_work_on(self, case: CaseOrNumber) -> tuple[Session, str, str]:
        number = _number(case)
        with self._office._database.reading() as db:  # noqa: SLF001 - one package
            return self._session(db), number, db.case(number).workflow

    @contextmanager
    def _looking(self) -> Iterator[tuple[looking.Desk, Viewer, Mapping[str, Definition]]]:
        with self._office._database.reading() as db:  # noqa: SLF001 - one package
            session = self._session(db)
            viewer = Viewer(actor=session.actor, moment=session.moment, lang=self._office.lang)
            desk = looking.Desk(db=db, moment=session.moment, calendar=lambda: session.calendar)
            yield desk, viewer, session.definitions

    @contextmanager
    def _form(
        self, values: Mapping[str, Any] | None, materials: Materials, note: str | None, *, all_materials: bool
    ) -> Iterator[Form]:
        from credit_workflow.store.scans import kept  # noqa: PLC0415 - the library of ciphers starts slowly

        named = materials if isinstance(materials, Mapping) else dict.fromkeys(materials)
        files = {kind: None if file is None else Path(file) for kind, file in named.items()}
        with kept(self._office._database, files) as digests:  # noqa: SLF001 - one package
            yield Form(given=dict(values or {}), materials=digests, all_materials=all_materials, note=note)

    def _taken(self, number: str, action: str) -> Case:
        """Return the case as it is after an action, with the records that it gives to read."""
        with self._looking() as (desk, viewer, _):
            view = lookup.show_case(desk, number, viewer)
            case = desk.db.case(number)
            shows = desk.db.rules[case.definition].workflow.actions[action].shows
            if shows is not None:
                view["answer"] = answer_of(desk.db, case, shows, viewer.lang)
            return msgspec.convert(view, Case)

    def _grounds(self, found: Iterable[EngineGround]) -> tuple[Ground, ...]:
        lang = self._office.lang
        return tuple(
            Ground(code=g.code, message=g.message.to(lang), source=g.source, facts=dict(g.facts)) for g in found
        )

    @staticmethod
    def _new(workflow: str, *, parent: CaseOrNumber | None, **about: str | None) -> NewCase:
        return NewCase(workflow=workflow, parent=None if parent is None else _number(parent), **about)


def _number(case: CaseOrNumber) -> str:
    return case if isinstance(case, str) else case.number


def _unscanned(values: Mapping[str, Any] | None, materials: Iterable[str], *, all_materials: bool) -> Form:
    return Form(given=dict(values or {}), materials=dict.fromkeys(materials), all_materials=all_materials)
