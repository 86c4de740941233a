"""The demo runs from beginning to end, shows the four eyes, and leaves nothing in the user's own folders."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.conftest import ROOT


@pytest.mark.slow
def test_the_demo_tells_its_story(tmp_path: Path) -> None:
    checkout, home = tmp_path / "checkout", tmp_path / "home"
    shutil.copytree(ROOT / "examples", checkout / "examples")
    shutil.copy(ROOT / "cli.py", checkout)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CREDIT_WORKFLOW_")}
    environment |= {
        "CREDIT_WORKFLOW_CACHE": os.environ["CREDIT_WORKFLOW_CACHE"],
        "CREDIT_WORKFLOW_LANG": "en",
        "HOME": str(home),
        "PYTHONPATH": str(ROOT),
        "PYTHONIOENCODING": "utf-8",
    }
    command = [sys.executable, "examples/demo/story.py"]
    done = subprocess.run(
        command, cwd=checkout, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    drafted, refused, granted = (done.stdout.index(f"$ credit-workflow objection {step}") for step in (
        "report OBJ-2026-000004", "approve OBJ-2026-000004 --as lan.wei", "approve OBJ-2026-000004 --as authority1",
    ))  # fmt: skip
    assert drafted < refused < granted
    assert "lan.wei" in next(line for line in done.stderr.splitlines() if line.startswith("error: “Approve”"))
    assert not home.exists()
    assert {path.name for path in (checkout / "demo").iterdir()} >= {"cases.db", "cases.keys", "receipt.html"}


def test_the_demo_stays_short() -> None:
    assert len((ROOT / "examples" / "demo" / "story.py").read_text(encoding="utf-8").splitlines()) < 200
