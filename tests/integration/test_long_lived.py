"""What a process that lives for months keeps of the databases that it has opened."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from sqlalchemy import Dialect

from tests import where
from tests.integration.helpers import Service

pytestmark = pytest.mark.usefixtures("databases")


def dialects() -> int:
    gc.collect()
    return sum(isinstance(one, Dialect) for one in gc.get_objects())


def test_a_database_that_is_let_go_leaves_nothing_behind(tmp_path: Path) -> None:
    """The shell opens one for each line, and every night's sweep an engine of its own."""
    service = Service(tmp_path / "cases.db")
    before = dialects()
    for _ in range(5):
        service.database = where.database(service.path)
        service.objection("2026-03-02", good_ground="新证据")
        service.sweep("2026-03-02")
    service.database = where.database(service.path)
    assert dialects() <= before
