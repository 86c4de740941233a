"""Consultations: addressed to one unit each, answered by its people alone, recalled by the centre, never in its way."""

from __future__ import annotations

from typing import Any

import pytest

from credit_workflow.casework.records.importing import COLUMNS
from tests.acceptance.conftest import Office

CASE = "OBJ-2026-000001"
FIRST, SECOND = "CON-2026-000001", "CON-2026-000002"
CITY = "杭州市城市管理局"


@pytest.fixture
def verifying(office: Office) -> Office:
    """An objection that the centre verifies; its record is the tax office's, which nobody here works in."""
    row = "T-1,natural,330106199003070014,张三,市税务局,B,欠税,欠税1元,2024-01-01,2027-12-31"
    file = office.folder / "tax.csv"
    file.write_text(f"{','.join(COLUMNS)}\n{row}\n", encoding="utf-8")
    office.ok("record import", str(file), who="center1")
    office.ok("objection submit --record T-1 --set reason=有误 --all-materials")
    for who, action in (("window1", "accept"), ("window1", "archive"), ("window1", "transfer"), ("center1", "receive")):
        office.ok(f"objection {action} {CASE}", who=who)
    return office


def consult(office: Office, more: str = "", **how: Any) -> Any:
    return office.ok(f"objection consult {CASE} --set question=金额对吗 {more}", who="center1", **how)


def test_the_record_s_provider_is_asked_and_told(verifying: Office) -> None:
    shown = consult(verifying)
    assert (shown["state"], shown["children"]) == ("consulting", [FIRST])
    asked = verifying.ok(f"case show {FIRST}", who="center1")
    assert (asked["unit"], asked["parent"], asked["fields"]) == ("市税务局", CASE, {"question": "金额对吗"})
    (finding,) = asked["deadlines"]
    assert finding.items() >= {"id": "finding", "kind": "target", "due": "2026-03-09"}.items()
    notices = verifying.ok("notify list", who="center1")["notices"]
    assert [(n["case"], n["to"], n["unit"]) for n in notices if n["paper"] == "consultation"] == [
        (FIRST, "provider", "市税务局")
    ]


def test_another_unit_is_named_by_the_register_alone(verifying: Office) -> None:
    error = verifying.refused(
        4, f"objection consult {CASE} --set question=x --set provider=杭州市城市管理", who="center1"
    )
    assert (error["code"], error["details"]["nearest"][0]) == ("no_unit", CITY)
    verifying.ok(f"unit change {CITY} --name 杭州市综合行政执法局 --code ZF01", who="admin1")
    for number, name in enumerate((CITY, "ZF01"), 1):
        consult(verifying, f"--set provider={name}")
        asked = f"CON-2026-00000{number}"
        assert verifying.ok(f"case show {asked}", who="center1")["unit"] == "杭州市综合行政执法局"
        # its people are of the unit under whatever name
        verifying.ok(f"consultation respond {asked} --set finding=对", who="provider1")
    assert verifying.ok("audit verify")["ok"] is True


def test_only_people_of_the_unit_asked_answer(verifying: Office) -> None:
    consult(verifying)
    assert verifying.ok("todo", who="provider1")["cases"] == []
    # a unit that is not asked is not told of either
    for line in (f"consultation respond {FIRST}", f"objection respond {CASE}"):
        assert verifying.refused(4, f"{line} --set finding=对", who="provider1")["code"] == "no_case"
    consult(verifying, f"--set provider={CITY}")
    assert [c["case"] for c in verifying.ok("todo", who="provider1")["cases"]] == [SECOND]
    assert verifying.ok(f"objection respond {CASE} --set finding=对", who="provider1")["state"] == "consulting"
    answered = verifying.ok(f"case show {SECOND}", who="center1")
    assert (answered["state"], answered["fields"]["finding"]) == ("answered", "对")


def test_recalling_the_last_one_lets_verification_go_on(verifying: Office) -> None:
    consult(verifying)
    consult(verifying, f"--set provider={CITY}")
    verifying.refused(3, f"objection consult {CASE} --set question=x --set provider={CITY}", who="center1")
    verifying.ok(f"consultation respond {SECOND} --set finding=对", who="provider1")
    verifying.refused(2, f"consultation recall {FIRST}", who="center1")
    verifying.refused(6, f"consultation recall {FIRST} --set reason=x", who="window1")
    verifying.ok(f"consultation recall {FIRST} --set reason=久无反馈", who="center1")
    assert verifying.ok(f"case show {CASE}", who="center1")["state"] == "verifying"


