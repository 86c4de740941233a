"""Assignment: for the role that a case waits for, to people of the unit that has it; and a window keeps to its own cases."""

from __future__ import annotations

import pytest

from tests.acceptance.conftest import Office

CASE = "OBJ-2026-000001"


@pytest.fixture
def filed(office: Office) -> Office:
    office.ok("objection submit --record R-1 --set reason=有误 --all-materials")
    return office


def todo(office: Office, who: str) -> list[str]:
    return [case["case"] for case in office.ok("todo", who=who)["cases"]]


def test_an_assignment_ends_when_the_case_waits_for_another_role(filed: Office) -> None:
    assert filed.ok(f"case assign {CASE} window2", who="supervisor1")["assignee"] == "window2"
    assert (todo(filed, "window1"), todo(filed, "window2")) == ([], [CASE])
    assert filed.ok(f"objection accept {CASE}", who="window2")["assignee"] == "window2"
    filed.ok(f"objection archive {CASE}", who="window2")
    assert filed.ok(f"objection transfer {CASE}", who="window2")["assignee"] is None
    assert (todo(filed, "window2"), todo(filed, "center1")) == ([], [CASE])
    assert filed.ok("audit verify")["ok"] is True


def test_the_centre_s_lead_assigns_to_the_centre_s_staff(filed: Office) -> None:
    for action in ("accept", "archive", "transfer"):
        filed.ok(f"objection {action} {CASE}")
    filed.ok(f"case assign {CASE} center2", who="supervisor2")
    assert (todo(filed, "center1"), todo(filed, "center2")) == ([], [CASE])
    error = filed.refused(3, f"case assign {CASE} window2", who="supervisor1")
    assert error["code"] == "cannot_act"  # the centre has it now


def test_nobody_is_assigned_who_could_not_act(filed: Office) -> None:
    for account in ("supervisor1", "center1", "provider1"):
        filed.refused(3, f"case assign {CASE} {account}", who="supervisor1")
    filed.refused(4, f"case assign {CASE} nobody", who="supervisor1")
    # another unit's lead, for whose people it does not wait, is not told of it
    assert filed.refused(4, f"case assign {CASE} window1", who="supervisor2")["code"] == "no_case"
    assert filed.ok(f"case show {CASE}")["assignee"] is None


def test_withdrawing_needs_the_signed_request_by_itself(filed: Office) -> None:
    error = filed.refused(3, f"objection withdraw {CASE} --all-materials")
    assert [g["material"] for g in error["details"]["grounds"]] == ["withdrawal_request"]
    assert filed.ok(f"objection withdraw {CASE} --material withdrawal_request")["state"] == "withdrawn"
