"""``shell``: lines run as the program runs its arguments, in one process."""

from __future__ import annotations

import gc
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from credit_workflow.cli.context import settings
from credit_workflow.cli.daily.shell_input import candidates, words_of
from credit_workflow.cli.main import run
from tests import where
from tests.acceptance.conftest import ROOT, Answer, Office, checked

if TYPE_CHECKING:
    import pexpect

O1 = "OBJ-2026-000001"


def shell(
    office: Office, lines: str, *more: str, who: str = "window1", at: str = "2026-03-02T10:00", **env: str
) -> Answer:
    """Run a shell in this process on lines that come from no terminal."""
    out, err = io.StringIO(), io.StringIO()
    words = ["shell", *more, *([f"--as={who}"] if who else []), *([f"--at={at}"] if at else [])]
    settings.cache_clear()
    with (
        mock.patch.dict(os.environ, office.environ(**env), clear=True),
        mock.patch.object(sys, "stdin", io.StringIO(lines)),
        chdir(office.folder),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        code = run(words)
    settings.cache_clear()
    return checked(Answer(code, out.getvalue(), err.getvalue()))


@pytest.mark.parametrize(
    ("line", "windows", "words"),
    [
        ("case show A", False, ["case", "show", "A"]),
        ("  credit-workflow todo ", False, ["todo"]),
        ("", False, []),
        ("  # todo", False, []),
        ("a --note #3", False, ["a", "--note", "#3"]),
        ("a --note 'x  y' --set \"b=c d\"", False, ["a", "--note", "x  y", "--set", "b=c d"]),
        (r"""a --set 'c={"x": "1\"2"}'""", False, ["a", "--set", r'c={"x": "1\"2"}']),
        (r"a x\ y", False, ["a", "x y"]),
        (r"record import C:\新建\a.csv", True, ["record", "import", r"C:\新建\a.csv"]),
        (r'record import "C:\my files\a.csv"', True, ["record", "import", r"C:\my files\a.csv"]),
        ("a ''", False, ["a", ""]),
        ("credit-workflow", False, []),
    ],
)
def test_a_line_is_split_as_a_shell_does(line: str, words: list[str], *, windows: bool) -> None:
    assert words_of(line, windows=windows) == words


def test_lines_do_what_the_commands_do(office: Office) -> None:
    answer = shell(
        office,
        f"""# a morning at the window
        objection submit --record R-1 --set reason='不是 本人' --all-materials
        credit-workflow objection accept {O1} --at 2026-03-03
        case show {O1} --as center1 --at 2026-03-04
        case show {O1}
        """,
        "--json",
        at="",
        CREDIT_WORKFLOW_AT="2026-03-03T10:00",
    )
    assert (answer.code, answer.err) == (0, "")
    submitted, accepted, seen, mine = [json.loads(line) for line in answer.out.splitlines()]
    assert submitted["fields"] == {"reason": "不是 本人", "identity_checked": True, "resident": True}
    assert accepted["state"] == "accepted"
    days = [case["deadlines"][0]["days_left"] for case in (mine, seen)]
    assert days[0] == days[1] + 1  # --at held for its line alone
    assert (seen["actions"], "transfer" in mine["actions"]) == (["request_extension"], True)  # and so did --as
    assert office.ok(f"case show {O1}", at="2026-03-03T10:00") == mine


def test_a_line_sees_what_another_process_did_meanwhile(office: Office) -> None:
    """The definitions in force, the notices and the accounts are those of the line's own moment."""
    life = office.life

    class Lines(io.StringIO):
        def __next__(self) -> str:
            line = super().__next__()
            if line.startswith("case"):
                life.objection("2026-03-02")
            return line

    with mock.patch.object(io, "StringIO", Lines):
        answer = shell(office, f"todo\ncase show {O1}\ntodo\n", "--json")
    before, _, after = [json.loads(line) for line in answer.out.splitlines()]
    assert [len(found["cases"]) for found in (before, after)] == [0, 1]


def test_a_lines_own_options_hold_for_it_alone(office: Office) -> None:
    answer = shell(office, "todo --json\ntodo --lang en\ntodo --db missing.db\ntodo\n", "--keep-going")
    document, _, table = answer.out.partition("\n")
    assert json.loads(document)["cases"] == []
    assert (table.count("练习数据库"), table.count("training database"), table.count("{")) == (1, 1, 0)
    assert (answer.code, len(answer.err.splitlines())) == (4, 1)


def test_the_first_error_ends_it_with_its_exit_code(office: Office) -> None:
    before = office.fingerprint()
    answer = shell(office, "todo\ncase show NO\nobjection submit --record R-1 --set reason=x\n")
    assert answer.code == 4
    said, stopped = answer.err.splitlines()
    assert ("NO" in said, "第 2 行" in stopped, "退出码 4" in stopped) == (True, True, True)
    assert office.fingerprint() == before


def test_keep_going_runs_the_rest_and_tells_the_first_error(office: Office) -> None:
    answer = shell(office, "case show NO\nnonsense\ntodo\n", "--keep-going", "--json")
    assert answer.code == 4
    assert [json.loads(line)["error"]["code"] for line in answer.err.splitlines()] == ["no_case", "usage"]
    assert json.loads(answer.out)["cases"] == []


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("todo 'x", 2, "引号"),
        ("shell", 2, "已在 shell 中"),
        ("todo --no-such", 2, "--no-such"),
        ("todo --as nobody", 6, "nobody"),
        ("todo --at 2026-99-99", 2, "2026-99-99"),
        ("todo --db missing.db", 4, "missing.db"),
        ("objection submit --record R-1 --subject @- --set reason=x", 2, "-"),
    ],
)
def test_a_line_fails_as_the_command_does(office: Office, line: str, code: int, said: str) -> None:
    answer = shell(office, f"{line}\ntodo\n")
    assert answer.code == code
    assert said in answer.err
    assert answer.out == ""


