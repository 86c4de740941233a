"""A reinvestigation under the Fair Credit Reporting Act, by the real command and from YAML alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.conftest import Command
from tests.acceptance.sites import deadline, dues, site, whole

pytestmark = pytest.mark.usefixtures("databases")

CASE = "DSP-2026-000001"


@pytest.fixture
def agency(tmp_path: Path) -> Command:
    """An agency with three items in its files."""
    return site(tmp_path, "fcra")


def dispute(agency: Command, at: str, *more: str) -> Any:
    return agency.ok("dispute submit --record TL-1001 --set reason=paid", *more, who="intake1", at=at)


@pytest.mark.parametrize(
    ("received", "more", "reinvestigation", "furnisher"),
    [
        ("2026-03-02", (), "2026-03-31", "2026-03-06"),  # the day of receipt is day 1 of both
        ("2026-05-22", (), "2026-06-20", "2026-05-29"),  # a Friday; 25 May is Memorial Day
        ("2026-05-24", (), "2026-06-22", "2026-06-01"),  # a Sunday; the 30 days end on a Monday, unshifted or not
        ("2026-06-30", (), "2026-07-29", "2026-07-07"),  # 3 July is Independence Day observed
        ("2026-03-02", ("--set", "after_free_report=true"), "2026-04-16", "2026-03-06"),  # 45 days after receipt
    ],
)
def test_the_clocks_that_a_dispute_starts(
    agency: Command, received: str, more: tuple[str, ...], reinvestigation: str, furnisher: str
) -> None:
    view = dispute(agency, received, *more)
    assert dues(view) == {"reinvestigation": reinvestigation, "furnisher_notice": furnisher}
    assert [m["kind"] for m in agency.ok("record show TL-1001", who="intake1", at=received)["marks"]] == ["disputed"]


def test_the_length_that_was_chosen_is_kept_and_explained(agency: Command) -> None:
    dispute(agency, "2026-03-02", "--set", "after_free_report=true")
    (explained,) = agency.ok(f"case explain {CASE} reinvestigation", who="intake1", at="2026-03-03")["deadlines"]
    assert (explained["length"], explained["source"]) == ("45 days", "15 U.S.C. 1681j(a)(3)")
    assert (explained["first_day_counts"], explained["counted"][0]["date"]) == (False, "2026-03-03")
    numbers = [d["number"] for d in explained["counted"]]
    assert (numbers[-1], explained["counted"][-1]["date"], explained["recount_differs"]) == (45, "2026-04-16", False)
    agency.ok(f"dispute add_information {CASE} --set information=statement", who="intake1", at="2026-03-16")
    refused = agency.refused(3, f"dispute extend {CASE} --set extension_days=15", who="investigator1", at="2026-03-17")
    assert refused["source"] == "15 U.S.C. 1681j(a)(3)"


def test_fifteen_days_more_only_if_the_consumer_supplies_information_in_time(agency: Command) -> None:
    dispute(agency, "2026-03-02")
    agency.ok(f"dispute notify_furnisher {CASE}", who="investigator1", at="2026-03-05")
    extend = f"dispute extend {CASE} --set extension_days="
    refused = agency.refused(3, extend + "15", who="investigator1", at="2026-03-12")
    assert [g["code"] for g in refused["details"]["grounds"]] == ["information_in_time"]
    agency.ok(f"dispute add_information {CASE} --set information=statement", who="intake1", at="2026-03-31")
    beyond = agency.refused(3, extend + "16", who="investigator1", at="2026-03-31")
    assert beyond["source"] == "15 U.S.C. 1681i(a)(1)(B)"
    longer = agency.ok(extend + "15", who="investigator1", at="2026-03-31")
    assert deadline(longer, "reinvestigation")["due"] == "2026-04-15"
    assert deadline(longer, "reinvestigation")["original_due"] == "2026-03-31"
    twice = agency.refused(3, extend + "1", who="investigator1", at="2026-04-01")
    assert [g["code"] for g in twice["details"]["grounds"]] == ["once"]
    (explained,) = agency.ok(f"case explain {CASE} reinvestigation", who="intake1", at="2026-04-01")["deadlines"]
    assert (explained["extension"]["days"], explained["extension"]["counted"][-1]["date"]) == (15, "2026-04-15")
    assert "15 days" in agency.text(f"case explain {CASE} --lang en", who="intake1", at="2026-04-01")


def test_information_after_the_thirty_days_extends_nothing(agency: Command) -> None:
    dispute(agency, "2026-03-02")
    agency.ok(f"dispute add_information {CASE} --set information=late", who="intake1", at="2026-04-01")
    refused = agency.refused(3, f"dispute extend {CASE} --set extension_days=5", who="investigator1", at="2026-04-01")
    assert [g["code"] for g in refused["details"]["grounds"]] == ["information_in_time", "in_time"]


def test_completion_starts_five_business_days_and_what_was_deleted_can_come_back(agency: Command) -> None:
    dispute(agency, "2026-06-10")
    agency.ok(f"dispute notify_furnisher {CASE}", who="investigator1", at="2026-06-11")
    agency.ok(f"dispute respond {CASE} --set finding=unverifiable", who="furnisher1", at="2026-06-29")
    kept = agency.refused(3, f"dispute complete {CASE} --set outcome=verified", who="investigator1", at="2026-06-30")
    assert kept["source"] == "15 U.S.C. 1681i(a)(5)(A)"
    done = agency.ok(f"dispute complete {CASE} --set outcome=deleted", who="investigator1", at="2026-06-30")
    assert deadline(done, "reinvestigation")["status"] == "met"
    # 1, 2, 6, 7 and 8 July: the 3rd is Independence Day observed, the day of completion is not counted
    assert (deadline(done, "results")["starts"], deadline(done, "results")["due"]) == ("2026-06-30", "2026-07-08")
    record = agency.ok("record show TL-1001", who="investigator1", at="2026-06-30")
    assert (record["usable"], record["removed"], record["marks"]) == (False, True, [])
    assert agency.ok("sweep", at="2026-07-09", who="")["fired"] == {"overdue": 1}
    (late,) = agency.ok("overdue", who="supervisor1", at="2026-07-09")["overdue"]
    assert (late["deadline"], late["days_over"]) == ("results", 1)
    told = agency.ok(f"dispute send_results {CASE}", who="investigator1", at="2026-07-09")
    assert (told["final"], deadline(told, "results")["status"]) == (True, "met_late")
    again = "reinsertion submit --parent " + CASE + " --set certified="
    assert agency.refused(3, again + "false", who="investigator1", at="2026-07-10")["code"] == "certified"
    back = agency.ok(again + "true", who="investigator1", at="2026-07-10")
    assert deadline(back, "notice")["due"] == "2026-07-17"
    assert agency.ok("record show TL-1001", who="investigator1", at="2026-07-10")["usable"] is True
    whole(agency, "2026-07-10")


def test_a_frivolous_dispute_owes_a_notice_and_no_results(agency: Command) -> None:
    dispute(agency, "2026-03-02")
    ended = agency.ok(
        f"dispute determine_frivolous {CASE} --set grounds=form-letter", who="investigator1", at="2026-03-06"
    )
    assert dues(ended)["frivolous_notice"] == "2026-03-13"
    assert "results" not in dues(ended)
    closed = agency.ok(f"dispute tell_frivolous {CASE}", who="investigator1", at="2026-03-13")
    assert (closed["state"], deadline(closed, "frivolous_notice")["status"]) == ("terminated", "met")


def test_a_change_of_what_was_found_wrong(agency: Command) -> None:
    dispute(agency, "2026-03-02")
    agency.ok(f"dispute notify_furnisher {CASE}", who="investigator1", at="2026-03-05")
    agency.ok(f"dispute respond {CASE} --set finding=inaccurate", who="furnisher1", at="2026-03-10")
    modified = ("--set", 'correction={"content": "Paid in full"}', "--set", "outcome=modified")
    agency.ok(f"dispute complete {CASE}", *modified, who="investigator1", at="2026-03-11")
    record = agency.ok("record show TL-1001", who="investigator1", at="2026-03-11")
    assert (record["content"], record["usable"]) == ("Paid in full", True)
    whole(agency, "2026-03-11")
