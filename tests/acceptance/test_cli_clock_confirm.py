"""A log that ran ahead is put right by two persons; what the false days had closed is listed and can be reopened."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from tests.acceptance.conftest import Office
from tests.acceptance.test_cli_clock import ADMIN, CASE, FIRST, SECOND, City
from tests.acceptance.test_cli_unconfirmed_days import DAY, FAR, HEAD, PASSWORDS, START, lived, running, state

__all__ = ["lived", "running"]
#: Two days after the life of the case, on which the clock is put right.
TRUE = START + 2 * DAY
SAY = "clock confirm --reason 主板更换后时间误设"


@pytest.fixture(scope="module")
def far(lived: City, tmp_path_factory: pytest.TempPathFactory) -> City:
    """The city after somebody has confirmed a day two months ahead, swept it, and acted on it; to be copied."""
    running = lived.copied(tmp_path_factory.mktemp("far"))
    running.signed_in(FAR, "root1", ADMIN)
    running.done(FAR, "audit seal --confirm-date")
    swept = running.done(FAR, "sweep")
    assert swept["fired"]["close"] == 1
    assert state(running, FAR) == "closed"
    running.signed_in(FAR, "wang", PASSWORDS["wang"])
    running.done(FAR, "objection submit --record R-2 --set reason=有误 --all-materials")
    return running


@pytest.fixture
def ahead(far: City, tmp_path: Path) -> City:
    """A copy of it of the test's own."""
    return far.copied(tmp_path)


def put_right(city: City, at: datetime = TRUE) -> Any:
    city.signed_in(at, "root1", ADMIN)
    asked = city.done(at, SAY)
    assert (asked["corrected"], asked["asked_by"], asked["agreed_by"]) == (False, "root1", None)
    city.signed_in(at, "head", HEAD)
    return city.done(at, SAY)


def of(found: list[dict[str, Any]], case: str) -> list[tuple[str, str]]:
    return [(one["kind"], one["remedy"]) for one in found if one["case"] == case]


def test_two_persons_put_a_log_right(ahead: City) -> None:
    done = put_right(ahead)
    assert (done["corrected"], done["asked_by"], done["agreed_by"]) == (True, "root1", "head")
    assert (done["true"], done["newest"]) == ("2026-03-04T09:00:00+08:00", "2026-05-01T09:00:00+08:00")
    assert (done["false_from"], done["ahead"]) == ("2026-03-03", 58 * 24 * 60)
    assert of(done["found"], CASE) == [("ended", "rectify")]
    assert done["steps"] == 1
    # From here on entries carry true instants, in their cases and elsewhere.
    ahead.signed_in(TRUE + DAY, "wang", PASSWORDS["wang"])
    ahead.done(TRUE + DAY, "objection accept OBJ-2026-000002 --all-materials")
    events = ahead.done(TRUE + DAY, "case history OBJ-2026-000002")["events"]
    assert [(e["action"], e["at"][:10]) for e in events] == [("submit", "2026-05-01"), ("accept", "2026-03-05")]
    assert "unconfirmed" not in ahead.done(TRUE + DAY, "sweep")
    verified = ahead.done(TRUE + DAY, "audit verify")
    assert verified["clock"] == [
        {
            "entries": done["entries"],
            "true": "2026-03-04T09:00:00+08:00",
            "newest": "2026-05-01T09:00:00+08:00",
            "false_from": "2026-03-03",
            "asked_by": "root1",
            "agreed_by": "head",
            "reasons": ["主板更换后时间误设", "主板更换后时间误设"],
        }
    ]
    for lang, said in (("zh", "条记录的时间有误"), ("en", "bear false instants")):
        ahead.environment["CREDIT_WORKFLOW_LANG"] = lang
        answer = ahead("audit verify", as_json=False)
        assert (answer.code, said in answer.out) == (0, True)


