"""Create a database: the schema by its migrations, and what it begins with."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, insert

from credit_workflow.casework.journal.entry import Draft
from credit_workflow.casework.journal.running_entries import FirstAccount, Made
from credit_workflow.casework.ports import Claim, Store
from credit_workflow.definition.library import Definition
from credit_workflow.engine.values import SYSTEM, Actor
from credit_workflow.errors import PERHAPS_KEPT
from credit_workflow.store.crypto.cipher import ENCRYPTING, LOOK_UP, new_data_key
from credit_workflow.store.crypto.keys import forget_keys, masters, new_key, new_master
from credit_workflow.store.database import Database
from credit_workflow.store.mapping import rows as r
from credit_workflow.store.schema import tables as t
from credit_workflow.store.writing.writer import Writer


def create(
    database: Database,
    *,
    training: bool,
    at: datetime,
    definitions: Iterable[Definition] = (),
    accounts: Mapping[str, Actor],
    furnish: Callable[[Store], None] | None = None,
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
                "created": r.instant_text(at),
                "seal_key": new_key(database.keys, database_id),
            }
            writer = Writer(plain, database.backend, database.keys)
            _fill(writer, connection, meta, accounts, definitions)
            if furnish is not None:
                furnish(_Within(writer))
        database.note_logged()
    except PERHAPS_KEPT:  # if it is there, nobody can read it without its keys
        raise
    except BaseException:
        forget_keys(database.keys, database_id)
        raise


class _Within:
    """The store as it is while it is being made: everything in the one transaction."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    @contextmanager
    def reading(self) -> Iterator[Writer]:
        yield self._writer

    @contextmanager
    def writing(self, claim: Claim | None = None) -> Iterator[Writer]:  # noqa: ARG002 - nobody else is here
        yield self._writer

    @contextmanager
    def staying_open(self) -> Iterator[None]:
        yield


def migrate(connection: Connection) -> None:
    """Make the tables of an empty database, in the transaction that is open."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _fill(
    writer: Writer,
    connection: Connection,
    meta: Mapping[str, str],
    accounts: Mapping[str, Actor],
    definitions: Iterable[Definition],
) -> None:
    connection.execute(insert(t.Meta), [{"key": k, "value": v} for k, v in meta.items()])
    keys = _data_keys(writer.keys, meta["id"], meta["created"])
    connection.execute(insert(t.DataKey), keys)
    for name, actor in accounts.items():
        row = {"name": name, "unit": actor.unit or "", "roles": ",".join(sorted(actor.roles)), "status": "active"}
        connection.execute(insert(t.Account), [{**row, "created": meta["created"], "case_no": None}])
    at = r.instant_of(meta["created"])
    writer.adopt(definitions, at)
    first = {name: FirstAccount(unit=a.unit or "", roles=tuple(sorted(a.roles))) for name, a in accounts.items()}
    made = Made(**meta, accounts=first, master=keys[0]["master"], marks=True)
    writer.journal.add(Draft(said=made, at=at, actor=SYSTEM, role=SYSTEM))


def _data_keys(keys: Path, database_id: str, at: str) -> list[dict[str, Any]]:
    master = new_master(keys, database_id)
    known = masters(keys, database_id)
    return [
        new_data_key(database_id, n, purpose, master, at, known) for n, purpose in enumerate((LOOK_UP, ENCRYPTING), 1)
    ]
