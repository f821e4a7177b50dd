"""What a client did, as counts: for the record of runs, so that the cost of a night can be shown."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Tally:
    """Calls by endpoint and by day (UTC, ISO), every try counted.

    ``repeated``: tries after the first of their call. ``limited``: refusals for too many calls.
    ``slowed``: how often the platform was found to have become slow. ``bytes``: of good answers.
    ``waited``: seconds for which threads held back, summed over them.
    """

    by_endpoint: Counter[str] = field(default_factory=Counter)
    by_day: Counter[str] = field(default_factory=Counter)
    repeated: int = 0
    limited: int = 0
    slowed: int = 0
    bytes: int = 0
    waited: float = 0.0

    @property
    def calls(self) -> int:
        """All calls."""
        return self.by_endpoint.total()

    def as_record(self) -> dict[str, Any]:
        """The counts as the run keeps them."""
        return {
            "total": self.calls,
            "repeated": self.repeated,
            "limited": self.limited,
            "slowed": self.slowed,
            "bytes": self.bytes,
            "seconds_waited": round(self.waited, 1),
            "by_endpoint": dict(sorted(self.by_endpoint.items())),
            "by_day": dict(sorted(self.by_day.items())),
        }
