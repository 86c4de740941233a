"""The sweep, the scheduler, the instant taken for now, and dates at the edges."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import closing

import pytest

from tests import where
from tests.acceptance.conftest import Office
from tests.integration.helpers import TO_COLLECTED

O1, O2, O3 = "OBJ-2026-000001", "OBJ-2026-000002", "OBJ-2026-000003"
SWEEP = {"as_of", "fired", "failed", "caught_up_from"}


def test_a_sweep_of_all_kinds_and_again(office: Office) -> None:
    life = office.life
    life.marked("R-1")
    life.life(life.objection("2026-03-10", "R-2"), "2026-03-10", TO_COLLECTED)
    life.life(life.objection("2026-03-10", "R-4"), "2026-03-10", "window1:accept window1:archive")
    first = office.process("sweep", at="2026-05-05")
    assert first.code == 0
    assert first.json.keys() >= SWEEP
    assert first.json["as_of"] == "2026-05-05"
    assert first.json["fired"] == {"expire": 1, "close": 1, "overdue": 1}
    assert first.json["failed"] == []
    assert first.json["caught_up_from"] == "2026-03-18"  # the window's first day after, the earliest of what was missed
    before = office.fingerprint()
    again = office("sweep", at="2026-05-05").json
    assert (again["fired"], again["failed"], again["caught_up_from"]) == ({}, [], None)
    assert office.fingerprint() == before
    assert "没有到期事项" in office("sweep", at="2026-05-05", as_json=False).out
    assert office("audit verify").json["ok"] is True


def test_caught_up_from_is_the_day_after_the_last_sweep(office: Office) -> None:
    office.life.objection("2026-03-02")
    assert office("sweep", at="2026-03-03").json["caught_up_from"] is None
    assert office("sweep", at="2026-03-04").json["caught_up_from"] is None
    assert office("sweep", at="2026-03-07").json["caught_up_from"] == "2026-03-05"
    assert "2026-03-08" in office("sweep", at="2026-04-07", as_json=False).out


def test_the_sweep_needs_no_account_and_an_unknown_one_is_none(office: Office) -> None:
    assert office("sweep", at="2026-03-02").code == 0
    office.life.objection("2026-03-02")
    office("sweep", at="2026-05-05")
    (event,) = office.ok(f"case history {O1}", at="2026-05-05")["events"][1:]
    assert (event["actor"], event["role"], event["action"]) == ("system", "system", "overdue")
    assert event["effective"] == "2026-04-02"
    assert (event["from"], event["to"]) == ("submitted", "submitted")


CORRUPTIONS = {
    "fields": "UPDATE case_file SET fields = 'no JSON' WHERE number = 'OBJ-2026-000002'",
    "state": "UPDATE case_file SET state = 'nowhere' WHERE number = 'OBJ-2026-000002'",
    "definition": "UPDATE case_file SET definition = 'gone' WHERE number = 'OBJ-2026-000002'",
    "opened": "UPDATE case_file SET opened = 'once' WHERE number = 'OBJ-2026-000002'",
    "done": "UPDATE case_file SET done = '[]' WHERE number = 'OBJ-2026-000002'",
    "an unknown deadline": "UPDATE case_deadline SET id = 'whenever' WHERE case_no = 'OBJ-2026-000002' AND id = 'handling'",
    "starts": "UPDATE case_deadline SET starts = 'soon' WHERE case_no = 'OBJ-2026-000002'",
}


@pytest.mark.parametrize("statement", CORRUPTIONS.values(), ids=CORRUPTIONS.keys())
def test_one_bad_case_holds_up_no_other(office: Office, statement: str) -> None:
    life = office.life
    for record in ("R-1", "R-2", "R-4"):
        life.objection("2026-03-02", record)
    with closing(where.connect(office.database)) as db:
        assert db.execute(statement).rowcount >= 1
        db.commit()
    answer = office("sweep", at="2026-05-05")
    assert answer.code == 1
    assert answer.json["fired"] == {"overdue": 2}
    (failed,) = answer.json["failed"]
    assert failed["case"] == O2
    assert failed["message"]
    text = office("sweep", at="2026-05-05", as_json=False)
    assert (text.code, O2 in text.out) == (1, True)
    assert office("audit verify").code == 7


def test_the_instant_never_goes_back(office: Office) -> None:
    office.ok("objection submit --record R-1 --set reason=x --all-materials", at="2026-03-02T15:30")
    for at in ("2026-03-02T15:29", "2026-03-01", "2026-03-02T07:29:59+00:00"):
        for line in (f"objection accept {O1}", f"case show {O1}", "overdue", "sweep", "record list"):
            error = office.refused(3, line, at=at)
            assert error["code"] == "clock_backwards"
            assert "2026-03-02T15:30" in error["message"]
    assert office.ok(f"objection accept {O1}", at="2026-03-02")["state"] == "accepted"
    assert office.ok(f"case history {O1}")["events"][-1]["at"] == "2026-03-02T15:30:00+08:00"


def test_a_date_alone_is_midnight_unless_something_happened_that_day(office: Office) -> None:
    office.ok("objection submit --record R-1 --set reason=x --all-materials", at="2026-03-02")
    assert office.ok(f"case history {O1}")["events"][0]["at"] == "2026-03-02T00:00:00+08:00"
    office.ok("record show R-1", at="2026-03-02T08:15")  # a look is an entry as well
    office.ok(f"objection accept {O1}", at="2026-03-02")
    assert office.ok(f"case history {O1}")["events"][1]["at"] == "2026-03-02T08:15:00+08:00"
    office.ok(f"objection transfer {O1}", at="2026-03-03")
    assert office.ok(f"case history {O1}", at="2026-03-03")["events"][2]["at"] == "2026-03-03T00:00:00+08:00"


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati"])
def test_days_are_days_in_shanghai_whatever_the_zone(office: Office, zone: str) -> None:
    for number, (record, at, opened, due) in enumerate(
        [
            ("R-1", "2026-03-02T23:59", "2026-03-02", "2026-04-01"),
            ("R-2", "2026-03-03T00:00", "2026-03-03", "2026-04-02"),
            ("L-1", "2026-03-03T11:00:00-05:00", "2026-03-04", "2026-04-03"),
        ],
        1,
    ):
        line = f"objection submit --record {record} --set reason=x --all-materials"
        case = office.process(line, who="window1", at=at, TZ=zone).json
        assert case["case"] == f"OBJ-2026-{number:06}"
        assert (case["opened"], case["deadlines"][0]["due"]) == (opened, due)


def test_a_deadline_ends_at_midnight_in_shanghai(office: Office) -> None:
    office.life.objection("2026-03-02")
    for at, count in (("2026-04-01T23:59", 0), ("2026-04-01T15:59:59+00:00", 0), ("2026-04-01T16:00:00+00:00", 1)):
        rows = office.process("overdue", who="supervisor1", at=at, TZ="America/New_York").json["overdue"]
        assert len(rows) == count, at


@pytest.mark.parametrize(
    ("filed", "number", "due"),
    [
        ("2025-12-31", "OBJ-2025-000001", "2026-01-30"),  # the turn of the year
        ("2026-01-01", "OBJ-2026-000001", "2026-02-02"),  # 31 January is a Saturday
        ("2026-01-16", "OBJ-2026-000001", "2026-02-24"),  # 15 February falls into the festival, which ends on 23
        ("2026-02-14", "OBJ-2026-000001", "2026-03-16"),  # the last working day before the festival, a worked Saturday
        ("2026-01-29", "OBJ-2026-000001", "2026-02-28"),  # ends on a worked Saturday, which is no day off
        ("2025-09-08", "OBJ-2025-000001", "2025-10-09"),  # 8 October, the last day of the festival
        ("2025-01-26", "OBJ-2025-000001", "2025-02-25"),  # a worked Sunday
    ],
)
def test_thirty_days_at_the_edges(office: Office, filed: str, number: str, due: str) -> None:
    case = office.ok("objection submit --record R-1 --set reason=x --all-materials", at=filed)
    assert (case["case"], case["opened"], case["deadlines"][0]["due"]) == (number, filed, due)
    assert case["deadlines"][0]["provisional"] is False


def test_the_series_of_numbers_begins_anew_each_year(office: Office) -> None:
    for at, number in (
        ("2025-12-31T23:59", "OBJ-2025-000001"),
        ("2026-01-01T00:00", "OBJ-2026-000001"),
        ("2026-01-02", "OBJ-2026-000002"),
    ):
        assert office.ok("objection submit --record R-1 --set reason=x", at=at)["case"] == number
    assert office.ok("audit verify")["ok"] is True


@pytest.mark.parametrize(
    ("day", "window_end"),
    [
        ("2026-02-13", "2026-02-27"),  # Friday; 14 is worked, the festival, then 24 to 27
        ("2026-02-14", "2026-02-28"),  # the worked Saturday itself; the fifth day is a worked Saturday too
        ("2026-04-30", "2026-05-11"),  # Labour Day to 5 May; 9 May is a worked Saturday
        ("2025-12-31", "2026-01-08"),  # 4 January is a worked Sunday
    ],
)
def test_five_working_days_at_the_edges(office: Office, day: str, window_end: str) -> None:
    life = office.life
    case = life.life(life.objection(day), day, TO_COLLECTED)
    shown = office.ok(f"case show {case}", at=day)
    assert {d["id"]: d["due"] for d in shown["deadlines"]}["dispute_window"] == window_end


def test_a_provisional_date_never_closes_a_case(office: Office) -> None:
    life = office.life
    case = life.life(life.objection("2026-12-25"), "2026-12-29", TO_COLLECTED)
    shown = office.ok(f"case show {case}", at="2026-12-29")
    window = {d["id"]: d for d in shown["deadlines"]}["dispute_window"]
    assert window["provisional"] is True
    assert office.ok(f"case show {case}", at="2027-02-01")["state"] == "collected"
    swept = office("sweep", at="2027-02-01")
    assert "close" not in swept.json["fired"]
    assert office.ok(f"case show {case}", at="2027-02-01")["state"] == "collected"
    assert "暂定" in office("sweep", at="2027-02-01", as_json=False).out


def test_years_end_on_the_same_date(office: Office) -> None:
    for start, length, due in (
        ("2024-02-29", "1 year", "2025-02-28"),
        ("2021-03-01", "5 years", "2026-03-01"),
        ("2020-02-29", "4 years", "2024-02-29"),
    ):
        assert office("calendar count", start, length).json["due"] == due


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM to catch")
@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_the_scheduler_sweeps_at_its_start_and_stops_cleanly(office: Office, stop: signal.Signals) -> None:
    office.life.marked()
    environment = office.environ(CREDIT_WORKFLOW_AT="2026-04-20")
    words = [sys.executable, "-m", "credit_workflow", "scheduler", "run", "--time", "03:30", "--json"]
    with subprocess.Popen(
        words,
        env=environment,
        cwd=office.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        watchdog = threading.Timer(60, process.kill)
        watchdog.start()
        assert process.stdout is not None
        assert process.stderr is not None
        report = json.loads(process.stdout.readline())
        assert (report["fired"], report["caught_up_from"]) == ({"expire": 1}, "2026-04-09")
        sent = json.loads(process.stdout.readline())  # the notices of all steps until then
        assert (sent["sent"] > 0, sent["failed"], sent["given_up"]) == (True, 0, 0)
        process.send_signal(stop)
        rest, errors = process.stdout.read(), process.stderr.read()
        assert (process.wait(), rest, errors) == (0, "", "")
        watchdog.cancel()
    assert office.ok("case show MRK-2026-000001", at="2026-04-20")["recorded"] is True
