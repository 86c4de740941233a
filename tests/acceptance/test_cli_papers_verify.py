"""Papers verified and forged in every way by the real command; a site's templates, and PDF."""

from __future__ import annotations

import json
import re
import sys
from typing import Any
from unittest import mock

import msgspec
import pytest

from credit_workflow.casework.acting import Acting
from credit_workflow.casework.journal.drafting import by_actor
from credit_workflow.casework.papers import printing as work
from credit_workflow.casework.ports import Writing
from credit_workflow.papers.pdf import browser_program
from tests import where
from tests.acceptance.conftest import Office
from tests.acceptance.paperwork import accepted, corrected, page_of, printed, said, submitted, with_centre
from tests.unit.test_papers import changed, leaves

# Verifying


def test_a_code_is_verified_as_scanned_and_as_typed(office: Office) -> None:
    case = accepted(office)
    code = office.ok(f"paper print {case} receipt --to r.html")["code"]
    for typed in (code, code.lower(), code.replace(":", "："), " ".join(code), f" {code} "):
        answer = office.ok("paper verify", typed, who="center1", at="2026-03-05")
        assert answer.items() >= {"ok": True, "case": case, "kind": "receipt", "entry": 2, "same_file": None}.items()
        assert answer["prints"] == [{"copy": 1, "at": "2026-03-02T00:00", "by": "window1", "form": "html"}]
    assert "已打印 1 次" in office.text("paper verify", code, at="2026-03-05")
    looks = office.ok("record history R-1", who="center2", at="2026-03-05")["look_ups"]
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


@pytest.mark.slow
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
    page = page_of(printed(office, case, "receipt", at="2026-03-02"))
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
    code = page_of(file).code
    for carried in (
        {"code": code},
        {"code": code, "facts": None, "copy": page_of(file).copy},
        {"code": code, "facts": page_of(file).facts},
    ):
        (office.folder / "s.html").write_text(re.sub(r'(facts">).*(</script>)', lambda m, c=carried: m[1] + json.dumps(c) + m[2], html), encoding="utf-8")  # fmt: skip
        assert office.refused(7, "paper verify s.html")["code"] == "paper_differs"


def test_a_right_fingerprint_of_what_was_never_printed_is_not_right(office: Office) -> None:
    """Who has the log could work out the code; the register still has no such print."""
    case = accepted(office)

    def looked_only(db: Writing, acting: Acting, ready: work.Ready, **_: str) -> None:
        db.journal.add(by_actor(acting, work.look_at(ready.paper, "看"), as_kind="paper"))

    with mock.patch.object(work, "register", looked_only):
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
    before = where.dump(office.database)
    error = office.refused(2, f"paper print {case} receipt --to c.html")
    assert (error["code"], error["details"]["line"]) == ("template", 2)
    assert "colour" in error["message"]
    office.refused(4, f"paper print {case} receipt --to c.html --templates none")
    assert where.dump(office.database) == before
    assert not (office.folder / "c.html").exists()
    office.refused(3, "paper templates --to own")


def test_without_the_extra_a_pdf_is_refused_with_the_way_out(office: Office) -> None:
    case = accepted(office)
    before = where.dump(office.database)
    with mock.patch.dict(sys.modules, {"playwright": None, "playwright.sync_api": None}):
        error = office.refused(3, f"paper print {case} receipt --to r.pdf")
    assert error["code"] == "no_pdf"
    assert "credit-workflow[pdf]" in error["message"]
    assert ".html" in error["message"]
    assert where.dump(office.database) == before
    assert not (office.folder / "r.pdf").exists()


@pytest.mark.slow
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
    page = page_of(printed(office, case, "receipt", at="2026-03-02"))
    (entry,) = [
        e for e in office.ok("audit show --purpose 抽查", who="auditor1")["entries"] if e["log"] == f"paper:{case}"
    ]
    assert entry["data"]["digest"] == page.digest
    assert entry["data"]["fingerprint"] in page.code.replace("-", "")
    assert msgspec.convert(entry["data"]["copy"], type=work.Copy).nth == 1
