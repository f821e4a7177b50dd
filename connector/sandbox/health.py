"""Who is away on which day: spells of illness and days excused, drawn per pupil."""

from __future__ import annotations

from random import Random

from connector.sandbox.people import Pupil, below

ILL, PASS = "Ill", "Pass"
_LENGTHS = (2, 3, 4, 5, 5, 6, 8, 10)


def days_away(pupils: list[Pupil], year: int, seed: int, days: list[int]) -> dict[int, dict[int, str]]:
    """Return day ordinal -> person index -> status for the school days of a year."""
    away: dict[int, dict[int, str]] = {day: {} for day in days}
    for pupil in pupils:
        rng = Random(f"health/{seed}/{year}/{pupil.person.index}")
        for _ in range(below(rng, 3)):
            start = below(rng, len(days))
            for day in days[start : start + _LENGTHS[below(rng, len(_LENGTHS))]]:
                away[day][pupil.person.index] = ILL
        if rng.random() < 0.4:
            start = below(rng, len(days))
            for day in days[start : start + 1 + below(rng, 2)]:
                away[day].setdefault(pupil.person.index, PASS)
    return away
