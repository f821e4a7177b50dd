"""An invented class: the record that the tests of forms read, put together call by call.

invented = InventedClass(connection)
maths = invented.subject("Математика")
anna = invented.pupil("Агапова", "Анна")
lesson = invented.lesson(maths, "2025-09-02", topic="Дроби")
invented.mark(lesson, anna, "5")
invented.write()
"""

from __future__ import annotations

import itertools
from typing import Any

import orjson
import sqlalchemy as sa

from archive_store import records as r
from archive_store import runs, schema
from archive_store.asof import AsOf
from archive_store.catalogue import find_class
from archive_store.history import Absence, bring_in, prepared

SCHOOL = 1_000_000_000_901
QUARTERS = (
    ("1 четверть", "2025-09-01", "2025-10-26"),
    ("2 четверть", "2025-11-05", "2025-12-30"),
    ("3 четверть", "2026-01-12", "2026-03-22"),
    ("4 четверть", "2026-04-01", "2026-05-26"),
)


class InventedClass:
    """Collects records of one class; ``write`` brings them into the archive as one run."""

    def __init__(self, connection: sa.Connection, name: str = "7Б", parallel: int = 7) -> None:
        self.connection = connection
        self.name = name
        self._ids = itertools.count(2_410_000_000_000_000_001)
        self._people = itertools.count(1_000_000_010_001)
        self.records: dict[schema.Entity[Any], list[Any]] = {entity: [] for entity in schema.ENTITIES}
        self.class_id = self.group(name, parallel=parallel)
        self._subjects: dict[int, str] = {}
        school = r.School("Школа № 901", "МБОУ «Школа № 901» (вымышленная)", "Зареченск", None, None)
        self._add(schema.SCHOOL, school)

    def group(self, name: str, parents: tuple[int, ...] = (), parallel: int = 7) -> int:
        group_id = next(self._ids)
        ids = orjson.dumps([str(one) for one in parents]).decode() if parents else None
        kind = "Subgroup" if parents else "Group"
        group = r.EduGroup(group_id, name, None, kind, parallel, 2025, ids, "Active", None, None, None, None)
        self._add(schema.EDU_GROUP, group)
        return group_id

    def subgroup(self, name: str) -> int:
        return self.group(name, (self.class_id,))

    def pupil(
        self, last: str | None, first: str | None = None, middle: str | None = None, **more: Any
    ) -> int:
        """More: ``short`` name, ``status``, ``groups`` beside the class (None: of no class)."""
        person_id = next(self._people)
        person = r.Person(person_id, None, last, first, middle, more.get("short"), None, None)
        self._add(schema.PERSON, person)
        for group_id in more.get("groups", (self.class_id,)):
            self.member(group_id, person_id, more.get("status", "Active"))
        return person_id

    def member(self, group_id: int, person_id: int, status: str = "Active") -> None:
        self._add(schema.MEMBERSHIP, r.Membership(group_id, person_id, status, None))

    def teacher(self, last: str, first: str, middle: str) -> int:
        person_id = next(self._people)
        self._add(schema.TEACHER, r.Teacher(person_id, last, first, middle, None, None, None, None))
        return person_id

    def class_teacher(self, last: str, first: str, middle: str) -> None:
        who = next(self._people)
        self._add(schema.CLASS_TEACHER, r.ClassTeacher(self.class_id, who, last, first, middle, None, None))

    def subject(self, name: str) -> int:
        subject_id = next(self._ids)
        self._add(schema.SUBJECT, r.Subject(subject_id, name, None, None))
        return subject_id

    def period(
        self, name: str | None, starts: str, ends: str, kind: str = "Quarter", group: int | None = None
    ) -> int:
        period_id = next(self._ids)
        number = len(self.records[schema.REPORTING_PERIOD])
        period = r.ReportingPeriod(
            group or self.class_id, period_id, number, kind, name, starts, ends, 2025, None
        )
        self._add(schema.REPORTING_PERIOD, period)
        return period_id

    def quarters(self) -> list[int]:
        return [self.period(*quarter) for quarter in QUARTERS]

    def work_type(self, title: str, abbr: str, weight: int) -> int:
        work_type_id = next(self._ids)
        self._add(schema.WORK_TYPE, r.WorkType(work_type_id, title, abbr, weight, None, None))
        return work_type_id

    def lesson(self, subject_id: int | None, day: str, **more: Any) -> r.Lesson:
        """More: ``group``, ``number``, ``topic``, ``homework``, ``teachers``, ``status``, ``work_type``."""
        lesson = r.Lesson(
            next(self._ids),
            more.get("group", self.class_id),
            subject_id,
            day,
            more.get("number", 1),
            more.get("topic"),
            more.get("status"),
            orjson.dumps([str(one) for one in more.get("teachers", ())]).decode(),
            None,
            None,
        )
        self._add(schema.LESSON, lesson)
        if (homework := more.get("homework")) is not None:
            self.work(lesson, "Homework", text=homework)
        if (work_type := more.get("work_type")) is not None:
            self.work(lesson, "LessonTestWork", work_type=work_type)
        return lesson

    def work(self, lesson: r.Lesson, kind: str, text: str | None = None, work_type: int | None = None) -> int:
        work_id = next(self._ids)
        empty = dict.fromkeys(r.Work._fields)
        filed = {
            "work_id": work_id,
            "lesson_id": lesson.lesson_id,
            "group_id": lesson.group_id,
            "subject_id": lesson.subject_id,
            "day": lesson.day,
            "type": kind,
            "text": text,
            "work_type_id": work_type,
        }
        self._add(schema.WORK, r.Work(**{**empty, **filed}))  # type: ignore[arg-type]
        return work_id

    def mark(self, lesson: r.Lesson, person_id: int, value: str, **more: Any) -> r.Mark:
        """More: ``number``, ``set_at``, ``type``."""
        mark = r.Mark(
            next(self._ids),
            person_id,
            next(self._ids),
            lesson.lesson_id,
            lesson.group_id,
            lesson.subject_id,
            lesson.day,
            value,
            more.get("text_value", value),
            more.get("type", "Mark5"),
            more.get("number"),
            None,
            None,
            None,
            more.get("set_at"),
            None,
            None,
        )
        self._add(schema.MARK, mark)
        return mark

    def attendance(
        self, lesson: r.Lesson, person_id: int, status: str, comment: str | None = None
    ) -> r.Attendance:
        entry = r.Attendance(
            lesson.lesson_id,
            person_id,
            lesson.group_id,
            lesson.subject_id,
            lesson.day,
            status,
            comment,
            None,
            None,
            None,
        )
        self._add(schema.ATTENDANCE, entry)
        return entry

    def final(
        self, subject_id: int, person_id: int, value: str, period_id: int | None = None, **more: Any
    ) -> r.FinalMark:
        """More: ``kind``, ``group``."""
        kind = more.get("kind", "period" if period_id else "year")
        group = more.get("group", self.class_id)
        final = r.FinalMark(
            next(self._ids), person_id, group, subject_id, period_id, kind, value, value, "Mark5",
            next(self._ids), None, None, None,
        )  # fmt: skip
        self._add(schema.FINAL_MARK, final)
        return final

    def write(self, ended_at: str = "2026-08-31T00:00:00Z", absence: Absence = Absence.UNKNOWN) -> AsOf:
        """Bring all into the archive as one run that ended at that moment.

        With ``Absence.WITHDRAWN`` what is no longer among the records is withdrawn.
        """
        run_id = runs.begin(self.connection, SCHOOL, "sync", ended_at, "test")
        for entity, found in self.records.items():
            rows = prepared(entity, SCHOOL, found)
            bring_in(self.connection, entity, SCHOOL, run_id, rows, absence=absence, trust_withdrawals=True)
        runs.end(self.connection, SCHOOL, run_id, ended_at, "done", {})
        return AsOf(SCHOOL)

    def withdraw_all(self, *entities: schema.Entity[Any], ended_at: str = "2026-08-31T01:00:00Z") -> None:
        """One more run, which finds nothing of these entities any more."""
        run_id = runs.begin(self.connection, SCHOOL, "sync", ended_at, "test")
        for entity in entities:
            bring_in(self.connection, entity, SCHOOL, run_id, [], trust_withdrawals=True)
        runs.end(self.connection, SCHOOL, run_id, ended_at, "done", {})

    def at(self, run_id: int | None = None) -> AsOf:
        """The record as of a run, the newest by default."""
        return AsOf(SCHOOL) if run_id is None else AsOf(SCHOOL, run_id)

    def replace(self, entity: schema.Entity[Any], was: Any, now: Any = None) -> None:
        """Put another record in the place of one, or nothing; the next ``write`` brings it in."""
        found = self.records[entity]
        place = found.index(was)
        found[place : place + 1] = [] if now is None else [now]

    @property
    def edu_group(self) -> r.EduGroup:
        """The class as the archive gives it back."""
        return find_class(self.connection, AsOf(SCHOOL), 2025, self.name)

    def _add(self, entity: schema.Entity[Any], record: Any) -> None:
        self.records[entity].append(record)
