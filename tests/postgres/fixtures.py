"""Fixtures: the server of the run, and a database of a test's own."""

from __future__ import annotations

import os
import sys
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.postgres.server import Server


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server that all workers of this run share. Roles are shared as well: name one's own by the database."""
    if sys.platform == "win32":
        pytest.skip("the tests' server is kept by locks that Windows does not have")
    from tests.postgres.keeper import shared  # noqa: PLC0415 - psycopg, and locks that Windows doesn't have

    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "postgres"
    folder.mkdir(exist_ok=True)
    with shared(folder) as server:
        yield server


@pytest.fixture
def postgres_url(postgres: Server) -> Iterator[str]:
    """The URL of an empty database that is dropped after the test."""
    with postgres.database(f"test_{uuid.uuid4().hex[:16]}") as url:
        yield url
