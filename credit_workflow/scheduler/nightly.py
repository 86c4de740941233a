"""Running the sweep every night with APScheduler, which does this and nothing else.

What is due stands in the database; the scheduler only says when to look.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler


def run_nightly(
    once: Callable[[], None], failed: Callable[[Exception], None], *, hour: int, minute: int, zone: str
) -> None:
    """Run ``once`` now and then every night, until SIGTERM or SIGINT.

    A run that was missed, however late, is made up for once; two never overlap. A run that fails, in
    whatever way, is reported and tried again the next night: it never ends the scheduler.

    Args:
        once: does one sweep.
        failed: reports why one failed.
        hour: of the day, in ``zone``.
        minute: of the hour.
        zone: the zone of the clock.
    """
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    scheduler = BackgroundScheduler(timezone=zone)
    options: dict[str, Any] = {"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
    _guarded(once, failed)
    scheduler.add_job(_guarded, "cron", args=[once, failed], hour=hour, minute=minute, **options)
    scheduler.start()
    try:
        while not stop.wait(timeout=60):
            pass
    finally:
        scheduler.shutdown(wait=True)


def _guarded(once: Callable[[], None], failed: Callable[[Exception], None]) -> None:
    try:
        once()
    except Exception as fault:  # noqa: BLE001 - one bad night must not take the nights after it along
        with contextlib.suppress(OSError):  # nobody is listening any more
            failed(fault)
