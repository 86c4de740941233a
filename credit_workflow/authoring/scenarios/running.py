"""Log what the software itself did before a step of an example: a report made, recovery rehearsed."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from credit_workflow.authoring.scenarios.scenario import Step
from credit_workflow.casework.journal.entry import Draft, Said
from credit_workflow.casework.journal.look_entries import REPORT, OfFigures
from credit_workflow.casework.journal.running_entries import Rehearsed
from credit_workflow.engine.values import SYSTEM
from credit_workflow.engine.world import Moment
from credit_workflow.store.database import Database


def log_running(database: Database, step: Step, moment: Moment) -> None:
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
