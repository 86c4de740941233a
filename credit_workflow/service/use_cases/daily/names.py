"""Complete names that begin as typed, for a shell."""

from __future__ import annotations

from credit_workflow.casework.access.seen import Seen
from credit_workflow.casework.criteria import CaseQuery
from credit_workflow.casework.rulebook.form_answers import Names
from credit_workflow.service.use_case import Request
from credit_workflow.service.work import Work

#: So many are offered.
_MOST = 200


class CaseNames(Request[Names], frozen=True, kw_only=True):
    """Name the cases that begin as typed, each with its state.

    Args:
        typed: what was typed.
        workflow: of this workflow.
        action: in whose state this action of it is open.
    """

    typed: str
    workflow: str | None = None
    action: str | None = None


class RecordNames(Request[Names], frozen=True, kw_only=True):
    """Name the records that begin as typed, each with its provider: what it says would be a look.

    Args:
        typed: what was typed.
    """

    typed: str


class AccountNames(Request[Names], frozen=True, kw_only=True):
    """Name the active accounts that begin as typed, each with its roles.

    Args:
        typed: what was typed.
    """

    typed: str


class UnitNames(Request[Names], frozen=True, kw_only=True):
    """Name the units on the register that begin as typed, each with its code.

    Args:
        typed: what was typed.
    """

    typed: str


def case_names(work: Work, request: CaseNames) -> Names:
    """Name cases."""
    from credit_workflow.definition.machine import Machine  # noqa: PLC0415 - loaded after Tab alone

    states = None
    if request.workflow is not None and request.action is not None:
        states = Machine(work.definitions[request.workflow].workflow).sources[request.action]
    found = work.db.cases.find(CaseQuery(begins=request.typed))
    found = [case for case in found if work.sight.of(case) > Seen.NOTHING]
    wanted = [c for c in found if states is None or (c.workflow == request.workflow and c.state in states)]
    return Names(names=tuple((case.number, case.state) for case in wanted[:_MOST]))


def record_names(work: Work, request: RecordNames) -> Names:
    """Name records.

    Raises:
        NotAllowed: the account does not work with records.
    """
    work.sight.look_at_records()
    found = work.db.records.find(begins=request.typed, limit=_MOST)
    return Names(names=tuple((record.no, record.provider) for record in found))


def account_names(work: Work, request: AccountNames) -> Names:
    """Name accounts."""
    found = [one for one in work.db.accounts.active() if one.account.startswith(request.typed)]
    return Names(names=tuple((one.account, ",".join(sorted(one.roles))) for one in found))


def unit_names(work: Work, request: UnitNames) -> Names:
    """Name units."""
    from credit_workflow.casework.units.register import register_of  # noqa: PLC0415 - loaded after Tab alone

    found = [one for one in register_of(work.db).units if one.name.startswith(request.typed)]
    return Names(names=tuple((one.name, one.code or "") for one in found[:_MOST]))