def test_what_the_false_days_had_closed_is_reopened_by_a_rectification(ahead: City) -> None:
    done = put_right(ahead)
    (line,) = (one["command"] for one in done["found"] if one["case"] == CASE)
    assert line.startswith(f"objection request_rectification {CASE} --set entry=")
    later = TRUE + DAY
    ahead.signed_in(later, "wang", PASSWORDS["wang"])
    ahead.done(later, line.replace("…", "时钟有误"))
    ahead.signed_in(later, "head", HEAD)
    granted = ahead.done(later, f"objection grant_rectification {CASE}")
    assert granted["state"] == "collected"
    ahead.signed_in(later, "wang", PASSWORDS["wang"])
    marking = ahead.done(later, f"marking submit --parent {CASE} --set reason=仍有异议 --all-materials")
    assert marking["opened"] == "2026-03-05"
    assert ahead.done(later, "audit verify")["ok"] is True
    # It ends as of its true end, when that has come.
    assert state(ahead, START + 7 * DAY) == "collected"


def test_what_the_false_days_had_closed_is_reopened_by_a_filing_that_is_typed_in_late(ahead: City) -> None:
    put_right(ahead)
    later = TRUE + DAY
    ahead.signed_in(later, "wang", PASSWORDS["wang"])
    line = f"marking submit --parent {CASE} --set reason=仍有异议 --all-materials --filed-on 2026-03-04 --filed-late 时钟有误"
    assert ahead.done(later, line)["opened"] == "2026-03-04"
    assert state(ahead, later) == "collected"
    assert ahead.done(later, "audit verify")["ok"] is True


def test_a_right_whose_end_has_come_is_closed_again_on_its_own_day(ahead: City) -> None:
    done = put_right(ahead)
    (line,) = (one["command"] for one in done["found"] if one["case"] == CASE)
    ahead.signed_in(TRUE, "wang", PASSWORDS["wang"])
    ahead.done(TRUE, line.replace("…", "x"))
    ahead.signed_in(TRUE, "head", HEAD)
    ahead.done(TRUE, f"objection grant_rectification {CASE}")
    swept = ahead.done(START + 8 * DAY, "sweep")
    assert swept["fired"]["close"] == 1
    ahead.signed_in(START + 8 * DAY, "wang", PASSWORDS["wang"])
    closed = ahead.done(START + 8 * DAY, f"case history {CASE}")["events"][-1]
    assert (closed["action"], closed["effective"]) == ("close", "2026-03-10")
    assert ahead.done(START + 8 * DAY, "audit verify")["ok"] is True


def test_a_duty_found_overdue_too_early_runs_on_and_is_found_so_again(running: City) -> None:
    running.signed_in(START, "wang", PASSWORDS["wang"])
    running.done(START, "objection submit --record R-2 --set reason=有误 --all-materials")
    assert running.done(FAR, "sweep")["fired"]["overdue"] >= 1
    done = put_right(running)
    other = "OBJ-2026-000002"
    assert {"overdue"} == {kind for kind, _ in of(done["found"], other)}
    assert {"taken_back"} == {remedy for _, remedy in of(done["found"], other)}
    running.signed_in(TRUE, "wang", PASSWORDS["wang"])
    assert [one["case"] for one in running.done(TRUE, "overdue")["overdue"] if one["case"] == other] == []
    running.done(TRUE, f"case explain {other}")
    waiting = [n for n in running.done(TRUE, "notify list")["notices"] if n["status"] == "pending"]
    assert waiting  # else they would wait for the false instant
    assert running.done(TRUE, "notify run")["sent"] >= len(waiting)
    assert not [n for n in running.done(TRUE, "notify list")["notices"] if n["status"] == "pending"]
    running.done(TRUE, "sweep")
    for days in (8, 15, 22, 29, 36):
        running.done(START + days * DAY, "sweep")
    running.signed_in(START + 36 * DAY, "wang", PASSWORDS["wang"])
    events = running.done(START + 36 * DAY, f"case history {other}")["events"]
    found = [e["effective"] for e in events if e["action"] == "overdue"]
    assert found[-1] < "2026-04-08"
    assert len(found) == 2 * len(set(found))
    assert running.done(START + 36 * DAY, "audit verify")["ok"] is True


