"""The day on which an application was brought counts, not the one on which it was typed in (RULES §12)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.conftest import Office

O1, M1 = "OBJ-2026-000001", "MRK-2026-000001"
OBJECTION = "objection submit --record R-1 --set reason=并非本人 --all-materials"
MARKING = f"marking submit --parent {O1} --set reason=仍有异议 --all-materials"


def collected(office: Office) -> None:
    """An objection whose report was collected on 12 March: its window runs through the 19th."""
    office.ok(OBJECTION)
    office.ok(f"objection accept {O1}")
    office.ok(f"objection transfer {O1}")
    office.ok(f"objection receive {O1}", who="center1")
    office.ok(f"objection report {O1} --set outcome=upheld", who="center1", at="2026-03-09")
    office.ok(f"objection approve {O1}", who="authority1", at="2026-03-10")
    office.ok(f"objection notify {O1} --set channel=电话", at="2026-03-11")
    office.ok(f"objection collect {O1} --set collected_by=本人", at="2026-03-12")


def state(office: Office, case: str, at: str) -> str:
    return str(office.ok(f"case show {case}", at=at)["state"])


def events(office: Office, case: str, at: str) -> list[dict[str, Any]]:
    return list(office.ok(f"case history {case}", at=at)["events"])


def test_an_application_is_counted_from_its_filing(office: Office) -> None:
    late = office.ok(f"{OBJECTION} --filed-on 2026-02-27 --filed-late 窗口停电", at="2026-03-04")
    assert (late["opened"], late["entered"]) == ("2026-02-27", "2026-03-04")
    handling = next(d for d in late["deadlines"] if d["id"] == "handling")
    assert (handling["starts"], handling["due"]) == ("2026-02-27", "2026-03-30")
    assert late["fields"]["filed_late"] == "窗口停电"
    today = office.ok("objection submit --record R-2 --set reason=x", at="2026-03-04")
    assert (today["opened"], today["entered"]) == ("2026-03-04", "2026-03-04")
    assert office("audit verify", who="auditor1", at="2026-03-05").code == 0


def test_what_is_wrong_with_a_day_is_said(office: Office) -> None:
    missing = office.refused(2, f"{OBJECTION} --filed-on 2026-02-27")
    assert missing["details"]["missing"] == ["filed_late"]
    assert office.ok(f"{OBJECTION} --filed-on 2026-03-02 --filed-late x")["entered"] == "2026-03-02"
    future = office.refused(3, f"{OBJECTION} --filed-on 2026-03-03")
    assert future["code"] == "filed_in_future"
    assert office.refused(2, f"{OBJECTION} --filed-on gestern")["code"] == "date"
    found = office.ok(f"{OBJECTION} --filed-on 2026-03-03 --check")
    assert [ground["code"] for ground in found["grounds"]] == ["filed_in_future"]
    for workflow in ("permission apply", "incident report"):
        assert office(f"{workflow} --filed-on 2026-03-01", who="center1").code == 2


@pytest.mark.parametrize("sweeps", [0, 1])
def test_a_right_that_only_the_missing_filing_had_closed_is_open_again(office: Office, sweeps: int) -> None:
    collected(office)
    if sweeps:
        assert office.ok("sweep", who="", at="2026-03-20")["fired"] == {"close": 1, "overdue": 1}
    assert state(office, O1, "2026-03-23") == "closed"
    marking = office.ok(f"{MARKING} --filed-on 2026-03-19 --filed-late 窗口停电", at="2026-03-23")
    assert (marking["opened"], marking["state"], marking["recorded"]) == ("2026-03-19", "submitted", True)
    parent = office.ok(f"case show {O1}", at="2026-03-23")
    assert (parent["state"], parent["final"]) == ("collected", False)
    told = [(e["action"], e["from"], e["to"], e["data"].get("told_by")) for e in events(office, O1, "2026-03-23")][-2:]
    assert told == [("close", "collected", "closed", None), ("reopened", "closed", "collected", M1)]
    assert "恢复办理" in office.text(f"case history {O1}", at="2026-03-23")
    for action, who in (("accept", "window1"), ("transfer", "window1"), ("receive", "center1")):
        office.ok(f"marking {action} {M1}", who=who, at="2026-03-23")
    assert office.refused(3, f"marking mark {M1}", who="center1", at="2026-03-24")["code"] == "filing_confirmed"
    assert office.ok("sweep", who="", at="2026-04-10")["fired"] == {"overdue": 2}  # of the marking: it and its filing
    assert [c["case"] for c in office.ok("todo", who="supervisor1", at="2026-04-10")["cases"]] == [M1]
    office.ok(f"marking confirm_filing {M1}", who="supervisor1", at="2026-04-10")
    assert office.ok(f"marking mark {M1}", who="center1", at="2026-04-10")["state"] == "disputed"
    assert state(office, O1, "2026-04-10") == "disputed"
    assert office("audit verify", who="auditor1", at="2026-04-10").code == 0


def test_who_filed_it_does_not_confirm_it(office: Office) -> None:
    collected(office)
    office.ok(f"{MARKING} --filed-on 2026-03-19 --filed-late 窗口停电", at="2026-03-23")
    assert office.refused(6, f"marking confirm_filing {M1}", who="window2", at="2026-03-23")["code"] == "role"


def test_a_day_that_is_put_right_opens_again_what_it_had_closed(office: Office) -> None:
    collected(office)
    office.ok("sweep", who="", at="2026-03-20")
    office.ok(MARKING, at="2026-03-23")
    given = ("--set", "entry=1", "--set", "on=2026-03-19", "--set", "fault=3月19日收到申请表")
    office.ok(f"marking request_rectification {M1}", *given, at="2026-03-23")
    marking = office.ok(f"marking grant_rectification {M1}", who="authority1", at="2026-03-24")
    assert (marking["opened"], marking["entered"]) == ("2026-03-19", "2026-03-23")
    assert state(office, O1, "2026-03-24") == "collected"
    assert [e["action"] for e in events(office, O1, "2026-03-24")][-2:] == ["close", "reopened"]
    assert office.ok(f"marking accept {M1}", at="2026-03-24")["waits_for"] == ["window"]
    assert office("audit verify", who="auditor1", at="2026-03-24").code == 0


def test_a_filing_of_last_year_has_a_number_of_this_one(office: Office) -> None:
    late = office.ok(f"{OBJECTION} --filed-on 2025-12-31 --filed-late 年末未录入", at="2026-01-04")
    assert (late["case"], late["opened"]) == (O1, "2025-12-31")
    second = office.ok("objection submit --record R-2 --set reason=x --all-materials", at="2026-01-05")
    office.ok(
        f"objection request_rectification {second['case']} --set entry=1 --set on=2025-12-30 --set fault=x",
        at="2026-01-05",
    )
    office.ok(f"objection grant_rectification {second['case']}", who="authority1", at="2026-01-05")
    assert office("audit verify", who="auditor1", at="2026-01-06").code == 0
