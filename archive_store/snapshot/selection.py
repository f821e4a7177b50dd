"""Which records lie in which bag: what a class's journal needs, what is kept for 25 years."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa

from archive_store import schema
from archive_store.catalogue import family, groups, year_span
from archive_store.records import EduGroup
from archive_store.schema import Entity
from archive_store.snapshot.contents import Record, SealedTable

Where = tuple[sa.ColumnElement[bool], ...]
_OF_GROUPS = (schema.EDU_GROUP, schema.MEMBERSHIP, schema.FORMER_MEMBER, schema.CLASS_TEACHER)
_OF_SCHOOL = (schema.SUBJECT, schema.WORK_TYPE)
# They have no day; a group is of one year alone.
_UNDATED = (schema.THEMATIC_MARK, schema.CRITERIA_MARK, schema.CRITERIA_TOTAL, schema.CRITERIA_SECTION)


@dataclass(frozen=True, slots=True)
class _Journal:
    """The conditions of what belongs to some groups in a year."""

    record: Record
    ids: tuple[int, ...]

    def of_groups(self, entity: Entity[Any]) -> Where:
        return (entity.table.c.group_id.in_(self.ids),)

    def of_days(self, entity: Entity[Any], column: str = "day") -> Where:
        days = entity.table.c[column].between(*year_span(self.record.study_year))
        return (*self.of_groups(entity), days)

    def finals(self) -> Where:
        return self.of_groups(schema.FINAL_MARK)

    def works(self) -> sa.ColumnElement[bool]:
        # A work whose lesson is not on record has no day, but its group is of this year alone.
        undated = (*self.of_groups(schema.WORK), schema.WORK.table.c.day.is_(None))
        behind = (_behind(self.record, self.finals()),)
        return _any_of(self.record, schema.WORK, self.of_days(schema.WORK), undated, behind)

    def pupils(self, *more: tuple[Entity[Any], Where]) -> set[int]:
        """Whoever was ever in the groups, or is named in other records."""
        members = [(one, self.of_groups(one)) for one in (schema.MEMBERSHIP, schema.FORMER_MEMBER)]
        return _ever(self.record, [*members, (schema.FINAL_MARK, self.finals()), *more], "person_id")

    def teachers(self) -> set[int]:
        found = _ever(self.record, [(schema.LESSON, self.of_days(schema.LESSON))], "teachers")
        return {int(one) for ids in found for one in orjson.loads(ids)}

    def authors(self) -> set[int]:
        return _ever(self.record, [(schema.WORK, (self.works(),))], "created_by") - {None}


def journal_tables(record: Record, group: EduGroup) -> list[SealedTable]:
    """The journal of a class: all that was received of it and its subgroups, and who is named there."""
    journal = _Journal(record, tuple(one.group_id for one in family(record.connection, record.at, group)))
    filed: list[tuple[Entity[Any], Where]] = [
        (one, journal.of_days(one))
        for one in (schema.LESSON, schema.MARK, schema.ATTENDANCE, schema.HOMEWORK_FILE, schema.HOMEWORK_TASK)
    ]
    filed.append((schema.PLATFORM_AVERAGE, journal.of_days(schema.PLATFORM_AVERAGE, "first_day")))
    filed += [(schema.FINAL_MARK, journal.finals()), (schema.WORK, (journal.works(),))]
    filed += [(one, journal.of_groups(one)) for one in _UNDATED]
    personal = [(entity, where) for entity, where in filed if "person_id" in entity.columns]
    teachers = journal.teachers()
    # The staff at large is no part of a journal: only who taught, or set a work, is named.
    staff = _among(schema.STAFF_MEMBER, teachers | journal.authors())
    return [
        *_frame(journal, (group.group_id,)),
        *_named(record, schema.PERSON, _among(schema.PERSON, journal.pupils(*personal))),
        *_named(record, schema.TEACHER, _among(schema.TEACHER, teachers)),
        *_named(record, schema.STAFF_MEMBER, staff),
        *_as_it_stands(record, schema.BELL),
        *(table for entity, where in filed for table in _as_it_stands(record, entity, *where)),
    ]


def files_of(record: Record, group: EduGroup) -> Where:
    """The condition of the files of homework that belong to a class's journal."""
    ids = tuple(one.group_id for one in family(record.connection, record.at, group))
    return _Journal(record, ids).of_days(schema.HOMEWORK_FILE)


