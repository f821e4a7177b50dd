"""What every try of every thread passes: the breaker, the budget and the pace, under one lock."""

from __future__ import annotations

import math
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date
from typing import Final

from connector.api.breaker import Breaker
from connector.api.budget import Budget
from connector.api.calls import Call
from connector.api.clock import Clock
from connector.api.errors import SAYS_NOTHING, ApiError, BudgetSpent, TooManyCalls
from connector.api.pacing import Pace
from connector.api.tally import Tally

_LOOK_SECONDS: Final = 0.5


@dataclass(slots=True)
class Passage:
    """One try under way. Its maker says when the answer began, how long it was, or that none came in time."""

    endpoint: str
    started: float
    answered: float | None = None
    size: int = 0
    timed_out: bool = False


class Gate:
    """Shared by all threads of a client. Waiting threads hold no permit and wake when there is news."""

    def __init__(
        self, pace: Pace, budget: Budget, clock: Clock, stopping: Callable[[], bool] | None = None
    ) -> None:
        self._pace = pace
        self._budget = budget
        self._clock = clock
        self._stopping = stopping
        self._breaker = Breaker()
        self._tally = Tally()
        self._made: Counter[date] = Counter()
        self._news = threading.Condition()

    @property
    def at_once(self) -> int:
        """How many calls may run at once, now."""
        return self._pace.permits

    @contextmanager
    def passing(self, call: Call) -> Iterator[Passage]:
        """Wait for the turn of a try and learn from how it ends.

        Raises PlatformDown, BudgetSpent, and KeyboardInterrupt once the person asks to stop.
        """
        passage = self._enter(call)
        error: ApiError | None = None
        try:
            yield passage
        except ApiError as caught:
            error = caught
            raise
        finally:
            with self._news:
                self._pace.end()
                self._learn(passage, error)
                self._news.notify_all()

    def rest(self, seconds: float) -> None:
        """Wait before a try is repeated; ends early when the breaker opens. Raises KeyboardInterrupt."""
        with self._news:
            until = self._clock.seconds() + seconds
            while (left := until - self._clock.seconds()) > 0 and not self._breaker.is_open(
                self._clock.seconds()
            ):
                self.demand_going_on()
                self._wait(left)
            self._tally.repeated += not self._breaker.is_open(self._clock.seconds())

    def pause(self, seconds: float) -> None:
        """Let no try of any thread begin for so many seconds."""
        with self._news:
            self._pace.pause(self._clock.seconds(), seconds)

    def gave_up(self) -> bool:
        """A call has failed for good. True: the caller is to ask the platform whether it lives."""
        with self._news:
            return self._breaker.failed()

    def lives(self) -> None:
        """The platform was asked, and has answered."""
        with self._news:
            self._breaker.lives()

    def no_life(self, call: Call, cause: ApiError) -> None:
        """The platform was asked, and failed again. Raises PlatformDown; all further calls will."""
        with self._news:
            down = self._breaker.open(call.label, self._clock.seconds(), self._clock.now(), cause)
            self._news.notify_all()
        raise down

    def already_spent(self, day: date, calls: int) -> None:
        """Others have made so many calls of a day; those made here come on top."""
        with self._news:
            self._budget.spent[day] = calls + self._made[day]

    def made(self) -> Counter[date]:
        """How many calls were made here, by day (UTC), whatever was handed over."""
        with self._news:
            return self._made.copy()

    def made_before(self, calls: Mapping[date, int]) -> None:
        """Count calls that were made here before there was this gate."""
        with self._news:
            self._made.update(calls)
            self._budget.spent.update(calls)

    def hand_over(self) -> Tally:
        """The counts since they were handed over last."""
        with self._news:
            tally, self._tally = self._tally, Tally()
            return tally

    def _enter(self, call: Call) -> Passage:
        with self._news:
            while True:
                self.demand_going_on()
                now = self._clock.seconds()
                down = self._breaker.refusal(now, call.label)
                if down:
                    raise down
                delay = self._pace.delay(now)
                if delay <= 0:
                    break
                self._wait(delay)
            moment = self._clock.now()
            goes_on = self._budget.goes_on(moment)
            if goes_on:
                raise BudgetSpent(call.label, self._budget.per_day, goes_on)
            self._budget.spend(moment)
            self._pace.start(now)
            passage = Passage(call.endpoint, now)
            self._tally.by_endpoint[passage.endpoint] += 1
            self._tally.by_day[moment.date().isoformat()] += 1
            self._made[moment.astimezone(UTC).date()] += 1
            return passage

    def _learn(self, passage: Passage, error: ApiError | None) -> None:
        now = self._clock.seconds()
        if error is None or not isinstance(error, SAYS_NOTHING):
            self._breaker.answered()
        if isinstance(error, TooManyCalls):
            self._tally.limited += 1
            self._pace.limited(now, passage.started)
        elif passage.timed_out:
            self._tally.slowed += self._pace.slowed(now, passage.started)
        elif error is None and passage.answered is not None:
            self._tally.bytes += passage.size
            seconds = passage.answered - passage.started
            self._tally.slowed += self._pace.good(now, passage.started, passage.endpoint, seconds)
        else:
            self._pace.failed()

    def demand_going_on(self) -> None:
        """Raises KeyboardInterrupt once the person asks to stop."""
        if self._stopping is not None and self._stopping():
            raise KeyboardInterrupt

    def _wait(self, seconds: float) -> None:
        before = self._clock.seconds()
        if self._stopping is not None:  # who asks to stop cannot notify: a signal must not wait for a lock
            seconds = min(seconds, _LOOK_SECONDS)
        self._clock.wait(self._news, None if math.isinf(seconds) else seconds)
        self._tally.waited += self._clock.seconds() - before
