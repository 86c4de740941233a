"""The command line as published: grammar, fields, exit codes."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from hashlib import sha256

import pytest

from tests import where
from tests.acceptance.conftest import ROOT, Command
from tests.integration.helpers import TO_COLLECTED, TO_MARKED, WORKFLOWS, Service, write_records

O1 = "OBJ-2026-000001"
CASE_FIELDS = {
    "case", "workflow", "definition_version", "version", "state", "final", "subject_id", "record", "parent", "children",
    "opened", "overdue", "deadlines", "fields", "materials", "actions",
}  # fmt: skip
DEADLINE_FIELDS = {
    "id", "kind", "status", "starts", "due", "original_due", "met", "days_left", "provisional", "source",
}  # fmt: skip


def adopted(command: Command) -> Service:
    """A service on the command's place, to lead cases in this process where the command is not the point."""
    return Service(command.database)


def test_an_objection_from_application_to_the_record_in_processing(service: Command) -> None:
    case = service.ok("objection submit --record R-1 --set reason=不是我 --all-materials")
    assert case.keys() >= CASE_FIELDS
    assert (case["case"], case["state"], case["version"], case["opened"]) == (O1, "submitted", 1, "2026-03-02")
    assert case["subject_id"] == "3301**********0014"
    (handling,) = case["deadlines"]
    assert handling.keys() >= DEADLINE_FIELDS
    assert (handling["id"], handling["due"], handling["days_left"], handling["status"]) == (
        "handling",
        "2026-04-01",
        30,
        "running",
    )
    assert "accept" in case["actions"]
    service.ok(f"objection accept {O1}")
    service.ok(f"objection transfer {O1}")
    case = service.ok(f"objection receive {O1}", who="center1")
    assert (case["state"], case["actions"]) == ("verifying", ["consult", "report", "request_extension"])
    seen = service.ok("record show R-1", who="center1")
    assert (seen["usable"], seen["content"]) == (False, "欠税1元")
    assert [(m["kind"], m["case"], m["last_day"]) for m in seen["marks"]] == [("processing", O1, None)]
    assert service.ok("record show R-1", who="auditor1")["content"] is None
    history = service.ok(f"case history {O1}", who="auditor1")
    assert [e["action"] for e in history["events"]] == ["submit", "accept", "transfer", "receive"]
    first = history["events"][0]
    assert first.keys() >= {"seq", "at", "effective", "actor", "role", "action", "from", "to", "data", "hash"}
    assert first["at"] == "2026-03-02T00:00:00+08:00"


def test_global_options_stand_anywhere_and_in_the_environment(service: Command) -> None:
    before = service("--as window1 --at 2026-03-02 record show R-1")
    after = service("record --as window1 show --at 2026-03-02 R-1")
    environment = service("record show R-1", CREDIT_WORKFLOW_AS="window1", CREDIT_WORKFLOW_AT="2026-03-02")
    assert [a.code for a in (before, after, environment)] == [0, 0, 0]
    assert before.json == after.json == environment.json
    elsewhere = service(f"--db {service.folder / 'other.db'} todo", who="window1")
    assert elsewhere.code == 4


