"""What a comparison with the platform finds, as data: differences with their likely causes, and counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from archive_store.reconciliations import Counts
from connector.api.errors import ApiError


class What(StrEnum):
    """What was compared."""

    AVERAGE = "average"
    WEIGHTED_AVERAGE = "weighted average"
    FINAL_MARK = "final mark"
    LESSON = "lesson"
    MARK = "mark"
    ATTENDANCE = "attendance"


class Cause(StrEnum):
    """The likely cause of a difference."""

    MISSING = "missing"  # the platform had it when that part was last read, and the archive has not
    NEVER_READ = "never read"  # that part has never been read to its end
    ALTERED = "altered"  # the record in the archive does not agree with its own digest
    UNKNOWN = "unknown"
    NEWER = "newer"  # set on the platform after that part was last read
    CHANGED = "changed"  # the archive vouches for what it holds: the platform says otherwise since
    WITHDRAWN = "withdrawn"  # the same, and the platform no longer shows it
    WEIGHTS = "weights"  # the weights of the types of work have changed on the platform
    NOT_COUNTED = "not counted"  # the platform counts marks that it says are not counted
    SUBGROUPS = "subgroups"  # the platform leaves the subgroups out of the averages of the class
    SCALE = "scale"  # marks in letters or with signs, unknown marks, several scales
    ROUNDING = "rounding"  # less than one unit of the last place that the platform shows


EXPLAINED: Final = frozenset(
    {
        Cause.NEWER, Cause.CHANGED, Cause.WITHDRAWN, Cause.WEIGHTS, Cause.NOT_COUNTED, Cause.SUBGROUPS,
        Cause.SCALE, Cause.ROUNDING,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing on which the archive and the platform differ. None: it is not there.

    ``class_id`` is the class (or shared subgroup) that was compared. A pupil is named by id alone.
    """

    what: What
    class_id: int
    person_id: int | None
    subject_id: int | None
    period_id: int | None
    day: str | None
    record_id: int | None
    archive: str | None
    platform: str | None
    cause: Cause

    @property
    def explained(self) -> bool:
        """Whether time or the platform's ways explain it: the archive is not at fault."""
        return self.cause in EXPLAINED


@dataclass(frozen=True, slots=True)
class NotOffered:
    """So many values of the archive that the platform does not give; ``refusal`` is its answer, if any."""

    what: What
    class_id: int
    period_id: int | None
    values: int
    refusal: ApiError | None


@dataclass(frozen=True, slots=True)
class Failed:
    """A class that could not be compared to the end."""

    class_id: int
    error: ApiError


@dataclass(slots=True)
class Verdict:
    """The outcome for one school and academic year. ``sampled`` are class and first day of the month.

    ``destroyed`` are the classes left out, for their journals were destroyed, with the numbers of the acts.
    """

    study_year: int
    run_id: int
    checked: Counter[int] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)
    not_offered: list[NotOffered] = field(default_factory=list)
    failures: list[Failed] = field(default_factory=list)
    sampled: list[tuple[int, str]] = field(default_factory=list)
    destroyed: dict[int, int] = field(default_factory=dict)

    @property
    def counts(self) -> Counts:
        """The outcome in numbers."""
        return Counts(
            self.checked.total(),
            len(self.differences),
            sum(not one.explained for one in self.differences),
            sum(one.values for one in self.not_offered),
            len(self.failures),
        )

    def details(self) -> dict[str, Any]:
        """Counts by class, kind and cause, as they are kept: ids of classes as texts, nobody's name or id."""
        differing = Counter(one.class_id for one in self.differences)
        not_offered: Counter[int] = Counter()
        for one in self.not_offered:
            not_offered[one.class_id] += one.values
        found = Counter((one.what.value, one.cause.value) for one in self.differences)
        return {
            "classes": [
                {
                    "group": str(group_id),
                    "checked": self.checked[group_id],
                    "differing": differing[group_id],
                    "not_offered": not_offered[group_id],
                }
                for group_id in sorted(self.checked.keys() | differing.keys() | not_offered.keys())
            ],
            "causes": [
                {"what": what, "cause": cause, "count": count}
                for (what, cause), count in sorted(found.items())
            ],
            "failed": [{"group": str(one.class_id), "call": one.error.call} for one in self.failures],
            "sampled": [[str(group_id), first_day] for group_id, first_day in self.sampled],
        }
