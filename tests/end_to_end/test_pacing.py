"""The pace over real HTTP: limits, a slow platform, an outage, a day whose calls are spent."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from archive_store import runs, spent_calls
from archive_store.verification.whole import verify
from connector.api import calls
from connector.api.client import Client
from connector.api.clock import Clock
from connector.api.errors import BudgetSpent, PlatformDown, PlatformFault, Unreachable


class Impatient(Clock):
    """A clock that never waits, at a moment of its own."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now()

    def wait(self, condition: threading.Condition, seconds: float | None) -> None:
        condition.wait(None if seconds is None else min(seconds, 0.001))


@pytest.fixture
def client(installation: Any) -> Any:
    with Client(installation.school.url, installation.school.token, connections=4) as made:
        yield made


def fetch_many(client: Client, installation: Any, number: int) -> list[float]:
    """Fetch the classes so many times by four threads; when each answer was there."""
    call = calls.edu_groups(installation.school_id)

    def fetch(_number: int) -> float:
        client.fetch(call)
        return time.monotonic()

    with ThreadPoolExecutor(4) as threads:
        return list(threads.map(fetch, range(number)))


@pytest.mark.parametrize("status", [429, 433])
def test_limits_narrow_the_pace_and_lose_nothing(client: Client, installation: Any, status: int) -> None:
    faults = installation.school.faults
    faults.throttle_status, faults.retry_after, faults.throttled = status, None, 3
    fetch_many(client, installation, 8)
    narrowed = client.at_once
    tally = client.hand_over_tally()
    assert (tally.calls, tally.repeated, tally.limited) == (11, 3, 3)
    assert narrowed < 4
    fetch_many(client, installation, 60)
    assert client.at_once == 4


def test_the_platforms_advice_holds_back_every_thread(client: Client, installation: Any) -> None:
    fetch_many(client, installation, 4)
    faults = installation.school.faults
    faults.retry_after, faults.throttled = 2, 1
    begun = time.monotonic()
    with ThreadPoolExecutor(1) as refused:
        again = refused.submit(client.fetch, calls.edu_groups(installation.school_id))
        while client.at_once == 4:  # until the refusal has been read
            time.sleep(0.01)
        time.sleep(0.1)
        answers = fetch_many(client, installation, 11)
        again.result()
    assert min(answers) >= begun + 2
    assert client.hand_over_tally().waited >= 3


def test_a_platform_that_becomes_slow_is_asked_less_at_once(client: Client, installation: Any) -> None:
    fetch_many(client, installation, 20)
    assert client.at_once == 4
    installation.school.faults.latency = 0.7
    fetch_many(client, installation, 8)
    assert client.at_once < 4
    assert client.hand_over_tally().slowed >= 1


def test_the_ceiling_holds_on_the_wire(installation: Any) -> None:
    with Client(installation.school.url, installation.school.token, calls_per_second=20) as client:
        begun = time.monotonic()
        fetch_many(client, installation, 21)
    assert time.monotonic() - begun >= 1.0


@pytest.mark.parametrize(
    ("fault", "cause"),
    [("broken", Unreachable), ("server_errors", PlatformFault), ("html_pages", PlatformFault)],
)
def test_an_outage_ends_the_run_early_and_the_next_goes_on(
    installation: Any, fault: str, cause: type[Exception]
) -> None:
    installation.pacing["clock"] = Impatient(lambda: installation.now)
    setattr(installation.school.faults, fault, 10_000)
    before = installation.school.requests.total
    outage = installation.sync()
    assert outage.outcome == "stopped"
    assert isinstance(outage.stopped_by, PlatformDown)
    assert isinstance(outage.stopped_by.cause, cause)
    assert outage.stopped_by.next_try == installation.now + timedelta(minutes=15)
    assert installation.school.requests.total - before < 30
    setattr(installation.school.faults, fault, 0)
    assert installation.sync().outcome == "done"


def test_a_class_whose_calls_always_fail_is_no_outage(installation: Any) -> None:
    installation.attempts = 1
    group = installation.truth.classes(2025)[0]
    faults = installation.school.faults
    faults.path, faults.server_errors = f"/edu-groups/{group}/", 10_000
    summary = installation.sync()
    assert summary.outcome == "partial"
    assert {one.slice.place.group_id for one in summary.failures} == {group}
    assert len(summary.failures) > 12
    assert summary.changes["mark"].new > 0
    faults.server_errors = 0
    assert installation.sync().outcome == "done"


def test_a_run_whose_calls_are_spent_is_gone_on_with_on_the_next_day(installation: Any) -> None:
    installation.pacing |= {"clock": Impatient(lambda: installation.now), "calls_per_day": 120}
    outcomes = []
    for _night in range(12):
        before = installation.school.requests.total
        summary = installation.sync()
        outcomes.append(summary.outcome)
        assert installation.school.requests.total - before == summary.calls.calls <= 120
        if summary.stopped_by is None:
            break
        assert isinstance(summary.stopped_by, BudgetSpent)
        again = installation.sync()  # on the same day: not one call more
        assert (again.outcome, again.calls.calls) == ("stopped", 0)
        installation.now += timedelta(days=1)
        assert summary.stopped_by.goes_on <= installation.now
    assert outcomes[-1] == "done"
    assert len(outcomes) > 2
    with installation.engine.connect() as connection:
        assert verify(connection, installation.school_id).findings == ()


def test_a_run_keeps_on_record_what_it_cost_by_endpoint(synced: Any) -> None:
    synced.school.requests.clear()
    synced.sync()
    with synced.engine.connect() as connection:
        last = runs.last(connection, synced.school_id)
    assert last is not None
    cost = last.summary["calls"]
    served = synced.school.requests
    assert (cost["total"], cost["repeated"]) == (served.total, 0)
    by_pattern = {_blank(name): number for name, number in served.by_pattern.items()}
    assert cost["by_endpoint"] == by_pattern


def _blank(pattern: str) -> str:
    """``GET schools/{school}`` as the client counts it: ``schools/{}``."""
    parts = pattern.partition(" ")[2].split("/")
    return "/".join("{}" if part.startswith("{") else part for part in parts)


def test_calls_of_a_day_are_counted_by_school(store: sa.Engine) -> None:
    yesterday, today = date(2026, 3, 17), date(2026, 3, 18)
    costs = [(yesterday, 5), (today, 7), (today, 11)]
    with store.begin() as connection:
        for school_id in (1, 2):
            for day, number in costs:
                spent_calls.add(connection, school_id, {day: number})
        assert spent_calls.on(connection, 1, today) == 18
        assert spent_calls.on(connection, 3, today) == 0
