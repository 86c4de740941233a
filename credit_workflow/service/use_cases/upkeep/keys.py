"""Show and change the keys of the personal data, which lie outside the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from credit_workflow.casework.audit.upkeep_answers import DataKey, Keys, KeysChanged
from credit_workflow.service.use_case import Request
from credit_workflow.service.work import Work

if TYPE_CHECKING:
    from credit_workflow.store.reading.reader import Reader
    from credit_workflow.store.writing.writer import Writer


class RotateKeys(Request[KeysChanged], frozen=True, kw_only=True):
    """Change the keys of the personal data; others go on working."""


class ShowKeys(Request[Keys], frozen=True, kw_only=True):
    """Show the keys' names, place and dates."""


def rotate_keys(work: Work, _: RotateKeys) -> KeysChanged:
    """Change the keys.

    Raises:
        NotFound: the master key in use is not on this machine.
        CreditWorkflowError: the new one can't be kept.
    """
    from credit_workflow.store.crypto.keys import key_folder  # noqa: PLC0415 - the library of ciphers starts slowly
    from credit_workflow.store.crypto.rotation import rotate  # noqa: PLC0415

    done = rotate(cast("Writer", work.writing), work.actor, work.moment.at)
    return KeysChanged(
        master=done.master, data_key=done.data_key, folder=str(key_folder(work.office.keys, work.db.meta["id"]))
    )


def show_keys(work: Work, _: ShowKeys) -> Keys:
    """Show the keys' names, place and dates.

    Raises:
        NotFound: none of the master keys is on this machine.
    """
    from credit_workflow.store.crypto.keys import key_folder, masters  # noqa: PLC0415

    database = work.db.meta["id"]
    known = tuple(masters(work.office.keys, database))
    return Keys(
        folder=str(key_folder(work.office.keys, database)),
        masters=known,
        data_keys=tuple(
            DataKey(data_key=number, purpose=purpose, master=master, made=made, usable=master in known)
            for number, purpose, master, _, made in cast("Reader", work.db).data_key_rows()
        ),
    )
