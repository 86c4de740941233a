"""Filed folders are handed over to the centre every quarter: each unit's own duty, met by its hand-over (附件1·七(二), 附件2·八(二))."""

from __future__ import annotations

from typing import Any

import pytest

from credit_workflow.casework.journal.running_entries import TurnOpened
from tests import where
from tests.acceptance.conftest import Office
from tests.acceptance.test_cli_archive import grounds

QUARTER = "2026-04-01"
O1, O2, O3 = (f"OBJ-2026-00000{n}" for n in (1, 2, 3))


@pytest.fixture
def windows(office: Office) -> Office:
    """Two windows that have filed one folder each, of which the second has a unit of its own."""
    for line in ("apply west --set unit=西湖服务窗口 --set roles=window", "train west --set training=x",
                 "activate west --set agreement_signed=true"):  # fmt: skip
        office.ok(f"account {line}", who="admin1")
    for case, who, record in ((O1, "window1", "R-1"), (O2, "west", "R-2")):
        office.ok(f"objection submit --record {record} --set reason=有误 --all-materials", who=who)
        office.ok(f"objection accept {case}", who=who)
        office.ok(f"objection archive {case}", who=who)
    return office


def due(office: Office, at: str = QUARTER) -> list[dict[str, Any]]:
    """The duties to hand over that are open, by unit."""
    assert office("sweep --duties", at=at).json["failed"] == []
    listed = office.ok("case list --workflow duty --limit 500", who="center1", at=at)["cases"]
    cases = [office.ok(f"case show {case['case']}", who="center1", at=at) for case in listed]
    return sorted(
        (c for c in cases if c["fields"]["kind"] == "handing_over" and not c["final"]), key=lambda c: str(c["unit"])
    )


def hand_over(office: Office, who: str, at: str) -> str:
    case = office.ok("archive submit --set keeper=王管", who=who, at=at)["case"]
    office.ok(f"archive hand_over {case}", who=who, at=at)
    return str(case)


def test_each_unit_owes_the_hand_over_of_its_own_folders(windows: Office) -> None:
    duties = due(windows)
    assert [(c["unit"], c["fields"]["folders"]) for c in duties] == [("服务窗口", [O1]), ("西湖服务窗口", [O2])]
    for case in duties:
        assert (case["opened"], case["waits_for"]) == (QUARTER, ["window"])
        assert [(d["id"], d["kind"], d["due"]) for d in case["deadlines"]] == [("goal", "target", "2026-06-30")]
    own, other = (case["case"] for case in duties)
    for who, seen, hidden in (("window1", own, other), ("west", other, own)):
        todo = [case["case"] for case in windows.ok("todo", who=who, at=QUARTER)["cases"]]
        assert (seen in todo, hidden in todo) == (True, False)
        windows.refused(4, f"case show {hidden}", who=who, at=QUARTER)
    assert own not in [case["case"] for case in windows.ok("todo", who="center1", at=QUARTER)["cases"]]
    for who, unit, case in (("window1", "服务窗口", own), ("west", "西湖服务窗口", other)):
        told = windows.ok("notify list", who=who, at=QUARTER)["notices"]
        assert [(n["case"], n["to"], n["unit"]) for n in told if n["paper"] == "folders_due"] == [
            (case, "window", unit)
        ]
    assert windows.ok("audit verify", at=QUARTER)["ok"] is True


def test_it_is_met_by_the_list_that_was_handed_over(windows: Office) -> None:
    own, other = (case["case"] for case in due(windows))
    line = f"duty record {own} --set result=移交一份 --set lists="
    west = hand_over(windows, "west", "2026-04-10")
    error = windows.refused(3, f"{line}{west}", at="2026-04-10")
    assert grounds(error) == {"handed_over"}
    assert O1 in error["message"]
    mine = hand_over(windows, "window1", "2026-04-10")
    assert windows.ok(f"{line}{mine}", at="2026-04-10")["state"] == "done"
    assert [case["case"] for case in due(windows, "2026-04-11")] == [other]
    assert windows.ok("audit verify", at="2026-04-11")["ok"] is True


def test_what_is_not_handed_over_in_the_quarter_is_a_target_missed(windows: Office) -> None:
    own, _ = (case["case"] for case in due(windows))
    windows("sweep", at="2026-07-01")
    missed = windows.ok("overdue --kind target", who="supervisor1", at="2026-07-01")["overdue"]
    assert own in [row["case"] for row in missed]


def test_a_unit_that_has_handed_all_over_owes_nothing(windows: Office) -> None:
    hand_over(windows, "window1", "2026-03-20")
    (left,) = due(windows)
    assert left["unit"] == "西湖服务窗口"
    hand_over(windows, "west", "2026-04-20")
    windows.ok(f"duty record {left['case']} --set result=移交 --set lists=ARC-2026-000002", who="west", at="2026-04-20")
    assert due(windows, "2026-07-01") == []
    with where.database(windows.database).reading() as db:
        turns = [line.said for line in db.journal.of(TurnOpened) if line.said.duty == "duty:handing_over"]
    assert [(t.first.isoformat(), t.case) for t in turns] == [
        ("2026-01-01", None),
        (QUARTER, left["case"]),
        ("2026-07-01", None),
    ]
    assert windows.ok("audit verify", at="2026-07-01")["ok"] is True
