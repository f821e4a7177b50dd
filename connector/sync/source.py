"""Where a run reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from connector.api.client import Client
from connector.sync.day_count import DayCount
from connector.sync.moments import MomentReader


@dataclass(slots=True)
class Source:
    """Where a run reads and how: the client, the school and the settings that bear on its answers."""

    client: Client
    school_id: int
    moments: MomentReader = field(default_factory=MomentReader)
    connections: int = 4
    keep_answers: bool = True
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    day_count: DayCount = field(init=False)

    def __post_init__(self) -> None:
        self.day_count = DayCount(self.client, self.school_id)

    def moment(self, later: timedelta = timedelta()) -> str:
        """This moment, or one so much ``later``: UTC, to the second."""
        return (self.now() + later).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
