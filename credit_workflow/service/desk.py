"""Let somebody submit, act and look up: a desk in an office."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import date
from types import TracebackType
from typing import Any, Self

from credit_workflow.errors import UsageFault
from credit_workflow.service.answers import (
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
from credit_workflow.service.door import carry_out
from credit_workflow.service.given import CaseOrNumber, Materials, number_of, records_file, scans
from credit_workflow.service.premises import Premises
from credit_workflow.service.seat import Seat
from credit_workflow.service.use_case import A, Request
from credit_workflow.service.use_cases.daily.accounts import ChangePassword, SignOut, WhoAmI
from credit_workflow.service.use_cases.daily.acting import (
    AssignCase,
    CheckAction,
    CheckSubmit,
    SubmitCase,
    TakeAction,
)
from credit_workflow.service.use_cases.daily.cases import CaseHistory, ListCases, ListTodo, ShowCase
from credit_workflow.service.use_cases.daily.explanations import ExplainCase
from credit_workflow.service.use_cases.daily.overdue import ListOverdue
from credit_workflow.service.use_cases.daily.records import ImportRecords, ListRecords, ShowRecord
from credit_workflow.service.work import Progress
from credit_workflow.text import Text


class Desk:
    """Where one account submits, acts and looks up; made by `Office.as_account` or `Office.sign_in`.

    Every call is one transaction of its own, as of the instant that is then now. A refused action
    changes nothing; the refusal itself stands in the log. With ``with``, a desk that was signed in
    to signs out at the end.
    """

    def __init__(self, office: Premises, seat: Seat, *, account: str) -> None:
        """Make a desk; not for callers, who ask an `Office` for one."""
        self.account = account
        self._office = office
        self._seat = seat

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
        self.ask(SignOut())

    def whoami(self) -> Account:
        """Return who acts here.

        Raises:
            NotAllowed: nobody is signed in any more.
        """
        return self.ask(WhoAmI())

    def change_password(self, old: str, new: str) -> None:
        """Change one's own password; every session of the account ends, this one too.

        Raises:
            NotAllowed: the present password is wrong.
            UsageFault: the database is for practice.
            Refused: the new one won't do.
        """
        self.ask(ChangePassword(old=old, new=new))

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
        filed_on: date | None = None,
        filed_late: str | None = None,
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
            filed_on: the day on which the application was brought; today unless given.
            filed_late: why it is typed in later.

        Raises:
            NotFound: there is no such workflow, record, parent or scan.
            NotAllowed: the role is not held.
            UsageFault: a value is missing, ill-typed or unknown.
            Refused: a rule stands in the way; ``details["grounds"]`` has every ground (`grounds_of`).
        """
        request = SubmitCase(
            workflow=workflow,
            record=record,
            subject=subject,
            parent=None if parent is None else number_of(parent),
            account=account,
            values=dict(values or {}),
            materials=scans(materials),
            all_materials=all_materials,
            note=note,
            filed_on=filed_on,
            filed_late=filed_late,
        )
        return self.ask(request).case

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
        request = TakeAction(
            case=number_of(case),
            action=action,
            values=dict(values or {}),
            materials=scans(materials),
            all_materials=all_materials,
            note=note,
            expect_version=expect_version,
        )
        return self.ask(request).case

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
        request = CheckAction(
            case=number_of(case),
            action=action,
            values=dict(values or {}),
            materials=tuple(materials),
            all_materials=all_materials,
        )
        return self.ask(request).grounds

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
        request = CheckSubmit(
            workflow=workflow,
            record=record,
            subject=subject,
            parent=None if parent is None else number_of(parent),
            account=account,
            values=dict(values or {}),
            materials=tuple(materials),
            all_materials=all_materials,
        )
        return self.ask(request).grounds

    def assign(self, case: CaseOrNumber, account: str) -> Case:
        """Give a case to somebody of one's unit, as its supervisor.

        Raises:
            NotFound: there is no such case or account.
            NotAllowed: the account is no supervisor's.
            Refused: the case or the account is another unit's, or the case has ended.
        """
        return self.ask(AssignCase(case=number_of(case), account=account)).case

    # -- looking

    def case(self, case: CaseOrNumber) -> Case:
        """Return a case as of now, whether or not the sweep has run.

        Raises:
            NotFound: there is no such case.
        """
        return self.ask(ShowCase(case=number_of(case))).case

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
        request = ListCases(
            workflow=workflow,
            state=state,
            role=role,
            unit=unit,
            due_before=due_before,
            limit=limit,
            open=open_only,
        )
        return self.ask(request).cases

    def todo(self, *, unit: str | None = None) -> tuple[Waiting, ...]:
        """Return the open cases that wait for this account, the most urgent first; their ``actions`` are left out."""
        return self.ask(ListTodo(unit=unit)).cases

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
        return self.ask(ListOverdue(unit=unit, workflow=workflow, kind=kind)).overdue

    def history(self, case: CaseOrNumber) -> tuple[Event, ...]:
        """Return a case's log, the oldest entry first.

        Raises:
            NotFound: there is no such case.
        """
        return self.ask(CaseHistory(case=number_of(case))).events

    def explain(self, case: CaseOrNumber, deadline: str | None = None) -> tuple[Explanation, ...]:
        """Return how each due date of a case was counted, or that of one deadline.

        Raises:
            NotFound: there is no such case or deadline.
        """
        return self.ask(ExplainCase(case=number_of(case), deadline=deadline)).deadlines

    # -- records

    def import_records(
        self, source: str | os.PathLike[str] | Iterable[Mapping[str, Any]], *, update: bool = False, hold: bool = False
    ) -> Imported:
        """Import credit records, all or nothing.

        Args:
            source: a file (CSV, or JSON Lines by its ending; UTF-8), or rows by the columns' names.
            update: whether a record already known is given the new values.
            hold: whether rows that would undo what a case decided are kept for the centre, and the rest applied.

        Raises:
            NotAllowed: the account may not.
            NotFound: there is no such file.
            UsageFault: a line has a mistake; ``details["lines"]`` names each with its number.
            Refused: a record is already known, and ``update`` is not given; or a row would undo what a
                case decided, and ``hold`` is not given.
        """
        return self.ask(ImportRecords(file=records_file(source), update=update, hold=hold))

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
        return self.ask(ShowRecord(record_no=record_no, purpose=purpose, full=full))

    def records(self, *, subject: str | None = None) -> tuple[Record, ...]:
        """Return the records, or those of one person, ID numbers masked.

        Args:
            subject: the person's ID number or code.

        Raises:
            UsageFault: that is none.
        """
        return self.ask(ListRecords(subject=subject)).records

    def ask(self, request: Request[A], progress: Progress | None = None) -> A:
        """Carry out any use case of the service and return its answer.

        Args:
            request: what is asked.
            progress: is told what is done and what is to do.

        Raises:
            CreditWorkflowError: as the use case says.
        """
        return carry_out(self._office, self._seat, request, progress)