def test_a_silent_unit_stands_in_the_lists_and_blocks_nothing(verifying: Office) -> None:
    consult(verifying)
    (late,) = verifying.ok("overdue --kind target", who="center1", at="2026-03-10")["overdue"]
    assert late.items() >= {"case": FIRST, "deadline": "finding", "waiting_for": "provider", "unit": "市税务局"}.items()
    shown = verifying.ok(f"objection report {CASE} --set outcome=upheld", who="center1", at="2026-03-12")
    assert shown["state"] == "reported"
    assert verifying.ok(f"case show {FIRST}", who="center1", at="2026-03-12")["state"] == "ended"
    assert verifying.ok("audit verify", at="2026-03-12")["ok"] is True


def test_a_missed_finding_stands_in_the_lists_of_those_whose_case_the_consultation_is(verifying: Office) -> None:
    """RULES §11, supervisor: the cases of the unit and those that wait for it; §12: the unit that counts has it now."""
    for line in (
        "account apply lead9 --set unit=市税务局 --set roles=supervisor --set permanent_staff=true",
        "account train lead9 --set training=信用信息安全",
        "account activate lead9",
    ):
        verifying.ok(line, who="admin1")
    consult(verifying)

    def late(who: str) -> list[str]:
        return [one["case"] for one in verifying.ok("overdue --kind target", who=who, at="2026-03-10")["overdue"]]

    assert {who: late(who) for who in ("lead9", "center1", "authority1", "supervisor1", "supervisor2")} == {
        "lead9": [FIRST], "center1": [FIRST], "authority1": [FIRST], "supervisor1": [], "supervisor2": [],
    }  # fmt: skip


def test_the_provider_is_told_what_was_changed_of_its_record(verifying: Office) -> None:
    change = '--set=correction={"content":"欠税500元"}'
    verifying.ok(f"objection report {CASE} --set outcome=corrected", change, who="center1")
    verifying.ok(f"objection approve {CASE}", who="authority1")
    notices = verifying.ok("notify list", who="center1")["notices"]
    assert [(n["to"], n["unit"]) for n in notices if n["paper"] == "change_of_record"] == [("provider", "市税务局")]


def test_a_slip_in_what_opened_a_consultation_is_put_right(verifying: Office) -> None:
    consult(verifying)
    void = f"objection request_rectification {CASE} --set entry=6 --set fault=未发函 --set void=true"
    verifying.refused(3, void, who="center1")  # what was opened is recalled instead
    day = f"objection request_rectification {CASE} --set entry=6 --set fault=日期写错 --set on=2026-03-02"
    verifying.ok(day, who="center1", at="2026-03-04")
    verifying.ok(f"objection grant_rectification {CASE}", who="authority1", at="2026-03-04")
    assert verifying.ok(f"case show {FIRST}", who="center1", at="2026-03-04")["state"] == "asked"
    assert verifying.ok("audit verify", at="2026-03-04")["ok"] is True


def test_the_unit_asked_works_by_its_consultation_not_by_the_applicant_s_words(office: Office) -> None:
    """RULES.md §11: of cases a provider sees its consultations; persons, reasons, other units' questions are not its."""
    office.ok("objection submit --record R-1 --set reason=邻居冒用 --set telephone=13900001111 --all-materials")
    for who, action in (("window1", "accept"), ("window1", "transfer"), ("center1", "receive")):
        office.ok(f"objection {action} {CASE}", who=who)
    consult(office, f"--set provider={CITY}")
    office.ok("unit add 市税务局 --kind provider", who="admin1")
    office.ok(f"objection consult {CASE} --set question=税款对吗 --set provider=市税务局", who="center1")
    for line in (f"case show {CASE}", f"case history {CASE}", "case list", "todo", "digest"):
        said = str(office.ok(line, who="provider1"))
        assert not any(words in said for words in ("邻居冒用", "13900001111", "税款对吗")), line
    assert office.ok(f"case show {FIRST}", who="provider1")["fields"] == {"question": "金额对吗"}
    answer = office.ok(f"objection respond {CASE} --set finding=对", who="provider1")
    assert not {"reason", "telephone", "question"} & answer["fields"].keys()
