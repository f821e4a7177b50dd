"""What a class's record holds of some of its pupils, and of nobody else."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from archive_store.asof import AsOf, last_known
from archive_store.catalogue import classes
from archive_store.forms.class_record import ClassRecord, teacher_ids
from archive_store.records import EduGroup
from archive_store.schema import FINAL_MARK, FORMER_MEMBER, MEMBERSHIP, Entity


def of_pupils(record: ClassRecord, pupils: Collection[int]) -> ClassRecord:
    """The record with these pupils alone: their marks, absences and names, and the lessons they had.

    Lessons and homework of a subgroup in which none of them ever was are left out. Texts that teachers
    wrote stay as they are.
    """
    class_id = record.group.group_id
    members = {
        group_id: {one: membership for one, membership in some.items() if one in pupils}
        for group_id, some in record.members.items()
    }
    marks = [one for one in record.marks if one.person_id in pupils]
    attendance = [one for one in record.attendance if one.person_id in pupils]
    finals = [one for one in record.finals if one.person_id in pupils]
    entered = {one.group_id for one in marks} | {one.group_id for one in attendance}
    entered |= {one.group_id for one in finals}
    theirs = {class_id} | {group_id for group_id, some in members.items() if some} | entered
    lessons = [one for one in record.lessons if one.group_id in theirs]
    kept = {one.lesson_id for one in lessons}
    teachers = {teacher for one in lessons for teacher in teacher_ids(one)}
    return replace(
        record,
        groups=[one for one in record.groups if one.group_id in theirs],
        members=members,
        people={one: human for one, human in record.people.items() if one in pupils or one in teachers},
        lessons=lessons,
        works={lesson: works for lesson, works in record.works.items() if lesson in kept},
        marks=marks,
        attendance=attendance,
        finals=finals,
        stays={place: some for place, some in record.stays.items() if place[1] in pupils},
        replaced=[one for one in record.replaced if one.was.person_id in pupils],
    )


def classes_of(connection: sa.Connection, at: AsOf, study_year: int, person_id: int) -> list[EduGroup]:
    """The classes in which a pupil was in that year, also one who has left. Raises UnknownYear."""
    known = classes(connection, at, study_year)
    ids = [one.group_id for one in known]
    found: set[int] = set()
    tables: tuple[Entity[Any], ...] = (MEMBERSHIP, FORMER_MEMBER, FINAL_MARK)
    for entity in tables:
        column = entity.table.c
        where = column.group_id.in_(ids), column.person_id == person_id
        found |= {one.group_id for one in last_known(connection, entity, at, *where)}
    return [one for one in known if one.group_id in found]
