"""Who was in a class on which day, who came and who left: days of the record (see :mod:`stays`).

A pupil belongs to the class at the end of a day if he was listed and did not leave on it: who left on the
last day of a period has left, who left the day after is still counted (FORMS §6.2).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archive_store.forms.class_record import ClassRecord


@dataclass(frozen=True, slots=True)
class Move:
    """A pupil who came, or left, and on which day."""

    person_id: int
    day: str


@dataclass(frozen=True, slots=True)
class Movement:
    """The pupils of a class from one day to another. ``at_start`` + arrived − left = ``at_end``."""

    at_start: frozenset[int]
    arrived: tuple[Move, ...]
    left: tuple[Move, ...]
    at_end: frozenset[int]


@dataclass(frozen=True, slots=True)
class Listed:
    """A pupil who came on the day ``joined`` (None: from the beginning) and left on ``gone`` (None: not)."""

    person_id: int
    joined: str | None
    gone: str | None

    def at_end_of(self, day: str) -> bool:
        """Whether the pupil belonged to the class when the day ended."""
        return (self.joined is None or self.joined <= day) and (self.gone is None or self.gone > day)


@dataclass(frozen=True, slots=True)
class Roll:
    """The pupils of a class with the days on which they came and left."""

    listed: tuple[Listed, ...]

    def at_end_of(self, day: str) -> frozenset[int]:
        """Who belonged to the class when the day ended."""
        return frozenset(one.person_id for one in self.listed if one.at_end_of(day))

    def movement(self, after: str, until: str) -> Movement:
        """What changed after the day ``after`` and up to ``until``, which is included."""
        return Movement(
            self.at_end_of(after),
            tuple(self._moves("joined", after, until)),
            tuple(self._moves("gone", after, until)),
            self.at_end_of(until),
        )

    def _moves(self, end: str, after: str, until: str) -> Iterator[Move]:
        days = ((one.person_id, getattr(one, end)) for one in self.listed)
        found = (Move(person_id, day) for person_id, day in days if day is not None and after < day <= until)
        return iter(sorted(found, key=lambda one: (one.day, one.person_id)))


def roll(record: ClassRecord) -> Roll:
    """The roll of the class itself, without those who only share a subgroup with it."""
    return Roll(
        tuple(
            Listed(person_id, one.first, one.last)
            for (group_id, person_id), some in record.stays.items()
            if group_id == record.group.group_id
            for one in some
        )
    )
