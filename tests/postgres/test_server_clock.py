"""On a server its clock counts: of the machines that use it each would else have its own time (RULES §12)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import psycopg
import pytest

from credit_workflow.api import create_production, create_training, open_database
from credit_workflow.casework.clock import machine_time
from credit_workflow.service.door import carry_out
from credit_workflow.service.premises import Premises
from credit_workflow.service.seat import Seat
from credit_workflow.service.use_cases.upkeep.sweep import Sweep
from tests.acceptance.test_cli_clock import ADMIN
from tests.postgres.server import libpq

DAY = timedelta(days=1)


class Fast(datetime):
    """The time of a machine whose clock is a year ahead."""

    @classmethod
    def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]  # another class of the same face
        return datetime.now(tz) + 366 * DAY


@pytest.fixture
def machine() -> Iterator[None]:
    """A machine whose clock is a year ahead of the server's."""
    with mock.patch("credit_workflow.casework.clock.datetime", Fast):
        assert machine_time() > datetime.now(UTC) + 365 * DAY
        yield


def of_server(url: str) -> datetime:
    with psycopg.connect(libpq(url)) as db:
        (found,) = db.execute("SELECT clock_timestamp()").fetchone() or (None,)
        assert isinstance(found, datetime)
        return found


def instants(url: str) -> list[datetime]:
    with psycopg.connect(libpq(url)) as db:
        rows = db.execute("SELECT at FROM case_event UNION ALL SELECT at FROM journal_log").fetchall()
    return [datetime.fromisoformat(row[0]) for row in rows]


def test_what_is_made_and_written_on_a_server_has_its_time(postgres_url: str, tmp_path: Path, machine: None) -> None:  # noqa: ARG001
    before = of_server(postgres_url).replace(microsecond=0)  # the log keeps whole seconds
    create_production(postgres_url, admin="root1", password=ADMIN, keys=tmp_path).close()
    with open_database(postgres_url, keys=tmp_path) as office:
        office.sign_in("root1", ADMIN)
        office.sweep()
        carry_out(office, Seat(), Sweep(duties=False))
    found = instants(postgres_url)
    assert before <= min(found) <= max(found) <= of_server(postgres_url)


def test_practice_without_a_given_instant_has_its_time_too(postgres_url: str, tmp_path: Path, machine: None) -> None:  # noqa: ARG001
    before = of_server(postgres_url).replace(microsecond=0)  # the log keeps whole seconds
    with create_training(postgres_url, keys=tmp_path) as office:
        office.sweep()
    assert before <= max(instants(postgres_url)) <= of_server(postgres_url)


def test_a_clock_that_is_given_counts(postgres_url: str, tmp_path: Path) -> None:
    given = datetime(2026, 3, 2, 1, tzinfo=UTC)
    create_production(postgres_url, admin="root1", password=ADMIN, keys=tmp_path, clock=lambda: given).close()
    office = Premises(postgres_url, keys=tmp_path, clock=lambda: given + DAY)
    with office, office.database.reading() as db:
        assert office.moment(db, None).at == given + DAY


def test_the_server_is_asked_once_a_command(postgres_url: str, tmp_path: Path) -> None:
    create_production(postgres_url, admin="root1", password=ADMIN, keys=tmp_path).close()
    with Premises(postgres_url, keys=tmp_path) as office:
        asked = type(office.database.backend.dialect).now
        with mock.patch.object(type(office.database.backend.dialect), "now", autospec=True, side_effect=asked) as now:
            with office.database.reading() as db:
                office.moment(db, None)
            assert now.call_count == 1
