"""Creating a database: the schema by its migrations, and what it begins with."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import insert

from credit_workflow.definition.library import Definition
from credit_workflow.engine.values import Actor
from credit_workflow.engine.world import SYSTEM_ACTOR
from credit_workflow.errors import CreditWorkflowError, Refused
from credit_workflow.store import rows as r
from credit_workflow.store import tables as t
from credit_workflow.store.cipher import LOOK_UP, SEALING, new_data_key
from credit_workflow.store.database import APPLICATION_ID, Database, translated
from credit_workflow.store.keys import forget_keys, new_key, new_master
from credit_workflow.store.writing import Writer
from credit_workflow.text import Text

_PRIVATE = 0o600


def create(
    database: Database,
    *,
    training: bool,
    at: datetime,
    definitions: Iterable[Definition] = (),
    accounts: Mapping[str, Actor],
    furnish: Callable[[Database], None] | None = None,
) -> None:
    """Create a database with its schema, definitions and accounts.

    It is made beside its place and moved there whole, so that no half-made one is ever found.

    Args:
        database: where it shall be.
        training: whether it is for practice, for good.
        at: the instant of its making.
        definitions: kept in it from the start.
        accounts: active from the start, by name.
        furnish: fills it further before it is in its place; what it raises leaves no database.

    Raises:
        Refused: there is something already; it is left as it is.
        CreditWorkflowError: the place can't be written.
    """
    path = database.path
    refuse_taken(path)
    database_id = secrets.token_hex(16)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _PRIVATE))
        with translated(path):
            _fill(draft, database_id, training=training, at=at, definitions=definitions, accounts=accounts)
        if furnish is not None:
            furnish(Database(str(draft)))
        _place(draft, path)
    except OSError as fault:
        forget_keys(database_id)
        message = Text("无法在 {p} 创建数据库：{w}", "no database can be created at {p}: {w}")
        raise CreditWorkflowError(message.fill(p=path, w=fault.strerror or fault), code="not_writable") from None
    except BaseException:
        forget_keys(database_id)
        raise
    finally:
        for leftover in (draft, *(draft.with_name(draft.name + end) for end in ("-wal", "-shm", "-journal"))):
            with contextlib.suppress(OSError):  # what went wrong before is what shall be said
                leftover.unlink(missing_ok=True)


def refuse_taken(path: Path) -> None:
    """Refuse a place where there is something already.

    Raises:
        Refused: there is a folder, or a file that is not empty; it is left as it is.
    """
    if path.is_dir():
        message = Text("{p} 是文件夹，请给出文件名", "{p} is a folder; give the name of a file").fill(p=path)
        raise Refused(message, code="exists")
    if path.exists() and path.stat().st_size > 0:
        message = Text("{p} 已存在，没有改动它", "{p} exists already and was left as it is").fill(p=path)
        raise Refused(message, code="exists")


def _place(draft: Path, path: Path) -> None:
    """Move the draft to its place; of two at once the second finds the place taken."""
    if path.exists():
        path.unlink()  # it is empty: `refuse_taken` has looked
    try:
        os.link(draft, path)
    except FileExistsError:
        refuse_taken(path)
        raise
    except OSError:  # a file system without hard links
        draft.replace(path)


def _fill(
    draft: Path,
    database_id: str,
    *,
    training: bool,
    at: datetime,
    definitions: Iterable[Definition],
    accounts: Mapping[str, Actor],
) -> None:
    engine = Database(str(draft)).engine()
    with engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA journal_mode = wal")  # type: ignore[union-attr]  # sqlite3's
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        meta = {
            "id": database_id,
            "kind": "training" if training else "production",
            "created": r.instant_text(at),
            "seal_key": new_key(database_id),
        }
        connection.execute(insert(t.Meta), [{"key": k, "value": v} for k, v in meta.items()])
        keys = _data_keys(database_id, meta["created"])
        connection.execute(insert(t.DataKey), keys)
        for name, actor in accounts.items():
            row = {"name": name, "unit": actor.unit or "", "roles": ",".join(sorted(actor.roles)), "status": "active"}
            connection.execute(insert(t.Account), [{**row, "created": r.instant_text(at), "case_no": None}])
        raw = connection.connection.driver_connection
        writer = Writer(raw, connection)  # type: ignore[arg-type]  # sqlite3's connection has what is needed
        writer.adopt(definitions, at)
        said = {name: {"unit": a.unit or "", "roles": sorted(a.roles)} for name, a in accounts.items()}
        made = {**meta, "accounts": said, "master": keys[0]["master"]}
        writer.log("setup", at, SYSTEM_ACTOR, "system", "created", made)
    with engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]  # sqlite3's
    engine.dispose()


def _data_keys(database_id: str, at: str) -> list[dict[str, Any]]:
    master = new_master(database_id)
    return [new_data_key(database_id, n, purpose, master, at) for n, purpose in enumerate((LOOK_UP, SEALING), 1)]
