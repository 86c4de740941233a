"""The register of units: kept by the administrator, filled by imports, found by every name that a unit has or had."""

from __future__ import annotations

from typing import Any

import pytest

from credit_workflow.casework.records.importing import COLUMNS
from tests.acceptance.conftest import Office


@pytest.fixture
def office(office: Office) -> Office:
    """With a record of a unit in which nobody works."""
    row = "T-1,natural,330106199003070014,张三,市税务局,B,欠税,欠税1元,2024-01-01,2027-12-31"
    file = office.folder / "tax.csv"
    file.write_text(f"{','.join(COLUMNS)}\n{row}\n", encoding="utf-8")
    office.ok("record import", str(file), who="center1", at="2026-03-01")
    return office


def units(office: Office, more: str = "") -> dict[str, dict[str, Any]]:
    return {unit["name"]: unit for unit in office.ok(f"unit list {more}")["units"]}


def test_the_register_has_the_units_of_accounts_and_of_records(office: Office) -> None:
    known = units(office)
    assert {*known} >= {"服务窗口", "市信用中心", "杭州市城市管理局", "市发改委", "市税务局"}
    assert known["市税务局"] == {
        "name": "市税务局",
        "code": None,
        "former_names": [],
        "kind": None,
        "telephone": None,
        "address": None,
        "complete": False,
    }


def test_a_unit_is_entered_completed_and_renamed(office: Office) -> None:
    added = office.ok(
        "unit add 市住房保障和房产管理局 --code FG01 --kind provider --telephone 0571-1 --address 莫干山路1号",
        who="admin1",
    )
    assert added["complete"] is True
    assert "市住房保障和房产管理局" not in units(office, "--incomplete")
    office.ok("unit change 市税务局 --code SW01 --kind provider", who="admin1")
    changed = office.ok(
        "unit change SW01 --name 国家税务总局杭州市税务局 --telephone 12366 --address 中河中路", who="admin1"
    )
    assert (changed["name"], changed["former_names"], changed["complete"]) == (
        "国家税务总局杭州市税务局",
        ["市税务局"],
        True,
    )
    for name in ("市税务局", "SW01", "国家税务总局杭州市税务局"):
        assert office.ok(f"unit show {name}")["name"] == "国家税务总局杭州市税务局"
    entries = office.ok("audit show", "--purpose=检查", who="auditor1")["entries"]
    assert [(e["action"], e["actor"]) for e in entries if e["log"] == "unit"] == [
        ("entered", "center1"),
        ("added", "admin1"),
        ("changed", "admin1"),
        ("changed", "admin1"),
    ]
    assert office.ok("audit verify")["ok"] is True


def test_names_and_codes_are_told_apart(office: Office) -> None:
    office.ok("unit add 市教育局 --code JY01 --kind provider --former 市教委", who="admin1")
    for line in ("unit add 市教育局", "unit add 市教委", "unit add JY01", "unit change 市税务局 --name 市教委"):
        assert office.refused(3, line, who="admin1")["code"] == "unit_known"
    office.refused(2, "unit change 市教育局 --kind 衙门", who="admin1")
    office.refused(2, "unit change 市教育局 --code JY01", who="admin1")
    error = office.refused(4, "unit show 市教育厅")
    assert error["details"]["nearest"][0] == "市教育局"


def test_only_the_administrator_keeps_it(office: Office) -> None:
    for who in ("window1", "center1", "supervisor1", "provider1", "auditor1"):
        office.refused(6, "unit add 市教育局", who=who)
        office.refused(6, "unit change 市税务局 --code SW01", who=who)


def test_an_account_has_its_person_s_name(office: Office) -> None:
    office.ok("account apply li.ming --set unit=市教育局 --set roles=provider --set person=李明", who="admin1")
    (account,) = [one for one in office.ok("account list", who="admin1")["accounts"] if one["account"] == "li.ming"]
    assert (account["person"], account["unit"]) == ("李明", "市教育局")
    assert "李明" in office.text("account list", who="admin1")


def test_people_of_a_unit_see_what_is_theirs_under_each_of_its_names(office: Office) -> None:
    office.ok("unit change 杭州市城市管理局 --name 杭州市综合行政执法局", who="admin1")
    row = "T-2,natural,330106199003070014,张三,杭州市综合行政执法局,B,占道,占道经营,2024-01-01,2027-12-31"
    file = office.folder / "renamed.csv"
    file.write_text(f"{','.join(COLUMNS)}\n{row}\n", encoding="utf-8")
    office.ok("record import", str(file), who="center1")
    for number, seen in (("R-1", True), ("T-2", True), ("T-1", False)):
        assert (office.ok(f"record show {number}", who="provider1")["content"] is not None) is seen


@pytest.mark.parametrize("name", ["服务窗口", "市民中心窗口"])
def test_a_renamed_unit_is_the_same_in_lists_and_statistics(office: Office, name: str) -> None:
    office.ok("objection submit --record R-1 --set reason=有误 --all-materials", at="2026-03-02")
    office.ok("objection accept OBJ-2026-000001", at="2026-03-02")
    office.ok("unit change 服务窗口 --name 市民中心窗口", who="admin1", at="2026-03-03")
    office.ok("objection submit --record R-2 --set reason=有误 --all-materials", at="2026-03-04")
    office.ok("objection accept OBJ-2026-000002", at="2026-03-04")
    both = ["OBJ-2026-000001", "OBJ-2026-000002"]
    at = "2026-03-20"

    def found(line: str, who: str = "window1") -> list[str]:
        (rows,) = (rows for rows in office.ok(line, who=who, at=at).values() if isinstance(rows, list))
        return [row["case"] for row in rows]

    assert found(f"case list --unit {name}") == both
    assert sorted(found(f"todo --unit {name}")) == both
    assert found(f"overdue --unit {name} --kind statutory", who="supervisor1") == both
    assert found("overdue --unit 市信用中心 --kind statutory", who="supervisor1") == []
    told = office.ok(f"stats --unit {name}", who="supervisor1", at=at)
    assert told["unit"] == name
    assert [(row["unit"], row["filed"]) for row in told["units"]] == [("市民中心窗口", 2)]
    assert office.ok("stats", who="supervisor1", at=at)["units"] == told["units"]
    (unit,) = office.ok("digest", who="supervisor1", at=at)["units"]
    assert (unit["unit"], len(unit["overdue"])) == ("市民中心窗口", 2)


def test_a_renamed_provider_is_one_in_the_statistics(office: Office) -> None:
    for n, record in enumerate(("R-1", "R-2"), 1):
        case = f"OBJ-2026-00000{n}"
        office.ok(f"objection submit --record {record} --set reason=有误 --all-materials")
        office.ok(f"objection accept {case}")
        office.ok(f"objection transfer {case}")
        office.ok(f"objection receive {case}", who="center1")
        office.ok(f"objection consult {case} --set question=是否属实", who="center1")
        if n == 1:
            office.ok("unit change 杭州市城市管理局 --name 杭州市综合行政执法局", who="admin1")
    rows = office.ok("stats --by provider", who="supervisor1")["providers"]
    assert {row["provider"] for row in rows} == {"杭州市综合行政执法局"}
