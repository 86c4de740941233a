"""Papers of queries and of transfer lists, by the real command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.conftest import Office, numbers
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


def answered(office: Office, *more: str, printed_on: str = "2026-03-02") -> str:
    """A query of 2 March, answered that day and handed over on another."""
    case = asked(office, *more)
    office.ok(f"query answer {case}")
    office.ok(f"query print {case} --set collected_by=本人", at=printed_on)
    return case


def objected(office: Office, steps: str = "", record: str = "R-1") -> str:
    """An objection of 2 March that is in processing since, and further steps."""
    life = office.life
    to_centre = "window1:accept window1:transfer center1:receive"
    return life.life(life.objection("2026-03-02", record), "2026-03-02", f"{to_centre} {steps}".strip())


def lines_of(file: Path) -> dict[str, dict[str, Any]]:
    return {record["no"]: record for record in page_of(file).facts["found"]}


def test_what_is_suspended_since_the_answer_is_withheld_at_the_print(office: Office) -> None:
    case = answered(office)
    objected(office)
    shown = office.ok(f"query print {case} --set collected_by=本人", at="2026-03-03")["answer"]
    assert {r["record_no"]: (r["shown"], r["withheld"], r["content"]) for r in shown} == {
        "R-1": (False, "suspended", None),
        "R-2": (True, None, "欠税2元"),
    }
    file = printed(office, case, "query_answer", at="2026-03-03")
    assert lines_of(file)["R-1"].items() >= {"content": None, "withheld": "异议正在处理，暂停使用"}.items()
    assert (lines_of(file)["R-2"]["content"], "欠税1元" in file.read_text(encoding="utf-8")) == ("欠税2元", False)
    assert "上列信息已于2026年3月3日打印时再次核对" in said(file)
    assert office.ok("paper verify", str(file), at="2026-03-04")["same_file"] is True


@pytest.mark.parametrize(
    ("outcome", "why"),
    [
        ({"outcome": "corrected", "correction": '{"content": "无"}'}, ("corrected", "答复后已修正，请重新申请查询")),
        ({"outcome": "removed"}, ("removed", "答复后已删除")),
        ({"outcome": "corrected", "correction": '{"content": "欠税1元。"}'}, (None, None)),
        ({"outcome": "upheld"}, (None, None)),
    ],
)
def test_what_is_corrected_or_removed_since_the_answer_is_withheld_at_the_print(
    office: Office, outcome: dict[str, str], why: tuple[str | None, str | None]
) -> None:
    case = answered(office)
    first = printed(office, case, "query_answer", "first.html", at="2026-03-02")
    objection = objected(office)
    values = [part for name, value in outcome.items() for part in ("--set", f"{name}={value}")]
    office.ok(f"objection report {objection}", *values, who="center1")
    office.ok(f"objection approve {objection}", who="authority1")
    office.ok(f"objection notify {objection} --set channel=电话")
    row = office.ok(f"query print {case} --set collected_by=本人", at="2026-03-03")["answer"][0]
    assert (row["withheld"], row["content"]) == (why[0], None if why[0] else "欠税1元")
    file = printed(office, case, "query_answer", "second.html", at="2026-03-03")
    assert (lines_of(file)["R-1"]["withheld"], lines_of(file)["R-1"]["content"]) == (why[1], row["content"])
    for page in (first, file):  # what was printed before stays true
        assert office.ok("paper verify", str(page), at="2026-03-04")["same_file"] is True


def test_what_is_disputed_since_the_answer_is_printed_with_mark_and_reason(office: Office) -> None:
    case = answered(office)
    office.life.marked("R-1")
    text = said(printed(office, case, "query_answer", at="2026-03-09"))
    assert "申请人存疑" in text
    assert "欠税1元" in text


def test_an_answer_is_printed_for_thirty_days_and_then_asked_again(office: Office) -> None:
    case = answered(office)
    assert office.ok(f"paper print {case} query_answer --to last.html", at="2026-04-01T23:59")["copy"] == 1
    error = office.refused(3, f"paper print {case} query_answer --to late.html", at="2026-04-02")
    assert (error["code"], error["source"]) == ("answered_lately", "[practice]")
    assert not (office.folder / "late.html").exists()
    assert (
        office.refused(3, f"query print {case} --set collected_by=本人", at="2026-04-02")["code"] == "answered_lately"
    )


def by_letter(office: Office, asking: str, whose: str) -> str:
    """Answer a query by a letter that is in force through 10 March, and print the answer on that day; return the case."""
    letter = {
        "id": numbers()["other"], "name": "李四", "matters": "query,paper", "from": "2026-01-01", "until": "2026-03-10",
        "content": "全部", "purpose": "贷款",
    }  # fmt: skip
    values = [part for name, value in letter.items() for part in ("--set", f"{whose}_{name}={value}")]
    case: str = office.ok(asking, *values, at="2026-03-02")["case"]
    for step in ("accept", "answer", "print --set collected_by=李四"):
        action, *more = step.split(" ", 1)
        office.ok(f"query {action} {case} {' '.join(more)}", at="2026-03-02")
    assert office.ok(f"paper print {case} query_answer --to last.html", at="2026-03-10")["copy"] == 1
    return case


def test_an_authorisation_is_in_force_on_the_day_of_the_print(office: Office) -> None:
    asking = f"query submit --subject {numbers()['other']} --set purpose=贷款 --set queried={ID} --all-materials"
    case = by_letter(office, asking, "authorised")
    for command in (f"paper print {case} query_answer --to late.html", f"query print {case} --set collected_by=李四"):
        error = office.refused(3, command, at="2026-03-11")
        assert (error["code"], error["source"]) == ("authorised_in_force_at_print", "附件1·五(四)")
        assert "2026-03-10" in error["message"]


def test_an_agents_letter_is_in_force_on_the_day_of_the_print(office: Office) -> None:
    asking = f"query submit --subject {numbers()['firm']} --set purpose=贷款 --all-materials"
    case = by_letter(office, asking, "agent")
    for command in (f"paper print {case} query_answer --to late.html", f"query print {case} --set collected_by=李四"):
        error = office.refused(3, command, at="2026-03-11")
        assert (error["code"], error["source"]) == ("agent_in_force_at_print", "附件1·五(四)")


@pytest.mark.parametrize(
    ("action", "kind", "parts"),
    [
        ("clarify CASE --set question=哪一类", "clarification", ["更改补充告知书", "哪一类", "至2026年3月23日"]),
        (
            "refuse CASE --set ground=outside --set reason=委托书未含此项",
            "query_refusal",
            ["不在授权范围告知书", "委托书未含此项"],
        ),
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