@pytest.mark.parametrize(
    ("line", "who", "code"),
    [
        ("objection accept OBJ-2026-000009", "window1", 4),
        ("objection submit --record R-9 --set reason=x", "window1", 4),
        ("objection submit --record R-1 --set reason=x", "center1", 6),
        ("objection submit --record R-1 --set reason=x", "", 6),
        ("objection submit --record R-1 --set reason=x", "nobody", 6),
        ("objection submit --record R-1", "window1", 2),
        ("objection submit --set reason=x", "window1", 2),
        ("objection submit --record R-1 --set reason=x --subject 330106199003070015", "window1", 2),
        ("objection submit --record R-1 --set reason=x --set colour=red", "window1", 2),
        ("objection submit --record R-1 --set reason=x --material passport", "window1", 2),
        ("objection submit --record R-1 --bogus", "window1", 2),
        ("objection dance", "window1", 2),
        ("dance", "window1", 2),
        ("record import none.csv", "center1", 4),
        ("record import none.csv", "window1", 6),
        ("record show R-1 --full", "window1", 2),
        ("record show R-1 --full --purpose x", "auditor1", 6),
        ("case list --due-before yesterday", "window1", 2),
        ("case list --workflow dance", "window1", 4),
        ("calendar count 2026-02-30 7days", "", 2),
        ("calendar count 2026-02-10 soon", "", 2),
        ("calendar show 1800", "", 3),
        ("init --training", "", 3),
        ("overdue --at 2026-13-01", "supervisor1", 2),
        ("overdue --at 2026-03-01T23:59", "supervisor1", 3),
        ("workflow show dance", "", 4),
        ("workflow check none.yaml", "", 4),
        ("scheduler run --time 25:00", "", 2),
    ],
)
def test_exit_codes_with_an_error_as_published(shared: Command, line: str, who: str, code: int) -> None:
    at = "" if "--at" in line or line.startswith("init") else "2026-03-02"
    answer = shared(line, who=who, at=at)
    assert (answer.code, bool(answer.error["message"])) == (code, True)
    lang = "en" if code % 2 else "zh"
    text = shared(line, who=who, at=at, as_json=False, CREDIT_WORKFLOW_LANG=lang)
    assert text.code == code
    assert len(text.err.splitlines()) == 1


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, databases: None) -> Command:  # noqa: ARG001 - it must be there first
    """A service for commands that change nothing."""
    found = Command(tmp_path_factory.mktemp("shared"))
    found.environment = {"CREDIT_WORKFLOW_CACHE": os.environ["CREDIT_WORKFLOW_CACHE"]}
    assert found("init --training").code == 0
    found.ok("record import", str(write_records(found.folder / "records.csv", 3)), who="center1")
    return found


def test_a_refusal_names_all_grounds_and_changes_nothing(service: Command) -> None:
    service.ok("objection submit --record R-1 --set reason=x --set resident=false --material id_card")
    before = service.ok(f"case show {O1}")
    answer = service(f"objection accept {O1}", who="window1", at="2026-03-02")
    assert answer.code == 3
    grounds = answer.error["details"]["grounds"]
    assert [g["code"] for g in grounds] == ["resident", "material", "material"]
    assert all(g["message"] and g["source"] for g in grounds)
    assert service.ok(f"case show {O1}") == before
    checked = service.ok(f"objection accept {O1} --check")
    assert (checked["allowed"], len(checked["grounds"]), checked["materials"]) == (
        False,
        3,
        ["objection_form", "evidence"],
    )
    assert service.ok(f"case show {O1}") == before


def test_a_case_that_has_changed_is_exit_5(service: Command) -> None:
    service.ok("objection submit --record R-1 --set reason=x --all-materials")
    service.ok(f"objection accept {O1} --expect-version 1")
    answer = service(f"objection transfer {O1} --expect-version 1", who="window1", at="2026-03-02")
    assert (answer.code, answer.error["code"]) == (5, "conflict")


def test_two_processes_on_one_case(service: Command) -> None:
    service.ok("objection submit --record R-1 --set reason=x --all-materials")
    environment = {**os.environ, "CREDIT_WORKFLOW_DB": where.url(service.database), "PYTHONPATH": str(ROOT)}
    words = ["objection", "accept", O1, "--as", "window1", "--at", "2026-03-02", "--expect-version", "1", "--json"]
    both = [
        subprocess.Popen(
            [sys.executable, "-m", "credit_workflow", *words], env=environment, stdout=-1, stderr=-1, text=True
        )
        for _ in range(2)
    ]
    answers = [process.communicate() for process in both]
    assert sorted(process.returncode for process in both) == [0, 5]
    assert not any("locked" in err for _, err in answers)
    assert service.ok(f"case show {O1}")["version"] == 2


