"""Papers whose facts a rectification has put right: superseded, void, or left as they were."""

from __future__ import annotations

from tests.acceptance.conftest import Office
from tests.acceptance.paperwork import accepted, corrected, kinds, printed, said, with_centre


def put_right(office: Office, case: str, entry: int, *values: str, at: str = "2026-03-09") -> int:
    """Have an entry of the log put right; return the entry that says so."""
    given = [word for value in values for word in ("--set", value)]
    office.ok(f"objection request_rectification {case} --set entry={entry} --set fault=记错", *given, at=at)
    office.ok(f"objection grant_rectification {case}", who="authority1", at=at)
    events = office.ok(f"case history {case}", at=at)["events"]
    return max(event["seq"] for event in events if event["data"].get("rectified"))


def test_a_paper_whose_facts_were_put_right_is_printed_anew(office: Office) -> None:
    case = corrected(office)
    office.ok(f"paper print {case} report --to old.html", at="2026-03-06")
    receipt = printed(office, case, "receipt")
    report = kinds(office, case)["report"]["entry"]
    right = put_right(office, case, 5, 'values={"explanation": "提供部门另有说明"}')
    papers = office.ok(f"paper list {case}", at="2026-03-09")["papers"]
    reports = [(p["entry"], p["superseded_by"], p["void"], p["may_print"]) for p in papers if p["kind"] == "report"]
    assert reports == [(report, right, False, False), (right, None, False, True)]
    assert [p["superseded_by"] for p in papers if p["kind"] == "receipt"] == [None]
    office.ok(f"paper print {case} report --to new.html", at="2026-03-09")
    assert "提供部门另有说明" in said(office.folder / "new.html")
    assert "2026年3月6日核准" in said(office.folder / "new.html")
    assert (
        office.refused(3, f"paper print {case} report --entry {report} --to x.html", at="2026-03-09")["code"]
        == "superseded"
    )
    old = office.ok("paper verify old.html", at="2026-03-09")
    assert (old["ok"], old["superseded_by"], old["void"]) == (True, right, False)
    assert "以更正后的文书为准" in office.text("paper verify old.html", at="2026-03-09")
    for file in (office.folder / "new.html", receipt):
        assert office.ok("paper verify", str(file), at="2026-03-09")["superseded_by"] is None


def test_a_paper_of_a_step_that_never_happened_is_void(office: Office) -> None:
    case = with_centre(office, accepted(office))
    office.ok(
        f"objection request_extension {case} --set days=5 --set reason=需调取档案", who="center1", at="2026-03-05"
    )
    office.ok(f"objection grant_extension {case}", who="authority1", at="2026-03-05")
    extension = printed(office, case, "extension")
    receipt = printed(office, case, "receipt")
    right = put_right(office, case, kinds(office, case)["extension"]["entry"], "void=true")
    (paper,) = [p for p in office.ok(f"paper list {case}", at="2026-03-09")["papers"] if p["kind"] == "extension"]
    assert (paper["superseded_by"], paper["void"], paper["may_print"]) == (right, True, False)
    assert office.refused(3, f"paper print {case} extension --to x.html", at="2026-03-09")["code"] == "superseded"
    answer = office.ok("paper verify", str(extension), at="2026-03-09")
    assert (answer["ok"], answer["void"]) == (True, True)
    assert "作废" in office.text("paper verify", str(extension), at="2026-03-09")
    # The due date has moved back, and so the receipt says what it said.
    assert office.ok("paper verify", str(receipt), at="2026-03-09")["ok"] is True


def test_an_extension_since_does_not_make_a_receipt_wrong(office: Office) -> None:
    """What has gone on since is no slip: only what the rectification itself changes counts."""
    case = with_centre(office, accepted(office))
    office.ok(
        f"objection request_extension {case} --set days=5 --set reason=需调取档案", who="center1", at="2026-03-05"
    )
    office.ok(f"objection grant_extension {case}", who="authority1", at="2026-03-05")
    before = kinds(office, case)
    put_right(office, case, 5, 'values={"reason": "需到外地调取档案"}')
    after = office.ok(f"paper list {case}", at="2026-03-09")["papers"]
    assert [p["entry"] for p in after if p["kind"] == "receipt"] == [before["receipt"]["entry"]]
    assert [p["superseded_by"] is None for p in after if p["kind"] == "extension"] == [False, True]


def test_a_free_print_is_not_given_twice_by_a_rectification(office: Office) -> None:
    case = corrected(office)
    printed(office, case, "record_print")
    put_right(office, case, 5, 'values={"explanation": "另有说明"}')
    answer = office.ok(f"paper print {case} record_print --to again.html", at="2026-03-09")
    assert (answer["copy"], answer["free"]) == (2, 1)


def test_of_two_steps_of_one_name_only_the_one_that_never_happened_is_void(office: Office) -> None:
    case = with_centre(office, accepted(office))
    office.ok(
        f"objection request_extension {case} --set days=5 --set reason=需调取档案", who="center1", at="2026-03-05"
    )
    office.ok(f"objection grant_extension {case}", who="authority1", at="2026-03-05")
    put_right(office, case, kinds(office, case)["extension"]["entry"], "void=true")
    office.ok(f"objection grant_extension {case}", who="authority1", at="2026-03-10")
    papers = office.ok(f"paper list {case}", at="2026-03-10")["papers"]
    assert [p["void"] for p in papers if p["kind"] == "extension"] == [True, False]
