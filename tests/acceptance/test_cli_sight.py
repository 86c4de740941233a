"""What each account sees of records and cases, on every way out (RULES.md §11: 附件1·三, 六; 附件2·二, 五(二), 八(一))."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from credit_workflow.casework.records.importing import COLUMNS
from tests.acceptance.conftest import Office
from tests.acceptance.test_cli_query import P

OTHER = P["other"]
HIDDEN = {"content": None, "title": None, "subject_name": None}


def more_records(office: Office) -> None:
    """Import a record of each class about one person, two of them of another department."""
    file = Path(office.folder / "classes.csv")
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        for no, of, provider in (("A-1", "A", "市税务局"), ("B-1", "B", "市税务局"), ("C-1", "C", "杭州市城市管理局")):
            row = [no, "natural", OTHER, "李四", provider, of, f"标题{no}", f"内容{no}", "2024-01-01", "2027-12-31"]
            writer.writerow(row)
    office.ok("record import", str(file), who="center1")


def shown(office: Office, who: str, *more: str) -> set[str]:
    """Return the records of which somebody sees what they say; of the others nothing of it is there."""
    records = office.ok(f"record list --subject {OTHER}", *more, who=who)["records"]
    for record in records:
        if record["title"] is None:
            assert HIDDEN.items() <= record.items(), (who, record)
    return {record["record_no"] for record in records if record["title"] is not None} & {"A-1", "B-1", "C-1"}


def test_records_by_role_class_and_what_is_at_hand(office: Office) -> None:
    more_records(office)
    assert shown(office, "window1") == set()
    assert shown(office, "center1") == {"A-1", "B-1", "C-1"}
    assert shown(office, "provider1") == {"C-1"}
    assert shown(office, "user1") == shown(office, "authority1") == set()
    for who in ("supervisor1", "supervisor2", "auditor1", "clerk1", "admin1", "site1"):
        for line in ("record list", "record show A-1", "record history A-1"):
            assert office.refused(6, line, who=who)["code"] == "role"
    case = office.ok("objection submit --record A-1 --set reason=不实")["case"]
    assert shown(office, "window1") == {"A-1", "B-1"}, "the person has a case at hand; class C is for government"
    assert shown(office, "authority1") == {"A-1"}
    assert office.ok("record show C-1")["content"] is None
    office.refused(6, "record show C-1 --full --purpose x")
    office.ok(f"objection withdraw {case} --material withdrawal_request")
    assert shown(office, "window1") == set()


def test_a_look_at_the_counter_is_one_of_its_own(office: Office) -> None:
    more_records(office)
    assert shown(office, "window1", "--purpose", "counter") == {"A-1", "B-1"}
    assert shown(office, "user1", "--purpose", "counter") == set()
    look, _ = office.ok(f"query log --subject {OTHER}", who="auditor1")["look_ups"]
    assert (look["account"], look["purpose"]) == ("window1", "counter")
    assert {"A-1", "B-1"} <= set(look["shown"])
    assert "C-1" in look["withheld"]


def test_a_case_that_one_may_not_know_is_not_found(office: Office) -> None:
    case = office.ok("objection submit --record R-1 --set reason=绝非本人 --all-materials")["case"]
    nobody = office.refused(4, "case show OBJ-2026-000077", who="provider1")["message"]
    ways = [f"case {way} {case}" for way in ("show", "history", "explain")] + [f"paper list {case}"]
    for who in ("provider1", "admin1", "clerk1", "user1", "site1"):
        for line in ways:
            assert office.refused(4, line, who=who)["code"] == "no_case"
        assert office.refused(4, ways[0], who=who)["message"] == nobody.replace("OBJ-2026-000077", case)
        assert office.ok("case list", who=who)["cases"] == []
    for who in ("window2", "center1"):
        seen = office.ok(f"case show {case}", who=who)
        assert (seen["subject_name"], seen["fields"]["reason"]) == ("张三", "绝非本人")


@pytest.mark.parametrize("who", ["supervisor1", "authority1", "auditor1"])
def test_names_and_reasons_are_left_out_where_nothing_is_decided(office: Office, who: str) -> None:
    case = office.ok("objection submit --record R-1 --set reason=绝非本人 --all-materials --note 电话来过")["case"]
    for line in (f"case show {case}", "case list", f"case history {case}", "overdue", "todo"):
        for text in (office.text(line, who=who), str(office.ok(line, who=who))):
            assert not [word for word in ("张三", "绝非本人", "电话来过") if word in text], (who, line)
    assert office.ok(f"case show {case}", who=who)["subject_name"] is None


def test_a_certificates_number_is_its_holders_the_authoritys_and_the_auditors(office: Office) -> None:
    office.ok(
        "permission apply --set holder_name=王五 --set organisation=某局 --set certificate=CA-77 --set purposes=招标"
        " --set valid_until=2026-06-30",
        who="provider1",
    )
    number = "PER-2026-000001"
    for who, sees in {"provider1": True, "authority1": True, "auditor1": True, "center1": False}.items():
        for line in (f"case show {number}", f"case history {number}", "case list"):
            assert ("CA-77" in str(office.ok(line, who=who))) is sees, (who, line)
    for who in ("window1", "user1", "clerk1"):
        office.refused(4, f"case show {number}", who=who)


def test_a_lead_sees_permissions_and_borrowings_of_the_unit_without_persons_and_texts(office: Office) -> None:
    """RULES §11, supervisor: those of the unit, and those that wait for it; persons masked, reasons left out."""
    office.ok(
        "permission apply --set kind=site --set holder=site1 --set holder_name=王五 --set organisation=某某网"
        " --set purposes=招标 --set valid_until=2026-06-30",
        who="center1",
    )
    case = office.ok("objection submit --record R-1 --set reason=绝非本人 --all-materials")["case"]
    office.ok(f"objection accept {case}")
    office.ok(f"objection archive {case}")
    lent = office.ok(f"borrowing ask --set folders={case} --set kind=look --set purpose=李六来查")["case"]
    for number, lead, texts in (
        ("PER-2026-000001", "supervisor2", ("王五", "某某网")),
        (lent, "supervisor1", ("李六来查",)),
    ):
        for line in (f"case show {number}", f"case history {number}", "case list"):
            told = str(office.ok(line, who=lead)) + office.text(line, who=lead)
            assert number in told, line
            assert not [text for text in texts if text in told], line
        assert all(text in str(office.ok(f"case show {number}", who="authority1")) for text in texts)


def test_a_check_tells_whoever_may_not_act_that_alone(office: Office) -> None:
    """The other grounds tell of records and cases: what stands in the way of an answer is for who gives it."""
    office.ok("query submit --set purpose=贷款 --subject", OTHER, "--all-materials")
    case = office.ok("case list --workflow query")["cases"][0]["case"]
    office.ok(f"query accept {case} --all-materials")
    first = office.ok("objection submit --record R-1 --set reason=不实")["case"]
    for line in (f"query answer {case} --check", f"objection accept {first} --check"):
        for who in ("center1", "supervisor1", "auditor1"):
            answer = office.ok(line, who=who)
            assert not answer["allowed"]
            assert [ground["code"] for ground in answer["grounds"]] == ["role"], (line, who)
