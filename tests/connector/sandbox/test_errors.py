"""Errors come as the API gives them; faults can be switched on for tests."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import httpx
import pytest

from connector.sandbox import School, SchoolParameters, running

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.connector.sandbox.conftest import Client


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        ("GET", "lessons/5", 404, "parameterInvalid"),
        ("GET", "edu-groups/2400000000000000001", 404, "parameterInvalid"),
        ("GET", "persons/17", 404, "parameterInvalid"),
        ("GET", "users/17", 404, "parameterInvalid"),
        ("GET", "schools/17", 404, "parameterInvalid"),
        ("GET", "marks/99999999999999999999", 400, "parameterInvalid"),
        ("GET", "edu-groups/abc", 400, "parameterInvalid"),
        ("GET", "marks/values/type/Mark9", 400, "parameterInvalid"),
        ("GET", "lesson-log-entries", 400, "parameterInvalid"),
        ("GET", "nonsense", 404, "apiResourceUnavailable"),
        ("GET", "edu-groups/1/2/3/4/5/6", 404, "apiResourceUnavailable"),
        ("DELETE", "users/me", 405, "apiMethodNotSupported"),
        ("GET", "lessons/many/marks", 400, "parameterInvalid"),  # "many" is read as a lesson's id
        ("GET", "edu-groups/students", 400, "parameterInvalid"),
        ("POST", "lessons/many", 400, "invalidRequest"),
    ],
)
def test_error_answers(
    small: Client, shape: Callable[[str, object], None], method: str, path: str, status: int, kind: str
) -> None:
    answer = small.http.request(method, path)
    assert answer.headers["content-type"] == "application/json"
    assert (answer.status_code, answer.json()["type"]) == (status, kind)
    shape("Error", answer.json())


def test_a_body_that_is_no_list_of_ids(small: Client) -> None:
    for body in ({"lessons": [1]}, ["x"], [None]):
        answer = small.http.post("lessons/many", json=body)
        assert (answer.status_code, answer.json()["type"]) == (400, "parameterInvalid")


def test_the_token_comes_as_header_or_query(small: Client) -> None:
    with httpx.Client(base_url=small.served.url, trust_env=False, timeout=60) as http:
        answer = http.get("users/me")
        assert (answer.status_code, answer.json()["type"]) == (401, "tokenRequired")
        answer = http.get("users/me", headers={"Access-Token": "other"})
        assert (answer.status_code, answer.json()["type"]) == (401, "invalidToken")
        assert http.get("users/me", params={"access_token": small.served.token}).is_success


@pytest.mark.parametrize("bad", ["2026-3-1", "20260301", "2026-02-30", "2026-03-01 00:00:00", "x"])
def test_bad_days(small: Client, bad: str) -> None:
    group = small.groups()[0]["id"]
    answer = small.http.get(f"edu-groups/{group}/lessons/{bad}/2026-03-31")
    assert (answer.status_code, answer.json()["type"]) == (400, "parameterInvalid")


def test_days_may_carry_a_time(small: Client) -> None:
    path = f"edu-groups/{small.groups()[0]['id']}/lessons/"
    plain = small.get(path + "2026-03-02/2026-03-04")
    assert plain == small.get(path + "2026-03-02T00:00:00/2026-03-04T00:00:00")
    assert plain == small.get(path + "2026-03-01T21:00:00.0000000Z/2026-03-04T20:00:00.000Z")


def test_the_end_of_a_range_may_be_exclusive(small: Client) -> None:
    ends = set()
    for inclusive in (True, False):
        old = small.served.school.parameters
        school = School(
            SchoolParameters(pupils=12, seed=old.seed, now=old.now, range_end_inclusive=inclusive)
        )
        with running(school, "t") as served, httpx.Client(trust_env=False, timeout=60) as http:
            base, query = served.url, {"access_token": "t"}
            ident = school.ids.school()
            group = http.get(f"{base}schools/{ident}/edu-groups", params=query).json()[0]["id"]
            path = f"{base}edu-groups/{group}/lessons/2026-03-02/2026-03-04"
            ends.add(max(le["date"] for le in http.get(path, params=query).json()))
    assert ends == {"2026-03-04T00:00:00", "2026-03-03T00:00:00"}


def test_faults_strike_as_often_as_asked(fresh: Client) -> None:
    faults, http = fresh.served.faults, fresh.http
    faults.html_pages = faults.server_errors = faults.broken = 1
    faults.throttled, faults.retry_after = 2, 3
    with pytest.raises(httpx.RemoteProtocolError):
        http.get("users/me")
    page = http.get("users/me")
    assert page.status_code == 503
    assert page.headers["content-type"].startswith("text/html")
    for _ in range(2):
        answer = http.get("users/me")
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "3")
        assert answer.json()["type"] == "apiRequestLimit"
    assert http.get("users/me").status_code == 500
    assert http.get("users/me").is_success


def test_faults_may_be_limited_to_a_path(fresh: Client) -> None:
    fresh.served.faults.path = "/marks/"
    fresh.served.faults.server_errors = 1
    assert fresh.http.get("users/me").is_success
    assert fresh.http.get("marks/values").status_code == 500


def test_a_token_may_end_after_some_requests(fresh: Client) -> None:
    fresh.served.faults.refuse_tokens_after = 2
    kinds = [fresh.http.get("users/me").status_code for _ in range(4)]
    assert kinds == [200, 200, 401, 401]


def test_latency_delays_answers(fresh: Client) -> None:
    fresh.served.faults.latency = 0.2
    start = time.monotonic()
    fresh.get("users/me")
    assert time.monotonic() - start >= 0.2


def test_requests_are_counted(fresh: Client) -> None:
    fresh.served.requests.clear()
    fresh.get("users/me")
    fresh.get("users/me")
    fresh.http.get("nonsense")
    assert fresh.served.requests.total == 3
    assert fresh.served.requests.by_pattern == {"GET users/me": 2}
