"""Record what time alone brings about: the sweep, and the clock of the nightly jobs."""

from __future__ import annotations

from credit_workflow.casework.sweep.sweep_answers import SweepReport, Swept, Zone
from credit_workflow.casework.sweep.sweep_report import answer_of
from credit_workflow.definition.library import Definition
from credit_workflow.service.use_case import Request
from credit_workflow.service.work import Work


class Sweep(Request[Swept], frozen=True, kw_only=True):
    """Fire all that is due now, once, and seal the log.

    Args:
        duties: whether recurring cases are opened, or of which workflows; None on a production database only.
    """

    duties: bool | frozenset[str] | None = None


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
        work.calendar,
        work.moment,
        recurring=_recurring(work, request),
        progress=work.progress,
    )
    titles = {
        name: action.title.text.to(work.lang)
        for definition in reversed(list(work.definitions.values()))
        for name, action in definition.workflow.actions.items()
        if "system" in action.by
    }
    return Swept(report=answer_of(report, seal, work.lang), titles=titles)


def _recurring(work: Work, request: Sweep) -> list[Definition]:
    """Return the definitions whose recurring cases are opened."""
    duties = not work.office.training if request.duties is None else request.duties
    wanted = set(work.definitions) if duties is True else duties or ()
    return [definition for name, definition in work.definitions.items() if name in wanted]


def begin_nights(work: Work, _: BeginNights) -> Zone:
    """Say by whose clock the nightly jobs run."""
    return Zone(zone=work.calendar.zone)
