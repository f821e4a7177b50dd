"""Tests in another process play with the sandbox through its own calls, from this machine alone."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from connector.sandbox import (
    PortTaken,
    School,
    SchoolParameters,
    create_app,
    running_process,
    serve,
    truth,
)
from connector.sandbox.serve import TOKEN_VARIABLE

Wire = Any


@pytest.fixture
def control(fresh: Wire) -> Iterator[httpx.Client]:
    url = fresh.served.url.replace("/v2/", "/sandbox/")
    with httpx.Client(base_url=url, trust_env=False, timeout=60) as http:
        yield http


def test_faults_are_switched_on_in_another_process() -> None:
    parameters = SchoolParameters(pupils=12, years=(2025,))
    headers = {"Access-Token": "t"}
    with (
        running_process(parameters, "t") as served,
        httpx.Client(
            base_url=served.url.removesuffix("v2/"), headers=headers, trust_env=False, timeout=60
        ) as http,
    ):
        shown = http.post("sandbox/faults", json={"throttled": 2, "retry_after": None}).json()
        assert (shown["throttled"], shown["retry_after"], shown["server_errors"]) == (2, None, 0)
        assert [http.get("v2/users/me").status_code for _ in range(3)] == [429, 429, 200]
        counts = http.get("sandbox/requests").json()
        assert counts == {
            "total": 3,
            "by_pattern": {"GET users/me": 1},
            "by_status": {"429": 2, "200": 1},
            "by_fault": {"throttled": 2},
        }
        http.post("sandbox/faults", json={"failing": "users"})
        assert http.get("v2/users/me").status_code == 500
        assert http.delete("sandbox/faults").json()["failing"] == ""
        assert http.get("v2/users/me").status_code == 200
        assert http.delete("sandbox/requests").json()["total"] == 0


@pytest.mark.parametrize(
    "body",
    [
        {"throttle": 1},
        {"throttled": "many"},
        {"chaos": 2},
        {"html_status": 99},
        {"chaos_kinds": ["flood"]},
        [1],
        None,
    ],
)
def test_faults_that_make_no_sense_are_refused(fresh: Wire, control: httpx.Client, body: object) -> None:
    before = control.get("faults").json()
    answer = control.post("faults", json=body)
    assert (answer.status_code, answer.json()["type"]) == (400, "parameterInvalid")
    assert control.get("faults").json() == before


def test_a_page_in_a_browser_cannot_switch_faults(control: httpx.Client) -> None:
    answer = control.post("faults", content='{"throttled": 1}', headers={"Content-Type": "text/plain"})
    assert answer.status_code == 400
    assert control.get("faults").json()["throttled"] == 0


def test_the_variant_and_the_clock_are_set(fresh: Wire, control: httpx.Client) -> None:
    school = fresh.served.school
    assert control.post("variant", json={"class_list_closed": True}).json()["class_list_closed"] is True
    assert fresh.http.get(f"schools/{fresh.school()}/edu-groups").status_code == 403
    assert control.post("variant", json={"role": "janitor"}).status_code == 400
    before = school.now
    assert control.post("clock", json={"days": 3}).json() == {"now": school.now.isoformat()}
    assert (school.now - before).days == 3
    assert control.post("clock", json={"now": "2026-01-12T09:00:00"}).json()["now"][:16] == "2026-01-12T09:00"
    for wrong in ({}, {"now": "soon"}, {"now": 5}, {"days": 10**6}):
        assert control.post("clock", json=wrong).status_code == 400
    assert control.get("clock").json()["now"][:10] == "2026-01-12"


def test_the_true_records_are_served_whatever_the_faults(fresh: Wire, control: httpx.Client) -> None:
    fresh.served.faults.server_errors = -1
    records = control.get("records", params={"year": 2025}).json()
    counts = truth(fresh.served.school, 2025)
    assert {name: len(rows) for name, rows in records.items()} == {name: counts[name] for name in records}
    assert control.get("truth", params={"year": 2025}).json() == counts
    for query in ("year=x", "year=2025&last=soon", ""):
        assert control.get(f"records?{query}").status_code == 400


@pytest.mark.parametrize(
    ("client", "status"),
    [("192.0.2.7", 403), ("127.0.0.1", 200), ("::1", 200), ("a.name", 403)],
)
def test_another_machine_may_not_use_the_sandboxs_own_calls(client: str, status: int) -> None:
    app = create_app(School(SchoolParameters(pupils=12, years=(2025,))), "t")

    async def ask() -> int:
        transport = httpx.ASGITransport(app=app, client=(client, 5))
        async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as http:
            return (await http.get("/sandbox/faults")).status_code

    assert asyncio.run(ask()) == status


def test_a_taken_port_is_told() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=str(port)):
            serve(School(SchoolParameters(pupils=12, years=(2025,))), "t", port=port)


def test_a_process_takes_faults_from_its_command_line() -> None:
    command = [sys.executable, "-m", "connector.sandbox", "--pupils", "12", "--year", "2025"]
    environment = os.environ | {TOKEN_VARIABLE: "t"}
    with subprocess.Popen(
        [*command, "--until-stdin-closes", "--fault", "server_errors=1", "--fault", "latency=0.01"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
    ) as process:
        url = process.stdout.readline().decode().split('"')[3]
        codes = [
            httpx.get(url + "users/me?access_token=t", trust_env=False, timeout=60).status_code
            for _ in range(2)
        ]
        assert codes == [500, 200]
        process.stdin.close()
        assert process.wait(10) == 0
