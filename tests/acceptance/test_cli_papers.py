"""Papers by the real command: what they say, the free print, each print counted and logged."""

from __future__ import annotations

import json
import re
from typing import Any
from unittest import mock

import pytest

from credit_workflow.casework.papers import printing as work
from credit_workflow.service.use_cases.daily import papers as use_cases
from tests import where
from tests.acceptance.conftest import AGENT, Office
from tests.acceptance.paperwork import ID, accepted, corrected, kinds, page_of, printed, said, submitted, with_centre

# Which papers there are, and what they say


def test_papers_come_with_the_steps_of_a_case(office: Office) -> None:
    case = submitted(office)
    assert office.ok(f"paper list {case}") == {"case": case, "papers": []}
    assert "还没有可打印的文书" in office.text(f"paper list {case}")
    office.ok(f"objection accept {case} --all-materials")
    assert list(kinds(office, case, "2026-03-02")) == ["receipt"]
    error = office.refused(4, f"paper print {case} report --to r.html")
    assert (error["code"], error["details"]) == ("no_paper", {"papers": ["receipt"]})
    office.refused(4, "paper list OBJ-2026-000099")
    office.refused(4, "paper print OBJ-2026-000099 receipt --to r.html")
    assert "受理回执" in office.text(f"paper list {case}")


def test_a_receipt(office: Office) -> None:
    case = accepted(office)
    answer = office.ok(f"paper print {case} receipt --to r.html")
    assert (
        answer.items()
        >= {"case": case, "kind": "receipt", "title": "受理回执", "entry": 2, "copy": 1, "free": None}.items()
    )
    text = said(office.folder / "r.html")
    for part in (
        case, "张三：", "您于2026年3月2日提出的异议申请", "3301**********0014", "欠税（编号 R-1）", "杭州市城市管理局", "查无此事",
        "至2026年4月1日（2026年3月2日起30日）", "本人身份证（原件及复印件）", "异议处理申请表", "服务窗口（盖章）2026年3月2日",
        "《杭州市公共信用信息异议处理试行办法》（杭政函〔2015〕62号附件2）第四条第（二）项", "第1次打印", answer["code"], "练习数据库",
    ):  # fmt: skip
        assert part in text, part
    assert ID not in (office.folder / "r.html").read_text(encoding="utf-8")
    assert re.fullmatch(rf"CW1:{case}:receipt:2:([0-9a-f]{{5}}-){{3}}[0-9a-f]{{5}}", answer["code"])


def test_a_legal_persons_receipt(office: Office) -> None:
    case = submitted(office, "L-1")
    office.ok(f"objection accept {case} --all-materials {AGENT}")
    text = said(printed(office, case, "receipt"))
    assert "杭州某某有限公司：你单位于" in text
    assert "授权代理书（加盖公章）" in text


def test_a_refusal_has_all_grounds_of_the_last_attempt_at_once(office: Office) -> None:
    case = submitted(office, "R-3", "2026-03-02")  # its validity ended on 28 February
    office.refused(3, f"objection accept {case}")
    error = office.refused(
        3,
        f"objection accept {case} --set identity_checked=false --set resident=true --material evidence --material id_card",
    )
    office.refused(6, f"objection accept {case}", who="center1")
    office.refused(3, f"objection withdraw {case}")
    office.ok(f"objection reject {case} --set", "grounds=信息已过有效期，已当面说明")
    text = said(printed(office, case, "refusal", at="2026-03-02"))
    assert len(error["details"]["grounds"]) == 3
    told = re.search(r"全部理由一次告知如下：(.*?)申请人张三", text)
    assert told is not None
    assert told[1].split("；") == [
        "一、申请人身份核查有误（依据：第四条第（二）项）",
        "二、该信息的有效期至2026-02-28，申请之日已过有效期（依据：第一条）",
        "三、缺少材料：异议处理申请表（依据：第四条第（一）项）。",
    ]
    assert "受理窗口说明信息已过有效期，已当面说明" in text


