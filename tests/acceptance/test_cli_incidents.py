"""Security incidents and inspections, by the real command (附件3·六(一), 附件3·七)."""

from __future__ import annotations

from typing import Any

import pytest

from credit_workflow.casework.acting import Form
from credit_workflow.errors import Refused
from tests.acceptance.conftest import Command, Office

I1, P1 = "INC-2026-000001", "INSP-2026-000001"


def grounds(error: dict[str, Any]) -> set[str]:
    return {ground["code"] for ground in error["details"]["grounds"]}


def deadline(case: dict[str, Any], name: str) -> tuple[str, str]:
    (found,) = [d for d in case["deadlines"] if d["id"] == name]
    return found["status"], found["due"]


def proved(command: Command) -> None:
    assert command("audit verify").json["ok"] is True


@pytest.fixture
def march(command: Command, databases: None) -> Command:  # noqa: ARG001 - it must be there first
    """A training database of 10 March 2026 on which the yearly inspection was opened that day."""
    assert command("init --training", at="2026-03-10").code == 0
    assert P1 in command("sweep --duties", at="2026-03-10T08:00").json["opened"]
    return command


REPORT = "incident report --set what=服务器遭勒索软件加密 --set place=机房甲"


def test_an_incident_from_report_to_close(office: Office) -> None:
    case = office.ok(REPORT, who="window1")
    assert (case["case"], case["state"], case["fields"]["major"], case["subject_id"]) == (I1, "reported", True, None)
    assert deadline(case, "containment") == ("running", "2026-03-02")
    assert {d["kind"] for d in case["deadlines"]} == {"target"}
    office.refused(6, f"incident contain {I1} --set scene=x --set measures=y", who="auditor1")
    office.refused(3, f"incident investigate {I1} --set cause=x --set extent=y", who="center1")
    office.refused(2, f"incident contain {I1} --set measures=断网", who="center1")
    case = office.ok(f"incident contain {I1} --set scene=已封存硬盘 --set measures=断网", who="center1")
    assert deadline(case, "containment")[0] == "met"
    office.ok(f"incident investigate {I1} --set cause=弱口令 --set extent=一台", who="center1", at="2026-03-05")
    case = office.ok(f"incident report_on {I1} --set conclusion=x --set prevention=y", who="center1", at="2026-03-06")
    assert (case["state"], case["waits_for"]) == ("reported_on", ["supervisor"])
    office.refused(6, f"incident close {I1}", who="center1", at="2026-03-09")
    case = office.ok(f"incident send_back {I1} --set reason=原因不明", who="supervisor1", at="2026-03-09")
    assert (case["state"], deadline(case, "investigation")) == ("contained", ("running", "2026-03-23"))
    office.ok(f"incident investigate {I1} --set cause=弱口令 --set extent=一台", who="center1", at="2026-03-10")
    office.ok(f"incident report_on {I1} --set conclusion=x --set prevention=y", who="center1", at="2026-03-10")
    case = office.ok(f"incident close {I1}", who="supervisor1", at="2026-03-11")
    assert (case["state"], case["final"]) == ("closed", True)
    page = office.folder / "incident.html"
    office.ok(f"paper print {I1} incident_report --to", str(page), who="supervisor1", at="2026-03-11")
    assert "弱口令" in page.read_text(encoding="utf-8")
    told = {row["paper"] for row in office.ok("notify list", who="supervisor1", at="2026-03-11")["notices"]}
    assert told >= {"incident", "incident_to_contain", "incident_report", "incident_sent_back"}
    proved(office)


def test_whoever_reported_an_incident_neither_closes_nor_dismisses_it(office: Office) -> None:
    office.ok(REPORT, who="supervisor1")
    assert grounds(office.refused(3, f"incident dismiss {I1} --set reason=x", who="supervisor1")) == {"four_eyes"}
    office.ok(f"incident contain {I1} --set scene=x --set measures=y", who="center1")
    office.ok(f"incident investigate {I1} --set cause=x --set extent=y", who="center1")
    office.ok(f"incident report_on {I1} --set conclusion=x --set prevention=y", who="center1")
    assert grounds(office.refused(3, f"incident close {I1}", who="supervisor1")) == {"four_eyes"}
    other = office.ok(REPORT, who="auditor1")["case"]
    assert office.ok(f"incident dismiss {other} --set reason=误报", who="supervisor1")["state"] == "dismissed"
    error = office.refused(3, f"{REPORT} --set found_on=2026-03-03", who="window1")
    assert grounds(error) == {"found_by_now"}
    proved(office)


