"""The wire: what is tried again, what is not, and what every bad answer means."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
import respx

from connector.api import errors
from connector.api.calls import Call, context, lessons, works
from connector.api.client import Client
from simulated_clock import SimulatedClock

BASE = "https://api.example.invalid/v2/"
TOKEN = "T0kenOfNobody0123456789abcdefghi"
CALL = Call("edu-groups/1/marks/2025-09-01/2025-10-01")


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock()


@pytest.fixture
def client(clock: SimulatedClock) -> Iterator[Client]:
    with Client(BASE, TOKEN, attempts=4, clock=clock) as made:
        yield made


def answer(
    body: str = "[]", status: int = 200, content_type: str = "application/json", **headers: str
) -> httpx.Response:
    return httpx.Response(status, content=body.encode(), headers={"Content-Type": content_type, **headers})


def error_body(kind: str) -> str:
    return f'{{"type": "{kind}", "description": "words of the platform"}}'


@respx.mock
def test_the_token_goes_in_its_header_and_the_body_comes_back(client: Client) -> None:
    route = respx.get(BASE + "users/me/context").mock(return_value=answer('{"personId": 1}'))
    assert client.fetch(context()) == b'{"personId": 1}'
    assert route.calls.last.request.headers["Access-Token"] == TOKEN


@respx.mock
def test_a_batch_is_a_bare_array_of_exact_ids(client: Client) -> None:
    route = respx.post(BASE + "works/many").mock(return_value=answer())
    client.fetch(works([2_420_000_000_000_000_001, 2_420_000_000_000_000_003]))
    assert route.calls.last.request.content == b"[2420000000000000001,2420000000000000003]"


@respx.mock
@pytest.mark.parametrize(
    ("response", "expected"),
    [
        (answer(error_body("invalidToken"), 401), errors.TokenRefused),
        (answer(error_body("invalidToken"), 200), errors.TokenRefused),
        (answer(error_body("tokenRequired"), 403), errors.TokenRefused),
        (answer("{}", 401), errors.TokenRefused),
        (answer(error_body("authorizationSystemForbidden"), 403), errors.AccessRefused),
        (answer(error_body("authorizationOutOfScope"), 200), errors.AccessRefused),
        (answer("{}", 403), errors.AccessRefused),
        (answer(error_body("parameterInvalid"), 404), errors.NotThere),
        (answer(error_body("apiResourceUnavailable"), 404), errors.NotThere),
        (answer(error_body("parameterInvalid"), 400), errors.CallRefused),
        (answer(error_body("apiMethodNotSupported"), 405), errors.CallRefused),
        (answer("<html>", 200, "text/html"), errors.NotJson),
        (answer("<html>", 404, "text/html"), errors.NotJson),
        (answer("", 302, "", Location="https://login.example.invalid/"), errors.NotJson),
    ],
)
def test_what_a_second_try_would_not_mend_is_not_tried_again(
    client: Client, response: httpx.Response, expected: type[errors.ApiError]
) -> None:
    route = respx.get(url__startswith=BASE).mock(return_value=response)
    with pytest.raises(expected) as caught:
        client.fetch(CALL)
    assert caught.value.call == CALL.label
    assert route.call_count == 1


@respx.mock
@pytest.mark.parametrize(
    ("response", "expected"),
    [
        (answer(error_body("apiServerError"), 500), errors.PlatformFault),
        (answer(error_body("apiUnknownError"), 200), errors.PlatformFault),
        (answer("<html>", 503, "text/html"), errors.PlatformFault),
        (answer("<html>", 550, "text/html"), errors.PlatformFault),
        (answer(error_body("apiRequestLimit"), 200), errors.TooManyCalls),
        (answer("slow down", 429, "text/plain"), errors.TooManyCalls),
        (answer("{}", 433), errors.TooManyCalls),
    ],
)
def test_what_may_pass_is_tried_again_and_then_said(
    client: Client, response: httpx.Response, expected: type[errors.ApiError]
) -> None:
    route = respx.get(url__startswith=BASE).mock(return_value=response)
    with pytest.raises(expected):
        client.fetch(CALL)
    assert route.call_count == 4


@respx.mock
def test_one_fault_does_not_harm(client: Client) -> None:
    respx.get(url__startswith=BASE).mock(
        side_effect=[httpx.ConnectError("refused"), answer("", 503, "text/html"), answer("[1]")]
    )
    assert client.fetch(CALL) == b"[1]"


@respx.mock
@pytest.mark.parametrize(
    ("advice", "waited"),
    [("7", 7.0), ("86400", 60.0), ("Wed, 18 Mar 2026 20:00:09 GMT", 9.0), ("Wed, 18 Mar 2026 20:00:09", 9.0)],
)
def test_the_platforms_own_advice_is_followed_within_reason(
    client: Client, clock: SimulatedClock, advice: str, waited: float
) -> None:
    respx.get(url__startswith=BASE).mock(
        side_effect=[answer("{}", 429, **{"Retry-After": advice}), answer("[]")]
    )
    client.fetch(CALL)
    assert clock.waits == [waited]


@respx.mock
@pytest.mark.parametrize("advice", ["soon", "-5", "", "٣", "Wed, 99 Mar 2026 20:00:09 GMT"])
def test_advice_that_is_none_is_passed_over(client: Client, clock: SimulatedClock, advice: str) -> None:
    respx.get(url__startswith=BASE).mock(
        side_effect=[answer("{}", 429, **{"Retry-After": advice.encode()}), answer("[]")]
    )
    client.fetch(CALL)
    assert sum(clock.waits) <= 0.5


@respx.mock
@pytest.mark.parametrize("body", ["", "[", "[{}", '[{"id": 1}, {"id":', '[{"id": 1}', '{"id": 1', '"te'])
def test_an_answer_that_breaks_off_is_asked_for_again(client: Client, body: str) -> None:
    respx.get(url__startswith=BASE).mock(side_effect=[answer(body), answer("[1]\n")])
    assert client.fetch(CALL) == b"[1]\n"


@respx.mock
def test_an_answer_that_always_breaks_off_is_said(client: Client) -> None:
    route = respx.get(url__startswith=BASE).mock(return_value=answer('[{"id": 1}'))
    with pytest.raises(errors.CutShort):
        client.fetch(CALL)
    assert route.call_count == 4


@respx.mock
@pytest.mark.parametrize("status", [400, 500])
def test_the_status_counts_before_a_body_that_breaks_off(client: Client, status: int) -> None:
    respx.get(url__startswith=BASE).mock(return_value=answer('{"type": "x", "description"', status))
    with pytest.raises(errors.CallRefused if status == 400 else errors.PlatformFault):
        client.fetch(CALL)


@respx.mock
def test_no_call_is_repeated_without_end(clock: SimulatedClock) -> None:
    route = respx.get(url__startswith=BASE).mock(return_value=answer("{}", 429, **{"Retry-After": "60"}))
    with Client(BASE, TOKEN, attempts=20, clock=clock) as client, pytest.raises(errors.TooManyCalls):
        client.fetch(CALL)
    assert clock.seconds() <= 300
    assert route.call_count == 6


@respx.mock
def test_waits_grow_and_are_random(clock: SimulatedClock) -> None:
    respx.get(url__startswith=BASE).mock(return_value=answer("", 503, "text/html"))
    with Client(BASE, TOKEN, attempts=10, clock=clock) as client, pytest.raises(errors.PlatformFault):
        client.fetch(CALL)
    assert len(set(clock.waits)) == 9
    assert all(wait <= 0.5 * 2**n for n, wait in enumerate(clock.waits))


@respx.mock
def test_a_network_that_is_gone_is_unreachable(client: Client) -> None:
    respx.get(url__startswith=BASE).mock(side_effect=httpx.ConnectTimeout("timed out"))
    with pytest.raises(errors.Unreachable, match="timed out"):
        client.fetch(CALL)


@respx.mock
def test_a_lesson_with_a_type_but_no_description_is_no_error(client: Client) -> None:
    respx.get(url__startswith=BASE).mock(return_value=answer('{"id": 1, "type": "Exam"}'))
    assert client.fetch(Call("works/1")) == b'{"id": 1, "type": "Exam"}'


@respx.mock
def test_no_error_tells_the_token(client: Client) -> None:
    respx.get(url__startswith=BASE).mock(side_effect=httpx.ConnectError("no route"))
    with pytest.raises(errors.Unreachable) as caught:
        client.fetch(CALL)
    told = "".join(traceback.format_exception(caught.value)) + repr(client) + repr(caught.value)
    assert TOKEN not in told


def test_a_call_is_filed_under_its_path_query_and_batch() -> None:
    assert lessons(7, "2025-09-01", "2025-10-01", 63).label == (
        "edu-groups/7/subjects/63/lessons/2025-09-01/2025-10-01"
    )
    assert works([1, 2]).label == "works/many [1,2]"


@respx.mock
def test_what_a_run_cost_is_counted_by_endpoint_and_day(client: Client) -> None:
    respx.get(url__startswith=BASE).mock(
        side_effect=[answer("[1]"), answer("", 503, "text/html"), answer("{}", 433), answer("[22]")]
    )
    respx.post(url__startswith=BASE).mock(return_value=answer())
    client.fetch(CALL)
    client.fetch(lessons(17, "2025-09-01", "2025-10-01", 63))
    client.fetch(works([1, 2]))
    tally = client.hand_over_tally()
    assert tally.by_endpoint == {
        "edu-groups/{}/marks/{}/{}": 1,
        "edu-groups/{}/subjects/{}/lessons/{}/{}": 3,
        "works/many": 1,
    }
    assert (tally.calls, tally.repeated, tally.limited, tally.bytes) == (5, 2, 1, 9)
    assert tally.by_day == {"2026-03-18": 5}
    assert client.hand_over_tally().calls == 0


@respx.mock
def test_when_the_calls_of_the_day_are_spent_it_is_said_when_they_go_on(clock: SimulatedClock) -> None:
    route = respx.get(url__startswith=BASE).mock(return_value=answer())
    with Client(BASE, TOKEN, calls_per_day=5, clock=clock) as client:
        client.already_spent(client.today(), 3)
        client.fetch(CALL)
        client.fetch(CALL)
        with pytest.raises(errors.BudgetSpent) as caught:
            client.fetch(CALL)
        assert caught.value.goes_on == datetime(2026, 3, 19, tzinfo=UTC)
        assert route.call_count == 2
        clock.pass_by(4 * 3600)
        assert client.fetch(CALL) == b"[]"


@respx.mock
def test_what_another_client_of_the_token_has_made_is_paid_for_too(clock: SimulatedClock) -> None:
    respx.get(url__startswith=BASE).mock(return_value=answer())
    with Client(BASE, TOKEN, calls_per_day=5, clock=clock) as client:
        client.made_before({client.today(): 2})
        client.fetch(CALL)
        client.hand_over_tally()  # a run's count begins anew, the day's does not
        assert client.made() == {client.today(): 3}
        client.already_spent(client.today(), 1)
        client.fetch(CALL)
        with pytest.raises(errors.BudgetSpent):
            client.fetch(CALL)


@respx.mock
def test_repeated_tries_are_paid_for_too(clock: SimulatedClock) -> None:
    route = respx.get(url__startswith=BASE).mock(return_value=answer("", 503, "text/html"))
    with (
        Client(BASE, TOKEN, attempts=9, calls_per_day=3, clock=clock) as client,
        pytest.raises(errors.BudgetSpent),
    ):
        client.fetch(CALL)
    assert route.call_count == 3


@pytest.mark.parametrize("proxy", ["ftp://proxy", "http://a:b:c", "socks5://user:S3cret@proxy:1080", "::::"])
def test_a_proxy_that_cannot_be_used_is_named_without_its_password(
    monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with pytest.raises(errors.WrongProxy) as caught:
        Client(BASE, TOKEN)
    assert "HTTPS_PROXY" in caught.value.variables
    assert "S3cret" not in "".join(traceback.format_exception(caught.value))


@respx.mock
def test_an_outage_is_found_by_asking_and_then_costs_no_more_calls(clock: SimulatedClock) -> None:
    route = respx.get(url__startswith=BASE).mock(side_effect=httpx.ConnectError("no route"))
    with Client(BASE, TOKEN, attempts=1, clock=clock) as client:
        for _call in range(4):
            with pytest.raises(errors.Unreachable):
                client.fetch(CALL)
        with pytest.raises(errors.PlatformDown) as caught:
            client.fetch(CALL)
        assert route.call_count == 6
        assert route.calls.last.request.url.path == "/v2/users/me/context"
        assert isinstance(caught.value.cause, errors.Unreachable)
        assert (caught.value.next_try - clock.now()).total_seconds() == 900
        with pytest.raises(errors.PlatformDown):
            client.fetch(CALL)
        assert route.call_count == 6

        clock.pass_by(901)
        route.mock(return_value=answer())
        assert client.fetch(CALL) == b"[]"
        assert client.fetch(CALL) == b"[]"


@respx.mock
def test_one_class_that_always_fails_is_no_outage(client: Client) -> None:
    respx.get(url__startswith=BASE + "edu-groups").mock(return_value=answer("", 500, "text/html"))
    lives = respx.get(BASE + "users/me/context").mock(return_value=answer("{}"))
    for _month in range(23):
        with pytest.raises(errors.PlatformFault):
            client.fetch(CALL)
    assert lives.call_count == 4  # every five failures in a row


@respx.mock
def test_a_platform_that_refuses_lives(client: Client) -> None:
    respx.get(url__startswith=BASE + "edu-groups").mock(return_value=answer("", 500, "text/html"))
    respx.get(BASE + "users/me/context").mock(return_value=answer(error_body("invalidToken"), 401))
    for _month in range(12):
        with pytest.raises(errors.PlatformFault):
            client.fetch(CALL)


@respx.mock
def test_the_rest_after_an_outage_is_as_long_as_the_platform_advises(clock: SimulatedClock) -> None:
    respx.get(url__startswith=BASE).mock(return_value=answer("{}", 429, **{"Retry-After": "7200"}))
    with Client(BASE, TOKEN, attempts=1, clock=clock) as client:
        for _call in range(4):
            with pytest.raises(errors.TooManyCalls):
                client.fetch(CALL)
        with pytest.raises(errors.PlatformDown) as caught:
            client.fetch(CALL)
    assert (caught.value.next_try - clock.now()).total_seconds() == 7200


@respx.mock
def test_a_page_in_place_of_every_answer_is_an_outage(client: Client) -> None:
    respx.get(url__startswith=BASE).mock(return_value=answer("<html>", 200, "text/html"))
    for _call in range(4):
        with pytest.raises(errors.NotJson):
            client.fetch(CALL)
    with pytest.raises(errors.PlatformDown):
        client.fetch(CALL)
