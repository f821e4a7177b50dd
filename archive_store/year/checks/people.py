"""Checks of who is in which class."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from archive_store import schema
from archive_store.catalogue import LEFT
from archive_store.texts import _
from archive_store.year.checks.found import Found
from archive_store.year.checks.year import Year


def in_two_classes(year: Year) -> Found:
    """Pupils who are in two classes at once."""
    member, active = schema.MEMBERSHIP.table, _active(year)
    count = sa.func.count()
    query = (
        sa.select(member.c.person_id, sa.func.min(member.c.group_id).label("group_id"), count.label("a"))
        .where(*active, member.c.group_id.in_([one.group_id for one in year.classes]))
        .group_by(member.c.person_id)
        .having(count > 1)
    )
    return year.one(query, lambda row: _("classes at once: {count}").format(count=row.a))


def marks_of_strangers(year: Year) -> Found:
    """Pupils with marks in a class or subgroup in whose list they no longer stand."""
    mark, member = schema.MARK.table, schema.MEMBERSHIP.table
    given = (
        sa.select(mark.c.group_id, mark.c.person_id, sa.func.count().label("marks"))
        .where(*year.standing(schema.MARK))
        .group_by(mark.c.group_id, mark.c.person_id)
        .subquery()
    )
    same = sa.and_(
        year.at.stands(schema.MEMBERSHIP),
        member.c.group_id == given.c.group_id,
        member.c.person_id == given.c.person_id,
    )
    # Once the platform has put a class in its archive, it says the same of all its members.
    archived = [one.group_id for one in year.groups if one.status == LEFT]
    left = sa.and_(member.c.status == LEFT, given.c.group_id.not_in(archived))
    query = (
        sa.select(given.c.group_id, given.c.person_id, given.c.marks.label("a"))
        .select_from(given.outerjoin(member, same))
        .where(sa.or_(member.c.person_id.is_(None), left))
    )
    return year.one(query, lambda row: _("marks: {count}").format(count=row.a))


def namesakes(year: Year) -> Found:
    """Pupils of the year who share surname, given name and patronymic with another: perhaps one person."""
    person, member = schema.PERSON.table, schema.MEMBERSHIP.table
    pupils = (
        sa.select(member.c.person_id, sa.func.min(member.c.group_id).label("group_id"))
        .where(*_active(year), member.c.group_id.in_([one.group_id for one in year.classes]))
        .group_by(member.c.person_id)
        .subquery()
    )
    names = [sa.func.coalesce(person.c[name], "") for name in ("last_name", "first_name", "middle_name")]
    count = sa.func.count()
    columns: list[sa.ColumnElement[Any]] = [
        sa.func.min(person.c.person_id).label("person_id"),
        sa.func.min(pupils.c.group_id).label("group_id"),
        count.label("a"),
    ]
    query = (
        sa.select(*columns)
        .select_from(person.join(pupils, pupils.c.person_id == person.c.person_id))
        .where(year.at.stands(schema.PERSON), person.c.last_name.is_not(None))
        .group_by(*names)
        .having(count > 1)
    )
    return year.one(query, lambda row: _("pupils of this name: {count}").format(count=row.a))


def _active(year: Year) -> tuple[sa.ColumnElement[bool], ...]:
    status = sa.func.coalesce(schema.MEMBERSHIP.table.c.status, "")
    return year.at.stands(schema.MEMBERSHIP), status != LEFT
