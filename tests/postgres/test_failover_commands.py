"""The office works on by its usual commands when the primary dies: nothing acknowledged is missing, nothing is there twice."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.postgres.pair import Pair
from tests.postgres.server import libpq, until

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
RECORDS = ROOT / "examples" / "demo" / "records.csv"
WINDOWS = 3
#: What a command may end with while no server can be written to: it says that nothing was written …
NOTHING_WRITTEN = {"unreachable", "connection_lost", "busy", "standby"}
#: … or that this can't be known.
UNKNOWN = "commit_unknown"


@dataclass
class Office:
    """Machines that share one database, each command a process of its own."""

    url: str
    folder: Path

    def run(self, line: str, who: str = "", url: str = "") -> tuple[int, Any]:
        """Exit code, and the document on standard output or the error."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("CREDIT_WORKFLOW")}
        folders = {
            f"CREDIT_WORKFLOW_{name}": str(self.folder / name.lower()) for name in ("CACHE", "KEYS", "STATE", "FILES")
        }
        environment = (
            kept | folders | {"CREDIT_WORKFLOW_DB": url or self.url, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}
        )
        words = [*shlex.split(line), "--at", "2026-03-02T10:00", "--json", *(("--as", who) if who else ())]
        done = subprocess.run(
            [sys.executable, "-m", "credit_workflow", *words], env=environment, cwd=self.folder, check=False,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8", timeout=180,
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, json.loads(done.stdout if done.returncode == 0 else done.stderr)

    def ok(self, line: str, who: str = "", url: str = "") -> Any:
        code, document = self.run(line, who, url)
        assert code == 0, document
        return document


@dataclass
class Window:
    """Registers one objection after another, each to a record of its own, and tries again what was not written."""

    office: Office
    records: Iterator[str]
    acknowledged: dict[str, str] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def work(self) -> None:
        for record in self.records:
            while not self.stopped.is_set() and not self._submitted(record):
                pass
            if self.stopped.is_set():
                return

    def _submitted(self, record: str) -> bool:
        code, document = self.office.run(f"objection submit --record {record} --set reason={record}", "window1")
        if code == 0:
            self.acknowledged[record] = document["case"]
            return True
        self.errors.append(document["error"]["code"])
        if self.errors[-1] == UNKNOWN:
            self.unknown.add(record)
            return True
        return False


@pytest.fixture
def pair() -> Iterator[Pair]:
    with Pair.made() as two:
        with two.primary.connect() as db:
            db.execute("CREATE ROLE credit_owner LOGIN CREATEROLE")
            db.execute("CREATE DATABASE credit OWNER credit_owner")
        yield two


def test_windows_and_the_nightly_sweep_go_on_after_the_primary_is_killed(pair: Pair, tmp_path: Path):
    office = Office(pair.url("credit", "clerk"), tmp_path)
    owners = pair.url("credit", "credit_owner")
    office.ok("init --training", url=owners)
    with pair.primary.connect() as db:
        db.execute("CREATE ROLE clerk LOGIN IN ROLE credit_app")
    assert office.ok(f"record import {shlex.quote(str(RECORDS))}", "center1")["imported"] > 100

    numbers = [f"R-{number:06}" for number in range(1, 300)]
    windows = [Window(office, iter(numbers[n::WINDOWS])) for n in range(WINDOWS)]
    ended = threading.Event()
    sweeps: list[int] = []

    def sweep() -> None:
        while not ended.is_set():
            sweeps.append(office.run("sweep")[0])

    with ThreadPoolExecutor(WINDOWS + 1) as pool:
        at_work = [pool.submit(work) for work in (*(window.work for window in windows), sweep)]

        def all_worked(before: list[int], mark: int) -> bool:
            for failed in (f for f in at_work if f.done()):
                failed.result()
            done = all(len(w.acknowledged) >= b + 2 for w, b in zip(windows, before, strict=True))
            return done and 0 in sweeps[mark:]

        try:
            until(lambda: all_worked([0] * WINDOWS, 0), "all work", 120)
            pair.primary.kill()
            before = [len(w.acknowledged) for w in windows]
            until(lambda: any(w.errors for w in windows), "somebody is told", 120)
            pair.promote()
            mark = len(sweeps)
            until(lambda: all_worked(before, mark), "all work on", 120)
        finally:
            ended.set()
            for window in windows:
                window.stopped.set()
    for each in at_work:
        each.result()

    said = {error for window in windows for error in window.errors}
    assert said <= NOTHING_WRITTEN | {UNKNOWN}
    acknowledged = {record: case for window in windows for record, case in window.acknowledged.items()}
    unknown = set().union(*(window.unknown for window in windows))
    with psycopg.connect(libpq(pair.url("credit"))) as db:
        there = db.execute("SELECT record, number FROM case_file WHERE workflow = 'objection'").fetchall()
    assert len(there) == len(dict(there)), "no objection is there twice"
    assert acknowledged.items() <= dict(there).items(), "what was acknowledged is there"
    assert dict(there).keys() - acknowledged.keys() <= unknown, "and nothing that was said not to be"
    assert office.ok("audit verify", "auditor1")["cases"] == len(there)
