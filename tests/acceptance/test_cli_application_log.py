"""The log of objections (附件2·八(一)): whoever keeps it reads it, and that it was read is in the log."""

from __future__ import annotations

from typing import Any

from tests.acceptance.conftest import Office
from tests.property.lives import numbers

P = numbers()
O1, O2, M1 = "OBJ-2026-000001", "OBJ-2026-000002", "MRK-2026-000001"
AT = "2026-03-20"


def log(office: Office, line: str = "", who: str = "center1", at: str = AT) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = office.ok(f"objection log {line}", who=who, at=at)["applications"]
    return found


def lived(office: Office) -> None:
    """One objection with a mark of 9 March, which stands through 8 April, and one filed on 10 March."""
    office.life.marked()
    office.life.objection("2026-03-10", "R-4", reason="并非本人")


def test_the_centre_reads_who_objected_when_why_and_with_which_marks(office: Office) -> None:
    lived(office)
    found = {one["case"]: one for one in log(office)}
    assert list(found) == [O1, M1, O2]
    marking = found[M1]
    wanted = {
        "workflow": "marking", "parent": O1, "about": "3301**********0014", "name": "张三", "record": "R-1",
        "filed": "2026-03-04", "reason": "仍有异议", "state": "disputed", "by": "window1",
    }  # fmt: skip
    assert {name: marking[name] for name in wanted} == wanted
    (mark,) = marking["marks"]
    assert mark["kind"] == "disputed"
    assert (mark["placed"], mark["last_day"], mark["in_force"]) == ("2026-03-09", "2026-04-08", True)
    (mark,) = found[O1]["marks"]
    assert (mark["kind"], mark["in_force"]) == ("processing", False)
    (expired,) = [one for one in log(office, at="2026-04-09") if one["case"] == M1]
    assert (expired["state"], expired["marks"][0]["in_force"]) == ("expired", False), "whether or not a sweep has run"


def test_the_log_is_narrowed_by_person_record_account_and_day(office: Office) -> None:
    lived(office)
    assert [one["case"] for one in log(office, f"--subject {P['other']}")] == [O2]
    assert [one["case"] for one in log(office, "--record R-1")] == [O1, M1]
    assert [one["case"] for one in log(office, "--from 2026-03-04 --to 2026-03-09")] == [M1]
    assert [one["case"] for one in log(office, "--account authority1")] == [O1]
    assert office.ok("marking log --record R-4", who="center1", at=AT)["applications"] == log(office, "--record R-4")


def test_each_reading_is_in_the_log_with_what_came_and_why(office: Office) -> None:
    lived(office)
    log(office, "--record R-1")
    office.refused(2, "objection log --full", who="center1", at=AT)
    log(office, "--record R-4 --purpose 复核")
    entries = office.ok("audit show --purpose 抽查", who="auditor1", at=AT)["entries"]
    looks = [entry for entry in entries if entry["action"] == "applications"]
    assert [(one["actor"], one["data"]["purpose"], one["data"]["cases"]) for one in looks] == [
        ("center1", "case work", [O1, M1]),
        ("center1", "复核", [O2]),
    ]
    assert office.ok("audit verify", who="", at=AT)["ok"] is True


def test_an_auditor_reads_it_masked_and_nobody_else_reads_it(office: Office) -> None:
    lived(office)
    for one in log(office, who="auditor1"):
        assert (one["name"], one["reason"]) == (None, None)
        assert "*" in one["about"]
    office.refused(6, "objection log --full --purpose 抽查", who="auditor1", at=AT)
    for who in ("window1", "provider1", "authority1", "supervisor1", "clerk1", "admin1"):
        office.refused(6, "objection log", who=who, at=AT)


def test_it_is_read_on_the_screen_in_both_languages(office: Office) -> None:
    lived(office)
    shown = office.text("objection log", who="center1", at=AT, COLUMNS="200")
    assert "仍有异议" in shown
    assert "共 3 件" in shown
    assert "3 applications" in office.text("objection log --lang en", who="center1", at=AT, COLUMNS="200")


def test_it_is_had_page_by_page(office: Office) -> None:
    lived(office)
    answer = office.ok("objection log --limit 2", who="center1", at=AT)
    assert ([one["case"] for one in answer["applications"]], answer["next"]) == ([O1, M1], f"2026-03-04.{M1}")
    office.life.objection("2026-03-02", "R-2", reason="重复")  # filed before, it is on no page that is yet to come
    rest = office.ok("objection log --limit 2 --after", answer["next"], who="center1", at=AT)
    assert ([one["case"] for one in rest["applications"]], rest["next"]) == ([O2], None)
    assert office.ok("objection log --limit 4", who="center1", at=AT)["next"] is None
    within = office.ok("objection log --from 2026-03-10 --after", answer["next"], who="center1", at=AT)
    assert [one["case"] for one in within["applications"]] == [O2]
    assert f"--after 2026-03-04.{M1}" in office.text("objection log --limit 3", who="center1", at=AT)
    assert office.refused(2, "objection log --after nowhere", who="center1", at=AT)["code"] == "cursor"
    office.refused(2, "objection log --limit 0", who="center1", at=AT)


def test_what_a_reading_showed_of_a_person_is_a_look_at_that_person(office: Office) -> None:
    lived(office)
    log(office, "--limit 2")
    log(office, f"--subject {P['other']}")
    log(office, who="auditor1")
    office.refused(6, "objection log --record R-4", who="window1", at=AT)
    rows = office.ok("query log", who="auditor1", at=AT)["look_ups"]
    assert [(row["account"], row["action"], row["cases"]) for row in rows] == [
        ("center1", "applications", [O1, M1]), ("center1", "applications", [O2]), ("auditor1", "applications", []),
        ("window1", "refused_look", []),
    ]  # fmt: skip
    of_one = office.ok(f"query log --subject {P['other']}", who="auditor1", at=AT)["look_ups"]
    assert [row["cases"] for row in of_one] == [[O2], []]
    assert of_one[-1]["outcome"] == "refused"


def test_whole_numbers_are_shown_to_the_centre_for_a_purpose(office: Office) -> None:
    lived(office)
    assert {one["about"] for one in log(office, "--full --purpose 复核")} == {P["adult"], P["other"]}
    assert {"*" in one["about"] for one in log(office, "--purpose 复核")} == {True}


def test_an_omission_stands_in_it_without_a_record(office: Office) -> None:
    case = office.ok(
        "objection submit --subject", P["other"], "--set", "missing=2025年度志愿者", "--set", "provider=杭州市城市管理局",
        "--set", "reason=漏记",
    )["case"]  # fmt: skip
    (one,) = log(office)
    assert (one["case"], one["record"], one["reason"], one["marks"]) == (case, None, "漏记", [])
