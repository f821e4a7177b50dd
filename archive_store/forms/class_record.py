"""All that the record holds of one class and its subgroups, read with one query per entity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import orjson
import sqlalchemy as sa

from archive_store import schema
from archive_store.asof import AsOf, last_known, read
from archive_store.catalogue import family, parents
from archive_store.forms.arrivals import first_traces, since_trace
from archive_store.forms.former_names import former_names
from archive_store.forms.people import Human
from archive_store.forms.periods import with_names
from archive_store.forms.replaced_finals import ReplacedFinal, replaced_finals
from archive_store.forms.signs import STANDARD, Signs
from archive_store.forms.stays import Stays, dated, stays
from archive_store.records import (
    Attendance,
    ClassTeacher,
    EduGroup,
    FinalMark,
    Lesson,
    Mark,
    Membership,
    ReportingPeriod,
    School,
    Work,
    WorkType,
)
from archive_store.schema import R

_FIRST_YEAR_WITH_MARKS: Final = 2


@dataclass(frozen=True, slots=True)
class ClassRecord:
    """The record of a class. ``groups`` holds the class first, then its subgroups.

    ``classes`` names the classes of pupils who share a subgroup with this class; ``known_on`` is the day
    of the record's last run, or None if it has none. ``former_names`` are names that the class had before,
    each with the day on which the archive saw the next; ``replaced`` are final marks that were sealed and
    no longer stand. Without ``has_year`` it is the part of a year that ends before the year does.
    ``days`` are the first and the last of a part of the year. ``signs`` are how the school's signs are
    read, by every form of the class.
    """

    school: School | None
    group: EduGroup
    groups: Sequence[EduGroup]
    classes: Mapping[int, str]
    members: Mapping[int, Mapping[int, Membership]]
    people: Mapping[int, Human]
    class_teachers: Sequence[ClassTeacher]
    subjects: Mapping[int, str]
    periods: Sequence[ReportingPeriod]
    work_types: Mapping[int, WorkType]
    lessons: Sequence[Lesson]
    works: Mapping[int, Sequence[Work]]
    marks: Sequence[Mark]
    attendance: Sequence[Attendance]
    finals: Sequence[FinalMark]
    known_on: str | None
    stays: Stays
    former_names: Sequence[tuple[str, str]]
    replaced: Sequence[ReplacedFinal]
    has_year: bool = True
    days: tuple[str, str] | None = None
    signs: Signs = STANDARD

    @property
    def is_without_marks(self) -> bool:
        """Whether the class is in its first year of study, which is taught without marks."""
        return (self.group.parallel or _FIRST_YEAR_WITH_MARKS) < _FIRST_YEAR_WITH_MARKS

    def begun(self, known: Stays) -> Stays:
        """The stays, with the first and the last trace of those whose coming or leaving was not seen."""
        known = dated(known, _last_traces(self.marks, self.attendance))
        first_end = min((one.ends for one in self.periods), default=None)
        if first_end is None or self.is_without_marks:
            return known
        traces = first_traces(self.marks, self.attendance, self.finals, self.periods)
        return since_trace(known, self.group.group_id, traces, first_end)


def load(connection: sa.Connection, at: AsOf, group: EduGroup, signs: Signs = STANDARD) -> ClassRecord:
    """Read the record of the class ``group`` as of ``at``. Entries of presence are left out."""
    groups = sorted(family(connection, at, group), key=lambda one: one.group_id != group.group_id)
    ids = [one.group_id for one in groups]
    lessons = _of(connection, schema.LESSON, at, ids)
    lessons.sort(key=lambda one: (one.day, one.number is None, one.number or 0, one.lesson_id))
    marks = _of(connection, schema.MARK, at, ids)
    attendance = _of(connection, schema.ATTENDANCE, at, ids, schema.ATTENDANCE.table.c.status != "Attend")
    finals = _of(connection, schema.FINAL_MARK, at, ids)
    class_teachers = _of(connection, schema.CLASS_TEACHER, at, [group.group_id])
    class_ids = sorted({parent for one in groups for parent in parents(one)} | {group.group_id})
    members = _members(connection, at, sorted({*ids, *class_ids}))
    teachers = {teacher for lesson in lessons for teacher in teacher_ids(lesson)}
    pupils = {one.person_id for one in marks} | {one.person_id for one in attendance}
    pupils |= {one.person_id for one in finals} | {one for some in members.values() for one in some}
    record = ClassRecord(
        school=next(read(connection, schema.SCHOOL, at), None),
        group=group,
        groups=groups,
        classes=_class_names(connection, at, class_ids),
        members=members,
        people=_people(connection, at, pupils, teachers),
        class_teachers=class_teachers,
        subjects={one.subject_id: one.name for one in last_known(connection, schema.SUBJECT, at)},
        periods=with_names(_of(connection, schema.REPORTING_PERIOD, at, [group.group_id])),
        work_types={one.work_type_id: one for one in last_known(connection, schema.WORK_TYPE, at)},
        lessons=lessons,
        works=_works_by_lesson(_of(connection, schema.WORK, at, ids)),
        marks=marks,
        attendance=attendance,
        finals=finals,
        known_on=_known_on(connection, at),
        stays=stays(connection, at, ids),
        former_names=former_names(connection, at, group),
        replaced=replaced_finals(connection, at, group.study_year, ids),
        signs=signs,
    )
    return replace(record, stays=record.begun(record.stays))


def teacher_ids(lesson: Lesson) -> tuple[int, ...]:
    """The ids of a lesson's teachers."""
    return tuple(int(one) for one in orjson.loads(lesson.teachers))


