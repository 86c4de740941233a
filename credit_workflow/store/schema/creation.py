"""Create a database: the schema by its migrations, and what it begins with."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from credit_workflow.casework.journal.entry import Draft
from credit_workflow.casework.journal.running_entries import FirstAccount, Made
from credit_workflow.casework.ports import Writing
from credit_workflow.definition.library import Definition
from credit_workflow.engine.values import SYSTEM, Actor
from credit_workflow.errors import PERHAPS_KEPT
from credit_workflow.store.crypto.cipher import ENCRYPTING, LOOK_UP, new_data_key
from credit_workflow.store.crypto.keys import forget_keys, masters, new_key, new_master
from credit_workflow.store.database import Database
from credit_workflow.store.mapping.shape import instant_of, instant_text
from credit_workflow.store.writing.writer import Writer


def create(
    database: Database,
    *,
    training: bool,
    at: datetime,
    definitions: Iterable[Definition] = (),
    accounts: Mapping[str, Actor],
    furnish: Callable[[Writing], None] | None = None,
) -> None:
    """Create a database with its schema, definitions and accounts: all of it, or nothing.

    Args:
        database: where it shall be.
        training: whether it is for practice, for good.
        at: the instant of its making.
        definitions: kept in it from the start.
        accounts: active from the start, by name.
        furnish: fills it further; what it raises leaves no database.

    Raises:
        Refused: there is something already; it is left as it is.
        CreditWorkflowError: the place can't be written.
    """
    database_id = secrets.token_hex(16)
    try:
        with database.backend.translated(), database.backend.making() as (connection, plain):
            migrate(connection)
            meta = {
                "id": database_id,
                "kind": "training" if training else "production",
                "created": instant_text(at),
                "seal_key": new_key(database.keys, database_id),
            }
            writer = Writer(plain, database.backend, database.keys)
            _fill(writer, meta, accounts, definitions)
            if furnish is not None:
                furnish(writer)
        database.note_logged()
    except PERHAPS_KEPT:  # if it is there, nobody can read it without its keys
        raise
    except BaseException:
        forget_keys(database.keys, database_id)
        raise


def migrate(connection: Connection) -> None:
    """Make the tables of an empty database, in the transaction that is open."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _fill(
    writer: Writer, meta: Mapping[str, str], accounts: Mapping[str, Actor], definitions: Iterable[Definition]
) -> None:
    rows, created = writer.within.rows, meta["created"]
    rows.add("meta", list(meta.items()))
    master = new_master(writer.keys, meta["id"])
    known = masters(writer.keys, meta["id"])
    purposes = enumerate((LOOK_UP, ENCRYPTING), 1)
    rows.add("data_key", [new_data_key(meta["id"], n, purpose, master, created, known) for n, purpose in purposes])
    first = {name: FirstAccount(unit=a.unit or "", roles=tuple(sorted(a.roles))) for name, a in accounts.items()}
    rows.add("account", [(name, a.unit, ",".join(a.roles), "active", created, None) for name, a in first.items()])
    at = instant_of(created)
    writer.adopt(definitions, at)
    made = Made(**meta, accounts=first, master=master, marks=True)
    writer.journal.add(Draft(said=made, at=at, actor=SYSTEM, role=SYSTEM))
