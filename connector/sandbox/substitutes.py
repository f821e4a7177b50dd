"""Places in a group's week, and colleagues who stand in for a teacher."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a group's week: number in the day, subject, teacher."""

    number: int | None
    subject: int
    teacher: int


class Substitutes:
    """Finds a teacher of the same department who is free at a lesson's time."""

    def __init__(self, staff: dict[str, list[int]], busy: set[tuple[int, int, int]]) -> None:
        self._staff = staff
        self._busy = busy
        self._taken: set[tuple[int, int, int]] = set()

    def find(self, department: str, day: date, number: int | None, teacher: int) -> int:
        """Return a free colleague, or the teacher if there is none."""
        if number is None:
            return teacher
        for person in self._staff[department]:
            at = (day.toordinal(), number, person)
            if (day.weekday(), number, person) not in self._busy and at not in self._taken:
                self._taken.add(at)
                return person
        return teacher
