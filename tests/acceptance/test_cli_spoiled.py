"""Database files cut off anywhere, replaced, without their write-ahead log, or that can't be written.

Whatever the command, it is one error with its exit code, and nothing is changed.
"""

from __future__ import annotations

import io
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from unittest import mock

import pytest

from credit_workflow.store.integrity.seals import add_seal
from tests import where
from tests.acceptance.conftest import Answer, Command, Office, checked, unchanged

pytestmark = pytest.mark.usefixtures("databases")
of_a_file = pytest.mark.sqlite("the bytes and the log of a file")

WORDS = "correct-horse-7-battery"
CASE = "OBJ-2026-000001"
#: A command of each kind, with who gives it: reading, looking up, acting, sweeping, proving, sealing, copying, keys.
COMMANDS = {
    "case list": "window1", f"case show {CASE}": "window1", f"case history {CASE}": "window1", "todo": "window1",
    "overdue": "supervisor1", "record show R-1": "window1", f"objection accept {CASE} --all-materials": "window1",
    "objection submit --record R-2 --set reason=x": "window1", "record import more.csv": "center1",
    f"case assign {CASE} window2": "supervisor1", "sweep": "", "scheduler run": "", "audit verify": "auditor1",
    "audit seal": "auditor1", "audit export seals.json": "auditor1", "audit show": "auditor1",
    "backup create x.bak": "admin1", "backup drill": "admin1", "key rotate": "admin1", "whoami": "window1",
}  # fmt: skip
#: What shows nothing of anybody: a look is in the log, or there is none.
READING = ("todo", "overdue", "audit verify", "whoami")
AT = "2026-05-20"


