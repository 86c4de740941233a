"""Do a whole night's work on a database: the sweep, and the seal over what it wrote."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.casework.sweep.sweep_report import SweepReport
from credit_workflow.casework.sweep.sweeping import sweep
from credit_workflow.definition.library import Definition
from credit_workflow.engine.world import Moment
from credit_workflow.errors import NotFound
from credit_workflow.store.database import Database
from credit_workflow.store.workers.sweep_helpers import help_for


def sweep_and_seal(
    database: Database,
    definitions: Mapping[str, Definition],
    calendar: WorkCalendar,
    moment: Moment,
    *,
    duties: bool | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[SweepReport, int | None]:
    """Fire all that is due now, once, and seal the log.

    Args:
        database: where the cases are.
        definitions: those in force; their recurring cases are opened.
        calendar: counts what is started.
        moment: the instant of recording, and the day up to which things are due.
        duties: whether recurring cases are opened; None on a production database only.
        progress: called with the number of deadlines done and the number due.

    Returns:
        What was done, and the number of the seal: None where the signing key is kept elsewhere.

    Raises:
        Conflict: the database stayed busy.
    """
    with database.reading() as db:
        training = db.training
    recurs = () if duties is False or (training and duties is None) else tuple(definitions.values())
    helpers = help_for(database, calendar, moment)
    report = sweep(database, calendar, moment, progress, recurring=recurs, helpers=helpers)
    from credit_workflow.store.integrity.seals import add_seal  # noqa: PLC0415 - cryptography starts slowly

    try:
        with database.writing() as db:
            return report, add_seal(db, moment.at)[0].seq
    except NotFound:
        return report, None
