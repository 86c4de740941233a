"""What the shell offers after Tab: cases, records, accounts. It never fails, and asks no network."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from credit_workflow.cli.context import settings
from credit_workflow.definition.machine import Machine
from credit_workflow.errors import CreditWorkflowError

if TYPE_CHECKING:  # what only reads builds no classes of definitions
    from credit_workflow.definition.model import Workflow

_MOST = 200
Completer = Callable[[str], list[tuple[str, str]]]


def cases(incomplete: str) -> list[tuple[str, str]]:
    """Return the open cases that begin so."""
    return _cases(incomplete, None)


def cases_of(workflow: Workflow, action: str) -> Completer:
    """Return a completer for the cases in whose state an action is open."""

    def complete(incomplete: str) -> list[tuple[str, str]]:
        return _cases(incomplete, (workflow.workflow, Machine(workflow).sources[action]))

    return complete


def records(incomplete: str) -> list[tuple[str, str]]:
    """Return the records that begin so."""
    try:
        with settings().database.reading() as db:
            found = db.records("WHERE no LIKE ? ESCAPE '!'", (_prefix(incomplete),))
            return [(record.no, record.title) for record in found[:_MOST]]
    except CreditWorkflowError:
        return []


def accounts(incomplete: str) -> list[tuple[str, str]]:
    """Return the accounts that begin so."""
    try:
        with settings().database.reading() as db:
            found = [(a.account, ",".join(sorted(a.roles))) for a in db.accounts()]
            return [pair for pair in found if pair[0].startswith(incomplete)]
    except CreditWorkflowError:
        return []


def _cases(incomplete: str, wanted: tuple[str, Collection[str]] | None) -> list[tuple[str, str]]:
    try:
        with settings().database.reading() as db:
            found = []
            for case in db.cases("WHERE number LIKE ? ESCAPE '!'", (_prefix(incomplete),)):
                if wanted is not None and (case.workflow != wanted[0] or case.state not in wanted[1]):
                    continue
                found.append((case.number, case.state))
            return found[:_MOST]
    except CreditWorkflowError:
        return []


def _prefix(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%"
