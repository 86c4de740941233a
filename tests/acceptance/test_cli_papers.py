"""Papers by the real command: printed from the log, counted, verified, and forged in every way."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any
from unittest import mock

import msgspec
import pytest

from credit_workflow.casework import papers as work
from credit_workflow.papers.pdf import browser_program
from credit_workflow.papers.reading import read_page, seen_text
from tests.acceptance.conftest import Office
from tests.unit.test_papers import changed, leaves

ID = "330106199003070014"


def submitted(office: Office, record: str = "R-1", day: str = "2026-03-02", **values: str) -> str:
    given = [word for name, value in {"reason": "查无此事", **values}.items() for word in ("--set", f"{name}={value}")]
    answer = office.ok(f"objection submit --record {record}", *given, at=day)
    case: str = answer["case"]
    return case


def accepted(office: Office, record: str = "R-1", day: str = "2026-03-02") -> str:
    case = submitted(office, record, day)
    office.ok(f"objection accept {case} --all-materials", at=day)
    return case


def with_centre(office: Office, case: str, day: str = "2026-03-03") -> str:
    office.ok(f"objection transfer {case}", at=day)
    office.ok(f"objection receive {case}", who="center1", at=day)
    return case


def corrected(office: Office, record: str = "R-1") -> str:
    """An objection whose record was corrected, the applicant notified on 6 March."""
    case = with_centre(office, accepted(office, record))
    office.ok(
        f"objection report {case} --set outcome=corrected --set", 'correction={"content": "无欠税", "title": "结清"}',
        "--set", "explanation=提供部门已更正", who="center1", at="2026-03-05",
    )  # fmt: skip
    office.ok(f"objection approve {case}", who="authority1", at="2026-03-06")
    office.ok(f"objection notify {case} --set channel=电话", at="2026-03-06")
    return case


def printed(office: Office, case: str, kind: str, name: str = "", who: str = "window1", at: str = "2026-03-06") -> Path:
    file = office.folder / (name or f"{kind}.html")
    office.ok(f"paper print {case} {kind} --to {file}", who=who, at=at)
    return file


def said(file: Path) -> str:
    return "".join(seen_text(file.read_text(encoding="utf-8")))


def kinds(office: Office, case: str, at: str = "2026-03-06") -> dict[str, dict[str, Any]]:
    return {paper["kind"]: paper for paper in office.ok(f"paper list {case}", at=at)["papers"]}


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
        case, "张三：", "您于2026年3月2日提出的异议申请", "3301**********0014", "欠税（编号 R-1）", "市税务局", "查无此事",
        "至2026年4月1日（2026年3月2日起30日）", "本人身份证（原件及复印件）", "异议处理申请表", "服务窗口（盖章）2026年3月2日",
        "《杭州市公共信用信息异议处理试行办法》（杭政函〔2015〕62号附件2）第四条第（二）项", "第1次打印", answer["code"], "练习数据库",
    ):  # fmt: skip
        assert part in text, part
    assert ID not in (office.folder / "r.html").read_text(encoding="utf-8")
    assert re.fullmatch(rf"CW1:{case}:receipt:2:([0-9a-f]{{5}}-){{3}}[0-9a-f]{{5}}", answer["code"])


def test_a_legal_persons_receipt(office: Office) -> None:
    case = accepted(office, "L-1")
    text = said(printed(office, case, "receipt"))
    assert "杭州某某有限公司：你单位于" in text
    assert "授权代理书（加盖公章）" in text


def test_a_refusal_has_all_grounds_of_the_last_attempt_at_once(office: Office) -> None:
    case = submitted(office, "R-3", "2026-03-02")  # its validity ended on 28 February
    office.refused(3, f"objection accept {case}")
    error = office.refused(
        3, f"objection accept {case} --set identity_checked=false --material evidence --material id_card"
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


def test_a_refusal_without_an_attempt_says_what_the_window_said(office: Office) -> None:
    case = submitted(office)
    office.ok(f"objection reject {case} --set grounds=非本人申请")
    text = said(printed(office, case, "refusal", at="2026-03-02"))
    assert "不予受理理由非本人申请" in text
    assert "一、" not in text


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
    office.refused(6, f"paper print {case} consultation --to c.html", at="2026-03-04")
    text = said(printed(office, case, "consultation", who="center2"))
    assert "市税务局：" in text
    assert "是否本人签字" in text


def test_a_result_report_has_the_steps_and_the_correction(office: Office) -> None:
    case = corrected(office)
    text = said(printed(office, case, "report"))
    for part in (
        "异议处理结果报告", "核查结果：予以修正", "信息名称欠税结清", "信息内容欠税1元无欠税", "说明：提供部门已更正", "涉及信息欠税（编号 R-1）",
        "2026年3月3日收件市信用中心", "2026年3月5日出具报告市信用中心", "2026年3月6日核准市信用主管部门", "市信用中心（盖章）2026年3月6日",
        "领取本报告后5个工作日内", "第六条第（三）项",
    ):  # fmt: skip
        assert part in text, part
    for who, code in {"window2": 0, "center2": 0, "authority2": 0, "provider1": 6, "admin1": 6, "auditor1": 6}.items():
        assert office(f"paper print {case} report --to {who}.html", who=who, at="2026-03-06").code == code, who


@pytest.mark.parametrize(
    ("outcome", "shown"), [("removed", "该条信息已从市信用平台删除"), ("upheld", "信息无误，予以维持")]
)
def test_reports_of_other_outcomes(office: Office, outcome: str, shown: str) -> None:
    case = with_centre(office, accepted(office))
    office.ok(f"objection report {case} --set outcome={outcome}", who="center1", at="2026-03-05")
    office.ok(f"objection approve {case}", who="authority1", at="2026-03-06")
    text = said(printed(office, case, "report"))
    assert shown in text
    assert "修正前" not in text
    office.ok(f"objection notify {case} --set channel=电话", at="2026-03-06")
    assert "免费打印" not in said(printed(office, case, "collection"))
    assert "record_print" not in kinds(office, case)


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
    office.ok(f"objection withdraw {other} --all-materials", at="2026-03-11")
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
    assert office.ok("record import --update", str(file), who="center1", at="2026-03-11")["updated"] == 1
    later = printed(office, case, "record_print", "later.html", at="2026-05-11")
    assert "另有内容" in said(later)
    assert "申请人存疑" not in said(later)
    for page in (before, marked, later):
        code = read_page(page).code
        assert office.ok("paper verify", str(page), at="2026-05-12")["ok"] is True
        assert office.ok("paper verify", code, at="2026-05-12")["ok"] is True


COLUMNS = ("record_no", "subject_kind", "subject_id", "subject_name", "provider", "open_class", "title", "content", "valid_from", "valid_until")  # fmt: skip
ROW = ("R-1", "natural", ID, "张三", "市税务局", "B", "结清", "另有内容", "2024-01-01", "2027-12-31")


# Counting and logging


def test_copies_are_counted_and_every_print_is_logged(office: Office) -> None:
    case = accepted(office)
    for nth, who in enumerate(("window1", "window2", "window1"), 1):
        answer = office.ok(f"paper print {case} receipt --to {nth}.html", who=who)
        assert answer["copy"] == nth
        assert f"第{nth}次打印" in said(office.folder / f"{nth}.html")
    assert kinds(office, case, "2026-03-02")["receipt"]["copies"] == 3
    looks = office.ok("record history R-1", who="auditor1")["look_ups"]
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
    before = office._dump()
    assert office.refused(3, f"paper print {case} receipt --to there.html")["code"] == "exists"
    assert office.refused(2, f"paper print {case} receipt --to receipt.docx")["code"] == "form"
    assert office.refused(2, f"paper print {case} receipt --to none/receipt.html")["code"] == "unwritable_file"
    office.refused(6, f"paper print {case} receipt --to r.html", who="center1")
    office.refused(4, f"paper print {case} receipt --entry 1 --to r.html")
    assert office._dump() == before
    assert (office.folder / "there.html").read_text(encoding="utf-8") == "mine"
    assert [file.name for file in office.folder.iterdir() if "html" in file.name] == ["there.html"]


def test_of_two_who_print_at_once_each_gets_a_number_of_his_own(office: Office) -> None:
    """Another print comes between preparing and logging this one: it begins anew."""
    case = accepted(office)
    true_register, overtaken = work.register, []

    def late(session: Any, ready: Any, **rest: Any) -> None:
        if not overtaken:
            overtaken.append(True)
            other = work.prepare(session, case, "receipt", None)
            true_register(session, other, digest="00", form="html")
        true_register(session, ready, **rest)

    with mock.patch.object(work, "register", late):
        answer = office.ok(f"paper print {case} receipt --to r.html")
    assert answer["copy"] == 2
    assert "第2次打印" in said(office.folder / "r.html")
    assert "第1次打印" not in said(office.folder / "r.html")
    assert kinds(office, case, "2026-03-02")["receipt"]["copies"] == 2


def test_who_is_always_overtaken_is_told(office: Office) -> None:
    case = accepted(office)
    true_register = work.register

    def late(session: Any, ready: Any, **rest: Any) -> None:
        true_register(session, work.prepare(session, case, "receipt", None), digest="00", form="html")
        true_register(session, ready, **rest)

    with mock.patch.object(work, "register", late):
        office.refused(5, f"paper print {case} receipt --to r.html")
    assert not list(office.folder.glob("*.html"))


# Verifying


def test_a_code_is_verified_as_scanned_and_as_typed(office: Office) -> None:
    case = accepted(office)
    code = office.ok(f"paper print {case} receipt --to r.html")["code"]
    for typed in (code, code.lower(), code.replace(":", "："), " ".join(code), f" {code} "):
        answer = office.ok("paper verify", typed, who="center1", at="2026-03-05")
        assert answer.items() >= {"ok": True, "case": case, "kind": "receipt", "entry": 2, "same_file": None}.items()
        assert answer["prints"] == [{"copy": 1, "at": "2026-03-02T00:00", "by": "window1", "form": "html"}]
    assert "已打印 1 次" in office.text("paper verify", code, at="2026-03-05")
    looks = office.ok("record history R-1", who="auditor1", at="2026-03-05")["look_ups"]
    assert [look["kind"] for look in looks].count("paper_verify") == 6


def test_a_paper_stays_true_whatever_happens_after_it(office: Office) -> None:
    case = accepted(office)
    receipt = printed(office, case, "receipt", at="2026-03-02")
    refused = submitted(office, "R-2", "2026-03-02")
    office.ok(f"objection reject {refused} --set grounds=非本人", at="2026-03-02")
    refusal = printed(office, refused, "refusal", at="2026-03-02")
    with_centre(office, case)
    office.ok(f"objection report {case} --set outcome=corrected --set", 'correction={"content": "无", "title": "改"}', who="center1", at="2026-03-05")  # fmt: skip
    for file in (receipt, refusal):
        assert office.ok("paper verify", str(file), at="2026-06-01")["same_file"] is True


def test_every_single_changed_fact_is_named(office: Office) -> None:
    """Each fact and each detail of the print that a page carries is changed on its own."""
    case = corrected(office)
    for kind in ("receipt", "report", "record_print"):
        file = printed(office, case, kind)
        html = file.read_text(encoding="utf-8")
        script = re.search(r'<script[^>]*id="credit-workflow-facts">(.*?)</script>', html, re.DOTALL)
        assert script is not None
        carried = json.loads(script[1])
        parts = [("facts", leaf) for leaf in leaves(carried["facts"])] + [
            ("copy", leaf) for leaf in leaves(carried["copy"])
        ]
        assert len(parts) > 20
        for part, (path, old) in parts:
            new = {**carried, part: changed(carried[part], path, _other(old))}
            spoiled = office.folder / "spoiled.html"
            spoiled.write_text(html.replace(script[1], json.dumps(new, ensure_ascii=False)), encoding="utf-8")
            error = office.refused(7, "paper verify", str(spoiled), at="2026-03-06")
            expected = ".".join(path) if part == "facts" else "copy." + ".".join(path)
            assert [d["fact"] for d in error["details"]["differences"]] == [expected], path
            assert error["code"] == "paper_differs"


def _other(value: Any) -> Any:
    return (
        value + 1
        if isinstance(value, int) and not isinstance(value, bool)
        else not value
        if isinstance(value, bool)
        else f"{value or ''}伪"
    )


def test_the_difference_is_said_in_words(office: Office) -> None:
    case = accepted(office)
    file = printed(office, case, "receipt", at="2026-03-02")
    html = file.read_text(encoding="utf-8")
    spoiled = office.folder / "spoiled.html"
    spoiled.write_text(
        html.replace("查无此事", "确有此事").replace('"due":"2026-04-01"', '"due":"2026-05-01"'), encoding="utf-8"
    )
    line = office("paper verify spoiled.html", who="window1", at="2026-03-02", as_json=False).line
    assert "异议理由：纸面“确有此事”，日志“查无此事”" in line
    assert "异议办理期限·届满日：纸面“2026-05-01”，日志“2026-04-01”" in line
    line = office("paper verify spoiled.html --lang en", who="window1", at="2026-03-02", as_json=False).line
    assert "due date: “2026-05-01” on paper, “2026-04-01” in the log" in line


def test_text_that_was_changed_on_the_page_alone_is_found(office: Office) -> None:
    case = accepted(office)
    html = printed(office, case, "receipt", at="2026-03-02").read_text(encoding="utf-8")
    body, _, carried = html.partition("<script")
    for old, new in (
        ("2026年4月1日", "2026年5月1日"),
        ("张三：", "李四："),
        ("服务窗口</p>", "别的单位</p>"),
        ("第1次打印，", "第9次打印，"),
    ):
        assert old in body
        (office.folder / "s.html").write_text(body.replace(old, new) + "<script" + carried, encoding="utf-8")
        error = office.refused(7, "paper verify s.html")
        assert {d["fact"] for d in error["details"]["differences"]} == {"page"} or error["details"]["differences"][0][
            "fact"
        ] == "text"
        assert any(new.removesuffix("</p>") in d["printed"] for d in error["details"]["differences"]), new


def test_a_page_saved_anew_with_the_same_content_is_right(office: Office) -> None:
    case = accepted(office)
    html = printed(office, case, "receipt", at="2026-03-02").read_text(encoding="utf-8")
    (office.folder / "saved.html").write_text(
        html.replace("<body>", "<body >").replace("</tr>", "</tr>\n  "), encoding="utf-8"
    )
    answer = office.ok("paper verify saved.html")
    assert (answer["ok"], answer["same_file"]) == (True, False)


def test_facts_can_be_held_against_the_log_from_a_file(office: Office) -> None:
    case = accepted(office)
    page = read_page(printed(office, case, "receipt", at="2026-03-02"))
    facts = office.folder / "facts.json"
    facts.write_text(json.dumps(page.facts), encoding="utf-8")
    assert office.ok("paper verify", page.code, "--facts", str(facts))["ok"] is True
    facts.write_text(json.dumps({"facts": page.facts, "copy": {**page.copy, "nth": 4}}), encoding="utf-8")
    error = office.refused(7, "paper verify", page.code, "--facts", str(facts))
    assert [d["fact"] for d in error["details"]["differences"]] == ["copy.nth"]
    facts.write_text(
        json.dumps({**page.facts, "addressee": {**page.facts["addressee"], "name": "李四"}}), encoding="utf-8"
    )
    error = office.refused(7, "paper verify", page.code, "--facts", str(facts))
    assert [(d["fact"], d["printed"], d["log"]) for d in error["details"]["differences"]] == [
        ("addressee.name", "李四", "张三")
    ]
    deep = "[" * 600 + "]" * 600
    facts.write_text('{"kind": ' + deep + "}", encoding="utf-8")
    office.refused(7, "paper verify", page.code, "--facts", str(facts))


def test_forged_and_foreign_codes(office: Office) -> None:
    case = accepted(office)
    code = office.ok(f"paper print {case} receipt --to r.html")["code"]
    other = submitted(office, "R-2")
    assert office.refused(7, "paper verify", code[:-1] + ("0" if code[-1] != "0" else "1"))["code"] == "paper_differs"
    assert office.refused(4, "paper verify", code.replace(":2:", ":1:"))["code"] == "no_paper"
    assert office.refused(4, "paper verify", code.replace(case, other))["code"] == "no_paper"
    assert office.refused(4, "paper verify", code.replace(case, "OBJ-2025-000001"))["code"] == "no_paper"
    assert office.refused(4, "paper verify", code.replace("receipt", "report"))["code"] == "no_paper"
    assert office.refused(2, "paper verify", code[:30])["code"] == "paper_code"
    assert office.refused(4, "paper verify none.html")["code"] == "no_file"
    (office.folder / "x.html").write_text("<html>", encoding="utf-8")
    assert office.refused(2, "paper verify x.html")["code"] == "not_a_paper"


def test_a_page_without_facts_or_print_is_not_right(office: Office) -> None:
    case = accepted(office)
    file = printed(office, case, "receipt", at="2026-03-02")
    html = file.read_text(encoding="utf-8")
    code = read_page(file).code
    for carried in (
        {"code": code},
        {"code": code, "facts": None, "copy": read_page(file).copy},
        {"code": code, "facts": read_page(file).facts},
    ):
        (office.folder / "s.html").write_text(re.sub(r'(facts">).*(</script>)', lambda m, c=carried: m[1] + json.dumps(c) + m[2], html), encoding="utf-8")  # fmt: skip
        assert office.refused(7, "paper verify s.html")["code"] == "paper_differs"


def test_a_right_fingerprint_of_what_was_never_printed_is_not_right(office: Office) -> None:
    """Who has the log could work out the code; the register still has no such print."""
    case = accepted(office)
    with mock.patch.object(work, "register"):
        code = office.ok(f"paper print {case} receipt --to r.html")["code"]
    error = office.refused(7, "paper verify", code)
    assert "没有打印过" in error["message"]


def test_what_the_log_says_is_shown_to_those_who_may_see_it(office: Office) -> None:
    case = accepted(office)
    html = printed(office, case, "receipt", at="2026-03-02").read_text(encoding="utf-8")
    (office.folder / "s.html").write_text(html.replace("查无此事", "确有此事"), encoding="utf-8")
    for who, sees in {"window2": True, "auditor1": True, "admin1": False, "clerk1": False, "provider1": False}.items():
        error = office.refused(7, "paper verify s.html", who=who)
        assert ("查无此事" in json.dumps(error, ensure_ascii=False)) is sees, who
        assert error["details"]["differences"][0]["fact"] == "fields.reason.value"


def test_another_databases_paper_is_not_ours(office: Office, tmp_path_factory: pytest.TempPathFactory) -> None:
    case = accepted(office)
    code = office.ok(f"paper print {case} receipt --to r.html")["code"]
    other = Office(tmp_path_factory.mktemp("other"))
    assert other("init --training", at="2025-01-01").code == 0
    from tests.acceptance.conftest import write_office_records  # noqa: PLC0415

    other.ok("record import", str(write_office_records(other.folder / "records.csv")), who="center1", at="2025-01-02")
    assert accepted(other) == case
    printed(other, case, "receipt", at="2026-03-02")
    error = other.refused(7, "paper verify", code)
    assert [d["fact"] for d in error["details"]["differences"]] == ["fingerprint"]


# What people write, templates, PDF


def test_markup_in_a_reason_is_text_on_paper(office: Office) -> None:
    reason = "</script><script>alert(1)</script><b>粗</b>"
    case = submitted(office, reason=reason)
    office.ok(f"objection accept {case} --all-materials")
    file = printed(office, case, "receipt", at="2026-03-02")
    html = file.read_text(encoding="utf-8")
    assert html.count("<script") == 1
    assert "<b>" not in html
    assert reason in said(file)
    assert office.ok("paper verify", str(file))["ok"] is True
    (office.folder / "again.html").write_text(html + "\n", encoding="utf-8")
    assert office.ok("paper verify again.html")["ok"] is True


def test_a_sites_templates(office: Office) -> None:
    case = accepted(office)
    names = office.ok("paper templates --to own")["templates"]
    assert "receipt.html.j2" in names
    for name in names:
        if name != "receipt.html.j2":
            (office.folder / "own" / name).unlink()
    own = office.folder / "own" / "receipt.html.j2"
    own.write_text(own.read_text(encoding="utf-8").replace("请妥善保管本回执", "请保存好这张回执"), encoding="utf-8")
    office.ok(f"paper print {case} receipt --to a.html --templates own")
    assert "请保存好这张回执" in said(office.folder / "a.html")
    office.environment["CREDIT_WORKFLOW_PAPERS"] = "own"
    office.ok(f"paper print {case} receipt --to b.html")
    assert "请保存好这张回执" in said(office.folder / "b.html")
    own.write_text("一\n{{ facts.colour }}", encoding="utf-8")
    before = office._dump()
    error = office.refused(2, f"paper print {case} receipt --to c.html")
    assert (error["code"], error["details"]["line"]) == ("template", 2)
    assert "colour" in error["message"]
    office.refused(4, f"paper print {case} receipt --to c.html --templates none")
    assert office._dump() == before
    assert not (office.folder / "c.html").exists()
    office.refused(3, "paper templates --to own")


def test_without_the_extra_a_pdf_is_refused_with_the_way_out(office: Office) -> None:
    case = accepted(office)
    before = office._dump()
    with mock.patch.dict(sys.modules, {"playwright": None, "playwright.sync_api": None}):
        error = office.refused(3, f"paper print {case} receipt --to r.pdf")
    assert error["code"] == "no_pdf"
    assert "credit-workflow[pdf]" in error["message"]
    assert ".html" in error["message"]
    assert office._dump() == before
    assert not (office.folder / "r.pdf").exists()


@pytest.mark.skipif(browser_program() is None, reason="no browser on this machine")
def test_a_pdf_is_the_page(office: Office) -> None:
    pytest.importorskip("playwright", reason="the extra pdf is not installed")
    case = accepted(office)
    answer = office.ok(f"paper print {case} receipt --to r.pdf")
    assert (office.folder / "r.pdf").read_bytes().startswith(b"%PDF-")
    assert answer["copy"] == 1
    assert office.ok("paper verify", answer["code"])["prints"][0]["form"] == "pdf"


def test_a_browser_that_is_not_there_is_said(office: Office) -> None:
    pytest.importorskip("playwright", reason="the extra pdf is not installed")
    with mock.patch("credit_workflow.papers.pdf._CHANNELS", ()):
        error = Office(office.folder, {"CREDIT_WORKFLOW_BROWSER": "/none", "PATH": ""}).refused(
            3, f"paper print {accepted(office)} receipt --to r.pdf"
        )
    assert "CREDIT_WORKFLOW_BROWSER" in error["message"]


def test_the_register_says_what_was_printed(office: Office) -> None:
    case = accepted(office)
    page = read_page(printed(office, case, "receipt", at="2026-03-02"))
    (entry,) = [
        e for e in office.ok("audit show --purpose 抽查", who="auditor1")["entries"] if e["log"] == f"paper:{case}"
    ]
    assert entry["data"]["digest"] == page.digest
    assert entry["data"]["fingerprint"] in page.code.replace("-", "")
    assert msgspec.convert(entry["data"]["copy"], type=work.Copy).nth == 1
