"""Refusing needs a ground that stands, or one that the clause lists; the paper says it, and the remedies (RULES §12)."""

from __future__ import annotations

import pytest

from tests.acceptance.conftest import Office

O1, Q1 = "OBJ-2026-000001", "QRY-2026-000001"
QUERY = "query submit --subject 330106199003070014 --set purpose=贷款 --all-materials"


def paper(office: Office, case: str, kind: str) -> str:
    page = office.folder / f"{case}-{kind}.html"
    office.ok(f"paper print {case} {kind} --to {page}")
    return page.read_text("utf-8")


def test_a_complete_application_is_to_be_accepted(office: Office) -> None:
    office.ok("objection submit --record R-1 --set reason=并非本人 --all-materials")
    error = office.refused(3, f"objection reject {O1} --set grounds=今天很忙")
    assert (error["code"], error["source"]) == ("no_ground", "附件2·四(二)")
    english = office(
        f"objection reject {O1} --set grounds=busy", who="window1", at="2026-03-02", CREDIT_WORKFLOW_LANG="en"
    )
    assert "nothing stands in the way; it is to be accepted" in english.error["message"]
    found = office.ok(f"objection reject {O1} --set grounds=今天很忙 --check")
    assert [ground["code"] for ground in found["grounds"]] == ["no_ground"]
    assert office.ok(f"objection accept {O1}")["state"] == "accepted"


def test_the_paper_states_what_stands_in_the_way_though_nobody_has_tried_to_accept(office: Office) -> None:
    office.ok("objection submit --record R-3 --set reason=并非本人 --all-materials")
    assert office.ok(f"objection reject {O1} --set grounds=已当面说明")["state"] == "rejected"
    page = paper(office, O1, "refusal")
    for said in (
        "该信息的有效期至2026-02-28",
        "60日",
        "杭州市人民政府",
        "《中华人民共和国行政复议法》第二十条、第二十四条",
        "6个月",
        "有管辖权的人民法院",
    ):
        assert said in page
    assert office("audit verify", who="auditor1", at="2026-03-02").code == 0


def test_a_ground_that_the_clause_lists_can_be_chosen(office: Office) -> None:
    office.ok("objection submit --record R-1 --set reason=并非本人 --all-materials")
    assert office.refused(2, f"objection reject {O1} --set grounds=x --set ground=busy")["code"] == "ill_typed_value"
    office.ok(f"objection reject {O1} --set ground=materials --set grounds=证据无法辨认")
    assert "申请材料或证据不齐全、不符合要求" in paper(office, O1, "refusal")


@pytest.mark.parametrize("chosen", ["", " --set ground=outside"])
def test_an_answer_is_refused_only_outside_the_authorisation(office: Office, chosen: str) -> None:
    office.ok(QUERY)
    office.ok(f"query accept {Q1}")
    line = f"query refuse {Q1} --set reason=不想给{chosen}"
    if not chosen:
        assert office.refused(3, line)["code"] == "no_ground"
        return
    assert office.ok(line)["state"] == "refused"
    page = paper(office, Q1, "query_refusal")
    assert "申请查询的信息不在授权范围内" in page
    assert "杭州市人民政府" in page


def test_a_query_that_lacks_nothing_is_accepted(office: Office) -> None:
    office.ok(QUERY)
    assert office.refused(3, f"query reject {Q1} --set grounds=今天很忙")["code"] == "no_ground"
