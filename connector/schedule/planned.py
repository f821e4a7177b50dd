"""What runs when: the table's rows as APScheduler's triggers, the night that was missed, the next try."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

_FIRST_RETRY: Final = timedelta(minutes=15)
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Planned:
    """A job of the schedule: its name, its function (``module:function``) and what it is called with.

    ``day`` is a day of the week such as "sun", or "*" for every night; ``later`` is how long after the
    nightly time it begins. ``arguments`` are plain values: they are kept in a file.
    """

    name: str
    function: str
    arguments: Sequence[str | int | None] = ()
    day: str = "*"
    later: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Window:
    """The nightly window: from ``at`` in ``zone``, ``spread_minutes`` long.

    The minute within it is random, because hundreds of schools at the same minute would be an attack on
    the platform.
    """

    at: time
    spread_minutes: int
    zone: ZoneInfo

    def trigger(self, planned: Planned) -> CronTrigger:
        """When a job runs."""
        day, at = _moved(planned.day, self.at, planned.later)
        jitter = self.spread_minutes * 60 or None
        return CronTrigger(day_of_week=day, hour=at.hour, minute=at.minute, timezone=self.zone, jitter=jitter)

    def last_moment(self, planned: Planned, now: datetime) -> datetime:
        """When a job's window opened last, at or before ``now``."""
        day, at = _moved(planned.day, self.at, planned.later)
        local = now.astimezone(self.zone)
        for back in range(9):
            date = local.date() - timedelta(days=back)
            moment = datetime.combine(date, time(at.hour, at.minute), self.zone)
            if moment <= local and day in ("*", _DAYS[date.weekday()]):
                return moment
        raise AssertionError  # every day of the week occurs within nine days

    def next_night(self, now: datetime) -> datetime:
        """When the next nightly window opens, after ``now``."""
        local = now.astimezone(self.zone)
        for ahead in (0, 1):
            date = local.date() + timedelta(days=ahead)
            moment = datetime.combine(date, time(self.at.hour, self.at.minute), self.zone)
            if moment > local:
                return moment
        raise AssertionError  # tomorrow's is always ahead


def is_missed(last_good: datetime | None, planned: Planned, window: Window, now: datetime) -> bool:
    """Whether a job's last window passed without a good run since (``last_good``: when that ended)."""
    return last_good is None or last_good < window.last_moment(planned, now)


def next_try(failures: int, window: Window, now: datetime) -> datetime | None:
    """When to try again after so many failures in a row (1, 2, ...), or None: the night will do.

    A quarter of an hour, then twice as long each time: six tries a day at most, however long an outage.
    """
    moment = now + _FIRST_RETRY * 2 ** min(failures - 1, 16)
    return moment if moment < window.next_night(now) else None


def _moved(day: str, at: time, later: timedelta) -> tuple[str, time]:
    """Day of the week and time, moved on; past midnight it is the next day."""
    minutes = at.hour * 60 + at.minute + int(later.total_seconds()) // 60
    days, minute_of_day = divmod(minutes, 24 * 60)
    if days and day != "*":
        day = _DAYS[(_DAYS.index(day) + days) % 7]
    return day, time(*divmod(minute_of_day, 60))
