"""Draw random numbers that can be repeated: each depends on a seed and on what it is drawn for.

A number depends on nothing but its seed and its name, not on the order of drawing. So one seed gives
one run, and the same case meets the same chance under today's rules and under proposed ones.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from itertools import accumulate

from msgspec import Struct

_WHOLE = 2**64
#: From this mean on a day's arrivals are drawn by the normal distribution: the exact sum would underflow.
_LARGE = 500.0


def drawn(seed: int, *name: object) -> float:
    """Return the number, from 0 up to but not including 1, that belongs to a seed and a name."""
    text = "\x1f".join(map(str, (seed, *name)))
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest()) / _WHOLE


class Fixed(Struct, frozen=True, gc=False, tag=True):
    """Always so many working days."""

    days: float

    def at(self, _: float) -> float:
        """Return the number of working days at a place from 0 to 1."""
        return self.days


class Uniform(Struct, frozen=True, gc=False, tag=True):
    """Any number of whole working days from one to another, both included, alike."""

    first: int
    last: int

    def at(self, place: float) -> float:
        """Return the number of working days at a place from 0 to 1."""
        return self.first + math.floor(place * (self.last - self.first + 1))


class Triangular(Struct, frozen=True, gc=False, tag=True):
    """At least, most often, and at most so many working days."""

    least: float
    likely: float
    most: float

    def at(self, place: float) -> float:
        """Return the number of working days at a place from 0 to 1."""
        width = self.most - self.least
        if width == 0:
            return self.least
        turn = (self.likely - self.least) / width
        if place < turn:
            return self.least + math.sqrt(place * width * (self.likely - self.least))
        return self.most - math.sqrt((1 - place) * width * (self.most - self.likely))


class Percentiles(Struct, frozen=True, gc=False, tag=True):
    """So many working days at each percentage, straight between them; from 0 to 100."""

    points: tuple[tuple[float, float], ...]

    def at(self, place: float) -> float:
        """Return the number of working days at a place from 0 to 1."""
        percent = place * 100
        after = bisect_right(self.points, percent, key=lambda point: point[0])
        if after >= len(self.points):
            return self.points[-1][1]
        (a, low), (b, high) = self.points[after - 1], self.points[after]
        return low + (high - low) * (percent - a) / (b - a)


class Seen(Struct, frozen=True, gc=False, tag=True):
    """As often as each whole number of working days was seen."""

    days: tuple[int, ...]
    upto: tuple[int, ...]

    def at(self, place: float) -> float:
        """Return the number of working days at a place from 0 to 1."""
        return self.days[bisect_right(self.upto, place * self.upto[-1])]


Distribution = Fixed | Uniform | Triangular | Percentiles | Seen


def seen(counts: Mapping[int, int]) -> Seen:
    """Return the distribution of what was counted: how often each number of days was seen."""
    days = sorted(counts)
    return Seen(tuple(days), tuple(accumulate(counts[day] for day in days)))


def whole_days(distribution: Distribution, place: float) -> int:
    """Return a number of whole working days, rounded half up, at a place from 0 to 1."""
    return max(0, math.floor(distribution.at(place) + 0.5))


def poisson(mean: float, place: float) -> int:
    """Return how many come on a day when ``mean`` come on average, at a place from 0 to 1."""
    if mean <= 0:
        return 0
    if mean > _LARGE:
        from statistics import NormalDist  # noqa: PLC0415 - seldom so many

        return max(0, round(NormalDist(mean, math.sqrt(mean)).inv_cdf(min(max(place, 1e-12), 1 - 1e-12))))
    count, chance = 0, math.exp(-mean)
    reached = chance
    while place >= reached and chance > 0:
        count += 1
        chance *= mean / count
        reached += chance
    return count


def weighted(weights: Sequence[float], place: float) -> int | None:
    """Return the index of one of several weights, at a place from 0 to 1; None where all are 0."""
    total = sum(weights)
    if total <= 0:
        return None
    wanted, reached = place * total, 0.0
    last = None
    for index, weight in enumerate(weights):
        if weight > 0:
            last = index
            reached += weight
            if wanted < reached:
                return index
    return last
