"""Keys, sessions and caches of all tests lie in a folder of the tests' own."""

from __future__ import annotations

import os

import pytest

from tests.postgres.fixtures import postgres, postgres_url

__all__ = ["own_folders", "postgres", "postgres_url"]


@pytest.fixture(scope="session", autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory) -> None:
    for name in ("KEYS", "STATE"):
        os.environ[f"CREDIT_WORKFLOW_{name}"] = str(tmp_path_factory.mktemp(name.lower()))
