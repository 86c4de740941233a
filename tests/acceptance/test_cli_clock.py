"""The machine's clock set forward and back, and a year without sweeps, on databases of both kinds."""

from __future__ import annotations

import io
import json
import shutil
import sys
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from tests import where
from tests.acceptance.conftest import Answer, Command, Office
from tests.integration.helpers import TO_COLLECTED, write_records

ADMIN, FIRST, SECOND = "correct-horse-7-battery", "venit-hora-matutina-9", "tempus-fugit-per-noctem"
CASE = "OBJ-2026-000001"
START = datetime(2026, 3, 2, 1, tzinfo=UTC)  # 09:00 in Shanghai
SUBMIT = "objection submit --record R-1 --set reason=有误 --all-materials"


class City(Command):
    """A production database, on a machine whose clock the test sets."""

    def at(self, clock: datetime, line: str, *more: str, typed: str = "") -> Answer:
        with (
            mock.patch("credit_workflow.cli.context.machine_time", return_value=clock),
            mock.patch.object(sys, "stdin", io.StringIO(typed + "\n")),
        ):
            return self(line, *more)

    def done(self, clock: datetime, line: str, *more: str, typed: str = "") -> Any:
        answer = self.at(clock, line, *more, typed=typed)
        assert answer.code == 0, answer.err
        return answer.json

    def copied(self, folder: Path) -> City:
        """The same city in another folder, as it is now."""
        made = City(folder, {f"CREDIT_WORKFLOW_{n}": str(folder / n.lower()) for n in ("STATE", "KEYS")})
        for name in ("state", "keys"):
            shutil.copytree(self.folder / name, folder / name, dirs_exist_ok=True)
        where.copy(self.database, made.database)
        return made

    def signed_in(self, clock: datetime, name: str, password: str) -> None:
        self.done(clock, f"login {name} --password-stdin", typed=password)

    def verified(self, clock: datetime) -> None:
        """Prove the log, and that neither of its parts ever goes back."""
        assert self.done(clock, "audit verify")["ok"] is True
        with closing(where.connect(self.database)) as db:
            for log in ("case_event", "journal_log"):
                instants = [datetime.fromisoformat(row[0]) for row in db.execute(f"SELECT at FROM {log} ORDER BY id")]
                assert instants == sorted(instants), log


@pytest.fixture
def city(command: Command, databases: None) -> City:  # noqa: ARG001 - it must be there first
    """A production database with an administrator, a centre and a window, who is signed in."""
    return founded(command.folder)


def founded(folder: Path) -> City:
    """Make such a city in a folder."""
    made = City(folder)
    made.environment |= {f"CREDIT_WORKFLOW_{n}": str(made.folder / n.lower()) for n in ("STATE", "KEYS")}
    made.done(START, "init --admin root1 --password-stdin", typed=ADMIN)
    for name, roles in (("zhou", "center"), ("wang", "window")):
        made.signed_in(START, "root1", ADMIN)
        made.done(START, f"account apply {name} --set unit=hall --set roles={roles}")
        made.done(START, f"account train {name} --set training=2026")
        made.done(START, f"account activate {name} --set agreement_signed=true")
        made.done(START, f"account reset_password {name} --password-stdin", typed=FIRST)
        made.signed_in(START, name, FIRST)
        made.done(START, "passwd --password-stdin", typed=f"{FIRST}\n{SECOND}")
        made.signed_in(START, name, SECOND)
        if name == "zhou":
            made.done(START, "record import", str(write_records(made.folder / "r.csv", 2)))
    return made


def test_a_session_that_was_used_minutes_ago_can_write(city: City) -> None:
    """That it is used is noted in the very transaction of what is done, not in one that waits for it."""
    city.signed_in(START, "root1", ADMIN)
    for minutes in (5, 10):
        assert city.done(START + timedelta(minutes=minutes), "audit seal")["sealed"] is (minutes == 5)
    assert city.done(START + timedelta(minutes=38), "whoami")["account"] == "root1"


@pytest.mark.slow
def test_a_production_log_never_goes_back_with_the_clock(city: City) -> None:
    later = START + timedelta(minutes=20)
    city.done(later, SUBMIT)
    before = START + timedelta(minutes=5)
    city.done(before, f"objection accept {CASE} --all-materials")
    city.done(START - timedelta(days=400), f"case show {CASE}")
    city.done(START - timedelta(days=400), "sweep")
    events = city.done(before, f"case history {CASE}")["events"]
    assert [event["action"] for event in events] == ["submit", "accept"]
    assert events[0]["at"] == events[1]["at"] == "2026-03-02T09:20:00+08:00"  # no earlier than what came before it
    city.verified(before)


@pytest.mark.slow
def test_a_year_without_sweeps_on_a_production_database(city: City) -> None:
    city.done(START, SUBMIT)
    city.done(START, f"objection accept {CASE} --all-materials")  # never archived, never notified
    city.done(START + timedelta(days=1), "sweep")
    year = START + timedelta(days=366)
    missed = city.done(year, "sweep")
    assert (missed["as_of"], missed["caught_up_from"], missed["failed"]) == ("2027-03-03", "2026-03-04", [])
    assert missed["fired"]["overdue"] >= 1
    assert city.done(year, "sweep")["fired"] == {}
    with closing(where.connect(city.database)) as db:
        fired = db.execute(
            "SELECT case_no, action, effective, count(*) FROM case_event WHERE actor = 'system' AND at > '2026-03-04'"
            " GROUP BY case_no, action, effective"
        ).fetchall()
        (certificate,) = db.execute(
            "SELECT data FROM journal_log WHERE stream = 'sweep' ORDER BY id DESC LIMIT 1 OFFSET 1"
        ).fetchone()
    assert [row for row in fired if row[0] == CASE] == [(CASE, "overdue", "2026-04-02", 1)]
    assert json.loads(certificate)["nights_missed"] == 364
    city.verified(year)
    # The clock is set right again: what was recorded stays recorded, and nothing is written before it.
    city.done(START + timedelta(days=2), "sweep")
    city.verified(START + timedelta(days=2))


def test_a_training_database_refuses_to_go_back_after_a_year(office: Office) -> None:
    life = office.life
    life.marked("R-1")
    life.life(life.objection("2026-03-10", "R-2"), "2026-03-10", TO_COLLECTED)
    office.ok("sweep", at="2026-03-12")
    far = office.ok("sweep", at="2027-03-12")
    assert (far["fired"], far["caught_up_from"]) == ({"expire": 1, "close": 1}, "2026-03-13")
    with office.life.database.reading() as db:
        effective = {
            e.action: e.effective for n in ("MRK-2026-000001", "OBJ-2026-000002") for _, _, e in db.cases.entries(n)
        }
    assert (effective["expire"], effective["close"]) == (date(2026, 4, 9), date(2026, 3, 18))
    for line in ("sweep", f"case show {CASE}", "objection submit --record R-1 --set reason=x", "audit seal", "overdue"):
        error = office.refused(3, line, who="auditor1" if "seal" in line else "window1", at="2027-03-11")
        assert error["code"] == "clock_backwards"
    assert office("audit verify", at="2027-03-12").json["ok"] is True
