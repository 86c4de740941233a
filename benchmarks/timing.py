"""Two ways of doing the same, timed in turn: the ratio pair by pair, so that a drifting machine cancels out."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """What was measured: ours and the reference in seconds (medians), and the ratios ours / reference."""

    what: str
    reference: str
    goal: str
    ours: float
    theirs: float
    ratios: tuple[float, ...]

    @property
    def ratio(self) -> float:
        return statistics.median(self.ratios)

    def row(self) -> str:
        spread = f"{_said(min(self.ratios))}–{_said(max(self.ratios))}"
        pairs = len(self.ratios)
        return f"| {self.what} | {self.reference} | {self.goal} | **{_said(self.ratio)}** ({spread}, {pairs} pairs) |"


def _said(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio >= 0.1 else f"{ratio:.2g}"


def paired(
    what: str, reference: str, goal: str, ours: Callable[[], object], theirs: Callable[[], object], *, pairs: int = 9
) -> Result:
    """Run both in turn after one warm-up each; a callable that returns a float is taken at its word."""
    _timed(ours)
    _timed(theirs)
    measured = [(_timed(ours), _timed(theirs)) for _ in range(pairs)]
    ratios = tuple(a / b for a, b in measured)
    return Result(
        what,
        reference,
        goal,
        statistics.median(a for a, _ in measured),
        statistics.median(b for _, b in measured),
        ratios,
    )


def _timed(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    said = run()
    took = time.perf_counter() - start
    return said if isinstance(said, float) else took
