"""Applicants are told what happens to them: a mark placed, one revoked, a record of dishonesty made."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.conftest import Office
from tests.acceptance.paperwork import printed, said
from tests.property.lives import numbers

P = numbers()
O1, M1, V1 = "OBJ-2026-000001", "MRK-2026-000001", "REV-2026-000001"
AT = "2026-03-20"


def told(office: Office, case: str) -> list[tuple[str, str]]:
    """To whom which notifications of a case go, in their order."""
    found = office.ok("notify list", who="supervisor1", at=AT)["notices"]
    return [(one["to"], one["paper"]) for one in found if one["case"] == case]


def revoked(office: Office) -> None:
    """A mark placed on 9 March and revoked on 12 March."""
    office.life.marked()
    office.life.life(
        office.life.follow("revocation", M1, "2026-03-11"), "2026-03-11", "window1:accept window1:transfer"
    )
    office.life.life(V1, "2026-03-12", "center1:receive center1:revoke")


def test_the_applicant_is_told_that_the_mark_was_placed_and_revoked(office: Office) -> None:
    revoked(office)
    assert ("applicant", "marked") in told(office, M1)
    assert ("applicant", "revoked") in told(office, V1)
    page = said(printed(office, M1, "marked", at=AT))
    for part in ("异议标注告知书", "张三", "仍有异议", "2026年4月8日"):
        assert part in page
    page = said(printed(office, V1, "revoked", at=AT))
    assert "标注撤销告知书" in page
    assert "3301**********0014" in page


@pytest.mark.parametrize("case", [O1, M1, V1])
def test_forged_material_leads_to_a_record_and_the_person_is_told(office: Office, case: str) -> None:
    revoked(office)
    workflow = {"O": "objection", "M": "marking", "R": "revocation"}[case[0]]
    report = f"{workflow} report_misconduct {case} --set misconduct=forged --set finding=证据系伪造"
    assert "report_misconduct" not in office.ok(f"case show {case}", at=AT)["actions"]
    office.refused(6, report, who="provider1", at=AT)
    office.ok(report, who="center1", at=AT)
    verify = f"{workflow} verify_misconduct {case} --set until=2031-03-02"
    codes = {ground["code"] for ground in office.refused(3, verify, who="center1", at=AT)["details"]["grounds"]}
    assert codes == {"four_eyes"}
    assert case in [one["case"] for one in office.ok("todo", who="center2", at=AT)["cases"]]
    assert office.ok(verify, who="center2", at=AT)["fields"]["misconduct_record"] == f"SX-{case}"
    record = office.ok(f"record show SX-{case}", who="center1", at=AT)
    assert (record["subject_id"], record["open_class"]) == ("3301**********0014", "B")
    assert "伪造材料：证据系伪造" in record["content"]
    assert told(office, case)[-1] == ("applicant", "misconduct_record")
    page = said(printed(office, case, "misconduct_record", at=AT))
    for part in ("失信信息告知书", f"SX-{case}", "证据系伪造", "第一条", "张三"):
        assert part in page
    assert office.ok("audit verify", who="", at=AT)["ok"] is True


def test_who_misused_anothers_material_is_told_by_the_window_and_the_victim_is_not_named(office: Office) -> None:
    office.ok(f"query submit --subject {P['adult']} --set purpose=贷款 --all-materials", at=AT)
    line = "query report_misconduct QRY-2026-000001 --set misconduct=misused --set finding=冒用他人身份证"
    office.ok(f"{line} --set misconduct_by={P['other']}", at=AT)
    office.ok("query verify_misconduct QRY-2026-000001 --set until=2031-03-02", who="center1", at=AT)
    assert told(office, "QRY-2026-000001")[-1] == ("window", "misconduct_record")
    page = said(printed(office, "QRY-2026-000001", "misconduct_record", at=AT))
    assert P["other"][-4:] in page
    assert "张三" not in page
    assert "0014" not in page


def test_what_is_not_verified_is_told_to_nobody(office: Office) -> None:
    case: dict[str, Any] = office.ok("objection submit --record R-1 --set reason=有误 --all-materials", at=AT)
    office.ok(f"objection report_misconduct {case['case']} --set misconduct=altered --set finding=疑似", at=AT)
    office.ok(f"objection dismiss_misconduct {case['case']} --set reason=属实", who="center1", at=AT)
    assert told(office, case["case"]) == []
    office.refused(4, f"record show SX-{case['case']}", who="center1", at=AT)