def size_of(path: Path, cut: str) -> int:
    whole = path.stat().st_size
    return {"half": whole // 2, "a page": whole - 4096, "a byte": whole - 1}[cut] if not cut.isdigit() else int(cut)


def tried(office: Command, code: int, codes: tuple[str, ...], *, only: tuple[str, ...] = tuple(COMMANDS)) -> None:
    """Run the commands; each must be the error that is expected, and leave every file as it is."""
    with unchanged(office.database):
        for line in only:
            answer = office(line, who=COMMANDS[line], at=AT)
            assert answer.code == code, (line, answer)
            assert answer.error["code"] in codes, (line, answer)
            said = office(line, who=COMMANDS[line], at=AT, as_json=False, CREDIT_WORKFLOW_LANG="en")
            assert (said.code, said.out) == (code, ""), line
            assert said.line.startswith("error: ")


@pytest.fixture
def worked(office: Office) -> Office:
    office.life.objection("2026-03-02")
    office.ok("audit seal", who="auditor1")
    office.life.objection("2026-03-02", "R-4")
    (office.folder / "more.csv").write_text("record_no\n", encoding="utf-8")
    return office


@of_a_file
@pytest.mark.parametrize(
    "cut", ["1", "15", "16", "99", "100", "512", "4095", "4096", "8192", "half", "a page", "a byte"]
)
def test_a_file_cut_off_anywhere_is_found_by_every_command(worked: Office, cut: str) -> None:
    size = size_of(worked.database, cut)
    os.truncate(worked.database, size)
    tried(worked, 7, ("damaged", "foreign", "unreadable"))
    assert worked.database.stat().st_size == size


@of_a_file
@pytest.mark.parametrize("kind", ["garbage", "zeros", "garbage of a size"])
def test_a_file_replaced_by_anything_is_found_by_every_command(worked: Office, kind: str) -> None:
    size = worked.database.stat().st_size
    content = {
        "garbage": random.Random(1).randbytes(777),
        "zeros": bytes(size),
        "garbage of a size": random.Random(3).randbytes(size),
    }
    worked.database.write_bytes(content[kind])
    tried(worked, 7, ("damaged", "foreign", "unreadable"))


def test_an_empty_database_is_not_initialised_for_every_command(worked: Office) -> None:
    where.drop(worked.database)
    where.empty(worked.database)
    tried(worked, 4, ("not_initialised",))


#: What is taken away, and commands that do without it. (A scheduler says what is wrong, and goes on.)
LACKING = {
    "DROP TABLE meta": (),
    "DROP TABLE case_deadline": ("record show", "record import", "audit", "key rotate", "whoami"),
    "DROP TABLE data_key": ("overdue", "record import", "audit", "whoami"),
    "ALTER TABLE case_file DROP COLUMN state": ("record show", "record import", "audit", "key rotate", "whoami"),
    "DELETE FROM meta WHERE key = 'id'": (),
}


@pytest.mark.parametrize("statement", LACKING)
def test_a_database_that_lacks_a_part_is_damaged(worked: Office, statement: str) -> None:
    with closing(where.connect(worked.database)) as db:
        db.execute(statement)
        db.commit()
    needing = tuple(line for line in COMMANDS if not line.startswith((*LACKING[statement], "backup", "scheduler")))
    assert len(needing) > 8
    tried(worked, 7, ("damaged",), only=needing)
    for line in ("audit verify", "backup drill"):
        assert worked(line, who="auditor1", at=AT).code == 7


def test_another_version_of_the_database_is_left_alone_by_every_command(worked: Office) -> None:
    with closing(where.connect(worked.database)) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
        db.commit()
    tried(worked, 3, ("schema",))


@of_a_file
def test_nobody_signs_in_on_a_spoiled_database(command: Command) -> None:
    def typed(line: str) -> Answer:
        with mock.patch.object(sys, "stdin", io.StringIO(WORDS + "\n")):
            return command(line)

    command.environment["CREDIT_WORKFLOW_STATE"] = str(command.folder / "state")
    assert typed("init --admin root1 --password-stdin").code == 0
    whole = command.database.read_bytes()
    for content, code in (
        (whole[:-1], 7),
        (whole[:5000], 7),
        (whole[:50], 7),
        (random.Random(4).randbytes(5000), 7),
        (b"", 4),
    ):
        command.database.write_bytes(content)
        with unchanged(command.database):
            for line in ("login root1 --password-stdin", "whoami", "logout", "passwd --password-stdin", "account list"):
                answer = typed(line)
                assert (answer.code, bool(answer.error["message"])) == (code, True), line
        assert not (command.folder / "state").exists()
    command.database.write_bytes(whole)
    assert typed("login root1 --password-stdin").code == 0


@contextmanager
def crashed(office: Office) -> Iterator[Path]:
    """A copy of the files of a database as a crash leaves them: nine submissions, then a seal, in the log alone."""
    left = office.folder / "left"
    left.mkdir()
    with closing(sqlite3.connect(office.database)) as held:
        held.execute("SELECT count(*) FROM case_file").fetchone()  # as long as it is open, the log stays
        for _ in range(9):
            office.life.objection("2026-03-02")
        with office.life.database.writing() as db:
            add_seal(db, office.life.moment("2026-03-03").at)
        office.ok("audit export", str(office.folder / "seals.json"), who="auditor1", at="2026-03-03")
        for name in ("cases.db", "cases.db-wal"):
            shutil.copy(office.folder / name, left / name)
    office.environment["CREDIT_WORKFLOW_DB"] = str(left / "cases.db")
    yield left


def events(office: Office) -> int:
    answer = office("audit verify", at=AT)
    assert answer.code == 0, answer
    return int(answer.json["events"])


@of_a_file
@pytest.mark.slow
def test_a_write_ahead_log_cut_off_anywhere_leaves_what_was_committed_before(office: Office) -> None:
    with crashed(office) as left:
        database, log = (left / "cases.db").read_bytes(), (left / "cases.db-wal").read_bytes()
        dice, found = random.Random(2), {}
        for size in sorted({0, 31, 32, 33, len(log) - 1, len(log), *(dice.randrange(len(log)) for _ in range(25))}):
            for file in left.iterdir():
                file.unlink()
            (left / "cases.db").write_bytes(database)
            (left / "cases.db-wal").write_bytes(log[:size])
            found[size] = events(office)
            answer = office("objection submit --record R-1 --set reason=x", who="window1", at=AT)
            assert (answer.code, events(office)) == (0, found[size] + 1)
        assert list(found.values()) == sorted(found.values())
        assert (min(found.values()), max(found.values())) == (0, 9)
        assert len(set(found.values())) > 4


@of_a_file
@pytest.mark.parametrize("how", ["removed", "garbage", "changed"])
def test_a_write_ahead_log_that_is_gone_is_found_out_by_the_seals_kept_elsewhere(office: Office, how: str) -> None:
    """What is left is an earlier state, whole in itself: only what was kept elsewhere can tell."""
    with crashed(office) as left:
        log = left / "cases.db-wal"
        content = bytearray(log.read_bytes())
        if how == "removed":
            log.unlink()
        elif how == "garbage":
            log.write_bytes(random.Random(5).randbytes(len(content)))
        else:
            content[len(content) // 3] ^= 0x40
            log.write_bytes(content)
        assert events(office) < 9
        answer = office("audit verify --seals", str(office.folder / "seals.json"), at=AT)
        assert (answer.code, answer.error["code"]) == (7, "seal_broken")


@of_a_file
def test_the_write_ahead_log_of_another_database_is_found(office: Office, template: Path) -> None:
    with crashed(office) as left:
        (other := left.parent / "other").mkdir()
        elsewhere = Office(other)
        shutil.copy(template, elsewhere.database)
        with closing(sqlite3.connect(elsewhere.database)) as held:
            held.execute("SELECT count(*) FROM case_file").fetchone()
            elsewhere.life.objection("2026-03-05", "R-4", reason="另一份")
            shutil.copy(other / "cases.db-wal", left / "cases.db-wal")
            shutil.copy(office.database, left / "cases.db")
        assert office("audit verify", at=AT).code == 7


_MOUNT = ["unshare", "--user", "--map-root-user", "--mount"]
#: Makes a file or a folder read-only for everybody, root too, and runs the commands there.
_READ_ONLY = """
import json, subprocess, sys
place = sys.argv[1]
subprocess.run(["mount", "--bind", place, place], check=True)
subprocess.run(["mount", "-o", "remount,ro,bind", place], check=True)
said = []
for line, who in json.loads(sys.argv[2]).items():
    words = [sys.executable, "-m", "credit_workflow", *line.split(), "--at", "2026-05-20", "--json"]
    done = subprocess.run(words + (["--as", who] if who else []), capture_output=True, text=True)
    said.append((line, done.returncode, done.stdout, done.stderr))
print(json.dumps(said))
"""


def can_mount() -> bool:
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*_MOUNT, "true"], capture_output=True, check=False).returncode == 0


