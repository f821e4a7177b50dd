"""Tells an outage from bad luck: after some failures in a row the platform is asked whether it lives.

The question is a cheap call that has nothing to do with what failed, so that one class whose calls always
fail, month after month, is not taken for an outage.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from connector.api.errors import ApiError, PlatformDown, TooManyCalls

_FAILURES: Final = 5
_REST_SECONDS: Final = 15 * 60.0
_LONGEST_REST_SECONDS: Final = 24 * 3600.0


@dataclass(slots=True)
class Breaker:
    """Open (no calls) for a while once the platform is found to be down. Holds no locks."""

    _failures: int = 0
    _asking: bool = False
    _open_until: float | None = None
    _down: PlatformDown | None = None

    def is_open(self, now: float) -> bool:
        """Whether no call may be made; when the time is over, calls are let through again."""
        return self._open_until is not None and now < self._open_until

    def refusal(self, now: float, call: str) -> PlatformDown | None:
        """Why this call may not be made, or None."""
        return replace(self._down, call=call) if self._down and self.is_open(now) else None

    def answered(self) -> None:
        """The platform gave an answer, be it a refusal: it lives."""
        self._failures = 0
        self._open_until = None

    def failed(self) -> bool:
        """A call has failed after all its tries. True: ask the platform now whether it lives."""
        self._failures += 1
        if self._failures < _FAILURES or self._asking:
            return False
        self._asking = True
        return True

    def lives(self) -> None:
        """The platform was asked, and has answered."""
        self._asking = False
        self._failures = 0

    def open(self, call: str, now: float, moment: datetime, cause: ApiError) -> PlatformDown:
        """The platform was asked, and failed too. Returns why this call fails."""
        self._asking = False
        advised = cause.wait_seconds or 0.0 if isinstance(cause, TooManyCalls) else 0.0
        rest = min(max(_REST_SECONDS, advised), _LONGEST_REST_SECONDS)
        self._open_until = now + rest
        self._down = PlatformDown(call, cause, moment + timedelta(seconds=rest))
        return self._down
