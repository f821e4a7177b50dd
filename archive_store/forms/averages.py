"""Averages of a pupil's marks in a subject: exact, and rounded as a teacher's calculator rounds.

A mark counts by its digit (``4-`` is 4); a double mark counts as two; marks in words (released, pass,
fail, not assessed) do not count, nor does one that the platform marks as not counted. The simple average
is the sum over the count, the weighted one ``sum(mark * weight) / sum(weight)`` with the weight of the
type of work; a work without a known weight weighs 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias

from archive_store.forms.marks import read_mark, split
from archive_store.forms.signs import Signs
from archive_store.records import Mark

Key: TypeAlias = tuple[int, int]
"""A pupil and a subject."""
_NO_WEIGHT_KNOWN: Final = 1


@dataclass(slots=True)
class Average:
    """What the averages of one pupil in one subject are made from."""

    marks: int = 0
    total: int = 0
    weight: int = 0
    weighted_total: int = 0

    def add(self, number: int, weight: int) -> None:
        """Count a mark."""
        self.marks += 1
        self.total += number
        self.weight += weight
        self.weighted_total += number * weight

    @property
    def simple(self) -> Fraction | None:
        """The simple average, None without a mark that counts."""
        return Fraction(self.total, self.marks) if self.marks else None

    @property
    def weighted(self) -> Fraction | None:
        """The weighted average, None where no mark has a weight."""
        return Fraction(self.weighted_total, self.weight) if self.weight else None


def averages(
    marks: Iterable[Mark], weights: Mapping[int, int | None], signs: Signs, *, heed_flag: bool = True
) -> dict[Key, Average]:
    """The averages of each pupil in each subject that has a mark which counts.

    ``weights`` are those of the types of work by their ids. Without ``heed_flag`` the marks that the
    platform does not count are counted too.
    """
    found: dict[Key, Average] = {}
    for mark in marks:
        if mark.subject_id is None or (heed_flag and mark.in_average is False):
            continue
        weight = weights.get(mark.work_type_id) if mark.work_type_id is not None else None
        for number in numbers(mark, signs):
            average = found.setdefault((mark.person_id, mark.subject_id), Average())
            average.add(number, _NO_WEIGHT_KNOWN if weight is None else weight)
    return found


def numbers(mark: Mark, signs: Signs) -> list[int]:
    """The digits of a mark: none if it is in words or letters, several if it is double."""
    read = (read_mark(part, mark.type, signs) for part in split(mark.value, mark.type, signs))
    return [one.number for one in read if one.number is not None]


def rounded(value: Fraction, decimals: int) -> Fraction:
    """A value rounded to ``decimals`` places, a half upwards (not to the even digit, as Python does)."""
    scale = 10**decimals
    return Fraction((2 * value.numerator * scale + value.denominator) // (2 * value.denominator), scale)


def written(value: Fraction, decimals: int) -> str:
    """A value rounded and written with a decimal comma, as the journal writes it."""
    whole = rounded(value, decimals) * 10**decimals
    digits = f"{abs(int(whole)):0{decimals + 1}d}"
    sign = "-" if whole < 0 else ""
    return sign + (f"{digits[:-decimals]},{digits[-decimals:]}" if decimals else digits)
