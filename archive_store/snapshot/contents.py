"""What a bag holds: which records of which entities, as they stand, and their earlier versions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa

from archive_store import schema
from archive_store.asof import AsOf, last_known, read
from archive_store.catalogue import family, groups, year_span
from archive_store.records import EduGroup
from archive_store.schema import RUN, Entity

Rows = Callable[[], Iterator[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class SealedTable:
    """A table of a bag: its name, the entity it shows, its columns, its rows in key order (streamed)."""

    name: str
    entity: Entity[Any]
    columns: tuple[str, ...]
    rows: Rows
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """Where the rows come from: a connection, a moment, an academic year."""

    connection: sa.Connection
    at: AsOf
    study_year: int

    def standing(self, entity: Entity[Any], *where: sa.ColumnElement[bool]) -> SealedTable:
        """The records that stand."""

        def rows() -> Iterator[tuple[Any, ...]]:
            found = read(self.connection, entity, self.at, *where)
            # Each database sorts texts in its own way; ids are sorted alike by all.
            has_text = any(isinstance(entity.table.c[name].type, sa.Text) for name in entity.key)
            yield from _in_key_order(entity, found) if has_text else found

        return SealedTable(entity.name, entity, entity.columns, rows, entity.key)

    def known(self, entity: Entity[Any], *where: sa.ColumnElement[bool]) -> SealedTable:
        """The last known version of each record, also of those withdrawn since: names."""

        def rows() -> Iterator[tuple[Any, ...]]:
            yield from _in_key_order(entity, last_known(self.connection, entity, self.at, *where))

        return SealedTable(entity.name, entity, entity.columns, rows, entity.key)

    def corrections(self, entity: Entity[Any], *where: sa.ColumnElement[bool]) -> SealedTable:
        """Earlier versions: from when to when the archive saw them (moments, UTC), oldest first.

        They have no key: two runs may begin within one second.
        """
        table = entity.table
        columns = (*entity.columns, "seen_from", "seen_to")
        opened, closed = RUN.alias("opened"), RUN.alias("closed")
        query = (
            sa.select(*(table.c[name] for name in entity.columns), opened.c.started_at, closed.c.started_at)
            .join(opened, opened.c.run_id == table.c.seen_from)
            .join(closed, closed.c.run_id == table.c.seen_to)
            .where(table.c.school_id == self.at.school_id, table.c.seen_to <= self.at.run_id, *where)
            .order_by(*(table.c[name] + 0 for name in entity.key), table.c.seen_from)
        )
        return SealedTable(
            f"history_{entity.name}",
            entity,
            columns,
            lambda: (tuple(row) for row in self.connection.execute(query)),
            (),
        )


def journal_tables(record: Record, group: EduGroup) -> list[SealedTable]:
    """The journal of a class: its lessons, works, marks, attendance and finals, and who is named there."""
    ids = tuple(one.group_id for one in family(record.connection, record.at, group))
    first, last = year_span(record.study_year)

    def filed(entity: Entity[Any]) -> tuple[sa.ColumnElement[bool], ...]:
        return entity.table.c.group_id.in_(ids), entity.table.c.day.between(first, last)

    finals = (schema.FINAL_MARK.table.c.group_id.in_(ids),)
    dated = (schema.LESSON, schema.MARK, schema.ATTENDANCE)
    pupils = _ever(record, [(schema.MEMBERSHIP, (schema.MEMBERSHIP.table.c.group_id.in_(ids),)),
                            (schema.MARK, filed(schema.MARK)), (schema.ATTENDANCE, filed(schema.ATTENDANCE)),
                            (schema.FINAL_MARK, finals)], "person_id")  # fmt: skip
    lesson_where = filed(schema.LESSON)
    teachers = {int(one) for ids_of_lesson in _ever(record, [(schema.LESSON, lesson_where)], "teachers")
                for one in orjson.loads(ids_of_lesson)}  # fmt: skip
    # A work whose lesson is not on record has no day, but its group is of this year alone.
    undated = (schema.WORK.table.c.group_id.in_(ids), schema.WORK.table.c.day.is_(None))
    works = _any_of(record, schema.WORK, filed(schema.WORK), undated, (_behind(record, finals),))
    return [
        *_frame(record, ids, (group.group_id,)),
        record.known(schema.PERSON, _among(schema.PERSON, "person_id", pupils)),
        record.known(schema.TEACHER, _among(schema.TEACHER, "person_id", teachers)),
        record.standing(schema.BELL),
        record.standing(schema.LESSON, *lesson_where),
        record.standing(schema.WORK, works),
        record.standing(schema.MARK, *filed(schema.MARK)),
        record.standing(schema.ATTENDANCE, *filed(schema.ATTENDANCE)),
        record.standing(schema.FINAL_MARK, *finals),
        *(record.corrections(entity, *filed(entity)) for entity in dated),
        record.corrections(schema.WORK, works),
        record.corrections(schema.FINAL_MARK, *finals),
    ]


def summary_tables(record: Record) -> list[SealedTable]:
    """The summary sheets of the year: all final marks, and what is needed to read them."""
    in_year = groups(record.connection, record.at, record.study_year)
    ids = tuple(one.group_id for one in in_year)
    finals = (schema.FINAL_MARK.table.c.group_id.in_(ids),)
    members = (schema.MEMBERSHIP, (schema.MEMBERSHIP.table.c.group_id.in_(ids),))
    pupils = _ever(record, [members, (schema.FINAL_MARK, finals)], "person_id")
    return [
        *_frame(record, ids, ids),
        record.known(schema.PERSON, _among(schema.PERSON, "person_id", pupils)),
        record.standing(schema.WORK, _behind(record, finals)),
        record.standing(schema.FINAL_MARK, *finals),
        record.corrections(schema.WORK, _behind(record, finals)),
        record.corrections(schema.FINAL_MARK, *finals),
    ]


def _frame(record: Record, ids: tuple[int, ...], with_periods: tuple[int, ...]) -> list[SealedTable]:
    """What every bag needs: the school, the groups, who is in them, subjects, periods, types of work."""
    of_groups: list[tuple[Entity[Any], sa.ColumnElement[bool]]] = [
        (entity, entity.table.c.group_id.in_(ids))
        for entity in (schema.EDU_GROUP, schema.MEMBERSHIP, schema.CLASS_TEACHER)
    ]
    of_groups.append((schema.REPORTING_PERIOD, schema.REPORTING_PERIOD.table.c.group_id.in_(with_periods)))
    return [
        record.standing(schema.SCHOOL),
        *(record.standing(entity, where) for entity, where in of_groups),
        record.known(schema.SUBJECT),
        record.known(schema.WORK_TYPE),
        # Who has left a class, and when: the platform itself keeps no dates of memberships.
        *(record.corrections(entity, where) for entity, where in of_groups),
    ]


def _behind(record: Record, finals: Iterable[sa.ColumnElement[bool]]) -> sa.ColumnElement[bool]:
    """The works behind final marks, also of marks since withdrawn: they tell what each mark is for."""
    table = schema.FINAL_MARK.table
    known = (table.c.school_id == record.at.school_id, table.c.seen_from <= record.at.run_id)
    works = sa.select(table.c.work_id).where(*known, *finals)
    return schema.WORK.table.c.work_id.in_(works)


def _any_of(
    record: Record, entity: Entity[Any], *conditions: tuple[sa.ColumnElement[bool], ...]
) -> sa.ColumnElement[bool]:
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


def _ever(
    record: Record, sources: list[tuple[Entity[Any], tuple[sa.ColumnElement[bool], ...]]], column: str
) -> set[Any]:
    """What a column has ever held: whoever stands in an earlier version has a name too."""
    found: set[Any] = set()
    for entity, where in sources:
        table = entity.table
        known = (table.c.school_id == record.at.school_id, table.c.seen_from <= record.at.run_id)
        query = sa.select(table.c[column]).distinct().where(*known, *where)
        found.update(row[0] for row in record.connection.execute(query))
    return found


def _in_key_order(entity: Entity[Any], records: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    positions = [entity.columns.index(name) for name in entity.key]
    return sorted(records, key=lambda record: [record[i] for i in positions])


def _among(entity: Entity[Any], column: str, ids: set[int]) -> sa.ColumnElement[bool]:
    return entity.table.c[column].in_(sorted(ids))