def test_what_a_command_reads_is_not_the_lines_after_it(office: Office) -> None:
    """A password or a form on standard input would swallow them."""
    answer = shell(office, "objection submit --record R-1 --set @-\n{}\n", "--keep-going", "--json")
    assert [json.loads(line)["error"]["code"] for line in answer.err.splitlines()] == ["set", "usage"]


def test_exit_ends_it(office: Office) -> None:
    for word in ("exit", "quit"):
        answer = shell(office, f"{word}\ncase show NO\n")
        assert (answer.code, answer.out, answer.err) == (0, "", "")


def test_help_is_that_of_the_command(office: Office) -> None:
    answer = shell(office, "help objection accept\nhelp\nobjection accept --help --lang en\nobjection accept --help\n")
    accept, whole, english, again = answer.out.split("credit-workflow")[1:]
    assert ("案件编号" in accept, "案件编号" in again, "overdue" in whole) == (True, True, True)
    remarks = [("备注，写入日志" in part, "a remark for the log" in part) for part in (accept, english, again)]
    assert remarks == [(True, False), (False, True), (True, False)]  # a text that is settled at import


@pytest.fixture
def here(office: Office) -> Iterator[Office]:
    with mock.patch.dict(os.environ, office.environ(), clear=True), chdir(office.folder):
        settings.cache_clear()
        yield office
    settings.cache_clear()


def test_completion_offers_what_fits(here: Office) -> None:
    mine = ["--as=window1"]
    here.life.objection("2026-03-02")
    (here.folder / "scan one.pdf").write_bytes(b"x")
    (here.folder / "scans").mkdir()
    for before, text, found in [
        ("", "ov", ["overdue "]),
        ("", "he", ["help "]),
        ("objection ", "acc", ["accept "]),
        ("credit-workflow objection ", "acc", ["accept "]),
        ("objection accept ", "", [f"{O1} "]),
        ("objection receive ", "", []),
        ("help objection ", "acc", ["accept "]),
        ("case show ", "OBJ-2026-", [f"{O1} "]),
        ("--as window1 case show ", "O", [f"{O1} "]),
        ("objection submit --record ", "R-", ["R-1 ", "R-2 ", "R-3 ", "R-4 "]),
        ("todo --as ", "win", ["window1 ", "window2 "]),
        ("todo ", "--as=win", ["--as=window1 ", "--as=window2 "]),
        ("todo ", "--la", ["--lang "]),
        ("todo --lang ", "", ["zh ", "en "]),
        ("objection accept X ", "--all", ["--all-materials "]),
        (f"objection accept {O1} --material ", "id_card=sc", ["id_card='scan one.pdf' ", "id_card=scans/"]),
        ("todo 'x ", "", []),
        ("nonsense ", "x", []),
    ]:
        assert candidates(mine, before, text) == found, (before, text)
    for before in ("objection accept ", "case show ", "objection submit --record "):
        assert candidates([], before, "") == [], before  # whoever has not signed in is told of nothing


