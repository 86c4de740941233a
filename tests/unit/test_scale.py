"""``docs/scale.md``: its tables are what `benchmarks.scale` counts from what was measured, and it counts right."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import chinese_calendar
import pytest

from benchmarks import load, scale
from benchmarks.sizes import bytes_by_table, bytes_of

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
    found = scale.waits(1000 * busy / time, lambda: time, Random(3), 200_000)
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
    year = scale.load_of(measured, "市 city", "middle")  # 2,400 objections, 360 marks, 72 revoked, 240,000 queries
    assert year.cases == pytest.approx({"objection": 2400, "marking": 360, "revocation": 72, "query": 240_000})
    cases, late, ends = 242_832, 240, 288
    assert year.actions == pytest.approx(5 * cases)
    assert year.entries == pytest.approx(8 * cases + late)
    assert year.notices == pytest.approx(
        2 * cases + late + ends
    )  # twice the entries of the plain way, twice its notices
    assert year.rows == pytest.approx(12 * cases + 2 * late + 2_400_000 + year.notices)
    assert year.bytes == pytest.approx(2000 * cases + 50 * late + 240_000_000 + 10 * year.notices)
    closes = 2040  # the objections that no mark follows
    assert year.nightly == pytest.approx((2 * late + 4 * (ends + closes)) / 1000)
    assert year.transactions == pytest.approx(year.actions + 2_400_000 + year.notices)


def test_what_gives_first_is_what_is_used_most() -> None:
    whole = scale.load_of(MEASURED, "全国 nation", "high")
    peak = scale.peak_of(MEASURED, whole)
    assert peak.busy > 1
    assert peak.waits is None
    used = scale.gives_first(MEASURED, whole, peak)
    assert used["writer"] == pytest.approx(peak.busy / 0.5)
    assert max(used.values()) > 1
    small = scale.load_of(MEASURED, "市 city", "low")
    assert max(scale.gives_first(MEASURED, small, scale.peak_of(MEASURED, small)).values()) < 1


def test_what_a_server_did_is_what_the_page_on_production_says() -> None:
    text = (scale.PAGE.parent / "production.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \d+ \| (\d+) \| \d+, \d+, \d+ \|$", text, re.MULTILINE)
    assert len(rows) == 3
    assert max(map(float, rows)) == scale.SERVER_ACTIONS


def test_a_night_costs_at_least_what_an_empty_one_does() -> None:
    load = scale.load_of(MEASURED, "市 city", "low")
    used = scale.gives_first(MEASURED, load, scale.peak_of(MEASURED, load))
    night = used["sweep"] * scale.MOST_SWEEP_HOURS * 3600
    idle = MEASURED["night"]["idle_ms"] / 1000
    assert night == pytest.approx(idle + scale.FULLEST_NIGHT * load.nightly / 365)


def test_what_the_page_says_in_words_holds_by_its_tables() -> None:
    """A city is within one database at every level; a province up to the middle; the nation in none but the lowest."""
    used = {
        (place, level): scale.gives_first(MEASURED, one, scale.peak_of(MEASURED, one))
        for place in scale.PLACES
        for level in scale.LEVELS
        for one in [scale.load_of(MEASURED, place, level)]
    }
    city, province, nation = scale.PLACES
    assert all(max(used[city, level].values()) < 1 for level in scale.LEVELS)
    assert max(used[province, "middle"].values()) < 1 < max(used[province, "high"].values())
    beyond = {part for part, share in used[province, "high"].items() if share > 1}
    assert beyond == {"server", "verify"}
    assert used[province, "high"]["server"] > 2 * scale.MOST_BUSY  # more than that server did at all
    assert max(used[nation, "low"].values()) < 1 < max(used[nation, "middle"].values())
    # a city of 32 million: still within what that server did, but beyond half of it
    largest = 32e6 / scale.PLACES[city] * used[city, "high"]["server"] * scale.MOST_BUSY
    assert largest == pytest.approx(0.63, abs=0.01)
    assert 32e6 / scale.PLACES[city] * used[city, "high"]["verify"] < 1
    assert all(parts["sweep"] < 0.1 for parts in used.values())
    assert (
        scale.load_of(MEASURED, city, "high").scans * scale.YEARS_OF_SCANS > scale.load_of(MEASURED, city, "high").bytes
    )


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_working_days_are_those_of_the_notices(year: int) -> None:
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(365))
    assert sum(bool(chinese_calendar.is_workday(day)) for day in days) == scale.WORKING_DAYS


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return str(tmp_path / "cases.db")


@pytest.mark.parametrize("fixture", ["sqlite_url", pytest.param("postgres_url", marks=pytest.mark.slow)])
def test_what_a_case_costs_is_measured_on_a_real_database(
    fixture: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = request.getfixturevalue(fixture)
    monkeypatch.setattr(
        load, "simulated", lambda _: {}
    )  # its figures are those of `simulate`, which has tests of its own
    found = load.measure(url, tmp_path, 4)
    rows = {kind: part["rows"] for kind, part in found["kinds"].items()}
    assert rows["objection"] == {"case_file": 1, "case_event": 8, "case_deadline": 7, "record_mark": 1, "outbox": 3}
    assert {kind: part["transactions"] for kind, part in found["kinds"].items()} == {
        "objection": 8, "marking": 6, "revocation": 6, "query": 4,
    }  # fmt: skip
    assert found["look_up"]["rows"] == found["notice"]["rows"] == {"journal_log": 1}
    # two marks expire, each with its objection; no objection's materials were filed
    assert found["night"]["expiry"]["rows"]["case_event"] == 2
    assert found["night"]["overdue"]["rows"]["case_event"] == 1
    by_table = bytes_by_table(url)
    assert by_table["case_event"] > 0
    assert sum(by_table.values()) <= bytes_of(url)
    if fixture == "sqlite_url":
        with closing(sqlite3.connect(url)) as db:  # what a kept connection has not yet moved from the WAL
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert sum(by_table.values()) == (tmp_path / "cases.db").stat().st_size
    assert all(
        part["held_ms"] == sorted(part["held_ms"]) and part["held_ms"][0] > 0 for part in found["kinds"].values()
    )
    assert set(found) == set(MEASURED)
