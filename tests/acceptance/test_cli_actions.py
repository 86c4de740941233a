"""Taking actions: the case as published, materials, checks, versions, refusals."""

from __future__ import annotations

from typing import Any

import pytest

from tests import where
from tests.acceptance.conftest import AGENT, CHECKED, Office
from tests.property.lives import numbers

O1 = "OBJ-2026-000001"
M1 = "MRK-2026-000001"
TEXT, WHOLE, TRUTH, LIST, MAP, MAYBE = (str,), (int,), (bool,), (list,), (dict,), (str, type(None))
CASE: dict[str, tuple[type, ...]] = {
    "case": TEXT, "workflow": TEXT, "definition_version": WHOLE, "version": WHOLE, "state": TEXT, "final": TRUTH,
    "subject_id": TEXT, "record": TEXT, "parent": MAYBE, "children": LIST, "opened": TEXT, "entered": TEXT, "overdue": TRUTH,
    "deadlines": LIST, "fields": MAP, "materials": LIST, "actions": LIST, "recorded": TRUTH,
}  # fmt: skip
DEADLINE: dict[str, tuple[type, ...]] = {
    "id": TEXT, "kind": TEXT, "status": TEXT, "starts": TEXT, "due": TEXT, "original_due": TEXT, "met": MAYBE,
    "days_left": (int, type(None)), "provisional": TRUTH, "source": TEXT,
}  # fmt: skip


def typed(document: dict[str, Any], form: dict[str, tuple[type, ...]]) -> None:
    assert form.keys() <= document.keys()
    for name, types in form.items():
        assert type(document[name]) in types, (name, document[name])


def as_published(case: dict[str, Any]) -> dict[str, Any]:
    typed(case, CASE)
    for deadline in case["deadlines"]:
        typed(deadline, DEADLINE)
        assert (deadline["days_left"] is None) == (deadline["status"] not in ("running", "overdue"))
        assert deadline["kind"] in ("statutory", "target")
        assert deadline["status"] in ("running", "met", "met_late", "overdue", "lapsed", "cancelled")
    return case


def test_every_answer_of_a_life_is_the_case_as_published(office: Office) -> None:
    submitted = as_published(office.ok("objection submit --record R-1 --set reason=并非本人 --all-materials"))
    published = {
        "case": O1, "workflow": "objection", "definition_version": 2, "version": 1, "state": "submitted", "final": False,
        "subject_id": "3301**********0014", "record": "R-1", "parent": None, "children": [], "opened": "2026-03-02",
        "overdue": False, "fields": {"reason": "并非本人", "identity_checked": True, "resident": True}, "recorded": True,
        "actions": ["accept", "reject", "withdraw"],
    }  # fmt: skip
    assert {name: submitted[name] for name in published} == published
    (handling,) = submitted["deadlines"]
    assert {name: handling[name] for name in DEADLINE} == {
        "id": "handling", "kind": "statutory", "status": "running", "starts": "2026-03-02", "due": "2026-04-01",
        "original_due": "2026-04-01", "met": None, "days_left": 30, "provisional": False, "source": "附件2·三",
    }  # fmt: skip
    assert [m["kind"] for m in submitted["materials"]] == ["id_card", "objection_form", "evidence"]
    steps: list[tuple[str, str, str, str, list[str]]] = [
        ("accept", "window1", "", "accepted", ["transfer", "archive", "withdraw"]),
        ("archive", "window1", "--set shelf_mark=A-7", "accepted", ["transfer", "withdraw"]),
        ("transfer", "window1", "", "transferred", ["withdraw"]),
        ("receive", "center1", "", "verifying", ["consult", "report", "request_extension"]),
        ("consult", "center1", "--set question=是否属实", "consulting", ["consult", "report", "request_extension"]),
        ("respond", "provider1", "--set finding=有误", "verifying", []),
        ("report", "center1", "--set outcome=upheld --set explanation=属实", "reported", ["request_extension"]),
        ("return", "authority1", "--set reason=不清", "verifying", []),
        ("report", "center1", "--set outcome=upheld", "reported", ["request_extension"]),
        ("approve", "authority1", "", "approved", []),
        ("notify", "window1", "--set channel=电话", "notified", ["collect"]),
        ("collect", "window1", "--set collected_by=本人", "collected", []),
    ]  # fmt: skip
    for version, (action, who, values, state, actions) in enumerate(steps, 2):
        case = as_published(office.ok(f"objection {action} {O1} {values}", who=who))
        assert (case["state"], case["version"], case["actions"]) == (state, version, actions), action
    assert office.ok(f"case show {O1}", who="window1") == case
    events = office.ok(f"case history {O1}", who="auditor1")["events"]
    assert [(e["action"], e["actor"]) for e in events[1:]] == [(action, who) for action, who, *_ in steps]
    assert [e["seq"] for e in events] == list(range(1, 14))
    assert [(e["from"], e["to"]) for e in events[:2]] == [(None, "submitted"), ("submitted", "accepted")]
    for event in events:
        assert event.keys() >= {"seq", "at", "effective", "actor", "role", "action", "from", "to", "data", "hash"}
        assert event["at"] == "2026-03-02T00:00:00+08:00"
        assert len(event["hash"]) == 64
    assert numbers()["adult"] not in str(events)