def test_a_refusal_without_an_attempt_says_what_stands_in_the_way_and_what_the_window_said(office: Office) -> None:
    case = submitted(office, identity_checked="true", resident="true")
    office.ok(f"objection reject {case} --set grounds=材料不全")
    text = said(printed(office, case, "refusal", at="2026-03-02"))
    assert "受理窗口说明材料不全" in text
    assert "一、缺少材料：本人身份证（原件及复印件）" in text


def test_a_refusal_says_what_was_not_checked_and_who_is_not_on_record(office: Office) -> None:
    case = submitted(office, "L-1")
    office.ok(f"objection reject {case} --set grounds=材料不全")
    text = said(printed(office, case, "refusal", at="2026-03-02"))
    assert "一、尚未核查申请人的身份（依据：" in text
    assert "须记明代理人的姓名、证件号和授权代理书的有效期（依据：" in text
    assert "agent_" not in text


def test_a_repeat_is_refused_on_paper_without_the_commands_words(office: Office) -> None:
    first = corrected(office)
    again = submitted(office, "R-1", "2026-03-10")
    office.refused(3, f"objection accept {again} --all-materials", at="2026-03-10")
    office.ok(f"objection reject {again} --set grounds=重复申请", at="2026-03-10")
    text = said(printed(office, again, "refusal", at="2026-03-10"))
    assert f"一、就相同信息已提出异议（{first}）并已答复，又无正当理由（依据：第四条第（二）项）。" in text
    assert "good_ground" not in text


def test_an_extension(office: Office) -> None:
    case = with_centre(office, accepted(office))
    office.ok(
        f"objection request_extension {case} --set days=5 --set reason=需调取档案", who="center1", at="2026-03-05"
    )
    assert "extension" not in kinds(office, case)
    office.ok(f"objection grant_extension {case}", who="authority1", at="2026-03-06")
    text = said(printed(office, case, "extension"))
    for part in (
        "延长办理期限告知书",
        "需调取档案",
        "原届满日期2026年4月1日",
        "延长期限5个工作日",
        "现届满日期2026年4月9日",
        "市信用主管部门（盖章）",
        "第三条的规定",
    ):
        assert part in text, part


def test_a_request_to_verify(office: Office) -> None:
    case = with_centre(office, accepted(office))
    office.ok(f"objection consult {case} --set question=是否本人签字", who="center1", at="2026-03-04")
    asked = "CON-2026-000001"
    for who, code in {"window1": 4, "authority1": 6, "provider1": 0}.items():
        assert office(f"paper print {asked} consultation --to {who}.html", who=who, at="2026-03-04").code == code, who
    text = said(printed(office, asked, "consultation", who="center2"))
    assert "杭州市城市管理局：" in text
    assert "是否本人签字" in text
    assert "涉及信息欠税（编号 R-1）" in text
    assert "5个工作日" in text


def test_the_provider_is_told_on_paper_what_was_changed_of_its_record(office: Office) -> None:
    text = said(printed(office, corrected(office), "change_of_record", who="center1"))
    for part in ("杭州市城市管理局：", "涉及信息欠税（编号 R-1）", "信息名称欠税结清", "信息内容欠税1元无欠税"):
        assert part in text, part


def test_a_result_report_has_the_steps_and_the_correction(office: Office) -> None:
    case = corrected(office)
    text = said(printed(office, case, "report"))
    for part in (
        "异议处理结果报告", "核查结果：予以修正", "信息名称欠税结清", "信息内容欠税1元无欠税", "说明：提供部门已更正", "涉及信息欠税（编号 R-1）",
        "2026年3月3日收件市信用中心", "2026年3月5日出具报告市信用中心", "2026年3月6日核准市信用主管部门", "市信用中心（盖章）2026年3月6日",
        "领取本报告后5个工作日内", "第六条第（三）项",
    ):  # fmt: skip
        assert part in text, part
    for who, code in {"window2": 0, "center2": 0, "authority2": 0, "provider1": 4, "admin1": 4, "auditor1": 6}.items():
        assert office(f"paper print {case} report --to {who}.html", who=who, at="2026-03-06").code == code, who


