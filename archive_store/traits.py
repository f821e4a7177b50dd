"""What has been found out about the platform that a school's archive reads, so that it is not asked again.

Not part of the record: ways that the platform refuses, sizes that it accepts, answers to the doctor's
questions. Each is forgotten after a while, for platforms change.
"""

from __future__ import annotations

import sqlalchemy as sa

from archive_store.schema import PLATFORM_TRAIT
from archive_store.statements import mark_of, upsert


def load(connection: sa.Connection, school_id: int, since: str) -> dict[str, str]:
    """Traits by name that were found at the moment ``since`` (ISO 8601, UTC) or later."""
    table = PLATFORM_TRAIT
    rows = connection.execute(
        sa.select(table.c.name, table.c.value).where(
            table.c.school_id == school_id, table.c.found_at >= since
        )
    )
    return {row.name: row.value for row in rows}


def save(connection: sa.Connection, school_id: int, name: str, value: str, at: str) -> None:
    """Record a trait, found at the moment ``at``, in the caller's transaction."""
    sql = upsert(PLATFORM_TRAIT, ("value", "found_at"), mark_of(connection))
    connection.exec_driver_sql(sql, (school_id, name, value, at))
