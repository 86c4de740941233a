"""The command line as published: its grammar, exit codes, languages and what it needs."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests import where
from tests.acceptance.conftest import ROOT, Command
from tests.integration.helpers import Service, write_records

O1 = "OBJ-2026-000001"


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


@pytest.mark.usefixtures("databases")
def test_what_only_reads_loads_neither_the_orm_nor_pydantic(command: Command) -> None:
    Service(command.database).marked()
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
    life = Service(command.database)
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
    for lang, said, must in (
        ("zh", "• grounds：不予受理的理由，必填", "案件编号 [必填]"),
        ("en", "• grounds: Grounds of the refusal, required", "the case's number [required]"),
    ):
        shown = service(f"objection reject --help --lang {lang}", as_json=False)
        assert said in shown.out
        assert must in shown.out
    todo = service("todo --lang en", who="window1", at="2026-03-02", as_json=False)
    assert "1 case, 0 of them overdue" in todo.out
    assert where.exists(service.database)
