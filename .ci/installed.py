"""Runs the installed command through one short life, away from the checkout."""

import json
import os
import subprocess
import sys
from pathlib import Path

command, records = sys.argv[1:]
env = {**os.environ, "CREDIT_WORKFLOW_DB": str(Path.cwd() / "case files" / "installed.db"), "CREDIT_WORKFLOW_JSON": "1"}


def run(line: str, *more: str, who: str = "window1", at: str = "2026-03-02") -> dict:
    words = [command, "--as", who, "--at", at, *line.split(), *more]
    done = subprocess.run(words, env=env, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        sys.exit(f"{line}: {done.returncode}\n{done.stdout}{done.stderr}")
    return json.loads(done.stdout)


run("init --training")
assert run("record import", records, who="center1")["imported"] > 300
case = run("objection submit --record R-000002 --set reason=有误 --all-materials")["case"]
run(f"objection accept {case}")
run(f"objection transfer {case}")
assert run(f"objection receive {case}", who="center1")["deadlines"][0]["due"] == "2026-04-01"
assert not run("record show R-000002")["usable"]
assert run("overdue", at="2026-04-02", who="supervisor1")["overdue"]
assert run("sweep", at="2026-04-02")["fired"] == {"overdue": 2}
assert run("audit verify", at="2026-04-02")["ok"]
assert len(run("workflow list")["workflows"]) >= 3
assert run("calendar count 2026-02-10 30days")["due"] == "2026-03-12"
assert run("workflow test")["ok"]
print("the installed command works")