def test_one_life_in_processes_of_its_own(office: Office) -> None:
    def run(line: str, who: str) -> dict[str, Any]:
        answer = office.process(line, who=who, at="2026-03-02T10:00")
        assert answer.code == 0, answer.err
        return as_published(answer.json)

    case = run(f"objection submit --record L-1 --set reason=已缴清 --all-materials {AGENT}", "window1")
    assert [m["kind"] for m in case["materials"]] == [
        "organisation_code", "authorisation_letter", "agent_id_card", "objection_form", "evidence",
    ]  # fmt: skip
    assert run(f"objection accept {O1} --note 齐全", "window2")["state"] == "accepted"
    assert run(f"case show {O1}", "auditor1")["version"] == 2


def test_another_applicant_is_registered_and_refused_at_acceptance(office: Office) -> None:
    case = office.ok(f"objection submit --record R-1 --subject {numbers()['other']} --set reason=x --all-materials")
    assert case["subject_id"] == "3301**********" + numbers()["other"][-4:]
    error = office.refused(3, f"objection accept {O1}")
    assert [(g["code"], g["source"]) for g in error["details"]["grounds"]] == [("own_record", "附件2·一")]
    rejected = office.ok(f"objection reject {O1} --set grounds=非本人信息")
    assert (rejected["state"], rejected["final"], rejected["fields"]["grounds"]) == ("rejected", True, "非本人信息")


def test_materials_one_by_one(office: Office) -> None:
    office.ok(f"objection submit --record R-1 --set reason=x --material id_card {CHECKED}")
    error = office.refused(3, f"objection accept {O1}")
    assert [g["material"] for g in error["details"]["grounds"]] == ["objection_form", "evidence"]
    office.refused(3, f"objection accept {O1} --material evidence")
    case = office.ok(f"objection accept {O1} --material evidence --material objection_form")
    assert {m["kind"] for m in case["materials"]} == {"id_card", "evidence", "objection_form"}


@pytest.mark.parametrize("card", ["citizen_card", "social_security_card"])
def test_a_card_that_counts_as_the_id_card(office: Office, card: str) -> None:
    office.ok(
        f"objection submit --record R-1 --set reason=x --material {card} --material objection_form --material evidence "
        f"{CHECKED}"
    )
    assert office.ok(f"objection accept {O1}")["state"] == "accepted"


def test_scans_are_kept(office: Office) -> None:
    scan = office.folder / "申请 表.pdf"
    scan.write_bytes(b"%PDF-1.7 scan")
    office.ok("objection submit --record R-1 --set reason=x --all-materials", "--material", f"objection_form={scan}")
    (form,) = [m for m in office.ok(f"case show {O1}")["materials"] if m["kind"] == "objection_form"]
    assert form["scan"]
    office.ok(f"case scan {O1} objection_form --to out.pdf --purpose 复核")
    assert (office.folder / "out.pdf").read_bytes() == scan.read_bytes()


def test_all_materials_does_nothing_where_none_is_asked_for(office: Office) -> None:
    office.ok("objection submit --record R-1 --set reason=x --all-materials")
    office.ok(f"objection accept {O1}")
    before = office.ok(f"case show {O1}")["materials"]
    assert office.ok(f"objection transfer {O1} --all-materials")["materials"] == before


def test_all_materials_stand_for_no_proof_of_guardianship(office: Office) -> None:
    office.ok("objection submit --record K-1 --set reason=x --all-materials --set guardian=母亲")
    error = office.refused(3, f"objection accept {O1} --all-materials")
    assert [g["material"] for g in error["details"]["grounds"]] == ["guardianship"]
    assert office.ok(f"objection accept {O1} --material guardianship")["state"] == "accepted"