def test_a_scan_is_kept_by_its_content_and_gone_after_a_refusal(service: Command) -> None:
    scan = service.folder / "身份证.pdf"
    scan.write_bytes(b"%PDF scan")
    refused = service("objection submit --record R-1", "--material", f"id_card={scan}", who="window1", at="2026-03-02")
    assert refused.code == 2
    folder = service.beside("scans")
    assert not folder.exists() or not list(folder.iterdir())
    case = service.ok("objection submit --record R-1 --set reason=x", "--material", f"id_card={scan}")
    (material,) = case["materials"]
    assert [file.name for file in folder.iterdir()] == [material["scan"]] == [sha256(b"%PDF scan").hexdigest()]
    service.ok(f"case scan {O1} id_card --to out.pdf --purpose 复核")
    assert (service.folder / "out.pdf").read_bytes() == b"%PDF scan"


def test_all_materials_does_not_stand_for_the_proof_of_guardianship(service: Command) -> None:
    service.ok("objection submit --record R-1 --set reason=x --set guardian=母亲 --all-materials")
    answer = service(f"objection accept {O1} --all-materials", who="window1", at="2026-03-02")
    assert [g["material"] for g in answer.error["details"]["grounds"]] == ["guardianship"]
    assert service.ok(f"objection accept {O1} --material guardianship")["state"] == "accepted"


@pytest.mark.usefixtures("databases")
def test_the_mark_expires_by_date_and_the_sweep_writes_it_down(command: Command) -> None:
    adopted(command).marked()
    mark = "MRK-2026-000001"
    assert command.ok(f"case show {mark}", at="2026-04-08T23:59")["state"] == "disputed"
    late = command.ok(f"case show {mark}", at="2026-04-09")
    assert (late["state"], late["recorded"]) == ("expired", False)
    assert command.ok(f"case show {O1}", at="2026-04-09")["state"] == "expired"
    assert command.ok("record show R-1", at="2026-04-09")["marks"] == []
    swept = command.ok("sweep", who="", at="2026-04-12")
    assert (swept["as_of"], swept["fired"], swept["failed"]) == ("2026-04-12", {"expire": 1}, [])
    assert swept["caught_up_from"] == "2026-04-09"
    assert command.ok("sweep", who="", at="2026-04-12")["fired"] == {}
    event = command.ok(f"case history {mark}", at="2026-04-12")["events"][-1]
    assert (event["action"], event["effective"], event["at"][:10]) == ("expire", "2026-04-09", "2026-04-12")
    assert command.ok(f"case show {mark}", at="2026-04-12")["recorded"] is True
    assert command.ok("audit verify", at="2026-04-12")["ok"] is True


@pytest.mark.usefixtures("databases")
def test_refusals_of_a_repeat_and_of_a_late_marking(command: Command) -> None:
    life = adopted(command)
    life.life(life.objection("2026-03-02"), "2026-03-03", TO_COLLECTED)
    life.objection("2026-03-04")
    life.follow("marking", O1, "2026-03-11")
    repeat = command("objection accept OBJ-2026-000002", who="window1", at="2026-03-11")
    assert (repeat.code, repeat.error["source"]) == (3, "附件2·四(二)")
    assert O1 in repeat.error["message"]
    late = command("marking accept MRK-2026-000001", who="window1", at="2026-03-11")
    assert (late.code, late.error["source"]) == (3, "附件2·六(三)")
    assert late.error["details"]["grounds"][0]["last_day"] == "2026-03-10"
    assert (
        command.ok("objection accept OBJ-2026-000002 --set good_ground=新证据", at="2026-03-11")["state"] == "accepted"
    )


@pytest.mark.usefixtures("databases")
def test_an_extension_and_its_explanation(command: Command) -> None:
    life = adopted(command)
    case = life.life(life.objection("2026-03-02"), "2026-03-02", "window1:accept window1:archive")
    command.ok(f"objection request_extension {case} --set days=5 --set reason=复杂", who="center1", at="2026-03-03")
    assert command(f"objection request_extension {case}", who="window1", at="2026-03-03").code == 6
    granted = command.ok(f"objection grant_extension {case}", who="authority1", at="2026-03-03")
    handling = granted["deadlines"][0]
    assert (handling["original_due"], handling["due"]) == ("2026-04-01", "2026-04-09")
    explained = command.ok(f"case explain {case} handling", at="2026-03-03")["deadlines"][0]
    assert explained["counted"][-1]["date"] == "2026-04-01"
    assert [d["date"] for d in explained["extension"]["counted"] if d["number"]][-1] == "2026-04-09"
    assert [d["name"] for d in explained["extension"]["counted"] if d["kind"] == "holiday"] == ["清明节"] * 3


