"""A school is served from a thread or from a process, on this machine only."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading

import httpx
import pytest

from connector.sandbox import School, SchoolParameters, running, running_process, serve
from connector.sandbox.serve import TOKEN_VARIABLE

TINY = SchoolParameters(pupils=12, years=(2025,))


def _gone(url: str) -> bool:
    try:
        httpx.get(url, trust_env=False, timeout=60)
    except httpx.ConnectError:
        return True
    return False


def test_a_thread_starts_and_stops() -> None:
    with running(School(TINY), "t") as served:
        assert served.url.endswith("/v2/")
        assert httpx.get(served.url + "users/me?access_token=t", trust_env=False, timeout=60).is_success
    assert _gone(served.url)


def test_a_process_starts_and_stops() -> None:
    with running_process(TINY, "secret-token") as served:
        answer = httpx.get(
            served.url + "users/me", headers={"Access-Token": served.token}, trust_env=False, timeout=60
        )
        assert answer.is_success
    assert _gone(served.url)


def test_the_process_stops_when_its_parent_closes_standard_input() -> None:
    command = [sys.executable, "-m", "connector.sandbox", "--pupils", "12", "--year", "2025"]
    environment = os.environ | {TOKEN_VARIABLE: "t"}
    with subprocess.Popen(
        [*command, "--until-stdin-closes"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
    ) as process:
        url = json.loads(process.stdout.readline())["url"]
        assert not _gone(url)
        process.stdin.close()
        assert process.wait(10) == 0
    assert _gone(url)


def test_a_process_that_cannot_start_is_reported() -> None:
    with (
        pytest.raises(RuntimeError, match="ended with code"),
        running_process(SchoolParameters(pupils=12, years=(-5,)), "t"),
    ):
        pass


def test_serve_tells_its_address_and_stops_when_told() -> None:
    stop = threading.Event()
    urls: list[str] = []

    def ready(url: str) -> None:
        urls.append(url)
        stop.set()

    serve(School(TINY), "t", ready=ready, stop=stop)
    assert urls[0].startswith("http://127.0.0.1:")
    assert _gone(urls[0])


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.org", ""])  # noqa: S104
def test_only_this_machine_is_served(host: str) -> None:
    with pytest.raises(ValueError, match="this machine only"):
        serve(School(TINY), "t", host=host)
