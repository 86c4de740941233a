"""The real command, run as people run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.integration.helpers import write_records

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Answer:
    """What one command answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, Any]:
        assert self.out == ""
        document: dict[str, Any] = json.loads(self.err)["error"]
        assert set(document) == {"code", "message", "source", "details"}
        return document


@dataclass
class Command:
    """The command, on a database of the test's own."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def database(self) -> Path:
        return self.folder / "cases.db"

    def __call__(self, line: str, *more: str, who: str = "", at: str = "", as_json: bool = True, **env: str) -> Answer:
        words = [*line.split(), *more]
        words += ["--as", who] if who else []
        words += ["--at", at] if at else []
        words += ["--json"] if as_json else []
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("CREDIT_WORKFLOW", "LC_", "LANG"))}
        environment |= {
            "CREDIT_WORKFLOW_DB": str(self.database),
            "CREDIT_WORKFLOW_LANG": "zh",
            "PYTHONPATH": str(ROOT),
            **self.environment,
            **env,
        }
        command = [sys.executable, "-m", "credit_workflow", *words]
        done = subprocess.run(
            command, env=environment, cwd=self.folder, capture_output=True, text=True, encoding="utf-8", check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        return Answer(done.returncode, done.stdout, done.stderr)

    def ok(self, line: str, *more: str, who: str = "window1", at: str = "2026-03-02") -> Any:
        answer = self(line, *more, who=who, at=at)
        assert answer.code == 0, answer.err
        return answer.json


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    os.environ["CREDIT_WORKFLOW_CACHE"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """The command, with nothing there yet."""
    found = Command(tmp_path)
    found.environment = {"CREDIT_WORKFLOW_CACHE": os.environ["CREDIT_WORKFLOW_CACHE"]}
    return found


@pytest.fixture
def service(command: Command) -> Command:
    """The command, with a training database and three records."""
    assert command("init --training").code == 0
    command.ok("record import", str(write_records(command.folder / "records.csv", 3)), who="center1")
    return command
