"""Who applies: identity and residence are said by somebody, agents are on record, contacts are kept (RULES §8, §12)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.conftest import AGENT, Office
from tests.property.lives import numbers
from tests.where import dump

P = numbers()
O1, M1, V1, Q1 = "OBJ-2026-000001", "MRK-2026-000001", "REV-2026-000001", "QRY-2026-000001"
SEEN = "--material id_card --material objection_form --material evidence"
TO_COLLECT = (
    "window1:transfer center1:receive center1:report:outcome=upheld authority1:approve window1:notify:channel=电话"
)


def grounds(error: dict[str, Any]) -> dict[str, str]:
    """The grounds of a refusal, with their clauses."""
    return {ground["code"]: ground["source"] for ground in error["details"]["grounds"]}


def elsewhere() -> str:
    """The code of a firm that is registered in Ningbo."""
    from stdnum.cn import uscc  # noqa: PLC0415

    return "91330200799655058" + str(uscc.calc_check_digit("91330200799655058"))


def of_a_firm(office: Office, agent: str = AGENT) -> None:
    """An objection of a firm, accepted."""
    office.ok(f"objection submit --record L-1 --set reason=已缴清 --all-materials {agent}")
    office.ok(f"objection accept {O1}")


def test_identity_and_residence_are_never_presumed(office: Office) -> None:
    office.ok(f"objection submit --record R-1 --set reason=有误 {SEEN}")
    error = office.refused(3, f"objection accept {O1}")
    assert grounds(error) == {"identity_unchecked": "附件2·四(二)", "residence_unchecked": "附件1·一，[practice]"}
    assert [g["wanted"] for g in error["details"]["grounds"]] == [["identity_checked"], ["resident"]]
    assert set(grounds(office.refused(3, f"objection accept {O1} --set identity_checked=true"))) == {
        "residence_unchecked"
    }
    case = office.ok(f"objection accept {O1} --set identity_checked=true --set resident=true")
    assert case["state"] == "accepted"


@pytest.mark.parametrize("at_once", [True, False])
def test_who_says_that_all_was_seen_says_that_it_was_checked(office: Office, at_once: bool) -> None:  # noqa: FBT001
    office.ok("objection submit --record R-1 --set reason=有误" + (" --all-materials" if at_once else ""))
    office.ok(f"objection accept {O1}" + ("" if at_once else " --all-materials"), who="window2")
    said, *_ = [
        event
        for event in office.ok(f"case history {O1}", who="center1")["events"]
        if "identity_checked" in event["data"].get("input", {})
    ]
    assert (said["actor"], said["action"]) == (("window1", "submit") if at_once else ("window2", "accept"))
    assert {said["data"]["input"][name] for name in ("identity_checked", "resident")} == {True}


def test_what_was_found_wrong_is_not_vouched_for_by_the_materials(office: Office) -> None:
    office.ok("objection submit --record R-1 --set reason=有误 --set identity_checked=false --all-materials")
    assert set(grounds(office.refused(3, f"objection accept {O1} --all-materials"))) == {"identity"}
    assert office.ok(f"objection accept {O1} --set identity_checked=true")["state"] == "accepted"


def test_the_same_holds_for_a_mark_its_revocation_and_a_query(office: Office) -> None:
    life = office.life
    life.life(
        life.objection("2026-03-02"), "2026-03-02", f"window1:accept {TO_COLLECT} window1:collect:collected_by=本人"
    )
    office.ok(
        f"marking submit --parent {O1} --set reason=仍有异议 --material id_card --material marking_form",
        at="2026-03-03",
    )
    assert set(grounds(office.refused(3, f"marking accept {M1}", at="2026-03-03"))) == {"identity_unchecked"}
    office.ok(f"marking accept {M1} --set identity_checked=true", at="2026-03-03")
    life.life(M1, "2026-03-03", "window1:transfer center1:receive center1:mark")
    office.ok(f"revocation submit --parent {M1} --material id_card --material revocation_form", at="2026-03-04")
    assert set(grounds(office.refused(3, f"revocation accept {V1}", at="2026-03-04"))) == {"identity_unchecked"}
    office.ok(f"revocation accept {V1} --set identity_checked=true", at="2026-03-04")
    office.ok(
        f"query submit --subject {P['adult']} --set purpose=贷款 --material query_form --material id_card",
        at="2026-03-04",
    )
    assert set(grounds(office.refused(3, f"query accept {Q1}", at="2026-03-04"))) == {
        "identity_unchecked",
        "residence_unchecked",
    }
    office.ok(f"query accept {Q1} --set identity_checked=true --set resident=true", at="2026-03-04")


def test_the_agent_of_a_legal_person_is_asked_for_when_it_is_accepted(office: Office) -> None:
    office.ok("objection submit --record L-1 --set reason=已缴清 --all-materials")
    error = office.refused(3, f"objection accept {O1}")
    assert grounds(error) == {"agent_complete": "附件2·四(一)"}
    assert "agent_name" in error["message"]
    late = AGENT.replace("2026-12-31", "2026-03-01")
    assert set(grounds(office.refused(3, f"objection accept {O1} {late}"))) == {
        "agent_in_force",
        "agent_in_force_today",
    }
    case = office.ok(f"objection accept {O1} {AGENT}")
    assert case["fields"]["agent_name"] == "李四"
    assert case["fields"]["agent_id"] == "3301**********1236"


def test_a_letter_that_ends_before_the_acceptance_is_replaced(office: Office) -> None:
    office.ok(
        f"objection submit --record L-1 --set reason=已缴清 --all-materials {AGENT.replace('2026-12-31', '2026-03-03')}"
    )
    assert set(grounds(office.refused(3, f"objection accept {O1}", at="2026-03-04"))) == {"agent_in_force_today"}
    assert office.ok(f"objection accept {O1} --set agent_until=2026-06-30", at="2026-03-04")["state"] == "accepted"


def test_the_receipt_names_the_agent(office: Office) -> None:
    of_a_firm(office)
    office.ok(f"paper print {O1} receipt --to receipt.html")
    paper = (office.folder / "receipt.html").read_text("utf-8")
    assert "李四" in paper
    assert P["other"] not in paper
    assert P["other"][-4:] in paper


@pytest.mark.parametrize(
    ("who", "code"),
    [("李四", 0), (P["other"], 0), ("本人", 0), ("self", 0), ("杭州某某有限公司", 0), ("王五", 3), ("张三", 3)],
)
def test_the_report_is_collected_by_the_agent_or_the_applicant(office: Office, who: str, code: int) -> None:
    of_a_firm(office)
    office.life.life(O1, "2026-03-03", TO_COLLECT)
    answer = office(f"objection collect {O1} --set collected_by={who}", who="window1", at="2026-03-04")
    assert answer.code == code, answer.err
    if code:
        assert grounds(answer.error) == {"collector": "附件2·四(一)，附件2·六(三)，[practice]"}
        assert "本人" in answer.error["message"]


def test_another_agent_collects_once_on_record(office: Office) -> None:
    of_a_firm(office)
    office.life.life(O1, "2026-03-03", TO_COLLECT)
    other = f"--set agent_name=王五 --set agent_id={P['adult']} --set agent_from=2026-03-01"
    collect = f"objection collect {O1} --set collected_by=王五 {other}"
    ended = office.refused(3, f"{collect} --set agent_until=2026-03-03", at="2026-03-04")
    assert set(grounds(ended)) == {"agent_in_force_at_collection"}
    case = office.ok(f"{collect} --set agent_until=2026-03-31", at="2026-03-04")
    assert (case["state"], case["fields"]["agent_name"]) == ("collected", "王五")


def test_a_natural_person_collects_in_person(office: Office) -> None:
    life = office.life
    life.life(life.objection("2026-03-02"), "2026-03-02", f"window1:accept {TO_COLLECT}")
    assert set(grounds(office.refused(3, f"objection collect {O1} --set collected_by=李四"))) == {"collector"}
    assert office.ok(f"objection collect {O1} --set collected_by=张三")["state"] == "collected"


def test_a_mark_and_its_revocation_have_agents_of_their_own(office: Office) -> None:
    of_a_firm(office)
    office.life.life(O1, "2026-03-03", f"{TO_COLLECT} window1:collect:collected_by=李四")
    office.ok(f"marking submit --parent {O1} --set reason=仍有异议 --all-materials", at="2026-03-04")
    assert grounds(office.refused(3, f"marking accept {M1}", at="2026-03-04")) == {"agent_complete": "附件2·六(三)"}
    office.ok(f"marking accept {M1} {AGENT}", at="2026-03-04")
    office.life.life(M1, "2026-03-04", "window1:transfer center1:receive center1:mark")
    office.ok(f"revocation submit --parent {M1} --all-materials", at="2026-03-05")
    assert grounds(office.refused(3, f"revocation accept {V1}", at="2026-03-05")) == {"agent_complete": "附件2·七(一)"}
    assert office.ok(f"revocation accept {V1} {AGENT}", at="2026-03-05")["fields"]["agent_name"] == "李四"


def test_a_firm_whose_code_is_of_another_place_is_asked(office: Office) -> None:
    office.ok(
        "objection submit --record L-1 --set reason=有误 --all-materials", "--subject", elsewhere(), *AGENT.split()
    )
    error = office.refused(3, f"objection accept {O1} --all-materials")
    assert grounds(error)["registered_elsewhere"] == "附件1·一，[practice]"
    assert "330200" in error["message"]
    assert office.ok(f"objection accept {O1} --set resident=true")["state"] == "accepted"
    agent = f"{AGENT} --set agent_matters=query --set agent_content=全部 --set agent_purpose=投标"
    office.ok(f"query submit --subject {elsewhere()} --set purpose=投标 --all-materials {agent}")
    assert grounds(office.refused(3, f"query accept {Q1} --all-materials")) == {"registered_elsewhere": "附件1·一"}
    assert set(grounds(office.refused(3, f"query accept {Q1} --set resident=false"))) == {"resident"}
    assert office.ok(f"query accept {Q1} --set resident=true")["state"] == "accepted"


def test_telephone_and_address_are_kept_and_shown_to_who_sees_the_case_whole(office: Office) -> None:
    contact = "--set telephone=13800001234 --set address=文三路1号"
    office.ok(f"objection submit --record R-1 --set reason=有误 --all-materials {contact}")
    case = office.ok(f"objection accept {O1} --set telephone=13900005678")
    assert (case["fields"]["telephone"], case["fields"]["address"]) == ("13900005678", "文三路1号")
    masked = office.ok(f"case show {O1}", who="supervisor1")
    assert not {"telephone", "address", "agent_name"} & set(masked["fields"])
    assert not any("13900005678" in line or "文三路1号" in line for line in dump(office.database))
