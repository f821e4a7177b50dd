"""How many calls a day may cost: days are those of UTC, and tries that are repeated count."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta


@dataclass(slots=True)
class Budget:
    """The calls of a day; ``per_day`` 0 is no bound."""

    per_day: int = 0
    spent: Counter[date] = field(default_factory=Counter)

    def goes_on(self, now: datetime) -> datetime | None:
        """When calls may go on if today's are spent, else None."""
        today = now.astimezone(UTC).date()
        if not self.per_day or self.spent[today] < self.per_day:
            return None
        return datetime.combine(today + timedelta(days=1), time(), UTC)

    def spend(self, now: datetime) -> None:
        """One call more."""
        self.spent[now.astimezone(UTC).date()] += 1
