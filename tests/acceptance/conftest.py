"""The real command, run as people run it, and a service to run it on.

Calling a `Command` runs the program's ``main`` in this process, on a copy of the environment, which
is many times faster; `Command.process` runs ``python -m credit_workflow`` as people do.
"""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from credit_workflow.calendar.loading import load_calendar
from credit_workflow.casework.access.identification import practice_accounts
from credit_workflow.casework.records.importing import COLUMNS
from credit_workflow.cli.context import settings
from credit_workflow.cli.main import main
from credit_workflow.definition.library import load_definitions
from tests import where
from tests.integration.helpers import Service, write_records
from tests.property.lives import numbers

ROOT = Path(__file__).resolve().parents[2]
TRACEBACK = "Traceback"
#: What is said where materials are named one by one, and of a legal person's agent.
CHECKED = "--set identity_checked=true --set resident=true"
AGENT = f"--set agent_name=李四 --set agent_id={numbers()['other']} --set agent_from=2026-01-01 --set agent_until=2026-12-31"
_KEPT = ("CACHE", "KEYS", "STATE", "FILES")
#: The records of an office: number, owner, name, title, content, last day of validity.
RECORDS = [
    ("R-1", "adult", "张三", "欠税", "欠税1元", "2027-12-31"),
    ("R-2", "adult", "张三", "欠税", "欠税2元", "2027-12-31"),
    ("R-3", "adult", "张三", "欠税", "欠税3元", "2026-02-28"),
    ("R-4", "other", "李四", "荣誉", "先进个人", "2027-12-31"),
    ("Y-1", "youth", "王小", "欠费", "欠费5元", "2027-12-31"),
    ("K-1", "child", "赵童", "欠费", "欠费6元", "2027-12-31"),
    ("L-1", "firm", "杭州某某有限公司", "行政处罚", "罚款三千元，已缴清", "2027-12-31"),
]


