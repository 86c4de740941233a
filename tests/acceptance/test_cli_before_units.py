"""A practice database made before there was a register of units, with cases in every stage, goes on by its versions.

`tests/data/before_units.zip` was written by the program of commit fb7c65f (its accounts are all of one unit, and a
consultation is a state of the objection), with the keys of that practice database: nothing of it is made anew here.
"""

from __future__ import annotations

import zipfile

import pytest

from tests.acceptance.conftest import ROOT, Command

OLD = ROOT / "tests" / "data" / "before_units.zip"
DAY = "2026-03-03T10:00"
STEPS = {
    "accept": ("window1", "--all-materials"),
    "transfer": ("window1",),
    "receive": ("center1",),
    "consult": ("center1", "--set", "question=金额对吗"),
    "respond": ("provider1", "--set", "finding=对"),
    "report": ("center1", "--set", "outcome=upheld"),
    "approve": ("authority1",),
    "notify": ("window1", "--set", "channel=电话"),
    "collect": ("window1", "--set", "collected_by=本人"),
}
#: The objections of the database, each with the step that it waits for.
WAITING = {1: "accept", 2: "transfer", 3: "receive", 4: "consult", 5: "respond", 6: "report", 7: "approve",
           8: "notify", 9: "collect"}  # fmt: skip


@pytest.fixture
def before(command: Command) -> Command:
    """The command on that database, which is a file whatever the other tests run on."""
    with zipfile.ZipFile(OLD) as packed:
        packed.extractall(command.folder)
    command.environment |= {
        "CREDIT_WORKFLOW_DB": str(command.folder / "cases.db"),
        "CREDIT_WORKFLOW_KEYS": str(command.folder / "keys"),
    }
    return command


def test_it_verifies_and_every_case_is_shown_explained_and_counted(before: Command) -> None:
    verified = before.ok("audit verify", who="", at=DAY)
    assert verified.items() >= {"ok": True, "events": 155, "cases": 37, "records": 20}.items()
    numbers = {
        case["case"] for who in ("center1", "authority1") for case in before.ok("case list", who=who, at=DAY)["cases"]
    }
    assert len(numbers) == 37
    for number in sorted(numbers):
        for way in ("show", "history", "explain"):
            before.ok(f"case {way} {number}", who="authority1", at=DAY)
    before.ok("stats", who="authority1", at=DAY)
    for log in ("query log", "objection log", "marking log"):
        before.ok(log, who="center1", at=DAY)
    before.ok("audit show --purpose 审计", who="auditor1", at=DAY)


@pytest.mark.parametrize("serial", WAITING)
def test_an_objection_goes_on_by_its_version_from_every_stage(before: Command, serial: int) -> None:
    number, steps = f"OBJ-2026-{serial:06}", list(STEPS)
    for step in steps[steps.index(WAITING[serial]) :]:
        who, *more = STEPS[step]
        before.ok(f"objection {step} {number}", *more, who=who, at=DAY)
    ended = before.ok(f"case show {number}", who="center1", at=DAY)
    assert (ended["definition_version"], ended["state"]) == (1, "collected")
    assert before.ok("audit verify", who="", at=DAY)["ok"]
    assert before.ok("sweep", who="", at="2026-04-20")["failed"] == []
    assert before.ok(f"case show {number}", who="center1", at="2026-04-20")["state"] == "closed"


def test_what_is_marked_lent_permitted_and_inspected_goes_on(before: Command) -> None:
    for who, line in (
        ("window1", "marking transfer MRK-2026-000003"),
        ("center1", "marking receive MRK-2026-000003"),
        ("center1", "marking mark MRK-2026-000003"),
        ("window1", "revocation transfer REV-2026-000001"),
        ("center1", "revocation receive REV-2026-000001"),
        ("center1", "revocation revoke REV-2026-000001"),
        ("window1", "query answer QRY-2026-000002"),
        ("authority1", "permission grant PER-2026-000002"),
        ("center1", "borrowing return LOAN-2026-000001"),
        ("window1", "archive hand_over ARC-2026-000002"),
        ("center1", "archive confirm ARC-2026-000002 --set counted=1"),
        ("center1", "inspection carry_out INSP-2026-000001 --set inspectors=甲 --set findings=好"),
        ("center1", "incident investigate INC-2026-000002 --set cause=甲 --set extent=乙"),
    ):
        assert before.ok(line, who=who, at=DAY)["definition_version"] == 1
    for day in ("2026-04-20", "2031-06-01"):
        assert before.ok("sweep", who="", at=day)["failed"] == []
    assert before.ok("audit verify", who="", at="2031-06-01")["ok"]
