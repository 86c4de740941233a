"""Running the sweep every night, and notices by day, with APScheduler, which does this and nothing else.

What is due stands in the database; the scheduler only says when to look.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from typing import Any, NamedTuple

from apscheduler.schedulers.background import BackgroundScheduler

from credit_workflow.errors import CreditWorkflowError

_log = logging.getLogger(__name__)


class Job(NamedTuple):
    """What is run, and when: ``when`` is what APScheduler takes for the ``trigger``.

    ``at_once`` runs it at the start too, for what was missed.
    """

    run: Callable[[], object]
    trigger: str
    when: dict[str, Any]
    at_once: bool = False


def run_jobs(jobs: list[Job], *, zone: str) -> None:
    """Run the jobs, each at its times, until SIGTERM or SIGINT.

    A run that was missed, however late, is made up for once; no job overlaps with itself. A run
    that fails is reported and tried again at its next time; the others go on.

    Args:
        jobs: what is run; those that run at once do so in their order.
        zone: the zone of the clock.
    """
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    scheduler = BackgroundScheduler(timezone=zone)
    options: dict[str, Any] = {"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
    for job in jobs:
        if job.at_once:
            _guarded(job.run)
        scheduler.add_job(_guarded, job.trigger, args=[job.run], **job.when, **options)
    scheduler.start()
    try:
        while not stop.wait(timeout=60):
            pass
    finally:
        scheduler.shutdown(wait=True)


def _guarded(run: Callable[[], object]) -> None:
    try:
        run()
    except CreditWorkflowError as error:
        _log.error("%s: %s / %s", error.code, error.message.zh, error.message.en)
    except Exception as error:  # noqa: BLE001 - one job that fails must not end the others
        # What it says may be about a person; its kind and place are enough to find it.
        frame = error.__traceback__
        while frame is not None and frame.tb_next is not None:
            frame = frame.tb_next
        place = f"{frame.tb_frame.f_code.co_name}:{frame.tb_lineno}" if frame is not None else "?"
        _log.error("程序出现意外错误 / an unexpected fault of the program: %s (%s)", type(error).__name__, place)
