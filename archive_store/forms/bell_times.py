"""When a lesson begins and ends, by the bell timetables of the school."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import orjson

from archive_store.records import Bell

_LESSON: Final = "Lesson"
_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def bell_times(bells: Sequence[Bell], number: int | None, day: str) -> tuple[str, str] | None:
    """Beginning and end (HH:MM) of the lesson of that number; None if no bell is known, or several differ.

    The record names the timetable of a class by an id and a timetable by its name: where a school has
    several timetables that differ, nothing tells which one is that of the class.
    """
    if number is None:
        return None
    weekday = _WEEKDAYS[date.fromisoformat(day).weekday()]
    times = {
        (one.starts, one.ends)
        for one in bells
        if one.type in {_LESSON, None}
        and one.lesson_number == number
        and one.starts
        and one.ends
        and (not one.weekdays or weekday in orjson.loads(one.weekdays))
    }
    if len(times) != 1:
        return None
    ((starts, ends),) = times
    return (starts, ends) if starts and ends else None
