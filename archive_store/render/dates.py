"""Days and moments as people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
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


def days_text(first: str, last: str) -> str:
    """Days of the record from the first to the last: 01.09.2025 – 26.10.2025."""
    return f"{day_text(first)} – {day_text(last)}"


@lru_cache(maxsize=4096)
def moment_text(moment: str, zone: tzinfo | None) -> str:
    """A moment of the record (ISO 8601) in the school's zone, else in UTC: 01.09.2025 23:10.

    As it stands if it is none.
    """
    try:
        return f"{datetime.fromisoformat(moment).astimezone(zone or UTC):%d.%m.%Y %H:%M}"
    except ValueError:
        return moment


def weekday(day: str) -> str:
    """The short name of a day's weekday."""
    return _(_WEEKDAYS[date.fromisoformat(day).weekday()])
