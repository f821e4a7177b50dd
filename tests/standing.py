"""What stands in an archive, as digests: two archives with the same content have the same."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from archive_store.schema import ENTITIES

Standing = dict[tuple[Any, ...], bytes]
"""The digest of each standing record, by its entity and key. A digest covers the whole content."""

_ASKED_OF_EACH_GROUP = ("reporting_period", "class_teacher", "former_member", "platform_average")


def standing(engine: sa.Engine, school_id: int) -> Standing:
    """All that stands, of every entity."""
    found: Standing = {}
    with engine.connect() as connection:
        for entity in ENTITIES:
            table = entity.table
            query = sa.select(*(table.c[name] for name in entity.key), table.c.digest).where(
                table.c.school_id == school_id, table.c.seen_to.is_(None)
            )
            for *key, digest in connection.execute(query):
                found[(entity.name, *key)] = bytes(digest)
    return found


def lost_and_wrong(truth: Standing, found: Standing) -> tuple[int, int]:
    """How many records of the truth are missing, and how many differ or are too many.

    A class whose place among the groups was spoilt is asked for more than it would be: its periods, its
    teacher, its former members and its averages are true records, and not too many.
    """
    lost = len(truth.keys() - found.keys())
    too_many = [key for key in found.keys() - truth.keys() if key[0] not in _ASKED_OF_EACH_GROUP]
    differing = sum(found[key] != digest for key, digest in truth.items() if key in found)
    return lost, differing + len(too_many)
