"""The matrix of completeness: what of a lesson is filled in, by class, subject and month.

FORMS §13: the five things that a prosecutor's office found missing - topics, homework, results of current
control, the content of the works that were marked, attendance - each as a share of the lessons held. In the
first grade neither marks nor homework are due (SanPiN 2.4.2.2821-10, 10.10): its lessons are left out of
those two shares.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import sqlalchemy as sa

from archive_store.asof import AsOf
from archive_store.catalogue import parents
from archive_store.forms.class_record import ClassRecord
from archive_store.forms.counts import Counts
from archive_store.forms.held import is_held
from archive_store.forms.lesson_lines import HOMEWORK, PLAIN_WORK
from archive_store.forms.marks import read_mark
from archive_store.forms.sections import subject_name
from archive_store.forms.signs import NOT_SAID, Meaning
from archive_store.records import EduGroup, Lesson, Mark, Work
from archive_store.schema import ATTENDANCE

Place: TypeAlias = tuple[int | None, int, str]
"""A subject, a class or subgroup, and a month (``YYYY-MM``)."""
_NO_MARK: Final = (Meaning.EMPTY, Meaning.PROMISE)


@dataclass(slots=True)
class Filled(Counts):
    """Lessons: those held, and those of them of which something is filled in.

    ``due`` are those of which homework and marks are due; ``worked`` those with a mark or a work;
    ``described`` those of them of which it is said for what work.
    """

    held: int = 0
    topics: int = 0
    due: int = 0
    homework: int = 0
    worked: int = 0
    described: int = 0
    attended: int = 0


@dataclass(frozen=True, slots=True)
class Gap:
    """A lesson of which something is not filled in."""

    lesson: Lesson
    no_topic: bool
    no_homework: bool
    not_described: bool


@dataclass(frozen=True, slots=True)
class ClassCompleteness:
    """A class: its lessons by place. ``shared`` are its subgroups with other classes."""

    group: EduGroup
    subjects: Mapping[int | None, str]
    places: Mapping[Place, Filled]
    shared: frozenset[int]

    def by_subject_and_month(self) -> dict[int | None, dict[str, Filled]]:
        """The subgroups of a subject together."""
        found: dict[int | None, dict[str, Filled]] = defaultdict(lambda: defaultdict(Filled))
        for (subject, _group, month), filled in self.places.items():
            found[subject][month].add(filled)
        return found

    @property
    def total(self) -> Filled:
        """The class in all."""
        return Filled.total(self.places.values())


def lessons_with_attendance(connection: sa.Connection, at: AsOf, group_ids: Sequence[int]) -> frozenset[int]:
    """The lessons with an entry of attendance, be it of presence."""
    table = ATTENDANCE.table
    query = (
        sa.select(table.c.lesson_id)
        .distinct()
        .where(at.stands(ATTENDANCE), table.c.group_id.in_(group_ids), table.c.status.not_in(NOT_SAID))
    )
    return frozenset(connection.execute(query).scalars())


def of_class(record: ClassRecord, with_attendance: frozenset[int]) -> ClassCompleteness:
    """The lessons held of the class of ``record``."""
    places: dict[Place, Filled] = defaultdict(Filled)
    for lesson, filled in _lessons(record):
        filled.attended = int(lesson.lesson_id in with_attendance)
        places[lesson.subject_id, lesson.group_id, lesson.day[:7]].add(filled)
    return ClassCompleteness(
        record.group,
        {subject: subject_name(subject, record) for subject, _group, _month in places},
        dict(places),
        frozenset(one.group_id for one in record.groups if len(parents(one)) > 1),
    )


def gaps(record: ClassRecord) -> Iterator[Gap]:
    """The lessons held of which a topic, homework or the content of a work is not filled in."""
    for lesson, filled in _lessons(record):
        gap = Gap(lesson, not filled.topics, filled.due > filled.homework, filled.worked > filled.described)
        if gap.no_topic or gap.no_homework or gap.not_described:
            yield gap


def _lessons(record: ClassRecord) -> Iterator[tuple[Lesson, Filled]]:
    marks = _marks_by_lesson(record)
    is_marked = not record.is_without_marks
    for lesson in record.lessons:
        if is_held(lesson, record.known_on):
            works = record.works.get(lesson.lesson_id, ())
            of_lesson = marks.get(lesson.lesson_id, ())
            yield lesson, _filled(lesson, works, of_lesson, record, is_marked=is_marked)


@dataclass(frozen=True, slots=True)
class SchoolCompleteness:
    """The classes with their sums, and the school by month. A subgroup of several classes counts once."""

    classes: tuple[ClassCompleteness, ...]
    by_month: Mapping[str, Filled]

    @property
    def total(self) -> Filled:
        """The school in all."""
        return Filled.total(self.by_month.values())


def of_school(classes: Iterable[ClassCompleteness]) -> SchoolCompleteness:
    """The school's sums; takes the classes one at a time."""
    by_month: dict[str, Filled] = defaultdict(Filled)
    counted: set[int] = set()
    kept: list[ClassCompleteness] = []
    for one in classes:
        for (_subject, group, month), filled in one.places.items():
            if group not in counted:
                by_month[month].add(filled)
        counted |= one.shared
        kept.append(one)
    return SchoolCompleteness(tuple(kept), dict(sorted(by_month.items())))


def _filled(
    lesson: Lesson, works: Sequence[Work], marks: Sequence[Mark], record: ClassRecord, *, is_marked: bool
) -> Filled:
    filled = Filled(held=1, topics=int(bool((lesson.topic or "").strip())))
    if not is_marked:
        return filled
    filled.due = 1
    filled.homework = int(any(one.type == HOMEWORK and (one.text or "").strip() for one in works))
    own = [one for one in works if one.type != HOMEWORK and (marks or one.type != PLAIN_WORK)]
    filled.worked = int(bool(marks or own))
    filled.described = int(any(_described(own, marks, record)))
    return filled


def _described(works: Iterable[Work], marks: Iterable[Mark], record: ClassRecord) -> Iterator[bool]:
    """Whether it is said of a work what it was: by its text, or by its type in the school's list."""
    for work in works:
        yield bool((work.text or "").strip()) or work.work_type_id in record.work_types
    for mark in marks:
        yield mark.work_type_id in record.work_types


def _marks_by_lesson(record: ClassRecord) -> dict[int, list[Mark]]:
    found: dict[int, list[Mark]] = defaultdict(list)
    for mark in record.marks:
        meaning = read_mark(mark.value, mark.type, record.signs).meaning
        if mark.lesson_id is not None and meaning not in _NO_MARK:
            found[mark.lesson_id].append(mark)
    return found
