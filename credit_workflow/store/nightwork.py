"""Do a whole night's work on a database: the sweep, and the seal over what it wrote."""

from __future__ import annotations

from collections.abc import Callable, Collection

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
    calendar: WorkCalendar,
    moment: Moment,
    *,
    recurring: Collection[Definition] = (),
    progress: Callable[[int, int], None] | None = None,
) -> tuple[SweepReport, int | None]:
    """Fire all that is due now, once, and seal the log.

    Args:
        database: where the cases are.
        calendar: counts what is started.
        moment: the instant of recording, and the day up to which things are due.
        recurring: the definitions whose recurring cases are opened.
        progress: called with the number of deadlines done and the number due.

    Returns:
        What was done, and the number of the seal: None where the signing key is kept elsewhere.

    Raises:
        Conflict: the database stayed busy.
    """
    helpers = help_for(database, calendar, moment)
    report = sweep(database, calendar, moment, progress, recurring=recurring, helpers=helpers)
    from credit_workflow.store.integrity.seals import add_seal  # noqa: PLC0415 - cryptography starts slowly

    try:
        with database.writing() as db:
            return report, add_seal(db, moment.at)[0].seq
    except NotFound:
        return report, None