@pytest.mark.usefixtures("databases")
def test_what_is_overdue_before_and_after_the_sweep(command: Command) -> None:
    life = adopted(command)
    life.life(life.objection("2026-03-02"), "2026-03-02", "window1:accept")
    rows = command.ok("overdue", who="supervisor1", at="2026-04-02")
    expected = {"case": O1, "workflow": "objection", "state": "accepted", "due": "2026-03-02", "days_over": 31}
    assert rows["as_of"] == "2026-04-02"
    assert [r["deadline"] for r in rows["overdue"]] == ["archive", "handling"]
    assert rows["overdue"][0].items() >= {**expected, "deadline": "archive", "waiting_for": "window"}.items()
    assert command.ok("sweep", who="", at="2026-04-02")["fired"] == {"overdue": 2}
    again = command.ok("overdue --workflow objection --kind statutory", who="supervisor1", at="2026-04-02")
    assert again["overdue"] == rows["overdue"]
    assert command.ok("overdue --workflow marking", who="supervisor1", at="2026-04-02")["overdue"] == []
    assert [c["case"] for c in command.ok("todo", at="2026-04-02")["cases"]] == [O1]
    listed = command.ok("case list --state accepted --role window --limit 5", at="2026-04-02")["cases"]
    assert [c["case"] for c in listed] == [O1]


@pytest.mark.usefixtures("databases")
def test_one_bad_case_holds_up_no_other(command: Command) -> None:
    life = adopted(command)
    for record in ("R-1", "R-2", "R-3"):
        life.life(life.objection("2026-03-02", record), "2026-03-02", "window1:accept")
    with where.connect(command.database) as db:
        db.execute("UPDATE case_file SET fields = 'no JSON' WHERE number = 'OBJ-2026-000002'")
    db.close()
    answer = command("sweep", at="2026-03-03")
    assert (answer.code, answer.json["fired"]) == (1, {"overdue": 2})
    assert [f["case"] for f in answer.json["failed"]] == ["OBJ-2026-000002"]
    assert command("audit verify").code == 7


@pytest.mark.usefixtures("databases")
def test_marking_and_revocation_are_groups_of_their_own(command: Command) -> None:
    life = adopted(command)
    life.life(life.objection("2026-03-02"), "2026-03-03", TO_COLLECTED)
    mark = command.ok(f"marking submit --parent {O1} --set reason=不服 --all-materials", at="2026-03-04")["case"]
    for step in TO_MARKED.split():
        who, action = step.split(":")
        command.ok(f"{WORKFLOWS[mark[:3]]} {action} {mark}", who=who, at="2026-03-04")
    parent = command.ok(f"case show {O1}", at="2026-03-04")
    assert (parent["state"], parent["children"]) == ("disputed", [mark])
    assert command("marking submit --parent R-1", "--set", "reason=x", who="window1", at="2026-03-04").code == 4


@pytest.mark.usefixtures("databases")
def test_cases_are_assigned_within_the_unit(command: Command) -> None:
    life = adopted(command)
    life.objection("2026-03-02")
    assert command.ok(f"case assign {O1} window2", who="supervisor1")["assignee"] == "window2"
    assert command(f"case assign {O1} window2", who="window1", at="2026-03-02").code == 6
    assert command.ok("todo", who="window1")["cases"] == []
    assert [c["case"] for c in command.ok("todo", who="window2")["cases"]] == [O1]


