"""Papers of queries and of transfer lists, by the real command."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.conftest import Office
from tests.acceptance.paperwork import ID, accepted, kinds, page_of, printed, said


def asked(office: Office, *more: str, at: str = "2026-03-02") -> str:
    answer: dict[str, Any] = office.ok(f"query submit --subject {ID} --set purpose=贷款 --all-materials", *more, at=at)
    office.ok(f"query accept {answer['case']}", at=at)
    return str(answer["case"])


def test_the_answer_is_printed_when_it_is_handed_over(office: Office) -> None:
    case = asked(office)
    assert "受理回执" in said(printed(office, case, "query_receipt", at="2026-03-02"))
    office.ok(f"query answer {case}")
    assert "query_answer" not in kinds(office, case, "2026-03-02")
    office.ok(f"query print {case} --set collected_by=本人", at="2026-03-03")
    file = printed(office, case, "query_answer", at="2026-03-03")
    text = said(file)
    for part in (
        "公共信用信息查询结果",
        "被查询人张三",
        "3301**********0014",
        "查询用途贷款",
        "查询到公共信用信息2条",
        "欠税1元",
        "欠税2元",
        "信息截至：2026年3月2日",
        "第五条第（六）项",
    ):
        assert part in text, part
    assert ID not in file.read_text(encoding="utf-8")
    assert office.ok("paper verify", str(file), at="2026-03-03")["same_file"] is True
    assert office("paper print QRY-2026-000001 query_answer --to x.html", who="center1", at="2026-03-03").code == 6


def test_what_is_in_processing_is_withheld_on_paper_and_what_is_disputed_has_its_reason(office: Office) -> None:
    office.life.marked("R-1")
    life = office.life
    life.life(life.objection("2026-03-09", "R-2"), "2026-03-09", "window1:accept window1:transfer center1:receive")
    case = asked(office, at="2026-03-09")
    office.ok(f"query answer {case}", at="2026-03-09")
    office.ok(f"query print {case} --set collected_by=本人", at="2026-03-09")
    file = printed(office, case, "query_answer", at="2026-03-09")
    text = said(file)
    carried = {record["no"]: record for record in page_of(file).facts["found"]}
    assert (carried["R-2"]["title"], carried["R-2"]["content"], carried["R-1"]["content"]) == ("", None, "欠税1元")
    assert "欠税2元" not in file.read_text(encoding="utf-8")
    assert "申请人存疑" in text
    assert "（不予显示：异议正在处理，暂停使用）" in text
    assert "欠税1元" in text


def test_an_answer_stays_what_it_was_when_the_record_is_corrected(office: Office) -> None:
    case = asked(office)
    office.ok(f"query answer {case}")
    office.ok(f"query print {case} --set collected_by=本人")
    life = office.life
    objection = life.life(life.objection("2026-03-02"), "2026-03-02", "window1:accept window1:transfer center1:receive")
    office.ok(
        f"objection report {objection} --set outcome=corrected --set", 'correction={"content":"无"}', who="center1"
    )
    file = printed(office, case, "query_answer", at="2026-03-03")
    assert "欠税1元" in said(file)
    assert office.ok("paper verify", str(file), at="2026-03-03")["ok"] is True


@pytest.mark.parametrize(
    ("action", "kind", "parts"),
    [
        ("clarify CASE --set question=哪一类", "clarification", ["更改补充告知书", "哪一类", "至2026年3月23日"]),
        ("refuse CASE --set reason=委托书未含此项", "query_refusal", ["不在授权范围告知书", "委托书未含此项"]),
    ],
)
def test_each_way_out_has_its_paper(office: Office, action: str, kind: str, parts: list[str]) -> None:
    case = asked(office)
    office.ok("query " + action.replace("CASE", case))
    text = said(printed(office, case, kind, at="2026-03-02"))
    for part in (*parts, case, "张三"):
        assert part in text, part


def test_what_does_not_exist_is_told_on_paper(office: Office) -> None:
    case = asked(office, "--set", "content=荣誉")
    office.ok(f"query not_found {case}")
    text = said(printed(office, case, "query_not_found", at="2026-03-02"))
    assert "信息不存在告知书" in text
    assert "荣誉" in text


def test_a_transfer_list_is_signed_by_both_sides(office: Office) -> None:
    scan = office.folder / "form.png"
    scan.write_bytes(b"a scan")
    case = accepted(office)
    office.ok(f"objection archive {case} --set shelf_mark=甲-1")
    query = asked(office)
    office.ok(f"query archive {query}")
    listed = office.ok("archive submit --set keeper=王五", at="2026-03-31")["case"]
    assert "transfer_list" not in kinds(office, listed, "2026-03-31")
    office.ok(f"archive hand_over {listed}", at="2026-03-31")
    file = printed(office, listed, "transfer_list", who="center1", at="2026-03-31")
    text = said(file)
    for part in (
        "申请材料移交清单",
        "共2件",
        "保管期限5年",
        case,
        query,
        "甲-1",
        "异议处理申请表",
        "查询申请表格",
        "2026年3月2日",
        "移交单位：服务窗口（盖章）",
        "接收单位：市信用中心（盖章）",
    ):
        assert part in text, part
    assert ID not in file.read_text(encoding="utf-8")
    assert office.ok("paper verify", str(file), at="2026-04-01")["same_file"] is True
    assert office.ok("audit show --purpose 抽查", who="auditor1", at="2026-04-01")["entries"]
    assert office.ok("audit verify", at="2026-04-01")["ok"] is True
