"""The scheduler as it is, but for its clock: ``python -m tests.soak.clockwork`` runs ``scheduler run``.

Each line of standard input is an instant and the number of the job whose time has come: 0 the sweep, 1 the
morning, 2 the notices. All else is the program's own: one process, one set of settings, one database handle.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

from credit_workflow.cli.context import settings
from credit_workflow.cli.main import main
from credit_workflow.scheduler import nightly


def run_jobs(jobs: list[nightly.Job], failed: Callable[[Exception], None], *, zone: str) -> None:  # noqa: ARG001 - as the real one
    """Run jobs as they are called for, until there are no more lines."""
    for line in sys.stdin:
        at, number = line.split()
        settings().at = at
        nightly._guarded(jobs[int(number)].run, failed)
        sys.stdout.write(json.dumps({"done": number}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    nightly.run_jobs = run_jobs
    main(["scheduler", "run", "--json"])
