"""Complete cases, records, accounts and units after Tab. It never fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from credit_workflow.cli.context import ask
from credit_workflow.errors import CreditWorkflowError
from credit_workflow.service.use_case import Request

if TYPE_CHECKING:  # only who completes asks for names
    from credit_workflow.service.use_cases.daily.names import Names

Completer = Callable[[str], list[tuple[str, str]]]


def cases_of(workflow: str | None = None, action: str | None = None) -> Completer:
    """Return a completer for the cases in whose state an action is open; for all unless one is given."""

    def complete(incomplete: str) -> list[tuple[str, str]]:
        from credit_workflow.service.use_cases.daily.names import CaseNames  # noqa: PLC0415

        return _offered(CaseNames(typed=incomplete, workflow=workflow, action=action))

    return complete


cases = cases_of()


def records(incomplete: str) -> list[tuple[str, str]]:
    """Return the records that begin so."""
    from credit_workflow.service.use_cases.daily.names import RecordNames  # noqa: PLC0415

    return _offered(RecordNames(typed=incomplete))


def accounts(incomplete: str) -> list[tuple[str, str]]:
    """Return the accounts that begin so."""
    from credit_workflow.service.use_cases.daily.names import AccountNames  # noqa: PLC0415

    return _offered(AccountNames(typed=incomplete))


def units(incomplete: str) -> list[tuple[str, str]]:
    """Return the units that begin so."""
    from credit_workflow.service.use_cases.daily.names import UnitNames  # noqa: PLC0415

    return _offered(UnitNames(typed=incomplete))


def _offered(request: Request[Names]) -> list[tuple[str, str]]:
    try:
        return list(ask(request).names)
    except CreditWorkflowError:
        return []
