"""What has been removed can be neither objected to nor marked, and whoever applies is told why (RULES §12)."""

from __future__ import annotations

from tests.acceptance.conftest import Office
from tests.integration.helpers import TO_COLLECTED

REMOVED = TO_COLLECTED.replace("outcome=upheld", "outcome=removed")
THROUGH = "window1:accept window1:archive window1:transfer center1:receive"


def test_a_removed_record_is_neither_objected_to_nor_marked(office: Office) -> None:
    life = office.life
    case = life.life(life.objection("2026-03-02"), "2026-03-02", REMOVED)
    again = office.ok("objection submit --record R-1 --set reason=仍有误 --set good_ground=新证据 --all-materials")
    assert again["state"] == "submitted"  # nobody who applies goes without a trace
    refused = office.refused(3, f"objection accept {again['case']} --all-materials")
    assert (refused["code"], refused["source"]) == ("not_removed", "附件2·一")
    assert "已从市信用平台删除" in refused["message"]
    marking = office.ok(f"marking submit --parent {case} --set reason=仍有异议 --all-materials")["case"]
    refused = office.refused(3, f"marking accept {marking} --all-materials")
    assert (refused["code"], refused["source"]) == ("not_removed", "附件2·六(五)")
    english = office(f"marking accept {marking} --all-materials --lang en", who="window1", at="2026-03-02")
    assert "there is nothing to mark" in english.error["message"]
    assert office.ok(f"marking reject {marking} --set grounds=信息已删除")["state"] == "rejected"


def test_a_removal_earns_a_free_print(office: Office) -> None:
    life = office.life
    case = life.life(life.objection("2026-03-02"), "2026-03-02", REMOVED)
    assert office.ok(f"case show {case}")["fields"]["free_prints"] == 1
    page = office.folder / "print.html"
    office.ok(f"paper print {case} record_print --to {page}")
    assert "R-1" not in page.read_text("utf-8").replace(case, "")


def test_what_is_removed_before_the_mark_is_placed_ends_the_marking(office: Office) -> None:
    life = office.life
    case = life.life(life.objection("2026-03-02"), "2026-03-02", TO_COLLECTED)
    other = office.ok("objection submit --record R-1 --set reason=非本人 --set good_ground=新证据 --all-materials")[
        "case"
    ]
    life.life(other, "2026-03-02", THROUGH)
    marking = office.ok(f"marking submit --parent {case} --set reason=仍有异议 --all-materials")["case"]
    life.life(marking, "2026-03-02", THROUGH)
    office.ok(f"objection report {other} --set outcome=removed", who="center1")
    refused = office.refused(3, f"marking mark {marking}", who="center1")
    assert refused["code"] == "not_removed"
    assert "lapse" in refused["message"]
    assert office.ok(f"marking lapse {marking}", who="center1")["state"] == "lapsed"
    parent = office.ok(f"case show {case}")
    assert {d["id"]: d["status"] for d in parent["deadlines"]}["dispute_window"] == "running"
    assert office("audit verify", who="auditor1").code == 0
