"""What a school may choose in its formulas. Each form prints below its table what it used.

Sources: FORMS §5 (coefficients), §12 (least number of marks, thresholds), §1 (signs).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from archive_store.forms.signs import STANDARD, Signs

_WEIGHTS: Final = 5
_WHOLE: Final = 100


@dataclass(frozen=True, slots=True)
class Coefficients:
    """What a mark weighs in the degree of learning (СОУ), in hundredths of a pupil."""

    name: str
    five: int
    four: int
    three: int
    two: int
    not_assessed: int


COEFFICIENTS: Final[Mapping[str, Coefficients]] = MappingProxyType(
    {
        one.name: one
        for one in (
            Coefficients("netschool", 100, 64, 36, 16, 7),
            Coefficients("alt", 100, 64, 36, 14, 8),
            Coefficients("14-7", 100, 64, 36, 14, 7),
            Coefficients("16-0", 100, 64, 36, 16, 0),
        )
    }
)


def coefficients(text: str) -> Coefficients:
    """A set by its name, or five whole numbers from «5» to н/а, as 100/64/36/14/8. Raises ValueError."""
    if text in COEFFICIENTS:
        return COEFFICIENTS[text]
    numbers = [int(one) for one in text.split("/")]
    if len(numbers) != _WEIGHTS or not all(0 <= one <= _WHOLE for one in numbers):
        raise ValueError(text)
    return Coefficients(text, *numbers)


CERTIFICATE_COLUMNS: Final = (
    "number", "name", "representative", "born", "blank", "marks", "order", "officer", "recipient", "issued",
)  # fmt: skip
"""The columns of the register of certificates in the order of the book (FORMS §8)."""


class JournalMark(StrEnum):
    """With which mark of the journal a mark of ВПР is compared (FORMS §12)."""

    LAST_PERIOD = "last-period"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Rules:
    """The choices of a school. ``decimals`` is how many places a percentage or an average has.

    ``fewest_marks`` is the least number of marks in a period by lessons a week (the last holds for more);
    ``certificate_columns`` are those of the register of certificates, in the order of the school's book.
    ``final_differs_from`` is the distance of a final mark from the weighted average that is pointed out.
    ``signs`` are how its marks and letters of attendance are read and printed.
    A type of work is a control work if its title has one of the words ``control_works``.
    """

    coefficients: Coefficients = COEFFICIENTS["netschool"]
    decimals: int = 2
    fewest_marks: tuple[int, ...] = (3, 5, 7)
    final_differs_from: Fraction = field(default=Fraction(1))
    late_correction_days: int = 7
    control_works: tuple[str, ...] = ("контрольн",)
    certificate_columns: tuple[str, ...] = CERTIFICATE_COLUMNS
    signs: Signs = STANDARD


DEFAULT: Final = Rules()
"""What holds for a school that chose nothing."""