@dataclass
class Answer:
    """What one command answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        (line,) = self.out.splitlines()
        assert self.err == ""
        return json.loads(line)

    @property
    def error(self) -> dict[str, Any]:
        assert self.out == ""
        document: dict[str, Any] = json.loads(self.err)["error"]
        assert set(document) == {"code", "message", "source", "details"}
        assert isinstance(document["code"], str)
        assert document["code"]
        assert isinstance(document["message"], str)
        assert document["message"].strip()
        assert "\n" not in document["message"]
        assert document["source"] is None or document["source"]
        assert isinstance(document["details"], dict)
        return document

    @property
    def line(self) -> str:
        """The one line of an error in text mode."""
        (line,) = self.err.splitlines()
        return line


@dataclass
class Command:
    """The command, on a database of the test's own."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def database(self) -> Path:
        """Where it is, for `tests.where`: a file on SQLite."""
        return self.folder / "cases.db"

    def beside(self, what: str) -> Path:
        """The folder of what belongs to the database and is not in it."""
        return where.beside(self.database, what)

    def _words(self, line: str, more: tuple[str, ...], who: str, at: str, *, as_json: bool) -> list[str]:
        words = [*line.split(), *more]
        words += ["--as", who] if who else []
        words += ["--at", at] if at else []
        return words + (["--json"] if as_json else [])

    def _as_owner(self, line: str, env: dict[str, str]) -> dict[str, str]:
        """A database is made by its owner."""
        if not line.startswith("init") or "CREDIT_WORKFLOW_DB" in self.environment | env:
            return env
        return {**env, "CREDIT_WORKFLOW_DB": where.owner(self.database)}

    def environ(self, **env: str) -> dict[str, str]:
        """The environment of a command; an empty value takes a variable away."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("CREDIT_WORKFLOW", "LC_", "LANG", "COLUMNS"))}
        kept |= {
            "CREDIT_WORKFLOW_DB": where.url(self.database),
            **{f"CREDIT_WORKFLOW_{name}": os.environ[f"CREDIT_WORKFLOW_{name}"] for name in _KEPT},
            "CREDIT_WORKFLOW_LANG": "zh",
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(ROOT),
            **self.environment,
            **env,
        }
        return {name: value for name, value in kept.items() if value}

    def __call__(self, line: str, *more: str, who: str = "", at: str = "", as_json: bool = True, **env: str) -> Answer:
        if "TZ" in env:
            return self.process(line, *more, who=who, at=at, as_json=as_json, **env)
        words = self._words(line, more, who, at, as_json=as_json)
        env = self._as_owner(line, env)
        out, err, code = io.StringIO(), io.StringIO(), -1
        settings.cache_clear()
        with (
            mock.patch.dict(os.environ, self.environ(**env), clear=True),
            chdir(self.folder),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            try:
                main(words)
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else 1
        settings.cache_clear()
        return checked(Answer(code, out.getvalue(), err.getvalue()))

    def process(self, line: str, *more: str, who: str = "", at: str = "", as_json: bool = True, **env: str) -> Answer:
        """Run the command in a process of its own."""
        words = self._words(line, more, who, at, as_json=as_json)
        env = self._as_owner(line, env)
        done = subprocess.run(
            [sys.executable, "-m", "credit_workflow", *words], env=self.environ(**env), cwd=self.folder,
            capture_output=True, text=True, encoding="utf-8", check=False, stdin=subprocess.DEVNULL, timeout=120,
        )  # fmt: skip
        return checked(Answer(done.returncode, done.stdout, done.stderr))

    def ok(self, line: str, *more: str, who: str = "window1", at: str = "2026-03-02") -> Any:
        answer = self(line, *more, who=who, at=at)
        assert answer.code == 0, answer.err
        return answer.json

    def refused(self, code: int, line: str, *more: str, who: str = "window1", at: str = "2026-03-02") -> dict[str, Any]:
        """Run what must be refused with an exit code; return the error."""
        answer = self(line, *more, who=who, at=at)
        assert answer.code == code, answer.err or answer.out
        return answer.error

    def text(self, line: str, *more: str, who: str = "window1", at: str = "2026-03-02", **env: str) -> str:
        """Run the command for a person to read."""
        answer = self(line, *more, who=who, at=at, as_json=False, **env)
        assert (answer.code, answer.err) == (0, "")
        return answer.out


def checked(answer: Answer) -> Answer:
    assert TRACEBACK not in answer.err, answer.err
    assert TRACEBACK not in answer.out, answer.out
    return answer


class Life(Service):
    """The people of a service whose database exists, at work in this process."""

    def __post_init__(self) -> None:
        self.database = where.database(self.path)
        self.definitions = load_definitions()
        self.accounts = practice_accounts(d.workflow for d in self.definitions.values())


@dataclass
class Office(Command):
    """The command on a copy of a training database with the records above."""

    @property
    def life(self) -> Life:
        return Life(self.database, calendar=load_calendar())

    def fingerprint(self) -> tuple[str, ...]:
        """All that the database says, the log left out."""
        logs = ("journal_log", "journal_about", "case_event", "seal_log", "log_head")
        return tuple(line for line in where.dump(self.database) if not any(log in line for log in logs))


@contextmanager
def unchanged(path: Path) -> Iterator[None]:
    """Hold a database, and the files of its folder, to what they were."""

    def seen() -> tuple[dict[str, bytes], list[str]]:
        files = {p.name: p.read_bytes() for p in path.parent.iterdir() if p.is_file()}
        return files, where.dump(path) if where.POSTGRES and where.exists(path) else []

    before = seen()
    yield
    assert seen() == before


def write_office_records(path: Path) -> Path:
    people = numbers()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for no, owner, name, title, content, until in RECORDS:
            kind = "legal" if owner == "firm" else "natural"
            writer.writerow(
                [no, kind, people[owner], name, "杭州市城市管理局", "B", title, content, "2024-01-01", until]
            )
    return path


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """The command, with nothing there yet."""
    return Command(tmp_path)


@pytest.fixture
def service(command: Command, databases: None) -> Command:  # noqa: ARG001 - it must be there first
    """The command, with a training database and three records."""
    assert command("init --training").code == 0
    command.ok("record import", str(write_records(command.folder / "records.csv", 3)), who="center1")
    return command


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, own_folders: None, databases: None) -> Path:  # noqa: ARG001 - as above
    """A training database whose records were imported on 2 January 2025."""
    made = Command(tmp_path_factory.mktemp("template"))
    assert made("init --training", at="2025-01-01").code == 0
    file = write_office_records(made.folder / "records.csv")
    assert made.ok("record import", str(file), who="center1", at="2025-01-02") == {"imported": 7, "updated": 0}
    return made.database


@pytest.fixture
def office(template: Path, tmp_path: Path) -> Office:
    """A training database with records of natural and legal persons, and nothing done yet."""
    found = Office(tmp_path)
    where.copy(template, found.database)
    return found
