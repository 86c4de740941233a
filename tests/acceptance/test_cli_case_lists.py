"""What a list of cases is narrowed by, and its pages (RULES.md §11: 附件2·八(一); 附件3·五(二))."""

from __future__ import annotations

from typing import Any

import pytest

from credit_workflow.casework.cases import listing
from tests.acceptance.conftest import Office
from tests.acceptance.paperwork import ID
from tests.acceptance.test_cli_looks import entries, looks
from tests.acceptance.test_cli_query import P

OTHER = P["other"]
R1, R2, R4 = (f"OBJ-2026-00000{n}" for n in (1, 2, 3))


@pytest.fixture
def office(office: Office) -> Office:
    """With three objections, the first withdrawn, the second given to somebody."""
    for record in ("R-1", "R-2", "R-4"):
        office.ok(f"objection submit --record {record} --set reason=有误 --all-materials")
    office.ok(f"objection withdraw {R1} --material withdrawal_request")
    office.ok(f"case assign {R2} window2", who="supervisor1")
    return office


def listed(office: Office, options: str = "", *, who: str = "window1", at: str = "2026-03-02") -> list[str]:
    return [case["case"] for case in office.ok(f"case list {options}", who=who, at=at)["cases"]]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("", [R1, R2, R4]),
        ("--open", [R2, R4]),
        ("--assignee window2", [R2]),
        ("--assignee window1", []),
        ("--record R-4", [R4]),
        ("--record R-77", []),
        ("--number 00003", [R4]),
        ("--number obj-2026", [R1, R2, R4]),
        ("--number 2026_0", []),
        (f"--subject {ID}", [R1, R2]),
        (f"--subject {ID} --open", [R2]),
        (f"--subject {OTHER} --record R-1", []),
    ],
)
def test_a_list_is_narrowed(office: Office, options: str, expected: list[str]) -> None:
    assert listed(office, options) == expected


def test_an_assignment_that_has_ended_by_date_finds_nothing(office: Office) -> None:
    office.ok(f"objection accept {R2} --all-materials", who="window2")
    office.ok(f"objection transfer {R2}", who="window2")
    assert listed(office, "--assignee window2") == []


def test_a_person_is_searched_for_by_whoever_sees_persons_alone(office: Office) -> None:
    for who in ("supervisor1", "auditor1", "authority1"):
        assert listed(office, who=who) == [R1, R2, R4]
        assert listed(office, f"--subject {ID}", who=who) == [], "a search would say whose the cases are"
    assert listed(office, f"--subject {ID}", who="center1") == [R1, R2]
    assert office.refused(2, "case list --subject 330106199003070015")["code"] == "subject_id"


def test_a_search_for_a_person_is_a_look_also_where_nothing_comes(office: Office) -> None:
    before = len(looks(office))
    office.ok(f"case list --subject {ID} --open --purpose 复议答辩")
    office.text(f"case list --subject {ID}", who="admin1")
    found, nothing = looks(office, "--subject", ID)[-2:]
    assert (found["account"], found["cases"], found["purpose"], found["about"]) == (
        "window1", [R2], "复议答辩", "3301**********0014",
    )  # fmt: skip
    assert (nothing["account"], nothing["cases"]) == ("admin1", [])
    assert len(looks(office)) == before + 2
    assert entries(office)[-2]["data"]["criteria"] == {"open": "True"}
    assert ID not in str(entries(office))
    assert office.ok("audit verify", who="")["ok"] is True


def test_pages_follow_each_other_whatever_has_changed(office: Office) -> None:
    first = office.ok("case list --limit 2")
    assert list(first) == ["cases", "next"]
    assert [case["case"] for case in first["cases"]] == [R1, R2]
    office.ok(f"objection withdraw {R2} --material withdrawal_request", who="window2")
    office.ok("objection submit --record Y-1 --set reason=有误 --filed-on 2026-02-27 --filed-late 下班前收到")
    rest = office.ok("case list --limit 2", "--after", first["next"])
    assert [case["case"] for case in rest["cases"]] == [R4]
    assert rest["next"] is None
    assert office.ok("case list --limit 4")["next"] is None
    assert office.ok("case list")["next"] is None


@pytest.mark.parametrize("at_once", [1, 200])
def test_pages_leave_out_what_is_not_seen_and_never_end_early(
    office: Office, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(listing, "_AT_ONCE", at_once)
    office.ok(f"objection accept {R4} --all-materials")
    office.ok(f"objection transfer {R4}")
    page: dict[str, Any] = office.ok("case list --role center --limit 1", who="center1")
    assert ([case["case"] for case in page["cases"]], page["next"]) == ([R4], None)
    assert office.ok("case list --limit 1", who="provider1") == {"cases": [], "next": None}


def test_a_screen_says_how_to_go_on(office: Office) -> None:
    following = office.ok("case list --limit 2")["next"]
    assert f"--after {following}" in office.text("case list --limit 2")
    assert "--after" not in office.text("case list --limit 3")


@pytest.mark.parametrize("cursor", ["x", "2026-13-01.OBJ-1", "2026-03-02.", "2026-03-02"])
def test_what_is_no_cursor_is_refused(office: Office, cursor: str) -> None:
    assert office.refused(2, "case list --after", cursor)["code"] == "cursor"
