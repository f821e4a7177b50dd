"""How many pupils of a class, or of several classes together, stand how at the end of a period."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction

from archive_store.forms.attendance_summary import Missed
from archive_store.forms.counts import Counts, per_cent


class Standing(Enum):
    """How a pupil stands at the end of a period. Each pupil has one."""

    EXCELLENT = "excellent"  # all marks in numbers are «5»
    GOOD = "good"  # none below «4»
    PASSING = "passing"  # none below «3», or passes alone
    FAILING = "failing"  # at least one «2», «1» or fail
    NOT_ASSESSED = "not assessed"  # at least one н/а, and no failure
    WITHOUT_MARKS = "without marks"
    RELEASED = "released"  # from all that is assessed
    IN_FIRST_YEAR = "in first year"  # which is taught without marks


NOT_TO_ASSESS = (Standing.WITHOUT_MARKS, Standing.RELEASED, Standing.IN_FIRST_YEAR)


@dataclass(slots=True)
class ClassTotals(Counts):
    """Counts of pupils (FORMS §6). They are added up; shares are computed from the sums.

    ``one_four`` are the good pupils who have a single «4», ``one_three`` the passing ones who have a single
    «3» and none lower.
    """

    at_start: int = 0
    arrived: int = 0
    left: int = 0
    at_end: int = 0
    standings: Counter[Standing] = field(default_factory=Counter)
    one_four: int = 0
    one_three: int = 0
    missed: Missed = field(default_factory=Missed)

    @property
    def to_assess(self) -> int:
        """Pupils at the end of the period who are to be assessed: N of both shares."""
        return self.at_end - sum(self.standings[one] for one in NOT_TO_ASSESS)

    @property
    def success(self) -> Fraction | None:
        """The share of pupils who succeed in all subjects, in per cent; None if nobody is to be assessed."""
        short = self.standings[Standing.FAILING] + self.standings[Standing.NOT_ASSESSED]
        return per_cent(self.to_assess - short, self.to_assess)

    @property
    def quality(self) -> Fraction | None:
        """The share of pupils who have no mark below «4», in per cent."""
        return per_cent(self.standings[Standing.EXCELLENT] + self.standings[Standing.GOOD], self.to_assess)
