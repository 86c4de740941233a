"""A disk that is really full: a small file system of the test's own, filled to the last byte."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.helpers import Service, write_records

pytestmark = [pytest.mark.usefixtures("databases"), pytest.mark.sqlite("the disk of a file")]

ROOT = Path(__file__).resolve().parents[2]
_MOUNT = ["unshare", "--user", "--map-root-user", "--mount"]
#: Runs inside a mount namespace of its own, where mounting needs no rights.
_DRIVER = """
import json, os, shutil, subprocess, sys
from pathlib import Path

disk, database, records, scan = map(Path, sys.argv[1:5])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(disk)], check=True)
shutil.copy(database, disk / "cases.db")
os.environ["CREDIT_WORKFLOW_DB"] = str(disk / "cases.db")

def run(line, at="2026-04-09T10:00"):
    words = [sys.executable, "-m", "credit_workflow", *line.split(), "--at", at, "--json"]
    done = subprocess.run(words, capture_output=True, text=True)
    return {"line": line, "code": done.returncode, "out": done.stdout, "err": done.stderr}

def fill():
    with (disk / "filler").open("wb", buffering=0) as file:
        size = 1 << 16
        while size:
            try:
                file.write(bytes(size))
            except OSError:
                size >>= 1

LINES = [
    "objection accept OBJ-2026-000002 --all-materials --as window1",
    f"objection submit --record R-3 --set reason=x --material objection_form={scan} --all-materials --as window1",
    "sweep",
    f"record import {records} --as center1",
    f"backup create {disk / 'whole.bak'} --as admin1",
    "audit seal --as auditor1",
    "key rotate --as admin1",
]
run("case list --as window1")  # the first command makes what is kept beside the database
fill()
refused = [run(line) for line in LINES]
reading = run("case show OBJ-2026-000002 --as window1")
left = sorted(p.name for p in disk.iterdir())
(disk / "filler").unlink()
verified = run("audit verify --as auditor1")
again = [run(line, "2026-04-09T11:00") for line in LINES]
proved = run("audit verify --as auditor1")
print(json.dumps({"refused": refused, "reading": reading, "left": left, "verified": verified, "again": again, "proved": proved}))
"""


def can_mount() -> bool:
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*_MOUNT, "true"], capture_output=True, check=False).returncode == 0


@pytest.mark.slow
@pytest.mark.skipif(not can_mount(), reason="mounting a small disk needs unshare(1) with user namespaces")
def test_a_full_disk_loses_nothing_and_says_so(tmp_path: Path) -> None:
    service = Service(tmp_path / "cases.db")
    service.marked()
    service.objection("2026-03-02", "R-2")
    more = write_records(tmp_path / "more.csv", 4_000)
    more.write_text(more.read_text(encoding="utf-8").replace("\nR-", "\nS-"), encoding="utf-8")
    (scan := tmp_path / "form.pdf").write_bytes(os.urandom(200_000))
    (disk := tmp_path / "disk").mkdir()
    arguments = [str(disk), str(service.path), str(more), str(scan)]
    done = subprocess.run(
        [*_MOUNT, sys.executable, "-c", _DRIVER, *arguments], cwd=ROOT, capture_output=True, text=True, check=False,
        timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    for answer in said["refused"]:
        assert "Traceback" not in answer["err"], answer
        assert answer["code"] in (1, 4), answer
        assert json.loads(answer["err"])["error"]["code"] in ("disk_full", "not_writable", "scan", "keys", "no_key"), (
            answer
        )
    assert said["reading"]["code"] in (0, 1)  # SQLite needs a little room beside the file even to read
    assert [name for name in said["left"] if name.endswith((".new", ".bak"))] == []
    assert said["verified"]["code"] == 0, said["verified"]
    for answer in said["again"]:
        assert answer["code"] == 0, answer
    assert json.loads(said["proved"]["out"])["cases"] == 4
