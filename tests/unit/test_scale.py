"""``docs/scale.md``: its tables are what `benchmarks.scale` counts from what was measured, and it counts right."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest

from benchmarks import scale

MEASURED: dict[str, Any] = json.loads(scale.MEASURED.read_text(encoding="utf-8"))


def test_the_page_shows_what_is_counted_from_what_was_measured() -> None:
    text = scale.PAGE.read_text(encoding="utf-8")
    made = scale.tables(MEASURED)
    for name, table in made.items():
        assert f"<!-- {name}: begin -->\n{table}\n<!-- {name}: end -->" in text, (
            "run python -m benchmarks.scale --write"
        )
    assert scale.page(text, made) == text


@pytest.mark.parametrize("busy", [0.2, 0.5, 0.8])
def test_waits_are_those_of_the_textbook(busy: float) -> None:
    """Pollaczek and Khinchine: with one who serves each for the same time, the mean wait is busy · time / (2 (1 - busy))."""
    time = 8.0
    found = scale.waits(1000 * busy / time, lambda: time, Random(3), 400_000)
    assert sum(found) / len(found) == pytest.approx(busy * time / (2 * (1 - busy)), rel=0.05)
    assert found == sorted(found)
    assert sum(wait == 0 for wait in found) / len(found) == pytest.approx(1 - busy, abs=0.01)


def test_times_drawn_from_the_kept_places_have_their_mean() -> None:
    times = MEASURED["kinds"]["query"]["held_ms"]
    rng = Random(5)
    drawn = [scale._drawn(times, rng.random()) for _ in range(100_000)]
    assert sum(drawn) / len(drawn) == pytest.approx(scale._mean(times), rel=0.03)
    assert (scale._drawn(times, 0), scale._drawn(times, 1)) == (times[0], times[-1])


def test_the_load_grows_with_the_people_and_with_each_assumption() -> None:
    city, nation = (scale.load_of(MEASURED, place, "middle") for place in ("市 city", "全国 nation"))
    times = scale.PLACES["全国 nation"] / scale.PLACES["市 city"]
    for name in ("look_ups", "notices", "entries", "rows", "bytes", "actions", "nightly", "scans", "transactions"):
        assert getattr(nation, name) == pytest.approx(times * getattr(city, name))
    low, middle, high = (scale.load_of(MEASURED, "省 province", level) for level in scale.LEVELS)
    assert low.transactions < middle.transactions < high.transactions
    assert low.bytes < middle.bytes < high.bytes


def test_a_years_load_added_up_by_hand() -> None:
    measured = {
        "kinds": {
            kind: {"rows": {"case_file": 1, "case_event": 4, "outbox": 1}, "bytes": 1000, "held_ms": [1.0] * 15}
            for kind in ("objection", "marking", "revocation", "query")
        },
        "simulated": {kind: {"actions": 5, "entries": 8} for kind in ("objection", "marking", "revocation", "query")},
        "look_up": {"bytes": 100},
        "notice": {"bytes": 10},
        "night": {
            "overdue": {"rows": {"case_event": 1, "outbox": 1}, "bytes": 50, "whole_ms": 2},
            "expiry": {"whole_ms": 4},
        },
    }
    load = scale.load_of(measured, "市 city", "middle")  # 2,400 objections, 360 marks, 72 revoked, 240,000 queries
    assert load.cases == pytest.approx({"objection": 2400, "marking": 360, "revocation": 72, "query": 240_000})
    cases, late, ends = 242_832, 240, 288
    assert load.actions == pytest.approx(5 * cases)
    assert load.entries == pytest.approx(8 * cases + late)
    assert load.notices == pytest.approx(
        2 * cases + late + ends
    )  # twice the entries of the plain way, twice its notices
    assert load.rows == pytest.approx(12 * cases + 2 * late + 2_400_000 + load.notices)
    assert load.bytes == pytest.approx(2000 * cases + 50 * late + 240_000_000 + 10 * load.notices)
    assert load.nightly == pytest.approx((2 * late + 4 * ends) / 1000)
    assert load.transactions == pytest.approx(load.actions + 2_400_000 + load.notices)


def test_what_gives_first_is_what_is_used_most() -> None:
    load = scale.load_of(MEASURED, "全国 nation", "high")
    peak = scale.peak_of(MEASURED, load)
    assert peak.busy > 1
    assert peak.waits is None
    used = scale.gives_first(MEASURED, load, peak)
    assert used["writer"] == pytest.approx(peak.busy / 0.5)
    assert max(used.values()) > 1
    small = scale.load_of(MEASURED, "市 city", "low")
    assert max(scale.gives_first(MEASURED, small, scale.peak_of(MEASURED, small)).values()) < 1
