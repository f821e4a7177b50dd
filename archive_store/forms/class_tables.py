"""The record of a class in plain tables: a row per lesson, homework, mark, absence, final mark and pupil.

Rows are joined with the names that a reader needs; ids stand at the end, to join the tables again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

import sqlalchemy as sa

from archive_store import schema
from archive_store.asof import AsOf, read
from archive_store.forms.class_record import ClassRecord, teacher_ids
from archive_store.forms.gathering import shown
from archive_store.forms.lesson_lines import HOMEWORK
from archive_store.forms.people import full_name
from archive_store.forms.periods import column_of, finals_with_year, year_plan
from archive_store.forms.sections import list_of_pupils
from archive_store.forms.span import Span
from archive_store.records import Lesson
from archive_store.texts import N_, _

Value: TypeAlias = str | int | bool | None
Row: TypeAlias = tuple[Value, ...]

_DAY: Final = N_("Date")
_LESSON: Final = N_("Lesson")
_SUBJECT: Final = N_("Subject")
_GROUP: Final = N_("Class or subgroup")
_PUPIL: Final = N_("Pupil")
_PUPIL_ID: Final = N_("Pupil id")
_LESSON_ID: Final = N_("Lesson id")
_MARK: Final = N_("Mark")
_STORED_MARK: Final = N_("Mark as the platform stores it")
_SCALE: Final = N_("Scale")
_SET_AT: Final = N_("Set at (UTC)")
_MARK_ID: Final = N_("Mark id")
_OF_LESSON: Final = (_DAY, _LESSON, _SUBJECT, _GROUP)


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its name (ASCII), its headings in the active language, its rows."""

    name: str
    columns: tuple[str, ...]
    rows: Iterable[Row]


def tables(
    connection: sa.Connection,
    at: AsOf,
    record: ClassRecord,
    span: Span | None = None,
    pupils: Collection[int] | None = None,
) -> Iterator[Table]:
    """The tables of a class, in the order in which a reader wants them.

    If ``record`` is a part of the class's, ``span`` or ``pupils`` say which: entries of presence, which no
    record of a class holds, are read by them.
    """
    tabled = _Tabled(record)
    yield _table("pupils", tabled.pupils(), N_("№"), N_("Surname, given name, patronymic"),
                 N_("Subgroups"), N_("Membership"), _PUPIL_ID)  # fmt: skip
    yield _table("lessons", tabled.lessons(), *_OF_LESSON, N_("Topic of the lesson"),
                 N_("Teacher"), N_("Status"), _LESSON_ID)  # fmt: skip
    yield _table("homework", tabled.homework(), *_OF_LESSON, N_("Homework set"), N_("For the day"),
                 N_("Given out at (UTC)"), _LESSON_ID, N_("Homework id"))  # fmt: skip
    yield _table("marks", tabled.marks(), *_OF_LESSON, _PUPIL, _MARK, _STORED_MARK, _SCALE,
                 N_("Type of work"), N_("Weight"), _SET_AT, _PUPIL_ID, _LESSON_ID, _MARK_ID)  # fmt: skip
    entries = tabled.attendance(connection, at, span, pupils)
    yield _table("attendance", entries, *_OF_LESSON, _PUPIL, N_("Letter"), N_("Status"),
                 N_("Comment"), N_("Recorded at (UTC)"), _PUPIL_ID, _LESSON_ID)  # fmt: skip
    yield _table("final_marks", tabled.finals(), _SUBJECT, _GROUP, _PUPIL, N_("Period"), _MARK,
                 _STORED_MARK, _SCALE, _SET_AT, _PUPIL_ID, _MARK_ID)  # fmt: skip


def _table(name: str, rows: Iterable[Row], *columns: str) -> Table:
    return Table(name, tuple(_(column) for column in columns), rows)


