"""Count how the work stands and how long it took."""

from __future__ import annotations

from datetime import date

from credit_workflow.casework.cases.failures import shown_failures
from credit_workflow.casework.journal.look_entries import OfFigures
from credit_workflow.casework.rulebook.in_force import known_workflow
from credit_workflow.casework.statistics.figure_tables import VIEWS, View, tables_for
from credit_workflow.casework.statistics.figures import OVERDUE, period_of
from credit_workflow.casework.statistics.source import figures
from credit_workflow.casework.statistics.statistics_answers import Cell, Column, Named, Statistics, Table
from credit_workflow.casework.statistics.titles import Titles
from credit_workflow.service.use_case import Request
from credit_workflow.service.work import Work


class CountCases(Request[Statistics], frozen=True, kw_only=True):
    """Count how the work stands and how long it took.

    Args:
        first: the first day that counts; from the beginning unless given.
        last: the last day that counts; today unless given.
        workflow: count this workflow only.
        unit: count the cases of this unit only, by any name that it has or had.
        view: give the tables of this view only.
        into_file: whether it goes into a file, which is for approved use only and logged (附件3·五(二)).
    """

    first: date | None = None
    last: date | None = None
    workflow: str | None = None
    unit: str | None = None
    view: View | None = None
    into_file: bool = False


def count_cases(work: Work, request: CountCases) -> Statistics:
    """Count how the work stands and how long it took.

    Raises:
        NotFound: there is no such workflow.
        UsageFault: the period ends before it begins, or begins after today.
    """
    known_workflow(work.definitions, request.workflow)
    period = period_of(request.first, request.last, work.moment.effective)
    workflow, unit = request.workflow, request.unit
    units = None if unit is None else work.sight.names_of(unit)
    (found,), failures = figures(work.snapshot, [period], workflow=workflow, units=units, progress=work.progress)
    tables = tables_for(found, Titles(work.db.rules.values()), request.view)
    if request.into_file:
        first, last = period.first, period.end
        work.look(OfFigures(purpose="statistics", first=first, last=last, workflow=workflow, unit=unit), "statistics")
    else:
        work.nobody_shown = True  # figures on the screen are no look at anybody
    return Statistics(
        as_of=period.today,
        first=period.first,
        last=period.end,
        workflow=workflow,
        unit=unit,
        tables=tuple(table.in_language(work.lang) for table in tables),
        failed=shown_failures(work.sight.failures(failures), work.lang),
    )
