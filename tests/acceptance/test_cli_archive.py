"""Transfer lists, retention, disposal and borrowing, by the real command (附件1·七, 附件2·八)."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from credit_workflow.casework.acting import Form
from credit_workflow.errors import Refused
from tests import where
from tests.acceptance.conftest import Office
from tests.property.lives import numbers

P = numbers()
A1, L1 = "ARC-2026-000001", "LOAN-2026-000001"
O1, O2 = "OBJ-2026-000001", "OBJ-2026-000002"
LIST = "archive submit --set keeper=王五"


def grounds(error: dict[str, Any]) -> set[str]:
    return {ground["code"] for ground in error["details"]["grounds"]}


def deadline(case: dict[str, Any], name: str) -> tuple[str, str]:
    (found,) = [d for d in case["deadlines"] if d["id"] == name]
    return found["status"], found["due"]


@pytest.fixture
def filed(office: Office) -> Office:
    """An objection and a query whose materials were filed on 2 March, and an objection whose were not."""
    scan = office.folder / "form.png"
    scan.write_bytes(b"a scan of the form")
    life = office.life
    life.objection("2026-03-02")
    office.ok(f"objection accept {O1} --material", f"objection_form={scan}")
    office.ok(f"objection archive {O1} --set shelf_mark=甲-1")
    life.life(life.objection("2026-03-02", "R-2"), "2026-03-02", "window1:accept")
    office.ok(f"query submit --subject {P['adult']} --set purpose=贷款 --all-materials")
    office.ok("query accept QRY-2026-000001")
    office.ok("query archive QRY-2026-000001")
    return office


@pytest.fixture
def held(filed: Office) -> Office:
    filed.ok(LIST, at="2026-03-31")
    filed.ok(f"archive hand_over {A1}", at="2026-03-31")
    filed.ok(f"archive confirm {A1} --set counted=2", who="center1", at="2026-04-01")
    return filed


def end(office: Office) -> None:
    """Have the cases end whose folders are on the list: what goes on is not disposed of."""
    for workflow, case in (("objection", O1), ("query", "QRY-2026-000001")):
        office.ok(f"{workflow} withdraw {case} --material withdrawal_request", at="2026-04-01")


def test_a_list_has_all_that_is_filed_and_both_sides_confirm_it(filed: Office) -> None:
    case = filed.ok(LIST, at="2026-03-31")
    assert (case["case"], case["state"], case["subject_id"], case["record"]) == (A1, "listed", None, None)
    assert case["fields"]["cases"] == [O1, "QRY-2026-000001"]
    first = case["fields"]["items"][0]
    assert (first["case"], first["filed"], first["shelf_mark"]) == (O1, "2026-03-02", "甲-1")
    digest = hashlib.sha256(b"a scan of the form").hexdigest()
    assert {"kind": "objection_form", "scan": digest} in first["materials"]
    assert filed.ok(f"archive hand_over {A1}", at="2026-03-31")["waits_for"] == ["center"]
    filed.refused(6, f"archive confirm {A1} --set counted=2", at="2026-04-01")
    error = filed.refused(3, f"archive confirm {A1} --set counted=1", who="center1", at="2026-04-01")
    assert (grounds(error), error["details"]["grounds"][0]["listed"]) == ({"agrees"}, 2)
    case = filed.ok(f"archive confirm {A1} --set counted=2", who="center1", at="2026-04-01")
    assert (case["state"], deadline(case, "archive_retention")) == ("held", ("running", "2031-04-01"))
    assert filed.ok("audit verify", who="")["ok"] is True


def test_nothing_is_on_two_lists_unless_the_first_was_sent_back(filed: Office) -> None:
    filed.ok(LIST)
    assert filed.refused(3, LIST)["code"] == "none_to_list"
    error = filed.refused(3, f"{LIST} --set cases={O1}")
    assert (grounds(error), error["details"]["grounds"][0]["in"]) == ({"named_twice"}, A1)
    filed.ok(f"archive hand_over {A1}")
    assert filed.ok(f"archive return {A1} --set reason=少一份", who="center1")["state"] == "returned"
    assert filed.ok(f"{LIST} --set cases={O1.lower()}，{O1}")["fields"]["cases"] == [O1]
    assert filed.ok(LIST)["fields"]["cases"] == ["QRY-2026-000001"]


def test_what_is_not_filed_is_overdue_and_on_no_list(filed: Office) -> None:
    error = filed.refused(3, f"{LIST} --set cases={O2},{O1}")
    assert (grounds(error), error["details"]["grounds"][0]["cases"]) == ({"filed"}, [O2])
    rows = filed.ok("overdue", who="supervisor1", at="2026-03-03")["overdue"]
    assert [(r["case"], r["deadline"], r["waiting_for"]) for r in rows] == [(O2, "archive", "window")]
    filed.ok(f"objection archive {O2}", at="2026-03-03")
    assert O2 in filed.ok(LIST, at="2026-03-03")["fields"]["cases"]


@pytest.mark.parametrize(
    ("line", "who", "code"),
    [
        ("archive submit", "window1", 2),
        (LIST, "center1", 6),
        (f"{LIST} --set cases=OBJ-2026-000099", "window1", 4),
        (f"{LIST} --set cases=,", "window1", 2),
        (f"{LIST} --set items=x", "window1", 2),
        (f"{LIST} --record R-1", "window1", 2),
        (f"archive hand_over {A1}", "window1", 4),
        ("borrowing ask --set folders=x --set kind=look --set purpose=x", "window1", 4),
        (f"borrowing ask --parent {O1} --set folders={O1} --set kind=look --set purpose=x", "window1", 4),
        ("borrowing ask --parent ARC-2026-000009 --set folders=x --set kind=look --set purpose=x", "window1", 4),
    ],
)
def test_bad_input_loses_nothing(filed: Office, line: str, who: str, code: int) -> None:
    before = filed.fingerprint()
    assert filed.refused(code, line, who=who)["message"]
    assert filed.fingerprint() == before
    assert filed.ok("audit verify", who="")["ok"] is True


def test_five_years_are_kept_and_disposal_is_approved_by_another(held: Office) -> None:
    end(held)
    assert held.ok(f"case show {A1}", who="center1", at="2031-04-01")["state"] == "held"
    held.refused(3, f"archive request_disposal {A1} --set reason=期满", who="center1", at="2031-04-01")
    case = held.ok(f"case show {A1}", who="center1", at="2031-04-02")
    assert (case["state"], case["recorded"]) == ("due_for_disposal", False)
    assert held.ok("sweep", who="", at="2031-04-02")["fired"]["fall_due"] == 1
    at = "2031-04-03"
    held.refused(3, f"archive dispose {A1} --set method=粉碎 --set witness=赵六", who="center1", at=at)
    held.ok(f"archive request_disposal {A1} --set reason=期满", who="center1", at=at)
    held.refused(6, f"archive approve_disposal {A1}", who="center1", at=at)
    assert (
        held.ok(f"archive deny_disposal {A1} --set reason=有诉讼", who="authority1", at=at)["state"]
        == "due_for_disposal"
    )
    held.ok(f"archive request_disposal {A1} --set reason=诉讼已结", who="center1", at=at)
    held.ok(f"archive approve_disposal {A1}", who="authority1", at=at)
    held.refused(2, f"archive dispose {A1} --set method=粉碎", who="center1", at=at)
    assert held.ok(f"archive dispose {A1} --set method=粉碎 --set witness=赵六", who="center1", at=at)["final"] is True


BORROW = f"borrowing ask --parent {A1} --set folders={O1} --set purpose=行政复议"


def test_borrowing_is_authorised_by_another_and_each_step_is_logged(held: Office) -> None:
    at = "2026-04-02"
    held.refused(2, f"{BORROW} --set kind=borrow", who="auditor1", at=at)
    case = held.ok(f"{BORROW} --set kind=borrow --set return_by=2026-04-10", who="auditor1", at=at)
    assert (case["case"], case["state"], case["parent"], case["fields"]["borrower"]) == (L1, "asked", A1, "auditor1")
    held.refused(3, f"borrowing hand_out {L1}", who="center1", at=at)
    held.refused(6, f"borrowing authorise {L1}", who="center1", at=at)
    held.ok(f"borrowing authorise {L1}", who="authority1", at=at)
    assert grounds(held.refused(3, f"borrowing show {L1}", who="center1", at=at)) == {"not_to_be_taken"}
    case = held.ok(f"borrowing hand_out {L1}", who="center1", at=at)
    assert (case["state"], deadline(case, "return")) == ("out", ("running", "2026-04-10"))
    (row,) = held.ok("overdue --workflow borrowing --kind target", who="authority1", at="2026-04-11")["overdue"]
    assert (row["case"], row["waiting_for"]) == (L1, "borrower")
    held.ok(f"borrowing return {L1} --set condition=完好", who="center1", at="2026-04-12")
    events = held.ok(f"case history {L1}", who="auditor1", at="2026-04-12")["events"]
    assert [(e["action"], e["actor"]) for e in events if "refused" not in e["data"]] == [
        ("ask", "auditor1"), ("authorise", "authority1"), ("hand_out", "center1"), ("return", "center1"),
    ]  # fmt: skip
    assert sum("refused" in e["data"] for e in events) == 3


def test_the_authority_does_not_authorise_its_own_request(held: Office) -> None:
    held.ok(f"{BORROW} --set kind=look", who="authority1", at="2026-04-02")
    assert grounds(held.refused(3, f"borrowing authorise {L1}", who="authority1", at="2026-04-02")) == {"four_eyes"}
    held.ok(f"borrowing authorise {L1}", who="authority2", at="2026-04-02")
    assert grounds(held.refused(3, f"borrowing hand_out {L1}", who="center1", at="2026-04-02")) == {"to_be_taken"}
    assert held.ok(f"borrowing show {L1}", who="center1", at="2026-04-02")["state"] == "done"


def test_copies_are_counted_and_a_folder_that_is_out_is_not_handed_out_again(held: Office) -> None:
    at = "2026-04-02"
    held.ok(f"{BORROW} --set kind=copy", at=at)
    held.ok(f"borrowing authorise {L1}", who="authority1", at=at)
    held.refused(2, f"borrowing show {L1}", who="center1", at=at)
    assert held.ok(f"borrowing show {L1} --set copies=3", who="center1", at=at)["fields"]["copies"] == 3
    for number in (2, 3):
        loan = f"LOAN-2026-00000{number}"
        held.ok(f"{BORROW} --set kind=borrow --set return_by=2026-04-10", at=at)
        held.ok(f"borrowing authorise {loan}", who="authority1", at=at)
    held.ok("borrowing hand_out LOAN-2026-000002", who="center1", at=at)
    assert grounds(held.refused(3, "borrowing hand_out LOAN-2026-000003", who="center1", at=at)) == {"not_out"}


def test_what_is_not_on_the_list_can_not_be_borrowed_from_it(held: Office) -> None:
    error = held.refused(3, BORROW.replace(O1, O2) + " --set kind=look", at="2026-04-02")
    assert (grounds(error), error["details"]["grounds"][0]["folders"]) == (
        {"on_the_list", "filed"},
        [O2],
    )


def test_nothing_is_destroyed_while_a_folder_is_out_and_open_requests_lapse(held: Office) -> None:
    end(held)
    at, loan = "2031-04-02", "LOAN-2031-000001"
    held.ok(f"{BORROW} --set kind=borrow --set return_by=2031-05-01", at=at)
    held.ok(f"borrowing authorise {loan}", who="authority1", at=at)
    held.ok(f"borrowing hand_out {loan}", who="center1", at=at)
    assert grounds(held.refused(3, f"archive request_disposal {A1} --set reason=期满", who="center1", at=at)) == {
        "all_back"
    }
    held.ok(f"borrowing return {loan}", who="center1", at=at)
    held.ok(f"{BORROW} --set kind=look", at=at)
    held.ok(f"archive request_disposal {A1} --set reason=期满", who="center1", at=at)
    held.ok(f"archive approve_disposal {A1}", who="authority1", at=at)
    held.ok(f"archive dispose {A1} --set method=粉碎 --set witness=赵六", who="center1", at=at)
    assert held.ok("case show LOAN-2031-000002", at=at)["state"] == "lapsed"
    assert grounds(held.refused(3, f"{BORROW} --set kind=look", at=at)) == {"there"}


def test_the_screens_say_what_a_person_needs(held: Office) -> None:
    shown = held.text(f"case show {A1}", who="center1", at="2026-04-02")
    assert "市信用中心保管中" in shown
    assert O1 in shown
    assert "申请人：" not in shown
    assert A1 in held.text("case list --workflow archive", at="2026-04-02")
    assert "档案保管期" in held.text(f"case explain {A1}", at="2026-04-02")


def test_whoever_holds_both_roles_does_not_approve_the_disposal_asked_for(held: Office) -> None:
    end(held)
    service, day = held.life, "2031-04-02"
    both = service.has_roles("both", "center", "authority")
    service.act(both, day, A1, "request_disposal", Form(given={"reason": "期满"}))
    for action, given in (("approve_disposal", {}), ("deny_disposal", {"reason": "不同意"})):
        with pytest.raises(Refused) as caught:
            service.act(both, day, A1, action, Form(given=given))
        assert caught.value.code == "four_eyes"
    assert held.ok(f"archive approve_disposal {A1}", who="authority1", at="2031-04-03")["state"] == "disposal_approved"


SCAN = f"case scan {O1} objection_form --purpose 复核 --to"


def loan(office: Office, kind: str, at: str, more: str = "") -> str:
    """Borrow the first folder for ``center1``, whether or not it is on a list; return the loan's number."""
    line = f"borrowing ask --set folders={O1} --set kind={kind} --set purpose=复核 {more}"
    number: str = office.ok(line, who="center1", at=at)["case"]
    return number