class _Tabled:
    """The rows of each table."""

    def __init__(self, record: ClassRecord) -> None:
        self.record = record
        self.groups = {one.group_id: one.name for one in record.groups}
        self.lesson_of = {one.lesson_id: one for one in record.lessons}

    def pupils(self) -> Iterator[Row]:
        """Also those who are on no list any more; their membership is empty."""
        record, class_id = self.record, self.record.group.group_id
        members = record.members.get(class_id, {})
        listed = {person_id for group_id, person_id in record.stays if group_id == class_id}
        for pupil in list_of_pupils(listed, class_id, record):
            own = [one.name for one in record.groups[1:] if self._is_in(pupil.person_id, one.group_id)]
            member = members.get(pupil.person_id)
            status = member.status if member else None
            yield pupil.number, pupil.full_name, ", ".join(own), status, pupil.person_id

    def lessons(self) -> Iterator[Row]:
        for one in self.record.lessons:
            teachers = "; ".join(self._name(teacher) for teacher in teacher_ids(one))
            yield (*self._of_lesson(one), one.topic, teachers, one.status, one.lesson_id)

    def homework(self) -> Iterator[Row]:
        works = [work for some in self.record.works.values() for work in some if work.type == HOMEWORK]
        for one in sorted(works, key=lambda work: (work.day or "", work.lesson_id or 0, work.work_id)):
            filed = self._filed(one.day, one.lesson_id, one.subject_id, one.group_id)
            yield (*filed, one.text, one.target_day, one.sent_at, one.lesson_id, one.work_id)

    def marks(self) -> Iterator[Row]:
        for one in sorted(self.record.marks, key=lambda one: (one.day, one.lesson_id or 0, one.mark_id)):
            kind = self.record.work_types.get(one.work_type_id or 0)
            work = (kind.title, kind.weight) if kind else (None, None)
            ids = one.person_id, one.lesson_id, one.mark_id
            filed = self._filed(one.day, one.lesson_id, one.subject_id, one.group_id)
            texts = shown(one), one.value, one.type
            yield (*filed, self._name(one.person_id), *texts, *work, one.set_at, *ids)

    def attendance(
        self, connection: sa.Connection, at: AsOf, span: Span | None, pupils: Collection[int] | None
    ) -> Iterator[Row]:
        """Also the entries of presence, which the record of a class leaves out."""
        in_class = schema.ATTENDANCE.table.c.group_id.in_(list(self.groups))
        order = ("day", "lesson_id", "person_id")
        for one in read(connection, schema.ATTENDANCE, at, in_class, order_by=order):
            if (span and one.day not in span) or (pupils is not None and one.person_id not in pupils):
                continue
            filed = self._filed(one.day, one.lesson_id, one.subject_id, one.group_id)
            texts = self.record.signs.letter(one.status), one.status, one.comment, one.recorded_at
            yield (*filed, self._name(one.person_id), *texts, one.person_id, one.lesson_id)

    def finals(self) -> Iterator[Row]:
        plan = year_plan(self.record.periods)
        found = finals_with_year(self.record.finals, self.record.periods)
        for one in sorted(found, key=lambda one: (one.subject_id, one.person_id, one.mark_id)):
            of = self._subject(one.subject_id), self.groups[one.group_id], self._name(one.person_id)
            texts = column_of(one, plan).name, shown(one), one.value, one.type
            yield (*of, *texts, one.set_at, one.person_id, one.mark_id)

    def _of_lesson(self, lesson: Lesson) -> Row:
        return lesson.day, lesson.number, self._subject(lesson.subject_id), self.groups[lesson.group_id]

    def _filed(
        self, day: str | None, lesson_id: int | None, subject_id: int | None, group_id: int | None
    ) -> Row:
        lesson = self.lesson_of.get(lesson_id or 0)
        number = lesson.number if lesson else None
        return day, number, self._subject(subject_id), self.groups.get(group_id or 0)

    def _subject(self, subject_id: int | None) -> str | None:
        return None if subject_id is None else self.record.subjects.get(subject_id, str(subject_id))

    def _name(self, person_id: int) -> str:
        return full_name(self.record.people.get(person_id), person_id)

    def _is_in(self, person_id: int, group_id: int) -> bool:
        return person_id in self.record.members.get(group_id, {})
