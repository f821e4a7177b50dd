"""Faults a test may switch on while the school is served, and the count of requests."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

HTML_PAGE = (
    '<!DOCTYPE html><html><body><div class="error__description">'
    "<p>Ведутся технические работы. Приносим извинения.</p></div></body></html>"
)


@dataclass(slots=True)
class Faults:
    """What goes wrong; every field may be changed at runtime.

    `path` limits all faults to paths that contain it. `refuse_tokens_after` counts requests from
    the moment it is set and refuses every token afterwards. The others are numbers of requests
    still to fail, taken down one by one: `html_pages` (503 with an HTML page), `throttled` (429
    with `Retry-After: retry_after` seconds, none if None), `server_errors` (500), `broken` (the
    connection ends amid the answer). `latency` in seconds delays every answer.
    """

    path: str = ""
    refuse_tokens_after: int | None = None
    html_pages: int = 0
    throttled: int = 0
    throttle_status: int = 429
    retry_after: int | None = 1
    server_errors: int = 0
    broken: int = 0
    latency: float = 0.0

    def concerns(self, path: str) -> bool:
        """Tell whether a request's path is one the faults apply to."""
        return self.path in path

    def take(self, name: str) -> bool:
        """Use up one of the failures of a counter; False when none are left."""
        left: int = getattr(self, name)
        if left > 0:
            setattr(self, name, left - 1)
        return left > 0

    def refuses_token(self) -> bool:
        """Count a request against `refuse_tokens_after`; True once it is used up."""
        if self.refuse_tokens_after is None:
            return False
        if self.refuse_tokens_after > 0:
            self.refuse_tokens_after -= 1
            return False
        return True


@dataclass(slots=True)
class RequestLog:
    """Counts requests under the API prefix: all of them, and those answered by pattern.

    A pattern is "GET edu-groups/{group}/lessons/{start}/{end}".
    """

    total: int = 0
    by_pattern: Counter[str] = field(default_factory=Counter)

    def clear(self) -> None:
        """Start counting anew."""
        self.total = 0
        self.by_pattern.clear()