def test_a_scan_of_what_is_filed_is_taken_out_by_its_borrower_alone(filed: Office) -> None:
    taken = (str(filed.folder / f"{n}.png") for n in range(9))
    error = filed.refused(3, f"{SCAN} {next(taken)}", who="center1", at="2026-03-03")
    assert (error["code"], error["source"]) == ("not_borrowed", "附件1·七(四)，附件2·八(二)")
    number = loan(filed, "copy", "2026-03-03")
    filed.refused(3, f"{SCAN} {next(taken)}", who="center1", at="2026-03-03")  # asked for only
    filed.ok(f"borrowing authorise {number}", who="authority1", at="2026-03-03")
    filed.ok(f"{SCAN} {next(taken)}", who="center1", at="2026-03-03")
    filed.refused(3, f"{SCAN} {next(taken)}", who="center2", at="2026-03-03")  # another's loan
    filed.ok(f"borrowing show {number} --set copies=1", who="center1", at="2026-03-04")
    filed.refused(3, f"{SCAN} {next(taken)}", who="center1", at="2026-03-04")  # it has ended
    number = loan(filed, "borrow", "2026-03-04", "--set return_by=2026-03-06")
    filed.ok(f"borrowing authorise {number}", who="authority1", at="2026-03-04")
    filed.ok(f"borrowing hand_out {number}", who="window1", at="2026-03-05")
    filed.ok(f"{SCAN} {next(taken)}", who="center1", at="2026-03-06")
    filed.refused(3, f"{SCAN} {next(taken)}", who="center1", at="2026-03-07")  # it was to be returned
    assert filed("audit verify").json["ok"] is True


def test_scans_are_destroyed_with_their_folders(held: Office) -> None:
    end(held)
    kept = [path for path in where.beside(held.database, "scans").rglob("*") if path.is_file()]
    assert len(kept) == 1
    number = "2031-04-07"
    held("sweep", at="2031-04-02")
    held.ok(f"archive request_disposal {A1} --set reason=期满", who="center1", at=number)
    held.ok(f"archive approve_disposal {A1}", who="authority1", at=number)
    assert kept[0].exists()
    case = held.ok(f"archive dispose {A1} --set method=粉碎 --set witness=赵", who="center1", at=number)
    assert [row["case"] for row in case["fields"]["destroyed"]] == [O1]
    assert not kept[0].exists()
    error = held.refused(3, f"{SCAN} {held.folder / 'x.png'}", who="center1", at=number)
    assert (error["code"], error["details"]["case"]) == ("destroyed", A1)
    assert held("audit verify").json["ok"] is True


def test_a_folder_whose_case_goes_on_is_not_disposed_of(held: Office) -> None:
    held("sweep", at="2031-04-02")
    error = held.refused(3, f"archive request_disposal {A1} --set reason=期满", who="center1", at="2031-04-07")
    assert grounds(error) == {"ended"}
