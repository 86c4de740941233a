"""A year of a city, compressed into a minute or two: nothing drifts, nothing leaks, the log and the figures hold.

``SOAK_OBJECTIONS`` sets how many objections are filed in the year, ``SOAK_SEED`` another seed. A thousand objections
are about 13,000 commands.
"""

from __future__ import annotations

import csv
import os
import sys
from datetime import date
from pathlib import Path
from random import Random

import chinese_calendar
import pytest

from credit_workflow.casework.records.importing import COLUMNS
from tests.acceptance.conftest import Command
from tests.soak.chronicle import Chronicle
from tests.soak.city import City
from tests.soak.recounting import NOTICES, Days
from tests.soak.running import Site
from tests.soak.year import Measured, Year

OBJECTIONS = int(os.environ.get("SOAK_OBJECTIONS", "40"))
#: The seed of a year in which all comes about that `seldom_is_not_never` asks for, small as it is.
USUAL = 4
SEED = int(os.environ.get("SOAK_SEED", USUAL))
#: What a process may come to hold more, in kB, in 40 quiet days: 160 commands, or 120 jobs. It goes up and down by 500.
QUIET_KILOBYTES = 640
#: So many objections a year show all that there is, whatever the seed.
MANY = 400
FIRST, LAST = date(2025, 1, 2), date(2025, 12, 31)


def is_working(day: date) -> bool:
    return bool(chinese_calendar.is_workday(day))


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The place of a database that is not there yet."""
    return str(tmp_path / "service" / "cases.db")


@pytest.fixture(params=["sqlite_url", pytest.param("postgres_url", marks=pytest.mark.long)])
def url(request: pytest.FixtureRequest) -> str:
    """The databases that the year is led on."""
    return str(request.getfixturevalue(request.param))


def write_records(path: Path, city: City) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(city.records)
    return path


@pytest.mark.slow
@pytest.mark.skipif(
    not Path("/proc/self/smaps_rollup").exists(), reason="it looks at the processes as Linux shows them"
)
def test_a_year_of_a_city(url: str, tmp_path: Path) -> None:
    folders = {name: tmp_path / name.lower() for name in ("KEYS", "STATE", "CACHE", "TMPDIR", "service")}
    for folder in folders.values():
        folder.mkdir(exist_ok=True)
    environment = {f"CREDIT_WORKFLOW_{name}": str(folders[name]) for name in ("KEYS", "STATE", "CACHE")}
    environment |= {"CREDIT_WORKFLOW_FILES": str(folders["service"]), "TMPDIR": str(folders["TMPDIR"])}
    site = Site(Command(folders["service"], environment), url)
    days = Days(is_working)
    city = City(Random(SEED), Chronicle(days.is_working), FIRST, LAST, OBJECTIONS)
    site.apart("init --training", "", "2025-01-01")
    site.apart(f"record import {write_records(tmp_path / 'records.csv', city)}", "center1", "2025-01-01T10:00")

    def files() -> tuple[str, ...]:
        """Every file that the program keeps, but for the notices that were delivered into a folder."""
        return tuple(
            sorted(
                str(path.relative_to(tmp_path))
                for folder in folders.values()
                for path in folder.rglob("*")
                if path.is_file() and ".notices" not in path.parent.name
            )
        )

    year = Year(site, city, Random(SEED + 1), files, days, tmp_path, said)
    year.run()
    sys.stderr.write(f"quiet days: {[(shell.kilobytes, scheduler.kilobytes) for shell, scheduler in year.quiet]}\n")
    sys.stderr.write(f"commands by exit code {dict(year.commands)}, fired {dict(year.fired)}\n")
    seldom_is_not_never(year)
    nothing_leaks(year)
    delivered = [p for p in folders["service"].rglob("*") if p.is_file() and ".notices" in p.parent.name]
    assert len(delivered) == sum(city.model.notices.values()) + year.digests + year.late_notices
    assert not list(folders["TMPDIR"].rglob("*"))
    left = {path.name for path in folders["service"].iterdir() if not path.name.endswith(".notices")}
    assert left <= {"cases.db"}
    kept_elsewhere(site, tmp_path)


def said(held: Measured) -> None:
    """Say how far it is, for those who run it long."""
    sys.stderr.write(
        f"{FIRST.year}-{held.month:02}: {held.entries} entries, {held.bytes // 1024} kB; shell {held.shell.kilobytes} kB "
        f"{held.shell.files} files; scheduler {held.scheduler.kilobytes} kB {held.scheduler.files} files\n"
    )


def seldom_is_not_never(year: Year) -> None:
    """What this year is to show has come about in it; in a small year of another seed it may not."""
    assert not year.moved[-1].moves, "the statute does not count by a city's own days"
    if OBJECTIONS < MANY and SEED != USUAL:
        return
    asked = year.model.queries.papers.values()
    seen = [row for paper in asked for row in paper.found or ()]
    assert year.printed
    assert {shown for _, shown, _ in seen} == {True, False}
    assert [bool(moved.moves) for moved in year.moved] == [True, True, False]


def nothing_leaks(year: Year) -> None:
    """Between the second month and the twelfth nothing grows but the database, and that with its entries.

    What reads the whole database (`audit verify`, `stats`) needs memory as it grows, and Python keeps what it had;
    in the quiet days at the end the database stays as it is, and so must the processes.
    """
    months = year.measured
    early, late = months[1], months[11]
    allowed = 4096 + 2 * (late.bytes - early.bytes) // 1024
    for name in ("shell", "scheduler"):
        before, after = getattr(early, name), getattr(late, name)
        assert after.files <= before.files
        assert after.kilobytes - before.kilobytes <= allowed, name
    for before, after in zip(year.quiet[1], year.quiet[3], strict=True):
        assert after.files == before.files
        assert after.kilobytes - before.kilobytes <= QUIET_KILOBYTES
    # the first rehearsal of recovery has made its key by March; a notice has calendars compiled, with it and without
    more = set(late.others) - set(months[2].others)
    assert set(months[2].others) <= set(late.others)
    assert all(name.startswith("cache/calendar-") for name in more)
    assert len(more) <= 2 * len(NOTICES)
    first, second = (
        (b.bytes - a.bytes) / (b.entries - a.entries) for a, b in ((months[0], months[5]), (months[5], late))
    )
    assert second <= 1.2 * first


def kept_elsewhere(site: Site, folder: Path) -> None:
    """Seals kept elsewhere hold against the log, and a backup restored elsewhere has the same cases."""
    at = "2026-04-01T10:00"  # after the quiet days
    seals, backup, restored = folder / "seals.json", folder / "year.backup", folder / "restored" / "cases.db"
    restored.parent.mkdir()
    site.apart(f"audit export {seals}", "auditor1", at)
    assert site.apart(f"audit verify --seals {seals} --key {seals}", "auditor1", at)["ok"] is True
    site.apart(f"backup create {backup}", "admin1", at)
    listed = site.apart("case list --limit 1000000", "supervisor1", at)
    site.apart(f"backup restore {backup} --to {restored}", "admin1", at)
    again = Site(site.command, str(restored))
    assert again.apart("audit verify", "auditor1", at)["ok"] is True
    assert again.apart("case list --limit 1000000", "supervisor1", at) == listed
