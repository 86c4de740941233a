"""Nothing lies unseen between two desks: handing over and receiving have targets of their own."""

from __future__ import annotations

from typing import Any

from tests.acceptance.conftest import Office

CASE = "OBJ-2026-000001"


def missed(office: Office, at: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = office.ok("overdue --kind target", who="supervisor1", at=at)["overdue"]
    return found


def test_a_case_that_lies_between_window_and_centre_stands_in_the_lists(office: Office) -> None:
    office.ok("objection submit --record R-1 --set reason=有误 --all-materials", at="2026-03-02")
    office.ok(f"objection accept {CASE}", at="2026-03-03")
    office.ok(f"objection archive {CASE}", at="2026-03-03")
    assert missed(office, "2026-03-04") == []
    (late,) = missed(office, "2026-03-22")
    assert (
        late.items() >= {"case": CASE, "deadline": "handing_over", "due": "2026-03-04", "waiting_for": "window"}.items()
    )
    (waiting,) = office.ok("todo", at="2026-03-22")["cases"]
    assert (waiting["case"], waiting["deadline"]) == (CASE, "handling")  # statutory ones stand before targets
    assert office.ok("overdue --kind statutory", who="supervisor1", at="2026-03-22")["overdue"] == []
    shown = office.ok(f"objection transfer {CASE}", at="2026-03-23")
    assert shown["overdue"] is False  # a target is no breach
    (late,) = missed(office, "2026-03-26")
    assert late.items() >= {"deadline": "receipt", "due": "2026-03-24", "waiting_for": "center"}.items()
    (waiting,) = office.ok("todo", who="center1", at="2026-03-26")["cases"]
    assert waiting["case"] == CASE
    office.ok(f"objection receive {CASE}", who="center1", at="2026-03-26")
    assert missed(office, "2026-03-26") == []
