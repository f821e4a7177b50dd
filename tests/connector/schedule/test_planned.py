"""When things run: every night a little later at random; what was missed; what is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from connector.schedule.planned import Planned, Window, is_missed, next_try

MOSCOW = ZoneInfo("Europe/Moscow")
WINDOW = Window(time(2, 30), 60, MOSCOW)
NIGHTLY = Planned("nightly", "module:function")
WEEKLY = Planned("weekly", "module:function", day="sun", later=timedelta(hours=2))
LATE = Window(time(23, 30), 0, MOSCOW)
SUNDAY = datetime(2026, 3, 1, 12, tzinfo=MOSCOW)


def test_every_night_it_runs_within_the_window_and_not_always_at_the_same_minute() -> None:
    delays = set()
    for day in range(40):
        noon = SUNDAY + timedelta(days=day)
        opens = (noon + timedelta(days=1)).replace(hour=2, minute=30)
        fires = WINDOW.trigger(NIGHTLY).get_next_fire_time(None, noon)
        assert opens <= fires <= opens + timedelta(hours=1)
        delays.add(fires - opens)
    assert len(delays) > 20


def test_a_night_runs_once_however_late_in_the_window_it_fell() -> None:
    trigger = WINDOW.trigger(NIGHTLY)
    fired = SUNDAY.replace(hour=3, minute=29)
    following = trigger.get_next_fire_time(fired, fired + timedelta(seconds=1))
    assert following.date() == fired.date() + timedelta(days=1)


def test_the_weekly_job_runs_on_its_day_after_the_night() -> None:
    monday = SUNDAY + timedelta(days=1)
    fires = WINDOW.trigger(WEEKLY).get_next_fire_time(None, monday)
    assert fires.strftime("%a %d") == "Sun 08"
    assert time(4, 30) <= fires.time() <= time(5, 30)


def test_a_job_that_is_later_than_midnight_runs_on_the_next_day() -> None:
    fires = LATE.trigger(WEEKLY).get_next_fire_time(None, SUNDAY)
    assert fires.strftime("%a %H:%M") == "Mon 01:30"
    assert LATE.last_moment(WEEKLY, SUNDAY).strftime("%a %d %H:%M") == "Mon 23 01:30"


@pytest.mark.parametrize(
    ("ended", "now", "missed"),
    [
        ("03-01 03:10", "03-01 12:00", False),
        ("02-28 03:10", "03-01 12:00", True),
        ("02-28 03:10", "03-01 02:29", False),
        ("02-28 03:10", "03-01 02:30", True),
        ("02-20 03:10", "03-01 12:00", True),
    ],
)
def test_a_night_is_missed_if_no_run_was_good_since_its_window_opened(
    ended: str, now: str, missed: bool
) -> None:
    last_good, moment = (
        datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=MOSCOW) for text in (ended, now)
    )
    assert is_missed(last_good.astimezone(UTC), NIGHTLY, WINDOW, moment.astimezone(UTC)) is missed


def test_an_archive_without_a_good_run_has_missed_its_night() -> None:
    assert is_missed(None, NIGHTLY, WINDOW, SUNDAY)


def test_the_weekly_job_is_missed_until_it_was_good_since_its_day() -> None:
    wednesday = SUNDAY + timedelta(days=3)
    assert is_missed(SUNDAY - timedelta(days=1), WEEKLY, WINDOW, wednesday)
    assert not is_missed(SUNDAY, WEEKLY, WINDOW, wednesday)


def test_tries_come_at_growing_distances_until_the_next_night() -> None:
    now, waits = SUNDAY.replace(hour=2, minute=40), []
    while moment := next_try(len(waits) + 1, WINDOW, now):
        waits.append((moment - now) / timedelta(minutes=1))
        now = moment
    assert waits == [15, 30, 60, 120, 240, 480]
    assert now < WINDOW.next_night(SUNDAY.replace(hour=2, minute=40))


def test_the_hour_that_a_clock_skips_in_spring_still_has_its_night() -> None:
    window = Window(time(2, 30), 0, ZoneInfo("Europe/Berlin"))
    before = datetime(2026, 3, 28, 12, tzinfo=window.zone)
    fires = window.trigger(NIGHTLY).get_next_fire_time(None, before)
    assert timedelta(0) < fires - before < timedelta(days=1, hours=12)
