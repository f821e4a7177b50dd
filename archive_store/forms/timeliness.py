"""Timeliness: how many days after a lesson its topic, homework, marks and attendance were entered.

FORMS §12: shares of what was entered on the day of the lesson or before, on the next day, two to seven days
after, and later. Topics, homework and attendance are counted by lessons (the first entry of a lesson), marks
one by one. Shares are of the entries whose day is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from archive_store.forms.class_record import ClassRecord
from archive_store.forms.counts import Counts, per_cent
from archive_store.forms.entered import Entries, Seen
from archive_store.forms.gathering import gather
from archive_store.forms.lesson_lines import HOMEWORK, main_teachers, teacher_names
from archive_store.forms.periods import year_plan
from archive_store.forms.sections import in_section_order, subgroup_name, subject_name
from archive_store.records import Lesson

_WEEK = 7


@dataclass(slots=True)
class Delays(Counts):
    """Entries by the days after the lesson; ``unknown`` those whose day is not, ``missing`` none at all."""

    same_day: int = 0
    next_day: int = 0
    in_week: int = 0
    later: int = 0
    unknown: int = 0
    missing: int = 0

    @property
    def known(self) -> int:
        """Entries whose day is known."""
        return self.same_day + self.next_day + self.in_week + self.later

    def share(self, part: int) -> Fraction | None:
        """A part of these in per cent; None if there are none."""
        return per_cent(part, self.known)

    def count(self, days: int | None) -> None:
        """Count an entry made so many days after the lesson."""
        if days is None:
            self.unknown += 1
        elif days <= 0:
            self.same_day += 1
        elif days == 1:
            self.next_day += 1
        elif days <= _WEEK:
            self.in_week += 1
        else:
            self.later += 1


@dataclass(frozen=True, slots=True)
class TimelinessRow:
    """A subject of the class or of a subgroup, with its teachers."""

    subject: str
    group: str | None
    teachers: tuple[str, ...]
    topics: Delays = field(default_factory=Delays)
    homework: Delays = field(default_factory=Delays)
    marks: Delays = field(default_factory=Delays)
    attendance: Delays = field(default_factory=Delays)


@dataclass(frozen=True, slots=True)
class Timeliness:
    """The class. ``by_moment`` entries are dated by the platform, ``by_reading`` by the run that saw them."""

    record: ClassRecord
    rows: tuple[TimelinessRow, ...]
    by_moment: int
    by_reading: int


def build(record: ClassRecord, entries: Entries) -> Timeliness:
    """The timeliness in the class of ``record``, by subject."""
    form = _Form(record, entries)
    rows = tuple(form.rows())
    return Timeliness(record, rows, form.by_moment, form.by_reading)


@dataclass(slots=True)
class _Form:
    record: ClassRecord
    entries: Entries
    by_moment: int = 0
    by_reading: int = 0

    def rows(self) -> Iterator[TimelinessRow]:
        record = self.record
        for key, section in in_section_order(gather(record, year_plan(record.periods)), record):
            if lessons := section.held(record.known_on):
                teachers = teacher_names(main_teachers(lessons), record)
                row = TimelinessRow(subject_name(key[0], record), subgroup_name(key[1], record), teachers)
                yield self._row(row, lessons)

    def _row(self, row: TimelinessRow, lessons: Iterable[Lesson]) -> TimelinessRow:
        is_marked = not self.record.is_without_marks
        by_id = {one.lesson_id: one for one in lessons}
        for lesson_id, lesson in by_id.items():
            has_topic = bool((lesson.topic or "").strip())
            self._count(row.topics, self.entries.topics.get(lesson_id) if has_topic else None, lesson)
            self._count(row.attendance, self.entries.attendance.get(lesson_id), lesson)
            given = self._homework(lesson_id)
            if given or is_marked:
                self._count(row.homework, given, lesson)
        for mark in self.record.marks:
            if mark.lesson_id in by_id and (seen := self.entries.marks.get(mark.mark_id)):
                self._count(row.marks, seen, by_id[mark.lesson_id])
        return row

    def _homework(self, lesson_id: int) -> Seen | None:
        """The first of a lesson's homework."""
        works = [one for one in self.record.works.get(lesson_id, ()) if one.type == HOMEWORK]
        seen = [self.entries.homework[one.work_id] for one in works if one.work_id in self.entries.homework]
        return min(seen, key=lambda one: (one[0] or "", one[1]), default=None)

    def _count(self, delays: Delays, seen: Seen | None, lesson: Lesson) -> None:
        if seen is None:
            delays.missing += 1
            return
        days = self.entries.days_late(seen, lesson.group_id, lesson.day)
        self.by_moment += seen[0] is not None
        self.by_reading += seen[0] is None and days is not None
        delays.count(days)
