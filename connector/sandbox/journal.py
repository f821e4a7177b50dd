"""The journal of one academic year: its records and the indexes the calls need."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass, field

from connector.sandbox.groups import CLASS, EduGroup
from connector.sandbox.records import AttachedFile, Lesson, LogEntry, Mark, Work

_NO_NUMBER = 99  # lessons outside the bells come last in a day


@dataclass(slots=True)
class Journal:
    """Records by serial number (a removed one leaves None) and indexes by group, work, lesson."""

    year: int
    groups: list[EduGroup]
    class_teacher: dict[int, int]
    lessons: list[Lesson | None] = field(default_factory=list)
    works: list[Work | None] = field(default_factory=list)
    marks: list[Mark | None] = field(default_factory=list)
    files: list[AttachedFile | None] = field(default_factory=list)
    marks_of: dict[int, list[int]] = field(default_factory=dict)
    entries_of: dict[int, list[LogEntry]] = field(default_factory=dict)
    final_works_of: dict[int, list[int]] = field(default_factory=dict)
    subgroups_of: dict[int, list[int]] = field(default_factory=dict)
    _by_day: dict[int, list[tuple[int, int, int]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for group in self.groups:
            self._by_day[group.index] = []
            for parent in group.parents:
                self.subgroups_of.setdefault(parent, []).append(group.index)

    def classes(self) -> list[EduGroup]:
        """Return the classes of the year."""
        return [group for group in self.groups if group.kind == CLASS]

    def index_lessons(self) -> None:
        """Sort all lessons into the days of their groups; called once they are all written."""
        for lesson in self.lessons:
            if lesson is not None:
                for group in self._shown_in(lesson):
                    self._by_day[group].append(_key(lesson))
        for keys in self._by_day.values():
            keys.sort()

    def _shown_in(self, lesson: Lesson) -> tuple[int, ...]:
        """Return the groups whose calls show a lesson: its own and, of a subgroup, the classes."""
        return (lesson.group, *self.groups[lesson.group].parents)

    def lessons_between(self, group: int, first: int, last: int) -> Iterator[Lesson]:
        """Yield a group's lessons of the days first..last, by day, number and serial."""
        keys = self._by_day[group]
        for position in range(bisect_left(keys, (first,)), bisect_left(keys, (last + 1,))):
            lesson = self.lessons[keys[position][2]]
            if lesson is not None:
                yield lesson

    def replace_lesson(self, lesson: Lesson) -> None:
        """Put a changed lesson in the place of the one with its serial."""
        old = self.lessons[lesson.serial]
        self.lessons[lesson.serial] = lesson
        if old is not None and _key(old) != _key(lesson):
            for group in self._shown_in(lesson):
                self._by_day[group].remove(_key(old))
                insort(self._by_day[group], _key(lesson))

    def remove_lesson(self, serial: int) -> None:
        """Remove a lesson with its works, marks and attendance."""
        lesson = self.lessons[serial]
        if lesson is None:
            return
        for work in lesson.works:
            for mark in self.marks_of.pop(work, []):
                self.marks[mark] = None
            self.works[work] = None
        self.entries_of.pop(serial, None)
        for group in self._shown_in(lesson):
            self._by_day[group].remove(_key(lesson))
        self.lessons[serial] = None

    def add_work(self, lesson: Lesson, work: Work) -> None:
        """Write a work of a lesson; its serial must be the next."""
        self.works.append(work)
        self.replace_lesson(lesson._replace(works=(*lesson.works, work.serial)))

    def remove_work(self, serial: int) -> None:
        """Remove a work with its marks and files."""
        work = self.works[serial]
        if work is None:
            return
        for mark in self.marks_of.pop(serial, []):
            self.marks[mark] = None
        for file in work.files:
            self.files[file] = None
        lesson = self.lessons[work.lesson] if work.lesson >= 0 else None
        if lesson is not None:
            self.replace_lesson(lesson._replace(works=tuple(n for n in lesson.works if n != serial)))
        self.works[serial] = None

    def add_mark(self, person: int, work: int, number: int, value: str, moment: int) -> Mark:
        """Write a mark and return it."""
        mark = Mark(len(self.marks), person, work, number, value, moment)
        self.marks.append(mark)
        self.marks_of.setdefault(work, []).append(mark.serial)
        return mark

    def remove_mark(self, serial: int) -> None:
        """Remove a mark."""
        mark = self.marks[serial]
        if mark is not None:
            self.marks_of[mark.work].remove(serial)
            self.marks[serial] = None


def _key(lesson: Lesson) -> tuple[int, int, int]:
    return lesson.day, lesson.number or _NO_NUMBER, lesson.serial
