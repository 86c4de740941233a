"""Say what differs between the two kinds of databases, `sqlite` and `postgres`.

The schema, every query and all that is decided are the same for both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from typing import Protocol

    from sqlalchemy import Connection as WritingConnection

    from credit_workflow.casework.ports import Claim
    from credit_workflow.errors import CreditWorkflowError
    from credit_workflow.store.connection import Connection
    from credit_workflow.text import Text
else:
    Protocol = object  # as in `casework.ports`

#: An entry of a log: the log's name, the entry's number in it, its hash.
Link = tuple[str, int, str]
#: Rows of a table.
Many = Sequence[Sequence[Any]]
Fault = TypeVar("Fault", bound=Exception)


class Lock(Enum):
    """What a transaction may have to wait for; a SQLite file has one writer at a time and needs none."""

    #: People's actions come one after the other.
    WRITER = 1
    #: Whoever adds to the logs numbers and chains the entries.
    LOGS = 2
    #: Sweeps run beside each other; the end of one waits for the others' batches.
    SWEEPS = 3


class Rows(Protocol):
    """Writes many rows of one table in as few statements as the database allows.

    A row is a tuple in the order of the table's columns; it is found by the table's key, or by other ``keys``.
    """

    def add(self, table: str, rows: Many) -> None:
        """Insert rows."""

    def change(self, table: str, columns: tuple[str, ...], rows: Many, keys: tuple[str, ...] = ()) -> int:
        """Write some columns of rows; each row ends with the values of its keys. Return how many were met."""

    def upsert(self, table: str, rows: Many) -> None:
        """Insert rows; those whose key is there already take the new values."""

    def remove(self, table: str, rows: Many, keys: tuple[str, ...] = ()) -> None:
        """Delete the rows with these keys."""


class Dialect(Protocol):
    """What differs in the statements."""

    def among(self, column: str, values: Sequence[str]) -> tuple[str, Sequence[Any]]:
        """Return the condition that a column has one of some values, and the statement's values for it."""

    def lock(self, db: Connection, lock: Lock) -> None:
        """Wait for a lock, and hold it to the end of the transaction."""

    def lock_families(self, db: Connection, roots: Sequence[str]) -> None:
        """Wait until nobody else works on the cases under these roots, and keep others from them."""

    def lock_family_of(self, db: Connection, number: str) -> None:
        """Do as `lock_families` for the family of one case, where there is such a case."""

    def claim(self, db: Connection, roots: Sequence[str], claim: Claim) -> list[str]:
        """Return those of the roots whose cases are now this transaction's alone."""

    def make_room(self, db: Connection, log: str, instants: Iterable[str]) -> None:
        """Make sure that a log has room for entries of these instants."""

    def now(self, db: Connection) -> datetime | None:
        """Return what the clock of the database's server says, in UTC; None where there is no server."""

    def odd_flags(self, db: Connection) -> list[str]:
        """Return the keys of rows in which a flag is neither true nor false."""

    def unguarded(self, db: Connection) -> tuple[str, Text] | None:
        """Return a protection of the logs that is not as it was made, and what is wrong with it."""


class Connected(Protocol):
    """An open connection, for one transaction after the other; one thread at a time uses it."""

    @property
    def place(self) -> object:
        """What was in the database's place when it was opened (`Backend.look`)."""

    @property
    def plain(self) -> Connection:
        """The connection as readers know it."""

    def end(self) -> bool:
        """Undo what was begun and not committed; return whether another transaction can begin. Raises nothing."""

    def close(self) -> None:
        """Close the connection."""


class Views(Connected, Protocol):
    """A connection for reading."""

    def begin(self) -> None:
        """Begin a view that sees one state of the database to its end.

        Raises:
            NotFound, IntegrityFault, Refused: it is not initialised, foreign or damaged, of another version.
        """


class Transactions(Connected, Protocol):
    """A connection for writing."""

    def begin(self, claim: Claim | None) -> None:
        """Begin a transaction, with the locks that a person's action or a sweep's claim needs.

        Raises:
            NotFound, IntegrityFault, Refused: it is not initialised, foreign or damaged, of another version.
        """

    def commit(self) -> None:
        """Keep what was written."""


class Backend(Protocol):
    """Where a database is, and how it is opened."""

    @property
    def dialect(self) -> Dialect:
        """What differs in its statements."""

    @property
    def name(self) -> str:
        """What people are told that it is; no password is in it."""

    @property
    def path(self) -> Path:
        """The file that it is in."""

    def beside(self, what: str) -> Path:
        """Return the folder of what belongs to it and is not in it: ``scans``, ``notices``."""

    def look(self) -> object:
        """Return what is in its place: something else after another database came there.

        Raises:
            NotFound, IntegrityFault: there is none, or it can't be read.
        """

    def now(self) -> datetime | None:
        """Return what the clock of its server says, in UTC, also before there is a database; None for a file."""

    def refuse_taken(self) -> None:
        """Refuse a place where there is something already.

        Raises:
            Refused: it is left as it is.
        """

    def making(self) -> AbstractContextManager[tuple[WritingConnection, Connection]]:
        """Open the transaction in which a new database is made: all of it is there at the end, or nothing.

        It is given as SQLAlchemy's connection, for the migrations, and as the plain one under it.

        Raises:
            Refused: there is something already; it is left as it is.
            CreditWorkflowError: the place can't be written.
        """

    def translated(self) -> AbstractContextManager[None]:
        """Turn the faults of the database's library inside into errors of ours."""

    def view(self, place: object) -> Views:
        """Open a connection for reading what is in its place now (`look`)."""

    def connect(self, place: object) -> Transactions:
        """Open a connection for writing to what is in its place now (`look`)."""

    def rows(self, connection: Connection) -> Rows:
        """Return what writes many rows over a connection for writing."""

    def lost(self, fault: BaseException) -> bool:
        """Whether a fault means that the connection was lost."""

    def happened(self, link: Link | None) -> bool:
        """Return whether a transaction whose commit had no answer was kept, by the log entry it ended with.

        Args:
            link: the newest entry that it added to a log; None where it added none.

        Raises:
            CreditWorkflowError: it can't be found out.
        """


@contextmanager
def translating(library: type[Fault], ours: Callable[[Fault], CreditWorkflowError]) -> Iterator[None]:
    """Turn faults inside into errors of ours, also where SQLAlchemy has wrapped them.

    Args:
        library: what the database's library raises.
        ours: what a fault of it means to people.
    """
    try:
        yield
    except Exception as fault:
        original = original_of(fault, library)
        if original is None:
            raise
        raise ours(original) from fault


def original_of(fault: BaseException, library: type[Fault]) -> Fault | None:
    """Return the fault of a library that an error is, or that SQLAlchemy made it of; None for others."""
    found = fault if isinstance(fault, library) else getattr(fault, "orig", None)
    return found if isinstance(found, library) else None
