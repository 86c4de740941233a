"""Change the keys of the personal data while people go on working."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from credit_workflow.casework.journal.entry import Draft
from credit_workflow.casework.journal.running_entries import KeysChanged
from credit_workflow.engine.values import Actor
from credit_workflow.store.crypto.cipher import ENCRYPTING, new_data_key, wrapped_anew
from credit_workflow.store.crypto.keys import masters, new_master
from credit_workflow.store.mapping.shape import instant_text
from credit_workflow.store.writing.writer import Writer


class Rotation(Struct, frozen=True, kw_only=True):
    """The keys after a change: the name of the master key, the number of the data key that encrypts now."""

    master: str
    data_key: int


def rotate(db: Writer, actor: Actor, at: datetime) -> Rotation:
    """Wrap all data keys by a new master key, and encrypt with a new data key from now on.

    The log says so. What is in the log stays encrypted with the data key of its day: nobody can
    rewrite it; what may change is encrypted with the new one when it is next written. A reader that
    began before goes on with what it has read. The earlier master key stays in its file, for the
    backups that were made under it.

    Raises:
        NotFound: the master key in use is not on this machine.
        CreditWorkflowError: the new one can't be kept.
    """
    rows = db.data_key_rows()
    database, made = db.meta["id"], instant_text(at)
    db.cipher  # noqa: B018 - before anything is made anew: can what there is be opened?
    master = new_master(db.keys, database)
    known = masters(db.keys, database)
    number = max(row[0] for row in rows) + 1
    fresh = new_data_key(database, number, ENCRYPTING, master, made, known)
    db.put_data_keys([*wrapped_anew(database, rows, master, known), fresh])
    said = KeysChanged(master=master, data_key=number)
    db.journal.add(Draft(said=said, at=at, actor=actor.account, role=",".join(sorted(actor.roles))))
    return Rotation(master=master, data_key=number)
