"""The scheduler itself, by APScheduler, in a process of its own; its jobs outlive it in a file.

It is made to be left alone: a job that should have run while the PC slept runs once when it wakes, a
clock that was set back does not put the next night off, and one job runs at a time.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

from apscheduler.events import EVENT_JOB_EXECUTED, JobExecutionEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import STATE_STOPPED
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.date import DateTrigger

from connector.schedule.memory import JOBS_TABLE, Memory
from connector.schedule.planned import Planned, Window

_TICK_SECONDS: Final = 0.5
_PULSE_SECONDS: Final = 30.0
_AGAIN: Final = "again-"
# Never dropped for being late, and several missed moments are one run.
_OPTIONS: Final = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1, "replace_existing": True}

logging.getLogger("apscheduler").addHandler(logging.NullHandler())  # its tracebacks may show people's data


class _Scheduler(BackgroundScheduler):  # type: ignore[misc]
    """APScheduler looks at its jobs once more after it was stopped, and counts those as run that are due."""

    def _process_jobs(self) -> float | None:
        if self.state == STATE_STOPPED:
            return None
        seconds: float | None = super()._process_jobs()
        return seconds


@dataclass(frozen=True, slots=True)
class Again:
    """A job that is to run once more, at a moment: what a job's function returns after a failure."""

    name: str
    function: str
    arguments: Sequence[str | int | None]
    at: datetime


class Service:
    """The schedule of an installation. ``watch`` is a job of its own, twice an hour."""

    def __init__(self, memory: Memory, window: Window, jobs: Sequence[Planned], watch: Planned) -> None:
        self._triggers = {one.name: window.trigger(one) for one in jobs}
        self._triggers[watch.name] = CronTrigger(minute="7,37", timezone=window.zone)
        self._jobs = (*jobs, watch)
        self._spread = timedelta(minutes=window.spread_minutes)
        store = SQLAlchemyJobStore(engine=memory.engine, tablename=JOBS_TABLE)
        self._scheduler = _Scheduler(
            jobstores={"default": store},
            executors={"default": ThreadPoolExecutor(1)},  # one at a time; the next one waits
            timezone=window.zone,
        )
        self._ending, self._ended = threading.Lock(), False
        self._scheduler.add_listener(self._again_as_told, EVENT_JOB_EXECUTED)

    def start(self) -> None:
        """Take up the jobs of the table; what is no longer in it, or has passed, is taken out."""
        self._scheduler.start(paused=True)
        now = datetime.now(UTC)
        for job in self._scheduler.get_jobs():
            if job.id not in self._triggers and (not job.id.startswith(_AGAIN) or job.next_run_time <= now):
                job.remove()
        for one in self._jobs:
            # As of now, whatever the file says: what was missed is decided from the archive.
            self._scheduler.add_job(
                one.function, self._triggers[one.name], id=one.name, args=list(one.arguments), **_OPTIONS
            )
        self._scheduler.resume()

    def again(self, one: Again) -> None:
        """Run a job once more at a moment; a later word on the same job replaces an earlier one."""
        self._scheduler.add_job(
            one.function, DateTrigger(one.at), id=_AGAIN + one.name, args=list(one.arguments), **_OPTIONS
        )

    def is_to_run_again(self, name: str) -> bool:
        """Whether a job waits to be run once more."""
        return self._scheduler.get_job(_AGAIN + name) is not None

    def next_run(self, name: str) -> datetime | None:
        """When a job runs next."""
        job = self._scheduler.get_job(name)
        moment: datetime | None = job.next_run_time if job else None
        return moment

    def pulse(self, now: datetime) -> None:
        """Look at the clock anew: after a suspend what is due runs, after a clock set back nothing waits.

        APScheduler waits by a clock that stands still while the PC sleeps.
        """
        for job in self._scheduler.get_jobs():
            moment, trigger = job.next_run_time, self._triggers.get(job.id)
            if moment is None:
                continue
            if trigger is None:
                if moment > now + timedelta(days=1):  # tried again by a clock that was wrong
                    _quietly(job.remove)
                continue
            soonest = trigger.get_next_fire_time(None, now)
            if moment > soonest + self._spread + timedelta(minutes=1):
                _quietly(partial(job.modify, next_run_time=soonest))
        self._scheduler.wakeup()

    def stay(self, asked_to_stop: Callable[[], bool]) -> None:
        """Stay until asked to stop; the job in hand is waited for."""
        pulse_at = time.monotonic()
        try:
            while not asked_to_stop():
                time.sleep(_TICK_SECONDS)
                if time.monotonic() >= pulse_at:
                    pulse_at = time.monotonic() + _PULSE_SECONDS
                    self.pulse(datetime.now(UTC))
        finally:
            self.stop()

    def stop(self) -> None:
        """Start nothing more, and wait for the job in hand."""
        with self._ending:
            self._ended = True
        self._scheduler.shutdown(wait=True)

    def _again_as_told(self, event: JobExecutionEvent) -> None:
        told: Any = event.retval
        # Not while stopping: APScheduler waits for this job with its jobs locked. Nothing is lost, for the
        # next start catches up.
        with self._ending:
            for one in told if isinstance(told, Iterable) and not self._ended else ():
                self.again(one)


def _quietly(change: Callable[[], object]) -> None:
    """Change a job that may have run and gone meanwhile."""
    with suppress(JobLookupError):
        change()
