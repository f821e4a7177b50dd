"""How many calls of the platform a school's days have cost: what the day's budget is held against.

Not part of the record. Days are those of UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa

from archive_store.schema import CALLS_OF_DAY
from archive_store.statements import mark_of


def on(connection: sa.Connection, school_id: int, day: date) -> int:
    """How many calls are on record for a day."""
    column = CALLS_OF_DAY.c
    query = sa.select(column.calls).where(column.school_id == school_id, column.day == day.isoformat())
    return connection.execute(query).scalar() or 0


def add(connection: sa.Connection, school_id: int, calls: Mapping[date, int]) -> None:
    """Add so many calls to each of these days, in the caller's transaction."""
    table, mark = CALLS_OF_DAY.name, mark_of(connection)
    sql = (
        f"INSERT INTO {table} (school_id, day, calls) VALUES ({mark}, {mark}, {mark}) "
        f"ON CONFLICT (school_id, day) DO UPDATE SET calls = {table}.calls + excluded.calls"
    )
    for day, number in calls.items():
        connection.exec_driver_sql(sql, (school_id, day.isoformat(), number))
