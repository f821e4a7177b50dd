"""The browser's half of OAuth2: the address to open, and what the address of the return says.

Two ways: ``CODE`` brings a code that the program exchanges for a token; ``IMPLICIT`` brings the token
itself, in the part of the address that a browser does not send to any server.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode, urlsplit

from connector.api.sign_in_errors import ConsentRefused, NotTheAddress, StrangeState


class Flow(StrEnum):
    """The way of the sign-in, as the platform's ``response_type`` names it."""

    CODE = "code"
    IMPLICIT = "token"


@dataclass(frozen=True, slots=True)
class Application:
    """An application as it is registered with the platform. One for browsers alone has no secret."""

    client_id: str
    client_secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Code:
    """A code to be exchanged for a token, once and soon."""

    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class BareToken:
    """A token that came by the implicit way. ``life_seconds`` is None if the platform does not say it."""

    value: str = field(repr=False)
    life_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class SignIn:
    """One attempt to sign in: where, for which scopes (separated by commas), and where to return to.

    ``state`` ties the answer to the attempt: without it, anyone's answer would do.
    """

    application: Application
    login_url: str
    scopes: str
    redirect_uri: str
    flow: Flow
    state: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)

    @property
    def address(self) -> str:
        """The address to open in the browser."""
        query = {
            "response_type": self.flow.value,
            "client_id": self.application.client_id,
            "scope": self.scopes,
            "redirect_uri": self.redirect_uri,
            "state": self.state,
        }
        joint = "&" if urlsplit(self.login_url).query else "?"
        return self.login_url + joint + urlencode(query, safe=",")

    def read(self, address: str) -> Code | BareToken:
        """What the address brings to which the browser was sent back, whole or without its beginning.

        Raises ConsentRefused, StrangeState, NotTheAddress.
        """
        said = _said(address)
        given = said.get("code" if self.flow is Flow.CODE else "access_token")
        state = said.get("state")
        # A refusal gives nothing away, so it counts also without the state; a grant does not.
        if state is not None and not secrets.compare_digest(state.encode(), self.state.encode()):
            raise StrangeState
        refusal = _refusal(said)
        if refusal is not None:
            raise ConsentRefused(refusal)
        if not given or not (given.isascii() and given.isprintable()) or " " in given:
            raise NotTheAddress
        if state is None:
            raise StrangeState
        return Code(given) if self.flow is Flow.CODE else BareToken(given, _seconds(said.get("expires_in")))


def _said(address: str) -> Mapping[str, str]:
    """The parameters of the query and of the fragment together."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        raise NotTheAddress from None
    return dict(parse_qsl(parts.query) + parse_qsl(parts.fragment.lstrip("?&/")))


def _refusal(said: Mapping[str, str]) -> str | None:
    """Why there is no token, in the platform's words; None if there is nothing against it."""
    if "error" in said:
        return said.get("error_description") or said["error"]
    result = said.get("result", "success")
    return None if result.lower() == "success" else result


def _seconds(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 11 else None
