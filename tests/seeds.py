"""Where the seeds of random tests begin: at the same place every time, unless fresh ones are asked for.

``--fresh-seeds`` draws a seed for the run and prints it; with ``--hypothesis-seed`` it is that one again.
"""

from __future__ import annotations

import secrets

import pytest
from hypothesis import settings

_HANDED = "seed"
_first = 0

settings.register_profile("suite", deadline=None, derandomize=True)  # a busy machine is no fault, nor is bad luck
settings.register_profile("fresh", deadline=None, database=None, print_blob=True)


def add_option(parser: pytest.Parser) -> None:
    parser.addoption(
        "--fresh-seeds",
        action="store_true",
        help="let random tests try what they have not tried before; the seed is printed, and is --hypothesis-seed's",
    )


def choose(config: pytest.Config) -> None:
    """Settle the seeds of a run before any test is read; pytest's workers are handed what was drawn here."""
    global _first  # noqa: PLW0603 - of the run
    if not config.getoption("--fresh-seeds"):
        settings.load_profile("suite")
        return
    settings.load_profile("fresh")
    if config.option.hypothesis_seed is None:
        handed = getattr(config, "workerinput", {}).get(_HANDED)  # by xdist, to each of its workers
        config.option.hypothesis_seed = handed or str(secrets.randbelow(2**32))
    _first = int(config.option.hypothesis_seed)


def hand_over(config: pytest.Config, worker: dict[str, str]) -> None:
    """Give a worker the seed of the run."""
    if config.getoption("--fresh-seeds"):
        worker[_HANDED] = config.option.hypothesis_seed


def how_to_repeat(config: pytest.Config) -> str:
    """What is printed of a run with fresh seeds."""
    return f"fresh seeds: again with --fresh-seeds --hypothesis-seed={config.option.hypothesis_seed}"


def several(count: int, start: int = 0) -> range:
    """So many seeds for a test that makes its own dice."""
    return range(_first + start, _first + start + count)
