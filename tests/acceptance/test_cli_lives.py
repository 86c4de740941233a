"""Whole lives: marked and expired, revoked, repeated, too late, extended, overdue."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.conftest import Office, write_office_records
from tests.integration.helpers import TO_COLLECTED

O1, O2, M1, M2, V1 = "OBJ-2026-000001", "OBJ-2026-000002", "MRK-2026-000001", "MRK-2026-000002", "REV-2026-000001"


def deadlines(case: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {d["id"]: d for d in case["deadlines"]}


def collected(office: Office, day: str = "2026-03-03") -> str:
    life = office.life
    return life.life(life.objection("2026-03-02"), day, TO_COLLECTED)


def marked(office: Office) -> None:
    """Lead OBJ-1 to a mark placed on 9 March, in force through 8 April."""
    office.life.marked()


def test_from_application_to_the_end_of_the_mark(office: Office) -> None:
    assert collected(office) == O1
    case = office.ok(f"case show {O1}", at="2026-03-04")
    assert (case["state"], case["final"]) == ("collected", False)
    window = deadlines(case)["dispute_window"]
    assert (window["starts"], window["due"], window["status"]) == ("2026-03-03", "2026-03-10", "running")
    assert deadlines(case)["handling"]["met"] == "2026-03-03"

    office.ok(f"marking submit --parent {O1} --set reason=仍有异议 --all-materials", at="2026-03-10T23:59")
    assert deadlines(office.ok(f"case show {O1}", at="2026-03-11"))["dispute_window"]["status"] == "met"
    # filed in time, accepted later: that is in time
    for step, who in (("accept", "window1"), ("archive", "window1"), ("transfer", "window1"), ("receive", "center1")):
        office.ok(f"marking {step} {M1}", who=who, at="2026-03-12")
    mark = office.ok(f"marking mark {M1}", who="center1", at="2026-03-13")
    assert (mark["state"], mark["parent"]) == ("disputed", O1)
    assert deadlines(mark)["retention"]["due"] == "2026-04-12"
    assert deadlines(mark)["marking"]["status"] == "met"
    shown = office.ok("record show R-1", who="center2", at="2026-03-13")
    assert (shown["usable"], shown["content"]) == (True, "欠税1元")
    assert [(m["kind"], m["case"], m["reason"], m["placed"], m["last_day"]) for m in shown["marks"]] == [
        ("disputed", M1, "仍有异议", "2026-03-13", "2026-04-12"),
    ]
    parent = office.ok(f"case show {O1}", at="2026-03-13")
    assert (parent["state"], parent["children"]) == ("disputed", [M1])

    # in force through its last day, gone at 00:00 of the next, a Sunday and no working day making no difference
    assert office.ok("record show R-1", at="2026-04-12T23:59")["marks"] != []
    for at in ("2026-04-13", "2026-04-13T00:00", "2026-05-01"):
        assert office.ok(f"case show {M1}", at=at, who="auditor1")["state"] == "expired"
        assert office.ok(f"case show {O1}", at=at, who="auditor1")["recorded"] is False
    swept = office.ok("sweep", who="", at="2026-05-01T10:00")
    assert (swept["fired"], swept["failed"]) == ({"expire": 1}, [])
    for case_no in (O1, M1):
        after = office.ok(f"case show {case_no}", at="2026-05-02")
        assert (after["state"], after["final"], after["recorded"], after["actions"]) == ("expired", True, True, [])
        last = office.ok(f"case history {case_no}", at="2026-05-02")["events"][-1]
        assert (last["action"], last["actor"], last["role"]) == ("expire", "system", "system")
        assert (last["effective"], last["at"]) == ("2026-04-13", "2026-05-01T10:00:00+08:00")
    history = office.ok("record history R-1", who="center2", at="2026-05-02")["marks"]
    assert [(m["kind"], m["lifted"]) for m in history] == [("processing", "2026-03-03"), ("disputed", "2026-04-13")]
    assert office.ok("audit verify", at="2026-05-02")["ok"] is True


def test_a_read_of_a_mark_writes_nothing_of_the_case(office: Office) -> None:
    marked(office)
    before = office.fingerprint()
    for line in (f"case show {M1}", "case list", "todo", "overdue", f"case explain {M1}"):
        office.ok(line, at="2026-06-01")
    assert office.fingerprint() == before


def test_revocation_moves_three_cases_and_the_record(office: Office) -> None:
    marked(office)
    case = office.ok(f"revocation submit --parent {M1} --all-materials", at="2026-03-20")
    assert (case["case"], case["parent"], case["record"]) == (V1, M1, "R-1")
    for step, who in (("accept", "window1"), ("archive", "window1"), ("transfer", "window1"), ("receive", "center1")):
        case = office.ok(f"revocation {step} {V1}", who=who, at="2026-03-20")
    due = {d["id"]: d["due"] for d in case["deadlines"] if d["kind"] == "statutory"}
    assert due == {"revocation": "2026-03-31", "revocation_center": "2026-03-27", "archive": "2026-03-20"}
    targets = {d["id"]: (d["due"], d["status"]) for d in case["deadlines"] if d["kind"] == "target"}
    assert targets == {"handing_over": ("2026-03-23", "met"), "receipt": ("2026-03-23", "met")}
    assert office.ok("record show R-1", at="2026-03-27")["marks"] != []
    done = office.ok(f"revocation revoke {V1}", who="center1", at="2026-03-27")
    assert (done["state"], done["final"], done["overdue"]) == ("revoked", True, False)
    for number in (O1, M1):
        assert office.ok(f"case show {number}", at="2026-03-27")["state"] == "revoked"
    assert office.ok("record show R-1", at="2026-03-27")["marks"] == []
    assert office.ok("sweep", who="", at="2026-06-01")["fired"] == {}
    assert office.ok("audit verify", at="2026-06-01")["ok"] is True


def test_a_revocation_lapses_when_the_mark_ends_first(office: Office) -> None:
    marked(office)
    office.ok(f"revocation submit --parent {M1} --all-materials", at="2026-04-08")
    assert office.ok(f"case show {V1}", at="2026-04-09")["state"] == "lapsed"
    error = office.refused(3, f"revocation accept {V1}", at="2026-04-09")
    assert error["code"] == "state"
    office.ok("sweep", who="", at="2026-04-09")
    assert office.ok(f"case show {V1}", at="2026-04-09")["recorded"] is True


def test_only_the_marks_own_applicant_revokes_it(office: Office) -> None:
    from tests.property.lives import numbers  # noqa: PLC0415

    marked(office)
    office.ok(f"revocation submit --parent {M1} --subject {numbers()['other']} --all-materials", at="2026-03-20")
    assert office.refused(3, f"revocation accept {V1}", at="2026-03-20")["details"]["grounds"][0]["code"] == "own_mark"
    assert office.refused(3, f"revocation accept {V1}", at="2026-04-20")["details"]["grounds"]


def test_a_repeat_names_the_earlier_case(office: Office) -> None:
    life = office.life
    life.life(life.objection("2026-03-02"), "2026-03-03", TO_COLLECTED)
    assert life.objection("2026-03-04") == O2
    checked = office.ok(f"objection accept {O2} --check", at="2026-03-04")
    assert [g["code"] for g in checked["grounds"]] == ["no_repeat"]
    error = office.refused(3, f"objection accept {O2}", at="2026-03-04")
    assert (error["source"], error["details"]["grounds"][0]["earlier"]) == ("附件2·四(二)", O1)
    assert O1 in error["message"]
    assert office.ok(f"objection accept {O2} --set good_ground=新证据", at="2026-03-04")["state"] == "accepted"


def reimported(office: Office, content: str, at: str) -> None:
    """Import R-1 anew with another content."""
    file = office.folder / "more.csv"
    text = write_office_records(file).read_text(encoding="utf-8").replace("欠税1元", content)
    file.write_text(text, encoding="utf-8")
    assert office.ok("record import --update more.csv", who="center1", at=at) == {"imported": 0, "updated": 1}


def test_what_has_changed_since_is_no_repeat(office: Office) -> None:
    life = office.life
    life.life(life.objection("2026-03-02"), "2026-03-03", TO_COLLECTED)
    reimported(office, "欠税10元", "2026-03-04")
    life.objection("2026-03-05")
    assert office.ok(f"objection accept {O2}", at="2026-03-05")["state"] == "accepted"


@pytest.mark.parametrize("content", ["欠税1元。", "欠税 1元", "欠税１元"])
def test_another_spelling_lets_no_repeat_through(office: Office, content: str) -> None:
    life = office.life
    life.life(life.objection("2026-03-02"), "2026-03-03", TO_COLLECTED)
    reimported(office, content, "2026-03-04")
    life.objection("2026-03-05")
    error = office.refused(3, f"objection accept {O2}", at="2026-03-05")
    assert [(g["code"], g["source"]) for g in error["details"]["grounds"]] == [("no_repeat", "附件2·四(二)")]


def test_another_record_or_an_earlier_rejection_is_no_repeat(office: Office) -> None:
    life = office.life
    life.life(life.objection("2026-03-02"), "2026-03-03", TO_COLLECTED)
    assert office.ok(f"objection accept {life.objection('2026-03-04', 'R-2')}", at="2026-03-04")["state"] == "accepted"
    third = life.objection("2026-03-04", "R-2")
    assert office.ok(f"objection accept {third}", at="2026-03-04")["state"] == "accepted"  # the other has no answer yet


@pytest.mark.parametrize(
    ("filed", "code"), [("2026-03-03", 0), ("2026-03-10T23:59", 0), ("2026-03-11T00:00", 3), ("2026-03-20", 3)]
)
def test_the_window_for_a_marking(office: Office, filed: str, code: int) -> None:
    collected(office)
    office.ok(f"marking submit --parent {O1} --set reason=x --all-materials", at=filed)
    answer = office(f"marking accept {M1}", who="window1", at="2026-03-20")
    assert answer.code == code
    if code:
        (ground,) = answer.error["details"]["grounds"]
        assert (ground["last_day"], ground["source"]) == ("2026-03-10", "附件2·六(三)")
        assert "2026-03-10" in answer.error["message"]
        office.ok("sweep", who="", at="2026-03-20")
        assert office.ok(f"case show {O1}", at="2026-03-20")["state"] == "closed"


def test_the_window_lapses_by_itself(office: Office) -> None:
    collected(office)
    assert office.ok(f"case show {O1}", at="2026-03-10T23:59")["state"] == "collected"
    late = office.ok(f"case show {O1}", at="2026-03-11")
    assert (late["state"], late["final"], late["recorded"], late["overdue"]) == ("closed", True, False, False)
    assert deadlines(late)["dispute_window"]["status"] == "lapsed"
    assert office.ok("overdue", at="2026-03-11")["overdue"] == []
    assert office.ok("sweep", who="", at="2026-03-11")["fired"] == {"close": 1}


def test_a_marking_withdrawn_lets_the_window_run_again_to_its_old_date(office: Office) -> None:
    collected(office)
    office.ok(f"marking submit --parent {O1} --set reason=x --all-materials", at="2026-03-04")
    office.ok(f"marking withdraw {M1} --material withdrawal_request", at="2026-03-05")
    window = deadlines(office.ok(f"case show {O1}", at="2026-03-05"))["dispute_window"]
    assert (window["status"], window["due"]) == ("running", "2026-03-10")
    office.ok(f"marking submit --parent {O1} --set reason=再申请 --all-materials", at="2026-03-10")
    office.ok(f"marking reject {M2} --set grounds=材料不齐 --set ground=materials", at="2026-03-16")
    assert office.ok(f"case show {O1}", at="2026-03-16")["state"] == "closed"
    assert office.ok("audit verify", at="2026-03-16")["ok"] is True


def test_one_open_marking_an_objection(office: Office) -> None:
    collected(office)
    for _ in range(2):
        office.ok(f"marking submit --parent {O1} --set reason=x --all-materials", at="2026-03-04")
    office.ok(f"marking accept {M1}", at="2026-03-04")
    (ground,) = office.refused(3, f"marking accept {M2}", at="2026-03-04")["details"]["grounds"]
    assert (ground["code"], ground["other"]) == ("one_open", M1)


def test_a_marking_before_the_report_is_collected(office: Office) -> None:
    office.life.objection("2026-03-02")
    office.ok(f"marking submit --parent {O1} --set reason=x --all-materials", at="2026-03-04")
    grounds = office.refused(3, f"marking accept {M1}", at="2026-03-04")["details"]["grounds"]
    assert [g["code"] for g in grounds] == ["report_collected"]


def test_an_extension(office: Office) -> None:
    life = office.life
    life.life(life.objection("2026-03-02"), "2026-03-02", "window1:accept window1:archive")
    line = f"objection request_extension {O1} --set days=15 --set reason=情况复杂"
    asked = office.ok(line, who="center1", at="2026-03-30")
    assert deadlines(asked)["handling"]["due"] == "2026-04-01"
    assert office.refused(3, line, who="center1", at="2026-03-30")["code"] == "none_pending"
    granted = office.ok(f"objection grant_extension {O1}", who="authority1", at="2026-04-01T23:59")
    handling = deadlines(granted)["handling"]
    # 15 working days from 1 April, past Tomb-Sweeping Day (4 to 6 April)
    assert (handling["due"], handling["original_due"], handling["status"]) == ("2026-04-23", "2026-04-01", "running")
    assert office.refused(3, line, who="center1", at="2026-04-02")["details"]["grounds"][0]["code"] == "once"
    assert office.ok("overdue --workflow objection", who="supervisor1", at="2026-04-23T23:59")["overdue"] == []
    (row,) = office.ok("overdue", who="supervisor1", at="2026-04-24")["overdue"]
    assert (row["due"], row["days_over"]) == ("2026-04-23", 1)


def test_an_extension_is_decided_in_time_or_not_at_all(office: Office) -> None:
    life = office.life
    life.life(life.objection("2026-03-02"), "2026-03-02", "window1:accept window1:archive")
    office.ok(f"objection request_extension {O1} --set days=5 --set reason=x", who="center1", at="2026-04-01")
    assert (
        office.refused(3, f"objection grant_extension {O1}", who="authority1", at="2026-04-02")["code"] == "not_overdue"
    )
    denied = office.ok(f"objection deny_extension {O1} --set reason=不复杂", who="authority1", at="2026-04-02")
    assert denied["overdue"] is True


def test_a_denied_extension_may_be_asked_for_again(office: Office) -> None:
    life = office.life
    life.life(life.objection("2026-03-02"), "2026-03-02", "window1:accept window1:archive")
    for _ in range(2):
        office.ok(f"objection request_extension {O1} --set days=5 --set reason=x", who="center1", at="2026-03-10")
        office.ok(f"objection deny_extension {O1} --set reason=x", who="authority1", at="2026-03-10")
    assert deadlines(office.ok(f"case show {O1}", at="2026-03-10"))["handling"]["due"] == "2026-04-01"


def test_overdue_by_date_before_and_after_the_sweep(office: Office) -> None:
    life = office.life
    life.life(life.objection("2026-03-02"), "2026-03-02", "window1:accept window1:transfer")
    assert office.ok("overdue", who="supervisor1", at="2026-03-02T23:59")["overdue"] == []
    second = life.objection("2026-03-05", "R-2")
    rows = office.ok("overdue", who="supervisor1", at="2026-04-08")
    assert rows["as_of"] == "2026-04-08"
    published = ("case", "workflow", "state", "deadline", "due", "days_over", "waiting_for")
    assert [tuple(r[name] for name in published) for r in rows["overdue"]] == [
        (O1, "objection", "transferred", "archive", "2026-03-02", 37, "window"),
        (O1, "objection", "transferred", "handling", "2026-04-01", 7, "center"),
        (second, "objection", "submitted", "handling", "2026-04-07", 1, "window"),
    ]
    case = office.ok(f"case show {O1}", at="2026-04-08")
    assert (case["overdue"], case["recorded"], deadlines(case)["handling"]["days_left"]) == (True, False, -7)
    assert office.ok("sweep", who="", at="2026-04-08")["fired"] == {"overdue": 3}
    assert office.ok("overdue", who="supervisor1", at="2026-04-08") == rows
    case = office.ok(f"case show {O1}", at="2026-04-08")
    assert (case["overdue"], case["recorded"]) == (True, True)
    # done too late: no longer overdue, and never timely
    late = office.ok(f"objection archive {O1}", at="2026-04-09")
    assert (deadlines(late)["archive"]["status"], deadlines(late)["archive"]["met"]) == ("met_late", "2026-04-09")
    left = office.ok("overdue", who="supervisor1", at="2026-04-09")["overdue"]
    assert [(r["case"], r["deadline"]) for r in left] == [(O1, "handling"), (second, "handling")]


def test_targets_are_listed_apart(office: Office) -> None:
    life = office.life
    steps = TO_COLLECTED.rsplit(" ", 1)[0]  # all but collecting
    life.life(life.objection("2026-03-02"), "2026-03-03", steps)
    assert office.ok("overdue --kind statutory", who="supervisor1", at="2026-04-20")["overdue"] == []
    (row,) = office.ok("overdue --kind target", who="supervisor1", at="2026-04-20")["overdue"]
    assert (row["deadline"], row["due"]) == ("collection", "2026-03-24")
    assert office.ok(f"case show {O1}", at="2026-04-20")["overdue"] is False
    assert office.ok("overdue", who="supervisor1", at="2026-04-20")["overdue"] == []


def test_overdue_by_unit_and_workflow(office: Office) -> None:
    life = office.life
    life.life(life.objection("2026-03-02"), "2026-03-02", "window1:accept")
    unit = office.ok("whoami", who="window1")["unit"]
    assert len(office.ok(f"overdue --unit {unit}", who="supervisor1", at="2026-03-04")["overdue"]) == 1
    assert office.ok("overdue --unit elsewhere", who="supervisor1", at="2026-03-04")["overdue"] == []
    assert office.ok("overdue --workflow revocation", who="supervisor1", at="2026-03-04")["overdue"] == []


def test_lists_of_cases(office: Office) -> None:
    life = office.life
    first = life.life(life.objection("2026-03-02"), "2026-03-02", "window1:accept window1:archive window1:transfer")
    second = life.objection("2026-03-03", "R-2")
    life.life(life.objection("2026-03-04", "R-4"), "2026-03-04", "window1:accept window1:archive")

    def listed(options: str, at: str = "2026-03-05") -> list[str]:
        return [case["case"] for case in office.ok(f"case list {options}", at=at)["cases"]]

    third = "OBJ-2026-000003"
    assert listed("") == [first, second, third]
    assert listed("--workflow objection") == [first, second, third]
    assert listed("--workflow marking") == []
    assert listed("--state submitted") == [second]
    assert listed("--role center") == [first]
    assert listed("--role window") == [second, third]
    assert listed("--limit 2") == [first, second]
    # the first waits to be received by the 3rd, the third to be handed over by the 5th; the second is due on 2 April
    assert listed("--due-before 2026-03-03") == []
    assert listed("--due-before 2026-03-04") == [first]
    assert listed("--due-before 2026-03-06") == [first, third]
    assert listed("--due-before 2026-04-02") == [first, third]
    assert listed("--due-before 2026-04-03") == [first, second, third]
    assert [c["case"] for c in office.ok("todo", who="center1", at="2026-03-05")["cases"]] == [first]
    assert [c["case"] for c in office.ok("todo", who="window1", at="2026-03-05")["cases"]] == [second, third]
    assert office.ok("todo", who="auditor1", at="2026-03-05")["cases"] == []
    shown = office.ok(f"case show {second}", at="2026-03-05")
    assert office.ok("case list --state submitted", at="2026-03-05")["cases"] == [shown]


def test_todo_has_the_most_urgent_first(office: Office) -> None:
    life = office.life
    older = life.objection("2026-03-02")
    newer = life.life(life.objection("2026-03-04", "R-2"), "2026-03-04", "window1:accept")  # to be filed the same day
    assert [c["case"] for c in office.ok("todo", at="2026-03-05")["cases"]] == [newer, older]


def test_explain_counts_every_day(office: Office) -> None:
    office.life.life(office.life.objection("2026-02-10"), "2026-02-10", TO_COLLECTED)
    case = "OBJ-2026-000001"
    (window,) = office.ok(f"case explain {case} dispute_window", at="2026-02-11")["deadlines"]
    numbered = {d["date"]: d["number"] for d in window["counted"] if d["number"]}
    # the Saturday 14 February is worked, 15 to 23 are the festival
    assert numbered == {"2026-02-11": 1, "2026-02-12": 2, "2026-02-13": 3, "2026-02-14": 4, "2026-02-24": 5}
    assert (window["due"], window["source"]) == ("2026-02-24", "附件2·六(三)")
    festival = [d for d in window["counted"] if d["name"] == "春节"]
    assert len(festival) == 9
    assert {d["notice"] for d in festival} == {"cn-2026"}
    assert [d["id"] for d in office.ok(f"case explain {case}", at="2026-02-11")["deadlines"]] == [
        d["id"] for d in office.ok(f"case show {case}", at="2026-02-11")["deadlines"]
    ]
    office.refused(4, f"case explain {case} nonsense", at="2026-02-11")
    text = office.text(f"case explain {case}", at="2026-02-11")
    assert "春节" in text
    assert "国办发明电〔2025〕7号" in text


def test_two_objections_on_one_record(office: Office) -> None:
    life = office.life
    both = [life.objection("2026-03-02") for _ in range(2)]
    for case in both:
        life.life(case, "2026-03-02", "window1:accept window1:transfer center1:receive")
    assert len(office.ok("record show R-1", who="center2")["marks"]) == 2
    office.ok(f"objection withdraw {both[0]} --material withdrawal_request")
    shown = office.ok("record show R-1", who="user1")
    assert (shown["usable"], shown["content"], [m["case"] for m in shown["marks"]]) == (False, None, [both[1]])
    office.ok(f"objection withdraw {both[1]} --material withdrawal_request")
    assert office.ok("record show R-1", who="center2")["usable"] is True


def test_a_corrected_record_is_printed_free_once(office: Office) -> None:
    life = office.life
    case = life.life(life.objection("2026-03-02"), "2026-03-02", "window1:accept window1:transfer center1:receive")
    office.ok(f"objection report {case} --set outcome=corrected --set", 'correction={"content":"无"}', who="center1")
    life.life(case, "2026-03-02", "authority1:approve")
    assert office.ok(f"objection notify {case} --set channel=短信")["fields"]["free_prints"] == 1
