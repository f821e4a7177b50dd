"""The program's half of OAuth2: what is sent for a token, and what every answer means."""

from __future__ import annotations

import traceback
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
import respx

from connector.api import errors
from connector.api.authorizations import Authorizations, record_of_bare
from connector.api.renewal import renewed_if_needed
from connector.api.sign_in_errors import GrantRefused, RenewalRefused
from connector.api.signing_in import Application, BareToken, Code
from connector.api.tokens import TokenFile, TokenRecord

API = "https://api.example.invalid/v2/"
URL = API + "authorizations"
BY = Application("client-id", "client-secret-0001")
CODE = Code("code-0001")
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
OLD = TokenRecord("old-token-1", "old-refresh-1", NOW, ("CommonInfo",), 7, NOW - timedelta(days=30))
GOOD = {
    "accessToken": "new-token-1",
    "expiresIn": 3600,
    "expiresIn_str": "3600",
    "refreshToken": "new-refresh-1",
    "scope": "CommonInfo,Files",
    "user": 1000000000007,
    "user_str": "1000000000007",
}


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenacity.nap.time.sleep", lambda _seconds: None)


def answer(body: Any, status: int = 200) -> httpx.Response:
    return httpx.Response(
        status, content=orjson.dumps(body), headers={"Content-Type": "application/json; charset=utf-8"}
    )


def error(kind: str, status: int) -> httpx.Response:
    return answer({"type": kind, "description": "words of the platform"}, status)


def sent(route: respx.Route) -> list[dict[str, Any]]:
    return [orjson.loads(call.request.content) for call in route.calls]


@respx.mock
def test_a_code_is_exchanged_for_a_record() -> None:
    route = respx.post(URL).mock(return_value=answer(GOOD))
    record = Authorizations(API).exchanged(BY, CODE, NOW)
    assert record == TokenRecord(
        "new-token-1", "new-refresh-1", NOW + timedelta(hours=1), ("CommonInfo", "Files"), 1000000000007, NOW
    )
    assert sent(route) == [
        {
            "code": "code-0001",
            "client_id": "client-id",
            "client_secret": "client-secret-0001",
            "grant_type": "AuthorizationCode",
        }
    ]
    assert "secret" not in str(route.calls.last.request.url)


@respx.mock
def test_a_platform_that_does_not_know_our_grant_type_is_asked_without() -> None:
    route = respx.post(URL).mock(side_effect=[error("parameterInvalid", 400), answer(GOOD)])
    assert Authorizations(API).exchanged(BY, CODE, NOW).access_token == "new-token-1"
    assert [body.get("grant_type") for body in sent(route)] == ["AuthorizationCode", None]


@respx.mock
@pytest.mark.parametrize(
    "response",
    [error("authorizationFailed", 401), error("authorizationFailed", 200), error("authorizationFailed", 400),
     answer({}, 403), answer({"accessToken": ""})],
)  # fmt: skip
def test_a_refused_code_is_not_sent_again(response: httpx.Response) -> None:
    route = respx.post(URL).mock(return_value=response)
    with pytest.raises(GrantRefused):
        Authorizations(API).exchanged(BY, CODE, NOW)
    assert route.call_count == 1


@respx.mock
def test_a_token_is_renewed_and_the_refresh_token_changes_with_it() -> None:
    route = respx.post(URL).mock(return_value=answer(GOOD))
    record = Authorizations(API).renewed(BY, OLD, NOW)
    assert (record.access_token, record.refresh_token) == ("new-token-1", "new-refresh-1")
    assert sent(route)[0] == {
        "refreshToken": "old-refresh-1",
        "grant_type": "RefreshToken",
        "client_id": "client-id",
        "client_secret": "client-secret-0001",
    }


@respx.mock
def test_what_a_renewal_does_not_say_stays_as_it_was() -> None:
    respx.post(URL).mock(return_value=answer({"accessToken": "new-token-1"}))
    record = Authorizations(API).renewed(BY, OLD, NOW)
    assert (record.refresh_token, record.scopes, record.user_id) == ("old-refresh-1", ("CommonInfo",), 7)
    assert record.expires_at is None


@respx.mock
def test_the_phones_address_for_renewals_says_the_end_as_a_date() -> None:
    url = "https://api.example.invalid/mobile/v8.5/authorizations/byrefreshtoken"
    said = {"accessToken": "new-token-1", "refreshToken": "r", "expiresDate": "2026-04-01T15:00:00+03:00"}
    respx.post(url).mock(return_value=answer(said))
    record = Authorizations(API, url).renewed(BY, OLD, NOW)
    assert record.expires_at == datetime(2026, 4, 1, 12, 0, tzinfo=UTC)


