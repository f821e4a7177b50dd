"""The real APScheduler: jobs outlive the process, a slept night runs once, a wrong clock holds nothing up."""

from __future__ import annotations

import threading
import time as clock
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from connector.schedule.memory import Memory
from connector.schedule.planned import Planned, Window
from connector.schedule.service import Again, Service

WINDOW = Window(time(2, 30), 30, ZoneInfo("Europe/Moscow"))
ran: list[str] = []
begun = threading.Event()
go_on = threading.Event()


def job(name: str) -> None:
    ran.append(name)


def failing_job(name: str) -> list[Again]:
    ran.append(name)
    return [Again("x", f"{__name__}:job", ["again"], datetime.now(UTC))] if len(ran) == 1 else []


def raising_job(name: str) -> None:
    ran.append(name)
    raise ValueError(name)


def long_job(name: str) -> list[Again]:
    begun.set()
    assert go_on.wait(10)
    ran.append(name)
    return [Again("x", f"{__name__}:job", ["again"], datetime.now(UTC))]


Made = Callable[..., Service]


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    """Makes a started service of one nightly job; each call is a new process to the file."""
    for event in (begun, go_on):
        event.clear()
    ran.clear()
    memories: list[Memory] = []

    def make(function: str = "job") -> Service:
        memories.append(Memory(tmp_path / "schedule.sqlite"))
        nightly = Planned("nightly", f"{__name__}:{function}", ["night"])
        service = Service(memories[-1], WINDOW, [nightly], Planned("watch", f"{__name__}:job", ["watch"]))
        service.start()
        return service

    yield make
    for memory in memories:
        memory.close()


def wait_until(true: Callable[[], bool]) -> None:
    ends = clock.monotonic() + 10
    while not true():
        assert clock.monotonic() < ends, "it did not come to pass"
        clock.sleep(0.02)


def set_next_run(service: Service, name: str, moment: datetime) -> None:
    service._scheduler.get_job(name).modify(next_run_time=moment)


def test_nights_that_were_slept_through_are_run_once_on_waking(made: Made) -> None:
    service = made()
    service._scheduler.pause()  # the PC sleeps
    set_next_run(service, "nightly", datetime.now(UTC) - timedelta(days=3))
    service._scheduler.resume()
    service.pulse(datetime.now(UTC))
    wait_until(lambda: ran == ["night"])
    clock.sleep(0.3)
    assert ran == ["night"]
    following = service.next_run("nightly")
    assert following is not None
    assert timedelta(0) < following - datetime.now(UTC) < timedelta(days=1, hours=1)
    service.stop()


@pytest.mark.parametrize("name", ["nightly", "watch"])
def test_a_clock_that_was_years_ahead_does_not_put_the_next_night_off(made: Made, name: str) -> None:
    service = made()
    set_next_run(service, name, datetime.now(UTC) + timedelta(days=1500))
    service.pulse(datetime.now(UTC))
    moment = service.next_run(name)
    assert moment is not None
    assert moment - datetime.now(UTC) < timedelta(days=1, hours=1)
    service.stop()


def test_the_pulse_leaves_a_right_moment_as_it_is(made: Made) -> None:
    service = made()
    before = service.next_run("nightly")
    for _ in range(20):
        service.pulse(datetime.now(UTC))
    assert service.next_run("nightly") == before
    service.stop()


def test_what_is_to_be_tried_again_outlives_the_process(made: Made, tmp_path: Path) -> None:
    first = made()
    soon = datetime.now(UTC) + timedelta(minutes=15)
    first.again(Again("school", f"{__name__}:job", ["again"], soon))
    first.stop()
    second = made()
    assert second.is_to_run_again("school")
    reader = Memory(tmp_path / "schedule.sqlite")
    assert abs(reader.next_runs()["again-school"] - soon) < timedelta(seconds=1)
    reader.close()
    second.stop()


def test_what_should_have_been_tried_while_nobody_was_there_is_left_to_the_catching_up(made: Made) -> None:
    first = made()
    first._scheduler.pause()
    first.again(Again("school", f"{__name__}:job", ["again"], datetime.now(UTC) - timedelta(minutes=1)))
    first.stop()
    second = made()
    assert not second.is_to_run_again("school")
    second.stop()
    assert ran == []


def test_a_job_that_is_no_longer_in_the_table_goes(made: Made) -> None:
    first = made()
    first._scheduler.add_job(f"{__name__}:job", "interval", days=9, id="of an older version", args=["old"])
    first.stop()
    second = made()
    assert second.next_run("of an older version") is None
    second.stop()


def test_a_job_says_itself_when_it_is_to_run_again(made: Made) -> None:
    service = made("failing_job")
    set_next_run(service, "nightly", datetime.now(UTC))
    wait_until(lambda: ran == ["night", "again"])
    service.stop()


def test_a_job_that_raises_does_not_end_the_service_and_prints_no_traceback(
    made: Made, capfd: pytest.CaptureFixture[str]
) -> None:
    service = made("raising_job")
    for count in (1, 2):
        set_next_run(service, "nightly", datetime.now(UTC))
        wait_until(lambda count=count: len(ran) == count)
    service.stop()
    assert "Traceback" not in "".join(capfd.readouterr())


def test_a_request_to_stop_waits_for_the_job_in_hand_even_if_that_fails(made: Made) -> None:
    service = made("long_job")
    set_next_run(service, "nightly", datetime.now(UTC))
    assert begun.wait(10)
    staying = threading.Thread(target=service.stay, args=[lambda: True])
    staying.start()
    clock.sleep(0.2)
    assert staying.is_alive()
    go_on.set()
    staying.join(10)
    assert not staying.is_alive()
    assert ran == ["night"]
