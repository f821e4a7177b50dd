"""The nightly job, by APScheduler, in a process of its own.

The run itself takes the archive's lock, the same that a manual command takes. A night that was slept
through is caught up when the PC wakes; several missed nights are one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from zoneinfo import ZoneInfo

from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger


def scheduler(job: Callable[[], None], at: time, spread_minutes: int, zone: ZoneInfo) -> BlockingScheduler:
    """A scheduler that runs ``job`` every night at ``at``, up to ``spread_minutes`` later at random.

    Spread, because hundreds of schools at the same minute would be an attack on the platform.
    """
    nightly = CronTrigger(hour=at.hour, minute=at.minute, timezone=zone, jitter=spread_minutes * 60 or None)
    blocking = BlockingScheduler(timezone=zone)
    # No grace time: the default of one second silently drops the night when the PC was asleep.
    blocking.add_job(job, nightly, id="nightly", misfire_grace_time=None, coalesce=True, max_instances=1)
    return blocking


def run_nightly(job: Callable[[], None], at: time, spread_minutes: int, zone: ZoneInfo) -> None:
    """Run ``job`` every night until the process is stopped (Ctrl-C or a signal)."""
    blocking = scheduler(job, at, spread_minutes, zone)
    try:
        blocking.start()
    except (KeyboardInterrupt, SystemExit):
        blocking.shutdown(wait=False)
