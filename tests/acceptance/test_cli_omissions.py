"""An objection that something is missing names its provider and what it is, and adds the record (附件2·五(二))."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.acceptance.conftest import Office
from tests.property.lives import numbers

ADULT = numbers()["adult"]
SUBMIT = f"objection submit --subject {ADULT} --set provider=杭州市城市管理局 --set missing=2025年度志愿者 --set reason=未列入 --all-materials"
TO_VERIFYING = "window1:accept window1:archive window1:transfer center1:receive"
ANSWERED = "authority1:approve window1:notify:channel=电话 window1:collect:collected_by=本人"
NEW = {"title": "荣誉", "content": "志愿者", "open_class": "A", "valid_from": "2026-01-01", "valid_until": "2026-12-31"}
ADDED = "BL-OBJ-2026-000001"


def as_values(values: dict[str, str]) -> str:
    return f"correction={json.dumps(values, ensure_ascii=False)}"


@pytest.fixture
def case(office: Office) -> str:
    """An omission that is being verified."""
    return office.life.life(office.ok(SUBMIT)["case"], "2026-03-02", TO_VERIFYING)


def report(office: Office, case: str, code: int = 0, **values: str) -> dict[str, Any]:
    line = f"objection report {case} --set outcome=added --set"
    given = as_values({**NEW, **values})
    answer: dict[str, Any] = (
        office.ok(line, given, who="center1") if code == 0 else office.refused(code, line, given, who="center1")
    )
    return answer


def test_well_formed_is_a_record_or_both(office: Office) -> None:
    submitted = office.ok(SUBMIT)
    assert (submitted["state"], submitted["record"]) == ("submitted", None)
    assert submitted["fields"]["missing"] == "2025年度志愿者"
    assert submitted["fields"]["provider"] == "杭州市城市管理局"
    bare = "objection submit --set reason=未列入"
    neither = office.refused(2, bare)
    assert neither["details"]["missing"] == ["--record"]
    assert "missing" in neither["message"]
    half = office.refused(2, f"{bare} --subject {ADULT} --set missing=荣誉")
    assert half["details"]["missing"] == ["provider"]
    nobody = office.refused(2, f"{bare} --set missing=荣誉 --set provider=杭州市城市管理局")
    assert nobody["details"]["missing"] == ["--subject"]
    both = office.refused(2, f"{bare} --record R-1 --set missing=荣誉")
    assert both["code"] == "value_does_not_apply"


def test_no_record_is_no_mark_and_no_duty_to_mark(office: Office, case: str) -> None:
    shown = office.ok(f"case show {case}")
    assert "same_day_mark" not in {deadline["id"] for deadline in shown["deadlines"]}
    assert all(record["usable"] for record in office.ok("record list", who="center1")["records"])


def test_what_is_added_is_the_applicants_of_the_provider_with_its_trace(office: Office, case: str) -> None:
    answer = report(office, case)
    assert (answer["state"], answer["record"]) == ("reported", ADDED)
    shown = office.ok(f"record show {ADDED} --full --purpose 核对", who="center1")
    assert (shown["subject_id"], shown["subject_name"], shown["provider"]) == (ADULT, "张三", "杭州市城市管理局")
    assert shown["content"] == "志愿者"
    dossier = office.ok(f"record history {ADDED}", who="center1")["values"]
    assert [line["data"]["case"] for line in dossier] == [case]
    assert office("audit verify", who="auditor1").code == 0


def test_what_a_new_record_needs(office: Office, case: str) -> None:
    line = f"objection report {case} --set outcome=added"
    assert office.refused(2, line, who="center1")["details"]["missing"] == ["correction"]
    some = {name: NEW[name] for name in ("title", "content")}
    missing = office.refused(2, f"{line} --set", as_values(some), who="center1")
    assert missing["details"]["missing"] == ["open_class", "valid_from", "valid_until"]
    assert report(office, case, 2, provider="市公安局")["code"] == "value_does_not_apply"
    assert report(office, case, 2, valid_until="2025-01-01")["code"] == "ill_typed_value"
    removed = office.refused(3, f"objection report {case} --set outcome=removed", who="center1")
    assert removed["code"] == "outcome_fits"


def test_another_outcome_takes_it_away_and_another_puts_it_back(office: Office, case: str) -> None:
    report(office, case)
    office.ok(f"objection return {case} --set reason=依据不足", who="authority1")
    office.ok(f"objection report {case} --set outcome=upheld", who="center1")
    assert office.ok(f"record show {ADDED}", who="center1")["usable"] is False
    office.ok(f"objection return {case} --set reason=有新依据", who="authority1")
    report(office, case, content="五星志愿者")
    shown = office.ok(f"record show {ADDED}", who="center1")
    assert (shown["usable"], shown["content"]) == (True, "五星志愿者")
    assert office("audit verify", who="auditor1").code == 0


def test_papers_say_what_is_missing_and_of_which_provider(office: Office, case: str) -> None:
    report(office, case)
    office.life.life(case, "2026-03-02", ANSWERED)
    for kind, who in (("receipt", "window1"), ("report", "window1"), ("change_of_record", "center1")):
        page = office.folder / f"{kind}.html"
        office.ok(f"paper print {case} {kind} --to {page}", who=who)
        text = page.read_text("utf-8")
        assert "杭州市城市管理局" in text, kind
        assert ("2025年度志愿者" if kind != "change_of_record" else "志愿者") in text, kind
        assert office.ok(f"paper verify {page}", who="center1")["ok"] is True
    text = (office.folder / "report.html").read_text("utf-8")
    assert "遗漏的信息已补录" in text
    assert ADDED in text
    page = office.folder / "print.html"
    office.ok(f"paper print {case} record_print --to {page}")
    assert "志愿者" in page.read_text("utf-8")


def test_a_refusal_says_it_too(office: Office) -> None:
    case = office.ok(SUBMIT.replace(" --all-materials", ""))["case"]
    office.refused(3, f"objection accept {case}")
    office.ok(f"objection reject {case} --set grounds=缺少证据")
    page = office.folder / "refusal.html"
    office.ok(f"paper print {case} refusal --to {page}")
    assert "2025年度志愿者" in page.read_text("utf-8")


def test_what_was_added_is_objected_to_as_any_record(office: Office, case: str) -> None:
    report(office, case)
    office.life.life(case, "2026-03-02", ANSWERED)
    again = office.ok(f"objection submit --record {ADDED} --set reason=级别有误 --all-materials")["case"]
    assert office.ok(f"objection accept {again}")["state"] == "accepted"
    marking = office.ok(f"marking submit --parent {case} --set reason=级别有误 --all-materials")
    assert marking["record"] == ADDED
    assert office.ok(f"marking accept {marking['case']}")["state"] == "accepted"


def test_the_same_of_the_same_provider_is_a_repeat(office: Office, case: str) -> None:
    office.ok(f"objection report {case} --set outcome=upheld", who="center1")
    office.life.life(case, "2026-03-02", ANSWERED)
    again = office.ok(SUBMIT.replace("2025年度志愿者", "2025年度志愿者。"))["case"]
    refused = office.refused(3, f"objection accept {again}")
    assert refused["code"] == "no_repeat"
    assert case in refused["message"]
    marking = office.ok(f"marking submit --parent {case} --set reason=仍有异议 --all-materials")["case"]
    assert office.refused(3, f"marking accept {marking}")["code"] == "record_there"


@pytest.mark.parametrize(
    "right", [{"outcome": "upheld", "correction": None}, {"correction": {**NEW, "content": "五星"}}]
)
def test_a_slip_in_the_report_is_put_right(office: Office, case: str, right: dict[str, Any]) -> None:
    report(office, case)
    entry = office.ok(f"case history {case}", who="center1")["events"][-1]["seq"]
    values = f"values={json.dumps(right, ensure_ascii=False)}"
    office.ok(
        f"objection request_rectification {case} --set entry={entry} --set fault=误填 --set", values, who="center1"
    )
    office.ok(f"objection grant_rectification {case}", who="authority1")
    shown = office.ok(f"record show {ADDED}", who="center1")
    assert shown["usable"] is ("outcome" not in right)
    if "outcome" not in right:
        assert shown["content"] == "五星"
    assert office("audit verify", who="auditor1").code == 0
    office.ok(f"objection return {case} --set reason=重新核查", who="authority1")
    report(office, case, content="金奖")
    assert office.ok(f"record show {ADDED}", who="center1")["content"] == "金奖"
    assert office("audit verify", who="auditor1").code == 0


def test_a_report_that_should_have_added_it_is_put_right(office: Office, case: str) -> None:
    office.ok(f"objection report {case} --set outcome=upheld", who="center1")
    entry = office.ok(f"case history {case}", who="center1")["events"][-1]["seq"]
    values = f"values={json.dumps({'outcome': 'added', 'correction': NEW}, ensure_ascii=False)}"
    office.ok(
        f"objection request_rectification {case} --set entry={entry} --set fault=误填 --set", values, who="center1"
    )
    office.ok(f"objection grant_rectification {case}", who="authority1")
    assert office.ok(f"record show {ADDED}", who="center1")["content"] == "志愿者"
    assert office("audit verify", who="auditor1").code == 0


@pytest.mark.parametrize("missing", ["2025年度志愿者", "献血证书"])
def test_what_one_omission_added_stays_when_a_slip_in_another_is_put_right(office: Office, missing: str) -> None:
    other = office.ok(SUBMIT.replace("2025年度志愿者", missing))["case"]
    case = office.life.life(office.ok(SUBMIT)["case"], "2026-03-02", TO_VERIFYING)
    report(office, case)
    added = f"BL-{case}"
    office.ok(f"objection request_rectification {other} --set entry=1 --set fault=日期 --set on=2026-03-01")
    office.ok(f"objection grant_rectification {other}", who="authority1")
    shown = office.ok(f"record show {added}", who="center1")
    assert (shown["content"], shown["usable"]) == ("志愿者", True)
    assert office("audit verify", who="auditor1").code == 0
