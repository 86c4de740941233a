"""The scheduler as a process: two of them at once, and nights that fail."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from benchmarks.bulk import build
from credit_workflow.store.database import Database
from credit_workflow.store.integrity.seals import verify_seals
from credit_workflow.store.integrity.verification import verify
from tests import where
from tests.integration.helpers import Service

ROOT = Path(__file__).resolve().parents[2]
KEPT = {"CREDIT_WORKFLOW_CACHE", "CREDIT_WORKFLOW_KEYS", "CREDIT_WORKFLOW_STATE"}
PERSON = "330106199003070014"
pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM to catch"),
    pytest.mark.usefixtures("databases"),
]

#: The real command, whose sweeps commit 20 deadlines at a time; after the first 20 it waits for a word.
_IN_STEP = """
import sys
import credit_workflow.store.nightwork as night
from credit_workflow.cli.main import main
first, sweep = True, night.sweep
def in_step(done, total):
    global first
    if first:
        first = False
        print("begun", flush=True)
        sys.stdin.readline()
night.sweep = lambda store, calendar, moment, _, **more: sweep(store, calendar, moment, in_step, batch=20, **more)
main(sys.argv[1:])
"""

#: The real command, whose nights follow on each other at once; of its sweeps the first ones fail.
_BAD_NIGHTS = """
import logging, sys
import apscheduler.schedulers.background as background
import credit_workflow.cli.upkeep.sweep_commands as commands
import credit_workflow.store.nightwork as night
from credit_workflow.cli.main import main
from credit_workflow.errors import Conflict
from credit_workflow.text import Text
class Hasty(background.BackgroundScheduler):
    def add_job(self, job, trigger, **options):
        nightly = (trigger, options.pop("hour", None), options.pop("minute", None)) == ("cron", 0, 5)
        return super().add_job(job, "interval", seconds=0.05, **options) if nightly else None
background.BackgroundScheduler = Hasty
logging.getLogger("apscheduler").setLevel("ERROR")  # that nights follow too fast is our own doing
faults = [ValueError("PERSON 张三"), KeyError("PERSON"), OSError(5, "Input/output error", "张三.pdf"),
          RecursionError(), Conflict(Text("正忙", "busy"), code="busy")]
sweep = night.sweep
def failing(*given, **more):
    if faults:
        raise faults.pop(0)
    return sweep(*given, **more)
night.sweep = failing
commands._notifications = lambda: None
main(sys.argv[1:])
""".replace("PERSON", PERSON)


@contextmanager
def scheduler(program: str, database: Path, *words: str, **more: str) -> Iterator[subprocess.Popen[str]]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("CREDIT_WORKFLOW") or k in KEPT}
    environment = {
        **kept,
        "CREDIT_WORKFLOW_DB": where.url(database),
        "PYTHONPATH": str(ROOT),
        "LANG": "C.UTF-8",
        **more,
    }
    command = [sys.executable, "-c", program, "scheduler", "run", "--at", "2026-04-20", *words]
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        encoding="utf-8",
    ) as process:  # fmt: skip
        watchdog = threading.Timer(120, process.kill)
        watchdog.start()
        try:
            yield process
        finally:
            watchdog.cancel()
            process.kill()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def stopped(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Stop a scheduler as a service manager does; return its exit code and what it said of faults."""
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=60)
    return process.returncode, errors


def proved(database: Database) -> list[tuple[str, str]]:
    """Prove both logs; return the cases with their expiries."""
    with database.reading() as db:
        verify(db)
        assert verify_seals(db) > 0
        return [(row[0], row[6]) for row in db.event_rows() if row[6] == "expire"]


@pytest.mark.slow
def test_two_schedulers_at_once_fire_each_transition_once(tmp_path: Path) -> None:
    pairs = 200
    database = build(where.owner(path := tmp_path / "cases.db"), pairs)
    with scheduler(_IN_STEP, path, "--json") as one, scheduler(_IN_STEP, path, "--json") as two:
        assert [line(one), line(two)] == ["begun\n", "begun\n"]  # each has done a part, and both are in the middle
        for process in (one, two):
            assert process.stdin is not None
            process.stdin.write("go on\n")
            process.stdin.flush()
        reports: list[dict[str, Any]] = [json.loads(line(process)) for process in (one, two)]
        assert [stopped(process) for process in (one, two)] == [(0, ""), (0, "")]
    fired = [report["fired"]["expire"] for report in reports]
    assert min(fired) >= 20
    assert sum(fired) == pairs
    assert [report["failed"] for report in reports] == [[], []]
    expired = proved(database)
    assert len(expired) == len(set(expired)) == 2 * pairs  # each in the marking and in its objection
    with scheduler(_IN_STEP, path, "--json") as again:
        assert json.loads(line(again))["fired"] == {}
        assert stopped(again) == (0, "")
    assert proved(database) == expired


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        (("--lang", "en"), ["error: this nightly job failed", "error: busy"]),
        (("--lang", "zh"), ["错误: 本次夜间任务未完成", "错误: 正忙"]),
        (("--json",), ['{"error": {"code": "fault"', '{"error": {"code": "busy"']),
    ],
    ids=["en", "zh", "json"],
)
def test_bad_nights_are_reported_and_do_not_end_it(tmp_path: Path, words: tuple[str, ...], kinds: list[str]) -> None:
    service = Service(tmp_path / "cases.db")
    service.marked()
    with scheduler(_BAD_NIGHTS, service.path, *words) as process:
        assert line(process)
        code, errors = stopped(process)
    assert code == 0
    reported = errors.splitlines()
    assert [row.startswith(kind) for row, kind in zip(reported, [kinds[0]] * 4 + kinds[1:], strict=True)] == [True] * 5
    for row, name in zip(reported, ("ValueError", "KeyError", "OSError", "RecursionError", ""), strict=True):
        assert name in row
    for secret in (PERSON, "张三", "Traceback"):
        assert secret not in errors
    assert len(proved(service.database)) == 2


def test_a_bad_night_is_shown_whole_only_to_who_asks(tmp_path: Path) -> None:
    service = Service(tmp_path / "cases.db")
    with scheduler(_BAD_NIGHTS, service.path, CREDIT_WORKFLOW_DEBUG="1") as process:
        assert line(process)
        code, errors = stopped(process)
    assert (code, errors.count("Traceback"), PERSON in errors) == (0, 5, True)
