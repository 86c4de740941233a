"""A clock that ran ahead: what can't be undone waits until somebody has confirmed the day (production)."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from unittest import mock

import pytest

from tests.acceptance.test_cli_clock import ADMIN, CASE, START, SUBMIT, City, founded

HEAD = "lapis-niger-3-fenestra"
DAY = timedelta(days=1)
#: To a report collected: the window for a marking runs from then.
LIFE = (
    ("wang", SUBMIT),
    ("wang", f"objection accept {CASE} --all-materials"),
    ("wang", f"objection transfer {CASE}"),
    ("zhou", f"objection receive {CASE}"),
    ("zhou", f"objection report {CASE} --set outcome=upheld"),
    ("head", f"objection approve {CASE}"),
    ("wang", f"objection notify {CASE} --set channel=电话"),
    ("wang", f"objection collect {CASE} --set collected_by=本人"),
)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory, databases: None) -> City:  # noqa: ARG001 - it must be there first
    """The city with an authority, and a case whose window for a marking is open through 9 March; to be copied."""
    city, now = founded(tmp_path_factory.mktemp("city")), START
    city.signed_in(now, "root1", ADMIN)
    city.done(now, "account apply head --set unit=fagai --set roles=authority")
    city.done(now, "account train head --set training=2026")
    city.done(now, "account activate head --set agreement_signed=true")
    city.done(now, "account reset_password head --password-stdin", typed=FIRST)
    city.signed_in(now, "head", FIRST)
    city.done(now, "passwd --password-stdin", typed=f"{FIRST}\n{HEAD}")
    for who, line in LIFE:
        city.signed_in(now, who, PASSWORDS[who])
        city.done(now, line)
    return city


@pytest.fixture
def running(lived: City, tmp_path: Path) -> City:
    """A copy of it of the test's own."""
    return lived.copied(tmp_path)


FIRST = "venit-hora-matutina-9"
PASSWORDS = {"wang": "tempus-fugit-per-noctem", "zhou": "tempus-fugit-per-noctem", "head": HEAD}


FAR = START + 60 * DAY


def state(city: City, at: datetime) -> str:
    city.signed_in(at, "wang", PASSWORDS["wang"])
    return str(city.done(at, f"case show {CASE}")["state"])


def test_what_can_not_be_undone_waits_for_a_confirmed_day(running: City) -> None:
    """A clock that ran ahead once closed running rights and suspended everybody."""
    swept = running.done(FAR, "sweep")
    assert swept["unconfirmed"] == {"confirmed": "2026-03-02", "waiting": 1}
    assert set(swept["fired"]) == {"overdue"}  # that a duty is overdue can be said, and taken back
    assert swept["opened"] == []
    assert state(running, FAR) == "collected"
    running.verified(FAR)
    # The clock is put right, and the right goes on to its true end.
    later = running.done(FAR, "sweep")
    assert later["fired"] == {}


def test_nearby_days_confirm_themselves(running: City) -> None:
    for days in (7, 14, 21):
        swept = running.done(START + days * DAY, "sweep")
        assert "unconfirmed" not in swept
    assert state(running, START + 21 * DAY) == "closed"
    assert running.done(START + 29 * DAY, "sweep")["unconfirmed"]["confirmed"] == "2026-03-23"
    running.verified(START + 29 * DAY)


def test_a_look_or_a_sign_in_confirms_no_day(running: City) -> None:
    week, more = START + 7 * DAY, START + 10 * DAY
    running.signed_in(week, "wang", PASSWORDS["wang"])
    running.done(week, f"case show {CASE}")
    assert running.done(more, "sweep")["unconfirmed"]["confirmed"] == "2026-03-02"


def test_an_action_confirms_its_day(running: City) -> None:
    week = START + 7 * DAY
    running.signed_in(week, "wang", PASSWORDS["wang"])
    running.done(week, SUBMIT)
    assert "unconfirmed" not in running.done(START + 14 * DAY, "sweep")


def test_who_acts_on_an_unconfirmed_day_is_asked(running: City) -> None:
    running.signed_in(FAR, "wang", PASSWORDS["wang"])
    refused = running.at(FAR, SUBMIT)
    assert (refused.code, refused.error["code"]) == (3, "date_unconfirmed")
    assert refused.error["details"] == {"today": "2026-05-01", "confirmed": "2026-03-02", "may_confirm": False}
    assert running.at(FAR, SUBMIT + " --confirm-date").code == 6
    running.signed_in(FAR, "head", HEAD)
    line = f"case assign {CASE} wang"
    assert running.at(FAR, "workflow list").code == 0  # who looks is not asked
    running.signed_in(FAR, "root1", ADMIN)
    seal = running.at(FAR, "audit seal")
    assert (seal.code, seal.error["details"]["may_confirm"]) == (3, True), line
    assert running.at(FAR, "audit seal --confirm-date").code == 0
    assert running.done(FAR, "sweep")["fired"]["close"] == 1
    running.verified(FAR)


def test_a_clock_behind_the_log_is_told_on_every_screen(running: City) -> None:
    running.signed_in(START + 2 * DAY, "wang", PASSWORDS["wang"])
    running.done(START + 2 * DAY, SUBMIT)
    early = START + 2 * DAY - timedelta(minutes=11)
    for lang, said in (("zh", "慢 11 分钟"), ("en", "11 minutes behind")):
        running.environment["CREDIT_WORKFLOW_LANG"] = lang
        with mock.patch("credit_workflow.cli.context.machine_time", return_value=early):
            answer = running("todo", as_json=False)
        assert (answer.code, said in answer.err) == (0, True), answer.err
    assert running.at(START + 2 * DAY - timedelta(minutes=9), "todo").err == ""
