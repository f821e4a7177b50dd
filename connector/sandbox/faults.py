"""Faults a test may switch on while the school is served, and the count of requests."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from random import Random
from typing import Any

from connector.sandbox.switches import BadSwitchValue, checked_switches, switch_names

HTML_PAGE = (
    '<!DOCTYPE html><html><body><div class="error__description">'
    "<p>Ведутся технические работы. Приносим извинения.</p></div></body></html>"
)
ALWAYS = -1
_LONGEST = 86_400.0
FAILURES = ("broken", "html_pages", "throttled", "server_errors", "error_bodies", "resets", "truncated")
CHAOS = ("throttled", "server_errors", "html_pages", "broken", "truncated")


@dataclass(slots=True)
class Faults:
    """What goes wrong; every field may be changed at run time.

    `path` limits the faults to paths that contain it; only `failing` stands for itself.

    Counted ones are numbers of requests still to fail, taken down one by one; -1 (`ALWAYS`) fails
    every one. Instead of an answer: `html_pages` (an HTML page with `html_status`), `throttled`
    (apiRequestLimit with `throttle_status` and `Retry-After: retry_after` seconds, as an HTTP date
    with `retry_after_date`, none at all if None), `server_errors` (apiServerError, 500),
    `error_bodies` (an error body of the type `error_type` with `error_status`), `broken` (the
    connection ends amid the answer), `resets` (it is reset amid the answer), `truncated` (half of
    the JSON, with the Content-Length of that half).

    Counted ones that spoil good JSON, each used up by an answer it changes, are told in
    `mutations`: `duplicate_rows`, `unknown_enums`, `new_fields`, `missing_optional`,
    `missing_required`, `ids_as_text_only`, `nulls`, `empty_lists`, `half_lists`, `absurd_dates`,
    `shuffled`, `volatile_field`.

    Lasting ones: `refuse_tokens_after` counts requests from the moment it is set and refuses every
    token afterwards; `failing` answers 500 to every path that contains it (a class's id, say);
    `calls_per_second` throttles what exceeds it in a sliding window; `latency` in seconds delays
    every answer and `latency_spread` by up to as much again, at random; `chaos` is the
    probability of a fault out of `chaos_kinds` for each request, drawn from `chaos_seed`.
    """

    path: str = ""
    refuse_tokens_after: int | None = None
    html_pages: int = 0
    html_status: int = 503
    throttled: int = 0
    throttle_status: int = 429
    retry_after: int | None = 1
    retry_after_date: bool = False
    server_errors: int = 0
    error_bodies: int = 0
    error_type: str = "apiServerError"
    error_status: int = 200
    broken: int = 0
    resets: int = 0
    truncated: int = 0
    duplicate_rows: int = 0
    unknown_enums: int = 0
    new_fields: int = 0
    missing_optional: int = 0
    missing_required: int = 0
    ids_as_text_only: int = 0
    nulls: int = 0
    empty_lists: int = 0
    half_lists: int = 0
    absurd_dates: int = 0
    shuffled: int = 0
    volatile_field: int = 0
    failing: str = ""
    calls_per_second: float | None = None
    latency: float = 0.0
    latency_spread: float = 0.0
    chaos: float = 0.0
    chaos_seed: int = 1
    chaos_kinds: tuple[str, ...] = CHAOS
    _random: Random = field(default_factory=lambda: Random(1), init=False, repr=False, compare=False)
    _seeded: int = field(default=1, init=False, repr=False, compare=False)
    _served: deque[float] = field(default_factory=deque, init=False, repr=False, compare=False)

    def concerns(self, path: str) -> bool:
        """Tell whether a request's path is one the faults apply to."""
        return self.path in path

    def take(self, name: str) -> bool:
        """Use up one of the failures of a counter; False when none are left."""
        left: int = getattr(self, name)
        if left > 0:
            setattr(self, name, left - 1)
        return left != 0

    def failure(self) -> str | None:
        """Return what this request fails with, by its name in `FAILURES`; None: with nothing."""
        for name in FAILURES:
            if self.take(name):
                return name
        if self._too_many():
            return "throttled"
        if self.chaos and self.random.random() < self.chaos:
            return self.chaos_kinds[int(self.random.random() * len(self.chaos_kinds))]
        return None

    def _too_many(self) -> bool:
        """Count a request against `calls_per_second`; those refused are not counted."""
        if not self.calls_per_second:
            return False
        allowed = max(1, int(self.calls_per_second))
        now = time.monotonic()
        while self._served and self._served[0] <= now - allowed / self.calls_per_second:
            self._served.popleft()
        if len(self._served) >= allowed:
            return True
        self._served.append(now)
        return False

    @property
    def random(self) -> Random:
        """Return the generator of all that is drawn; a new `chaos_seed` starts it anew."""
        if self._seeded != self.chaos_seed:
            self._seeded, self._random = self.chaos_seed, Random(self.chaos_seed)
        return self._random

    def delay(self) -> float:
        """Return by how many seconds this answer is late."""
        spread = self.latency_spread * self.random.random() if self.latency_spread else 0.0
        return self.latency + spread

    def refuses_token(self) -> bool:
        """Count a request against `refuse_tokens_after`; True once it is used up."""
        if self.refuse_tokens_after is None:
            return False
        if self.refuse_tokens_after > 0:
            self.refuse_tokens_after -= 1
            return False
        return True

    def change(self, values: Mapping[str, Any]) -> None:
        """Set fields by name; UnknownSwitch or BadSwitchValue (then none is set) if one does not fit."""
        checked = checked_switches(Faults, values)
        for name, value in checked.items():
            _demand_fitting(name, value)
        for name, value in checked.items():
            setattr(self, name, value)

    def clear(self) -> None:
        """Switch everything off; the draws begin anew."""
        plain = Faults()
        for each in fields(self):
            setattr(self, each.name, getattr(plain, each.name))

    def shown(self) -> dict[str, Any]:
        """Return every field by name."""
        return {name: getattr(self, name) for name in switch_names(Faults)}


def _demand_fitting(name: str, value: Any) -> None:  # noqa: ANN401 - of any field
    """Raise BadSwitchValue for a status HTTP does not have, a kind of chaos there is not and the like."""
    fits = True
    if name.endswith("_status"):
        fits = 200 <= value <= 599
    elif name == "chaos_kinds":
        fits = bool(value) and set(value) <= set(FAILURES)
    elif name == "chaos":
        fits = 0.0 <= value <= 1.0
    elif isinstance(value, float):
        fits = 0.0 <= value < _LONGEST
    if not fits:
        raise BadSwitchValue(name, str(value))


@dataclass(slots=True)
class RequestLog:
    """Counts requests under the API prefix and downloads: all, those answered by pattern, and so on.

    A pattern is "GET edu-groups/{group}/lessons/{start}/{end}". `by_status` counts the answers as
    they went out, `by_fault` what faults did to them, by the names of `Faults`.
    """

    total: int = 0
    by_pattern: Counter[str] = field(default_factory=Counter)
    by_status: Counter[int] = field(default_factory=Counter)
    by_fault: Counter[str] = field(default_factory=Counter)

    def clear(self) -> None:
        """Start counting anew."""
        self.total = 0
        self.by_pattern.clear()
        self.by_status.clear()
        self.by_fault.clear()

    def shown(self) -> dict[str, Any]:
        """Return the counts as JSON has them."""
        return {
            "total": self.total,
            "by_pattern": dict(self.by_pattern),
            "by_status": {str(status): count for status, count in self.by_status.items()},
            "by_fault": dict(self.by_fault),
        }
