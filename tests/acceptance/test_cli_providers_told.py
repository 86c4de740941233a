"""Providers are told what was corrected, removed, added or reassigned of theirs, and print the paper themselves."""

from __future__ import annotations

import json

import pytest

from tests.acceptance.conftest import Office
from tests.property.lives import numbers

TO_VERIFYING = "window1:accept window1:archive window1:transfer center1:receive"
WHOSE = f"--set outcome=reassigned --set subject_id={numbers()['other']} --set subject_name=李四"
NEW = {"title": "荣誉", "content": "志愿者", "open_class": "A", "valid_from": "2026-01-01", "valid_until": "2026-12-31"}
OMITTED = "--set missing=志愿者 --set provider=杭州市城市管理局"


@pytest.mark.parametrize(
    ("submit", "report", "values", "said"),
    [
        ("--record R-1", "--set outcome=corrected", {"content": "无欠税"}, "无欠税"),
        ("--record R-1", "--set outcome=removed", None, "该条信息已从市信用平台删除"),
        ("--record R-1", WHOSE, None, "李四"),
        (f"--subject {numbers()['adult']} {OMITTED}", "--set outcome=added", NEW, "遗漏的信息已补录"),
    ],
    ids=["corrected", "removed", "reassigned", "added"],
)
def test_the_provider_is_told(
    office: Office, submit: str, report: str, values: dict[str, str] | None, said: str
) -> None:
    case = office.ok(f"objection submit {submit} --set reason=有误 --all-materials")["case"]
    office.life.life(case, "2026-03-02", TO_VERIFYING)
    more = [] if values is None else ["--set", f"correction={json.dumps(values, ensure_ascii=False)}"]
    office.ok(f"objection report {case} {report}", *more, who="center1")
    assert not [one for one in office.ok("notify list", who="center1")["notices"] if one["paper"] == "change_of_record"]
    office.refused(4, f"paper list {case}", who="provider1")
    office.ok(f"objection approve {case}", who="authority1")
    (told,) = [one for one in office.ok("notify list", who="center1")["notices"] if one["paper"] == "change_of_record"]
    assert (told["to"], told["unit"]) == ("provider", "杭州市城市管理局")
    listed = office.ok(f"paper list {case}", who="provider1")["papers"]
    assert [paper["kind"] for paper in listed] == ["change_of_record"]
    page = office.folder / "told.html"
    office.ok(f"paper print {case} change_of_record --to {page}", who="provider1")
    assert said in page.read_text("utf-8")
    office.refused(4, f"case show {case}", who="provider1")  # the paper, and nothing beside it
    office.refused(4, f"paper print {case} report --to {office.folder / 'r.html'}", who="provider1")


def test_nothing_is_told_where_nothing_was_changed(office: Office) -> None:
    case = office.life.life(office.life.objection("2026-03-02"), "2026-03-02", TO_VERIFYING)
    office.life.life(case, "2026-03-02", "center1:report:outcome=upheld authority1:approve")
    assert not [one for one in office.ok("notify list", who="center1")["notices"] if one["paper"] == "change_of_record"]


def told(office: Office, at: str) -> list[tuple[str, str | None, int]]:
    notices = office.ok("notify list", who="center1", at=at)["notices"]
    return [(one["to"], one["unit"], one["entry"]) for one in notices if one["paper"] == "change_of_record"]


@pytest.mark.parametrize(
    ("first", "right"),
    [
        (
            ["--set outcome=corrected", "--set", 'correction={"content": "无欠税"}'],
            {"outcome": "upheld", "correction": None},
        ),
        (["--set outcome=upheld"], {"outcome": "corrected", "correction": {"content": "无欠税"}}),
        (["--set outcome=removed"], {"outcome": "corrected", "correction": {"content": "无欠税"}}),
    ],
    ids=["nothing was to change", "something was to change", "something else was to change"],
)
def test_the_provider_is_told_of_what_a_rectification_changes(
    office: Office, first: list[str], right: dict[str, object]
) -> None:
    case = office.life.life(office.life.objection("2026-03-02"), "2026-03-02", TO_VERIFYING)
    line, *more = first
    office.ok(f"objection report {case} {line}", *more, who="center1")
    entry = office.ok(f"case history {case}", who="center1")["events"][-1]["seq"]
    office.ok(f"objection approve {case}", who="authority1")
    before = told(office, "2026-03-02")
    assert len(before) == ("upheld" not in line)
    values = f"values={json.dumps(right, ensure_ascii=False)}"
    office.ok(
        f"objection request_rectification {case} --set entry={entry} --set fault=误填 --set", values, who="center1"
    )
    office.ok(f"objection grant_rectification {case}", who="authority1", at="2026-03-03")
    (again,) = [one for one in told(office, "2026-03-03") if one not in before]
    assert again[:2] == ("provider", "杭州市城市管理局")
    papers = office.ok(f"paper list {case}", who="provider1", at="2026-03-03")["papers"]
    assert [paper["entry"] for paper in papers if paper["may_print"]] == [again[2]]
    office.ok(
        f"paper print {case} change_of_record --to {office.folder / 'told.html'}", who="provider1", at="2026-03-03"
    )
    assert office("audit verify", who="auditor1", at="2026-03-03").code == 0


def test_what_changes_nothing_of_the_record_is_not_told_again(office: Office) -> None:
    case = office.life.life(office.life.objection("2026-03-02"), "2026-03-02", TO_VERIFYING)
    office.ok(f"objection report {case} --set outcome=removed", who="center1")
    office.life.life(case, "2026-03-02", "authority1:approve window1:notify:channel=电话")
    before = told(office, "2026-03-02")
    entry = office.ok(f"case history {case}", who="center1")["events"][-1]["seq"]
    values = f"values={json.dumps({'channel': '信函'}, ensure_ascii=False)}"
    office.ok(
        f"objection request_rectification {case} --set entry={entry} --set fault=误填 --set", values, who="window1"
    )
    office.ok(f"objection grant_rectification {case}", who="authority1")
    assert told(office, "2026-03-02") == before
