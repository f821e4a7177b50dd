"""The time by which calls are paced, in one place so that a test can be its own clock."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime


class Clock:
    """This machine's clock."""

    def seconds(self) -> float:
        """Seconds that only ever grow, whatever is done to the time of day."""
        return time.monotonic()

    def now(self) -> datetime:
        """The moment, in UTC."""
        return datetime.now(UTC)

    def wait(self, condition: threading.Condition, seconds: float | None) -> None:
        """Wait on a held condition until it is notified, at most so long (None: without end)."""
        condition.wait(seconds)