@pytest.mark.parametrize(
    ("outcome", "shown", "free"),
    [("removed", "该条信息已从市信用平台删除", True), ("upheld", "信息无误，予以维持", False)],
)
def test_reports_of_other_outcomes(office: Office, outcome: str, shown: str, *, free: bool) -> None:
    case = with_centre(office, accepted(office))
    office.ok(f"objection report {case} --set outcome={outcome}", who="center1", at="2026-03-05")
    office.ok(f"objection approve {case}", who="authority1", at="2026-03-06")
    text = said(printed(office, case, "report"))
    assert shown in text
    assert "修正前" not in text
    office.ok(f"objection notify {case} --set channel=电话", at="2026-03-06")
    assert ("免费打印" in said(printed(office, case, "collection"))) is free
    assert ("record_print" in kinds(office, case)) is free


def test_the_free_print_is_of_all_that_is_known_of_the_applicant_but_class_c(office: Office) -> None:
    file = office.folder / "more.jsonl"
    more = {"R-8": ("A", "守信红榜"), "R-9": ("C", "内部核查")}
    rows = [
        {**dict(zip(COLUMNS, ROW, strict=True)), "record_no": n, "open_class": c, "title": t, "content": t}
        for n, (c, t) in more.items()
    ]
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    office.ok("record import", str(file), who="center1", at="2026-03-02")
    case = corrected(office)
    with_centre(office, accepted(office, "R-2", "2026-03-06"), "2026-03-06")
    page = printed(office, case, "record_print")
    found = {record["no"]: (record["content"], record["withheld"]) for record in page_of(page).facts["found"]}
    assert found == {
        "R-1": ("无欠税", None),
        "R-2": (None, "异议正在处理，暂停使用"),
        "R-8": ("守信红榜", None),
    }
    assert "欠税2元" not in page.read_text(encoding="utf-8")
    assert office.ok("paper verify", str(page), at="2026-03-10")["same_file"] is True


def test_a_returned_report_leaves_the_last_one_to_be_printed(office: Office) -> None:
    case = with_centre(office, accepted(office))
    for outcome in ("upheld", "removed"):
        office.ok(f"objection report {case} --set outcome={outcome}", who="center1", at="2026-03-05")
        if outcome == "upheld":
            assert "report" not in kinds(office, case)
            office.ok(f"objection return {case} --set reason=再核", who="authority1", at="2026-03-05")
    office.ok(f"objection approve {case}", who="authority1", at="2026-03-06")
    text = said(printed(office, case, "report"))
    assert "予以删除" in text
    assert "再核" not in text


def test_a_step_that_was_refused_later_keeps_its_day(office: Office) -> None:
    case = with_centre(office, accepted(office))
    office.refused(3, f"objection receive {case}", who="center1", at="2026-03-04")
    office.ok(f"objection report {case} --set outcome=upheld", who="center1", at="2026-03-05")
    office.ok(f"objection approve {case}", who="authority1", at="2026-03-06")
    text = said(printed(office, case, "report"))
    assert "2026年3月3日收件" in text
    assert "2026年3月4日" not in text


def test_papers_of_a_mark_and_its_revocation(office: Office) -> None:
    case = corrected(office)
    office.ok(f"objection collect {case} --set collected_by=本人", at="2026-03-09")
    mark = office.ok(f"marking submit --parent {case} --set reason=未曾签字 --all-materials", at="2026-03-10")["case"]
    office.ok(f"marking accept {mark}", at="2026-03-10")
    text = said(printed(office, mark, "receipt", "m.html", at="2026-03-10"))
    assert "您于2026年3月10日提出的异议标注申请" in text
    assert "至2026年3月19日（2026年3月10日起7个工作日）" in text
    assert "第六条第（四）项" in text
    office.ok(f"marking archive {mark} --set shelf_mark=甲3-12", at="2026-03-10")
    label = said(printed(office, mark, "archive_label", at="2026-03-10"))
    assert "档案柜号甲3-12" in label
    office.ok(f"marking transfer {mark}", at="2026-03-10")
    office.ok(f"marking receive {mark}", who="center1", at="2026-03-11")
    office.ok(f"marking mark {mark}", who="center1", at="2026-03-11")
    revocation = office.ok(f"revocation submit --parent {mark} --all-materials", at="2026-03-12")["case"]
    office.ok(f"revocation accept {revocation}", at="2026-03-12")
    text = said(printed(office, revocation, "receipt", "r.html", at="2026-03-12"))
    assert "异议标注撤销申请" in text
    office.ok("sweep", at="2026-04-20")
    text = said(printed(office, mark, "expiry", at="2026-04-20"))
    assert "标注届满通知" in text


