"""Found an office: a database for practice, or for production with its first administrator."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from credit_workflow.casework.access.identification import practice_accounts
from credit_workflow.casework.accounts.sign_in import found
from credit_workflow.casework.acting import Acting
from credit_workflow.definition.library import Definition
from credit_workflow.engine.values import Actor
from credit_workflow.store.database import Database
from credit_workflow.store.schema.creation import create


def found_training(database: Database, definitions: Mapping[str, Definition], at: datetime) -> Mapping[str, Actor]:
    """Create a database for practice and return its accounts by their names.

    Args:
        database: where it shall be.
        definitions: kept in it; they say which accounts it has.
        at: the instant of its making.

    Raises:
        Refused: there is something already; it is left as it is.
        CreditWorkflowError: the place can't be written.
    """
    accounts = practice_accounts(definition.workflow for definition in definitions.values())
    create(database, training=True, at=at, definitions=definitions.values(), accounts=accounts)
    return accounts


def found_production(database: Database, acting: Acting, admin: str, password: str) -> str:
    """Create a database for production with its first administrator, and return the account's name.

    Args:
        database: where it shall be.
        acting: the system, now, with the definitions that it shall keep.
        admin: the administrator's account.
        password: the administrator's own.

    Raises:
        Refused: there is something already; or the password is weak, or the name won't do.
        CreditWorkflowError: the place can't be written.
    """
    create(
        database,
        training=False,
        at=acting.moment.at,
        definitions=acting.definitions.values(),
        accounts={},
        furnish=lambda db: found(db, acting, admin, password),
    )
    return admin.strip().lower()
