"""Several records in one application: a case each, one receipt, all or none (RULES §12)."""

from __future__ import annotations

from tests.acceptance.conftest import Office

O1, O2 = "OBJ-2026-000001", "OBJ-2026-000002"
BOTH = "objection submit --record R-1 --record R-2 --set reason=并非本人 --all-materials"


def test_each_record_has_its_case_and_all_have_one_receipt(office: Office) -> None:
    answer = office.ok(BOTH)
    assert list(answer) == ["cases"]
    assert [(case["case"], case["record"], case["state"]) for case in answer["cases"]] == [
        (O1, "R-1", "submitted"),
        (O2, "R-2", "submitted"),
    ]
    assert [case["fields"]["filed_with"] for case in answer["cases"]] == [[O2], [O1]]
    for case in (O2, O1):
        office.ok(f"objection accept {case}")
    sent = office.ok("notify list")["notices"]
    assert [(one["case"], one["paper"]) for one in sent if one["paper"] == "receipt"] == [(O2, "receipt")]
    page = office.folder / "receipt.html"
    office.ok(f"paper print {O2} receipt --to {page}")
    assert O1 in page.read_text("utf-8")
    assert office("audit verify", who="auditor1").code == 0


def test_all_or_none(office: Office) -> None:
    before = office.fingerprint()
    assert office.refused(4, "objection submit --record R-1 --record R-9 --set reason=x")["code"] == "no_record"
    assert office.refused(2, "objection submit --record R-1 --record R-1 --set reason=x")["code"] == "record_twice"
    assert office.refused(2, "objection submit --record R-1 --record R-2")["code"] == "missing_values"
    assert office.fingerprint() == before
    assert office.ok("objection submit --record R-1 --set reason=x")["case"] == O1  # no number was given out


def test_what_stands_in_the_way_of_any_is_said(office: Office) -> None:
    found = office.ok("objection submit --record R-1 --record R-2 --check")
    assert (found["allowed"], [ground["code"] for ground in found["grounds"]]) == (False, ["missing_values"])
    assert "R-2" in office.text(BOTH)