def test_records_are_imported_all_or_none(service: Command) -> None:
    file = service.folder / "more.csv"
    text = write_records(file, 5).read_text(encoding="utf-8")
    known = service("record import more.csv", who="center1", at="2026-03-02")
    assert (known.code, known.error["details"]["lines"][0]["line"]) == (3, 2)
    assert service.ok("record import more.csv --update", who="center1") == {"imported": 2, "updated": 0}
    file.write_text(text.replace("欠税4元", "欠税40元"), encoding="utf-8")
    assert service.ok("record import more.csv --update", who="center1") == {"imported": 0, "updated": 1}
    header, first, *_ = text.splitlines()
    bad = {
        "digit": first.replace("3301061990030700", "3301061990030701"),
        "class": first.replace(",B,", ",D,"),
        "date": first.replace("2025-01-01", "2025-02-30"),
        "columns": first + ",more",
        "empty": first.replace("欠税1元", " "),
    }
    for name, line in bad.items():
        file.write_text("\n".join([header, first.replace("R-1", "R-7"), line.replace("R-1", "R-8")]), encoding="utf-8")
        answer = service("record import more.csv", who="center1", at="2026-03-02")
        assert (name, answer.code, answer.error["details"]["lines"][0]["line"]) == (name, 2, 3)
    for name, content in {
        "gbk": text.encode("gbk"),
        "letter": b"Dear Sir,\n",
        "nothing": b"",
        "zeros": b"\x00" * 99,
    }.items():
        file.write_bytes(content)
        assert (name, service("record import more.csv", who="center1", at="2026-03-02").code) == (name, 2)
    assert len(service.ok("record list")["records"]) == 5


