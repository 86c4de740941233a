"""Class C never goes to a citizen: papers name such a record and say that it is for use inside government (附件1·三)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.conftest import Office
from tests.acceptance.paperwork import corrected, page_of, printed, said, with_centre
from tests.acceptance.test_cli_sight import more_records

AT = "2026-03-06"
SECRET = ("标题C-1", "内容C-1", "另有内容")


def reported(office: Office, correction: str, *more: str) -> str:
    """An objection to a record of class C, notified on 6 March."""
    case = str(office.ok("objection submit --record C-1 --set reason=不实", at="2026-03-02")["case"])
    office.ok(f"objection accept {case} --all-materials", at="2026-03-02")
    with_centre(office, case)
    office.ok(
        f"objection report {case} --set outcome=corrected --set",
        f"correction={correction}",
        *more,
        who="center1",
        at=AT,
    )
    office.ok(f"objection approve {case}", who="authority1", at=AT)
    office.ok(f"objection notify {case} --set channel=电话", at=AT)
    return case


def kept_out(file: Path) -> None:
    """Hold a paper to naming the record, and to telling nothing of what it says."""
    whole, seen = file.read_text(encoding="utf-8"), said(file)
    assert "C-1" in seen
    assert "供政府内部应用" in seen
    assert [word for word in SECRET if word in whole] == []


@pytest.mark.parametrize("correction", ['{"content": "另有内容"}', '{"content": "另有内容", "open_class": "B"}'])
def test_papers_about_a_record_of_class_c_name_it_and_say_no_more(office: Office, correction: str) -> None:
    more_records(office)
    case = reported(office, correction)
    for kind in ("receipt", "report", "collection"):
        file = printed(office, case, kind, at=AT)
        if kind == "report":
            kept_out(file)
            assert page_of(file).facts["changes"] == []
            assert "第三条" in said(file)
        assert office.ok("paper verify", str(file), at=AT)["same_file"] is True
    looks = office.ok("lookup log --record C-1", who="auditor1", at=AT)["look_ups"]
    assert {(look["action"], tuple(look["shown"]), tuple(look["withheld"])) for look in looks} == {
        ("paper", (), ("C-1",)), ("paper_verify", (), ("C-1",)),
    }  # fmt: skip


def test_each_paper_of_an_open_case_keeps_class_c_in(office: Office) -> None:
    more_records(office)
    case = str(office.ok("objection submit --record C-1 --set reason=不实")["case"])
    office.ok(f"objection accept {case} --all-materials")
    kept_out(printed(office, case, "receipt", at="2026-03-02"))
    other = str(office.ok("objection submit --record C-1 --set reason=又")["case"])
    office.ok(f"objection reject {other} --set ground=materials --set grounds=材料不全")
    kept_out(printed(office, other, "refusal", at="2026-03-02"))


def test_the_provider_is_told_what_was_corrected_of_its_own(office: Office) -> None:
    more_records(office)
    case = reported(office, '{"content": "另有内容"}')
    file = printed(office, case, "change_of_record", who="center1", at=AT)
    assert "另有内容" in said(file)


def test_the_free_print_of_older_cases_keeps_class_c_in_too(office: Office) -> None:
    more_records(office)
    case = reported(office, '{"content": "另有内容"}')
    file = printed(office, case, "record_print", at=AT)
    whole = file.read_text(encoding="utf-8")
    assert [word for word in SECRET if word in whole] == []
    assert "内容A-1" in whole


def test_a_paper_shows_no_more_of_a_person_than_the_case_does(office: Office) -> None:
    case = corrected(office)
    late = str(office.ok("objection submit --record R-4 --set reason=绝非本人", at=AT)["case"])
    office.ok("sweep", at="2026-04-20")
    named = said(printed(office, case, "report", "named.html", who="authority1", at="2026-04-20"))
    assert "张三" in named
    for number, kind, who in ((case, "report", "authority2"), (late, "overdue", "supervisor1")):
        file = printed(office, number, kind, who=who, at="2026-04-20")
        whole = file.read_text(encoding="utf-8")
        assert [word for word in ("张三", "李四", "欠税", "荣誉", "绝非本人", "查无此事") if word in whole] == [], who
        assert office.ok("paper verify", str(file), at="2026-04-20")["same_file"] is True


def test_a_case_tells_the_window_nothing_of_what_a_record_of_class_c_says(office: Office) -> None:
    more_records(office)
    case = reported(office, '{"content": "另有内容"}')
    for line in (f"case show {case}", f"case history {case}", "case list"):
        told = str(office.ok(line, at=AT)) + office.text(line, at=AT)
        assert [word for word in SECRET if word in told] == [], line
    assert "另有内容" in str(office.ok(f"case history {case}", who="center1", at=AT))
    assert office.ok(f"case show {case}", who="center1", at=AT)["fields"]["correction"] == {"content": "另有内容"}
