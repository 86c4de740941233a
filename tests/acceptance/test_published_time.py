"""Time, as published: what has passed by date, the sweep and the scheduler, which day it is."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest

from tests import where
from tests.acceptance.conftest import ROOT, Command
from tests.integration.helpers import Service

O1 = "OBJ-2026-000001"


@pytest.mark.usefixtures("databases")
def test_the_mark_expires_by_date_and_the_sweep_writes_it_down(command: Command) -> None:
    Service(command.database).marked()
    mark = "MRK-2026-000001"
    assert command.ok(f"case show {mark}", at="2026-04-08T23:59")["state"] == "disputed"
    late = command.ok(f"case show {mark}", at="2026-04-09")
    assert (late["state"], late["recorded"]) == ("expired", False)
    assert command.ok(f"case show {O1}", at="2026-04-09")["state"] == "expired"
    assert command.ok("record show R-1", at="2026-04-09")["marks"] == []
    swept = command.ok("sweep", who="", at="2026-04-12")
    assert (swept["as_of"], swept["fired"], swept["failed"]) == ("2026-04-12", {"expire": 1}, [])
    assert swept["caught_up_from"] == "2026-04-09"
    assert command.ok("sweep", who="", at="2026-04-12")["fired"] == {}
    event = command.ok(f"case history {mark}", at="2026-04-12")["events"][-1]
    assert (event["action"], event["effective"], event["at"][:10]) == ("expire", "2026-04-09", "2026-04-12")
    assert command.ok(f"case show {mark}", at="2026-04-12")["recorded"] is True
    assert command.ok("audit verify", at="2026-04-12")["ok"] is True


@pytest.mark.usefixtures("databases")
def test_what_is_overdue_before_and_after_the_sweep(command: Command) -> None:
    life = Service(command.database)
    life.life(life.objection("2026-03-02"), "2026-03-02", "window1:accept")
    rows = command.ok("overdue", who="supervisor1", at="2026-04-02")
    expected = {"case": O1, "workflow": "objection", "state": "accepted", "due": "2026-03-02", "days_over": 31}
    assert rows["as_of"] == "2026-04-02"
    assert [r["deadline"] for r in rows["overdue"]] == ["archive", "handling"]
    assert rows["overdue"][0].items() >= {**expected, "deadline": "archive", "waiting_for": "window"}.items()
    assert command.ok("sweep", who="", at="2026-04-02")["fired"] == {"overdue": 2}
    again = command.ok("overdue --workflow objection --kind statutory", who="supervisor1", at="2026-04-02")
    assert again["overdue"] == rows["overdue"]
    assert command.ok("overdue --workflow marking", who="supervisor1", at="2026-04-02")["overdue"] == []
    assert [c["case"] for c in command.ok("todo", at="2026-04-02")["cases"]] == [O1]
    listed = command.ok("case list --state accepted --role window --limit 5", at="2026-04-02")["cases"]
    assert [c["case"] for c in listed] == [O1]


@pytest.mark.usefixtures("databases")
def test_one_bad_case_holds_up_no_other(command: Command) -> None:
    life = Service(command.database)
    for record in ("R-1", "R-2", "R-3"):
        life.life(life.objection("2026-03-02", record), "2026-03-02", "window1:accept")
    with where.connect(command.database) as db:
        db.execute("UPDATE case_file SET done = 'no JSON' WHERE number = 'OBJ-2026-000002'")
    db.close()
    answer = command("sweep", at="2026-03-03")
    assert (answer.code, answer.json["fired"]) == (1, {"overdue": 2})
    assert [f["case"] for f in answer.json["failed"]] == ["OBJ-2026-000002"]
    assert command("audit verify").code == 7


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM to catch")
@pytest.mark.usefixtures("databases")
def test_the_scheduler_catches_up_at_its_start_and_stops_cleanly(command: Command) -> None:
    Service(command.database).marked()
    environment = {
        **os.environ, "CREDIT_WORKFLOW_DB": where.url(command.database), "CREDIT_WORKFLOW_AT": "2026-04-20", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    words = [sys.executable, "-m", "credit_workflow", "scheduler", "run", "--json"]
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["fired"] == {"expire": 1}
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0


@pytest.mark.parametrize(
    ("at", "opened"),
    [("2026-03-02T23:59", "2026-03-02"), ("2026-03-03T00:00", "2026-03-03"), ("2026-03-02T16:30+00:00", "2026-03-03")],
)
def test_days_are_days_in_shanghai(service: Command, at: str, opened: str) -> None:
    answer = service("objection submit --record R-1 --set reason=x", who="window1", at=at, TZ="America/New_York")
    assert answer.json["opened"] == opened


def test_a_date_alone_is_the_newest_entry_of_that_day(service: Command) -> None:
    service.ok("objection submit --record R-1 --set reason=x --all-materials", at="2026-03-02T15:30")
    service.ok(f"objection accept {O1}", at="2026-03-02")
    assert service.ok(f"case history {O1}")["events"][-1]["at"] == "2026-03-02T15:30:00+08:00"
    back = service(f"objection transfer {O1}", who="window1", at="2026-03-02T15:29")
    assert (back.code, back.error["code"]) == (3, "clock_backwards")


@pytest.mark.parametrize(
    ("start", "length", "due"),
    [
        ("2026-02-10", "7 working days", "2026-02-26"),
        ("2026-02-10", "1 working day", "2026-02-11"),
        ("2026-02-10", "30 days", "2026-03-12"),
    ],
)
def test_the_calendar_needs_no_database(command: Command, start: str, length: str, due: str) -> None:
    answer = command("calendar count", start, length).json
    assert (answer["due"], answer["provisional"], answer["counted"][-1]["date"]) == (due, False, due)
    assert not where.exists(command.database)
