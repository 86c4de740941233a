"""Tests never touch the user's own keys and sessions, and run on either kind of database."""

from __future__ import annotations

import gc
import os
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from credit_workflow.cli import language
from tests import seeds, where
from tests.postgres.fixtures import postgres, postgres_url

if TYPE_CHECKING:
    from tests.postgres.server import Server

__all__ = ["databases", "own_folders", "postgres", "postgres_url"]

_KINDS = ("sqlite", "postgresql")


def pytest_addoption(parser: pytest.Parser) -> None:
    default = os.environ.get("CREDIT_WORKFLOW_TEST_DATABASE", "sqlite")
    parser.addoption("--database", choices=_KINDS, default=default, help="the kind of database that tests use")
    said = "each Nth test, the same ones each time"
    parser.addoption("--sample", type=int, default=1, metavar="N", help=said)
    seeds.add_option(parser)


@pytest.hookimpl(tryfirst=True)  # before Hypothesis looks for its seed
def pytest_configure(config: pytest.Config) -> None:
    seeds.choose(config)
    kind = config.getoption("--database")
    os.environ["CREDIT_WORKFLOW_TEST_DATABASE"] = kind  # for the processes that tests start
    where.POSTGRES = kind == "postgresql"


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    seeds.hand_over(node.config, node.workerinput)


def pytest_report_header(config: pytest.Config) -> str | None:
    return seeds.how_to_repeat(config) if config.getoption("--fresh-seeds") else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say it where failures are said, too; a quiet run has no header."""
    if config.getoption("--fresh-seeds"):
        terminalreporter.write_line(seeds.how_to_repeat(config))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL run what uses a database, and skip what is about a file; a sample, where it is asked for."""
    every = config.getoption("--sample")
    _keep(config, items, [item for item in items if zlib.crc32(item.nodeid.encode()) % every == 0])
    if config.getoption("--database") == "sqlite":
        return
    _keep(config, items, [item for item in items if _asks(item)])
    for item in items:
        mark = item.get_closest_marker("sqlite")
        if mark is not None:
            item.add_marker(pytest.mark.skip(reason=f"SQLite's own: {mark.args[0]}"))


def _keep(config: pytest.Config, items: list[pytest.Item], kept: list[pytest.Item]) -> None:
    config.hook.pytest_deselected(items=list(set(items) - set(kept)))
    items[:] = kept


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Let the collector look through what tests make, and not through pytest and all tests each time.

    It took a fifth of the suite's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _asks(item: pytest.Item) -> bool:
    return "databases" in getattr(item, "fixturenames", ())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    where.asked = _asks(item)
    try:
        return (yield)
    finally:
        where.asked = None


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Drop the test's databases while the server is there."""
    folder = getattr(item, "funcargs", {}).get("tmp_path")
    if folder is not None:
        where.drop_below(folder)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Begin each test in Chinese: the command that an earlier one ran in this process may have chosen English."""
    language.choose("zh")


@pytest.fixture(scope="session", autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory) -> None:
    for name in ("KEYS", "STATE", "FILES", "CACHE"):
        os.environ[f"CREDIT_WORKFLOW_{name}"] = str(tmp_path_factory.mktemp(name.lower()))


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest) -> None:
    """Asked for by whatever uses a database, itself or by its fixtures."""
    if where.POSTGRES:
        server: Server = request.getfixturevalue("postgres")
        where.people(server)