@pytest.mark.usefixtures("here")
def test_completion_without_a_database_is_silent() -> None:
    assert candidates(["--db=missing.db"], "case show ", "O") == []
    assert candidates(["--db=missing.db"], "", "ov") == ["overdue "]


def test_the_real_command_reads_a_file_of_lines(office: Office) -> None:
    script = "\ufefftodo --json\n\ncase show 不存在\n".encode()
    done = subprocess.run(
        [sys.executable, "-m", "credit_workflow", "shell", "--as", "window1"], input=script,
        env=office.environ(), cwd=office.folder, capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 4
    assert json.loads(done.stdout)["cases"] == []
    assert "不存在" in done.stderr.decode()


HEAVY = (
    "sqlalchemy", "sqlmodel", "alembic", "pydantic", "jinja2", "holidays", "yaml", "apscheduler", "rich", "argon2",
    "transitions", "stdnum", "ssl", "tempfile", "platformdirs", "zxcvbn", "xlsxwriter", "segno", "secrets", "random",
    "credit_workflow.api", "credit_workflow.authoring.scenarios", "credit_workflow.authoring.simulation", "credit_workflow.papers",
    "credit_workflow.channels", "credit_workflow.store.writing.writer", "credit_workflow.casework.audit.entries",
    "credit_workflow.casework.cases.actions", "credit_workflow.casework.statistics.figures", "credit_workflow.engine.clocks.deadline_versions",
)  # fmt: skip

#: What psycopg loads, whatever is done with it.
PSYCOPG = {"dataclasses", "logging", "random", "secrets", "ssl", "tempfile"}


@pytest.mark.parametrize(
    ("line", "at", "more"),
    [
        (
            "overdue",
            "2026-05-20",
            (
                "cryptography",
                "dataclasses",
                "logging",
                "_strptime",
                "credit_workflow.definition.expression",
                "credit_workflow.definition.model",
                "credit_workflow.engine.attempt",
            ),
        ),
        (
            "todo",
            "2026-05-20",
            (
                "logging",
                "cryptography.hazmat.primitives.serialization",
            ),
        ),
        (
            "todo",
            "2026-03-02",
            ("dataclasses", "credit_workflow.engine.fire"),
        ),
        (f"case show {O1}", "2026-03-20", ("cryptography.hazmat.primitives.serialization",)),
    ],
)
def test_what_a_command_that_reads_does_not_load(office: Office, line: str, at: str, more: tuple[str, ...]) -> None:
    """Personal data is encrypted, so a screen that shows it loads what decrypts; a late case is moved by the machine."""
    office.life.objection("2026-03-02")
    office("workflow list")  # fills the cache
    office("calendar status")
    done = in_process_of_its_own(office, f"{line} --as window1 --at {at} --json")
    code, *loaded = done.stderr.split()
    assert (code, "sqlite3" in loaded, O1 in done.stdout) == ("0", True, True)
    written = (
        {"credit_workflow.store.writing.writer"} if line.startswith("case show") else set()
    )  # that it was looked at
    assert sorted({*HEAVY, *more}.intersection(loaded) - written - (PSYCOPG if where.POSTGRES else set())) == []


def test_an_action_does_not_load_what_makes_the_schema(office: Office) -> None:
    office.life.objection("2026-03-02")
    office("workflow list")
    done = in_process_of_its_own(office, f"objection accept {O1} --as window1 --at 2026-03-03 --json")
    code, *loaded = done.stderr.split()
    assert (code, "sqlite3" in loaded, O1 in done.stdout) == ("0", True, True)
    assert {"sqlalchemy", "sqlmodel", "alembic", "pydantic", "jinja2", "holidays", "yaml"}.isdisjoint(loaded)


@pytest.mark.parametrize("lines", ["todo\n", "todo\ncase show NO\ntodo\n"])
def test_the_collector_is_frozen_once_and_works_from_then_on(office: Office, lines: str) -> None:
    """Garbage that the lines of a shell leave must not be frozen."""
    program = """if True:
        import atexit, gc, sys
        from unittest import mock
        from credit_workflow.cli.main import main
        with mock.patch.object(gc, "freeze", side_effect=gc.freeze) as freeze:
            atexit.register(lambda: print("\\n", freeze.call_count, gc.isenabled(), gc.get_freeze_count() > 0))
            main()
    """
    done = subprocess.run(
        [sys.executable, "-c", program, "shell", "--keep-going", "--as", "window1"], input=lines, env=office.environ(),
        cwd=office.folder, capture_output=True, text=True, encoding="utf-8", check=False, timeout=60,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1].split() == ["1", "True", "True"]


def test_a_process_that_is_not_the_commands_keeps_its_collector(office: Office) -> None:
    before = gc.isenabled(), gc.get_freeze_count()
    assert office("todo", who="window1").code == 0
    assert (gc.isenabled(), gc.get_freeze_count()) == before


def in_process_of_its_own(office: Office, line: str) -> subprocess.CompletedProcess[str]:
    """Run a line; on standard error are the exit code and all modules that were loaded."""
    program = "import sys; from credit_workflow.cli.main import run; code = run(sys.argv[1:]); print(code, *sys.modules, file=sys.stderr)"
    return subprocess.run(
        [sys.executable, "-c", program, *line.split()],
        env=office.environ(PYTHONPATH=str(ROOT)), capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


@pytest.fixture
def terminal(office: Office) -> Iterator[pexpect.spawn[str]]:
    pexpect = pytest.importorskip("pexpect")
    if os.name == "nt":
        pytest.skip("a Unix terminal is needed")
    child = pexpect.spawn(
        sys.executable, ["-m", "credit_workflow", "shell", "--as", "window1", "--at", "2026-03-02T10:00"],
        env=office.environ(TERM="xterm", NO_COLOR="1", HOME=str(office.folder)), cwd=str(office.folder), encoding="utf-8", timeout=30,
        dimensions=(60, 100),
    )  # fmt: skip
    yield child
    child.close(force=True)


def interrupted(terminal: pexpect.spawn[str], then: str) -> None:
    """Press Ctrl-C until it is taken: Python passes over one that comes while readline handles a key."""
    import pexpect  # noqa: PLC0415

    for _ in range(10):
        terminal.sendintr()
        if terminal.expect_exact([then, pexpect.TIMEOUT], timeout=3) == 0:
            return
    pytest.fail("Ctrl-C does nothing")


def test_in_a_terminal(office: Office, terminal: pexpect.spawn[str]) -> None:
    """The prompt, completion, an interruption, the history, what a command asks for, and the end."""
    prompt = "练习 window1 2026-03-02> "
    terminal.expect_exact(prompt)
    terminal.sendline("case show NO")
    terminal.expect_exact("练习 window1 2026-03-02 [4]> ")
    terminal.sendline("objection submit --record R-1 --all-materials")
    terminal.expect_exact("异议理由")
    terminal.sendline("不宜留存")
    terminal.expect_exact("待受理")
    terminal.expect_exact(prompt)
    terminal.send("\x1b[A")  # the history has the line, and not what was typed at its question
    terminal.expect_exact("objection submit --record R-1 --all-materials")
    terminal.send("\x15objection acc\t")
    terminal.expect_exact("objection accept ")
    terminal.send("OBJ\t")
    terminal.expect_exact(O1)
    interrupted(terminal, prompt)
    terminal.send("objection submit --record R-2\r")
    terminal.expect_exact("异议理由")
    interrupted(terminal, "[130]> ")
    terminal.sendeof()
    import pexpect  # noqa: PLC0415

    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0
    assert [c["case"] for c in office.ok("case list", at="2026-03-02T10:00")["cases"]] == [O1]
    assert {p.name for p in office.folder.rglob("*")} <= {"cases.db", "cases.db-wal", "cases.db-shm"}  # no history
