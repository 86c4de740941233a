"""Global options, environment variables, exit codes, and the form of errors."""

from __future__ import annotations

import json
import re
from contextlib import closing
from pathlib import Path

import pytest

from tests import where
from tests.acceptance.conftest import Command, Office

O1 = "OBJ-2026-000001"


def test_the_process_and_its_main_answer_alike(office: Office) -> None:
    lines = [
        ("record list", "window1", "2026-03-02", True),
        ("record list", "window1", "2026-03-02", False),
        ("case show OBJ-2026-000009", "window1", "2026-03-02", True),
        ("case show OBJ-2026-000009", "window1", "2026-03-02", False),
        ("--bogus", "", "", True),
    ]
    for line, who, at, as_json in lines:
        here = office(line, who=who, at=at, as_json=as_json)
        assert office.process(line, who=who, at=at, as_json=as_json) == here


def test_the_checkout_has_the_command_too(office: Office) -> None:
    import subprocess  # noqa: PLC0415
    import sys  # noqa: PLC0415

    from tests.acceptance.conftest import ROOT  # noqa: PLC0415

    done = subprocess.run(
        [sys.executable, "cli.py", "whoami", "--as", "clerk1", "--json"], env=office.environ(PYTHONPATH=""), cwd=ROOT,
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {"account": "clerk1", "roles": ["clerk"], "unit": "市发改委", "person": None}


@pytest.mark.parametrize(
    "line",
    [
        "--as window1 --at 2026-03-02 --json --lang en record list",
        "record list --as window1 --at 2026-03-02 --json --lang en",
        "record --as window1 --lang en list --json --at 2026-03-02",
        "--as=window1 record --at=2026-03-02 list --json --lang=en",
    ],
)
def test_global_options_stand_before_between_and_after(office: Office, line: str) -> None:
    found = office(line, as_json=False).json
    assert [r["record_no"] for r in found["records"]] == ["K-1", "L-1", "R-1", "R-2", "R-3", "R-4", "Y-1"]
    assert office(line.replace("window1", "nobody"), as_json=False).error["message"].isascii()


@pytest.mark.parametrize(
    ("line", "lang", "said"),
    [
        ("", "zh", "错误: 缺少子命令：credit-workflow；用 --help 查看用法"),
        ("record", "zh", "错误: 缺少子命令：credit-workflow record；用 --help 查看用法"),
        ("record", "en", "error: credit-workflow record needs a command; see --help"),
        ("--json", "zh", "缺少子命令：credit-workflow；用 --help 查看用法"),
    ],
)
def test_a_group_without_a_command_says_what_is_missing(office: Office, line: str, lang: str, said: str) -> None:
    answer = office(line, as_json=False, CREDIT_WORKFLOW_LANG=lang)
    assert answer.code == 2
    assert said == (json.loads(answer.err)["error"]["message"] if "--json" in line else answer.err.strip())


def test_the_environment_gives_every_global_option(office: Office, tmp_path: Path) -> None:
    elsewhere = tmp_path / "else where"
    elsewhere.mkdir()
    where.copy(office.database, elsewhere / "other.db")
    answer = office(
        "record show R-1",
        as_json=False,
        CREDIT_WORKFLOW_DB=where.url(elsewhere / "other.db"),
        CREDIT_WORKFLOW_AS="window1",
        CREDIT_WORKFLOW_AT="2026-03-02",
        CREDIT_WORKFLOW_JSON="1",
        CREDIT_WORKFLOW_LANG="en",
    )
    assert (answer.code, answer.json["record_no"]) == (0, "R-1")
    english = office("case show X", as_json=False, who="window1", at="2026-03-02", CREDIT_WORKFLOW_LANG="en",
                     CREDIT_WORKFLOW_DB=where.url(elsewhere / "other.db"))  # fmt: skip
    assert english.line == "error: there is no case X; see case list"


def test_an_option_wins_over_the_environment(office: Office) -> None:
    env = {"CREDIT_WORKFLOW_AS": "center1", "CREDIT_WORKFLOW_DB": "/nowhere/x.db", "CREDIT_WORKFLOW_LANG": "en"}
    db = where.url(office.database)
    answer = office("whoami --lang zh --db", db, who="window2", **env)
    assert answer.json["account"] == "window2"
    assert "没有案件" in office("case show X --lang zh --db", db, who="window2", as_json=False, **env).line


@pytest.mark.parametrize("number", [0, 1])
def test_an_sqlalchemy_url_names_the_database(office: Office, number: int) -> None:
    schemes = ("postgresql", "postgresql+psycopg") if where.POSTGRES else ("sqlite", "sqlite+pysqlite")
    place = where.url(office.database).partition("://")[2] or f"/{office.database}"
    answer = office("whoami --db", f"{schemes[number]}://{place}", who="admin1")
    assert answer.json == {"account": "admin1", "roles": ["admin"], "unit": "市发改委", "person": None}


@pytest.mark.parametrize(("env", "word"), [({"LANG": "en_GB.UTF-8"}, "error:"), ({"LANG": "zh_CN.UTF-8"}, "错误"),
                                           ({"LANG": "C.UTF-8"}, "错误"), ({"LC_ALL": "en_US.UTF-8"}, "error:")])  # fmt: skip
def test_without_a_word_on_it_the_locale_gives_the_language(office: Office, env: dict[str, str], word: str) -> None:
    answer = office("case show X", who="window1", as_json=False, CREDIT_WORKFLOW_LANG="", **env)
    assert answer.line.startswith(word)


def test_the_default_database_is_in_the_users_data_folder(command: Command, tmp_path: Path) -> None:
    env = {"CREDIT_WORKFLOW_DB": "", "XDG_DATA_HOME": str(tmp_path / "data"), "HOME": str(tmp_path)}
    assert command("todo", who="window1", **env).code == 4
    assert not (tmp_path / "data").exists()
    assert command("init --training", **env).code == 0
    assert len(list((tmp_path / "data").rglob("*.db"))) == 1
    assert command("whoami", who="window1", **env).code == 0


# One example at least of each exit code; `who` "" means nobody is named.
EXITS: list[tuple[int, str, str]] = [
    (0, "record list", "window1"),
    (2, "record list --bogus", "window1"),
    (2, "", "window1"),
    (2, "nonsense", "window1"),
    (2, "case show", "window1"),
    (2, "case show A B", "window1"),
    (2, "case list --limit many", "window1"),
    (2, "case list --limit 0", "window1"),
    (2, "case list --due-before 2026-02-30", "window1"),
    (2, "overdue --kind urgent", "supervisor1"),
    (2, "objection submit", "window1"),
    (2, "objection submit --record R-1", "window1"),
    (2, "objection submit --record R-1 --set reason", "window1"),
    (2, "objection submit --record R-1 --set =x", "window1"),
    (2, "objection submit --record R-1 --set reason=a --set reason=b", "window1"),
    (2, "objection submit --record R-1 --set reason=a --set resident=perhaps", "window1"),
    (2, "objection submit --record R-1 --set reason=a --material cat", "window1"),
    (2, "objection submit --record R-1 --set reason=a --subject 12345", "window1"),
    (2, "objection accept X --expect-version one", "window1"),
    (2, "calendar show year", ""),
    (2, "calendar count today 3days", ""),
    (2, "scheduler run --time 24:00", ""),
    (2, "record list --subject 330106199003070015", "window1"),
    (3, "init --training", ""),
    (4, "case show OBJ-2026-000009", "window1"),
    (4, "case history OBJ-2026-000009", "auditor1"),
    (4, "case explain OBJ-2026-000009", "auditor1"),
    (4, "case assign OBJ-2026-000009 window2", "supervisor1"),
    (4, "record show R-9", "window1"),
    (4, "record history R-9", "center1"),
    (4, "objection accept OBJ-2026-000009", "window1"),
    (4, "objection submit --record R-9 --set reason=a", "window1"),
    (4, "objection submit --record R-1 --set reason=a --material id_card=none.pdf", "window1"),
    (4, "marking submit --parent OBJ-2026-000009 --set reason=a", "window1"),
    (4, "record import none.csv", "center1"),
    (4, "workflow show nonsense", ""),
    (4, "overdue --workflow nonsense", "supervisor1"),
    (6, "todo", ""),
    (6, "whoami", ""),
    (6, "whoami", "somebody"),
    (6, "objection submit --record R-1 --set reason=a", "auditor1"),
    (6, "objection submit --record R-1 --set reason=a", "admin1"),
    (6, "record import none.csv", "window1"),
    (6, "record list", "auditor1"),
    (6, "record history R-9", "auditor1"),
    (6, "record show R-1 --full --purpose x", "auditor1"),
]  # fmt: skip


@pytest.fixture(scope="module")
def shared(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office in which nothing is changed."""

    found = Office(tmp_path_factory.mktemp("shared"))
    where.copy(template, found.database)
    return found


@pytest.mark.parametrize(("code", "line", "who"), EXITS, ids=[f"{c} {line} {w}" for c, line, w in EXITS])
def test_exit_codes(shared: Office, code: int, line: str, who: str) -> None:
    at = "" if line.startswith("init") else "2026-03-02"
    answer = shared(line, who=who, at=at)
    assert answer.code == code
    if code == 0:
        assert answer.json
        return
    said = {"zh": answer.error["message"], "en": shared(line, "--lang", "en", who=who, at=at).error["message"]}
    for lang, message in said.items():
        text = shared(line, "--lang", lang, who=who, at=at, as_json=False)
        assert (text.code, text.out) == (code, "")
        assert message.split("；")[0].split(";")[0] in text.line
        assert text.line.startswith({"zh": "错误: ", "en": "error: "}[lang])
    assert re.search("[一-鿿]", said["zh"]), said["zh"]
    assert said["en"] != said["zh"]


def test_exit_1_is_a_fault_and_still_one_line(office: Office) -> None:
    (office.folder / "blocked").write_text("a file where a folder should be")
    env = {"CREDIT_WORKFLOW_DB": str(office.folder / "blocked" / "sub" / "x.db")}
    assert office("init --training", **env).error["message"]
    text = office.process("init --training", as_json=False, **env)
    assert (text.code, text.out, len(text.err.splitlines())) == (1, "", 1)


def test_a_language_that_is_not_spoken(office: Office) -> None:
    answer = office("record list --lang fr", who="window1", at="2026-03-02")
    assert (answer.code, answer.error["code"]) == (2, "language")


def test_exit_5_and_7(office: Office) -> None:
    case = office.life.objection("2026-03-02")
    office.life.life(case, "2026-03-02", "window1:accept")
    error = office.refused(5, f"objection transfer {case} --expect-version 1")
    assert error["details"] == {"version": 2, "expected": 1}
    if where.POSTGRES:
        with closing(where.connect(office.database)) as db:
            db.execute("DROP TABLE alembic_version")
            db.commit()
    else:
        office.database.write_bytes(b"SQLite format 3\x00 and no more")
    assert office("case list", who="window1").code == 7


@pytest.mark.parametrize(
    ("at", "code"),
    [
        ("2026-03-02", 0), ("2026-03-02T09:30", 0), ("2026-03-02T09:30:15", 0), ("2026-03-02T09:30+08:00", 0),
        ("2026-3-2", 2), ("2026-02-29", 2), ("2026-03-02T25:00", 2), ("tomorrow", 2), ("", 0), ("20260302", 2),
        ("9999-99-99", 2), ("2024-12-31", 3), ("2025-01-01T23:59", 3),
    ],
)  # fmt: skip
def test_the_instant_taken_for_now(office: Office, at: str, code: int) -> None:
    answer = office("overdue", who="supervisor1", at=at)
    assert answer.code == code
    if at and code == 0:
        assert answer.json["as_of"] == "2026-03-02"


def test_json_is_utf8_whatever_the_locale(office: Office) -> None:
    answer = office.process("record show L-1", who="center1", at="2026-03-02", LANG="C", LC_ALL="POSIX")
    assert answer.json["subject_name"] == "杭州某某有限公司"
    assert "杭州某某有限公司" in answer.out  # as it is, not as an escape


def test_whoever_is_not_signed_in_is_told_before_what_is_missing(office: Office) -> None:
    assert office("objection submit", at="2026-03-02").code == 6
    assert office("objection submit", who="center1", at="2026-03-02").code in (2, 6)
    case = office.life.objection("2026-03-02")
    # role and state are checked before values
    assert office.refused(6, f"objection report {case}", who="window1")["code"] == "role"
    assert office.refused(3, f"objection report {case}", who="center1")["code"] == "state"
    assert office.refused(3, f"objection report {case} --set outcome=nonsense", who="center1")["code"] == "state"
    assert office.refused(6, f"objection reject {case} --set colour=red", who="center1")["code"] == "role"
    assert office.refused(2, f"objection reject {case}")["code"] == "missing_values"
