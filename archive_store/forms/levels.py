"""What a final mark counts as in the reports of a period: a level from «5» to «2», or a word.

FORMS §1.1 and §5. Ten points: 10 and 9 are «5», 8 and 7 «4», 6 and 5 «3», the others «2». Twelve points:
12 to 10, 9 to 7, 6 to 4, 3 to 1. «1» counts as «2». A scale that has no such levels here (6, 7, 100 points,
letters) and a value that is not understood are OTHER: they are shown and counted by themselves.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias

from archive_store.forms.class_record import ClassRecord
from archive_store.forms.gathering import shown
from archive_store.forms.marks import read_mark
from archive_store.forms.periods import FinalColumn, YearPlan, column_of, finals_with_year
from archive_store.forms.signs import DEFAULT_SCALE, STANDARD, Meaning, Signs
from archive_store.records import FinalMark


class Level(Enum):
    """What a final mark counts as."""

    FIVE = "5"
    FOUR = "4"
    THREE = "3"
    TWO = "2"
    NOT_ASSESSED = "н/а"
    RELEASED = "осв"
    PASS = "зач"  # noqa: S105 - a pass in an examination
    FAIL = "незач"
    OTHER = "?"


_OF_MEANING: Final = {
    Meaning.NOT_ASSESSED: Level.NOT_ASSESSED,
    Meaning.RELEASED: Level.RELEASED,
    Meaning.PASS: Level.PASS,
    Meaning.FAIL: Level.FAIL,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A pupil's final mark in a subject. ``number`` is the mark's on its ``scale``, None for a word."""

    text: str
    level: Level
    number: int | None = None
    scale: str = DEFAULT_SCALE


Place: TypeAlias = tuple[FinalColumn, int, int]
"""A line of final marks, a subject and a pupil."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The final marks of a class, one for each place.

    ``several`` holds the places that have different marks, in the order in which they were set: the last
    of them counts.
    """

    of: Mapping[Place, Outcome]
    several: Mapping[Place, tuple[str, ...]]

    @property
    def columns(self) -> frozenset[FinalColumn]:
        """The lines that hold a mark."""
        return frozenset(column for column, _subject, _person in self.of)

    def unknown(self, columns: Collection[FinalColumn]) -> tuple[tuple[str, int], ...]:
        """The values on these lines that have no level, with how often each stands there."""
        found = (
            one.text for place, one in self.of.items() if one.level is Level.OTHER and place[0] in columns
        )
        return tuple(sorted(Counter(found).items()))

    def times_several(self, columns: Collection[FinalColumn]) -> int:
        """How often there are several marks for one place on these lines."""
        return sum(place[0] in columns for place in self.several)


def outcome(text: str, scale: str | None = None, signs: Signs = STANDARD) -> Outcome | None:
    """What a mark counts as; None for what is no mark yet: empty, or a point that promises one."""
    name = (scale or DEFAULT_SCALE).casefold()
    reading = read_mark(text, name, signs)
    if reading.meaning in {Meaning.EMPTY, Meaning.PROMISE}:
        return None
    if reading.number is None:
        return Outcome(text, _OF_MEANING.get(reading.meaning, Level.OTHER), None, name)
    scales = signs.all_scales
    lowest = scales.get(name, scales[DEFAULT_SCALE]).lowest
    if lowest is None:
        return Outcome(text, Level.OTHER, reading.number, name)
    levels = zip(lowest, (Level.FIVE, Level.FOUR, Level.THREE), strict=True)
    level = next((one for bound, one in levels if reading.number >= bound), Level.TWO)
    return Outcome(text, level, reading.number, name if name in scales else DEFAULT_SCALE)


def outcomes(record: ClassRecord, plan: YearPlan) -> Outcomes:
    """The final marks of the class and its subgroups."""
    set_for: dict[Place, list[FinalMark]] = defaultdict(list)
    finals = finals_with_year(record.finals, record.periods)
    for one in sorted(finals, key=lambda one: (one.set_at or "", one.mark_id)):
        set_for[column_of(one, plan), one.subject_id, one.person_id].append(one)
    of: dict[Place, Outcome] = {}
    several: dict[Place, tuple[str, ...]] = {}
    for place, marks in set_for.items():
        read = [found for one in marks if (found := outcome(shown(one), one.type, record.signs)) is not None]
        if read:
            of[place] = read[-1]
        if len(texts := tuple(dict.fromkeys(one.text for one in read))) > 1:
            several[place] = texts
    return Outcomes(of, several)
