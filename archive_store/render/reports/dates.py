"""Days as people write them."""

from __future__ import annotations

from datetime import date
from typing import Final

from archive_store.texts import N_, _

_WEEKDAYS: Final = (
    N_("Mon"),
    N_("Tue"),
    N_("Wed"),
    N_("Thu"),
    N_("Fri"),
    N_("Sat"),
    N_("Sun"),
)


def day_text(day: str) -> str:
    """A day of the record: 01.09.2025."""
    return ".".join(reversed(day.split("-")))


def weekday(day: str) -> str:
    """The short name of a day's weekday."""
    return _(_WEEKDAYS[date.fromisoformat(day).weekday()])