def test_a_child_and_a_youth(office: Office) -> None:
    office.ok("objection submit --record K-1 --set reason=x --all-materials")
    assert office.refused(3, f"objection accept {O1}")["details"]["grounds"][0]["code"] == "of_age"
    assert office.refused(3, f"objection accept {O1} --set own_income=true")["code"] == "of_age"
    office.ok("objection submit --record Y-1 --set reason=x --all-materials")
    assert office.refused(3, "objection accept OBJ-2026-000002")["details"]["grounds"][0]["age"] == 16
    assert office.ok("objection accept OBJ-2026-000002 --set own_income=true")["state"] == "accepted"


def test_withdrawing_needs_the_signed_request(office: Office) -> None:
    life = office.life
    case = life.life(life.objection("2026-03-02"), "2026-03-02", "window1:accept window1:transfer center1:receive")
    error = office.refused(3, f"objection withdraw {case}")
    assert error["details"]["grounds"][0]["material"] == "withdrawal_request"
    assert office.ok(f"objection withdraw {case} --material withdrawal_request")["state"] == "withdrawn"
    assert office.ok("record show R-1")["usable"] is True


def test_all_grounds_are_named_at_once(office: Office) -> None:
    line = f"objection submit --record R-3 --subject {numbers()['child']} --set reason=x --set resident=false --set identity_checked=false"
    office.ok(line)
    error = office.refused(3, f"objection accept {O1}")
    codes = [g["code"] for g in error["details"]["grounds"]]
    assert codes == ["identity", "of_age", "resident", "own_record", "record_valid", "material", "material", "material"]
    for ground in error["details"]["grounds"]:
        assert ground["message"] in error["message"]
        assert ground["source"]
    english = office(f"objection accept {O1} --lang en", who="window1", at="2026-03-02").error
    assert len(english["details"]["grounds"]) == 8
    assert all(g["message"].isascii() for g in english["details"]["grounds"])


def test_check_lists_and_changes_nothing(office: Office) -> None:
    office.ok("objection submit --record R-1 --set reason=x --set resident=false")
    before = office.fingerprint()
    events = len(office.ok(f"case history {O1}")["events"])
    checked = office.ok(f"objection accept {O1} --check")
    assert checked["allowed"] is False
    assert [g["code"] for g in checked["grounds"]] == [
        "identity_unchecked", "resident", "material", "material", "material",
    ]  # fmt: skip
    assert checked["materials"] == ["id_card", "objection_form", "evidence"]
    assert all(g["message"] and g["source"] for g in checked["grounds"])
    assert office.ok(f"objection accept {O1} --check --all-materials --set resident=true")["allowed"] is True
    for who, action in (
        ("center1", "accept"),
        ("window1", "transfer"),
        ("window1", "archive"),
        ("authority1", "approve"),
    ):
        assert office.ok(f"objection {action} {O1} --check", who=who)["allowed"] is False
    opening = office.ok("objection submit --record R-2 --check")
    assert (opening["allowed"], opening["grounds"][0]["code"]) == (False, "missing_values")
    assert office.ok("objection submit --record R-2 --check --set reason=x")["allowed"] is True
    assert office.fingerprint() == before
    assert len(office.ok(f"case history {O1}")["events"]) == events
    checked = office.text(f"objection accept {O1} --check {CHECKED}")
    assert "3" in checked.splitlines()[1]


def test_check_keeps_no_scan(office: Office) -> None:
    scan = office.folder / "scan.pdf"
    scan.write_bytes(b"x")
    office.ok("objection submit --record R-2 --set reason=x --check", "--material", f"id_card={scan}")
    assert sorted(p.name for p in office.folder.iterdir()) == ["cases.db", "scan.pdf"][where.POSTGRES :]


def test_expect_version(office: Office) -> None:
    office.ok("objection submit --record R-1 --set reason=x --all-materials")
    before = office.fingerprint()
    for version in (0, 2, 7):
        error = office.refused(5, f"objection accept {O1} --expect-version {version}")
        assert error["details"]["version"] == 1
    assert office.fingerprint() == before
    assert office.ok(f"objection accept {O1} --expect-version 1")["version"] == 2


