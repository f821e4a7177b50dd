"""Answers as bytes: JSON, errors, and those that faults put in the place of a good one."""

from __future__ import annotations

import time
from collections.abc import Mapping
from email.utils import formatdate

import orjson
from starlette.responses import Response

from connector.sandbox.errors import ApiError, request_limit, server_error
from connector.sandbox.faults import HTML_PAGE, Faults


def json_response(content: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return a JSON answer."""
    body = orjson.dumps(content)
    return Response(body, status_code=status, media_type="application/json", headers=headers)


def error_response(error: ApiError) -> Response:
    """Return an error answer."""
    return json_response(error.body(), error.status)


def failure_response(faults: Faults, failure: str | None) -> Response | None:
    """Return the whole answer of a failure; None for one that needs a good answer to spoil."""
    if failure == "html_pages":
        # Without a charset: clients in use compare the whole header.
        return Response(HTML_PAGE, status_code=faults.html_status, headers={"Content-Type": "text/html"})
    if failure == "throttled":
        headers = {} if faults.retry_after is None else {"Retry-After": _retry_after(faults)}
        return json_response(request_limit().body(), faults.throttle_status, headers)
    if failure == "error_bodies":
        made_up = ApiError(faults.error_type, faults.error_status, "A fault of the sandbox")
        return error_response(made_up)
    return error_response(server_error()) if failure == "server_errors" else None


def _retry_after(faults: Faults) -> str:
    wait = faults.retry_after or 0
    return formatdate(time.time() + wait, usegmt=True) if faults.retry_after_date else str(wait)
