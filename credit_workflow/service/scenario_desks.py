"""Give a scenario's people its database to act and sweep in, by the same actions and the same sweep as everybody's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from credit_workflow.authoring.scenarios.scenario_door import Opens
from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.casework.cases import acting
from credit_workflow.casework.session import Form, NewCase, Session
from credit_workflow.casework.sweep.sweep_report import SweepReport
from credit_workflow.casework.sweep.sweeping import sweep
from credit_workflow.definition.library import Definition
from credit_workflow.engine.values import Actor
from credit_workflow.engine.world import Moment
from credit_workflow.store.database import Database


def opening(definitions: Mapping[str, Definition], calendar: WorkCalendar) -> Opens:
    """Return what opens the door to a scenario's database.

    Args:
        definitions: the rules that are played.
        calendar: counts the deadlines.
    """
    return lambda database: _Desks(database, definitions, calendar)


class _Desks:
    def __init__(self, database: Database, definitions: Mapping[str, Definition], calendar: WorkCalendar) -> None:
        self._database = database
        self._definitions = definitions
        self._calendar = calendar

    def submit(self, actor: Actor, moment: Moment, new: NewCase, form: Form) -> str:
        return acting.submit(self._session(actor, moment), new, form)

    def act(self, actor: Actor, moment: Moment, case: str, action: str, form: Form) -> None:
        with self._database.reading() as db:
            workflow = db.cases.get(case).workflow
        acting.act(self._session(actor, moment), case, action, form, workflow=workflow)

    def sweep(self, moment: Moment, recurring: Iterable[Definition]) -> SweepReport:
        return sweep(self._database, self._calendar, moment, recurring=recurring)

    def _session(self, actor: Actor, moment: Moment) -> Session:
        return Session(
            store=self._database,
            definitions=self._definitions,
            calendar=self._calendar,
            actor=actor,
            moment=moment,
        )
