"""Make the accounts of examples: several for each role, so that two people can check each other."""

from __future__ import annotations

from collections.abc import Mapping

from credit_workflow.authoring.scenarios.scenario import OwnAccount
from credit_workflow.casework.access.identification import PRACTICE_UNIT, practice_accounts
from credit_workflow.definition.model import Workflow
from credit_workflow.engine.values import Actor

_AT_LEAST = 2


def accounts_of(workflows: Mapping[str, Workflow]) -> dict[str, Actor]:
    """Return the accounts by name: ``window1``, ``window2`` and so on, two or more of each role."""
    return practice_accounts(workflows.values(), at_least=_AT_LEAST)


def own_accounts(given: Mapping[str, OwnAccount | tuple[str, ...]], known: Mapping[str, Actor]) -> dict[str, Actor]:
    """Return the accounts that a file introduces, each with its roles.

    Args:
        given: as the file says; one without a unit works where the first account of its first role does.
        known: the accounts that there are besides.
    """
    return {name: _own(name, one, known) for name, one in given.items()}


def _own(name: str, given: OwnAccount | tuple[str, ...], known: Mapping[str, Actor]) -> Actor:
    own = given if isinstance(given, OwnAccount) else OwnAccount(roles=given)
    like = known.get(f"{own.roles[0]}1")
    unit = own.unit or (PRACTICE_UNIT if like is None else like.unit)
    return Actor(account=name, roles=frozenset(own.roles), unit=unit)


def account_for(by: str, accounts: Mapping[str, Actor]) -> Actor:
    """Return the account of that name, or the first one of a role of that name."""
    return accounts[by] if by in accounts else accounts[f"{by}1"]
