"""Clocks on which waiting takes no time: one that a test moves, and this machine's own."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

from connector.api.clock import Clock

NOW = datetime(2026, 3, 18, 20, 0, tzinfo=UTC)


class SimulatedClock(Clock):
    """Begins at second 0, on 18 March 2026 at 20:00 UTC. Who waits moves it on; nobody is ever notified."""

    def __init__(self, now: datetime = NOW) -> None:
        self._begin = now
        self._seconds = 0.0
        self.waits: list[float] = []

    def seconds(self) -> float:
        return self._seconds

    def now(self) -> datetime:
        return self._begin + timedelta(seconds=self._seconds)

    def wait(self, condition: threading.Condition, seconds: float | None) -> None:  # noqa: ARG002
        assert seconds is not None, "nobody would end this wait"
        self.waits.append(seconds)
        self._seconds += seconds

    def pass_by(self, seconds: float) -> None:
        """Let time go by."""
        self._seconds += seconds


class Skipping(Clock):
    """This machine's clock, but what is waited for is skipped: once, however many threads wait for it."""

    def __init__(self) -> None:
        self._skipped = 0.0

    def seconds(self) -> float:
        return super().seconds() + self._skipped

    def wait(self, condition: threading.Condition, seconds: float | None) -> None:
        if seconds is None:
            condition.wait()
            return
        until = self.seconds() + seconds
        if not condition.wait(0.001):
            self._skipped += max(0.0, until - self.seconds())
