"""What an invented school is made from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from connector.sandbox.clock import SCHOOL_ZONE, academic_year, in_school_zone
from connector.sandbox.variant import PlatformVariant

_SMALLEST = 12


@dataclass(frozen=True, slots=True)
class SchoolParameters:
    """Everything that decides what the school answers.

    `now` is the school's clock (default: the real time); `years` are starting years of academic
    years (default: the last closed and the current one). `short_names` leaves pupils' persons
    without first, last and middle name; `range_end_inclusive=False` makes `{to}` exclusive;
    `six_day_seniors` gives years of study 10-11 lessons on Saturday. `variant` is how the platform
    answers.
    """

    pupils: int = 1000
    seed: int = 1
    now: datetime | None = None
    years: tuple[int, ...] = ()
    short_names: bool = False
    range_end_inclusive: bool = True
    six_day_seniors: bool = False
    variant: PlatformVariant = field(default_factory=PlatformVariant)

    def __post_init__(self) -> None:
        if self.pupils < _SMALLEST:
            msg = f"a school has at least {_SMALLEST} pupils"
            raise ValueError(msg)

    def start_variant(self) -> PlatformVariant:
        """Return the variant at first: `range_end_inclusive` is older than it and still counts."""
        if self.range_end_inclusive:
            return self.variant
        return replace(self.variant, range_end_exclusive=True)

    def start_clock(self) -> datetime:
        """Return the moment the school's clock shows at first, in the school's zone."""
        return in_school_zone(self.now or datetime.now(SCHOOL_ZONE))

    def academic_years(self) -> tuple[int, ...]:
        """Return the starting years of the school's academic years, ascending."""
        current = academic_year(self.start_clock().date())
        return tuple(sorted(set(self.years))) or (current - 1, current)
