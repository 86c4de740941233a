"""Record what time alone brings about: the sweep, and the clock of the nightly jobs."""

from __future__ import annotations

from credit_workflow.casework.sweep.sweep_answers import SweepReport, Swept, Zone
from credit_workflow.casework.sweep.sweep_report import answer_of
from credit_workflow.service.use_case import Request
from credit_workflow.service.work import Work


class Sweep(Request[Swept], frozen=True, kw_only=True):
    """Fire all that is due now, once, and seal the log.

    Args:
        duties: whether recurring cases are opened; None on a production database only.
    """

    duties: bool | None = None


class BeginNights(Request[Zone], frozen=True, kw_only=True):
    """Say by whose clock the nightly jobs run; a database that can't be used is said so at once."""


def sweep(work: Work, request: Sweep) -> Swept:
    """Sweep.

    One bad case is reported in ``failed`` and holds up no other. Run again at once, it fires nothing.

    Raises:
        Conflict: the database stayed busy.
    """
    from credit_workflow.store.nightwork import sweep_and_seal  # noqa: PLC0415 - helpers and seals start slowly

    report, seal = sweep_and_seal(
        work.office.database,
        work.definitions,
        work.calendar,
        work.moment,
        duties=request.duties,
        progress=work.progress,
    )
    titles = {
        name: action.title.text.to(work.lang)
        for definition in reversed(list(work.definitions.values()))
        for name, action in definition.workflow.actions.items()
        if "system" in action.by
    }
    return Swept(report=answer_of(report, seal, work.lang), titles=titles)


def begin_nights(work: Work, _: BeginNights) -> Zone:
    """Say by whose clock the nightly jobs run."""
    return Zone(zone=work.calendar.zone)
