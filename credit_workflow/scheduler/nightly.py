"""Running the sweep every night with APScheduler, which does this and nothing else.

What is due stands in the database; the scheduler only says when to look.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler

from credit_workflow.errors import CreditWorkflowError

_log = logging.getLogger(__name__)


def run_nightly(once: Callable[[], None], *, hour: int, minute: int, zone: str) -> None:
    """Run ``once`` now and then every night, until SIGTERM or SIGINT.

    A run that was missed, however late, is made up for once; two never overlap. A run that fails
    is reported and tried again the next night.

    Args:
        once: does one sweep.
        hour: of the day, in ``zone``.
        minute: of the hour.
        zone: the zone of the clock.
    """
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    scheduler = BackgroundScheduler(timezone=zone)
    options: dict[str, Any] = {"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
    _guarded(once)
    scheduler.add_job(_guarded, "cron", args=[once], hour=hour, minute=minute, **options)
    scheduler.start()
    try:
        while not stop.wait(timeout=60):
            pass
    finally:
        scheduler.shutdown(wait=True)


def _guarded(once: Callable[[], None]) -> None:
    try:
        once()
    except CreditWorkflowError as error:
        _log.error("%s: %s", error.code, error.message.zh)