@pytest.mark.parametrize(
    ("line", "who", "code"),
    [
        ("objection accept CASE", "window1", 3),
        ("objection accept CASE", "center1", 6),
        ("objection approve CASE", "authority1", 3),
        ("objection request_extension CASE --set days=5 --set reason=x", "center1", 3),
        ("case assign CASE window2", "window1", 6),
    ],
)
def test_a_refusal_is_logged_and_changes_nothing_else(office: Office, line: str, who: str, code: int) -> None:
    case = office.ok("objection submit --record R-1 --set reason=x")["case"]
    before, shown = office.fingerprint(), office.ok(f"case show {case}")
    events = office.ok(f"case history {case}")["events"]
    message = office.refused(code, line.replace("CASE", case), who=who)["message"]
    assert office.ok(f"case show {case}") == shown
    after = office.ok(f"case history {case}")["events"]
    assert after[: len(events)] == events
    (refusal,) = after[len(events) :]
    assert (refusal["actor"], refusal["from"], refusal["to"]) == (who, "submitted", "submitted")
    assert refusal["action"] == line.split()[1]
    assert refusal["data"]["refused"]
    assert message
    changed = set(office.fingerprint()) ^ set(before)
    assert all("case_file" in entry for entry in changed)  # only the log's end, as the case knows it
    assert len(changed) == 2
    assert office.ok("audit verify")["ok"] is True


def test_what_is_ill_given_is_not_a_refusal_by_rule(office: Office) -> None:
    case = office.ok("objection submit --record R-1 --set reason=x")["case"]
    events = office.ok(f"case history {case}")["events"]
    office.refused(2, f"objection reject {case}")
    office.refused(2, f"objection accept {case} --set resident=maybe")
    assert office.ok(f"case history {case}")["events"] == events


def test_beyond_the_law_is_exit_3(office: Office) -> None:
    life = office.life
    case = life.life(life.objection("2026-03-02"), "2026-03-02", "window1:accept")
    for days, code in (("0", 3), ("16", 3), ("-1", 3), ("many", 2), ("", 2), ("1.5", 2)):
        error = office.refused(
            code, f"objection request_extension {case} --set reason=x --set days={days}", who="center1"
        )
        if code == 3:
            assert error["source"] == "附件2·三"
    assert office.ok(f"objection request_extension {case} --set reason=x --set days=15", who="center1")["version"] == 3


def test_four_eyes(office: Office) -> None:
    """One account with both roles can't approve what it drafted; no such account is in training by default."""
    from contextlib import closing  # noqa: PLC0415

    with closing(where.connect(office.database)) as db:
        db.execute("UPDATE account SET roles = 'authority,center' WHERE name IN ('center1', 'authority1')")
        db.commit()
    life = office.life
    case = life.life(life.objection("2026-03-02"), "2026-03-02", "window1:accept window1:transfer center1:receive")
    office.ok(f"objection request_extension {case} --set days=5 --set reason=x", who="center1")
    office.ok(f"objection report {case} --set outcome=upheld", who="center1")
    for action in ("approve", "grant_extension", "deny_extension --set reason=x"):
        error = office.refused(3, f"objection {action.split()[0]} {case} {' '.join(action.split()[1:])}", who="center1")
        assert error["code"] == "four_eyes"
    assert set(office.ok(f"case show {case}", who="center1")["actions"]).isdisjoint({"approve", "grant_extension"})
    assert office.ok(f"objection grant_extension {case}", who="authority1")["fields"]["extension"] == "granted"
    assert office.ok(f"objection approve {case}", who="authority1")["state"] == "approved"


@pytest.mark.parametrize(
    ("correction", "code"),
    [
        ('{"content": "已更正"}', 0), ('{"title": "改", "valid_until": "2026-06-30"}', 0), ("nonsense", 2), ("[]", 2), ("{}", 2),
        ('{"record_no": "R-9"}', 2), ('{"subject_id": "1"}', 2), ('{"content": ""}', 2), ('{"valid_from": "soon"}', 2),
        ('{"open_class": "E"}', 2), ('{"valid_until": "2020-01-01"}', 2),
    ],
)  # fmt: skip
def test_corrections(office: Office, correction: str, code: int) -> None:
    life = office.life
    case = life.life(life.objection("2026-03-02"), "2026-03-02", "window1:accept window1:transfer center1:receive")
    answer = office(
        f"objection report {case} --set outcome=corrected --set",
        f"correction={correction}",
        who="center1",
        at="2026-03-02",
    )
    assert answer.code == code, answer.err + answer.out
    if code:
        assert office.ok("record show R-1")["content"] == "欠税1元"


