"""From an edited file to a rule in force over running cases, by the real command."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from credit_workflow.resources import data_folder
from tests.acceptance.conftest import Command, Office

SHORTER = ("length: 30 days", "length: 20 days")
TAKES_OVER = 'takes_over: {from: "2026-03-20", deadlines: recount, source: "[practice]"}'
MAPPED = TAKES_OVER.replace("recount,", "recount, states: {verifying: checking},")
RENAMED = ("verifying", "checking")
HAND_ON = """\
  hand_on:
    title: {zh: 移交期限, en: Handing over}
    kind: target
    length: 3 working days
    starts: accept
    ends: [transfer]
    late: overdue
    at_end: overdue
    source: "[practice]"

  collection:
"""


def _edited(folder: Path, *changes: tuple[str, str], version: int = 3, takes_over: str = TAKES_OVER) -> str:
    """Write an edited objection and return its path."""
    text = (data_folder("workflows") / "objection.yaml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    text = text.replace("version: 2\n", f"version: {version}\n", 1)
    text = text.replace("source: 附件2\ncalendar", f"{takes_over}\nsource: 附件2\ncalendar", 1)
    file = folder / f"objection-{version}.yaml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def _published(office: Office, file: str, *, since: str = "2026-03-20") -> None:
    number = office.ok("workflow propose", file, "--from", since, who="clerk1", at="2026-03-05")["proposal"]
    office.ok(f"workflow approve {number}", who="authority1", at="2026-03-06")
    office.ok(f"workflow publish {number}", who="authority1", at="2026-03-06")


def _running(office: Office) -> tuple[str, str]:
    """One case being verified and one accepted; R-1 and R-4 are theirs."""
    cases = []
    for record, day in (("R-1", "2026-03-02"), ("R-4", "2026-03-03")):
        new = office.ok(f"objection submit --record {record} --set reason=错 --all-materials", at=day)
        cases.append(new["case"])
        office.ok(f"objection accept {new['case']} --all-materials", at=day)
    office.ok(f"objection transfer {cases[0]}", at="2026-03-03")
    office.ok(f"objection receive {cases[0]}", who="center1", at="2026-03-03")
    return cases[0], cases[1]


def _due(case: dict[str, Any], deadline: str = "handling") -> str | None:
    return next((str(d["due"]) for d in case["deadlines"] if d["id"] == deadline), None)


def _shown(office: Office, case: str, at: str) -> dict[str, Any]:
    shown = office.ok(f"case show {case}", who="center1", at=at)
    return {name: shown[name] for name in ("state", "deadlines", "definition_version")}


@pytest.mark.slow
def test_the_way_from_a_file_to_running_cases_and_back(office: Office) -> None:
    one, other = _running(office)
    hand_on = ("  collection:\n    title", f"{HAND_ON}    title")
    file = _edited(office.folder, SHORTER, RENAMED, hand_on, takes_over=MAPPED)
    proposed = office.ok("workflow propose", file, "--from", "2026-03-20", who="clerk1", at="2026-03-05")
    (definition,) = proposed["definitions"]
    assert (definition["version"], definition["replaces"], definition["takes_over"]) == (3, 2, True)
    assert "期限 handling：长度 30日 → 20日" in [one["text"] for one in definition["differences"]]
    assert list(definition) == [
        "workflow", "version", "digest", "replaces", "differences", "takes_over", "running", "cases",
    ]  # fmt: skip
    moves = {line["case"]: line for line in definition["cases"]}
    assert list(moves[one]) == [
        "case", "from_version", "to_version", "state", "deadlines", "overdue", "actions_lost", "actions_new", "in_the_way",
    ]  # fmt: skip
    assert list(moves[one]["deadlines"][0]) == ["id", "what", "from", "to", "overdue", "reason"]
    assert moves[one]["state"] == {"from": "verifying", "to": "checking"}
    assert {d["id"]: (d["what"], d["from"], d["to"]) for d in moves[other]["deadlines"] if d["what"] != "kept"} == {
        "handling": ("moved", "2026-04-02", "2026-03-23"),
        "hand_on": ("started", None, "2026-03-06"),
    }

    office.ok("workflow approve 1", who="authority1", at="2026-03-06")
    office.ok("workflow publish 1", who="authority1", at="2026-03-06")
    assert office.refused(3, "workflow migrate objection", who="authority1", at="2026-03-19")["code"] == "not_in_force"
    before = {case: _shown(office, case, "2026-03-25") for case in (one, other)}
    fresh = office.ok("objection submit --record R-2 --set reason=错 --all-materials", at="2026-03-25")
    assert (fresh["definition_version"], _due(fresh)) == (3, "2026-04-14")

    listed = office.ok("workflow migrate objection --dry-run", who="clerk1", at="2026-03-25")
    assert (listed["dry_run"], listed["refused"], len(listed["cases"])) == (True, None, 2)
    assert {case: _shown(office, case, "2026-03-25") for case in (one, other)} == before
    done = office.ok("workflow migrate objection", who="authority1", at="2026-03-25")
    assert [line["case"] for line in done["cases"]] == [one, other]
    now = _shown(office, one, "2026-03-25")
    assert (now["state"], now["definition_version"], _due(now)) == ("checking", 3, "2026-03-23")
    assert office.ok("workflow migrate objection", who="authority1", at="2026-03-25")["cases"] == []
    assert office.ok("audit verify", who="auditor1", at="2026-03-25")["ok"]
    explained = office.ok(f"case explain {other} hand_on", who="center1", at="2026-03-25")["deadlines"][0]
    assert [day["date"] for day in explained["counted"]][-1] == explained["due"] == "2026-03-06"

    back = office.ok("workflow migrate objection --undo", who="authority1", at="2026-03-25")
    assert len(back["cases"]) == 2
    assert {case: _shown(office, case, "2026-03-25") for case in (one, other)} == before
    assert office.ok("workflow migrate objection --undo", who="authority1", at="2026-03-25")["cases"] == []
    office.ok("workflow migrate objection", who="authority1", at="2026-03-25")
    assert office.ok("sweep", who="", at="2026-03-26")["fired"] == {"overdue": 3}
    refused = office.refused(3, "workflow migrate objection --undo", who="authority1", at="2026-03-26")
    assert (refused["code"], refused["details"]["cases"]) == ("happened_since", [one, other])
    office.ok("workflow migrate objection --to 2", who="authority1", at="2026-03-26")
    assert _due(_shown(office, one, "2026-03-26")) == "2026-04-01"
    assert office.ok("sweep", who="", at="2026-06-01")["fired"] == {"overdue": 1}  # that of the new case alone
    assert office.ok("audit verify", who="auditor1", at="2026-06-01")["ok"]
    history = office.text(f"case history {one}", who="auditor1", at="2026-06-01")
    assert "核查中" in history
    assert "verifying" not in history
    assert "改用流程版本 2 → 3" in office.text(f"case show {one}", who="center1", at="2026-06-01")


def test_who_may_do_what(office: Office) -> None:
    file = _edited(office.folder, SHORTER)
    for who in ("window1", "authority1", "admin1"):
        assert office.refused(6, "workflow propose", file, who=who)["code"] == "role"
    assert office.ok("workflow propose", file, "--dry-run", who="clerk1")["proposal"] is None
    assert office.ok("workflow propose", file, who="clerk1")["proposal"] == 1
    assert office.refused(6, "workflow approve 1", who="clerk1")["code"] == "role"
    assert office.refused(3, "workflow publish 1", who="authority1")["code"] == "not_approved"
    assert office.refused(6, "workflow proposals", who="window1")["code"] == "role"
    assert office.refused(4, "workflow approve 7", who="authority1")["code"] == "no_proposal"
    office.ok("workflow approve 1 --note 同意", who="authority1")
    assert office.refused(3, "workflow approve 1", who="authority2")["code"] == "decided"
    assert office.refused(3, "workflow publish 1 --from 2026-03-01", who="authority1")["code"] == "past"
    assert office.refused(2, "workflow publish 1 --from soon", who="authority1")["code"] == "date"
    assert office.refused(6, "workflow migrate objection", who="clerk1")["code"] == "role"
    (one,) = office.ok("workflow proposals", who="clerk1")["proposals"]
    assert list(one) == [
        "proposal", "status", "definitions", "from", "note", "by", "decided_by", "reason", "in_force_from",
    ]  # fmt: skip
    assert [list(version) for version in one["definitions"]] == [["workflow", "version", "digest"]]
    assert (one["status"], one["by"], one["decided_by"], one["reason"]) == ("approved", "clerk1", "authority1", "同意")
    office.ok("workflow withdraw 1", who="clerk1")
    assert office.refused(3, "workflow publish 1", who="authority1")["code"] == "decided"
    office.ok("workflow propose", file, who="clerk1")
    office.ok("workflow reject 2 --note 不妥", who="authority1")
    assert [p["status"] for p in office.ok("workflow proposals", who="clerk1")["proposals"]] == [
        "withdrawn",
        "rejected",
    ]
    assert office.ok("audit verify", who="auditor1")["ok"]


def test_four_eyes_also_where_one_account_holds_both_roles(office: Office) -> None:
    folder = office.folder / "own"
    shutil.copytree(data_folder("workflows"), folder)
    account = folder / "account.yaml"
    text = (
        account.read_text(encoding="utf-8")
        .replace("by: [clerk]", "by: [authority]")
        .replace("version: 4", "version: 5")
    )
    account.write_text(text, encoding="utf-8")
    office.environment["CREDIT_WORKFLOW_WORKFLOWS"] = str(folder)
    office.ok("workflow propose", _edited(office.folder, SHORTER), who="authority1")
    assert office.refused(3, "workflow approve 1", who="authority1")["code"] == "four_eyes"
    office.ok("workflow approve 1", who="authority2")


def test_what_is_published_decides_and_the_folder_no_longer_does(office: Office) -> None:
    _published(office, _edited(office.folder, SHORTER, takes_over=""))
    for at, version in (("2026-03-19", 2), ("2026-03-20", 3)):
        record = "R-1" if version == 2 else "R-2"
        case = office.ok(f"objection submit --record {record} --set reason=错", at=at)
        assert case["definition_version"] == version
    folder = office.folder / "own"
    shutil.copytree(data_folder("workflows"), folder)
    shutil.copy(_edited(office.folder, ("length: 30 days", "length: 5 days"), version=7), folder / "objection.yaml")
    office.environment["CREDIT_WORKFLOW_WORKFLOWS"] = str(folder)
    assert office.ok("objection submit --record R-4 --set reason=错", at="2026-03-21")["definition_version"] == 3
    (one,) = office.ok("workflow versions objection", at="2026-03-21")["workflows"]
    assert (one["decided_by"], one["in_force"], one["known"], one["running"]) == ("database", 3, [2, 3], [2, 3])
    assert {w["id"]: w["version"] for w in office.ok("workflow list", at="2026-03-21")["workflows"]}["objection"] == 3
    refused = office.refused(3, "workflow migrate objection", who="authority1", at="2026-03-21")
    assert refused["code"] == "takes_over_none"
    assert office.ok("audit verify", who="auditor1", at="2026-03-21")["ok"]


def test_a_step_that_the_new_version_has_not_can_still_be_taken_in_an_old_case(office: Office) -> None:
    case, _ = _running(office)
    gone = ("  withdraw:\n", "  give_up:\n")
    _published(office, _edited(office.folder, gone, takes_over=""))
    taken = office.ok(f"objection withdraw {case} --material withdrawal_request", at="2026-03-21")
    assert (taken["state"], taken["definition_version"]) == ("withdrawn", 2)


def test_a_state_without_a_counterpart_stops_all(office: Office) -> None:
    one, other = _running(office)
    _published(office, _edited(office.folder, RENAMED))
    lines = office.ok("workflow migrate objection --dry-run", who="authority1", at="2026-03-20")["cases"]
    assert {line["case"]: [g["code"] for g in line["in_the_way"]] for line in lines} == {
        one: ["no_counterpart"], other: [],
    }  # fmt: skip
    before = office.fingerprint()
    refused = office.refused(3, "workflow migrate objection", who="authority1", at="2026-03-20")
    assert (refused["code"], refused["details"]["cases"]) == ("no_counterpart", [one])
    assert office.fingerprint() == before
    done = office.ok("workflow migrate objection --case", other, who="authority1", at="2026-03-20")
    assert [line["case"] for line in done["cases"]] == [other]


def test_a_kept_deadline_is_explained_by_the_rule_that_it_came_from(office: Office) -> None:
    case, _ = _running(office)
    _published(office, _edited(office.folder, SHORTER, takes_over=TAKES_OVER.replace("recount", "keep")))
    office.ok("workflow migrate objection", who="authority1", at="2026-03-20")
    explained = office.ok(f"case explain {case} handling", who="center1", at="2026-03-20")["deadlines"][0]
    assert (explained["due"], explained["length"], explained["recount_differs"]) == ("2026-04-01", "30 days", False)
    assert explained["counted"][-1]["date"] == "2026-04-01"


@pytest.mark.parametrize(
    "command", ["objection submit --record R-1 --set reason=错", "objection submit --record R-1 --check"]
)
def test_nothing_is_filed_before_a_definition_is_in_force(office: Office, command: str) -> None:
    folder = office.folder / "own"
    shutil.copytree(data_folder("workflows"), folder)
    later = ('in_force: {from: "2015-05-18"}', 'in_force: {from: "2026-05-01"}')
    shutil.copy(_edited(office.folder, later, takes_over=""), folder / "objection.yaml")
    office.environment["CREDIT_WORKFLOW_WORKFLOWS"] = str(folder)
    answer = office(command, who="window1", at="2026-04-30")
    if "--check" in command:
        assert [ground["code"] for ground in answer.json["grounds"]] == ["not_in_force"]
        return
    assert answer.code == 3
    assert answer.error["details"] == {"from": "2026-05-01"}
    assert "2026-05-01" in answer.error["message"]
    assert office.ok(command, at="2026-05-01")["definition_version"] == 3


def test_a_version_is_one_text(office: Office) -> None:
    file = _edited(office.folder, SHORTER, version=2)
    assert office.refused(3, "workflow propose", file, who="clerk1")["code"] == "definition_edited"
    unchanged = str(data_folder("workflows") / "objection.yaml")
    assert office.refused(3, "workflow propose", unchanged, who="clerk1")["code"] == "in_force"
    early = _edited(office.folder, SHORTER, takes_over=MAPPED.replace("2026-03-20", "2014-01-01"))
    problems = office.refused(2, "workflow propose", early, who="clerk1")["details"]["problems"]
    assert [problem["key"] for problem in problems] == ["takes_over.from", "takes_over.states.verifying"]


def test_diff_of_files_and_versions_of_the_database(office: Office) -> None:
    _published(office, _edited(office.folder, SHORTER, takes_over=""))
    for sides in (("objection@2", "objection@3"), ("objection", "objection@3")):
        answer = office.ok("workflow diff", *sides)
        assert [one["key"] for one in answer["differences"]] == ["length"]
        assert answer["differences"][0] | {"text": ""} == {
            "part": "deadlines", "name": "handling", "key": "length", "what": "changed", "old": "30 days",
            "new": "20 days", "text": "",
        }  # fmt: skip
    text = office.text("workflow diff objection@2 objection@3", CREDIT_WORKFLOW_LANG="en")
    assert "deadline handling: length 30 days → 20 days" in text
    assert office.refused(4, "workflow diff objection@9 objection")["code"] == "no_version"
    assert office.refused(2, "workflow diff objection@x objection")["code"] == "version"


def test_diff_needs_no_database(command: Command) -> None:
    file = _edited(command.folder, SHORTER, takes_over="")
    answer = command("workflow diff objection", file)
    assert [one["text"] for one in answer.json["differences"]] == ["期限 handling：长度 30日 → 20日"]
