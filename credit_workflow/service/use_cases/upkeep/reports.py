"""Make operating reports."""

from __future__ import annotations

from typing import cast

from credit_workflow.casework.audit.operations import operations
from credit_workflow.casework.cases.failures import shown_failures
from credit_workflow.casework.clock import local
from credit_workflow.casework.journal.look_entries import REPORT, OfFigures
from credit_workflow.casework.statistics.source import figures
from credit_workflow.casework.statistics.statistics_answers import MonthlyReport
from credit_workflow.casework.statistics.titles import Titles
from credit_workflow.errors import IntegrityFault
from credit_workflow.reports import monthly
from credit_workflow.service.use_case import Request
from credit_workflow.service.work import Work
from credit_workflow.store.integrity.seals import seals_of, verify_seals
from credit_workflow.store.integrity.verification import verify
from credit_workflow.store.mapping.shape import instant_of
from credit_workflow.store.reading.reader import Reader


class ReportMonth(Request[MonthlyReport], frozen=True, kw_only=True):
    """Make the operating report of a month (附件3·七(二)).

    Args:
        month: ``YYYY-MM``; the last one that is over unless given.
        verify: verify the log for it; a fault goes into the report.
    """

    month: str | None = None
    verify: bool = True


def report_month(work: Work, request: ReportMonth) -> MonthlyReport:
    """Make the operating report of a month.

    Raises:
        UsageFault: it is no month, or has not begun.
    """
    today, zone, db = work.moment.effective, work.calendar.zone, cast("Reader", work.db)
    month = monthly.month_of(request.month, today)
    found, failures = figures(work.snapshot, monthly.periods_of(month, today), progress=work.progress)
    period = found[0].period
    verified = _verified(db, work) if request.verify else None
    page = monthly.render(
        month,
        found,
        Titles(db.rules.values()),
        operations=operations(db, period, zone),
        seals=_seals(db, zone),
        verified=verified,
        failed=shown_failures(failures, "zh"),
        made=monthly.Made(
            at=local(work.moment.at, zone), by=work.actor.account, unit=work.actor.unit or "", training=db.training
        ),
    )
    work.look(OfFigures(purpose="report", first=period.first, last=period.end), REPORT)
    return MonthlyReport(
        month=f"{month[0]}-{month[1]:02}",
        verified=None if verified is None else verified.fault is None,
        content=page.encode(),
    )


def _verified(db: Reader, work: Work) -> monthly.Verified:
    """Return what verifying the log finds; a fault is reported rather than raised, since it belongs into the report."""
    try:
        counts = verify(db, work.progress)
        verify_seals(db)
    except IntegrityFault as fault:
        return monthly.Verified(fault=fault.message.zh, events=0, cases=0)
    return monthly.Verified(fault=None, events=counts["events"], cases=counts["cases"])


def _seals(db: Reader, zone: str) -> monthly.Seals:
    seals = seals_of(db)
    if not seals:
        return monthly.Seals(count=0, last=None, size=0)
    return monthly.Seals(count=len(seals), last=local(instant_of(seals[-1].at), zone), size=seals[-1].size)
