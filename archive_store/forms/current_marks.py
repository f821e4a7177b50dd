"""A pupil's current marks by reporting period and subject, with averages and lessons missed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from archive_store.forms.averages import Average, averages
from archive_store.forms.class_record import ClassRecord
from archive_store.forms.collation import alphabetical
from archive_store.forms.gathering import shown
from archive_store.forms.held import is_held
from archive_store.forms.periods import YearPlan, year_plan
from archive_store.forms.pupil_lessons import lessons_of
from archive_store.forms.signs import MISSED, Signs
from archive_store.forms.stays import Stays
from archive_store.records import Attendance, Lesson, Mark, WorkType


@dataclass(frozen=True, slots=True)
class MarkEntry:
    """A mark with its day, and the type and weight of the work if they are known."""

    day: str
    mark: str
    work: str
    weight: int | None


@dataclass(frozen=True, slots=True)
class SubjectMarks:
    """The marks of a subject in a period (an empty name: outside the periods), and the lessons missed."""

    period: str
    subject: str
    entries: tuple[MarkEntry, ...]
    average: Average
    missed: int


class Taught:
    """What a class taught the pupil: the lessons held, the marks and the absences of his."""

    def __init__(self, record: ClassRecord, stays: Stays, person_id: int, until: str | None) -> None:
        self.work_types = record.work_types
        mine = lessons_of(record, year_plan(record.periods), stays, person_id)
        on_record = {one.lesson_id for one in record.lessons}
        self.lessons: list[Lesson] = [
            one for one in mine if one.lesson_id in on_record and is_held(one, until)
        ]
        self.marks: list[Mark] = [one for one in record.marks if one.person_id == person_id]
        self.absences: list[Attendance] = [one for one in record.attendance if one.person_id == person_id]


def by_period_and_subject(
    taught: Iterable[Taught],
    lessons: Iterable[Lesson],
    plan: YearPlan,
    subjects: Mapping[int, str],
    signs: Signs,
) -> Iterator[SubjectMarks]:
    """A line for each subject of each period that has a lesson, a mark or an absence."""
    works = {key: value for one in taught for key, value in one.work_types.items()}
    weights = {key: value.weight for key, value in works.items()}
    marks: dict[tuple[int, int | None], list[Mark]] = defaultdict(list)
    missed: Counter[tuple[int, int | None]] = Counter()
    places = {(plan.block_of(one.day), one.subject_id) for one in lessons}
    for one in taught:
        for mark in one.marks:
            marks[plan.block_of(mark.day), mark.subject_id].append(mark)
        for absence in one.absences:
            if signs.presence(absence.status) in MISSED:
                missed[plan.block_of(absence.day), absence.subject_id] += 1
    for block, subject_id in sorted(
        places | marks.keys() | missed.keys(), key=lambda key: (key[0], order_of(key[1], subjects))
    ):
        period = plan.blocks[block].period if block < len(plan.blocks) else None
        own = sorted(marks[block, subject_id], key=lambda mark: (mark.day, mark.mark_id))
        average = next(iter(averages(own, weights, signs).values()), Average())
        yield SubjectMarks(
            period.name if period else "",
            name_of(subject_id, subjects),
            tuple(entry(mark, works) for mark in own),
            average,
            missed[block, subject_id],
        )


def entry(mark: Mark, works: Mapping[int, WorkType]) -> MarkEntry:
    """A mark with what is known of its work."""
    kind = works.get(mark.work_type_id) if mark.work_type_id is not None else None
    return MarkEntry(
        mark.day,
        shown(mark).strip(),
        (kind.abbr or kind.title) if kind else "",
        kind.weight if kind else None,
    )


def name_of(subject_id: int | None, subjects: Mapping[int, str]) -> str:
    """The name of a subject; empty for none."""
    return "" if subject_id is None else subjects.get(subject_id, str(subject_id))


def order_of(subject_id: int | None, subjects: Mapping[int, str]) -> tuple[bool, str, int]:
    """The place of a subject: by the alphabet, none last."""
    return subject_id is None, alphabetical(name_of(subject_id, subjects)), subject_id or 0
