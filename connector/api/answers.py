"""What an answer means: its good body, or the error that it is."""

from __future__ import annotations

import email.utils
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import orjson

from connector.api.errors import CutShort, NotJson, error_of

_ENDS: Final = {b"[": b"]", b"{": b"}", b'"': b'"'}


@dataclass(frozen=True, slots=True)
class Head:
    """What comes before the body. Names of headers are found in any case."""

    status: int
    headers: Mapping[str, str]
    moment: datetime

    @property
    def good(self) -> bool:
        """Whether the status is one of success."""
        return 200 <= self.status < 300

    @property
    def content_type(self) -> str:
        """The type of the body, without parameters."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip()

    @property
    def wait_seconds(self) -> float | None:
        """The Retry-After header, seconds or a date (RFC 9110 section 10.2.3)."""
        text = self.headers.get("Retry-After", "").strip()
        if text.isascii() and text.isdigit():
            return float(text)
        try:
            moment = email.utils.parsedate_to_datetime(text)
        except (TypeError, ValueError):
            return None
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0.0, (aware - self.moment).total_seconds())


def check_head(call: str, head: Head) -> None:
    """Raise what the answer means whatever its body holds: a web page, or a limit told without JSON."""
    if head.content_type == "application/json":
        return
    if head.status >= 500 or head.status in (429, 433):
        raise error_of(call, head.status, "", "", head.wait_seconds)
    raise NotJson(call, f"{head.content_type or '?'}, HTTP {head.status}")


def good_body(call: str, head: Head, body: bytes) -> bytes:
    """The body, or the error that it means: it may carry one even with status 200."""
    kind, reason = _error_body(body)
    if kind or not head.good:
        raise error_of(call, head.status, kind, reason, head.wait_seconds)
    if not _looks_whole(body):
        raise CutShort(call)
    return body


def _error_body(body: bytes) -> tuple[str, str]:
    """Type and description of an error body; empty if it is none. Works and marks have only a type."""
    if not body.lstrip().startswith(b"{") or b'"description"' not in body:
        return "", ""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return "", ""
    if isinstance(value, dict) and {"type", "description"} <= value.keys():
        return str(value["type"]), str(value["description"] or "")
    return "", ""


def _looks_whole(body: bytes) -> bool:
    """Whether the end fits the beginning. Not more: most bodies are known by digest and never parsed."""
    text = body.strip()
    return bool(text) and text.endswith(_ENDS.get(text[:1], b""))
