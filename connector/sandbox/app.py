"""The sandbox as an ASGI application: the API under /v2 and /v2.0, files, its own calls."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connector.sandbox.answers import error_response, failure_response, json_response
from connector.sandbox.call import Call
from connector.sandbox.control import control_routes
from connector.sandbox.endpoint import Endpoint
from connector.sandbox.errors import (
    ApiError,
    invalid_token,
    method_not_supported,
    no_resource,
    server_error,
    token_required,
)
from connector.sandbox.faults import Faults, RequestLog
from connector.sandbox.routes.averages import AVERAGES
from connector.sandbox.routes.diary import DIARY
from connector.sandbox.routes.feed import FEED
from connector.sandbox.routes.files import serve_file
from connector.sandbox.routes.finals import FINALS
from connector.sandbox.routes.groups import GROUPS
from connector.sandbox.routes.journal import JOURNAL
from connector.sandbox.routes.memberships import MEMBERSHIPS
from connector.sandbox.routes.people import PEOPLE
from connector.sandbox.routes.sign_in import SignIn, consent_page
from connector.sandbox.routes.special_marks import SPECIAL_MARKS
from connector.sandbox.routes.tasks import TASKS
from connector.sandbox.school import School
from connector.sandbox.spoiling import HeldAnswer, break_off, holds_back

PREFIXES = ("/v2.0", "/v2")
FILES = "/files/"
GUARDED = (*PREFIXES, FILES)
ENDPOINTS: list[Endpoint] = [
    *PEOPLE.all,
    *GROUPS.all,
    *JOURNAL.all,
    *FINALS.all,
    *DIARY.all,
    *AVERAGES.all,
    *TASKS.all,
    *MEMBERSHIPS.all,
    *SPECIAL_MARKS.all,
    *FEED.all,
]
_Handler = Callable[[Request], Awaitable[Response]]


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
    faults = faults if faults is not None else Faults()
    app = Starlette(
        routes=[
            *(Mount(prefix, routes=api) for prefix in PREFIXES),
            Route(FILES + "{file}", _file_handler(school, log)),
            *control_routes(school, faults, log),
            Route("/oauth2", lambda request: consent_page(request, sign_in)),
        ],
        exception_handlers={ApiError: _api_error, HTTPException: _http_error, Exception: _fault},
    )
    return Gate(app, school, token, faults, log, sign_in)


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


def _file_handler(school: School, log: RequestLog) -> _Handler:
    async def handle(request: Request) -> Response:
        log.by_pattern["GET files/{file}"] += 1
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
        self,
        app: ASGIApp,
        school: School,
        token: str,
        faults: Faults,
        requests: RequestLog,
        sign_in: SignIn,
    ) -> None:
        self._app = app
        self._school = school
        self._token = token
        self._faults = faults
        self._requests = requests
        self._sign_in = sign_in

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http" or not scope["path"].startswith(GUARDED):
            await self._app(scope, receive, send)
            return
        self._requests.total += 1
        faults, path = self._faults, scope["path"]
        faulty = faults.concerns(path)
        if faulty and (faults.latency or faults.latency_spread):
            await asyncio.sleep(faults.delay())
        failure = faults.failure() if faulty else None
        if faults.failing and faults.failing in path:
            failure = "server_errors"
        if failure:
            self._requests.by_fault[failure] += 1
        counted = self._counting(send)
        if failure == "broken":
            await break_off(counted)
            return
        answer = failure_response(faults, failure) or self._refusal(Request(scope), faulty)
        if answer is None and faulty and holds_back(faults, failure):
            counted = self._counting(HeldAnswer(faults, failure, self._requests, send))
        await (answer or self._app)(scope, receive, counted)

    def _counting(self, send: Send) -> Send:
        async def pass_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._requests.by_status[message["status"]] += 1
            await send(message)

        return pass_on

    def _refusal(self, request: Request, faulty: bool) -> Response | None:
        if request.scope["path"].startswith(FILES) and not self._school.variant.files_need_token:
            return None
        if request.url.path.endswith("/authorizations"):
            return None  # who calls it has no token yet
        token = request.headers.get("Access-Token") or request.query_params.get("access_token")
        if not token:
            return error_response(token_required())
        known = token == self._token or self._sign_in.accepts(token)
        if not known or (faulty and self._faults.refuses_token()):
            return error_response(invalid_token())
        return None
