"""Creating databases; databases that are missing, empty, foreign, damaged or cut off."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests import where
from tests.acceptance.conftest import Command, Office, unchanged

ACCOUNTS = [
    "window1", "window2", "center1", "center2", "authority1", "authority2", "provider1", "supervisor1", "supervisor2", "user1", "site1", "auditor1",
    "clerk1", "admin1",
]  # fmt: skip

#: A command of each kind that needs a database: it reads, writes, asks, sweeps, verifies.
NEED_A_DATABASE = [
    "case list", "case show OBJ-2026-000001", "case history OBJ-2026-000001", "case explain OBJ-2026-000001", "todo",
    "overdue", "sweep", "scheduler run", "audit verify", "record list", "record show R-1", "record history R-1",
    "record import records.csv", "objection submit --record R-1 --set reason=x", "objection accept OBJ-2026-000001",
    "objection accept OBJ-2026-000001 --check", "marking submit --parent OBJ-2026-000001 --set reason=x", "whoami",
    "case assign OBJ-2026-000001 window2",
]  # fmt: skip


@pytest.mark.usefixtures("databases")
def test_init_makes_the_training_accounts(command: Command) -> None:
    made = command.process("init --training")
    assert made.code == 0
    assert sorted(made.json["accounts"]) == sorted(ACCOUNTS)
    for account in ACCOUNTS:
        who = command("whoami", who=account).json
        assert who == {"account": account, "roles": [account[:-1]], "unit": who["unit"], "person": None}


def test_init_twice_is_refused_and_harms_nothing(office: Office) -> None:
    case = office.life.objection("2026-03-02")
    with unchanged(office.database):
        for line in ("init --training", "init --training --at 2020-01-01", "init"):
            assert office(line).code == 3
        assert office("init --training").error["code"] == "exists"
        assert "已存在" in office("init --training", as_json=False).line
    assert office.ok(f"case show {case}")["state"] == "submitted"


@pytest.mark.usefixtures("databases")
def test_init_leaves_anothers_database_alone(command: Command) -> None:
    make_foreign(command.database)
    with unchanged(command.database):
        for line in ("init --training", "init"):
            answer = command(line)
            assert (answer.code, answer.error["code"]) == (3, "exists")


@pytest.mark.sqlite("the bytes of a file")
@pytest.mark.usefixtures("databases")
def test_init_leaves_any_other_file_alone(command: Command) -> None:
    command.database.write_text("dear diary")
    with unchanged(command.database):
        assert command("init --training").code == 3
    command.database.unlink()
    command.database.mkdir()
    assert command("init --training").code == 3
    assert list(command.database.iterdir()) == []


@pytest.mark.sqlite("the size of a file")
@pytest.mark.usefixtures("databases")
@pytest.mark.parametrize("pages", [5, 40])
def test_init_without_room_leaves_nothing(command: Command, monkeypatch: pytest.MonkeyPatch, pages: int) -> None:
    """What is full while the schema is made comes wrapped by SQLAlchemy, and is said as a full disk all the same."""
    from credit_workflow.store.sqlite import new_file  # noqa: PLC0415 - the ORM starts slowly

    made = new_file.prepare

    def small(connection: sqlite3.Connection) -> None:
        made(connection)
        connection.execute(f"PRAGMA max_page_count = {pages}")

    monkeypatch.setattr(new_file, "prepare", small)
    answer = command("init --training")
    assert (answer.code, answer.error["code"]) == (1, "disk_full")
    assert list(command.folder.iterdir()) == []


@pytest.mark.usefixtures("databases")
def test_init_takes_an_empty_database(command: Command) -> None:
    where.empty(command.database)
    assert command("init --training").code == 0
    assert command("whoami", who="admin1").code == 0
    assert [p.name for p in command.folder.iterdir()] == ["cases.db"][where.POSTGRES :]


def test_every_text_screen_of_a_training_database_says_so(office: Office) -> None:
    case = office.life.objection("2026-03-02")
    for line in ("record list", "record show R-1", "record history R-1", "case list", f"case show {case}", "todo",
                 f"case history {case}", f"case explain {case}", "overdue", "audit verify", "sweep"):  # fmt: skip
        assert "练习数据库" in office.text(line), line
        assert "training database" in office.text(f"{line} --lang en"), line


@pytest.mark.usefixtures("databases")
def test_what_happened_before_training_began_does_not_count(command: Command) -> None:
    """What `init --training` writes may be newer than any `--at`."""
    assert command("init --training").code == 0
    assert command("overdue", who="supervisor1", at="2019-01-02").json["as_of"] == "2019-01-02"


@pytest.mark.parametrize("line", NEED_A_DATABASE)
@pytest.mark.parametrize(("content", "code"), [(None, 4), (b"", 4)], ids=["missing", "empty"])
@pytest.mark.usefixtures("databases")
def test_no_command_creates_a_database(command: Command, line: str, content: bytes | None, code: int) -> None:
    if content is not None:
        where.empty(command.database)
    with unchanged(command.database):
        answer = command(line, who="window1", at="2026-03-02")
        assert answer.code == code
        assert "init" in answer.error["message"]
    assert "init" in command(line, who="window1", as_json=False, CREDIT_WORKFLOW_LANG="en").line


BAD = ["letter", "bare header", "garbage after the header", "cut off", "scrambled"]


def make_foreign(path: Path) -> None:
    where.owner(path)
    with closing(where.connect(path)) as db:
        for statement in ("CREATE TABLE case_event (number text)", "CREATE TABLE song (title text)"):
            db.execute(statement)
        db.execute("INSERT INTO song VALUES ('x')")
        db.commit()


@pytest.mark.usefixtures("databases")
@pytest.mark.parametrize("line", NEED_A_DATABASE)
def test_anothers_database_is_left_alone(command: Command, line: str) -> None:
    make_foreign(command.database)
    with unchanged(command.database):
        answer = command(line, who="supervisor1" if "assign" in line else "window1", at="2026-03-02")
        assert (answer.code, answer.error["code"]) == (7, "foreign")
        assert answer.error["message"].count(where.name(command.database)) == 1


def spoil(path: Path, kind: str) -> None:
    content = path.read_bytes()
    path.unlink()
    if kind == "letter":
        path.write_text("Dear Sir or Madam,\n" * 300)
    elif kind == "bare header":
        path.write_bytes(content[:16])
    elif kind == "garbage after the header":
        path.write_bytes(content[:100] + b"\xa5" * (len(content) - 100))
    elif kind == "cut off":
        path.write_bytes(content[: len(content) // 3])
    else:
        path.write_bytes(content[:4096] + bytes(b ^ 0x5A for b in content[4096:]))


@pytest.mark.sqlite("the bytes of a file")
@pytest.mark.parametrize("line", NEED_A_DATABASE)
@pytest.mark.parametrize("kind", BAD)
def test_a_file_that_is_no_sound_database_is_left_alone(office: Office, line: str, kind: str) -> None:
    spoil(office.database, kind)
    before = office.database.read_bytes()
    answer = office(line, who="supervisor1" if "assign" in line else "window1", at="2026-03-02")
    assert (answer.code, office.database.read_bytes() == before) == (7, True), answer.out + answer.err
    assert answer.error["code"] in ("foreign", "damaged", "unreadable")
    assert answer.error["message"].count("cases.db") == 1


@pytest.mark.sqlite("the bytes of a file")
def test_a_damaged_database_is_one_line_in_a_process_of_its_own(office: Office) -> None:
    spoil(office.database, "cut off")
    for lang in ("zh", "en"):
        answer = office.process("case list", who="window1", as_json=False, CREDIT_WORKFLOW_LANG=lang)
        assert (answer.code, answer.out) == (7, "")
        assert {"zh": "已损坏", "en": "is damaged"}[lang] in answer.line


def test_a_folder_and_a_server_are_no_database(office: Office) -> None:
    assert office("case list", who="window1", CREDIT_WORKFLOW_DB=str(office.folder)).code == 7
    for url in (
        "postgresql+psycopg2://localhost/cases",
        "postgresql://localhost",
        "sqlite://",
        "sqlite:///:memory:",
        "nonsense://x",
    ):
        assert office("case list", who="window1", CREDIT_WORKFLOW_DB=url).code == 2, url


def test_a_database_may_be_moved(office: Office) -> None:
    case = office.life.objection("2026-03-02")
    moved = office.folder / "别处 的 库.sqlite"
    where.move(office.database, moved)
    for url in (where.url(moved), *([] if where.POSTGRES else [f"sqlite:///{moved}"])):
        assert office("audit verify", who="auditor1", CREDIT_WORKFLOW_DB=url).json["ok"] is True
        assert office(f"case show {case}", who="auditor1", at="2026-03-03", CREDIT_WORKFLOW_DB=url).code == 0
    assert office("todo", who="window1").code == 4  # where it was there is nothing
