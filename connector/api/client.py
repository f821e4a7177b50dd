"""The one place that speaks HTTP: httpx for the wire, tenacity for what is worth another try.

One client serves all threads of a run: on loopback a shared synchronous client is three times faster
than an asynchronous one, and at the platform's latency they are equal. Certificates are always checked.
Every try passes the client's gate, which knows the pace, the day's budget and whether the platform lives.
httpx takes longer to import than many a command that only knows the client, so whoever calls imports it.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Final, Self
from urllib.parse import quote

import orjson
from tenacity import RetryCallState, Retrying, retry_if_exception_type
from tenacity.wait import wait_random_exponential

from connector.api import calls
from connector.api.answers import Head, check_head, good_body
from connector.api.budget import Budget
from connector.api.calls import Call
from connector.api.clock import Clock
from connector.api.errors import (
    SAYS_NOTHING,
    WORTH_ANOTHER_TRY,
    ApiError,
    FileTooLarge,
    ForeignHost,
    TooManyCalls,
    Unreachable,
    WrongCertificates,
    WrongProxy,
    error_of,
)
from connector.api.gate import Gate, Passage
from connector.api.pacing import Pace
from connector.api.tally import Tally

if TYPE_CHECKING:
    import httpx

_LONGEST_WAIT_SECONDS: Final = 60.0
_CONNECT_SECONDS: Final = 10.0
# No call is repeated later than this after it began, and no single try lasts longer.
_PATIENCE_SECONDS: Final = 300.0
_BACKOFF: Final = wait_random_exponential(multiplier=0.5, max=_LONGEST_WAIT_SECONDS)


_FILE: Final = Call("files/0")


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A file that was fetched: the SHA-256 of its contents (hexadecimal) and its size in bytes."""

    digest: str
    size: int


