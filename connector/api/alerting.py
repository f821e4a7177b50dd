"""Tell a watcher on the web: a heartbeat's address, a webhook. Here, for only this room speaks HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

_TIMEOUT_SECONDS: Final = 10.0


@dataclass
class NotTold(Exception):
    """The watcher could not be told, and why. The address is left out: it may be a secret."""

    reason: str


def beat(url: str, ending: str, run: str) -> None:
    """Call a heartbeat's address; ``ending`` is appended to its path ("" for success, "start", "6").

    ``run`` (a UUID) ties the calls of one run together. Raises NotTold.
    """
    parts = urlsplit(url)
    path = parts.path.rstrip("/") + (f"/{ending}" if ending else "")
    query = f"{parts.query}&rid={run}" if parts.query else f"rid={run}"
    _told("GET", urlunsplit((parts.scheme, parts.netloc, path, query, "")), None)


def post(url: str, value: Mapping[str, Any]) -> None:
    """Post a value as JSON. Raises NotTold."""
    _told("POST", url, value)


def _told(method: str, url: str, value: Mapping[str, Any] | None) -> None:
    import httpx  # takes longer than many a command that tells nobody

    try:
        answer = httpx.request(method, url, json=value, timeout=_TIMEOUT_SECONDS, follow_redirects=False)
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise NotTold(type(error).__name__) from None
    if not answer.is_success:
        raise NotTold(f"HTTP {answer.status_code}")
