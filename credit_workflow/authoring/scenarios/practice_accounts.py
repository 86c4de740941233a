"""Make the accounts of examples: several for each role, so that two people can check each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from credit_workflow.definition.model import Workflow
from credit_workflow.engine.values import SYSTEM, Actor

UNIT = "training"
_AT_LEAST = 2


def accounts_of(workflows: Mapping[str, Workflow]) -> dict[str, Actor]:
    """Return the accounts by name: ``window1``, ``window2`` and so on, two or more of each role."""
    wanted: dict[str, int] = {}
    for workflow in workflows.values():
        for role, what in workflow.roles.items():
            if role != SYSTEM:
                wanted[role] = max(wanted.get(role, _AT_LEAST), what.practice_accounts)
    return {
        f"{role}{n}": Actor(account=f"{role}{n}", roles=frozenset({role}), unit=UNIT)
        for role, count in wanted.items()
        for n in range(1, count + 1)
    }


def own_accounts(given: Mapping[str, Sequence[str]]) -> dict[str, Actor]:
    """Return the accounts that a file introduces, each with its roles."""
    return {name: Actor(account=name, roles=frozenset(roles), unit=UNIT) for name, roles in given.items()}


def account_for(by: str, accounts: Mapping[str, Actor]) -> Actor:
    """Return the account of that name, or the first one of a role of that name."""
    return accounts[by] if by in accounts else accounts[f"{by}1"]
