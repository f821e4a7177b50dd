"""The sandbox as an ASGI application: the API under /v2 and /v2.0, files, the truth."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import date

import orjson
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from connector.sandbox.call import Call
from connector.sandbox.endpoint import Endpoint
from connector.sandbox.errors import (
    ApiError,
    bad_parameter,
    invalid_token,
    method_not_supported,
    no_resource,
    request_limit,
    server_error,
    token_required,
)
from connector.sandbox.faults import HTML_PAGE, Faults, RequestLog
from connector.sandbox.routes.diary import DIARY
from connector.sandbox.routes.files import serve_file
from connector.sandbox.routes.finals import FINALS
from connector.sandbox.routes.groups import GROUPS
from connector.sandbox.routes.journal import JOURNAL
from connector.sandbox.routes.people import PEOPLE
from connector.sandbox.routes.sign_in import SignIn, consent_page
from connector.sandbox.school import School
from connector.sandbox.truth import truth

PREFIXES = ("/v2.0", "/v2")
ENDPOINTS: list[Endpoint] = [
    *PEOPLE.all,
    *GROUPS.all,
    *JOURNAL.all,
    *FINALS.all,
    *DIARY.all,
]
_Handler = Callable[[Request], Awaitable[Response]]


def json_response(content: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return a JSON answer."""
    body = orjson.dumps(content)
    return Response(body, status_code=status, media_type="application/json", headers=headers)


def error_response(error: ApiError) -> Response:
    """Return an error answer."""
    return json_response(error.body(), error.status)


def create_app(
    school: School,
    token: str,
    *,
    faults: Faults | None = None,
    requests: RequestLog | None = None,
    sign_in: SignIn | None = None,
) -> ASGIApp:
    """Return the application that serves a school to whoever has the token, or signs in.

    `faults`, `requests` and `sign_in` stay the caller's: the first is read, the second written at
    every request.
    """
    sign_in = sign_in if sign_in is not None else SignIn(school)
    log = requests if requests is not None else RequestLog()
    endpoints = sorted([*ENDPOINTS, *sign_in.endpoints], key=_specificity)
    api = [_route(endpoint, school, log) for endpoint in endpoints]
    app = Starlette(
        routes=[
            *(Mount(prefix, routes=api) for prefix in PREFIXES),
            Route("/files/{file}", _file_handler(school)),
            Route("/sandbox/truth", _truth_handler(school)),
            Route("/oauth2", lambda request: consent_page(request, sign_in)),
        ],
        exception_handlers={ApiError: _api_error, HTTPException: _http_error, Exception: _fault},
    )
    return Gate(app, token, faults if faults is not None else Faults(), log, sign_in)


def _specificity(endpoint: Endpoint) -> tuple[bool, ...]:
    """Sort patterns with fixed words before those with a name in the same place."""
    return tuple(part.startswith("{") for part in endpoint.pattern.split("/"))


def _route(endpoint: Endpoint, school: School, log: RequestLog) -> Route:
    name = f"{endpoint.method} {endpoint.pattern}"

    async def handle(request: Request) -> Response:
        log.by_pattern[name] += 1
        body = await request.body() if endpoint.method == "POST" else b""
        root = str(request.base_url).removesuffix("/")
        for prefix in PREFIXES:
            root = root.removesuffix(prefix)
        with school.lock:
            return json_response(endpoint.answer(Call(school, request, body, root)))

    return Route(f"/{endpoint.pattern}", handle, methods=[endpoint.method])


def _truth_handler(school: School) -> _Handler:
    async def handle(request: Request) -> Response:
        value = request.query_params.get("year", "")
        if not (value.isascii() and value.isdigit()):
            raise bad_parameter("year")
        last = request.query_params.get("last")
        try:
            day = date.fromisoformat(last) if last else None
        except ValueError:
            raise bad_parameter("last") from None
        with school.lock:
            return json_response(truth(school, int(value), day))

    return handle


def _file_handler(school: School) -> _Handler:
    async def handle(request: Request) -> Response:
        with school.lock:
            return serve_file(school, request.path_params["file"])

    return handle


async def _api_error(request: Request, error: Exception) -> Response:  # noqa: ARG001
    return error_response(error if isinstance(error, ApiError) else server_error())


async def _http_error(request: Request, error: Exception) -> Response:  # noqa: ARG001
    wrong_verb = isinstance(error, HTTPException) and error.status_code == 405
    return error_response(method_not_supported() if wrong_verb else no_resource())


async def _fault(request: Request, error: Exception) -> Response:  # noqa: ARG001
    return error_response(server_error())


class Gate:
    """Stands before the API: counts requests, works the faults, checks the token."""

    def __init__(
        self, app: ASGIApp, token: str, faults: Faults, requests: RequestLog, sign_in: SignIn
    ) -> None:
        self._app = app
        self._token = token
        self._faults = faults
        self._requests = requests
        self._sign_in = sign_in

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http" or not scope["path"].startswith(PREFIXES):
            await self._app(scope, receive, send)
            return
        self._requests.total += 1
        request = Request(scope)
        faulty = self._faults.concerns(scope["path"])
        if faulty and self._faults.latency:
            await asyncio.sleep(self._faults.latency)
        if faulty and self._faults.take("broken"):
            await _break(send)
            return
        refusal = (self._failure() if faulty else None) or self._refusal(request, faulty)
        await (refusal or self._app)(scope, receive, send)

    def _failure(self) -> Response | None:
        faults = self._faults
        if faults.take("html_pages"):
            # Without a charset: clients in use compare the whole header.
            return Response(HTML_PAGE, status_code=503, headers={"Content-Type": "text/html"})
        if faults.take("throttled"):
            wait = faults.retry_after
            headers = None if wait is None else {"Retry-After": str(wait)}
            return json_response(request_limit().body(), faults.throttle_status, headers)
        return error_response(server_error()) if faults.take("server_errors") else None

    def _refusal(self, request: Request, faulty: bool) -> Response | None:
        if request.url.path.endswith("/authorizations"):
            return None  # who calls it has no token yet
        token = request.headers.get("Access-Token") or request.query_params.get("access_token")
        if not token:
            return error_response(token_required())
        known = token == self._token or self._sign_in.accepts(token)
        if not known or (faulty and self._faults.refuses_token()):
            return error_response(invalid_token())
        return None


async def _break(send: Send) -> None:
    """Promise more bytes than are sent: the server then ends the connection."""
    headers = [(b"content-type", b"application/json"), (b"content-length", b"1000")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"[{", "more_body": True})
