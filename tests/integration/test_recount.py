"""A notice that comes in moves the dates that waited for it, with an entry in the log."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from credit_workflow.calendar.loading import load_calendar
from credit_workflow.engine.timers import recount
from credit_workflow.engine.world import World
from credit_workflow.resources import data_folder
from tests.property.core import _moment
from tests.unit.test_engine import TO_COLLECTED, Office

NOTICE = """notice: cn-2027
year: 2027
title: {zh: 虚构的通知, en: an invented notice}
off:
  - {name: {zh: 元旦, en: New Year's Day}, first: 2026-12-29, last: 2027-01-03}
work: [2026-12-26]
"""


def noticed(office: Office, tmp_path: Path, notice: str) -> World:
    """Return the office's cases in a world with a notice more."""
    shutil.copytree(data_folder("calendars"), tmp_path / "calendars")
    (tmp_path / "calendars" / "cn" / "invented.yaml").write_text(notice, encoding="utf-8")
    newer = load_calendar(folder=tmp_path / "calendars")
    return World(rules=office.core.rules, calendar=newer, cases=office.core.cases, records=office.core.records)


def test_a_provisional_window_moves_and_becomes_certain(tmp_path: Path) -> None:
    office = Office()
    office.submit(date(2026, 12, 1))
    office.life(date(2026, 12, 22), TO_COLLECTED)
    before = office.core.cases["O-1"].deadlines["dispute_window"]
    assert (before.due, before.provisional) == (date(2026, 12, 29), True)

    world = noticed(office, tmp_path, NOTICE)
    outcome = recount(world, _moment(date(2026, 12, 27)))

    (entry,) = outcome.entries
    assert (entry.action, entry.actor, list(entry.change.deadlines)) == ("recount", "system", ["dispute_window"])
    after = outcome.world.cases["O-1"].deadlines["dispute_window"]
    # 23, 24, 25 and the worked Saturday 26 December, then 28 December
    assert (after.due, after.provisional, after.edition) == (date(2026, 12, 28), False, world.calendar.edition)
    assert recount(outcome.world, _moment(date(2026, 12, 28))).entries == ()


def test_an_extension_is_counted_again_from_the_new_end_of_the_period(tmp_path: Path) -> None:
    office = Office()
    office.submit(date(2026, 12, 1))  # thirty days: 31 December
    office.life(date(2026, 12, 2), "window:accept window:transfer center:receive")
    office.act(date(2026, 12, 3), "request_extension", "center", days=5, reason="情况复杂")
    office.act(date(2026, 12, 3), "grant_extension", "authority")
    world = noticed(office, tmp_path, NOTICE)
    before = world.cases["O-1"].deadlines["handling"]
    assert (before.original_due, before.due, before.provisional) == (date(2026, 12, 31), date(2027, 1, 8), True)
    after = recount(world, _moment(date(2026, 12, 27))).world.cases["O-1"].deadlines["handling"]
    # 31 December is a day off by the notice: 4 January, and then 5, 6, 7, 8, 11 January
    assert (after.original_due, after.due, after.provisional) == (date(2027, 1, 4), date(2027, 1, 11), False)


AMENDED = """notice: cn-2026-12
year: 2026
amends: cn-2026
title: {zh: 虚构的调休, en: an invented swap}
off:
  - {name: {zh: 调休, en: day off}, first: 2026-12-21, last: 2026-12-21}
work: [2026-12-19]
"""


def test_an_extension_stays_provisional_though_the_period_itself_is_certain(tmp_path: Path) -> None:
    office = Office()
    office.submit(date(2026, 11, 20))  # thirty days: Sunday, 20 December, so the 21st
    office.life(date(2026, 12, 2), "window:accept window:transfer center:receive")
    office.act(date(2026, 12, 3), "request_extension", "center", days=8, reason="情况复杂")
    office.act(date(2026, 12, 3), "grant_extension", "authority")
    world = noticed(office, tmp_path, AMENDED)
    after = recount(world, _moment(date(2026, 12, 10))).world.cases["O-1"].deadlines["handling"]
    # 22 December now; eight working days on is 4 January, after days that the notice of 2027 can still change
    assert (after.original_due, after.due, after.provisional) == (date(2026, 12, 22), date(2027, 1, 4), True)


def test_an_extended_date_that_stays_makes_no_entry(tmp_path: Path) -> None:
    office = Office()
    office.submit(date(2026, 3, 2))
    office.life(date(2026, 3, 3), "window:accept window:archive window:transfer center:receive")
    office.act(date(2026, 3, 4), "request_extension", "center", days=5, reason="情况复杂")
    office.act(date(2026, 3, 4), "grant_extension", "authority")
    world = noticed(office, tmp_path, NOTICE)
    assert recount(world, _moment(date(2026, 3, 5))).entries == ()
