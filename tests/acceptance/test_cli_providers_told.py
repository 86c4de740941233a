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
