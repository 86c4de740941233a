"""The registers of equipment, storage media and contractors, and the duty to go through them (附件3·四(四), 五(四)(五))."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.conftest import Office
from tests.acceptance.test_cli_archive import grounds

REG = "REG-2026-00000"
EQUIPMENT = "register enter --set kind=equipment --set keeper=王管 --set location=机房 --set what="
MEDIUM = "register enter --set kind=medium --set keeper=王管 --set location=一号柜 --set grade=secret --set what="
FIRM = (
    "register enter --set kind=contractor --set what=某某公司 --set service=维护 --set staff=张工,李工"
    " --set agreement_signed_on=2026-03-01 --set overseer=陈中心 --set agreement_until="
)


@pytest.fixture
def entered(office: Office) -> Office:
    """Two pieces of equipment, a disk and a contractor of the centre's, and a disk of a window's."""
    for line in (f"{EQUIPMENT}交换机", f"{EQUIPMENT}服务器", f"{MEDIUM}备份盘", f"{FIRM}2026-12-31"):
        office.ok(line, who="center1")
    office.ok(f"{MEDIUM}窗口移动盘")
    return office


def entries(office: Office, who: str, more: str = "", at: str = "2026-03-02") -> list[str]:
    cases = office.ok(f"case list --workflow register {more}", who=who, at=at)["cases"]
    return [case["case"][-1] for case in cases]


def duty(office: Office, kind: str) -> str:
    line = f"duty open --set kind={kind} --set period_until=2026-03-31"
    return str(office.ok(line, who="center1")["case"])


def proved(office: Office) -> None:
    assert office.ok("audit verify", who="auditor1", at="2026-03-31")["ok"] is True


def test_entries_are_listed_shown_and_said_in_the_log(entered: Office) -> None:
    assert entries(entered, "center1") == ["1", "2", "3", "4", "5"]
    assert entries(entered, "window1") == ["5"]  # its own unit's alone
    entered.refused(4, f"case show {REG}3")
    shown = entered.ok(f"case show {REG}4", who="center1")
    assert {name: shown["fields"][name] for name in ("kind", "what", "staff", "agreement_until")} == {
        "kind": "contractor", "what": "某某公司", "staff": ["张工", "李工"], "agreement_until": "2026-12-31",
    }  # fmt: skip
    (event,) = entered.ok(f"case history {REG}3", who="center1")["events"]
    assert (event["actor"], event["at"][:10], event["action"]) == ("center1", "2026-03-02", "enter")
    screen = entered.text("case list --workflow register", who="center1", COLUMNS="200")
    assert "备份盘" in screen
    assert "在用" in screen
    proved(entered)


def test_an_entry_is_changed_with_a_reason_and_never_deleted(entered: Office) -> None:
    line = f"register change {REG}1 --set location=机房B"
    assert entered.refused(2, line, who="center1")["details"]["missing"] == ["reason"]
    entered.refused(6, f"{line} --set reason=搬迁", who="auditor1")
    entered.refused(4, f"{line} --set reason=搬迁", who="window1")
    assert entered.ok(f"{line} --set reason=搬迁", who="center2", at="2026-03-04")["fields"]["location"] == "机房B"
    first, *_, changed = entered.ok(f"case history {REG}1", who="center1", at="2026-03-04")["events"]
    assert (changed["actor"], changed["data"]["input"]) == ("center2", {"location": "机房B", "reason": "搬迁"})
    assert first["data"]["input"]["location"] == "机房"
    done = entered.ok(f"register dispose {REG}1 --set method=报废 --set reason=老化", who="center1", at="2026-03-05")
    assert (done["state"], done["final"]) == ("disposed", True)
    assert entries(entered, "center1", "--state disposed", "2026-03-05") == ["1"]
    entered.refused(3, f"register change {REG}1 --set reason=x", who="center1", at="2026-03-05")
    proved(entered)


def test_a_medium_is_wiped_before_it_leaves_the_house(entered: Office) -> None:
    line = f"register send_for_repair {REG}3 --set repairer=厂家 --set reason=坏道"
    error = entered.refused(3, line, who="center1")
    assert grounds(error) == {"wiped"}
    assert error["source"] == "附件3·五(四)"
    entered.ok(f"register wipe {REG}3 --set wiped_by=消磁 --set witness=赵监", who="center1")
    assert entered.ok(line, who="center1")["state"] == "in_repair"
    proved(entered)


def test_an_agreement_that_ends_is_told_to_the_lead(entered: Office) -> None:
    firm = entered.ok(f"{FIRM}2026-03-10", who="center1")["case"]
    assert entered("sweep", at="2026-03-11").json["fired"] == {"remind": 1}
    missed = entered.ok("overdue --kind target", who="supervisor2", at="2026-03-11")["overdue"]
    assert firm in [row["case"] for row in missed]
    told = entered.ok("notify list", who="supervisor2", at="2026-03-11")["notices"]
    assert "agreement_over" in {row["paper"] for row in told}
    proved(entered)


def test_going_through_a_register_says_what_it_covered(entered: Office) -> None:
    def covered(case: dict[str, Any]) -> list[tuple[str, str, str, str]]:
        rows = case["fields"]["covered"]
        return [(row["entry"][-1], row["what"], row["state"], row["keeper"]) for row in rows]

    equipment, media, contractors = (
        duty(entered, kind) for kind in ("equipment_register", "media_register", "contractors")
    )
    line = f"duty record {equipment} --set result=账物相符"
    error = entered.refused(3, f"{line} --set equipment={REG}1", who="center1", at="2026-03-20")
    assert (error["code"], error["details"]["cases"]) == ("not_complete", [f"{REG}2"])
    done = entered.ok(line, who="center1", at="2026-03-20")
    assert done["state"] == "done"
    assert covered(done) == [("1", "交换机", "in_use", "王管"), ("2", "服务器", "in_use", "王管")]
    done = entered.ok(f"duty record {media} --set result=相符", who="center1", at="2026-03-20")
    assert covered(done) == [("3", "备份盘", "in_use", "王管")]  # a window's own is the window's
    firms = f"duty record {contractors} --set result=均已备案"
    entered.ok(f"{FIRM}2026-03-10", who="center1", at="2026-03-20")
    error = entered.refused(3, firms, who="center1", at="2026-03-20")
    assert grounds(error) == {"agreements"}
    assert f"{REG}6" in error["message"]
    entered.ok(f"register end {REG}6 --set reason=到期", who="center1", at="2026-03-20")
    assert covered(entered.ok(firms, who="center1", at="2026-03-20")) == [("4", "某某公司", "in_use", "陈中心")]
    proved(entered)