def test_an_incident_that_lies_is_a_target_missed(office: Office) -> None:
    office.ok(REPORT, who="provider1")
    assert office("sweep", at="2026-03-17").json["fired"] == {"overdue": 2}
    rows = office("overdue --kind target", who="supervisor1", at="2026-03-17").json["overdue"]
    assert [(row["deadline"], row["due"]) for row in rows] == [
        ("containment", "2026-03-02"),
        ("investigation", "2026-03-16"),
    ]
    assert office.ok(f"case show {I1}", who="supervisor1", at="2026-03-17")["overdue"] is False
    proved(office)


PLAN = f"inspection plan {P1} --set way=self --set inspected=数据科 --set scheme=x --set planned_on=2026-03-12"
CARRY = f"inspection carry_out {P1} --set inspectors=甲,乙 --set findings=x"


def reported(march: Command, values: str) -> dict[str, Any]:
    march.ok(PLAN, who="center1", at="2026-03-10")
    march.ok(CARRY, who="center1", at="2026-03-12")
    case: dict[str, Any] = march.ok(
        f"inspection report {P1} --set conclusion=x {values}", who="center1", at="2026-03-13"
    )
    return case


def test_an_inspection_with_a_date_by_which_to_rectify(march: Command) -> None:
    march.refused(3, CARRY, who="center1", at="2026-03-10")
    unit = march.ok("whoami", who="provider1", at="2026-03-10")["unit"]
    march.ok(PLAN.replace("数据科", unit), who="center1", at="2026-03-10")
    error = march.refused(3, f"{CARRY} --set carried_out_on=2026-03-13", who="center1", at="2026-03-12")
    assert grounds(error) == {"when"}
    case = march.ok(CARRY, who="center1", at="2026-03-12")
    assert deadline(case, "yearly") == ("met", "2026-12-31")
    line = f"inspection report {P1} --set conclusion=x --set rectify=true --set demands=改口令"
    march.refused(2, line, who="center1", at="2026-03-13")
    assert grounds(march.refused(3, f"{line} --set rectify_by=2026-03-13", who="center1", at="2026-03-13")) == {
        "to_come"
    }
    march.ok(f"{line} --set rectify_by=2026-04-06", who="center1", at="2026-03-13")
    march.refused(6, f"inspection approve {P1}", who="center1", at="2026-03-13")
    march.refused(3, f"inspection deliver {P1} --set delivered_to=丙", who="center1", at="2026-03-13")
    march.ok(f"inspection approve {P1}", who="supervisor1", at="2026-03-13")
    case = march.ok(f"inspection deliver {P1} --set delivered_to=丙", who="center1", at="2026-03-16")
    assert (case["state"], deadline(case, "rectification")) == (
        "delivered",
        ("running", "2026-04-06"),
    )  # a day off, as ordered
    march("sweep", at="2026-04-07")
    assert march.ok(f"case history {P1}", who="center1", at="2026-04-07")["events"][-1]["effective"] == "2026-04-07"
    case = march.ok(f"inspection record_rectification {P1} --set rectified=x", who="provider1", at="2026-04-08")
    assert deadline(case, "rectification")[0] == "met_late"
    line = f"inspection order_again {P1} --set follow_up=未到位 --set rectify_by="
    assert grounds(march.refused(3, f"{line}2026-04-09", who="center1", at="2026-04-09")) == {"to_come"}
    case = march.ok(f"{line}2026-04-20", who="center1", at="2026-04-09")
    assert (case["state"], deadline(case, "rectification")) == ("delivered", ("running", "2026-04-20"))
    march.ok(f"inspection record_rectification {P1} --set rectified=y", who="center1", at="2026-04-20")
    line = f"inspection follow_up {P1} --set follow_up=已到位"
    assert grounds(march.refused(3, line, who="center1", at="2026-04-21")) == {"four_eyes"}
    march.ok(line, who="center2", at="2026-04-21")
    case = march.ok(f"inspection close {P1}", who="supervisor1", at="2026-04-22")
    assert (case["state"], deadline(case, "rectification")[0], case["final"]) == ("closed", "met", True)
    page = march.folder / "report.html"
    march.ok(f"paper print {P1} inspection_report --to", str(page), who="center1", at="2026-04-22")
    assert "改口令" in page.read_text(encoding="utf-8")
    proved(march)


