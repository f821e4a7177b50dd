"""What the record holds for each section of a class journal. Nothing is left without a place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from archive_store.catalogue import LEFT
from archive_store.forms.class_record import ClassRecord
from archive_store.forms.held import is_held
from archive_store.forms.periods import FinalColumn, YearPlan, column_of, finals_with_year
from archive_store.forms.spread import Cell
from archive_store.records import FinalMark, Lesson, Mark

Key: TypeAlias = tuple[int | None, int]  # subject and group
Place: TypeAlias = tuple[int, int]  # lesson and pupil


@dataclass(slots=True)
class Gathered:
    """One section before it is cut: its lessons, pupils and final marks."""

    lessons: list[Lesson] = field(default_factory=list)
    missing: set[int] = field(default_factory=set)  # lessons that only marks or absences name
    pupils: set[int] = field(default_factory=set)
    finals: dict[tuple[int, FinalColumn], list[str]] = field(default_factory=lambda: defaultdict(list))

    def held(self, known_on: str | None) -> list[Lesson]:
        """The lessons on record that were held by ``known_on`` (see :func:`is_held`)."""
        return [one for one in self.lessons if one.lesson_id not in self.missing and is_held(one, known_on)]


class _Gathering:
    """Sections by key, and the section of every lesson, while they are put together."""

    def __init__(self, record: ClassRecord) -> None:
        self.sections: dict[Key, Gathered] = defaultdict(Gathered)
        self.key_of: dict[int, Key] = {}
        for lesson in record.lessons:
            self.add_lesson(lesson)

    def add_lesson(self, lesson: Lesson) -> Gathered:
        """A lesson in its section."""
        self.key_of[lesson.lesson_id] = key = lesson.subject_id, lesson.group_id
        self.sections[key].lessons.append(lesson)
        return self.sections[key]

    def section_of(self, lesson_id: int, subject_id: int | None, group_id: int, day: str) -> Gathered:
        """The section of a lesson, which is supplied where the record does not hold it."""
        if lesson_id not in self.key_of:
            lost = Lesson(lesson_id, group_id, subject_id, day, None, None, None, "[]", None, None)
            self.add_lesson(lost).missing.add(lesson_id)
        return self.sections[self.key_of[lesson_id]]


def gather(record: ClassRecord, plan: YearPlan) -> dict[Key, Gathered]:
    """The sections of a class: one per subject and group."""
    gathering = _Gathering(record)
    sections = gathering.sections
    for mark in record.marks:
        section = gathering.section_of(lesson_of(mark), mark.subject_id, mark.group_id, mark.day)
        section.pupils.add(mark.person_id)
    for one in record.attendance:
        if record.signs.letter(one.status):
            section = gathering.section_of(one.lesson_id, one.subject_id, one.group_id, one.day)
            section.pupils.add(one.person_id)
    for lesson_id, works in record.works.items():
        work = works[0]
        if work.group_id is not None and work.day is not None:
            gathering.section_of(lesson_id, work.subject_id, work.group_id, work.day)
    for (_subject_id, group_id), section in sections.items():
        section.pupils.update(record.members.get(group_id, ()))
    taught = dict(sections)  # a section that finals alone make must not draw other finals to itself
    for final in finals_with_year(record.finals, record.periods):
        for key in _keys_of_final(final, record, taught):
            sections[key].pupils.add(final.person_id)
            sections[key].finals[final.person_id, column_of(final, plan)].append(shown(final))
    return sections


def gather_cells(record: ClassRecord) -> dict[Place, Cell]:
    """The cells that are not empty, by lesson and pupil."""
    letters: dict[Place, list[str]] = defaultdict(list)
    marks: dict[Place, list[str]] = defaultdict(list)
    for one in record.attendance:
        if letter := record.signs.letter(one.status):
            letters[one.lesson_id, one.person_id].append(letter)
    for mark in sorted(record.marks, key=time_order):
        if text := shown(mark).strip():
            marks[lesson_of(mark), mark.person_id].append(text)
    return {
        place: Cell(tuple(letters.get(place, ())), tuple(marks.get(place, ())))
        for place in letters.keys() | marks.keys()
    }


def shown(mark: Mark | FinalMark) -> str:
    """A mark as the diary shows it."""
    return mark.text_value or mark.value


def lesson_of(mark: Mark) -> int:
    """A mark without a lesson gets a column under its work: a negative id, so that it meets no lesson."""
    return -mark.work_id if mark.lesson_id is None else mark.lesson_id


def time_order(mark: Mark) -> tuple[bool, str, int, int]:
    """The order in which the marks of a cell stand: as they were set."""
    return mark.set_at is None, mark.set_at or "", mark.number or 0, mark.mark_id


def _keys_of_final(final: FinalMark, record: ClassRecord, sections: Mapping[Key, Gathered]) -> list[Key]:
    """Where a final mark stands: under its own group, else under the pupil's subgroups of the subject."""
    own: Key = final.subject_id, final.group_id
    if own in sections:
        return [own]
    others = [
        key for key, section in sections.items() if key[0] == own[0] and final.person_id in section.pupils
    ]
    return [key for key in others if _is_active(final.person_id, key, record)] or others or [own]


def _is_active(person_id: int, key: Key, record: ClassRecord) -> bool:
    member = record.members.get(key[1], {}).get(person_id)
    return member is not None and member.status != LEFT
