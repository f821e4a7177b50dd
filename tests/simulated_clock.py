"""A clock that a test moves: waiting takes no time, and is written down."""

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
