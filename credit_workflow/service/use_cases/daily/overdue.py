"""List what is overdue; a module of its own, since it is asked for often and needs little."""

from __future__ import annotations

from collections.abc import Iterable

from credit_workflow.casework.answer import DeadlineKind
from credit_workflow.casework.cases.failures import shown_failures
from credit_workflow.casework.cases.overdue_answers import Overdue, OverdueDuties
from credit_workflow.casework.cases.snapshot import failures_in, overdue
from credit_workflow.casework.rulebook.in_force import known_workflow
from credit_workflow.service.use_case import Request
from credit_workflow.service.work import Work


class ListOverdue(Request[OverdueDuties], frozen=True, kw_only=True):
    """List the duties that are past their last day, longest first.

    Args:
        unit: of this unit's cases.
        workflow: of this workflow's cases.
        kind: statutory ones or targets; unless given both, targets apart.
        titles: whether it is told what states, deadlines and roles are called.
    """

    unit: str | None = None
    workflow: str | None = None
    kind: DeadlineKind | None = None
    titles: bool = False


def list_overdue(work: Work, request: ListOverdue) -> OverdueDuties:
    """List what is overdue, whether or not the sweep has run.

    Raises:
        NotFound: there is no such workflow.
    """
    if request.workflow is not None:
        known_workflow(work.definitions, request.workflow)
    snapshot = work.snapshot
    moved = snapshot.moved()
    kind, unit, workflow = request.kind or "statutory", request.unit, request.workflow
    found = overdue(snapshot, moved, work.sight, unit=unit, workflow=workflow, kind=kind)
    targets = None
    if request.kind is None:
        targets = overdue(snapshot, moved, work.sight, unit=unit, workflow=workflow, kind="target")
    return OverdueDuties(
        as_of=work.moment.effective,
        overdue=found,
        targets=targets,
        titles=_titles(work, (*found, *(targets or ()))) if request.titles else {},
        failed=shown_failures(work.sight.failures(failures_in(moved)), work.lang),
    )


def _titles(work: Work, duties: Iterable[Overdue]) -> dict[tuple[str, str], tuple[str, str, str]]:
    from credit_workflow.casework.rulebook.forms import form_of  # noqa: PLC0415 - programs ask for no titles

    forms = {rules.id: form_of(rules.workflow) for rules in work.db.rules.values()}
    return {
        (duty.case, duty.deadline): (
            forms[duty.workflow].state_title(duty.state, work.lang),
            forms[duty.workflow].deadline_title(duty.deadline, work.lang),
            forms[duty.workflow].role_title(duty.waiting_for, work.lang) if duty.waiting_for else "",
        )
        for duty in duties
    }
