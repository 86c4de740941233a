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


def rejected(office: Office, record: str, at: str) -> str:
    case = office.ok(f"objection submit --record {record} --set reason=并非本人 --all-materials", at=at)["case"]
    office.ok(f"objection reject {case} --set ground=materials --set grounds=证据无法辨认", at=at)
    return str(case)


def printed(office: Office, case: str, at: str, kind: str = "refusal") -> str:
    page = office.folder / f"{case}-{at}.html"
    office.ok(f"paper print {case} {kind} --to {page}", at=at)
    assert office.ok(f"paper verify {page}", at=at)["ok"] is True
    return page.read_text("utf-8")


MOVED = "unit change 服务窗口 --name 市民中心窗口 --address 解放东路18号 --telephone 12345"


def test_the_paper_says_where_the_window_was_when_it_decided(office: Office) -> None:
    office.ok("unit change 服务窗口 --address 莫干山路1号 --telephone 0571-85250000", who="admin1")
    case = rejected(office, "R-1", "2026-03-03")
    said = "受理单位：服务窗口，地址：莫干山路1号，电话：0571-85250000。"
    assert said in printed(office, case, "2026-03-03")
    office.ok(MOVED, who="admin1", at="2026-03-04")
    again = printed(office, case, "2026-03-05")
    assert said in again
    assert "解放东路" not in again
    later = printed(office, rejected(office, "R-2", "2026-03-06"), "2026-03-06")
    assert "受理单位：市民中心窗口，地址：解放东路18号，电话：12345。" in later
    assert office.ok("audit verify", at="2026-03-06")["ok"] is True


def test_a_paper_first_printed_after_the_move_says_so_too(office: Office) -> None:
    office.ok("unit change 服务窗口 --telephone 0571-85250000", who="admin1")
    case = rejected(office, "R-1", "2026-03-03")
    office.ok(MOVED, who="admin1", at="2026-03-04")
    assert "受理单位：服务窗口，电话：0571-85250000。" in printed(office, case, "2026-03-05")


def test_a_window_of_which_the_register_says_nothing_is_left_out(office: Office) -> None:
    case = rejected(office, "R-1", "2026-03-03")
    office.ok(MOVED, who="admin1", at="2026-03-04")
    assert "受理单位" not in printed(office, case, "2026-03-05")


def test_who_falsified_the_windows_address_is_found_out(office: Office) -> None:
    office.ok("unit change 服务窗口 --address 莫干山路1号", who="admin1")
    case = rejected(office, "R-1", "2026-03-03")
    page = printed(office, case, "2026-03-03")
    other = office.folder / "other.html"
    other.write_text(page.replace("莫干山路1号", "莫干山路9号"), encoding="utf-8")
    answer = office("paper verify", str(other), who="window1", at="2026-03-03")
    assert (answer.code, "莫干山路9号" in answer.out + answer.err) == (7, True)


def test_a_refused_query_names_the_window_too(office: Office) -> None:
    office.ok("unit change 服务窗口 --address 莫干山路1号", who="admin1")
    office.ok(QUERY, at="2026-03-03")
    office.ok(f"query accept {Q1}", at="2026-03-03")
    office.ok(f"query refuse {Q1} --set reason=不想给 --set ground=outside", at="2026-03-03")
    assert "受理单位：服务窗口，地址：莫干山路1号。" in printed(office, Q1, "2026-03-03", "query_refusal")
