"""Dates and moments: the school's zone, academic years, UTC milliseconds and their wire text."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

SCHOOL_ZONE = timezone(timedelta(hours=3), "MSK")
DAY_MS = 86_400_000
_ZONE_MS = 3 * 3_600_000
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_FIRST_MONTH = 9


def academic_year(day: date) -> int:
    """Return the starting year of the academic year a day belongs to (it begins 1 September)."""
    return day.year if day.month >= _FIRST_MONTH else day.year - 1


def in_school_zone(moment: datetime) -> datetime:
    """Return the moment in the school's zone; one without a zone is taken as school time."""
    if moment.tzinfo is None:
        return moment.replace(tzinfo=SCHOOL_ZONE)
    return moment.astimezone(SCHOOL_ZONE)


def to_ms(moment: datetime) -> int:
    """Return UTC milliseconds since 1970 of a moment."""
    return (in_school_zone(moment) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def school_ms(ordinal: int, minutes: float) -> int:
    """Return UTC milliseconds of a minute (since midnight, school time) of a day."""
    return (ordinal - _EPOCH_ORDINAL) * DAY_MS + int(minutes * 60_000) - _ZONE_MS


def moment_text(ms: int) -> str:
    """Return a UTC moment as the platform writes it: no zone, with a fraction of a second."""
    days, rest = divmod(ms, DAY_MS)
    seconds, milli = divmod(rest, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    day = date.fromordinal(days + _EPOCH_ORDINAL).isoformat()
    # The platform drops trailing zeros of a fraction ("12:00:01.1"); one digit always stays.
    fraction = f"{milli:03d}".rstrip("0") or "0"
    return f"{day}T{hour:02d}:{minute:02d}:{second:02d}.{fraction}"


def local_moment_text(ms: int) -> str:
    """Return a UTC moment as `moment_text` does, but in school time."""
    return moment_text(ms + _ZONE_MS)


def day_text(ordinal: int) -> str:
    """Return a school-local day as the platform writes it: midnight without a zone."""
    return date.fromordinal(ordinal).isoformat() + "T00:00:00"
