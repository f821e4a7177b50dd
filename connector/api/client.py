"""The one place that speaks HTTP: httpx for the wire, tenacity for what is worth another try.

One client serves all threads of a run: on loopback a shared synchronous client is three times faster
than an asynchronous one, and at the platform's latency they are equal. Certificates are always checked.
"""

from __future__ import annotations

import email.utils
import time
from types import TracebackType
from typing import Final, Self
from urllib.parse import quote

import httpx
import orjson
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_random_exponential

from connector.api.calls import Call
from connector.api.errors import (
    NotJson,
    PlatformFault,
    TooManyCalls,
    Unreachable,
    error_of,
)

_LONGEST_WAIT_SECONDS: Final = 60.0
_BACKOFF: Final = wait_random_exponential(multiplier=0.5, max=_LONGEST_WAIT_SECONDS)
_WORTH_ANOTHER_TRY: Final = (TooManyCalls, PlatformFault, Unreachable)


class Client:
    """A signed-in client of one installation of the platform.

    ``base_url`` ends with the version (``https://api.dnevnik.ru/v2/``). Safe to share by threads.
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        connections: int = 4,
        timeout_seconds: float = 60.0,
        attempts: int = 5,
    ) -> None:
        self._http = httpx.Client(
            base_url=base_url,
            headers={"Access-Token": token, "Accept": "application/json"},
            timeout=httpx.Timeout(timeout_seconds, pool=None),
            limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
            follow_redirects=False,
            trust_env=True,
        )
        self._attempts = attempts

    def fetch(self, call: Call) -> bytes:
        """The body of a good answer: JSON that is not an error.

        Raises an :class:`~connector.api.errors.ApiError`; those worth it have been tried again.
        """
        trying = Retrying(
            retry=retry_if_exception_type(_WORTH_ANOTHER_TRY),
            stop=stop_after_attempt(self._attempts),
            wait=_wait,
            reraise=True,
        )
        return trying(self._fetch_once, call)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _fetch_once(self, call: Call) -> bytes:
        try:
            if call.ids is None:
                answer = self._http.get(quote(call.path), params=call.query)
            else:
                body = orjson.dumps(call.ids)
                answer = self._http.post(
                    quote(call.path), content=body, headers={"Content-Type": "application/json"}
                )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unreachable(call.label, str(error) or type(error).__name__) from error
        return _good_body(call, answer)


def _good_body(call: Call, answer: httpx.Response) -> bytes:
    """The body, or the error that the answer means. A body may carry an error even with status 200."""
    content_type = answer.headers.get("Content-Type", "").partition(";")[0].strip()
    if content_type != "application/json":
        if answer.status_code >= 500 or answer.status_code in (429, 433):
            raise error_of(call.label, answer.status_code, "", "", _wait_seconds(answer))
        raise NotJson(call.label, f"{content_type or '?'}, HTTP {answer.status_code}")
    body = answer.content
    kind, reason = _error_body(call, body)
    if kind or not answer.is_success:
        raise error_of(call.label, answer.status_code, kind, reason, _wait_seconds(answer))
    return body


def _error_body(call: Call, body: bytes) -> tuple[str, str]:
    """Type and description of an error body; empty if it is none. Works and marks have only a type."""
    if not body.lstrip().startswith(b"{") or b'"description"' not in body:
        return "", ""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise NotJson(call.label, "application/json") from error
    if isinstance(value, dict) and {"type", "description"} <= value.keys():
        return str(value["type"]), str(value["description"] or "")
    return "", ""


def _wait_seconds(answer: httpx.Response) -> float | None:
    """The Retry-After header, seconds or a date (RFC 9110 section 10.2.3)."""
    text = answer.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return max(0.0, moment.timestamp() - time.time())


def _wait(state: RetryCallState) -> float:
    """What the platform advises, within reason; else random and growing."""
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, TooManyCalls) and error.wait_seconds is not None:
        return min(error.wait_seconds, _LONGEST_WAIT_SECONDS)
    return _BACKOFF(state)
