"""Signing in to the invented school, as a browser and an application do it."""

from __future__ import annotations

from datetime import timedelta
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from connector.sandbox.routes.sign_in import CLIENT_ID, CLIENT_SECRET

if TYPE_CHECKING:
    from tests.connector.sandbox.conftest import Client

BACK = "http://127.0.0.1:8347/"
WHO = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}


def query(**changes: str) -> dict[str, str]:
    asked = {"response_type": "code", "client_id": CLIENT_ID, "scope": "CommonInfo,Files",
             "redirect_uri": BACK, "state": "s&1"}  # fmt: skip
    return asked | changes


def page(client: Client, **changes: str) -> httpx.Response:
    return httpx.get(client.served.login_url, params=query(**changes), trust_env=False, timeout=60)


def code(client: Client) -> str:
    return parse_qs(urlsplit(page(client, consent="yes").headers["location"]).query)["code"][0]


def token(client: Client, **body: str) -> httpx.Response:
    return httpx.post(client.served.url + "authorizations", json=WHO | body, trust_env=False, timeout=60)


def works(client: Client, access: str) -> bool:
    answer = httpx.get(
        client.served.url + "users/me", headers={"Access-Token": access}, trust_env=False, timeout=60
    )
    return answer.is_success


class Form(HTMLParser):
    """The fields and buttons of the page's form."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = said["action"]
        elif tag == "input":
            self.fields[said["name"]] = said["value"]


def test_the_consent_page_is_a_form_that_a_browser_can_press(fresh: Client) -> None:
    shown = page(fresh)
    assert shown.is_success
    form = Form()
    form.feed(shown.text)
    pressed = httpx.get(
        httpx.URL(fresh.served.login_url).join(form.action),
        params=form.fields | {"consent": "yes"},
        trust_env=False,
    )
    back = urlsplit(pressed.headers["location"])
    assert f"{back.scheme}://{back.netloc}{back.path}" == BACK
    assert parse_qs(back.query)["state"] == ["s&1"]


def test_a_code_gives_a_token_once(fresh: Client) -> None:
    first = code(fresh)
    said: dict[str, Any] = token(fresh, code=first, grant_type="AuthorizationCode").json()
    assert set(said) == {"accessToken", "expiresIn", "expiresIn_str", "refreshToken", "scope", "user",
                         "user_str"}  # fmt: skip
    assert said["scope"] == "CommonInfo,Files"
    assert works(fresh, said["accessToken"])
    again = token(fresh, code=first)
    assert (again.status_code, again.json()["type"]) == (401, "authorizationFailed")


def test_codes_and_tokens_end_by_the_schools_clock(fresh: Client) -> None:
    school = fresh.served.school
    stale, good = code(fresh), token(fresh, code=code(fresh)).json()["accessToken"]
    school.now += timedelta(minutes=11)
    assert token(fresh, code=stale).json()["type"] == "authorizationFailed"
    assert works(fresh, good)
    school.now += timedelta(days=30)
    assert not works(fresh, good)
    assert works(fresh, fresh.served.token)


def test_a_refresh_token_changes_at_each_use(fresh: Client) -> None:
    first = token(fresh, code=code(fresh)).json()["refreshToken"]
    renewed = token(fresh, grant_type="RefreshToken", refreshToken=first).json()
    assert works(fresh, renewed["accessToken"])
    assert renewed["refreshToken"] != first
    spent = token(fresh, grant_type="RefreshToken", refreshToken=first)
    assert spent.json()["type"] == "authorizationFailed"


def test_the_implicit_way_brings_the_token_in_the_fragment(fresh: Client) -> None:
    back = urlsplit(page(fresh, response_type="token", consent="yes").headers["location"])
    assert back.query == "result=success"
    said = parse_qs(back.fragment)
    assert said["state"] == ["s&1"]
    assert works(fresh, said["access_token"][0])


@pytest.mark.parametrize(
    "changes", [{"client_id": "other"}, {"redirect_uri": "https://evil.example/"}, {"response_type": "x"}]
)
def test_an_unknown_application_or_way_back_gets_no_consent_page(
    fresh: Client, changes: dict[str, str]
) -> None:
    refused = page(fresh, consent="yes", **changes)
    assert refused.status_code == 400
    assert "location" not in refused.headers


def test_a_wrong_secret_and_an_unknown_grant_are_refused(fresh: Client) -> None:
    assert token(fresh, code=code(fresh), client_secret="x").json()["type"] == "authorizationFailed"
    assert token(fresh, code=code(fresh), grant_type="Magic").json()["type"] == "parameterInvalid"
    assert token(fresh, code="made-up").json()["type"] == "authorizationFailed"


def test_the_person_may_say_no(fresh: Client) -> None:
    back = parse_qs(urlsplit(page(fresh, consent="no").headers["location"]).query)
    assert back == {"error": ["access_denied"], "state": ["s&1"]}