# The free print


def test_the_free_print_is_one_and_counted(office: Office) -> None:
    case = corrected(office)
    assert kinds(office, case)["record_print"].items() >= {"copies": 0, "free": 1}.items()
    assert "免费打印1次公共信用信息" in said(printed(office, case, "collection"))
    first = office.ok(f"paper print {case} record_print --to 1.html", at="2026-03-06")
    assert (first["copy"], first["free"]) == (1, 1)
    text = said(office.folder / "1.html")
    for part in (
        "公共信用信息查询结果",
        "结清（编号 R-1，B类信息）",
        "无欠税",
        "截至2026年3月6日",
        "本次为免费打印（共1次）",
        "第五条第（五）项",
    ):
        assert part in text, part
    assert "免费打印 1 次已用完" in office.text(f"paper print {case} record_print --to 2.html", at="2026-03-09")
    text = said(office.folder / "2.html")
    assert "免费打印1次已用完，本次不属免费打印" in text
    assert "截至2026年3月9日" in text
    assert kinds(office, case, "2026-03-09")["record_print"]["copies"] == 2
    for name in ("1.html", "2.html"):
        assert office.ok(f"paper verify {name}", at="2026-03-10")["same_file"] is True


def test_what_is_suspended_is_not_printed_and_no_free_print_is_lost(office: Office) -> None:
    case = corrected(office)
    other = with_centre(office, submitted_again(office), "2026-03-10")
    error = office.refused(3, f"paper print {case} record_print --to 1.html", at="2026-03-10")
    assert (error["code"], error["source"]) == ("suspended", "附件2·六(一)")
    assert not (office.folder / "1.html").exists()
    office.ok(f"objection withdraw {other} --material withdrawal_request", at="2026-03-11")
    assert office.ok(f"paper print {case} record_print --to 1.html", at="2026-03-11")["copy"] == 1


def submitted_again(office: Office) -> str:
    case = submitted(office, "R-1", "2026-03-10", good_ground="有新证据")
    office.ok(f"objection accept {case} --all-materials", at="2026-03-10")
    return case


def test_a_disputed_record_is_printed_with_mark_and_reason_and_stays_true(office: Office) -> None:
    case = corrected(office)
    before = printed(office, case, "record_print", "before.html")
    office.ok(f"objection collect {case} --set collected_by=本人", at="2026-03-09")
    mark = office.ok(f"marking submit --parent {case} --set reason=仍欠说明 --all-materials", at="2026-03-10")["case"]
    office.ok(f"marking accept {mark}", at="2026-03-10")
    office.ok(f"marking transfer {mark}", at="2026-03-10")
    office.ok(f"marking receive {mark}", who="center1", at="2026-03-10")
    office.ok(f"marking mark {mark}", who="center1", at="2026-03-10")
    marked = printed(office, case, "record_print", "marked.html", at="2026-03-10")
    assert "申请人存疑" not in said(before)
    assert "申请人存疑（2026年3月10日标注，至2026年4月9日）" in said(marked)
    assert "仍欠说明" in said(marked)
    rows = [dict(zip(COLUMNS, ROW, strict=True))]
    file = office.folder / "new.jsonl"
    file.write_text(json.dumps(rows[0], ensure_ascii=False) + "\n", encoding="utf-8")
    office.ok("record import --update --hold", str(file), who="center1", at="2026-03-11")
    office.ok("record release R-1 --reason 复核后更新", who="center1", at="2026-03-11")
    later = printed(office, case, "record_print", "later.html", at="2026-05-11")
    assert "另有内容" in said(later)
    assert "申请人存疑" not in said(later)
    for page in (before, marked, later):
        code = page_of(page).code
        assert office.ok("paper verify", str(page), at="2026-05-12")["ok"] is True
        assert office.ok("paper verify", code, at="2026-05-12")["ok"] is True


