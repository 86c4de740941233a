"""Run the sweep every night, and notifications by day, with APScheduler, which does this and nothing else.

What is due stands in the database; the scheduler only says when to look.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable
from typing import Any, NamedTuple

from apscheduler.schedulers.background import BackgroundScheduler


class Job(NamedTuple):
    """What is run, and when: ``when`` is what APScheduler takes for the ``trigger``.

    ``at_once`` runs it at the start too, for what was missed.
    """

    run: Callable[[], object]
    trigger: str
    when: dict[str, Any]
    at_once: bool = False


def run_jobs(jobs: list[Job], failed: Callable[[Exception], None], *, zone: str) -> None:
    """Run the jobs, each at its times, until SIGTERM or SIGINT.

    A run that was missed, however late, is made up for once; no job overlaps with itself. A run
    that fails, in whatever way, is reported and tried again at its next time; the others go on.

    Args:
        jobs: what is run; those that run at once do so in their order.
        failed: reports why one failed.
        zone: the zone of the clock.
    """
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    scheduler = BackgroundScheduler(timezone=zone)
    options: dict[str, Any] = {"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
    for job in jobs:
        if job.at_once:
            _guarded(job.run, failed)
        scheduler.add_job(_guarded, job.trigger, args=[job.run, failed], **job.when, **options)
    scheduler.start()
    try:
        while not stop.wait(timeout=60):
            pass
    finally:
        scheduler.shutdown(wait=True)


def _guarded(run: Callable[[], object], failed: Callable[[Exception], None]) -> None:
    try:
        run()
    except Exception as fault:  # noqa: BLE001 - one bad run must not take those after it along
        with contextlib.suppress(OSError):  # nobody is listening any more
            failed(fault)
