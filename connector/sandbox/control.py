"""The sandbox's own calls, by which a test in another process plays with it; no call of the platform.

They lie under /sandbox/, need no token, know no faults and answer this machine alone.

`GET`, `POST`, `DELETE /sandbox/faults`: see, change (a JSON object of fields of `Faults`), clear.
`GET`, `DELETE /sandbox/requests`: the counts of `RequestLog`; start counting anew.
`GET`, `POST /sandbox/variant`: see and change `PlatformVariant`.
`GET`, `POST /sandbox/clock`: see and set the clock: `{"now": "2026-03-20T15:00:00"}` or `{"days": 1}`.
`GET /sandbox/truth?year=&last=`: the counts of `truth`; `/sandbox/records` the records of
`true_records` and, where the school has any, those of `true_special_records`.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connector.sandbox.answers import json_response
from connector.sandbox.errors import ApiError, bad_parameter, forbidden
from connector.sandbox.faults import Faults, RequestLog
from connector.sandbox.school import School
from connector.sandbox.switches import checked_switches
from connector.sandbox.true_records import true_records, true_special_records
from connector.sandbox.truth import truth
from connector.sandbox.variant import PlatformVariant

_Handler = Callable[[Request], Awaitable[Response]]
_MOST_DAYS = 3660


def control_routes(school: School, faults: Faults, log: RequestLog) -> list[Route]:
    """Return the routes under /sandbox/ for a served school."""
    panel = _Panel(school, faults, log)
    return [
        Route("/sandbox/faults", _guarded(panel.faults), methods=["GET", "POST", "DELETE"]),
        Route("/sandbox/requests", _guarded(panel.requests), methods=["GET", "DELETE"]),
        Route("/sandbox/variant", _guarded(panel.variant), methods=["GET", "POST"]),
        Route("/sandbox/clock", _guarded(panel.clock), methods=["GET", "POST"]),
        Route("/sandbox/truth", _guarded(panel.truth), methods=["GET"]),
        Route("/sandbox/records", _guarded(panel.records), methods=["GET"]),
    ]


def _guarded(handler: _Handler) -> _Handler:
    """Answer this machine alone; the server listens to no other, but may be served by one that does."""

    async def handle(request: Request) -> Response:
        try:
            here = ipaddress.ip_address(request.client.host if request.client else "").is_loopback
        except ValueError:
            here = False
        if not here:
            raise forbidden()
        return await handler(request)

    return handle


class _Panel:
    def __init__(self, school: School, faults: Faults, log: RequestLog) -> None:
        self._school = school
        self._faults = faults
        self._log = log

    async def faults(self, request: Request) -> Response:
        if request.method == "DELETE":
            self._faults.clear()
        if request.method == "POST":
            values = await _json_object(request)
            try:
                self._faults.change(values)
            except ValueError as error:
                raise _refused(error) from error
        return json_response(self._faults.shown())

    async def requests(self, request: Request) -> Response:
        if request.method == "DELETE":
            self._log.clear()
        return json_response(self._log.shown())

    async def variant(self, request: Request) -> Response:
        if request.method == "POST":
            values = await _json_object(request)
            try:
                checked = checked_switches(PlatformVariant, values)
                self._school.variant = replace(self._school.variant, **checked)
            except ValueError as error:
                raise _refused(error) from error
        return json_response(asdict(self._school.variant))

    async def clock(self, request: Request) -> Response:
        if request.method == "POST":
            values = await _json_object(request)
            with self._school.lock:
                self._school.now = self._moment(values)
        return json_response({"now": self._school.now.isoformat()})

    def _moment(self, values: dict[str, Any]) -> datetime:
        days, now = values.get("days"), values.get("now")
        if isinstance(days, int) and abs(days) <= _MOST_DAYS:
            return self._school.now + timedelta(days=days)
        try:
            return datetime.fromisoformat(now or "")
        except (TypeError, ValueError):
            raise bad_parameter("now") from None

    async def truth(self, request: Request) -> Response:
        with self._school.lock:
            return json_response(truth(self._school, *_year_and_last(request)))

    async def records(self, request: Request) -> Response:
        year, last = _year_and_last(request)
        special = true_special_records(self._school, year)
        few = {name: rows for name, rows in special.items() if rows}
        return json_response(true_records(self._school, year, last) | few)


def _refused(error: ValueError) -> ApiError:
    return ApiError("parameterInvalid", 400, str(error))


async def _json_object(request: Request) -> dict[str, Any]:
    # Only with this type: a page in a browser on this machine cannot send it unasked.
    if request.headers.get("Content-Type", "").partition(";")[0] != "application/json":
        raise bad_parameter("Content-Type")
    try:
        values = orjson.loads(await request.body())
    except orjson.JSONDecodeError:
        raise bad_parameter("body") from None
    if not isinstance(values, dict):
        raise bad_parameter("body")
    return values


def _year_and_last(request: Request) -> tuple[int, date | None]:
    value = request.query_params.get("year", "")
    if not (value.isascii() and value.isdigit()):
        raise bad_parameter("year")
    last = request.query_params.get("last")
    try:
        return int(value), date.fromisoformat(last) if last else None
    except ValueError:
        raise bad_parameter("last") from None
