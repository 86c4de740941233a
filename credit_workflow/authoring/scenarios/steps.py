"""Carry out a step: open a case, take an action or sweep a night, as people and the scheduler do."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from credit_workflow.authoring.scenarios.practice_accounts import account_for
from credit_workflow.authoring.scenarios.scenario import Step
from credit_workflow.authoring.scenarios.scenario_checks import ALL
from credit_workflow.authoring.scenarios.scenario_door import Door
from credit_workflow.authoring.scenarios.stage import Stage
from credit_workflow.casework.acting import Form, NewCase
from credit_workflow.casework.journal.entry import Draft, Said
from credit_workflow.casework.journal.look_entries import REPORT, OfFigures
from credit_workflow.casework.journal.running_entries import Rehearsed
from credit_workflow.casework.sweep.sweep_answers import SweepReport
from credit_workflow.definition.model import Workflow
from credit_workflow.engine.values import SYSTEM, Actor
from credit_workflow.engine.world import Moment
from credit_workflow.store.database import Database

_BY_DAY, _BY_NIGHT = time(9), time(0, 5)


@dataclass(kw_only=True)
class Progress:
    """How far a scenario has come, besides what its database says.

    ``cases`` are the numbers of cases by their names, ``current`` the name of the case of the last
    step; ``entries`` and ``versions`` how much of each case has been noted, ``notices`` how many
    have been sent. ``stopped`` says that a step went wrong and the rest makes no sense.
    """

    cases: dict[str, str] = field(default_factory=dict)
    current: str | None = None
    last: datetime | None = None
    opened: set[str] = field(default_factory=set)
    entries: dict[str, int] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    notifications: int = 0
    steps: int = 0
    stopped: bool = False


@dataclass(frozen=True, kw_only=True)
class Doer:
    """Takes the steps of a scenario.

    Args:
        stage: the rules.
        accounts: who acts, by account name.
        door: through which people and the night come to its database.
        people: the ID numbers of people, by name.
        record: the record that a case is about where a step names none.
        workflow: what the scenario's file is about.
        progress: how far it has come; the steps carry it on.
    """

    stage: Stage
    accounts: Mapping[str, Actor]
    door: Door
    people: dict[str, str]
    record: str
    workflow: str
    progress: Progress

    @property
    def database(self) -> Database:
        """The scenario's own."""
        return self.door.database

    def moment(self, step: Step) -> Moment:
        """Return the step's instant: a working hour of its day, or its night; never before the last one."""
        zone = self.stage.calendar.zone
        hour = _BY_NIGHT if step.sweep is not None else _BY_DAY
        at = datetime.combine(date.fromisoformat(step.day), hour, tzinfo=ZoneInfo(zone))
        if self.progress.last is not None:
            at = max(at, self.progress.last + timedelta(seconds=1))
        self.progress.last = at
        return Moment.of(at, zone)

    def take(self, step: Step, moment: Moment) -> SweepReport | None:
        """Take a step; return what a sweep did.

        Raises:
            CreditWorkflowError: it is refused.
        """
        if step.case is not None:
            self.progress.current = step.case
        if step.sweep is not None:
            return self._sweep(moment)
        if step.report is not None or step.rehearsal is not None:
            _log_running(self.database, step, moment)
        elif step.open is not None:
            self._open(step, step.open, moment)
        elif step.do is not None:
            workflow = self.workflow_of(step)
            form = self._form(step, workflow, step.do)
            self.door.act(self._account(step, workflow, step.do), moment.at, self.number, step.do, form)
            if step.name is not None:  # the case that the action has opened below this one
                with self.database.reading() as db:
                    self.progress.cases[step.name] = db.cases.children([self.number])[self.number][-1]
        return None

    @property
    def number(self) -> str:
        """The number of the step's case."""
        return self.progress.cases[self.progress.current or ""]

    def workflow_of(self, step: Step) -> Workflow:
        """Return the workflow of the step's case, or of the one that it opens."""
        if step.open is not None:
            return self.stage.definitions[step.open].workflow
        with self.database.reading() as db:
            return self.stage.definitions[db.cases.get(self.number).workflow].workflow

    def _open(self, step: Step, name: str, moment: Moment) -> None:
        self.progress.opened.add(name)
        workflow = self.workflow_of(step)
        action = workflow.opening[0]
        account, form = self._account(step, workflow, action), self._form(step, workflow, action)
        number = self.door.submit(account, moment.at, self._new(step, workflow), form)
        self.progress.current = step.name or name
        self.progress.cases[self.progress.current] = number

    def _account(self, step: Step, workflow: Workflow, action: str) -> str:
        # What nobody's role takes is the program's own step, as signing in is.
        by = step.by or next((role for role in workflow.actions[action].by if role != SYSTEM), None)
        return SYSTEM if by is None else account_for(by, self.accounts).account

    def _new(self, step: Step, workflow: Workflow) -> NewCase:
        record, subject = step.record, step.subject
        if workflow.about == "record" and workflow.parent is None:
            without = record is None and any(name in step.given for name in workflow.opening[1].instead_of_record)
            record = None if without else record or self.record
            subject = subject or "applicant" if without else subject
        if workflow.about == "person":
            subject = subject or "applicant"
        return NewCase(
            workflow=workflow.workflow,
            record=record,
            parent=None if step.parent is None else self.progress.cases[step.parent],
            subject=None if subject is None else self.people[subject],
            account=step.account,
        )

    def _form(self, step: Step, workflow: Workflow, action: str) -> Form:
        rule = workflow.actions[action]
        kinds = [step.materials] if isinstance(step.materials, str) else list(step.materials)
        return Form(
            given={name: self._value(workflow, rule.field_of(name), v) for name, v in step.given.items()},
            materials=dict.fromkeys(kind for kind in kinds if kind != ALL),
            all_materials=ALL in kinds,
            note=step.note,
        )

    def _value(self, workflow: Workflow, name: str, value: Any) -> Any:
        """Return a given value, people and cases by their numbers instead of their names here."""
        kind = workflow.fields[name].type
        if kind == "person" and isinstance(value, str):
            return self.people.get(value, value)
        if kind == "cases":
            listed = [value] if isinstance(value, str) else value
            return [self.progress.cases.get(case, case) for case in listed] if isinstance(listed, list) else value
        return value

    def _sweep(self, moment: Moment) -> SweepReport:
        """Sweep the night; what recurs is opened of the workflows that the scenario is about."""
        return self.door.sweep(moment.at, {*self.progress.opened, self.workflow})


def _log_running(database: Database, step: Step, moment: Moment) -> None:
    """Write the entry that the report or the rehearsal of a step leaves in the log."""
    said: Said
    kind = ""
    if step.report is not None:
        year, month = map(int, step.report.split("-"))
        first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
        said, kind = OfFigures(purpose="report", first=first, last=last), REPORT
    else:
        said = Rehearsed(ok=step.rehearsal is True, seconds=1.0, code=None if step.rehearsal else "scratch")
    with database.writing() as db:
        db.journal.add(Draft(said=said, at=moment.at, actor=SYSTEM, role=SYSTEM, as_kind=kind))