def test_json_lines_are_imported_too(service: Command) -> None:
    with (service.folder / "records.csv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    file = service.folder / "more.jsonl"
    file.write_text("\n".join(json.dumps({**r, "record_no": f"J-{i}"}) for i, r in enumerate(rows)), encoding="utf-8")
    assert service.ok("record import more.jsonl", who="center1") == {"imported": 3, "updated": 0}


@pytest.mark.parametrize(
    ("start", "length", "due"),
    [
        ("2026-02-10", "7 working days", "2026-02-26"),
        ("2026-02-10", "1 working day", "2026-02-11"),
        ("2026-02-10", "30 days", "2026-03-12"),
    ],
)
def test_the_calendar_needs_no_database(command: Command, start: str, length: str, due: str) -> None:
    answer = command("calendar count", start, length).json
    assert (answer["due"], answer["provisional"], answer["counted"][-1]["date"]) == (due, False, due)
    assert not where.exists(command.database)


def test_definitions_need_neither_database_nor_account(command: Command) -> None:
    listed = command("workflow list").json["workflows"]
    assert [w["id"] for w in listed][:3] == ["objection", "marking", "revocation"]
    assert {"query", "archive", "account"} <= {w["id"] for w in listed}
    assert command("workflow show marking").json["deadlines"]["retention"]["length"] == "30 days"
    bad = command.folder / "bad.yaml"
    text = (ROOT / "workflows" / "marking.yaml").read_text(encoding="utf-8")
    bad.write_text(text.replace("to: disputed", "to: nowhere"), encoding="utf-8")
    answer = command("workflow check", str(bad))
    assert answer.code == 2
    places = [(p["file"], p["key"]) for p in answer.error["details"]["problems"]]
    assert ("bad.yaml", "actions.mark") in places
    assert command("workflow check", *map(str, sorted((ROOT / "workflows").glob("*.yaml")))).code == 0


@pytest.mark.parametrize(
    ("at", "opened"),
    [("2026-03-02T23:59", "2026-03-02"), ("2026-03-03T00:00", "2026-03-03"), ("2026-03-02T16:30+00:00", "2026-03-03")],
)
def test_days_are_days_in_shanghai(service: Command, at: str, opened: str) -> None:
    answer = service("objection submit --record R-1 --set reason=x", who="window1", at=at, TZ="America/New_York")
    assert answer.json["opened"] == opened


def test_a_date_alone_is_the_newest_entry_of_that_day(service: Command) -> None:
    service.ok("objection submit --record R-1 --set reason=x --all-materials", at="2026-03-02T15:30")
    service.ok(f"objection accept {O1}", at="2026-03-02")
    assert service.ok(f"case history {O1}")["events"][-1]["at"] == "2026-03-02T15:30:00+08:00"
    back = service(f"objection transfer {O1}", who="window1", at="2026-03-02T15:29")
    assert (back.code, back.error["code"]) == (3, "clock_backwards")


@pytest.mark.usefixtures("databases")
def test_a_new_file_brings_its_commands_along(command: Command) -> None:
    folder = command.folder / "rules"
    folder.mkdir()
    for file in (ROOT / "workflows").glob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        (folder / file.name).write_text(text, encoding="utf-8")
        if file.name == "objection.yaml":
            other = text.replace("workflow: objection", "workflow: complaint").replace("OBJ-{year}", "CPL-{year}")
            (folder / "complaint.yaml").write_text(other, encoding="utf-8")
    assert command("init --training --workflows", str(folder)).code == 0
    command.ok("record import", str(write_records(command.folder / "records.csv", 1)), who="center1")
    case = command.ok("complaint submit --record R-1 --set reason=x --workflows", str(folder))
    assert case["case"] == "CPL-2026-000001"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM to catch")
@pytest.mark.usefixtures("databases")
def test_the_scheduler_catches_up_at_its_start_and_stops_cleanly(command: Command) -> None:
    adopted(command).marked()
    environment = {
        **os.environ, "CREDIT_WORKFLOW_DB": where.url(command.database), "CREDIT_WORKFLOW_AT": "2026-04-20", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    words = [sys.executable, "-m", "credit_workflow", "scheduler", "run", "--json"]
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["fired"] == {"expire": 1}
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0


@pytest.mark.usefixtures("databases")
def test_what_only_reads_loads_neither_the_orm_nor_pydantic(command: Command) -> None:
    adopted(command).marked()
    for line in ("overdue", "todo", "case show OBJ-2026-000001", "case list"):
        program = (
            "import sys\nfrom credit_workflow.cli.main import main\n"
            "try: main(sys.argv[1:])\nexcept SystemExit: pass\n"
            "print(sorted({'sqlalchemy', 'pydantic', 'yaml', 'holidays', 'apscheduler'} & set(sys.modules)), file=sys.stderr)"
        )
        words = [sys.executable, "-c", program, *line.split(), "--as", "supervisor1", "--at", "2026-04-20", "--json"]
        environment = {**os.environ, "CREDIT_WORKFLOW_DB": where.url(command.database), "PYTHONPATH": str(ROOT)}
        command("workflow list")  # fills the cache
        done = subprocess.run(words, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)
        assert done.stderr.strip() == "[]", line


@pytest.mark.skipif(os.name == "nt", reason="pexpect needs a Unix terminal")
@pytest.mark.usefixtures("databases")
def test_in_a_terminal_what_is_missing_is_asked_for(command: Command) -> None:
    pexpect = pytest.importorskip("pexpect")
    life = adopted(command)
    life.life(life.objection("2026-03-02"), "2026-03-02", "window1:accept window1:transfer center1:receive")
    environment = {
        **os.environ,
        "CREDIT_WORKFLOW_DB": where.url(command.database),
        "CREDIT_WORKFLOW_LANG": "en",
        "PYTHONPATH": str(ROOT),
    }
    words = ["-m", "credit_workflow", "objection", "report", O1, "--as", "center1", "--at", "2026-03-02"]
    child = pexpect.spawn(sys.executable, words, env=environment, encoding="utf-8", timeout=30, dimensions=(50, 120))
    child.expect("Outcome")
    child.sendline("corrected")
    child.expect("Corrected values")
    child.sendline('{"content": "已更正"}')
    child.expect("Reported, to be approved")
    child.expect(pexpect.EOF)
    assert command.ok("record show R-1")["content"] == "已更正"


def test_texts_are_in_the_language_asked_for(service: Command) -> None:
    service.ok("objection submit --record R-1 --set reason=x --all-materials")
    for lang, said in (("zh", "异议办理期限"), ("en", "Handling of the objection")):
        shown = service(f"case show {O1} --lang {lang}", who="window1", at="2026-03-02", as_json=False)
        assert said in shown.out
        assert ("练习数据库" if lang == "zh" else "training database") in shown.out
    assert where.exists(service.database)
