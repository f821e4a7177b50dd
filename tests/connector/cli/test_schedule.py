"""The schedule as a process of its own: killed, started anew, stopped; what it tells outside."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from alarm_servers import Watcher, watcher
from connector.cli.exit_codes import ExitCode

PROGRAM = [sys.executable, "-c", "from connector.cli import main; main()"]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="POSIX signals")


@pytest.fixture
def web() -> Iterator[Watcher]:
    with watcher() as served:
        yield served


@pytest.fixture
def latency(school: Any) -> Iterator[Any]:
    """The faults of the served school; its latency and errors are taken back afterwards."""
    yield school.faults
    school.faults.latency, school.faults.server_errors, school.faults.path = 0.0, 0, ""


@pytest.fixture
def folder(command: Any, platform: None, tmp_path: Path, web: Watcher) -> Path:
    """A new archive whose next night is half a day away, and whose alarms go to ``web``."""
    command("init")
    half_a_day_ago = datetime.now(UTC) - timedelta(hours=12)
    with Path("dnevnik-archive.toml").open("a") as settings:
        settings.write(
            f'\nlanguage = "en"\ntime_zone = "UTC"\nschedule_at = {half_a_day_ago:%H:%M}:00\n'
            f'schedule_spread_minutes = 0\nheartbeat_url = "{web.url}/beat"\nwebhook_url = "{web.url}/hook"\n'
        )
    return tmp_path


class Scheduled:
    """A schedule that runs as a process, and what it says."""

    def __init__(self, folder: Path, said: Path) -> None:
        self._said = said
        with said.open("w") as out:
            self.process = subprocess.Popen(
                [*PROGRAM, "--config", str(folder / "dnevnik-archive.toml"), "schedule"],
                cwd="/", env={**os.environ, "PYTHONUNBUFFERED": "1"}, stdout=out, stderr=out,
            )  # fmt: skip

    @property
    def said(self) -> str:
        return self._said.read_text()

    def wait_until(self, true: Callable[[], object]) -> None:
        ends = time.monotonic() + 90
        while not true():
            assert time.monotonic() < ends, f"it did not come to pass: {self.said}"
            assert self.process.poll() is None, self.said
            time.sleep(0.05)

    def wait_until_idle(self) -> None:
        """Wait long enough for what would begin at once."""
        self.wait_until(lambda: "Stop with Ctrl-C" in self.said)
        time.sleep(1.5)

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            self.process.kill()
        self.process.wait()

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)


@pytest.fixture
def start(folder: Path, tmp_path: Path) -> Iterator[Callable[[], Scheduled]]:
    """Starts the schedule as a process; whatever still runs at the end is killed."""
    started: list[Scheduled] = []

    def start_one() -> Scheduled:
        started.append(Scheduled(folder, tmp_path / f"said-{len(started)}"))
        return started[-1]

    yield start_one
    for one in started:
        one.kill()


def outcomes(folder: Path) -> list[str]:
    """How the runs of the archive ended, the oldest first."""
    return [row[0] for row in _rows(folder, "SELECT outcome FROM run ORDER BY run_id")]


def _rows(folder: Path, query: str) -> list[Any]:
    with closing(sqlite3.connect(folder / "archive.sqlite")) as connection:
        return connection.execute(query).fetchall()


def is_under_way(folder: Path) -> bool:
    ((read,),) = _rows(folder, "SELECT count(*) FROM checkpoint")
    return outcomes(folder)[-1:] == ["running"] and read > 3


def test_a_night_that_was_killed_is_caught_up_once_by_the_next_start(
    start: Any, folder: Path, latency: Any
) -> None:
    latency.latency = 0.05
    first = start()
    first.wait_until(lambda: is_under_way(folder))
    first.kill()
    latency.latency = 0.0
    second = start()
    second.wait_until(lambda: outcomes(folder) == ["interrupted", "done"])
    assert second.stop() == 0
    third = start()
    third.wait_until_idle()
    assert third.stop() == 0
    assert "begins shortly" in second.said
    assert "begins shortly" not in third.said
    assert outcomes(folder) == ["interrupted", "done"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_stop_amid_a_run_it_ends_and_says_so_once(
    start: Any, folder: Path, latency: Any, number: int
) -> None:
    latency.latency = 0.05
    process = start()
    process.wait_until(lambda: is_under_way(folder))
    assert process.stop(number) == 0
    assert process.said.count("Asked to stop. What a run has fetched is kept; the next one goes on") == 1
    assert process.said.count("is kept") == 1
    assert process.said.rstrip().endswith("The schedule has stopped.")
    assert "Traceback" not in process.said
    assert outcomes(folder) == ["interrupted"]


def test_a_second_schedule_of_the_same_archive_is_refused(start: Any, folder: Path, command: Any) -> None:
    first = start()
    first.wait_until(lambda: outcomes(folder) == ["done"])
    second = start()
    assert second.process.wait(60) == ExitCode.BUSY
    assert "runs already" in second.said
    value = json.loads(command("status", "--json").out)
    assert value["schedule"]["running"] is True
    assert set(value["schedule"]["next"]) == {"nightly", "reconcile", "backup", "watch"}
    first.kill()
    assert json.loads(command("status", "--json").out)["schedule"]["running"] is False


def test_a_good_night_is_told_to_the_heartbeat_and_to_nobody_else(
    start: Any, folder: Path, web: Watcher
) -> None:
    process = start()
    process.wait_until(lambda: len(web.told) >= 2)
    assert process.stop() == 0
    assert web.paths() == ["/beat/start", "/beat"]
    first, last = (path.partition("rid=")[2] for _method, path, _value in web.told)
    assert first == last != ""


def test_a_failed_night_raises_the_alarm_and_is_tried_again_later(
    start: Any, folder: Path, web: Watcher, latency: Any, command: Any
) -> None:
    latency.path, latency.server_errors = "/teachers", 1
    process = start()
    # The catch-up at the start bears the same name: only after the failure it is the next try.
    process.wait_until(lambda: outcomes(folder) == ["partial"] and "again-sync-school" in next_runs(command))
    again = datetime.fromisoformat(next_runs(command)["again-sync-school"]) - datetime.now(UTC)
    assert timedelta(minutes=12) < again <= timedelta(minutes=15)
    process.kill()  # the next try outlives the process, and no other one takes its place
    second = start()
    second.wait_until_idle()
    assert second.stop() == 0
    assert outcomes(folder) == ["partial"]
    assert web.paths() == ["/beat/start", "/beat/6", "/hook"]
    told = web.told[-1][2]
    assert (told["event"], told["outcome"], told["exit_code"]) == ("failed", "PARTIAL", 6)
    assert told["counts"]["failed"] == 1
    assert told["counts"]["new"] > 100


def test_a_refused_token_is_told_and_not_tried_again(
    start: Any, folder: Path, web: Watcher, command: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DNEVNIK_ARCHIVE_TOKEN", "expired-token")
    process = start()
    process.wait_until(lambda: len(web.told) >= 3)
    process.wait_until_idle()
    assert set(next_runs(command)) == {"nightly", "reconcile", "backup", "watch"}
    assert process.stop() == 0
    assert "Sign in again with: dnevnik-archive login" in process.said
    assert "expired-token" not in process.said
    assert web.paths() == ["/beat/start", "/beat/4", "/hook"]


def next_runs(command: Any) -> dict[str, str]:
    value: dict[str, str] = json.loads(command("status", "--json").out)["schedule"]["next"]
    return value
