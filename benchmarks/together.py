"""Several processes that begin at the same moment."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def at_once(all_arguments: Sequence[Sequence[str]]) -> tuple[float, list[str]]:
    """Run Python once for each list of arguments.

    Each process says a line when it is ready, and begins when it hears one.

    Returns:
        The seconds from when all are ready to when the last one has ended, and what each said after that line.

    Raises:
        RuntimeError: one ended with an error.
    """
    processes = [
        subprocess.Popen(
            [sys.executable, *arguments], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            encoding="utf-8",
        )
        for arguments in all_arguments
    ]  # fmt: skip
    for one in processes:
        assert one.stdout is not None  # noqa: S101 - it was asked for
        one.stdout.readline()
    start = time.perf_counter()
    for one in processes:
        assert one.stdin is not None  # noqa: S101 - as above
        one.stdin.write("\n")
        one.stdin.flush()
    said = [one.communicate()[0] for one in processes]
    took = time.perf_counter() - start
    codes = [one.returncode for one in processes]
    if any(codes):
        raise RuntimeError(f"processes ended with {codes}")
    return took, said