@of_a_file
@pytest.mark.skipif(not can_mount(), reason="making a file read-only for root needs unshare(1) with user namespaces")
@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_can_not_be_written_is_said_so_and_stays(worked: Office, tmp_path: Path, kind: str) -> None:
    (place := tmp_path / "mounted").mkdir()
    database = place / "cases.db"
    shutil.copy(worked.database, database)  # closed, so all of it is in the one file
    before = database.read_bytes()
    kinds = ("case show", "audit verify", "record show", "objection", "sweep", "audit seal", "audit export", "backup")
    lines = {line: who for line, who in COMMANDS.items() if line.startswith(kinds)}
    done = subprocess.run(
        [*_MOUNT, sys.executable, "-c", _READ_ONLY, str(database if kind == "file" else place), json.dumps(lines)],
        env=worked.environ(CREDIT_WORKFLOW_DB=str(database)), cwd=worked.folder, capture_output=True, text=True,
        encoding="utf-8", check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for line, code, out, err in json.loads(done.stdout):
        answer = checked(Answer(code, out, err))
        if kind == "file" and line in READING:
            assert code == 0, (line, answer)
        elif kind == "file" and line in ("audit export seals.json", "backup create x.bak"):
            assert code == 0, (line, answer)  # what it writes is elsewhere
        else:
            assert (code, answer.error["code"]) == (1, "not_writable"), (line, answer)
    assert database.read_bytes() == before
    beside = {p.name: p.stat().st_size for p in place.iterdir() if p != database}
    assert beside.get("cases.db-wal", 0) == 0  # for a file alone SQLite lays an empty log beside it
    assert set(beside) <= ({"cases.db-wal", "cases.db-shm"} if kind == "file" else set())
