"""How many calls may run at once and how soon the next may begin: it adapts to what the platform shows.

Additive increase, multiplicative decrease, as TCP does it: a refusal for too many calls halves both the
number at once and the rate, answers that have become clearly slower halve the number at once, and every
run of good answers gives one step back. No locks and no clock of its own: :class:`~connector.api.gate.Gate`
shares it among threads.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import Final

# So many good answers in a row earn one call more at once, and a step of the rate.
_GOOD_RUN: Final = 10
# A step of the rate, and the least rate, are this part of the reference: the ceiling, if there is one.
_STEP: Final = 0.1
# Without a ceiling the reference is what was seen when the first limit was met, at least this per second.
_REFERENCE_AT_LEAST: Final = 50.0
_STARTS_SEEN: Final = 32

_KNOWN_AFTER_ANSWERS: Final = 8
_RECENT_WEIGHT: Final = 0.3
_USUAL_WEIGHT: Final = 0.02
# Clearly slower: so many times the usual, and by so many seconds (a busy machine makes small answers jump).
_GROWN_TIMES: Final = 2.5
_GROWN_SECONDS: Final = 0.5


@dataclass(slots=True)
class Latency:
    """How soon one endpoint answers: as a rule, and of late. Endpoints differ by far more than moods."""

    answers: int = 0
    usual: float = 0.0
    recent: float = 0.0

    def add(self, seconds: float) -> None:
        """Take an answer into account."""
        self.answers += 1
        if self.answers == 1:
            self.usual = self.recent = seconds
            return
        known = self.answers > _KNOWN_AFTER_ANSWERS
        # Once it is known, slow answers become the rule by and by only, or growth would never be seen.
        towards = min(seconds, 2 * self.usual) if known else seconds
        self.usual += max(1 / self.answers, _USUAL_WEIGHT) * (towards - self.usual)
        # One very slow answer is bad luck: it takes two of late.
        most = self.usual + max(4 * self.usual, 3 * _GROWN_SECONDS)
        self.recent += _RECENT_WEIGHT * (min(seconds, most) - self.recent)

    def has_grown(self) -> bool:
        """Whether the endpoint has become clearly slower than it was."""
        known = self.answers > _KNOWN_AFTER_ANSWERS
        grown = self.recent - self.usual
        return known and grown > _GROWN_SECONDS and self.recent > _GROWN_TIMES * self.usual


class Pace:
    """The pace of one client. Moments (``now``, ``started``) are seconds of one steady clock.

    ``at_once`` and ``per_second`` are ceilings that nothing exceeds; without ``per_second`` the rate is
    bounded by the platform's refusals alone. Calls are spaced evenly: a token bucket that holds one token.
    """

    def __init__(self, at_once: int, per_second: float | None = None) -> None:
        self.permits = at_once
        self.rate = per_second
        self.in_flight = 0
        self._most_permits = at_once
        self._most_per_second = per_second
        self._reference = per_second or _REFERENCE_AT_LEAST
        self._paused_until = -math.inf
        self._next_start = -math.inf
        self._cut_at = -math.inf
        self._good = 0
        self._latency: dict[str, Latency] = {}
        self._starts: deque[float] = deque(maxlen=_STARTS_SEEN)

    def delay(self, now: float) -> float:
        """Seconds until a call may start (0: now); infinite while as many are in flight as may be."""
        if self.in_flight >= self.permits:
            return math.inf
        return max(0.0, self._paused_until - now, self._next_start - now)

    def start(self, now: float) -> None:
        """A call starts."""
        self.in_flight += 1
        if self.rate is None:
            self._starts.append(now)
        else:
            self._next_start = now + 1 / self.rate

    def end(self) -> None:
        """A call that was started has ended, however."""
        self.in_flight -= 1

    def good(self, now: float, started: float, endpoint: str, seconds: float) -> bool:
        """A good answer began to come after so many seconds. True if the platform has become slower."""
        latency = self._latency.setdefault(endpoint, Latency())
        latency.add(seconds)
        if latency.has_grown():
            latency.recent = latency.usual
            return self.slowed(now, started)
        if started >= self._cut_at:
            self._good += 1
            if self._good >= _GOOD_RUN:
                self._good = 0
                self._increase()
        return False

    def failed(self) -> None:
        """A call failed in a way that says nothing about the pace."""
        self._good = 0

    def slowed(self, now: float, started: float) -> bool:
        """The platform has become slow. False if this call began before the last cut: it counts once."""
        if started < self._cut_at:
            return False
        self.permits = max(1, self.permits // 2)
        self._cut_at = now
        self._good = 0
        return True

    def limited(self, now: float, started: float) -> bool:
        """The platform refused for too many calls. False as in :meth:`slowed`."""
        if not self.slowed(now, started):
            return False
        if self.rate is None:
            self._reference = max(_REFERENCE_AT_LEAST, self._rate_seen(now))
            self.rate = self._reference
        self.rate = max(self._reference * _STEP, self.rate / 2)
        self._next_start = now + 1 / self.rate
        return True

    def pause(self, now: float, seconds: float) -> None:
        """No call starts for so many seconds."""
        self._paused_until = max(self._paused_until, now + seconds)

    def _increase(self) -> None:
        self.permits = min(self._most_permits, self.permits + 1)
        if self.rate is None:
            return
        self.rate += self._reference * _STEP
        if self._most_per_second is not None:
            self.rate = min(self.rate, self._most_per_second)
        elif self.rate >= 2 * self._reference:
            self.rate = None
            self._starts.clear()

    def _rate_seen(self, now: float) -> float:
        seconds = now - self._starts[0] if self._starts else 0.0
        return len(self._starts) / seconds if seconds > 0 else 0.0