def _of(
    connection: sa.Connection,
    entity: schema.Entity[R],
    at: AsOf,
    group_ids: Sequence[int],
    *where: sa.ColumnElement[bool],
) -> list[R]:
    return list(read(connection, entity, at, entity.table.c.group_id.in_(group_ids), *where))


def _members(
    connection: sa.Connection, at: AsOf, group_ids: Sequence[int]
) -> dict[int, dict[int, Membership]]:
    members: dict[int, dict[int, Membership]] = defaultdict(dict)
    for one in _of(connection, schema.MEMBERSHIP, at, group_ids):
        members[one.group_id][one.person_id] = one
    return members


def _class_names(connection: sa.Connection, at: AsOf, class_ids: Sequence[int]) -> dict[int, str]:
    return {one.group_id: one.name for one in _of(connection, schema.EDU_GROUP, at, class_ids)}


def _people(
    connection: sa.Connection, at: AsOf, pupils: Iterable[int], teachers: Iterable[int]
) -> dict[int, Human]:
    """Last known names: who has left the school still learned and taught in that year."""
    staff = sorted(teachers)
    everyone = sorted({*pupils, *staff})
    person, teacher = schema.PERSON.table.c.person_id, schema.TEACHER.table.c.person_id
    people: dict[int, Human] = {
        one.person_id: one for one in last_known(connection, schema.PERSON, at, person.in_(everyone))
    }
    people.update(
        (one.person_id, one) for one in last_known(connection, schema.TEACHER, at, teacher.in_(staff))
    )
    return people


def _works_by_lesson(works: Iterable[Work]) -> dict[int, list[Work]]:
    found: dict[int, list[Work]] = defaultdict(list)
    for work in works:
        if work.lesson_id is not None:
            found[work.lesson_id].append(work)
    return found


def _last_traces(marks: Iterable[Mark], attendance: Iterable[Attendance]) -> dict[int, str]:
    """The day of each pupil's last mark or absence."""
    traces: dict[int, str] = {}
    for person_id, day in (
        *((one.person_id, one.day) for one in marks),
        *((one.person_id, one.day) for one in attendance),
    ):
        traces[person_id] = max(traces.get(person_id, day), day)
    return traces


def _known_on(connection: sa.Connection, at: AsOf) -> str | None:
    runs = schema.RUN.c
    last = connection.execute(
        sa.select(sa.func.max(runs.ended_at)).where(runs.school_id == at.school_id, runs.run_id <= at.run_id)
    ).scalar()
    return None if last is None else at.day_of(last)