def test_a_correction_only_where_something_is_corrected(office: Office) -> None:
    life = office.life
    case = life.life(life.objection("2026-03-02"), "2026-03-02", "window1:accept window1:transfer center1:receive")
    error = office.refused(2, f"objection report {case} --set outcome=corrected", who="center1")
    assert error["details"]["missing"] == ["correction"]
    office.refused(
        2, f"objection report {case} --set outcome=upheld --set", 'correction={"content": "x"}', who="center1"
    )
    assert office.refused(2, f"objection report {case}", who="center1")["details"]["missing"] == ["outcome"]


def test_another_outcome_restores_what_was_corrected(office: Office) -> None:
    life = office.life
    case = life.life(life.objection("2026-03-02"), "2026-03-02", "window1:accept window1:transfer center1:receive")
    office.ok(f"objection report {case} --set outcome=corrected --set", 'correction={"content": "无"}', who="center1")
    office.ok(f"objection return {case} --set reason=x", who="authority1")
    assert office.ok("record show R-1")["content"] == "无"
    office.ok(f"objection report {case} --set outcome=upheld", who="center1")
    assert office.ok("record show R-1")["content"] == "欠税1元"
    assert office.ok("audit verify")["ok"] is True


@pytest.mark.parametrize(("day", "code"), [("2026-03-02", 3), ("2026-03-03", 0), ("2026-03-04", 0), ("2026-03-05", 3)])
def test_the_day_of_receipt(office: Office, day: str, code: int) -> None:
    life = office.life
    case = life.life(life.objection("2026-03-02"), "2026-03-03", "window1:accept window1:transfer")
    answer = office(f"objection receive {case} --set received_on={day}", who="center1", at="2026-03-04")
    assert answer.code == code
    if code:
        assert day in answer.error["message"]
    else:
        mark = {d["id"]: d for d in answer.json["deadlines"]}["same_day_mark"]
        assert (mark["due"], mark["status"]) == (day, "met" if day == "2026-03-04" else "met_late")


def test_a_case_in_another_workflow_is_not_found(office: Office) -> None:
    office.ok("objection submit --record R-1 --set reason=x")
    assert office.refused(4, f"marking accept {O1}")["code"] == "no_case"
    assert office.refused(4, f"revocation submit --parent {O1}")["code"] == "no_case"
    assert office.refused(2, "marking submit --set reason=x")["details"]["missing"] == ["--parent"]
    assert office.refused(2, "objection submit --set reason=x")["details"]["missing"] == ["--record"]


def test_values_and_notes_are_taken_as_they_are(office: Office) -> None:
    odd = "--json --as x [red]'\"$(rm) %s {0} 逗号，\\n 😀"
    case = office.ok("objection submit --record R-1 --all-materials", "--set", f"reason={odd}", "--note", "--db [bold]")
    assert case["fields"]["reason"] == odd
    assert office.ok(f"case history {O1}")["events"][0]["data"]["note"] == "--db [bold]"
    shown = office.text(f"case show {O1}") + office.text(f"case history {O1}")
    assert "[red]" in shown
    assert "[bold]" in shown


def test_actions_shown_are_those_that_are_open(office: Office) -> None:
    case = office.life.life(office.life.objection("2026-03-02"), "2026-03-02", "window1:accept window1:archive")
    for who in ("provider1", "admin1", "clerk1", "user1", "site1"):  # they may not know of it
        assert office.refused(4, f"case show {case}", who=who)["code"] == "no_case"
    for who in ("window1", "center1", "authority1", "supervisor1", "auditor1"):
        shown = set(office.ok(f"case show {case}", who=who)["actions"])
        group = ["accept", "reject", "transfer", "receive", "consult", "respond", "report", "return", "approve", "notify",
                 "collect", "request_extension", "grant_extension", "deny_extension", "archive", "withdraw"]  # fmt: skip
        for action in group:
            found = office(f"objection {action} {case} --check --all-materials", who=who, at="2026-03-02").json
            codes = {g["code"] for g in found["grounds"]} - {"missing_values", "material"}
            assert (action in shown) == (not codes), (who, action)


def test_cases_are_assigned_within_the_unit(office: Office) -> None:
    case = office.life.objection("2026-03-02")
    assert office.ok(f"case assign {case} window2", who="supervisor1")["assignee"] == "window2"
    assert office.refused(4, f"case assign {case} nobody", who="supervisor1")["code"] == "no_account"
    assert [c["case"] for c in office.ok("todo", who="window2")["cases"]] == [case]
    assert office.ok("todo", who="window1")["cases"] == []
    office.ok(f"objection reject {case} --set grounds=x --set ground=materials", who="window2")
    assert office.refused(3, f"case assign {case} window1", who="supervisor1")["code"] == "state"