def summary_tables(record: Record) -> list[SealedTable]:
    """The summary sheets of the year: all final marks, and what is needed to read them."""
    in_year = groups(record.connection, record.at, record.study_year)
    journal = _Journal(record, tuple(one.group_id for one in in_year))
    works = _behind(record, journal.finals())
    return [
        *_frame(journal, journal.ids),
        *_named(record, schema.PERSON, _among(schema.PERSON, journal.pupils())),
        *_as_it_stands(record, schema.WORK, works),
        *_as_it_stands(record, schema.FINAL_MARK, *journal.finals()),
    ]


def _frame(journal: _Journal, with_periods: tuple[int, ...]) -> list[SealedTable]:
    """What every bag needs: the school, the groups, who is and was in them, subjects, periods, types of work,
    the platform's lists of values, and which sections it gave.
    """
    record = journal.record
    periods = schema.REPORTING_PERIOD.table.c.group_id.in_(with_periods)
    return [
        *_as_it_stands(record, schema.SCHOOL),
        # Who has left a class, and when: the platform itself keeps no dates of memberships.
        *(table for one in _OF_GROUPS for table in _as_it_stands(record, one, *journal.of_groups(one))),
        *_as_it_stands(record, schema.REPORTING_PERIOD, periods),
        *(table for one in _OF_SCHOOL for table in _named(record, one)),
        *_as_it_stands(record, schema.VALUE_LIST),
        *_as_it_stands(record, schema.SECTION),
    ]


def _as_it_stands(record: Record, entity: Entity[Any], *where: sa.ColumnElement[bool]) -> list[SealedTable]:
    return [record.standing(entity, *where), record.corrections(entity, *where)]


def _named(record: Record, entity: Entity[Any], *where: sa.ColumnElement[bool]) -> list[SealedTable]:
    """Names are kept of whoever and whatever is gone by now, too."""
    return [record.known(entity, *where), record.corrections(entity, *where)]


def _behind(record: Record, finals: Iterable[sa.ColumnElement[bool]]) -> sa.ColumnElement[bool]:
    """The works behind final marks, also of marks since withdrawn: they tell what each mark is for."""
    table = schema.FINAL_MARK.table
    known = (table.c.school_id == record.at.school_id, table.c.seen_from <= record.at.run_id)
    works = sa.select(table.c.work_id).where(*known, *finals)
    return schema.WORK.table.c.work_id.in_(works)


def _any_of(record: Record, entity: Entity[Any], *conditions: Where) -> sa.ColumnElement[bool]:
    """The versions that meet one of the conditions, each found by its own index.

    With OR, SQLite reads the works of all years on record, once for every class; and it looks a version
    up by its index only when the first column of the key is asked for by itself.
    """
    table = entity.table
    version = [table.c[name] for name in (*entity.key, "seen_from")]
    of_school = table.c.school_id == record.at.school_id

    def found(*columns: sa.ColumnElement[Any]) -> sa.CompoundSelect[Any]:
        return sa.union(*(sa.select(*columns).where(of_school, *where) for where in conditions))

    return sa.and_(version[0].in_(found(version[0])), sa.tuple_(*version).in_(found(*version)))


def _ever(record: Record, sources: list[tuple[Entity[Any], Where]], column: str) -> set[Any]:
    """What a column has ever held: whoever stands in an earlier version has a name too."""
    found: set[Any] = set()
    for entity, where in sources:
        table = entity.table
        known = (table.c.school_id == record.at.school_id, table.c.seen_from <= record.at.run_id)
        query = sa.select(table.c[column]).distinct().where(*known, *where)
        found.update(row[0] for row in record.connection.execute(query))
    return found


def _among(entity: Entity[Any], ids: set[int]) -> sa.ColumnElement[bool]:
    return entity.table.c.person_id.in_(sorted(ids))
