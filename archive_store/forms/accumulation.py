"""The accumulation of marks: how many of the pupils have enough marks for the mark of a period.

FORMS §12. The least number of marks depends on the lessons a week: those held in the period over the weeks
in which the class had any lesson, rounded half up. A mark in digits or letters, a pass and a fail count,
each part of a double mark as one; «н/а», «осв» and a promise do not. The pupils are those who were in the
class or subgroup on the last day of the period, or of the record if it does not reach so far.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Final

from archive_store.forms.averages import rounded
from archive_store.forms.class_record import ClassRecord
from archive_store.forms.gathering import Gathered, Key, gather, lesson_of
from archive_store.forms.held import is_held
from archive_store.forms.marks import read_mark, split
from archive_store.forms.people import Pupil
from archive_store.forms.periods import Period, YearPlan, year_plan
from archive_store.forms.sections import in_section_order, list_of_pupils, subgroup_name, subject_name
from archive_store.forms.signs import Meaning, Signs
from archive_store.forms.stays import was_there
from archive_store.records import Lesson, Mark

_COUNTED: Final = frozenset({Meaning.MARK, Meaning.PASS, Meaning.FAIL})


@dataclass(frozen=True, slots=True)
class Accumulated:
    """A subject of a class or subgroup in a period (None: outside of all).

    ``fewest`` is the least number of marks due; ``marked`` the lessons with a mark; ``short`` the pupils
    with fewer than are due and how many they have.
    """

    subject: str
    group: str | None
    period: Period | None
    lessons: int
    weekly: int
    fewest: int
    pupils: int
    marks: int
    marked: int
    short: tuple[tuple[Pupil, int], ...]

    @property
    def enough(self) -> int:
        """How many pupils have at least the least number."""
        return self.pupils - len(self.short)

    @property
    def per_pupil(self) -> Fraction | None:
        """Marks per pupil."""
        return Fraction(self.marks, self.pupils) if self.pupils else None


@dataclass(frozen=True, slots=True)
class Accumulation:
    """The class: rows by period, then by subject. ``unknown`` counts values whose meaning is not known."""

    record: ClassRecord
    rows: tuple[Accumulated, ...]
    unknown: tuple[tuple[str, int], ...]
    is_marked: bool


def build(record: ClassRecord, fewest_marks: Sequence[int]) -> Accumulation:
    """The accumulation in the class of ``record``; ``fewest_marks`` by lessons a week, from one."""
    is_marked = not record.is_without_marks
    signs = record.signs
    meanings = [
        (part, read_mark(part, one.type, signs).meaning)
        for one in record.marks
        for part in _parts(one, signs)
    ]
    unknown = Counter(part for part, meaning in meanings if meaning is Meaning.UNKNOWN)
    form = _Form(record, year_plan(record.periods), fewest_marks)
    rows = tuple(form.rows()) if is_marked else ()
    return Accumulation(record, rows, tuple(sorted(unknown.items())), is_marked)


def marks_in(mark: Mark, signs: Signs) -> int:
    """How many marks that count a mark is: two of a double one."""
    return sum(read_mark(part, mark.type, signs).meaning in _COUNTED for part in _parts(mark, signs))


def _parts(mark: Mark, signs: Signs) -> tuple[str, ...]:
    return split(mark.value, mark.type, signs)


@dataclass(slots=True)
class _Form:
    record: ClassRecord
    plan: YearPlan
    fewest_marks: Sequence[int]
    marks: Mapping[int, list[tuple[int, int]]] = field(init=False)

    def __post_init__(self) -> None:
        """Marks that count by lesson: whose, and how many."""
        found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for mark in self.record.marks:
            if number := marks_in(mark, self.record.signs):
                found[lesson_of(mark)].append((mark.person_id, number))
        self.marks = found

    def rows(self) -> Iterator[Accumulated]:
        sections = in_section_order(gather(self.record, self.plan), self.record)
        weeks = self._weeks()
        for index, period in enumerate(self._periods()):
            for key, section in sections:
                lessons = [one for one in section.lessons if self._index(one.day) == index]
                held = [one for one in lessons if is_held(one, self.record.known_on)]
                if held:
                    yield self._row(key, period, section, held, len(weeks[index]))

    def _periods(self) -> list[Period | None]:
        """The shortest periods, and None for what lies after them, or for all if there are none."""
        return [*(block.period for block in self.plan.blocks if block.period), None]

    def _index(self, day: str) -> int:
        return min(self.plan.block_of(day), len(self._periods()) - 1)

    def _weeks(self) -> dict[int, set[tuple[int, int]]]:
        """The weeks with lessons of the class, by the index of the period."""
        found: dict[int, set[tuple[int, int]]] = defaultdict(set)
        for one in self.record.lessons:
            if is_held(one, self.record.known_on):
                found[self._index(one.day)].add(date.fromisoformat(one.day).isocalendar()[:2])
        return found

    def _row(
        self, key: Key, period: Period | None, section: Gathered, held: list[Lesson], weeks: int
    ) -> Accumulated:
        lessons = {one.lesson_id for one in held} - section.missing
        weekly = max(1, int(rounded(Fraction(len(lessons), weeks), 0))) if weeks else 1
        fewest = self.fewest_marks[min(weekly, len(self.fewest_marks)) - 1]
        given = [(one.lesson_id, *some) for one in held for some in self.marks.get(one.lesson_id, ())]
        count: Counter[int] = Counter()
        for _lesson, person_id, number in given:
            count[person_id] += number
        ends = [day for day in (period.last_day if period else None, self.record.known_on) if day]
        last = min(ends, default=None)
        ever = section.pupils | {person for group, person in self.record.stays if group == key[1]}
        pupils = [one for one in ever if was_there(self.record.stays, key[1], one, last)]
        listed = list_of_pupils(pupils, key[1], self.record)
        return Accumulated(
            subject_name(key[0], self.record),
            subgroup_name(key[1], self.record),
            period,
            lessons=len(lessons),
            weekly=weekly,
            fewest=fewest,
            pupils=len(pupils),
            marks=sum(count[one] for one in pupils),
            marked=len({lesson for lesson, _person, _number in given} & lessons),
            short=tuple((one, count[one.person_id]) for one in listed if count[one.person_id] < fewest),
        )
