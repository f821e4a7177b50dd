"""Counts that are added up, and shares computed from the sums: never an average of shares (FORMS §6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Self


@dataclass(slots=True)
class Counts:
    """The base of a data class whose fields are counts: numbers, counters, or counts again."""

    @classmethod
    def total(cls, some: Iterable[Self]) -> Self:
        """The sum; of none, nothing counted."""
        summed = cls()
        for one in some:
            summed.add(one)
        return summed

    def add(self, other: Self) -> None:
        """Count another one's too."""
        for one in fields(self):
            mine, theirs = getattr(self, one.name), getattr(other, one.name)
            if isinstance(mine, Counts):
                mine.add(theirs)
            else:
                setattr(self, one.name, mine + theirs)


def per_cent(part: int, whole: int | Fraction | None) -> Fraction | None:
    """A share in per cent, exact; None of nothing."""
    return Fraction(100 * part) / whole if whole else None