def test_who_says_so_twice_or_in_the_same_role_puts_nothing_right(ahead: City) -> None:
    at = TRUE
    ahead.signed_in(at, "root1", ADMIN)
    ahead.done(at, "account apply root2 --set unit=it --set roles=admin --confirm-date")
    for line in ("train root2 --set training=2026", "activate root2 --set agreement_signed=true"):
        ahead.done(at, f"account {line}")
    ahead.done(at, "account reset_password root2 --password-stdin", typed=FIRST)
    assert ahead.at(at, "clock confirm").error["details"] == {"missing": ["--reason"]}
    assert ahead.done(at, SAY)["corrected"] is False
    assert ahead.at(at, SAY).error["code"] == "clock_same_person"
    ahead.signed_in(at, "root2", FIRST)
    ahead.done(at, "passwd --password-stdin", typed=f"{FIRST}\nquies-magna-in-horto-4")
    ahead.signed_in(at, "root2", "quies-magna-in-horto-4")
    refused = ahead.at(at, SAY)
    assert (refused.code, refused.error["code"]) == (3, "clock_same_role")
    ahead.signed_in(at, "wang", PASSWORDS["wang"])
    assert (ahead.at(at, SAY).code, ahead.at(at, SAY).error["code"]) == (6, "role")
    assert ahead.done(at, "audit verify").get("clock") is None
    ahead.signed_in(at, "head", HEAD)
    assert ahead.done(at + timedelta(hours=1), SAY)["corrected"] is True


def test_a_log_that_does_not_run_ahead_has_nothing_to_put_right(ahead: City) -> None:
    ahead.signed_in(FAR + DAY, "root1", ADMIN)
    refused = ahead.at(FAR + DAY, SAY)
    assert (refused.code, refused.error["code"]) == (3, "clock_not_ahead")
    put_right(ahead)
    ahead.signed_in(TRUE + DAY, "root1", ADMIN)
    assert ahead.at(TRUE + DAY, SAY).error["code"] == "clock_not_ahead"


def test_a_request_lapses_with_the_clock_that_it_was_of(ahead: City) -> None:
    ahead.signed_in(TRUE, "root1", ADMIN)
    ahead.done(TRUE, SAY)
    week = TRUE + 8 * DAY
    ahead.signed_in(week, "head", HEAD)
    assert ahead.done(week, SAY)["asked_by"] == "head"  # that of another clock is nobody's word for this one
    ahead.signed_in(week, "root1", ADMIN)
    assert ahead.done(week, SAY)["corrected"] is True


def test_a_training_database_has_no_clock_to_put_right(office: Office) -> None:
    refused = office.refused(2, "clock confirm --reason x", who="admin1", at="2026-03-02")
    assert refused["code"] == "training_database"
    assert "--at" in refused["message"]


def test_sessions_locks_and_passwords_of_false_days_do_not_outlast_them(ahead: City) -> None:
    ahead.signed_in(FAR, "zhou", SECOND)
    ahead.done(FAR, "passwd --password-stdin", typed=f"{SECOND}\nnova-porta-quinta-8")
    for _ in range(6):
        assert ahead.at(FAR, "login wang --password-stdin", typed="falsch").code == 6
    ahead.done(FAR, "sweep")
    ahead.signed_in(FAR + timedelta(minutes=20), "wang", PASSWORDS["wang"])
    assert put_right(ahead)["corrected"] is True
    # Whoever agreed is signed out as well: that session is of a day that has not come.
    assert ahead.at(TRUE, "whoami").error["code"] == "not_signed_in"
    for _ in range(2):
        ahead.signed_in(TRUE, "wang", PASSWORDS["wang"])
    assert ahead.done(TRUE + timedelta(minutes=29), "whoami")["account"] == "wang"
    assert ahead.at(TRUE + timedelta(minutes=60), "whoami").error["code"] == "not_signed_in"
    ahead.done(TRUE, "login zhou --password-stdin", typed="nova-porta-quinta-8")
    assert ahead.at(TRUE, "todo").error["code"] == "password_expired"
    assert ahead.done(TRUE, "audit verify")["ok"] is True


def test_nights_are_made_up_for_from_the_last_true_one(ahead: City) -> None:
    ahead.done(START, "sweep")  # as the newest entry is: on the false day
    put_right(ahead)
    assert ahead.done(TRUE, "sweep")["caught_up_from"] is None  # nothing was swept before
    later = ahead.done(TRUE + 4 * DAY, "sweep")
    assert (later["as_of"], later["caught_up_from"]) == ("2026-03-08", "2026-03-05")
    ahead.signed_in(TRUE + 5 * DAY, "head", HEAD)
    ahead.done(TRUE + 5 * DAY, "stats")
    ahead.done(TRUE + 5 * DAY, "report monthly", "--month", "2026-03", "--to", str(ahead.folder / "march.html"))
    ahead.signed_in(TRUE + 5 * DAY, "root1", ADMIN)
    sealed = ahead.done(TRUE + 5 * DAY, "audit seal")
    assert sealed["seal"] >= 1
    assert ahead.done(TRUE + 5 * DAY, "audit verify")["ok"] is True