class Client:
    """A signed-in client of one installation of the platform.

    ``base_url`` ends with the version (``https://api.dnevnik.ru/v2/``). ``connections`` and
    ``calls_per_second`` (None: no bound) are ceilings below which the pace adapts; ``calls_per_day`` 0 is
    no bound. Once ``stopping`` says so no call begins and none is waited for: KeyboardInterrupt is raised
    instead. Safe to share by threads. Raises WrongProxy, WrongCertificates.
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        connections: int = 4,
        timeout_seconds: float = 60.0,
        attempts: int = 5,
        calls_per_second: float | None = None,
        calls_per_day: int = 0,
        file_hosts: Sequence[str] = (),
        clock: Clock | None = None,
        stopping: Callable[[], bool] | None = None,
    ) -> None:
        self._file_hosts = tuple(file_hosts)
        self._http = _http_client(base_url, token, connections, timeout_seconds)
        self._attempts = attempts
        self._clock = clock or Clock()
        pace, budget = Pace(connections, calls_per_second), Budget(calls_per_day)
        self._gate = Gate(pace, budget, self._clock, stopping)

    def fetch(self, call: Call) -> bytes:
        """The body of a good answer: JSON that is not an error.

        Raises an :class:`~connector.api.errors.ApiError`; those worth it have been tried again.
        """
        try:
            return self._retrying()(self._try, call)
        except SAYS_NOTHING:
            if self._gate.gave_up():
                self._ask_whether_it_lives(call)
            raise

    def download(self, url: str, target: BinaryIO, limit: int) -> Downloaded:
        """Write the file at ``url`` to ``target`` in pieces, at most ``limit`` bytes.

        The token goes to the API's own host alone; of other hosts only those of the platform's files are
        called. Raises ForeignHost, FileTooLarge, and what :meth:`fetch` raises.
        """
        import httpx

        address = httpx.URL(url)
        own = address.host == self._http.base_url.host and address.port == self._http.base_url.port
        if not own and not (address.scheme == "https" and _is_of(address.host, self._file_hosts)):
            raise ForeignHost(_FILE.label, address.host)
        return self._retrying()(self._try_download, address, target, limit, with_token=own)

    @property
    def at_once(self) -> int:
        """How many calls may run at once, as the pace stands."""
        return self._gate.at_once

    def today(self) -> date:
        """The day (UTC) on whose budget calls now go."""
        return self._clock.now().date()

    def already_spent(self, day: date, calls: int) -> None:
        """Others have made so many calls of a day: they count against its budget, beside this client's."""
        self._gate.already_spent(day, calls)

    def made(self) -> Counter[date]:
        """How many calls this client has made in its life, by day (UTC); every try counts."""
        return self._gate.made()

    def made_before(self, calls: Mapping[date, int]) -> None:
        """Take calls of another client of the same token for this one's own."""
        self._gate.made_before(calls)

    def hand_over_tally(self) -> Tally:
        """The counts of calls since they were handed over last."""
        return self._gate.hand_over()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _retrying(self) -> Retrying:
        begun = self._clock.seconds()

        def stop(state: RetryCallState) -> bool:
            late = self._clock.seconds() + state.upcoming_sleep - begun > _PATIENCE_SECONDS
            return late or state.attempt_number >= self._attempts

        return Retrying(
            retry=retry_if_exception_type(WORTH_ANOTHER_TRY),
            stop=stop,
            wait=self._wait_seconds,
            sleep=self._gate.rest,
            reraise=True,
        )

    def _try_download(
        self, address: httpx.URL, target: BinaryIO, limit: int, *, with_token: bool
    ) -> Downloaded:
        import httpx

        target.seek(0)
        target.truncate()
        summed = sha256()
        with self._gate.passing(_FILE) as passage:
            try:
                request = self._http.build_request("GET", address)
                if not with_token:
                    del request.headers["Access-Token"]
                answer = self._http.send(request, stream=True)
                with closing(answer):
                    passage.answered = self._clock.seconds()
                    if not answer.is_success:
                        raise error_of(_FILE.label, answer.status_code, "", "", None)
                    for chunk in answer.iter_bytes():
                        self._gate.demand_going_on()  # a file may take minutes
                        passage.size += len(chunk)
                        if passage.size > limit:
                            raise FileTooLarge(_FILE.label, passage.size)
                        summed.update(chunk)
                        target.write(chunk)
            except httpx.HTTPError as error:
                raise Unreachable(_FILE.label, str(error) or type(error).__name__) from error
        return Downloaded(summed.hexdigest(), passage.size)

    def _try(self, call: Call) -> bytes:
        import httpx

        with self._gate.passing(call) as passage:
            try:
                head, body = self._exchange(call, passage)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                passage.timed_out = isinstance(error, (httpx.ReadTimeout, httpx.WriteTimeout))
                raise Unreachable(call.label, str(error) or type(error).__name__) from error
            return good_body(call.label, head, body)

    def _exchange(self, call: Call, passage: Passage) -> tuple[Head, bytes]:
        """Send the request and read the answer, its head first. Raises ApiError, httpx.HTTPError."""
        import httpx

        answer = self._http.send(self._request(call), stream=True)
        try:
            passage.answered = self._clock.seconds()
            head = Head(answer.status_code, answer.headers, self._clock.now())
            check_head(call.label, head)
            chunks = []
            for chunk in answer.iter_bytes():
                chunks.append(chunk)
                if self._clock.seconds() - passage.started > _PATIENCE_SECONDS:
                    raise httpx.ReadTimeout("too slow")
            body = b"".join(chunks)
        finally:
            answer.close()
        passage.size = len(body)
        return head, body

    def _request(self, call: Call) -> httpx.Request:
        if call.ids is None:
            return self._http.build_request("GET", quote(call.path), params=call.query)
        return self._http.build_request(
            "POST",
            quote(call.path),
            content=orjson.dumps(call.ids),
            headers={"Content-Type": "application/json"},
        )

    def _wait_seconds(self, state: RetryCallState) -> float:
        """Random and growing; for a limit what the platform advises, within reason, and for all threads."""
        error = state.outcome.exception() if state.outcome else None
        seconds = _BACKOFF(state)
        if isinstance(error, TooManyCalls):
            if error.wait_seconds is not None:
                seconds = min(error.wait_seconds, _LONGEST_WAIT_SECONDS)
            self._gate.pause(seconds)
        return seconds

    def _ask_whether_it_lives(self, call: Call) -> None:
        """Make the cheapest call, once. Raises PlatformDown if it fails too."""
        try:
            self._try(calls.context())
        except SAYS_NOTHING as cause:
            self._gate.no_life(call, cause)
        except ApiError:
            self._gate.lives()
        else:
            self._gate.lives()


def _http_client(base_url: str, token: str, connections: int, timeout_seconds: float) -> httpx.Client:
    import httpx

    try:
        return httpx.Client(
            base_url=base_url,
            headers={"Access-Token": token, "Accept": "application/json"},
            timeout=httpx.Timeout(timeout_seconds, connect=min(timeout_seconds, _CONNECT_SECONDS), pool=None),
            limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
            follow_redirects=False,
            trust_env=True,
        )
    except (ValueError, ImportError, httpx.InvalidURL):
        # No "from": the text repeats the address, and a password may stand in it.
        names = {"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"}
        raise WrongProxy(_variables_set(names)) from None
    except OSError as error:
        raise WrongCertificates(_variables_set({"SSL_CERT_FILE", "SSL_CERT_DIR"})) from error


def _is_of(host: str, known: Sequence[str]) -> bool:
    """Whether a host is one of these or below one of them."""
    return any(host == one or host.endswith("." + one) for one in known)


def _variables_set(names: set[str]) -> list[str]:
    return sorted(name for name, value in os.environ.items() if name.upper() in names and value)