@respx.mock
@pytest.mark.parametrize("kind", ["authorizationFailed", "invalidToken", "parameterInvalid"])
def test_a_refused_renewal_means_to_sign_in_again(kind: str) -> None:
    respx.post(URL).mock(return_value=error(kind, 401))
    with pytest.raises(RenewalRefused, match="words of the platform"):
        Authorizations(API).renewed(BY, OLD, NOW)


@respx.mock
@pytest.mark.parametrize(
    ("response", "expected", "calls"),
    [
        (httpx.Response(503, text="<html>", headers={"Content-Type": "text/html"}), errors.PlatformFault, 3),
        (error("apiServerError", 500), errors.PlatformFault, 3),
        (error("apiRequestLimit", 429), errors.TooManyCalls, 3),
        (httpx.ConnectError("refused"), errors.Unreachable, 3),
        (httpx.ReadTimeout("slow"), errors.Unreachable, 1),  # the refresh token may be spent by now
        (httpx.Response(200, text="<html>", headers={"Content-Type": "text/html"}), errors.NotJson, 1),
        (httpx.Response(200, text="[1]", headers={"Content-Type": "application/json"}), errors.NotJson, 1),
        (httpx.Response(200, text="{", headers={"Content-Type": "application/json"}), errors.NotJson, 1),
    ],
)
def test_a_fault_of_the_platform_is_no_refusal(response: Any, expected: type[Exception], calls: int) -> None:
    mocked = {"side_effect": response} if isinstance(response, Exception) else {"return_value": response}
    route = respx.post(URL).mock(**mocked)
    with pytest.raises(expected) as caught:
        Authorizations(API).renewed(BY, OLD, NOW)
    assert route.call_count == calls
    told = "".join(traceback.format_exception(caught.value))
    assert "old-refresh-1" not in told
    assert "client-secret-0001" not in told


def test_a_bare_token_has_an_end_only_if_the_platform_says_one() -> None:
    assert record_of_bare(BareToken("t"), NOW).expires_at is None
    assert record_of_bare(BareToken("t", 60), NOW).expires_at == NOW + timedelta(minutes=1)


def _never() -> bool:
    raise AssertionError("the platform is asked without need")


class Place:
    """A file that holds ``OLD``, and the renewal of what it holds."""

    def __init__(self, folder: Path, record: TokenRecord = OLD) -> None:
        self.file = TokenFile(folder / "token", timedelta(days=30))
        self.file.write(record)
        self.lock = folder / "token.lock"

    def renewed(self, record: TokenRecord, refused: Any = _never) -> TokenRecord:
        return renewed_if_needed(self.file, record, refused, Authorizations(API), BY, self.lock, NOW)


@respx.mock
@pytest.mark.parametrize(
    ("left", "refused", "calls"),
    [
        (timedelta(minutes=5), _never, 1),
        (timedelta(days=-100), _never, 1),
        (timedelta(minutes=6), lambda: True, 1),
        (timedelta(minutes=6), lambda: False, 0),
    ],
)
def test_a_token_is_renewed_when_it_ends_soon_or_is_refused(
    tmp_path: Path, left: timedelta, refused: Any, calls: int
) -> None:
    route = respx.post(URL).mock(return_value=answer(GOOD))
    record = TokenRecord("old-token-1", "old-refresh-1", NOW + left, obtained_at=NOW)
    place = Place(tmp_path, record)
    used = place.renewed(record, refused)
    assert route.call_count == calls
    assert used.access_token == ("new-token-1" if calls else "old-token-1")
    assert place.file.read() == used


def test_a_token_without_a_refresh_token_is_used_as_it_is(tmp_path: Path) -> None:
    bare = TokenRecord("bare", expires_at=NOW - timedelta(days=1))
    assert Place(tmp_path, bare).renewed(bare) == bare


@respx.mock
def test_what_another_run_has_renewed_meanwhile_is_used(tmp_path: Path) -> None:
    route = respx.post(URL).mock(return_value=answer(GOOD))
    place = Place(tmp_path, TokenRecord("renewed-by-another", "refresh-of-another"))
    assert place.renewed(OLD).access_token == "renewed-by-another"
    assert route.call_count == 0


@respx.mock
def test_a_refused_renewal_leaves_the_record_as_it_was(tmp_path: Path) -> None:
    respx.post(URL).mock(return_value=error("authorizationFailed", 401))
    place = Place(tmp_path)
    with pytest.raises(RenewalRefused):
        place.renewed(OLD)
    assert place.file.read() == OLD