def test_entries_are_listed_in_the_order_of_their_recording(ahead: City) -> None:
    ahead.signed_in(FAR, "root1", ADMIN)
    for line in ("apply nina --set unit=it --set roles=auditor", "train nina --set training=2026",
                 "activate nina --set agreement_signed=true"):  # fmt: skip
        ahead.done(FAR, f"account {line}")
    ahead.done(FAR, "account reset_password nina --password-stdin", typed=FIRST)
    put_right(ahead)
    ahead.signed_in(TRUE, "nina", FIRST)
    ahead.done(TRUE, "passwd --password-stdin", typed=f"{FIRST}\nquies-magna-in-horto-4")
    ahead.signed_in(TRUE, "nina", "quies-magna-in-horto-4")
    entries = ahead.done(TRUE, "audit show --purpose 核对")["entries"]
    days = [entry["at"][:10] for entry in entries]
    corrected = next(n for n, entry in enumerate(entries) if entry["action"] == "corrected")
    assert days[corrected] == "2026-03-04"
    assert max(days[:corrected]) == "2026-05-01"
    assert set(days[corrected:]) == {"2026-03-04"}


def test_an_account_that_a_false_day_had_suspended_is_resumed(running: City) -> None:
    far = START + 120 * DAY
    running.signed_in(far, "root1", ADMIN)
    running.at(far, "passwd --password-stdin", typed=f"{ADMIN}\nquies-magna-in-horto-4")
    running.signed_in(far, "root1", "quies-magna-in-horto-4")
    running.done(far, "audit seal --confirm-date")
    running.done(far, "sweep")
    running.signed_in(TRUE, "root1", "quies-magna-in-horto-4")
    running.done(TRUE, SAY)
    running.signed_in(TRUE, "head", HEAD)
    expired = running.at(TRUE, SAY)
    assert expired.error["code"] == "password_expired"  # by the false day; it can be changed all the same
    running.done(TRUE, "passwd --password-stdin", typed=f"{HEAD}\nporta-nova-septima-2")
    running.signed_in(TRUE, "head", "porta-nova-septima-2")
    done = running.done(TRUE, SAY)
    suspended = [one for one in done["found"] if one["kind"] == "suspended"]
    assert {one["account"] for one in suspended} == {"wang", "zhou"}
    assert {one["command"] for one in suspended} == {
        "account resume wang --set reason=…",
        "account resume zhou --set reason=…",
    }
    running.signed_in(TRUE, "root1", "quies-magna-in-horto-4")
    running.done(TRUE, "passwd --password-stdin", typed="quies-magna-in-horto-4\nporta-clara-nona-5")
    running.signed_in(TRUE, "root1", "porta-clara-nona-5")
    for one in suspended:
        running.done(TRUE, one["command"].replace("…", "时钟有误"))
    running.signed_in(TRUE, "wang", PASSWORDS["wang"])
    assert running.done(TRUE, "audit verify")["ok"] is True


def test_what_is_asked_and_done_is_said_in_both_languages(ahead: City) -> None:
    for who, password, zh, en in (
        ("root1", ADMIN, "须由另一人", "A second person"),
        ("head", HEAD, "日志时间已更正", "The log was put right"),
    ):
        ahead.signed_in(TRUE, who, password)
        said = {"zh": zh, "en": en}
        lang = "zh" if who == "root1" else "en"
        ahead.environment["CREDIT_WORKFLOW_LANG"] = lang
        with mock.patch("credit_workflow.cli.context.machine_time", return_value=TRUE):
            answer = ahead(SAY, as_json=False)
        assert (answer.code, said[lang] in answer.out) == (0, True), answer.err
    assert f"{CASE}  2026-03-10" in answer.out
    assert "request_rectification" in answer.out
