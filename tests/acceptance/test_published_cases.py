"""Cases, as published: what an action answers, refuses, and leaves as it was."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256

import pytest

from tests import where
from tests.acceptance.conftest import ROOT, Command
from tests.integration.helpers import TO_COLLECTED, TO_MARKED, WORKFLOWS, Service

O1 = "OBJ-2026-000001"
CASE_FIELDS = {
    "case", "workflow", "definition_version", "version", "state", "final", "subject_id", "record", "parent", "children",
    "opened", "overdue", "deadlines", "fields", "materials", "actions",
}  # fmt: skip
DEADLINE_FIELDS = {
    "id", "kind", "status", "starts", "due", "original_due", "met", "days_left", "provisional", "source",
}  # fmt: skip


def test_an_objection_from_application_to_the_record_in_processing(service: Command) -> None:
    case = service.ok("objection submit --record R-1 --set reason=不是我 --all-materials")
    assert case.keys() >= CASE_FIELDS
    assert (case["case"], case["state"], case["version"], case["opened"]) == (O1, "submitted", 1, "2026-03-02")
    assert case["subject_id"] == "3301**********0014"
    (handling,) = case["deadlines"]
    assert handling.keys() >= DEADLINE_FIELDS
    assert (handling["id"], handling["due"], handling["days_left"], handling["status"]) == (
        "handling",
        "2026-04-01",
        30,
        "running",
    )
    assert "accept" in case["actions"]
    service.ok(f"objection accept {O1}")
    service.ok(f"objection transfer {O1}")
    case = service.ok(f"objection receive {O1}", who="center1")
    assert (case["state"], case["actions"]) == ("verifying", ["consult", "report", "request_extension"])
    seen = service.ok("record show R-1", who="center1")
    assert (seen["usable"], seen["content"]) == (False, "欠税1元")
    assert [(m["kind"], m["case"], m["last_day"]) for m in seen["marks"]] == [("processing", O1, None)]
    assert service.ok("record show R-1", who="provider1")["content"] == "欠税1元"  # its own unit's
    withheld = service.ok("record show R-1", who="user1")  # sees records by a look-up alone
    assert (withheld["usable"], withheld["content"]) == (False, None)
    service.refused(6, "record show R-1", who="auditor1")
    history = service.ok(f"case history {O1}", who="auditor1")
    assert [e["action"] for e in history["events"]] == ["submit", "accept", "transfer", "receive"]
    first = history["events"][0]
    assert first.keys() >= {"seq", "at", "effective", "actor", "role", "action", "from", "to", "data", "hash"}
    assert first["at"] == "2026-03-02T00:00:00+08:00"


def test_a_refusal_names_all_grounds_and_changes_nothing(service: Command) -> None:
    service.ok("objection submit --record R-1 --set reason=x --set resident=false --material id_card")
    before = service.ok(f"case show {O1}")
    answer = service(f"objection accept {O1}", who="window1", at="2026-03-02")
    assert answer.code == 3
    grounds = answer.error["details"]["grounds"]
    assert [g["code"] for g in grounds] == ["identity_unchecked", "resident", "material", "material"]
    assert all(g["message"] and g["source"] for g in grounds)
    assert service.ok(f"case show {O1}") == before
    checked = service.ok(f"objection accept {O1} --check")
    assert (checked["allowed"], len(checked["grounds"]), checked["materials"]) == (
        False,
        4,
        ["objection_form", "evidence"],
    )
    assert service.ok(f"case show {O1}") == before


def test_a_case_that_has_changed_is_exit_5(service: Command) -> None:
    service.ok("objection submit --record R-1 --set reason=x --all-materials")
    service.ok(f"objection accept {O1} --expect-version 1")
    answer = service(f"objection transfer {O1} --expect-version 1", who="window1", at="2026-03-02")
    assert (answer.code, answer.error["code"]) == (5, "conflict")


def test_two_processes_on_one_case(service: Command) -> None:
    service.ok("objection submit --record R-1 --set reason=x --all-materials")
    environment = {**os.environ, "CREDIT_WORKFLOW_DB": where.url(service.database), "PYTHONPATH": str(ROOT)}
    words = ["objection", "accept", O1, "--as", "window1", "--at", "2026-03-02", "--expect-version", "1", "--json"]
    both = [
        subprocess.Popen(
            [sys.executable, "-m", "credit_workflow", *words], env=environment, stdout=-1, stderr=-1, text=True
        )
        for _ in range(2)
    ]
    answers = [process.communicate() for process in both]
    assert sorted(process.returncode for process in both) == [0, 5]
    assert not any("locked" in err for _, err in answers)
    assert service.ok(f"case show {O1}")["version"] == 2


def test_a_scan_is_kept_by_its_content_and_gone_after_a_refusal(service: Command) -> None:
    scan = service.folder / "身份证.pdf"
    scan.write_bytes(b"%PDF scan")
    refused = service("objection submit --record R-1", "--material", f"id_card={scan}", who="window1", at="2026-03-02")
    assert refused.code == 2
    folder = service.beside("scans")
    assert not folder.exists() or not list(folder.iterdir())
    case = service.ok("objection submit --record R-1 --set reason=x", "--material", f"id_card={scan}")
    (material,) = case["materials"]
    assert [file.name for file in folder.iterdir()] == [material["scan"]] == [sha256(b"%PDF scan").hexdigest()]
    service.ok(f"case scan {O1} id_card --to out.pdf --purpose 复核")
    assert (service.folder / "out.pdf").read_bytes() == b"%PDF scan"


def test_all_materials_does_not_stand_for_the_proof_of_guardianship(service: Command) -> None:
    service.ok("objection submit --record R-1 --set reason=x --set guardian=母亲 --all-materials")
    answer = service(f"objection accept {O1} --all-materials", who="window1", at="2026-03-02")
    assert [g["material"] for g in answer.error["details"]["grounds"]] == ["guardianship"]
    assert service.ok(f"objection accept {O1} --material guardianship")["state"] == "accepted"


@pytest.mark.usefixtures("databases")
def test_refusals_of_a_repeat_and_of_a_late_marking(command: Command) -> None:
    life = Service(command.database)
    life.life(life.objection("2026-03-02"), "2026-03-03", TO_COLLECTED)
    life.objection("2026-03-04")
    life.follow("marking", O1, "2026-03-11")
    repeat = command("objection accept OBJ-2026-000002", who="window1", at="2026-03-11")
    assert (repeat.code, repeat.error["source"]) == (3, "附件2·四(二)")
    assert O1 in repeat.error["message"]
    late = command("marking accept MRK-2026-000001", who="window1", at="2026-03-11")
    assert (late.code, late.error["source"]) == (3, "附件2·六(三)")
    assert late.error["details"]["grounds"][0]["last_day"] == "2026-03-10"
    assert (
        command.ok("objection accept OBJ-2026-000002 --set good_ground=新证据", at="2026-03-11")["state"] == "accepted"
    )


@pytest.mark.usefixtures("databases")
def test_an_extension_and_its_explanation(command: Command) -> None:
    life = Service(command.database)
    case = life.life(life.objection("2026-03-02"), "2026-03-02", "window1:accept window1:archive")
    command.ok(f"objection request_extension {case} --set days=5 --set reason=复杂", who="center1", at="2026-03-03")
    assert command(f"objection request_extension {case}", who="window1", at="2026-03-03").code == 6
    granted = command.ok(f"objection grant_extension {case}", who="authority1", at="2026-03-03")
    handling = granted["deadlines"][0]
    assert (handling["original_due"], handling["due"]) == ("2026-04-01", "2026-04-09")
    explained = command.ok(f"case explain {case} handling", at="2026-03-03")["deadlines"][0]
    assert explained["counted"][-1]["date"] == "2026-04-01"
    assert [d["date"] for d in explained["extension"]["counted"] if d["number"]][-1] == "2026-04-09"
    assert [d["name"] for d in explained["extension"]["counted"] if d["kind"] == "holiday"] == ["清明节"] * 3


@pytest.mark.usefixtures("databases")
def test_marking_and_revocation_are_groups_of_their_own(command: Command) -> None:
    life = Service(command.database)
    life.life(life.objection("2026-03-02"), "2026-03-03", TO_COLLECTED)
    mark = command.ok(f"marking submit --parent {O1} --set reason=不服 --all-materials", at="2026-03-04")["case"]
    for step in TO_MARKED.split():
        who, action = step.split(":")
        command.ok(f"{WORKFLOWS[mark[:3]]} {action} {mark}", who=who, at="2026-03-04")
    parent = command.ok(f"case show {O1}", at="2026-03-04")
    assert (parent["state"], parent["children"]) == ("disputed", [mark])
    assert command("marking submit --parent R-1", "--set", "reason=x", who="window1", at="2026-03-04").code == 4


@pytest.mark.usefixtures("databases")
def test_cases_are_assigned_within_the_unit(command: Command) -> None:
    life = Service(command.database)
    life.objection("2026-03-02")
    assert command.ok(f"case assign {O1} window2", who="supervisor1")["assignee"] == "window2"
    assert command(f"case assign {O1} window2", who="window1", at="2026-03-02").code == 6
    assert command.ok("todo", who="window1")["cases"] == []
    assert [c["case"] for c in command.ok("todo", who="window2")["cases"]] == [O1]
