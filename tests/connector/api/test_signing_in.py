"""The browser's half of OAuth2: what is asked, and what the address of the return is taken for."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from connector.api.sign_in_errors import ConsentRefused, NotTheAddress, StrangeState
from connector.api.signing_in import Application, BareToken, Code, Flow, SignIn

BACK = "http://127.0.0.1:8347/"


def sign_in(flow: Flow = Flow.CODE, login_url: str = "https://login.example.invalid/oauth2") -> SignIn:
    by = Application("5a2d0b0c-0000-4000-8000-000000000001", "client-secret")
    return SignIn(by, login_url, "CommonInfo,Files", BACK, flow, "the-state")


@pytest.mark.parametrize("flow", list(Flow))
def test_the_address_asks_for_what_is_needed_and_tells_no_secret(flow: Flow) -> None:
    parts = urlsplit(sign_in(flow).address)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == "https://login.example.invalid/oauth2"
    assert {name: value for name, (value,) in parse_qs(parts.query).items()} == {
        "response_type": flow.value,
        "client_id": "5a2d0b0c-0000-4000-8000-000000000001",
        "scope": "CommonInfo,Files",
        "redirect_uri": BACK,
        "state": "the-state",
    }
    assert "scope=CommonInfo,Files&" in parts.query  # as the platform's own examples write it
    assert "client-secret" not in sign_in(flow).address + repr(sign_in(flow))


def test_a_login_page_may_have_a_query_of_its_own() -> None:
    address = sign_in(login_url="https://login.example.invalid/?region=27").address
    assert address.startswith("https://login.example.invalid/?region=27&response_type=code&")


def test_each_attempt_has_a_state_that_cannot_be_guessed() -> None:
    states = {SignIn(Application("x"), "https://l/", "A", BACK, Flow.CODE).state for _ in range(50)}
    assert len(states) == 50
    assert min(map(len, states)) >= 32


@pytest.mark.parametrize(
    "address",
    [
        f"{BACK}?code=abc123&state=the-state",
        f"  {BACK}?result=success&state=the-state&code=abc123\n",
        "127.0.0.1:8347/?code=abc123&state=the-state",
        "/?code=abc123&state=the-state",
        f"{BACK}?code=abc123#state=the-state",
    ],
)
def test_a_code_is_read(address: str) -> None:
    assert sign_in().read(address) == Code("abc123")


def test_a_token_is_read_from_the_fragment() -> None:
    attempt = sign_in(Flow.IMPLICIT)
    address = f"{BACK}?result=success#access_token=tok&state=the-state"
    assert attempt.read(address) == BareToken("tok")
    assert attempt.read(address + "&expires_in=3600") == BareToken("tok", 3600)
    assert "tok" not in repr(attempt.read(address))


@pytest.mark.parametrize(
    "address",
    [
        f"{BACK}?code=abc&state=another",
        f"{BACK}?code=abc&state=",
        f"{BACK}?code=abc",
        f"{BACK}?error=access_denied&state=another",
        f"{BACK}?code=abc&state=%D1%8F",
    ],
)
def test_an_answer_to_another_sign_in_is_not_taken(address: str) -> None:
    with pytest.raises(StrangeState):
        sign_in().read(address)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        (f"{BACK}?error=access_denied&state=the-state", "access_denied"),
        (f"{BACK}?error=access_denied&error_description=No", "No"),
        (f"{BACK}?result=failed#state=the-state", "failed"),
        (f"{BACK}?result=failed&code=abc&state=the-state", "failed"),
    ],
)
def test_a_refusal_is_told_in_the_platforms_words(address: str, reason: str) -> None:
    with pytest.raises(ConsentRefused) as caught:
        sign_in().read(address)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "address",
    [
        "", "rubbish", "https://dnevnik.ru/feed", "http://[", f"{BACK}?state=the-state",
        f"{BACK}?code=&state=the-state", f"{BACK}?code=a%20b&state=the-state",
        f"{BACK}#access_token=tok&state=the-state",
    ],
)  # fmt: skip
def test_what_holds_no_answer_is_told(address: str) -> None:
    with pytest.raises(NotTheAddress):
        sign_in().read(address)
