"""Found an office: a database for practice, or for production with its first administrator."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec.structs import replace

from credit_workflow.casework.access.identification import practice_accounts
from credit_workflow.casework.accounts.sign_in import found
from credit_workflow.casework.ports import Store
from credit_workflow.casework.session import Session
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


def found_production(database: Database, session: Session, admin: str, password: str) -> str:
    """Create a database for production with its first administrator, and return the account's name.

    Args:
        database: where it shall be.
        session: the system's, now, with the definitions that it shall keep.
        admin: the administrator's account.
        password: the administrator's own.

    Raises:
        Refused: there is something already; or the password is weak, or the name won't do.
        CreditWorkflowError: the place can't be written.
    """

    def furnish(draft: Store) -> None:
        found(replace(session, store=draft), admin, password)

    at, definitions = session.moment.at, session.definitions.values()
    create(database, training=False, at=at, definitions=definitions, accounts={}, furnish=furnish)
    return admin.strip().lower()
