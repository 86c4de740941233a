"""The query, its answers and its log, by the real command (附件1)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.conftest import CHECKED, Office
from tests.property.lives import numbers

P = numbers()
Q1 = "QRY-2026-000001"
OWN = f"query submit --subject {P['adult']} --set purpose=贷款 --all-materials"
OTHERS = f"query submit --subject {P['adult']} --set queried={P['other']} --set purpose=租房 --set content=荣誉"
LETTER = {
    "id": P["adult"], "name": "张三", "matters": "query", "from": "2026-01-01", "until": "2026-12-31",
    "content": "荣誉,奖励", "purpose": "租房,贷款",
}  # fmt: skip


def letter(prefix: str = "authorised", **changed: str | None) -> list[str]:
    given = {**LETTER, **changed}
    return [
        word for name, value in given.items() if value is not None for word in ("--set", f"{prefix}_{name}={value}")
    ]


def grounds(error: dict[str, Any]) -> set[str]:
    return {ground.get("material") or ground["code"] for ground in error["details"]["grounds"]}


def reply(case: dict[str, Any]) -> tuple[str, str, str | None]:
    (deadline,) = [d for d in case["deadlines"] if d["id"] == "reply"]
    return deadline["status"], deadline["due"], deadline["met"]


def test_ones_own_data_are_answered_on_the_spot(office: Office) -> None:
    case = office.ok(OWN)
    assert (case["case"], case["state"], case["record"], case["subject_id"]) == (
        Q1,
        "submitted",
        None,
        "3301**********0014",
    )
    assert case["fields"]["queried"] == "3301**********0014"
    assert reply(case) == ("running", "2026-03-23", None)
    assert office.ok(f"query accept {Q1}")["state"] == "accepted"
    case = office.ok(f"query answer {Q1}")
    assert (case["state"], case["final"], reply(case)) == ("answered", True, ("met", "2026-03-23", "2026-03-02"))
    assert [(r["record_no"], r["shown"], r["content"]) for r in case["answer"]] == [
        ("R-1", True, "欠税1元"),
        ("R-2", True, "欠税2元"),
    ]  # fmt: skip - R-3 was valid until 28 February
    assert {r["subject_id"] for r in case["answer"]} == {"3301**********0014"}
    printed = office.ok(f"query print {Q1} --set collected_by=本人", at="2026-03-03")
    assert printed["answer"] == case["answer"]
    assert office.ok("audit verify", who="")["ok"] is True


def test_an_answer_is_looked_at_again_when_it_is_handed_over(office: Office) -> None:
    office.ok(OWN)
    office.ok(f"query accept {Q1}")
    before = office.ok(f"query answer {Q1}")["answer"]
    case = office.life.life(
        office.life.objection("2026-03-02"), "2026-03-02", "window1:accept window1:transfer center1:receive"
    )
    office.ok(f"objection report {case} --set outcome=corrected --set", 'correction={"content":"无"}', who="center1")
    first, *others = office.ok(f"query print {Q1} --set collected_by=本人")["answer"]
    assert (first["revision"], first["withheld"], first["content"]) == (1, "suspended", None)
    assert others == before[1:]


def test_a_record_in_processing_is_withheld_and_a_disputed_one_shown_with_its_reason(office: Office) -> None:
    office.life.marked("R-1")
    office.life.life(
        office.life.objection("2026-03-09", "R-2"), "2026-03-09", "window1:accept window1:transfer center1:receive"
    )
    office.ok(OWN, at="2026-03-09")
    office.ok(f"query accept {Q1}", at="2026-03-09")
    first, second = office.ok(f"query answer {Q1}", at="2026-03-09")["answer"]
    assert (first["shown"], first["content"]) == (True, "欠税1元")
    assert [(m["kind"], m["reason"], m["last_day"]) for m in first["marks"]] == [("disputed", "仍有异议", "2026-04-08")]
    assert (second["shown"], second["content"], second["title"]) == (False, None, None)
    assert [m["kind"] for m in second["marks"]] == ["processing"]
    shown = office.text(f"query print {Q1} --set collected_by=本人", at="2026-03-09")
    assert "欠税2元" not in shown
    assert "仍有异议" in shown
    office.ok(OWN, at="2026-04-09")  # the mark is past its last day, swept or not
    office.ok("query accept QRY-2026-000002", at="2026-04-09")
    assert office.ok("query answer QRY-2026-000002", at="2026-04-09")["answer"][0]["marks"] == []


def test_anothers_data_need_an_authorisation_and_all_that_is_missing_is_named_at_once(office: Office) -> None:
    case = office.ok(OTHERS, "--set", "identity_checked=false", "--set", "resident=false", "--set", "by_post=true")
    assert case["state"] == "submitted"
    assert grounds(office.refused(3, f"query accept {Q1}")) == {
        "identity", "resident", "in_person", "authorised_complete", "query_form", "id_card",
        "notarised_authorisation", "queried_id_copy",
    }  # fmt: skip
    assert office.ok(f"query reject {Q1} --set grounds=材料不全")["state"] == "rejected"


@pytest.mark.parametrize(
    ("changed", "ground"),
    [
        ({"purpose": None}, "authorised_complete"),
        ({"id": P["youth"]}, "authorised_object"),
        ({"from": "2026-03-03"}, "authorised_in_force"),
        ({"until": "2026-03-01"}, "authorised_in_force"),
    ],
)
def test_an_authorisation_that_falls_short_is_not_accepted(
    office: Office, changed: dict[str, Any], ground: str
) -> None:
    office.ok(OTHERS, *letter(**changed), "--all-materials")
    assert grounds(office.refused(3, f"query accept {Q1}")) == {ground}


@pytest.mark.parametrize(
    ("line", "changed", "ground"),
    [
        ("", {"matters": "paper"}, "authorised_matters"),
        ("", {"content": "奖励"}, "authorised_content"),
        ("", {"purpose": "贷款"}, "authorised_purpose"),
        ("", {"until": "2026-03-02"}, "authorised_in_force_today"),
        ("--set classes=B,C", {}, "class_of_channel"),
    ],
)
def test_what_is_outside_the_authorisation_is_told(
    office: Office, line: str, changed: dict[str, Any], ground: str
) -> None:
    office.ok(f"{OTHERS} {line}", *letter(**changed), "--all-materials")
    office.ok(f"query accept {Q1}")
    at = "2026-03-03"
    error = office.refused(3, f"query answer {Q1}", at=at)
    assert (grounds(error), bool(error["source"])) == ({ground}, True)
    case = office.ok(f"query refuse {Q1} --set ground=outside --set reason=不在授权范围内", at=at)
    assert (case["state"], reply(case)[::2]) == ("refused", ("met", at))


def test_everything_outside_the_authorisation_is_named_at_once(office: Office) -> None:
    office.ok(OTHERS, *letter(matters="paper", content="奖励", purpose="贷款", until="2026-03-02"), "--all-materials")
    office.ok(f"query accept {Q1}")
    error = office.refused(3, f"query answer {Q1}", at="2026-03-03")
    assert grounds(error) == {
        "authorised_matters", "authorised_content", "authorised_purpose", "authorised_in_force_today",
    }  # fmt: skip


def test_a_legal_person_applies_by_an_agent_whose_letter_says_the_same(office: Office) -> None:
    firm = f"query submit --subject {P['firm']} --set purpose=贷款"
    office.ok(firm)
    assert grounds(office.refused(3, f"query accept {Q1}")) == {
        "identity_unchecked", "residence_unchecked", "agent_complete", "query_form", "agent_id_card", "organisation_code", "authorisation_letter",
    }  # fmt: skip
    office.ok(f"query accept {Q1} --all-materials", *letter("agent", content="全部"))
    assert [r["record_no"] for r in office.ok(f"query answer {Q1}")["answer"]] == ["L-1"]
    assert grounds(office.refused(3, f"query print {Q1} --set collected_by=代理人")) == {"agent_paper"}
    # a legal person queried seals, a natural person has it notarised
    office.ok(f"query submit --subject {P['adult']} --set queried={P['firm']} --set purpose=贷款", *letter())
    assert grounds(office.refused(3, "query accept QRY-2026-000002")) >= {
        "sealed_authorisation",
        "queried_organisation_code",
    }


def test_a_citizen_card_counts_as_an_id_card(office: Office) -> None:
    office.ok(
        f"query submit --subject {P['adult']} --set purpose=贷款 --material citizen_card --material query_form {CHECKED}"
    )
    assert office.ok(f"query accept {Q1}")["state"] == "accepted"


@pytest.mark.parametrize(
    ("who", "line", "ground"),
    [("child", "", "of_age"), ("youth", "", "of_age"), ("youth", "--set own_income=true", None)],
)
def test_who_may_ask(office: Office, who: str, line: str, ground: str | None) -> None:
    office.ok(f"query submit --subject {P[who]} --set purpose=贷款 --all-materials {line}")
    if ground is None:
        assert office.ok(f"query accept {Q1}")["state"] == "accepted"
    else:
        assert grounds(office.refused(3, f"query accept {Q1}")) == {ground}


def test_an_oral_application_is_written_down_by_the_window(office: Office) -> None:
    oral = office.ok(f"{OWN} --set oral=true")
    assert (oral["state"], oral["fields"]["oral"]) == ("submitted", True)
    first = office.ok(f"case history {Q1}")["events"][0]
    assert (first["actor"], first["role"]) == ("window1", "window")
    assert "口头申请" in office.text(f"case show {Q1}")
    assert office.ok(f"query accept {Q1}")["state"] == "accepted"


def test_the_site_gives_class_a_without_papers(office: Office) -> None:
    office.ok(f"query submit --subject {P['adult']} --set queried={P['other']} --set channel=site --set purpose=了解")
    office.ok(f"query accept {Q1}")
    assert grounds(office.refused(3, f"query answer {Q1}")) == {"exists"}  # all of the records here are of class B
    assert office.ok(f"query not_found {Q1}")["state"] == "not_found"
    office.ok(f"query submit --subject {P['adult']} --set channel=site --set classes=A,B --set purpose=了解")
    office.ok("query accept QRY-2026-000002")
    assert "class_of_channel" in grounds(office.refused(3, "query answer QRY-2026-000002"))


def test_what_does_not_exist_is_told_and_what_exists_is_not_denied(office: Office) -> None:
    office.ok(f"{OWN} --set content=荣誉")
    office.ok(f"query accept {Q1}")
    assert grounds(office.refused(3, f"query answer {Q1}")) == {"exists"}
    case = office.ok(f"query not_found {Q1}")
    assert (case["state"], case["fields"]["found"]) == ("not_found", [])
    office.ok(OWN)
    office.ok("query accept QRY-2026-000002")
    assert grounds(office.refused(3, "query not_found QRY-2026-000002")) == {"nothing_there"}


def test_unclear_is_to_be_amended_and_the_period_runs_on(office: Office) -> None:
    office.ok(f"{OWN} --set content=什么")
    office.ok(f"query accept {Q1}")
    assert office.ok(f"query defer {Q1} --set reason=需核对")["state"] == "pending"
    case = office.ok(f"query clarify {Q1} --set question=哪一类", at="2026-03-05")
    assert (case["state"], case["waits_for"], reply(case)[:2]) == (
        "clarifying",
        ["applicant", "window"],
        ("running", "2026-03-23"),
    )
    assert [r["deadline"] for r in office.ok("overdue", who="supervisor1", at="2026-03-24")["overdue"]] == [
        "archive",
        "reply",
    ]
    case = office.ok(f"query amend {Q1} --set content=欠税", at="2026-03-24")
    assert (case["state"], case["overdue"]) == ("pending", True)
    assert reply(office.ok(f"query answer {Q1}", at="2026-03-24")) == ("met_late", "2026-03-23", "2026-03-24")


def test_the_period_is_extended_once_by_the_authority(office: Office) -> None:
    office.ok(OWN)
    office.ok(f"query accept {Q1}")
    office.refused(3, f"query request_extension {Q1} --set days=16 --set reason=x")
    office.ok(f"query request_extension {Q1} --set days=15 --set reason=需外地核对")
    office.refused(6, f"query grant_extension {Q1}")
    case = office.ok(f"query grant_extension {Q1}", who="authority1", at="2026-03-23")
    assert reply(case)[1] == "2026-04-14"  # the 6th of April is the Tomb-Sweeping holiday
    office.refused(3, f"query request_extension {Q1} --set days=1 --set reason=x", at="2026-03-23")
    notices = office.ok(f"case history {Q1}", at="2026-03-23")["events"][-2]["data"]["notices"]
    assert [(n["to"], n["paper"]) for n in notices] == [("applicant", "extension")]


def test_an_overdue_query_is_not_extended(office: Office) -> None:
    office.ok(OWN)
    office.ok(f"query accept {Q1}")
    assert grounds(office.refused(3, f"query request_extension {Q1} --set days=1 --set reason=x", at="2026-03-24")) == {
        "not_overdue"
    }


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("query submit --set purpose=x", 2),
        (f"query submit --subject {P['adult']}", 2),
        ("query submit --subject 330106199003070015 --set purpose=x", 2),
        (f"query submit --subject {P['adult']} --set purpose=x --set queried=123", 2),
        (f"query submit --subject {P['adult']} --set purpose=x --set queried=330106199013070015", 2),
        (f"query submit --subject {P['adult']} --set purpose=x --set classes=D", 2),
        (f"query submit --subject {P['adult']} --set purpose=x --set content=,", 2),
        (f"query submit --subject {P['adult']} --set purpose=x --set found=R-1", 2),
        (f"query submit --subject {P['adult']} --set purpose=x --record R-1", 2),
        (f"query submit --subject {P['adult']} --set purpose=x --material passport", 2),
        (f"query accept {Q1}", 4),
        ("query log --subject 123", 2),
        ("query log --from yesterday", 2),
        ("query log --full", 2),
    ],
)
def test_bad_input_has_one_clear_line_and_loses_nothing(office: Office, line: str, code: int) -> None:
    before = office.fingerprint()
    who = "center1" if " log" in line else "window1"
    error = office.refused(code, line, who=who)
    assert error["message"]
    for number in (*P.values(), "330106199003070015"):
        assert number not in str(error)
    assert office.fingerprint() == before
    assert office.ok("audit verify", who="")["ok"] is True


def test_the_log_of_look_ups_has_who_about_whom_when_why_and_how_far(office: Office) -> None:
    office.ok(OTHERS, *letter(matters="paper"), "--all-materials")
    office.ok(f"query accept {Q1}")
    office.refused(3, f"query answer {Q1}")
    office.ok(f"query refuse {Q1} --set ground=outside --set reason=不在授权范围内", at="2026-03-03")
    office.ok("record show R-1", at="2026-03-04")
    office.refused(6, f"{OWN}", who="center1", at="2026-03-05")
    rows = office.ok("query log", who="center1", at="2026-03-06")["look_ups"]
    assert [(r["at"][:10], r["account"], r["about"], r["purpose"], r["scope"], r["outcome"]) for r in rows] == [
        ("2026-03-02", "window1", "3301**********1236", "租房", ["A", "B"], "submitted"),
        ("2026-03-02", "window1", "3301**********1236", "租房", ["A", "B"], "refused"),
        ("2026-03-03", "window1", "3301**********1236", "租房", ["A", "B"], "refused"),
        ("2026-03-04", "window1", "3301**********0014", "case work", "R-1", "shown"),
        ("2026-03-05", "center1", "3301**********0014", "贷款", ["A", "B"], "refused"),
    ]
    assert [r["applicant"] for r in rows] == ["3301**********0014"] * 3 + [None] * 2
    assert "授权委托书的事项" in rows[1]["refused"]
    narrowed = office.ok(f"query log --subject {P['other']} --from 2026-03-03", who="auditor1", at="2026-03-06")[
        "look_ups"
    ]
    assert [r["at"][:10] for r in narrowed] == ["2026-03-03"]
    assert office.refused(6, "query log", who="window1", at="2026-03-06")["code"] == "role"
    office.refused(6, "query log --full --purpose 检查", who="auditor1", at="2026-03-06")
    full = office.ok("query log --full --purpose 复核", who="center1", at="2026-03-06")["look_ups"]
    assert [r["about"] for r in full[:3]] == [P["other"]] * 3
    for number in P.values():
        assert number not in office.text("query log", who="auditor1", at="2026-03-06")
        assert number not in str(office.ok(f"case history {Q1}", at="2026-03-06"))
        assert number not in str(office.ok("audit show --purpose 检查", who="auditor1", at="2026-03-06"))


def test_each_line_of_the_log_has_the_purpose_of_its_time(office: Office) -> None:
    office.ok(OTHERS, *letter(), "--all-materials")
    office.ok(f"query accept {Q1}")
    office.ok(f"query clarify {Q1} --set question=用途")
    office.ok(f"query amend {Q1} --set purpose=贷款")
    office.ok(f"query answer {Q1}")
    rows = office.ok("query log", who="center1")["look_ups"]
    assert [(r["purpose"], r["outcome"], r["shown"]) for r in rows] == [
        ("租房", "submitted", []),
        ("贷款", "answered", ["R-4"]),
    ]


def test_forged_material_becomes_a_record_of_the_applicant_once_verified(office: Office) -> None:
    office.ok(OWN)
    office.ok(f"query report_misconduct {Q1} --set misconduct=forged --set finding=公证书系伪造", who="center1")
    assert grounds(office.refused(3, f"query verify_misconduct {Q1} --set until=2031-03-02", who="center1")) == {
        "four_eyes"
    }
    assert [c["case"] for c in office.ok("todo", who="center2")["cases"]] == [Q1]
    office.refused(3, f"query verify_misconduct {Q1} --set until=2026-03-01", who="center2")
    case = office.ok(f"query verify_misconduct {Q1} --set until=2031-03-02", who="center2")
    assert case["fields"]["misconduct_record"] == f"SX-{Q1}"
    record = office.ok(f"record show SX-{Q1}")
    assert (record["subject_id"], record["subject_name"], record["open_class"]) == ("3301**********0014", "张三", "B")
    assert "公证书系伪造" in record["content"]
    assert (record["valid_from"], record["valid_until"]) == ("2026-03-02", "2031-03-02")
    office.refused(3, f"query verify_misconduct {Q1} --set until=2031-03-02", who="center2")
    # it can be objected to like any other, and the log still gives it
    office.ok(f"objection submit --record SX-{Q1} --set reason=没有伪造")
    assert P["adult"] not in str(office.ok(f"case history {Q1}")) + str(office.ok(f"record history SX-{Q1}"))
    assert office.ok("audit verify", who="")["records"] == 8


def test_misused_identity_is_never_recorded_about_the_victim(office: Office) -> None:
    office.ok(OWN)
    line = f"query report_misconduct {Q1} --set misconduct=misused --set finding=冒用他人身份证"
    assert grounds(office.refused(3, line)) == {"by_whom"}
    office.ok(f"{line} --set misconduct_by={P['other']}")
    office.ok(f"query verify_misconduct {Q1} --set until=2031-03-02", who="center1")
    assert office.ok(f"record show SX-{Q1}")["subject_id"] == "3301**********1236"


def test_a_report_that_is_not_verified_makes_no_record(office: Office) -> None:
    office.ok(OWN)
    office.ok(f"query report_misconduct {Q1} --set misconduct=altered --set finding=疑似")
    office.ok(f"query dismiss_misconduct {Q1} --set reason=属实", who="center1")
    office.refused(4, f"record show SX-{Q1}")
    office.ok(f"query report_misconduct {Q1} --set misconduct=altered --set finding=新证据")


def test_a_record_of_that_number_that_exists_is_left_alone(office: Office) -> None:
    row = f"SX-{Q1},natural,{P['other']},李四,市税务局,A,别的,别的内容,2024-01-01,2027-12-31"
    file = office.folder / "more.csv"
    header = "record_no,subject_kind,subject_id,subject_name,provider,open_class,title,content,valid_from,valid_until"
    file.write_text(f"{header}\n{row}\n", encoding="utf-8")
    office.ok("record import", str(file), who="center1")
    office.ok(OWN)
    office.ok(f"query report_misconduct {Q1} --set misconduct=forged --set finding=伪造")
    assert (
        office.refused(3, f"query verify_misconduct {Q1} --set until=2031-03-02", who="center1")["code"]
        == "record_known"
    )
    assert office.ok(f"record show SX-{Q1}", who="center1")["content"] == "别的内容"
    assert office.ok("audit verify", who="")["ok"] is True
