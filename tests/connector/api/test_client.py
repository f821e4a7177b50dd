"""The wire: what is tried again, what is not, and what every bad answer means."""

from __future__ import annotations

import traceback
from collections.abc import Iterator

import httpx
import pytest
import respx

from connector.api import errors
from connector.api.calls import Call, context, lessons, works
from connector.api.client import Client

BASE = "https://api.example.invalid/v2/"
TOKEN = "T0kenOfNobody0123456789abcdefghi"
CALL = Call("edu-groups/1/marks/2025-09-01/2025-10-01")


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    monkeypatch.setattr("tenacity.nap.time.sleep", _slept.append)
    _slept.clear()
    with Client(BASE, TOKEN, attempts=4) as made:
        yield made


_slept: list[float] = []


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
@pytest.mark.parametrize(("advice", "waited"), [("7", 7.0), ("86400", 60.0)])
def test_the_platforms_own_advice_is_followed_within_reason(
    client: Client, advice: str, waited: float
) -> None:
    respx.get(url__startswith=BASE).mock(
        side_effect=[answer("{}", 429, **{"Retry-After": advice}), answer("[]")]
    )
    client.fetch(CALL)
    assert _slept == [waited]


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
