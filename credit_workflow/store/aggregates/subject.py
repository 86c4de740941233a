"""What all readers and writers of one subject have: the open database, and the transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from credit_workflow.store.reading.opened import Opened

if TYPE_CHECKING:  # who only reads begins no transaction
    from credit_workflow.store.writing.transaction import Transaction


class Reads:
    """Finds what is kept of a subject.

    Args:
        db: the open database.
    """

    def __init__(self, db: Opened) -> None:
        self._db = db


class Writes(Reads):
    """Writes it as well; stands before the class that finds it.

    Args:
        db: the open database.
        within: the transaction.
    """

    def __init__(self, db: Opened, within: Transaction) -> None:
        super().__init__(db)
        self._within = within
