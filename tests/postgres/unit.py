"""A credit service whose database is on a server."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from credit_workflow.casework.access.identification import practice_accounts
from credit_workflow.definition.library import load_definitions
from credit_workflow.store.schema.creation import create
from tests import where
from tests.integration.helpers import Service, write_records


@dataclass
class Unit(Service):
    """People at work on a server's database; ``path`` is a folder of the test's own."""

    url: str = ""

    def __post_init__(self) -> None:
        self.database = where.opened(self.url)
        self.definitions = load_definitions()
        self.accounts = practice_accounts(d.workflow for d in self.definitions.values())
        if self.known:
            return
        at = self.moment("2026-03-01").at
        create(self.database, training=True, at=at, definitions=self.definitions.values(), accounts=self.accounts)
        self.imports(write_records(self.path / "records.csv", self.records))

    def through(self, url: str) -> Unit:
        """Return the same people, connected by another URL."""
        return Unit(self.path, known=True, url=url, calendar=self.calendar)


def unit(folder: Path, url: str, records: int = 3) -> Unit:
    """Return a new service in an empty database."""
    return Unit(folder, records=records, url=url)
