"""Statistics and the monthly report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from credit_workflow.casework.answer import FileAnswer, Value
from credit_workflow.casework.cases.failures import FailedCase

ColumnKind = Literal["name", "count", "days", "share", "date"]


class Named(Value, frozen=True, kw_only=True):
    """A name of the definitions with what people read for it."""

    id: str
    title: str


Cell = Named | int | float | date | None


class Column(Value, frozen=True, kw_only=True):
    """A column: its name in JSON, its head, and what its cells are; a share is from 0 to 1, days are working days."""

    id: str
    title: str
    kind: ColumnKind


class Table(Value, frozen=True, kw_only=True):
    """One table; ``id`` is its name in JSON."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def lines(self) -> list[dict[str, Any]]:
        """Return the rows as programs read them: names as in the definitions, each with its title beside it."""
        found = []
        for row in self.rows:
            said: dict[str, Any] = {}
            for column, cell in zip(self.columns, row, strict=True):
                if isinstance(cell, Named):
                    said[column.id] = cell.id
                    if cell.title != cell.id:
                        said[f"{column.id}_title"] = cell.title
                else:
                    said[column.id] = cell.isoformat() if isinstance(cell, date) else cell
            found.append(said)
        return found


class Statistics(Value, frozen=True, kw_only=True):
    """How the work stands and how long it took.

    Counted from ``first`` (None: from the beginning) through ``last``, as of ``as_of``; of one
    workflow or unit where that is named. ``files`` are those that a face has written, by their kind.
    ``failed`` are the cases that can't be carried on: they count as they were recorded.
    """

    as_of: date
    first: date | None
    last: date
    workflow: str | None
    unit: str | None
    tables: tuple[Table, ...]
    files: Mapping[str, str] = {}
    failed: tuple[FailedCase, ...] = ()

    def document(self) -> dict[str, Any]:
        """Return them as JSON has them: each table by its name; percentiles are by nearest rank."""
        failed = [one.document() for one in self.failed]
        return {
            "as_of": self.as_of.isoformat(),
            "from": None if self.first is None else self.first.isoformat(),
            "to": self.last.isoformat(),
            "workflow": self.workflow,
            "unit": self.unit,
            "percentiles": "nearest rank",
            **{table.id: table.lines() for table in self.tables},
            "files": dict(self.files),
            **({"failed": failed} if failed else {}),
        }


class MonthlyReport(FileAnswer, frozen=True, kw_only=True, omit_defaults=True):
    """The operating report of a month (``YYYY-MM``) as a page.

    ``verified``: whether the log was found whole, None where it was not looked through.
    """

    file: str | None = None
    month: str
    verified: bool | None
