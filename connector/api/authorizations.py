"""The program's half of OAuth2: a code or a refresh token is exchanged for a token.

``POST {api}/authorizations``, JSON both ways, answers in camelCase. What has no certain answer in the
public sources: the ``grant_type`` of a code (so it is left out when the platform does not know ours), and
whether this call renews a token too (so another address can be set).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import orjson
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_random_exponential

from connector.api.errors import (
    NotJson,
    PlatformFault,
    TooManyCalls,
    Unreachable,
    error_of,
)
from connector.api.sign_in_errors import GrantRefused, RenewalRefused
from connector.api.signing_in import Application, BareToken, Code
from connector.api.tokens import TokenRecord

if TYPE_CHECKING:
    import httpx

_CALL: Final = "authorizations"
_TRIES: Final = 3
_BACKOFF: Final = wait_random_exponential(multiplier=1, max=20)
_UNKNOWN_WORD: Final = {"parameterInvalid", "invalidRequest"}


class Authorizations:
    """The calls that give tokens. ``url`` is their address, ``refresh_url`` another one for renewals."""

    def __init__(
        self, api_url: str, refresh_url: str | None = None, *, timeout_seconds: float = 60.0
    ) -> None:
        self._url = api_url + _CALL
        self._refresh_url = refresh_url or self._url
        self._timeout = timeout_seconds

    def exchanged(self, application: Application, code: Code, now: datetime) -> TokenRecord:
        """The token for a code. Raises GrantRefused, and ApiError for what is the platform's fault."""
        body = {"code": code.value, **_who(application)}
        try:
            said = self._posted(self._url, {**body, "grant_type": "AuthorizationCode"})
        except _Refused as refusal:
            if refusal.kind not in _UNKNOWN_WORD:
                raise GrantRefused(refusal.reason) from None
            said = self._without_grant_type(body)
        return _record(said, now)

    def renewed(self, application: Application, old: TokenRecord, now: datetime) -> TokenRecord:
        """A new token for the refresh token of ``old``; that goes on unless the platform gives another.

        Raises RenewalRefused, and ApiError for what is the platform's fault.
        """
        body = {"refreshToken": old.refresh_token, "grant_type": "RefreshToken", **_who(application)}
        try:
            said = self._posted(self._refresh_url, body)
        except _Refused as refusal:
            raise RenewalRefused(refusal.reason) from None
        return _record(said, now, old)

    def _without_grant_type(self, body: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return self._posted(self._url, body)
        except _Refused as refusal:
            raise GrantRefused(refusal.reason) from None

    def _posted(self, url: str, body: Mapping[str, Any]) -> dict[str, Any]:
        trying = Retrying(
            # Not what was lost on the way: a code or a refresh token may be spent by then.
            retry=retry_if_exception_type((PlatformFault, TooManyCalls, _NeverSent)),
            stop=stop_after_attempt(_TRIES),
            wait=_BACKOFF,
            reraise=True,
        )
        return trying(self._posted_once, url, body)

    def _posted_once(self, url: str, body: Mapping[str, Any]) -> dict[str, Any]:
        import httpx  # takes longer than many a command that asks nobody

        try:
            answer = httpx.post(
                url,
                content=orjson.dumps(body),
                headers={"Content-Type": "application/json", "Accept": "application/json"},
                timeout=self._timeout,
            )
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise _NeverSent(_CALL, str(error) or type(error).__name__) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unreachable(_CALL, str(error) or type(error).__name__) from None
        return _good(answer)


class _NeverSent(Unreachable):
    """There was no connection, so nothing can be spent."""


class _Refused(Exception):
    """The platform says no, in its own words."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(kind)
        self.kind = kind
        self.reason = reason or kind


def record_of_bare(token: BareToken, now: datetime) -> TokenRecord:
    """The record of a token that came by the implicit way."""
    life = token.life_seconds
    ends = now + timedelta(seconds=life) if life is not None else None
    return TokenRecord(token.value, expires_at=ends, obtained_at=now)


def _who(application: Application) -> dict[str, str]:
    secret = {"client_secret": application.client_secret} if application.client_secret else {}
    return {"client_id": application.client_id, **secret}


def _good(answer: httpx.Response) -> dict[str, Any]:
    kind, reason, said = "", "", None
    if answer.headers.get("Content-Type", "").partition(";")[0].strip() == "application/json":
        said = _object(answer)
        kind, reason = str(said.get("type") or ""), str(said.get("description") or "")
    if said is not None and answer.is_success and said.get("accessToken"):
        return said
    error = error_of(_CALL, answer.status_code, kind, reason, None)
    if isinstance(error, PlatformFault | TooManyCalls):
        raise error
    if said is None:
        raise NotJson(_CALL, f"{answer.headers.get('Content-Type', '?')}, HTTP {answer.status_code}")
    raise _Refused(kind, reason or f"HTTP {answer.status_code}")


def _object(answer: httpx.Response) -> dict[str, Any]:
    try:
        said = orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        raise NotJson(_CALL, "application/json") from None
    if not isinstance(said, dict):
        raise NotJson(_CALL, "application/json")
    return said


def _record(said: Mapping[str, Any], now: datetime, old: TokenRecord | None = None) -> TokenRecord:
    scope = said.get("scope")
    user = said.get("user") or said.get("userId") or said.get("user_str")
    return TokenRecord(
        str(said["accessToken"]),
        str(said.get("refreshToken") or "") or (old.refresh_token if old else None),
        _end(said, now),
        tuple(str(scope).split(",")) if scope else (old.scopes if old else ()),
        int(str(user)) if str(user).isdigit() else (old.user_id if old else None),
        now,
    )


def _end(said: Mapping[str, Any], now: datetime) -> datetime | None:
    """When the token ends: ``expiresIn`` in seconds, or ``expiresDate``; None if neither can be read."""
    seconds = str(said.get("expiresIn") or said.get("expiresIn_str") or "")
    if seconds.isascii() and seconds.isdigit() and len(seconds) < 11:
        return now + timedelta(seconds=int(seconds))
    try:
        moment = datetime.fromisoformat(str(said.get("expiresDate")))
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
