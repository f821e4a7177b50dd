"""Checks of the marks of lessons and of attendance."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa

from archive_store import schema
from archive_store.forms.marks import read_mark
from archive_store.forms.signs import STANDARD, Meaning
from archive_store.texts import N_, _
from archive_store.year.checks.found import Found, Listed
from archive_store.year.checks.year import Year, place_of

_SUNDAY: Final = 6
_MISSED: Final = ("Absent", "Ill", "Pass")
_WITHOUT_A_MEANING: Final = N_("a value that the archive does not understand")


def promises(year: Year) -> Found:
    """Promises of a mark that still stand at the end of a period."""
    mark = schema.MARK.table
    query = sa.select(*place_of(schema.MARK)).where(
        *year.standing(schema.MARK), mark.c.value == ".", mark.c.day <= year.settled
    )
    return year.one(query)


def without_work_type(year: Year) -> Found:
    """Marks of which it is not known for what kind of work they were given."""
    mark = schema.MARK.table
    query = sa.select(*place_of(schema.MARK)).where(
        *year.standing(schema.MARK), mark.c.work_type_id.is_(None), mark.c.value != "."
    )
    return year.one(query)


def unknown_values(year: Year) -> Found:
    """Marks of lessons and final marks whose value means nothing to the archive."""

    def queries() -> Iterable[sa.Select[Any]]:
        for entity in (schema.MARK, schema.FINAL_MARK):
            known = year.values(entity)
            unknown = [pair for pair in known if read_mark(*pair).meaning is Meaning.UNKNOWN]
            if unknown:
                is_unknown = sa.or_(*(has_value(entity.table, *pair) for pair in unknown))
                yield sa.select(*place_of(entity)).where(*year.standing(entity), is_unknown)

    return year.found(queries, lambda _row: _(_WITHOUT_A_MEANING))


def unknown_attendance(year: Year) -> Found:
    """Entries of attendance with a status that has no letter."""
    table = schema.ATTENDANCE.table
    where = year.standing(schema.ATTENDANCE)
    used = year.connection.execute(sa.select(table.c.status).distinct().where(*where)).scalars()
    unknown = [one for one in used if STANDARD.is_unknown(one)]
    query = sa.select(*place_of(schema.ATTENDANCE), table.c.status.label("a"))
    return year.one(query.where(*where, table.c.status.in_(unknown)), lambda row: str(row.a))


def on_days_off(year: Year) -> Found:
    """Marks of lessons on a Sunday."""
    query = sa.select(*place_of(schema.MARK)).where(*year.standing(schema.MARK))
    return year.one(query.where(schema.MARK.table.c.day.in_(_sundays(year))))


def with_absence(year: Year) -> Found:
    """Pupils who missed a lesson and have a mark for it."""
    mark, entry = schema.MARK.table, schema.ATTENDANCE.table
    together = sa.and_(
        entry.c.school_id == mark.c.school_id,
        entry.c.lesson_id == mark.c.lesson_id,
        entry.c.person_id == mark.c.person_id,
        # As expressions: else SQLite reads all marks of the class's day for every entry.
        entry.c.group_id == mark.c.group_id + 0,
        entry.c.day == mark.c.day + "",
    )
    query = (
        sa.select(*place_of(schema.MARK), entry.c.status.label("a"))
        .select_from(mark.join(entry, together))
        .where(*year.standing(schema.MARK), mark.c.value != ".")
        .where(year.at.stands(schema.ATTENDANCE), entry.c.status.in_(_MISSED))
    )
    return year.one(query, lambda row: STANDARD.letter(row.a))


def in_first_grade(year: Year) -> Found:
    """Marks in classes of the first year of study, in which none are set."""
    ids = year.first_grade
    finals = schema.FINAL_MARK.table.c.group_id.in_(ids)
    queries = (
        sa.select(*place_of(schema.MARK)).where(
            *year.standing(schema.MARK), schema.MARK.table.c.group_id.in_(ids)
        ),
        sa.select(*place_of(schema.FINAL_MARK)).where(year.at.stands(schema.FINAL_MARK), finals),
    )
    return year.found(lambda: queries) if ids else Listed(())


def has_value(table: sa.Table, value: str, scale: str | None) -> sa.ColumnElement[bool]:
    """The condition of a mark with this value on this scale, or on none."""
    return sa.and_(table.c.value == value, table.c.type == scale)


def _sundays(year: Year) -> list[str]:
    first, last = (date.fromisoformat(day) for day in year.span)
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day.isoformat() for day in days if day.weekday() == _SUNDAY]
