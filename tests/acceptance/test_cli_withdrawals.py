"""The centre withdraws a record outside an objection, with its reason, by four eyes (RULES §12, practice)."""

from __future__ import annotations

import json

import pytest

from tests.acceptance.conftest import Office

PROPOSE = "withdrawal propose --record R-1 --set reason=提供部门误报"
CASE = "WDR-2026-000001"
TO_VERIFYING = "window1:accept window1:archive window1:transfer center1:receive"


def test_two_people_withdraw_a_record_and_its_provider_is_told(office: Office) -> None:
    proposed = office.ok(PROPOSE, who="center1")
    assert (proposed["case"], proposed["state"], proposed["record"]) == (CASE, "proposed", "R-1")
    assert proposed["deadlines"][0]["kind"] == "target"
    own = office.refused(3, f"withdrawal approve {CASE}", who="center1")
    assert own["code"] == "four_eyes"
    assert [one["case"] for one in office.ok("todo", who="center2")["cases"]] == [CASE]
    assert [one["case"] for one in office.ok("todo", who="authority1")["cases"]] == [CASE]
    assert office.ok(f"withdrawal approve {CASE}", who="center2")["state"] == "withdrawn"
    assert office.ok("record show R-1", who="center1")["usable"] is False
    dossier = office.ok("record history R-1", who="center1")["values"][-1]["data"]
    assert (dossier["case"], dossier["new"]) == (CASE, {"removed": True})
    page = office.folder / "told.html"
    office.ok(f"paper print {CASE} change_of_record --to {page}", who="provider1")
    text = page.read_text("utf-8")
    assert "该条信息已从市信用平台删除" in text
    assert "提供部门误报" in text
    assert office("audit verify", who="auditor1").code == 0


def test_an_import_does_not_bring_it_back(office: Office) -> None:
    office.ok(PROPOSE, who="center1")
    office.ok(f"withdrawal approve {CASE}", who="authority1")
    shown = office.ok("record show R-1 --full --purpose 核对", who="center1")
    row = {name: shown[name] for name in ("record_no", "subject_id", "subject_name", "provider", "open_class", "title")}
    row |= {"subject_kind": "natural", "content": "欠税9元", "valid_from": "2024-01-01", "valid_until": "2027-12-31"}
    file = office.folder / "again.jsonl"
    file.write_text(json.dumps(row, ensure_ascii=False) + "\n", "utf-8")
    assert office.refused(3, f"record import {file} --update", who="center1")["code"] == "would_undo"


@pytest.mark.parametrize("who", ["window1", "provider1", "authority1", "supervisor1", "clerk1"])
def test_the_centre_alone_proposes(office: Office, who: str) -> None:
    assert office.refused(6, PROPOSE, who=who)["code"] == "role"


def test_an_objection_in_processing_decides(office: Office) -> None:
    office.ok(PROPOSE, who="center1")
    office.life.life(office.life.objection("2026-03-02"), "2026-03-02", TO_VERIFYING)
    refused = office.refused(3, f"withdrawal approve {CASE}", who="center2")
    assert (refused["code"], refused["source"]) == ("not_in_processing", "附件2·五(二)")
    checked = office.ok(f"withdrawal approve {CASE} --check", who="center2")
    assert [ground["code"] for ground in checked["grounds"]] == ["not_in_processing"]
    assert office.ok(f"withdrawal take_back {CASE}", who="center1")["state"] == "taken_back"
    assert office.refused(3, PROPOSE, who="center1")["code"] == "not_in_processing"


def test_an_objection_on_its_way_decides(office: Office) -> None:
    """What nobody has received yet stands in the way as well: the applicant is owed a report."""
    objection = office.life.objection("2026-03-02")
    error = office.refused(3, PROPOSE, who="center1")
    assert (error["code"], error["source"], objection in error["message"]) == ("not_objected_to", "附件2·五(二)", True)
    office.ok(f"objection withdraw {objection} --material withdrawal_request")
    office.ok(PROPOSE, who="center1")
    other = office.life.objection("2026-03-02", "R-2")
    assert office.ok(f"withdrawal approve {CASE}", who="center2")["state"] == "withdrawn", (
        f"{other} is of another record"
    )


def test_whoever_has_nothing_to_do_with_it_does_not_see_it(office: Office) -> None:
    office.ok(PROPOSE, who="center1")
    for who in ("window1", "provider1"):
        office.refused(4, f"case show {CASE}", who=who)
    assert "reason" not in office.ok(f"case show {CASE}", who="auditor1")["fields"]
    assert office.ok(f"case show {CASE}", who="authority1")["fields"]["reason"] == "提供部门误报"


def test_what_is_withdrawn_is_neither_objected_to_nor_marked(office: Office) -> None:
    office.ok(PROPOSE, who="center1")
    office.ok(f"withdrawal approve {CASE}", who="center2")
    case = office.ok("objection submit --record R-1 --set reason=有误 --all-materials")["case"]
    assert office.refused(3, f"objection accept {case}")["code"] == "not_removed"


def test_the_help_says_that_no_clause_asks_for_it(office: Office) -> None:
    assert "信息撤下（[practice]）" in office("withdrawal --help", as_json=False).out
