"""Several processes of the real command at once, and a sweep of it that is killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests import where
from tests.integration.helpers import Service

pytestmark = pytest.mark.usefixtures("databases")

ROOT = Path(__file__).resolve().parents[2]
CASE = "OBJ-2026-000001"
#: What the tests' own folders are named by.
KEPT = {"CREDIT_WORKFLOW_CACHE", "CREDIT_WORKFLOW_KEYS"}


def started(database: Path, line: str, *, who: str = "", at: str = "2026-03-02T10:00") -> subprocess.Popen[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("CREDIT_WORKFLOW") or k in KEPT}
    environment = {**kept, "CREDIT_WORKFLOW_DB": where.url(database), "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}
    words = [sys.executable, "-m", "credit_workflow", *line.split(), "--at", at, "--json"]
    words += ["--as", who] if who else []
    return subprocess.Popen(
        words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )


def finished(processes: list[subprocess.Popen[str]]) -> list[tuple[int, str, str]]:
    found = []
    for process in processes:
        out, err = process.communicate(timeout=120)
        assert "locked" not in err
        assert "Traceback" not in err
        found.append((process.returncode, out, err))
    return found


def actions(service: Service, case: str) -> list[str]:
    with service.database.reading() as db:
        return [entry.action for _, _, entry in db.cases.entries(case) if entry.change.refused is None]


@pytest.mark.parametrize("expect", ["", "--expect-version 1"])
def test_of_two_on_one_case_one_wins(tmp_path: Path, expect: str) -> None:
    service = Service(tmp_path / "cases.db")
    service.objection("2026-03-02")
    lines = [
        f"objection accept {CASE} {expect}",
        f"objection reject {CASE} --set ground=identity --set grounds=x {expect}",
    ]
    done = finished([started(service.path, line, who=f"window{n}") for n, line in enumerate(lines, 1)])
    winners = [json.loads(out) for code, out, _ in done if code == 0]
    losers = [json.loads(err)["error"] for code, _, err in done if code]
    assert (len(winners), len(losers)) == (1, 1)
    assert sorted(code for code, *_ in done)[1] in ((5,) if expect else (3, 5))
    assert losers[0]["code"] in ("conflict", "state")
    assert len(actions(service, CASE)) == 2
    assert service.verify()["cases"] == 1


@pytest.mark.slow
def test_eight_commands_submitting_at_once(tmp_path: Path) -> None:
    service = Service(tmp_path / "cases.db")
    line = "objection submit --record R-1 --set reason=x --all-materials"
    done = finished([started(service.path, line, who="window1") for _ in range(8)])
    assert [code for code, *_ in done] == [0] * 8, done
    numbers = sorted(json.loads(out)["case"] for _, out, _ in done)
    assert numbers == [f"OBJ-2026-{n:06}" for n in range(1, 9)]
    ((code, out, _),) = finished([started(service.path, "audit verify")])
    verified = json.loads(out)
    assert (code, verified["ok"], verified["events"], verified["cases"]) == (0, True, 8, 8)


def test_reading_goes_on_while_others_write(tmp_path: Path) -> None:
    service = Service(tmp_path / "cases.db")
    for record in ("R-1", "R-2", "R-3"):
        service.objection("2026-03-02", record)
    lines = ["case list", "overdue", "sweep", "record show R-1", "audit verify", "todo"]
    acting = started(service.path, f"objection accept {CASE}", who="window1", at="2026-05-06T10:00")
    done = finished([started(service.path, line, who="window1", at="2026-05-06T10:00") for line in lines])
    assert [code for code, *_ in done] == [0] * len(lines), done
    ((code, _, err),) = finished([acting])
    assert code in (0, 5), err  # the sweep may have written in the case while the window was about to
    assert actions(service, CASE).count("accept") == (code == 0)
    assert actions(service, CASE).count("overdue") == 1
    assert service.verify()["cases"] == 3


def size(file: Path) -> int:
    """How large a file is that whoever closes the database last takes away."""
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


@pytest.mark.slow
@pytest.mark.parametrize(
    "after_ms", [40, pytest.param(0, marks=pytest.mark.long), pytest.param(120, marks=pytest.mark.long)]
)
def test_a_sweep_command_that_is_killed_fires_each_transition_once(tmp_path: Path, after_ms: int) -> None:
    from benchmarks.bulk import build  # noqa: PLC0415

    pairs = 3000
    database = build(where.owner(path := tmp_path / "cases.db"), pairs)
    log = path.with_name("cases.db-wal")
    before = size(log)
    sweeper = started(path, "sweep", at="2026-04-20T09:00")
    while sweeper.poll() is None and size(log) <= before:
        time.sleep(0.005)
    end = time.monotonic() + after_ms / 1000
    while sweeper.poll() is None and time.monotonic() < end:
        time.sleep(0.005)
    sweeper.kill()
    sweeper.communicate()
    ((code, out, err),) = finished([started(path, "sweep", at="2026-04-20T10:00")])
    assert code == 0, err
    report: dict[str, Any] = json.loads(out)
    assert report["failed"] == []
    ((code, out, _),) = finished([started(path, "sweep", at="2026-04-20T11:00")])
    assert (code, json.loads(out)["fired"]) == (0, {})
    with database.reading() as db:
        fired = [row[0] for row in db.event_rows() if row[6] == "expire"]
    assert (len(fired), len(set(fired))) == (2 * pairs, 2 * pairs)
    ((code, _, _),) = finished([started(path, "audit verify")])
    assert code == 0


@pytest.mark.parametrize(
    ("line", "who"),
    [
        ("overdue", "supervisor1"), ("todo", "supervisor1"), ("case list", "supervisor1"),
        (f"case show {CASE}", "supervisor1"), (f"case history {CASE}", "supervisor1"), ("record list", "center1"),
    ],
)  # fmt: skip
def test_what_only_reads_imports_neither_the_orm_nor_pydantic(tmp_path: Path, line: str, who: str) -> None:
    service = Service(tmp_path / "cases.db")
    service.objection("2026-03-02")
    kept = {k: v for k, v in os.environ.items() if not k.startswith("CREDIT_WORKFLOW") or k in KEPT}
    environment = {**kept, "CREDIT_WORKFLOW_DB": where.url(service.path), "PYTHONPATH": str(ROOT)}
    words = [
        sys.executable,
        "-X",
        "importtime",
        "-m",
        "credit_workflow",
        *line.split(),
        "--as",
        who,
        "--at",
        "2026-04-20",
        "--json",
    ]
    for _ in range(2):  # the first fills the cache of definitions
        done = subprocess.run(words, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)
        assert done.returncode == 0, done.stderr
    imported = {row.rpartition("|")[2].strip().partition(".")[0] for row in done.stderr.splitlines()}
    assert "credit_workflow" in imported
    assert imported.isdisjoint({"sqlalchemy", "sqlmodel", "pydantic", "yaml", "apscheduler", "alembic", "rich"})
