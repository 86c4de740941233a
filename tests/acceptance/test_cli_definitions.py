"""Definitions and the calendar, which need neither database nor account."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import jsonschema
import pytest

from tests.acceptance.conftest import ROOT, Command, Office

WORKFLOWS = ROOT / "workflows"


@pytest.mark.slow
def test_no_database_is_needed_and_none_is_made(command: Command) -> None:
    lines = ["workflow list", "workflow show objection", "workflow schema", "calendar show 2026", "calendar status",
             "calendar count 2026-02-10 7days", "workflow check lookup.yaml"]  # fmt: skip
    shutil.copy(WORKFLOWS / "lookup.yaml", command.folder)
    for line in lines:
        assert command(line).code == 0, line
        assert command(line, as_json=False).out.strip(), line
        assert command(line, as_json=False, CREDIT_WORKFLOW_LANG="en").code == 0, line
    assert [path.name for path in command.folder.iterdir()] == ["lookup.yaml"]


def test_workflow_list_and_show(command: Command) -> None:
    listed = command("workflow list").json["workflows"]
    known = [(w["id"], w["version"], w["title"]) for w in listed]
    assert known[:3] == [("objection", 2, "异议"), ("marking", 2, "异议标注"), ("revocation", 2, "异议标注撤销")]
    assert {("query", 2, "查询"), ("archive", 2, "档案移交"), ("permission", 2, "查询权限")} <= set(known)
    assert known[-1] == ("account", 4, "账户")
    english = [w["title"] for w in command("workflow list --lang en").json["workflows"]]
    assert english[:3] == ["Objection", "Dispute mark", "Revocation of a dispute mark"]
    assert {"Query", "Account"} <= set(english)
    shown = command("workflow show objection").json
    assert shown["id"] == "objection"
    assert shown["deadlines"]["handling"]["length"] == "30 days"
    assert {"submitted", "collected", "expired"} <= shown["states"].keys()
    assert command("workflow show nonsense").error["code"] == "no_workflow"


@pytest.mark.slow
def test_the_definitions_of_the_statute_are_sound(command: Command) -> None:
    files = sorted(str(file) for file in WORKFLOWS.glob("*.yaml"))
    answer = command.process("workflow check", *files)
    assert (answer.code, answer.json["ok"], len(answer.json["workflows"])) == (0, True, len(files))
    for file in files[::5]:  # and one alone, with what it is linked to
        assert command("workflow check", file).code == 0


#: What is replaced by what in marking.yaml, and the line and key that must be named.
MISTAKES = {
    "a state that is not there": ("    to: disputed", "    to: nowhere", "actions.mark"),
    "a length that is none": ("length: 30 days", "length: a while", "deadlines.retention"),
    "an unknown key": ("    title: {zh: 受理, en: Accept}", "    titel: {zh: 受理, en: Accept}", "actions.accept"),
    "a wrong type": ("version: 2", "version: two", "version"),
    "an expression that does not parse": ("case.fields.identity_checked != false", "case.fields.identity_checked !=", "actions.accept.requires"),
    "a field that is not there": ("agent_name: optional\n", "agent_nmae: optional\n", "actions.submit"),
    "a material that is not there": ("- marking_form", "- markng_form", "actions.accept"),
    "a role that is not there": ("by: [center]", "by: [centre]", "actions.receive"),
    "a deadline of no action": ("ends: [revoke]", "ends: [cancel]", "deadlines.retention"),
    "a parent that is not there": ("parent: objection", "parent: objektion", "parent"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "key"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_named_with_file_line_and_key(command: Command, old: str, new: str, key: str) -> None:
    text = (WORKFLOWS / "marking.yaml").read_text(encoding="utf-8")
    assert old in text
    wrong = command.folder / "wrong.yaml"
    wrong.write_text(text.replace(old, new, 1), encoding="utf-8")
    answer = command("workflow check", str(wrong))
    assert answer.code == 2
    problems = answer.error["details"]["problems"]
    assert {p["file"] for p in problems} == {"wrong.yaml"}
    found = [p for p in problems if p["key"].startswith(key)]
    assert found, problems
    before = text[: text.index(old)].count("\n") + 1
    # the line is that of the key or of the action that it stands in
    assert 1 <= found[0]["line"] <= before + old.count("\n") + 1
    top = text[: text.index(old)].rfind("\n  " + key.split(".")[1] + ":") if "." in key else 0
    assert found[0]["line"] >= text[: max(top, 0)].count("\n")
    for lang in ("zh", "en"):
        said = command("workflow check --lang", lang, str(wrong), as_json=False)
        assert (said.code, f"wrong.yaml:{found[0]['line']}" in said.err + said.out) == (2, True)


def test_all_mistakes_of_meaning_are_named_together(command: Command) -> None:
    text = (WORKFLOWS / "marking.yaml").read_text(encoding="utf-8")
    wrong = command.folder / "wrong.yaml"
    wrong.write_text(
        text.replace("    to: received", "    to: nowhere").replace("length: 7 working days", "length: a while"),
        encoding="utf-8",
    )
    answer = command("workflow check", str(wrong))
    assert len(answer.error["details"]["problems"]) >= 1
    assert answer.code == 2


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"- a\n- b\n",
        b"workflow: [",
        b"\x00\x01",
        "workflow: 异议\n".encode("gbk"),
        b"a: 1\na: 2\n",
        b"&a [*a]",
        b"x",
    ],
)
def test_a_file_that_is_no_definition(command: Command, content: bytes) -> None:
    file = command.folder / "wrong.yaml"
    file.write_bytes(content)
    answer = command("workflow check", str(file))
    assert answer.code == 2
    assert "wrong.yaml" in answer.error["message"]


def test_a_file_that_is_not_there(command: Command) -> None:
    assert command("workflow check none.yaml").code == 4
    assert command("workflow check").code == 2


def test_the_schema_is_a_json_schema_of_the_definitions(command: Command) -> None:
    from credit_workflow.strict_yaml.documents import read_yaml  # noqa: PLC0415

    schema = command("workflow schema").json
    jsonschema.Draft202012Validator.check_schema(schema)
    for file in WORKFLOWS.glob("*.yaml"):
        jsonschema.Draft202012Validator(schema).validate(read_yaml(file)[0])
    assert json.loads(command("workflow schema", as_json=False).out) == schema


def test_a_new_file_brings_its_commands_along(office: Office) -> None:
    folder = office.folder / "own rules"
    shutil.copytree(WORKFLOWS, folder)
    text = (WORKFLOWS / "objection.yaml").read_text(encoding="utf-8")
    other = text.replace("workflow: objection", "workflow: complaint").replace("OBJ-{year}", "CPL-{year}")
    (folder / "complaint.yaml").write_text(other, encoding="utf-8")
    env = {"CREDIT_WORKFLOW_WORKFLOWS": str(folder)}
    answer = office("complaint submit --record R-1 --set reason=x", who="window1", at="2026-03-02", **env)
    assert (answer.json["case"], answer.json["workflow"]) == ("CPL-2026-000001", "complaint")
    assert office("complaint accept CPL-2026-000001 --all-materials", who="window1", at="2026-03-02", **env).code == 0
    assert office("complaint submit --record R-1 --set reason=x", who="window1", at="2026-03-02").code == 2
    # a case runs on under the definition that it began with, also where the file is gone
    assert office.ok("case show CPL-2026-000001")["state"] == "accepted"
    assert office.ok("audit verify")["ok"] is True


def test_an_edited_definition_needs_a_new_version(office: Office) -> None:
    folder = office.folder / "rules"
    shutil.copytree(WORKFLOWS, folder)
    file = folder / "objection.yaml"
    text = file.read_text(encoding="utf-8")
    env = {"CREDIT_WORKFLOW_WORKFLOWS": str(folder)}
    file.write_text(text.replace("length: 30 days", "length: 20 days"), encoding="utf-8")
    line = "objection submit --record R-1 --set reason=x"
    refused = office(line, who="window1", at="2026-03-02", **env)
    assert refused.code == 3
    assert "objection" in refused.error["message"]
    assert office.ok("case list")["cases"] == []
    file.write_text("# a comment alone changes nothing\n" + text, encoding="utf-8")
    assert office(line, who="window1", at="2026-03-02", **env).json["definition_version"] == 2
    file.write_text(
        text.replace("length: 30 days", "length: 20 days").replace("version: 2", "version: 3"), encoding="utf-8"
    )
    second = office(line, who="window1", at="2026-03-02", **env).json
    assert (second["definition_version"], second["deadlines"][0]["due"]) == (3, "2026-03-23")  # 22 March is a Sunday
    first = office("case show OBJ-2026-000001", who="window1", at="2026-03-02", **env).json
    assert (first["definition_version"], first["deadlines"][0]["due"]) == (2, "2026-04-01")


def test_definitions_with_a_mistake_stop_every_command_with_one_line(office: Office) -> None:
    folder = office.folder / "rules"
    shutil.copytree(WORKFLOWS, folder)
    (folder / "marking.yaml").write_text("workflow: [", encoding="utf-8")
    for line in ("workflow list", "objection accept OBJ-2026-000001", "calendar nonsense"):
        answer = office(line, who="window1", CREDIT_WORKFLOW_WORKFLOWS=str(folder))
        assert answer.code == 2, line
        assert line.startswith("calendar") or "marking.yaml" in answer.error["message"], line
    assert office("workflow list", CREDIT_WORKFLOW_WORKFLOWS=str(office.folder / "none")).code == 4


@pytest.mark.parametrize(
    ("start", "length", "due", "provisional"),
    [
        ("2026-02-10", "7 working days", "2026-02-26", False),
        ("2026-02-10", "7 working day", "2026-02-26", False),
        ("2026-02-10", "1 working day", "2026-02-11", False),
        ("2026-02-10", "1 working days", "2026-02-11", False),
        ("2026-02-10", "1 day", "2026-02-11", False),
        ("2026-02-10", "30 days", "2026-03-12", False),
        ("2026-02-10", "5 years", "2031-02-10", False),
        ("2026-02-13", "1 working day", "2026-02-14", False),
        ("2026-02-14", "1 working day", "2026-02-24", False),
        ("2026-12-30", "5 working days", "2027-01-07", True),
        ("2025-12-31", "1 working day", "2026-01-04", False),
    ],
)
def test_calendar_count(command: Command, start: str, length: str, due: str, provisional: bool) -> None:  # noqa: FBT001
    answer = command("calendar count", start, length).json
    assert (answer["due"], answer["provisional"]) == (due, provisional)
    if "year" not in length:
        assert answer["counted"][-1]["date"] == due
        assert [d["number"] for d in answer["counted"] if d["number"]] == list(
            range(1, int(length.split(maxsplit=1)[0]) + 1)
        )
    assert due in command("calendar count", start, length, as_json=False).out


@pytest.mark.parametrize(
    "length", ["7", "days", "-1 days", "0.5 days", "7 weeks", "working days", "", "9999999999 days"]
)
def test_calendar_count_of_nonsense(command: Command, length: str) -> None:
    assert command("calendar count 2026-02-10", length).code in (2, 3)


@pytest.mark.parametrize("start", ["2026-02-30", "10.2.2026", "today", "", "2026-2-1", "20260210"])
def test_calendar_count_from_nonsense(command: Command, start: str) -> None:
    assert command("calendar count", start, "7 days").code == 2


def test_calendar_show(command: Command) -> None:
    year = command("calendar show 2026").json
    days = {d["date"]: d for d in year["days"]}
    assert len(days) == 365
    assert year["working_days"] == sum(d["works"] for d in year["days"])
    # the notice of the next year may still move the last days of this one
    assert min(d["date"] for d in year["days"] if d["provisional"]) >= "2026-12-01"
    assert command("calendar show 2025").json["provisional"] is False
    for day, works in {
        "2026-02-14": True,
        "2026-02-16": False,
        "2026-02-28": True,
        "2026-03-01": False,
        "2026-03-02": True,
    }.items():
        assert days[day]["works"] is works, day
    assert command("calendar show 2027").json["provisional"] is True
    assert "调休上班" in command("calendar show 2026", as_json=False).out
    for year_word, code in (("1800", 3), ("99999", 3), ("-5", 2), ("MMXXVI", 2)):
        assert command("calendar show", year_word).code in (code, 2), year_word


def test_calendar_status(command: Command) -> None:
    status = command("calendar status").json
    assert "cn-2026" in [n["notice"] for n in status["notices"]]
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", status["provisional_from"])


def test_calendar_notices_are_those_in_the_folder(command: Command) -> None:
    files = {Path(f).stem for f in map(str, (ROOT / "calendars" / "cn").glob("*.yaml"))}
    assert len(command("calendar status").json["notices"]) == len(files)


def test_commands_of_a_definition_are_those_people_can_take(office: Office) -> None:
    for action in ("dispute", "expire", "revoke", "close", "overdue", "await_marking"):
        assert office(f"objection {action} OBJ-2026-000001", who="window1").error["code"] == "usage"
    shown = office("objection --help", as_json=False)
    assert shown.code == 0
    for action in ("submit", "accept", "grant_extension", "withdraw"):
        assert action in shown.out
    assert "--material" in office("objection accept --help", as_json=False).out
    assert "good_ground" in office("objection accept --help --lang en", as_json=False).out
