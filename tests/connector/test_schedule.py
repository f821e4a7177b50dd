"""The nightly job: every night, spread, caught up when the PC was asleep, never twice at once."""

from __future__ import annotations

import threading
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from apscheduler.schedulers.blocking import BlockingScheduler

from connector.schedule import scheduler

MOSCOW = ZoneInfo("Europe/Moscow")


def _job(made: BlockingScheduler) -> object:
    (job,) = made.get_jobs()
    return job


def test_it_runs_every_night_at_the_schools_time_and_a_little_later_at_random() -> None:
    job = _job(scheduler(lambda: None, time(2, 30), 60, MOSCOW))
    first = datetime(2026, 3, 1, 12, tzinfo=MOSCOW)
    for night in range(5):
        fires = job.trigger.get_next_fire_time(None, first + timedelta(days=night))  # type: ignore[attr-defined]
        planned = (first + timedelta(days=night + 1)).replace(hour=2, minute=30)
        assert abs(fires - planned) <= timedelta(hours=1)


def test_a_night_that_was_slept_through_is_caught_up_once() -> None:
    job = _job(scheduler(lambda: None, time(2, 30), 0, MOSCOW))
    assert job.misfire_grace_time is None  # type: ignore[attr-defined]
    assert job.coalesce  # type: ignore[attr-defined]
    assert job.max_instances == 1  # type: ignore[attr-defined]


def test_it_really_runs_the_job() -> None:
    ran = threading.Event()
    made = scheduler(ran.set, time(2, 30), 0, MOSCOW)
    made.modify_job("nightly", next_run_time=datetime.now(MOSCOW))
    thread = threading.Thread(target=made.start, daemon=True)
    thread.start()
    assert ran.wait(10)
    made.shutdown()
    thread.join(10)
