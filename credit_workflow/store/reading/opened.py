"""Hold what all readers of an open database share. Plain SQL over a plain connection, so that it starts fast."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from credit_workflow.errors import IntegrityFault
from credit_workflow.store.mapping.chain import genesis
from credit_workflow.store.mapping.rows import Row
from credit_workflow.store.schema.columns import COLUMNS, KEYS
from credit_workflow.text import Text

if TYPE_CHECKING:  # the library of ciphers starts slowly, and not every list asks for the rules
    from credit_workflow.engine.ruleset import Rules
    from credit_workflow.store.backend import Dialect
    from credit_workflow.store.connection import Connection, Cursor
    from credit_workflow.store.crypto.cipher import Cipher

T = TypeVar("T")
_first = itemgetter(0)
_CHUNK = 500
_META = ("id", "kind", "created", "seal_key")
#: Definitions made ready to run, by digest: their texts are long, and not read again for each transaction.
_KNOWN: dict[str, Rules] = {}


class Opened:
    """An open database.

    Args:
        connection: an open connection; who opened it closes it.
        dialect: what differs in its statements.
        keys: where this machine keeps the keys of its databases.
    """

    def __init__(self, connection: Connection, dialect: Dialect, keys: Path) -> None:
        self.plain = connection
        self.dialect = dialect
        self.keys = keys

    @cached_property
    def meta(self) -> Mapping[str, str]:
        """What this database is: ``id``, ``kind`` (training or production), ``created``, ``seal_key``.

        Raises:
            IntegrityFault: it does not say so.
        """
        found = dict(self.table("meta").fetchall())
        missing = [key for key in _META if key not in found]
        if missing:
            message = Text("数据库的标识缺失（{m}）", "the database does not say what it is ({m})")
            raise IntegrityFault(message.fill(m="、".join(missing)), code="damaged")
        return found

    @property
    def training(self) -> bool:
        """Whether the database is for practice."""
        return self.meta["kind"] == "training"

    @cached_property
    def cipher(self) -> Cipher:
        """What opens the personal data of this database.

        Raises:
            NotFound: the key is not on this machine.
            IntegrityFault: a data key is missing or was changed.
        """
        from credit_workflow.store.crypto.cipher import cipher_of  # noqa: PLC0415
        from credit_workflow.store.crypto.keys import masters  # noqa: PLC0415

        return cipher_of(self.meta["id"], self.data_key_rows(), masters(self.keys, self.meta["id"]))

    def data_key_rows(self) -> list[tuple[Any, ...]]:
        """Return the wrapped data keys (`columns.DATA_KEY`), the first one first."""
        return self.table("data_key").fetchall()

    @cached_property
    def rules(self) -> dict[str, Rules]:
        """Every definition that ever ran here, by digest."""
        digests = self.column("SELECT digest FROM definition ORDER BY workflow, version")
        found = {digest: _KNOWN[digest] for digest in digests if digest in _KNOWN}
        if len(found) < len(digests):
            found = {d: _rules(d, body) for d, body in self.plain.execute("SELECT digest, body FROM definition")}
        return {digest: found[digest] for digest in digests}

    def log_head(self, log: str) -> tuple[int, str]:
        """Return how many entries a log (its table's name) has, and the hash over all of theirs."""
        known = self.made(tuple, "SELECT entries, hash FROM log_head WHERE log = ?", log)
        return (0, genesis(self.meta["id"], log)) if known is None else known

    def count(self, table: str) -> int:
        """Return how many rows one of our tables has."""
        return int(self.first(f"SELECT count(*) FROM {table}"))

    def table(self, name: str) -> Cursor:
        """Look through all rows of a table, by its key."""
        return self.plain.execute(f"SELECT {', '.join(COLUMNS[name])} FROM {name} ORDER BY {', '.join(KEYS[name])}")

    def made(self, make: Callable[[Row], T], sql: str, *values: Any) -> T | None:
        """Return what is made of the first row that a query finds, or None where it finds none."""
        row = self.plain.execute(sql, values).fetchone()
        return None if row is None else make(row)

    def first(self, sql: str, *values: Any) -> Any:
        """Return the first column of the first row that a query finds, or None where it finds none."""
        return self.made(_first, sql, *values)

    def column(self, sql: str, *values: Any) -> list[Any]:
        """Return the first column of all rows that a query finds."""
        return [row[0] for row in self.plain.execute(sql, values).fetchall()]

    def among(self, table_and_columns: str, column: str, values: Sequence[str], rest: str = "") -> Iterator[Row]:
        """Yield the rows in which a column has one of some values, a few hundred values at a time.

        Args:
            table_and_columns: the statement up to its condition.
            column: the column.
            values: what it may be.
            rest: the statement after its condition.
        """
        for chunk in chunks(values):
            condition, given = self.dialect.among(column, chunk)
            yield from self.plain.execute(f"{table_and_columns} WHERE {condition}{rest}", given).fetchall()


def _rules(digest: str, body: str) -> Rules:
    """Return a definition made ready to run, once for the process: its machine takes milliseconds.

    Kept is only what has the digest that it stands under, and so can never mean anything else.
    """
    if digest not in _KNOWN:
        from credit_workflow.definition.library import from_body  # noqa: PLC0415
        from credit_workflow.engine.ruleset import Rules  # noqa: PLC0415

        definition = from_body(body.encode())
        rules = Rules(definition.workflow, digest)
        if definition.digest != digest:
            return rules
        _KNOWN[digest] = rules
    return _KNOWN[digest]


def chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Yield some values at a time, as many as one statement takes."""
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
