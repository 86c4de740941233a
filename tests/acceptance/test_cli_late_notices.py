"""A notice that comes late: what had ended by a day that it moves is said first, explained as it ended."""

from __future__ import annotations

from pathlib import Path

import pytest

from credit_workflow.calendar.loading import load_calendar
from tests.acceptance.conftest import Life, Office
from tests.acceptance.test_cli_calendar_import import office, small
from tests.integration.helpers import TO_COLLECTED

__all__ = ["office", "small"]
#: The number of the entry by which the report was collected, the last step of a person.
COLLECTED = 9
#: Two working days of the window become days off: its last day is 13 March, and no longer 11.
LATE = """国务院办公厅关于调整2026年三月假期安排的通知
国办发明电〔2026〕20号
一、3月9日至10日放假调休，共2天。3月28日（周六）、4月11日（周六）上班。
国务院办公厅
2026年3月2日
"""


@pytest.fixture
def life(office: Office, small: Path) -> Life:
    """The people of the office, who count by its calendars."""
    return Life(office.database, calendar=load_calendar("cn", small))


@pytest.fixture
def text(tmp_path: Path) -> Path:
    file = tmp_path / "通知.txt"
    file.write_text(LATE, encoding="utf-8")
    return file


def test_what_had_ended_is_said_first_and_explained_by_the_edition_that_it_ended_by(
    office: Office, life: Life, text: Path
) -> None:
    """The import named neither the closed case nor the lost right, and the explanation counted to another day."""
    case = life.life(life.objection("2026-03-02", "R-1"), "2026-03-04", TO_COLLECTED)
    assert office.ok("sweep", who="", at="2026-03-12")["fired"] == {"close": 1}
    before = office.ok(f"case explain {case} dispute_window", at="2026-03-12")["deadlines"][0]
    ended = {
        "case": case, "deadline": "dispute_window", "title": "异议标注申请期", "state": "closed", "final": True,
        "from": "2026-03-11", "to": "2026-03-13", "too_early": True, "remedy": "rectify",
        "command": f"objection request_rectification {case} --set entry={COLLECTED} --set on=2026-03-04 --set fault=…",
    }  # fmt: skip
    dry = office.ok("calendar import", str(text), "--amends", "--dry-run", who="clerk1", at="2026-03-12")
    assert (dry["ended"], dry["moves"]) == ([ended], [])
    done = office.ok("calendar import", str(text), "--amends", who="clerk1", at="2026-03-12")
    assert done["ended"] == [ended]
    after = office.ok(f"case explain {case} dispute_window", at="2026-03-12")["deadlines"][0]
    assert after == {**before, "recount_differs": True}
    assert (after["due"], after["counted"][-1]["date"]) == ("2026-03-11", "2026-03-11")
    grid = office.text(f"case explain {case} dispute_window --grid", at="2026-03-12")
    assert "国办发明电〔2026〕20号" not in grid
    office.ok(f"case explain {case} dispute_window --out {text.parent}/grid.html", at="2026-03-12")
    assert "国办发明电〔2026〕20号" not in (text.parent / "grid.html").read_text(encoding="utf-8")


def test_people_are_told_what_had_ended_too_early(office: Office, life: Life, text: Path) -> None:
    case = life.life(life.objection("2026-03-02", "R-1"), "2026-03-04", TO_COLLECTED)
    office.ok("sweep", who="", at="2026-03-12")
    for lang, said in (("zh", "过早"), ("en", "too early")):
        shown = office.text(
            "calendar import",
            str(text),
            "--amends",
            "--dry-run",
            who="clerk1",
            at="2026-03-12",
            CREDIT_WORKFLOW_LANG=lang,
        )
        assert said in shown
        assert f"objection request_rectification {case} --set" in shown
        assert case in shown


def test_what_had_ended_too_early_is_reopened_by_the_command_that_the_import_names(
    office: Office, life: Life, text: Path
) -> None:
    case = life.life(life.objection("2026-03-02", "R-1"), "2026-03-04", TO_COLLECTED)
    office.ok("sweep", who="", at="2026-03-12")
    (ended,) = office.ok("calendar import", str(text), "--amends", who="clerk1", at="2026-03-12")["ended"]
    asked = office.ok(ended["command"].replace("…", "放假通知补发"), who="window1", at="2026-03-12")
    assert asked["state"] == "closed"  # until somebody else has granted it
    office.refused(6, f"objection grant_rectification {case}", who="window1", at="2026-03-12")
    granted = office.ok(f"objection grant_rectification {case}", who="authority1", at="2026-03-12")
    assert (granted["state"], granted["final"]) == ("collected", False)
    assert [d["due"] for d in granted["deadlines"] if d["id"] == "dispute_window"] == ["2026-03-13"]
    assert office.ok(f"case history {case}", at="2026-03-12")["events"][-1]["action"] in ("rectified", "reopened")
    # It can be used until its right end, and else it ends there.
    assert office.ok("sweep", who="", at="2026-03-13")["fired"] == {}
    marking = office.ok(f"marking submit --parent {case} --set reason=仍有异议 --all-materials", at="2026-03-13")[
        "case"
    ]
    assert office.ok(f"marking accept {marking}", at="2026-03-13")["state"] == "accepted"
    assert office.ok("audit verify", who="auditor1", at="2026-03-13")["ok"] is True


def test_what_is_reopened_and_not_used_ends_again_on_its_own_day(office: Office, life: Life, text: Path) -> None:
    """Also where the last step of a person came after the right had begun, counted as it was then."""
    case = life.life(life.objection("2026-03-02", "R-1"), "2026-03-04", TO_COLLECTED.replace("window1:archive ", ""))
    office.ok(f"objection archive {case}", at="2026-03-05")
    office.ok("sweep", who="", at="2026-03-12")
    (ended,) = office.ok("calendar import", str(text), "--amends", who="clerk1", at="2026-03-12")["ended"]
    office.ok(ended["command"].replace("…", "放假通知补发"), who="window1", at="2026-03-12")
    granted = office.ok(f"objection grant_rectification {case}", who="authority1", at="2026-03-12")
    assert granted["state"] == "collected"
    assert office.ok("sweep", who="", at="2026-03-14")["fired"] == {"close": 1}
    closed = office.ok(f"case history {case}", at="2026-03-14")["events"][-1]
    assert (closed["action"], closed["effective"]) == ("close", "2026-03-14")
    assert office.ok("audit verify", who="auditor1", at="2026-03-14")["ok"] is True
