"""A record that is another person's is given to whom it is about, and whose it was sees it no more (附件2·五(二))."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.acceptance.conftest import Office
from tests.property.lives import numbers

OTHER = numbers()["other"]
TO_VERIFYING = "window1:accept window1:archive window1:transfer center1:receive"
ANSWERED = "authority1:approve window1:notify:channel=电话 window1:collect:collected_by=本人"
REPORT = f"objection report CASE --set outcome=reassigned --set subject_id={OTHER} --set subject_name=李四"


@pytest.fixture
def case(office: Office) -> str:
    """An objection to R-1 that is being verified."""
    return office.life.life(office.life.objection("2026-03-02"), "2026-03-02", TO_VERIFYING)


def reassigned(office: Office, case: str) -> dict[str, Any]:
    answer: dict[str, Any] = office.ok(REPORT.replace("CASE", case), who="center1")
    return answer


def test_the_record_is_the_others_and_comes_back_with_another_outcome(office: Office, case: str) -> None:
    assert reassigned(office, case)["fields"]["outcome"] == "reassigned"
    shown = office.ok("record show R-1 --full --purpose 核对", who="center1")
    assert (shown["subject_id"], shown["subject_name"]) == (OTHER, "李四")
    assert "R-1" in [r["record_no"] for r in office.ok(f"record list --subject {OTHER}", who="center1")["records"]]
    assert office.ok(f"objection return {case} --set reason=依据不足", who="authority1")["state"] == "verifying"
    office.ok(f"objection report {case} --set outcome=upheld", who="center1")
    assert office.ok("record show R-1", who="center1")["subject_name"] == "张三"
    assert office("audit verify", who="auditor1").code == 0


def test_what_it_needs(office: Office, case: str) -> None:
    missing = office.refused(2, f"objection report {case} --set outcome=reassigned", who="center1")
    assert missing["details"]["missing"] == ["subject_id", "subject_name"]
    own = REPORT.replace("CASE", case).replace(OTHER, numbers()["adult"])
    assert office.refused(2, own, who="center1")["code"] == "no_change"
    wrong = REPORT.replace("CASE", case).replace(OTHER, OTHER[:-1] + "0")
    assert office.refused(2, wrong, who="center1")["details"] == {"name": "subject_id"}


def test_nobody_sees_the_other_who_may_not(office: Office, case: str) -> None:
    reassigned(office, case)
    assert office.ok("record show R-1")["content"] is None  # the window has no case of the other's at hand
    seen = office.ok(f"case show {case}")
    assert not {"subject_id", "subject_name"} & set(seen["fields"])
    assert office.ok(f"case show {case}", who="center1")["fields"]["subject_name"] == "李四"
    for who in ("window1", "center1", "authority1"):
        history = json.dumps(office.ok(f"case history {case}", who=who), ensure_ascii=False)
        assert OTHER not in history
    assert "李四" not in json.dumps(office.ok(f"case history {case}"), ensure_ascii=False)
    dossier = json.dumps(office.ok("record history R-1", who="center1"), ensure_ascii=False)
    assert "李四" in dossier
    assert "张三" not in dossier  # nor is whose it was named with whose it is
    assert OTHER not in dossier


def test_the_report_tells_the_applicant_and_the_provider_what_each_may_know(office: Office, case: str) -> None:
    reassigned(office, case)
    office.life.life(case, "2026-03-02", ANSWERED)
    report, told = office.folder / "report.html", office.folder / "told.html"
    office.ok(f"paper print {case} report --to {report}")
    page = report.read_text("utf-8")
    assert "已从张三名下改归其所属之人" in page
    assert "李四" not in page
    office.ok(f"paper print {case} change_of_record --to {told}", who="center1")
    page = told.read_text("utf-8")
    assert "李四" in page
    assert OTHER not in page
    for name in ("report", "told"):
        file = office.folder / f"{name}.html"
        assert office.ok(f"paper verify {file}", who="center1")["ok"] is True


def test_it_earns_a_free_print_without_the_record(office: Office, case: str) -> None:
    reassigned(office, case)
    office.life.life(case, "2026-03-02", ANSWERED)
    page = office.folder / "print.html"
    office.ok(f"paper print {case} record_print --to {page}")
    assert "欠税2元" in page.read_text("utf-8")
    assert "欠税1元" not in page.read_text("utf-8")


def test_a_marking_has_nothing_to_mark(office: Office, case: str) -> None:
    reassigned(office, case)
    office.life.life(case, "2026-03-02", ANSWERED)
    marking = office.ok(f"marking submit --parent {case} --set reason=仍有异议 --all-materials")["case"]
    assert office.refused(3, f"marking accept {marking} --all-materials")["code"] == "own_record"


def test_an_import_does_not_bring_it_back(office: Office, case: str) -> None:
    reassigned(office, case)
    office.life.life(case, "2026-03-02", ANSWERED)
    file = office.folder / "again.csv"
    file.write_text(
        "record_no,subject_kind,subject_id,subject_name,provider,open_class,title,content,valid_from,valid_until\n"
        f"R-1,natural,{numbers()['adult']},张三,杭州市城市管理局,B,欠税,欠税1元,2024-01-01,2027-12-31\n",
        "utf-8",
    )
    assert office.refused(3, f"record import {file} --update", who="center1")["code"] == "would_undo"


def test_a_slip_in_the_report_is_put_right(office: Office, case: str) -> None:
    reassigned(office, case)
    entry = office.ok(f"case history {case}", who="center1")["events"][-1]["seq"]
    right = json.dumps({"outcome": "upheld", "subject_id": None, "subject_name": None})
    office.ok(
        f"objection request_rectification {case} --set entry={entry} --set fault=误选 --set",
        f"values={right}",
        who="center1",
    )
    office.ok(f"objection grant_rectification {case}", who="authority1")
    assert office.ok("record show R-1", who="center1")["subject_name"] == "张三"
    history = json.dumps(office.ok(f"case history {case}"), ensure_ascii=False)
    assert OTHER not in history
    assert numbers()["adult"] not in history
    assert office("audit verify", who="auditor1").code == 0
