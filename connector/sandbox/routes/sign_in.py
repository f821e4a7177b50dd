"""Signing in: the consent page, and the call that exchanges codes and refresh tokens for tokens.

A client needs no human here: the page's forms, or ``&consent=yes`` on its address, consent at once.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from connector.sandbox.call import Call
from connector.sandbox.endpoint import Endpoint
from connector.sandbox.errors import ApiError, bad_parameter
from connector.sandbox.school import School
from connector.sandbox.staffing import ADMINISTRATOR

CLIENT_ID = "5a2d0b0c-0000-4000-8000-000000000001"
CLIENT_SECRET = "secret-of-the-invented-application"  # noqa: S105 - it guards nobody
_CODE_MS = 10 * 60_000
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_CARRIED = ("response_type", "client_id", "scope", "redirect_uri", "state")


@dataclass(slots=True)
class SignIn:
    """What the platform knows of sign-ins; its times run by the school's clock.

    `token_seconds` is the life of tokens issued from now on. The fixed token of the sandbox is not
    among them.
    """

    school: School
    token_seconds: int = 30 * 86_400
    _codes: dict[str, tuple[str, int]] = field(default_factory=dict, repr=False)
    _tokens: dict[str, int] = field(default_factory=dict, repr=False)
    _refresh: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def endpoints(self) -> list[Endpoint]:
        """Return the API's call that gives tokens."""
        return [Endpoint("POST", "authorizations", self.authorize)]

    def accepts(self, token: str) -> bool:
        """Tell whether a token was issued here and has not ended."""
        return self._tokens.get(token, 0) > self.school.now_ms

    def end_tokens(self) -> None:
        """End all tokens, as the platform may at any time; refresh tokens stay."""
        self._tokens.clear()

    def forget_all(self) -> None:
        """End all tokens and refresh tokens: a person has to sign in again."""
        self._tokens.clear()
        self._refresh.clear()

    def authorize(self, call: Call) -> object:
        """Return the token for a code or for a refresh token, each good for one time."""
        body = _object(call.body)
        if body.get("client_id") != CLIENT_ID or body.get("client_secret") != CLIENT_SECRET:
            raise _failed()
        match body.get("grant_type") or "NotSet":
            case "AuthorizationCode" | "NotSet":
                scope, ends = self._codes.pop(str(body.get("code")), ("", 0))
                if ends <= self.school.now_ms:
                    raise _failed()
            case "RefreshToken":
                kept = self._refresh.pop(str(body.get("refreshToken")), None)
                if kept is None:
                    raise _failed()
                scope = kept
            case _:
                raise bad_parameter("grant_type")
        return self._issued(scope)

    def consent(self, query: dict[str, str]) -> Response:
        """Return the consent page, or the way back once there is an answer on it."""
        host = urlsplit(query.get("redirect_uri", "")).hostname
        known = query.get("client_id", "").replace("-", "") == CLIENT_ID.replace("-", "")
        if not known or host not in _LOOPBACK or query.get("response_type") not in ("code", "token"):
            return HTMLResponse("<p>Неизвестное приложение или адрес возврата.</p>", 400)
        match query.get("consent"):
            case "yes":
                return RedirectResponse(self._granted(query), 302)
            case "no":
                return RedirectResponse(_refused(query), 302)
            case _:
                return HTMLResponse(_page(query))

    def _granted(self, query: dict[str, str]) -> str:
        state = {"state": query["state"]} if "state" in query else {}
        if query["response_type"] == "code":
            code = secrets.token_hex(16)
            self._codes[code] = (query.get("scope", ""), self.school.now_ms + _CODE_MS)
            return f"{query['redirect_uri']}?{urlencode({'code': code} | state)}"
        token = self._new_token()
        return f"{query['redirect_uri']}?result=success#{urlencode({'access_token': token} | state)}"

    def _issued(self, scope: str) -> dict[str, Any]:
        refresh = secrets.token_hex(16)
        self._refresh[refresh] = scope
        user = self.school.ids.user(ADMINISTRATOR)
        return {
            "accessToken": self._new_token(),
            "expiresIn": self.token_seconds,
            "expiresIn_str": str(self.token_seconds),
            "refreshToken": refresh,
            "scope": scope,
            "user": user,
            "user_str": str(user),
        }

    def _new_token(self) -> str:
        token = secrets.token_hex(16)
        self._tokens[token] = self.school.now_ms + self.token_seconds * 1000
        return token


def consent_page(request: Request, sign_in: SignIn) -> Response:
    """Return the answer of GET /oauth2."""
    with sign_in.school.lock:
        return sign_in.consent(dict(request.query_params))


def _failed() -> ApiError:
    return ApiError("authorizationFailed", 401, "Can't authorize")


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise ApiError("invalidRequest", 400, "Request body is malformed") from error
    if not isinstance(value, dict):
        raise bad_parameter("body")
    return value


def _refused(query: dict[str, str]) -> str:
    state = {"state": query["state"]} if "state" in query else {}
    return f"{query['redirect_uri']}?{urlencode({'error': 'access_denied'} | state)}"


def _page(query: dict[str, str]) -> str:
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(query[name])}">'
        for name in _CARRIED
        if name in query
    )
    return (
        '<!DOCTYPE html><html lang="ru"><meta charset="utf-8"><title>Вход</title>'
        f"<p>Приложение просит доступ: {escape(query.get('scope', ''))}</p>"
        f'<form action="/oauth2">{hidden}<button name="consent" value="yes">Разрешить</button> '
        '<button name="consent" value="no">Отказать</button></form></html>'
    )
