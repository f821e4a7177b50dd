"""Checks of lessons: topics, homework, attendance, and where they belong."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from archive_store import schema
from archive_store.catalogue import parents
from archive_store.year.checks.found import Found
from archive_store.year.checks.year import Year, place_of


def without_topic(year: Year) -> Found:
    """Lessons held without a topic."""
    topic = sa.func.coalesce(schema.LESSON.table.c.topic, "")
    return year.one(_lessons(year).where(topic == ""))


def without_homework(year: Year) -> Found:
    """Lessons held without homework, but for the first grade, which need not be given any."""
    lesson, work = schema.LESSON.table, schema.WORK.table
    given = sa.select(work.c.lesson_id).where(
        *year.standing(schema.WORK), work.c.type == "Homework", work.c.lesson_id.is_not(None)
    )
    wanted = _lessons(year).where(lesson.c.group_id.not_in(year.first_grade))
    return year.one(wanted.where(lesson.c.lesson_id.not_in(given)))


def without_attendance(year: Year) -> Found:
    """Lessons held of which not one entry of attendance is on record."""
    noted = sa.select(schema.ATTENDANCE.table.c.lesson_id).where(*year.standing(schema.ATTENDANCE))
    return year.one(_lessons(year).where(schema.LESSON.table.c.lesson_id.not_in(noted)))


def without_status(year: Year) -> Found:
    """Lessons of which the platform does not say whether they were held."""
    status = sa.func.coalesce(schema.LESSON.table.c.status, "")
    return year.one(_lessons(year).where(status == ""))


def of_no_class(year: Year) -> Found:
    """Lessons of groups that belong to no class of the year: no journal would hold them."""
    classes = {one.group_id for one in year.classes}
    held = [one.group_id for one in year.groups if one.group_id in classes or classes & {*parents(one)}]
    query = sa.select(*place_of(schema.LESSON)).where(*year.standing(schema.LESSON))
    return year.one(query.where(schema.LESSON.table.c.group_id.not_in(held)))


def _lessons(year: Year) -> sa.Select[Any]:
    return sa.select(*place_of(schema.LESSON)).where(*year.lessons())
