"""Put the conditions of a query together, with the values for them."""

from __future__ import annotations

from typing import Any

from credit_workflow.casework.journal.entry import Span
from credit_workflow.store.mapping.shape import instant_text


class Conditions:
    """What a query narrows its rows by: all of it must hold."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.values: list[Any] = []

    @property
    def where(self) -> str:
        """The clause, empty where nothing narrows."""
        return f"WHERE {' AND '.join(self.parts)}" if self.parts else ""

    def add(self, part: str, *values: Any) -> Conditions:
        """Add a condition, with a value for each of its places."""
        self.parts.append(part)
        self.values += values
        return self

    def equal(self, **columns: str | None) -> Conditions:
        """Add that columns have some values; None does not narrow."""
        return self.compared("=", **columns)

    def compared(self, sign: str, **columns: str | None) -> Conditions:
        """Add how columns compare with some values; None does not narrow."""
        for column, value in columns.items():
            if value is not None:
                self.add(f"{column} {sign} ?", value)
        return self

    def begins(self, column: str, text: str) -> Conditions:
        """Add that a column begins with a text."""
        return self.add(f"{column} LIKE ? ESCAPE '!'", f"{_escaped(text)}%")

    def has(self, column: str, text: str) -> Conditions:
        """Add that a text stands in a column, in small or capital letters."""
        return self.add(f"lower({column}) LIKE ? ESCAPE '!'", f"%{_escaped(text.lower())}%")

    def during(self, span: Span, actor: str | None = None) -> Conditions:
        """Add that entries of a log keep to a span and an account."""
        since, until = (None if at is None else instant_text(at) for at in (span.since, span.until))
        return self.compared(">=", at=since).compared("<", at=until).equal(actor=actor)

    def between(self, column: str, first: str, end: str | None) -> Conditions:
        """Add that a column is ``first`` or later and before ``end``, if there is one."""
        return self.compared(">=", **{column: first}).compared("<", **{column: end})


def _escaped(text: str) -> str:
    """Return a text whose signs mean themselves in a pattern."""
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
