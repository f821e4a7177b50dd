"""Lessons, works, marks and attendance as the API shows them, at the school's clock.

A lesson to come has no topic and only its usual work; works written on it, homework, marks and
attendance appear with time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connector.sandbox.clock import day_text, moment_text
from connector.sandbox.content.subjects import SUBJECTS
from connector.sandbox.content.work_types import DEFAULT, HOMEWORK, WORK_KINDS
from connector.sandbox.ids import Kind
from connector.sandbox.journal import Journal
from connector.sandbox.marking import mark_type, mood
from connector.sandbox.records import Lesson, LogEntry, Mark, Work
from connector.sandbox.school import School
from connector.sandbox.wire.school import subject_json

Json = dict[str, Any]
IN_WORK, CANCELLED = "InWork", "Cancelled"


class JournalView:
    """What a journal shows at the school's clock, in the shapes of Lesson, Work, Mark and so on."""

    def __init__(self, school: School, journal: Journal) -> None:
        self._school = school
        self._journal = journal
        self._ids = school.ids
        self._year = journal.year

    def lesson(self, lesson: Lesson) -> Json:
        """Return a Lesson with its works."""
        ident = self._ids.big(Kind.LESSON, self._year, lesson.serial)
        past = lesson.day <= self._school.today_ordinal
        teachers = [self._ids.person(lesson.teacher)]
        return {
            "id": ident,
            "id_str": str(ident),
            "title": lesson.title if past else None,
            "date": day_text(lesson.day),
            "number": lesson.number,
            "subject": subject_json(self._school, lesson.subject),
            "group": self._school.group_id(self._year, lesson.group),
            "status": CANCELLED if lesson.cancelled and past else IN_WORK,
            "resultPlaceId": None,
            "works": [self.work(work) for work in self.works_of(lesson)],
            "teachers": teachers,
            "teachers_str": [str(teacher) for teacher in teachers],
        }

    def works_of(self, lesson: Lesson) -> Iterator[Work]:
        """Yield the works of a lesson that show by the clock."""
        past = lesson.day <= self._school.today_ordinal
        for serial in lesson.works:
            work = self._journal.works[serial]
            if work is not None and (past or work.kind == DEFAULT):
                yield work

    def work(self, work: Work, *, tasks: bool = True) -> Json:
        """Return a Work; `tasks` is missing in the answers that lists do not carry it in."""
        ident = self._ids.big(Kind.WORK, self._year, work.serial)
        lesson = None if work.lesson < 0 else self._ids.big(Kind.LESSON, self._year, work.lesson)
        group = self._school.group_id(self._year, work.group)
        kind = WORK_KINDS[work.kind]
        shape: Json = {
            "id": ident,
            "id_str": str(ident),
            "type": kind.kind,
            "workType": self._ids.work_type(work.kind),
            "markType": self._mark_type(work),
            "markCount": work.mark_count,
            "lesson": lesson,
            "lesson_str": None if lesson is None else str(lesson),
            "displayInJournal": True,
            "status": "Sent" if work.kind == HOMEWORK else "New",
            "eduGroup": group,
            "eduGroup_str": str(group),
            "text": work.text,
            "periodNumber": work.period,
            "periodType": work.period_type,
            "subjectId": self._ids.subject(work.subject),
            "isImportant": kind.important,
            "targetDate": day_text(work.day),
            "sentDate": self._sent(work.moment),
            "createdBy": self._ids.person(work.author),
            "files": [self._ids.file(self._year, serial) for serial in work.files],
            "oneDriveLinks": [],
        }
        if tasks:
            shape["tasks"] = []
        return shape

    def _sent(self, ms: int) -> str:
        if self._school.variant.sent_date_in_utc:
            return moment_text(ms) + "Z"
        return self._school.moment_text(ms)

    def _mark_type(self, work: Work) -> str:
        grade = self._journal.groups[work.group].grade
        return "Test" if grade in SUBJECTS[work.subject].passfail else "Mark5"

    def marks_of(self, work: Work) -> Iterator[Mark]:
        """Yield the marks of a work set by the clock."""
        now = self._school.now_ms
        for serial in self._journal.marks_of.get(work.serial, ()):
            mark = self._journal.marks[serial]
            if mark is not None and mark.moment <= now:
                yield mark

    def marks_of_lesson(self, lesson: Lesson) -> Iterator[Mark]:
        """Yield the marks of all works of a lesson."""
        for work in self.works_of(lesson):
            yield from self.marks_of(work)

    def mark(self, mark: Mark) -> Json:
        """Return a Mark; `lesson` is null for one of a period, a year or an exam."""
        ident = self._ids.big(Kind.MARK, self._year, mark.serial)
        person = self._ids.person(mark.person)
        work = self._journal.works[mark.work]
        if work is None:
            msg = "a mark outlived its work"
            raise LookupError(msg)
        work_id = self._ids.big(Kind.WORK, self._year, mark.work)
        lesson = None if work.lesson < 0 else self._ids.big(Kind.LESSON, self._year, work.lesson)
        return {
            "id": ident,
            "id_str": str(ident),
            "type": mark_type(mark.value),
            "value": mark.value,
            "textValue": mark.value,
            "person": person,
            "person_str": str(person),
            "work": work_id,
            "work_str": str(work_id),
            "lesson": lesson,
            "lesson_str": None if lesson is None else str(lesson),
            "number": mark.number,
            "date": self._school.moment_text(mark.moment),
            "workType": self._ids.work_type(work.kind),
            "mood": mood(mark.value),
            "use_avg_calc": mark_type(mark.value) == "Mark5",
        }

    def entries_of(self, lesson: Lesson) -> Iterator[LogEntry]:
        """Yield the attendance entries of a lesson made by the clock."""
        for entry in self._journal.entries_of.get(lesson.serial, ()):
            if entry.moment <= self._school.now_ms:
                yield entry

    def entry(self, entry: LogEntry) -> Json:
        """Return a LessonLogEntry."""
        person = self._ids.person(entry.person)
        lesson = self._ids.big(Kind.LESSON, self._year, entry.lesson)
        return {
            "person": person,
            "person_str": str(person),
            "lesson": lesson,
            "lesson_str": str(lesson),
            "comment": entry.comment,
            "status": entry.status,
            "createdDate": self._school.moment_text(entry.moment),
        }
