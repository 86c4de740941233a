"""A freedom-of-information request in England, by the real command and from YAML alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.conftest import Command
from tests.acceptance.sites import deadline, dues, site, whole

pytestmark = pytest.mark.usefixtures("databases")

CASE = "FOI-2026-000001"


@pytest.fixture
def foi(tmp_path: Path) -> Callable[..., Any]:
    """Take a step in an office that has received a request on Friday, 20 March 2026."""
    office = site(tmp_path, "foi")
    office.ok(
        "foi receive --subject alice@example.org", "--set", "topic=winter gritting", who="officer1", at="2026-03-20"
    )

    def step(at: str, line: str, *more: str, who: str = "officer1") -> Any:
        return office.ok(line, *more, who=who, at=at)

    step.office = office  # type: ignore[attr-defined]  # so that a test can be refused as well
    return step


def office_of(foi: Callable[..., Any]) -> Command:
    return foi.office  # type: ignore[attr-defined,no-any-return]  # see above


def test_twenty_working_days_leave_out_the_bank_holidays_of_england(foi: Callable[..., Any]) -> None:
    view = foi("2026-03-20", f"case show {CASE}")
    assert view["subject_id"] == "alic*********.org"
    # 3 April is Good Friday, 6 April Easter Monday; the day of receipt is not counted
    assert dues(view) == {"reply": "2026-04-21"}
    explained = foi("2026-03-20", f"case explain {CASE} reply")["deadlines"][0]
    assert {d["date"]: d["name"] for d in explained["counted"] if d["kind"] == "holiday"} == {
        "2026-04-03": "Good Friday",
        "2026-04-06": "Easter Monday",
    }
    answered = foi("2026-04-21", f"foi answer {CASE}", "--set", "outcome=disclosed")
    assert deadline(answered, "reply")["status"] == "met"
    # the answer starts the forty working days for a review: 4 and 25 May are bank holidays
    assert deadline(answered, "review_window")["due"] == "2026-06-18"
    whole(office_of(foi), "2026-04-21")


def test_a_fees_notice_stops_the_clock_and_what_is_left_is_kept(foi: Callable[..., Any]) -> None:
    stopped = foi("2026-03-25", f"foi give_fees_notice {CASE}", "--set", "fee=25")
    reply = deadline(stopped, "reply")
    assert {k: reply[k] for k in ("status", "due", "stopped", "remaining", "days_left", "original_due")} == {
        "status": "running",
        "due": None,
        "stopped": "2026-03-25",
        "remaining": {"length": 18, "unit": "working days"},
        "days_left": None,
        "original_due": "2026-04-21",
    }
    assert deadline(stopped, "fee_payment")["due"] == "2026-06-24"  # three months that begin with 25 March
    # long past the old date nothing is overdue, whether the sweep has run or not
    assert foi("2026-06-01", "overdue")["overdue"] == []
    assert foi("2026-06-01", "sweep")["fired"] == {}
    assert foi("2026-06-01", "overdue")["overdue"] == []
    assert foi("2026-06-01", f"case show {CASE}")["recorded"] is True
    (listed,) = foi("2026-06-01", "case list")["cases"]
    assert listed["overdue"] is False
    assert foi("2026-06-01", "case list --due-before 2026-12-31")["cases"] == [listed]  # by the fee's deadline
    assert foi("2026-06-01", "case list --due-before 2026-06-24")["cases"] == []
    for lang, words in (("zh", "中止计算，余 18个工作日"), ("en", "stopped, 18 working days left")):
        office = office_of(foi)
        assert words in office.text(f"case show {CASE} --lang {lang}", who="officer1", at="2026-06-01", COLUMNS="140")
        said = office.text(f"case explain {CASE} reply --lang {lang}", who="officer1", at="2026-06-01")
        said += office.text(f"case list --lang {lang}", who="officer1", at="2026-06-01")
        said += office.text(f"stats --lang {lang}", who="supervisor1", at="2026-06-01")
        assert "9999" not in said
        assert "2026-03-25" in said
    whole(office_of(foi), "2026-06-01")


def test_the_rest_is_counted_from_the_day_after_the_fee_came(foi: Callable[..., Any]) -> None:
    foi("2026-03-25", f"foi give_fees_notice {CASE}", "--set", "fee=25")
    running = foi("2026-04-08", f"foi receive_fee {CASE}")
    assert deadline(running, "reply")["stopped"] is None
    # two of twenty were used, 23 and 24 March; eighteen from 9 April, without 4 May
    assert deadline(running, "reply")["due"] == "2026-05-05"
    explained = foi("2026-04-08", f"case explain {CASE} reply")["deadlines"][0]
    numbers = {d["date"]: d["number"] for d in explained["counted"]}
    assert (numbers["2026-03-24"], numbers["2026-03-25"], numbers["2026-04-08"]) == (2, None, None)
    assert (numbers["2026-04-09"], numbers["2026-05-05"]) == (3, 20)
    stopped = [d["date"] for d in explained["counted"] if d["stopped_by"] == "fee"]
    assert (stopped[0], stopped[-1], len(stopped)) == ("2026-03-25", "2026-04-08", 15)
    assert explained["stops"] == [
        {
            "id": "fee",
            "title": "待缴费",
            "since": "2026-03-25",
            "until": "2026-04-08",
            "source": "FOIA s.10(2)",
        }
    ]
    assert foi("2026-05-06", "sweep")["fired"] == {"overdue": 1}
    (late,) = foi("2026-05-06", "overdue")["overdue"]
    assert (late["case"], late["deadline"], late["due"], late["days_over"]) == (CASE, "reply", "2026-05-05", 1)
    whole(office_of(foi), "2026-05-06")


def test_a_clarification_stops_the_clock_and_gives_all_the_days_anew(foi: Callable[..., Any]) -> None:
    asked = foi("2026-04-10", f"foi ask_clarification {CASE}", "--set", "question=which roads?")
    assert deadline(asked, "reply")["stopped"] == "2026-04-10"
    clear = foi("2026-04-20", f"foi clarify {CASE}", "--set", "clarification=the A roads")
    reply = deadline(clear, "reply")
    assert (reply["starts"], reply["due"], reply["stopped"]) == ("2026-04-20", "2026-05-19", None)
    whole(office_of(foi), "2026-04-20")


def test_the_public_interest_may_take_twenty_working_days_more_once(foi: Callable[..., Any]) -> None:
    values = ("--set", "exemption=s.43", "--set", "reason=prices of a contractor")
    refused = office_of(foi).refused(
        3, f"foi extend {CASE}", *values, "--set", "extension_days=21", who="officer1", at="2026-04-21"
    )
    assert refused["source"] == "[practice] ICO guidance on FOIA s.10(3)"
    weighing = foi("2026-04-21", f"foi extend {CASE}", *values, "--set", "extension_days=20")
    reply = deadline(weighing, "reply")
    assert (reply["original_due"], reply["due"]) == ("2026-04-21", "2026-05-20")  # without 4 May
    done = foi(
        "2026-05-21",
        f"foi refuse {CASE}",
        "--set",
        "refusal=exempt",
        "--set",
        "reason=it would harm",
        who="decision_maker1",
    )
    assert deadline(done, "reply")["status"] == "met_late"


def test_a_fee_that_is_never_paid_ends_the_request(foi: Callable[..., Any]) -> None:
    foi("2026-03-25", f"foi give_fees_notice {CASE}", "--set", "fee=25")
    assert foi("2026-06-24", "sweep")["fired"] == {}
    assert foi("2026-06-25", "sweep")["fired"] == {"lapse": 1}
    closed = foi("2026-06-25", f"case show {CASE}")
    assert (closed["state"], closed["final"]) == ("lapsed", True)
    reply = deadline(closed, "reply")
    assert (reply["status"], reply["stopped"], reply["due"]) == ("cancelled", None, "2026-07-21")
    (*_, last) = foi("2026-06-25", f"case history {CASE}")["events"]
    assert last["at"].endswith("+01:00")  # London in summer
    whole(office_of(foi), "2026-06-25")


def test_a_review_is_a_case_of_its_own_within_forty_working_days_by_somebody_else(foi: Callable[..., Any]) -> None:
    office = office_of(foi)
    ask = ("review ask --parent " + CASE, "--set", "complaint=too little")
    early = office.refused(3, *ask, who="officer1", at="2026-04-20")
    assert [ground["code"] for ground in early["details"]["grounds"]] == ["answered", "within_40_days"]
    foi("2026-04-21", f"foi answer {CASE}", "--set", "outcome=partly")
    review = foi("2026-06-18", *ask)
    assert (review["case"], review["parent"], review["subject_id"]) == ("IRV-2026-000001", CASE, "alic*********.org")
    assert deadline(review, "review")["kind"] == "target"
    decided = foi(
        "2026-06-19", "review decide IRV-2026-000001", "--set", "result=upheld", "--set", "reason=all was given",
        who="reviewer1",
    )  # fmt: skip
    assert decided["final"] is True
    late = office.refused(3, *ask, who="officer1", at="2026-06-19")
    assert [ground["code"] for ground in late["details"]["grounds"]] == ["within_40_days"]


def test_nobody_needs_a_chinese_number_but_everybody_one_of_some_kind(tmp_path: Path) -> None:
    office = site(tmp_path, "foi")
    receive = ("foi receive --subject", " ", "--set", "topic=x")
    assert office.refused(2, *receive, who="officer1", at="2026-03-20")["code"] == "subject_id"
    for reference in ("bob@example.org", "Ref 2026/17", "Žofie Nováková"):
        view = office.ok("foi receive --subject", reference, "--set", "topic=x", who="officer1", at="2026-03-20")
        assert view["subject_id"] != reference  # masked
    found = office.ok("case list --workflow foi", who="officer1", at="2026-03-20")["cases"]
    assert len(found) == 3
