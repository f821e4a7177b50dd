"""The pupils of a class, for the ways that ask about each of them: the last resort, and year marks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from archive_store import schema
from archive_store.asof import AsOf
from archive_store.schema import Entity
from connector.sync.slices import Reading, Slice

_ROSTERS: Final[tuple[Entity[Any], ...]] = (schema.MEMBERSHIP, schema.FORMER_MEMBER)


def pupils_of(reading: Reading, slice_: Slice, entity: Entity[Any]) -> list[int]:
    """Ids of the pupils of the groups that a slice owns, those who left included.

    Whoever has a record of ``entity`` in its scope is among them: only so do answers about each of them
    prove together that a record is gone.
    """
    found: set[int] = set()
    for one in (*_ROSTERS, entity):
        columns = one.table.c
        where = [AsOf(reading.school_id).stands(one), columns.group_id.in_(slice_.owned)]
        if slice_.place.first_day and "day" in columns:
            where.append(columns.day.between(slice_.place.first_day, slice_.place.last_day))
        found.update(
            reading.connection.execute(sa.select(columns.person_id).distinct().where(*where)).scalars()
        )
    return sorted(found)


def active_pupils(reading: Reading, group_id: int) -> Sequence[int]:
    """Ids of the pupils of a class who have not left it."""
    columns = schema.MEMBERSHIP.table.c
    query = sa.select(columns.person_id).where(
        AsOf(reading.school_id).stands(schema.MEMBERSHIP),
        columns.group_id == group_id,
        sa.func.coalesce(columns.status, "") != "Archive",
    )
    return sorted(reading.connection.execute(query).scalars())