def test_an_inspection_with_nothing_to_rectify_ends_with_its_delivery(march: Command) -> None:
    reported(march, "--set rectify=false")
    march.refused(2, f"inspection return {P1}", who="supervisor1", at="2026-03-13")
    assert (
        march.ok(f"inspection return {P1} --set reason=x", who="supervisor1", at="2026-03-13")["state"] == "carried_out"
    )
    error = march.refused(
        2,
        f"inspection report {P1} --set conclusion=x --set rectify=false --set demands=x",
        who="center1",
        at="2026-03-13",
    )
    assert error["code"] == "value_does_not_apply"
    march.ok(f"inspection report {P1} --set conclusion=x --set rectify=false", who="center1", at="2026-03-13")
    march.ok(f"inspection approve {P1}", who="supervisor1", at="2026-03-16")
    case = march.ok(f"inspection deliver {P1} --set delivered_to=丙", who="center1", at="2026-03-16")
    assert (case["state"], case["final"]) == ("closed", True)
    assert "rectification" not in [d["id"] for d in case["deadlines"]]
    proved(march)


def test_nobody_approves_the_report_that_the_same_account_drafted(march: Command) -> None:
    reported(march, "--set rectify=false")
    life = Office(march.folder).life
    both = life.has_roles("center1", "center", "supervisor")
    with pytest.raises(Refused) as caught:
        life.act(both, "2026-03-13", P1, "approve", Form())
    assert {ground.code for ground in caught.value.details["grounds"]} == {"four_eyes"}


def test_an_inspection_can_be_called_for_out_of_turn(office: Office) -> None:
    case = office.ok("inspection open", who="supervisor1")
    assert (case["state"], case["deadlines"]) == ("due", [])
    error = office.refused(3, "inspection open --set period_until=2026-03-01", who="center1")
    assert grounds(error) == {"to_come"}
    case = office.ok("inspection open --set period_until=2026-06-30", who="center1")
    assert deadline(case, "yearly") == ("running", "2026-06-30")


def test_a_provider_contains_its_own_incident_and_has_it_on_its_list(office: Office) -> None:
    case = office.ok(REPORT, who="provider1")
    assert (case["waits_for"], case["fields"]["concerned"]) == (["provider"], "provider")
    assert [row["case"] for row in office.ok("todo", who="provider1")["cases"]] == [I1]
    assert [row["case"] for row in office.ok("todo", who="center1")["cases"]] == []
    case = office.ok(f"incident contain {I1} --set scene=已封存 --set measures=断网", who="provider1")
    assert (case["state"], deadline(case, "containment")[0]) == ("contained", "met")
    proved(office)


@pytest.mark.parametrize("who", ["authority1", "provider1", "user1"])
def test_the_authority_and_units_that_use_the_platform_inspect_themselves(office: Office, who: str) -> None:
    case = office.ok("inspection open", who=who)
    assert case["waits_for"] == [who[:-1]]
    assert [row["case"] for row in office.ok("todo", who=who)["cases"]] == [case["case"]]
    plan = f"inspection plan {case['case']} --set way=self --set inspected=x --set scheme=x --set planned_on=2026-03-09"
    assert office.refused(3, plan, who="center1")["code"] == "its_organiser"
    assert office.ok(plan, who=who)["state"] == "planned"
    proved(office)
