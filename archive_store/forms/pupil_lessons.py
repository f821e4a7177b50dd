"""The lessons of one pupil: of the class and the subgroups, while the pupil was there."""

from __future__ import annotations

from archive_store.forms.class_record import ClassRecord
from archive_store.forms.gathering import gather, lesson_of
from archive_store.forms.periods import YearPlan
from archive_store.forms.stays import Stays
from archive_store.records import Lesson


def lessons_of(record: ClassRecord, plan: YearPlan, stays: Stays, person_id: int) -> list[Lesson]:
    """The lessons by day and number, also those that were cancelled or are still to come.

    A lesson of before the pupil came, or of after he left, is his if he has a mark or an absence there.
    """
    named = {one.lesson_id for one in record.attendance if one.person_id == person_id}
    named |= {lesson_of(one) for one in record.marks if one.person_id == person_id}
    found = {
        lesson.lesson_id: lesson
        for (_subject, group_id), section in gather(record, plan).items()
        if person_id in section.pupils
        for lesson in section.lessons
        if _is_his(lesson, group_id, stays, person_id) or lesson.lesson_id in named
    }
    return sorted(
        found.values(), key=lambda one: (one.day, one.number is None, one.number or 0, one.lesson_id)
    )


def _is_his(lesson: Lesson, group_id: int, stays: Stays, person_id: int) -> bool:
    mine = stays.get((group_id, person_id), ())
    return not mine or any(lesson.day in stay for stay in mine)