COLUMNS = ("record_no", "subject_kind", "subject_id", "subject_name", "provider", "open_class", "title", "content", "valid_from", "valid_until")  # fmt: skip
ROW = ("R-1", "natural", ID, "张三", "杭州市城市管理局", "B", "结清", "另有内容", "2024-01-01", "2027-12-31")


# Counting and logging


def test_copies_are_counted_and_every_print_is_logged(office: Office) -> None:
    case = accepted(office)
    for nth, who in enumerate(("window1", "window2", "window1"), 1):
        answer = office.ok(f"paper print {case} receipt --to {nth}.html", who=who)
        assert answer["copy"] == nth
        assert f"第{nth}次打印" in said(office.folder / f"{nth}.html")
    assert kinds(office, case, "2026-03-02")["receipt"]["copies"] == 3
    looks = office.ok("record history R-1", who="center2")["look_ups"]
    assert [(look["actor"], look["kind"], look["data"]["purpose"]) for look in looks] == [
        ("window1", "paper", "打印受理回执（第1次）"), ("window2", "paper", "打印受理回执（第2次）"), ("window1", "paper", "打印受理回执（第3次）"),
    ]  # fmt: skip
    entries = office.ok(f"audit show --subject {ID} --purpose 抽查", who="auditor1")["entries"]
    assert [e["data"]["copy"]["nth"] for e in entries if e["log"] == f"paper:{case}"] == [1, 2, 3]
    assert ID not in json.dumps(entries)
    assert office.ok("audit verify")["ok"] is True


def test_nothing_is_logged_when_nothing_is_printed(office: Office) -> None:
    case = accepted(office)
    (office.folder / "there.html").write_text("mine", encoding="utf-8")
    before, kept = where.dump(office.database), office.fingerprint()
    assert office.refused(3, f"paper print {case} receipt --to there.html")["code"] == "exists"
    assert office.refused(2, f"paper print {case} receipt --to receipt.docx")["code"] == "form"
    assert office.refused(2, f"paper print {case} receipt --to none/receipt.html")["code"] == "unwritable_file"
    office.refused(4, f"paper print {case} receipt --entry 1 --to r.html")
    assert where.dump(office.database) == before
    office.refused(6, f"paper print {case} receipt --to r.html", who="center1")
    assert office.fingerprint() == kept
    logged = office.ok("audit show --purpose x", who="auditor1")["entries"]
    assert [(one["action"], one["actor"]) for one in logged][-1] == ("refused_look", "center1")
    assert not [one for one in logged if one["log"].startswith("paper:")]
    assert (office.folder / "there.html").read_text(encoding="utf-8") == "mine"
    assert [file.name for file in office.folder.iterdir() if "html" in file.name] == ["there.html"]


def test_of_two_who_print_at_once_each_gets_a_number_of_his_own(office: Office) -> None:
    """Another print comes between preparing and logging this one: it begins anew."""
    case = accepted(office)
    true_rendered, overtaken = use_cases._rendered, []

    def late(ready: Any, request: Any) -> bytes:
        if not overtaken:
            overtaken.append(True)
            other = f"paper print {case} receipt --to other.html"
            assert office.process(other, who="window2", at="2026-03-02").code == 0
        return true_rendered(ready, request)

    with mock.patch.object(use_cases, "_rendered", late):
        answer = office.ok(f"paper print {case} receipt --to r.html")
    assert answer["copy"] == 2
    assert "第2次打印" in said(office.folder / "r.html")
    assert "第1次打印" not in said(office.folder / "r.html")
    assert kinds(office, case, "2026-03-02")["receipt"]["copies"] == 2


def test_who_is_always_overtaken_is_told(office: Office) -> None:
    case = accepted(office)
    true_register = work.register

    def late(db: Any, acting: Any, ready: Any, **rest: Any) -> None:
        true_register(db, acting, work.prepare(db, acting, case, "receipt", None), digest="00", form="html")
        true_register(db, acting, ready, **rest)

    with mock.patch.object(work, "register", late):
        office.refused(5, f"paper print {case} receipt --to r.html")
    assert not [file.name for file in office.folder.iterdir() if "html" in file.name]
