"""On which day something was entered in the journal, as far as the record can tell.

Where the platform sends a moment - of a mark, of an entry of attendance, of a homework - that is the day.
Else it is the day of the run that first saw it, and the record is as fine as its runs, which are nightly: a
run that began before six in the morning tells of the day before. What was there when the archive first read
the days of a class may be as old as they are: its day is not known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from archive_store import schema
from archive_store.asof import AsOf
from archive_store.forms.signs import NOT_SAID
from archive_store.schema import RUN, Entity

NIGHT_ENDS_AT: Final = 6
Seen: TypeAlias = tuple[str | None, int]
"""The earliest moment that the platform sent of it (UTC), and the run that saw it first."""


@dataclass(frozen=True, slots=True)
class Entries:
    """When what the record holds was first seen, by the ids of lessons, works and marks."""

    topics: Mapping[int, Seen]
    attendance: Mapping[int, Seen]
    homework: Mapping[int, Seen]
    marks: Mapping[int, Seen]
    first_reading: Mapping[tuple[int, str], int]
    run_days: Mapping[int, date]
    zone: ZoneInfo | None

    def days_late(self, seen: Seen, group_id: int, lesson_day: str) -> int | None:
        """Days from the lesson to the entry, less than none if it was made before; None if not known."""
        moment, run_id = seen
        lesson = date.fromisoformat(lesson_day)
        if moment is not None:
            return (_day(moment, self.zone) - lesson).days
        if run_id not in self.run_days:
            return None
        days = (self.run_days[run_id] - lesson).days
        at_once = self.first_reading.get((group_id, lesson_day[:7])) == run_id
        return None if at_once and days > 0 else days


def load(connection: sa.Connection, at: AsOf, group_ids: Sequence[int], zone: ZoneInfo | None) -> Entries:
    """The entries of these groups; moments become days in ``zone``, the school's (UTC if it is not given)."""
    lesson, work, mark = schema.LESSON.table.c, schema.WORK.table.c, schema.MARK.table.c
    entry = schema.ATTENDANCE.table.c

    def first(
        entity: Entity[Any],
        key: sa.Column[Any],
        moment: sa.ColumnElement[Any],
        *where: sa.ColumnElement[bool],
    ) -> dict[int, Seen]:
        versions = _ever(entity, at, group_ids)
        query = (
            sa.select(key, sa.func.min(moment), sa.func.min(entity.table.c.seen_from))
            .where(*versions, *where)
            .group_by(key)
        )
        return {row[0]: (row[1], row[2]) for row in connection.execute(query)}

    never = sa.literal(None, sa.Text())
    return Entries(
        topics=first(schema.LESSON, lesson.lesson_id, never, sa.func.trim(lesson.topic) != ""),
        attendance=first(
            schema.ATTENDANCE, entry.lesson_id, entry.recorded_at, entry.status.not_in(NOT_SAID)
        ),
        homework=first(
            schema.WORK, work.work_id, work.sent_at, work.type == "Homework", sa.func.trim(work.text) != ""
        ),
        marks=first(schema.MARK, mark.mark_id, mark.set_at, mark.value.not_in(("", "."))),
        first_reading=_first_reading(connection, at, group_ids),
        run_days=_run_days(connection, at, zone),
        zone=zone,
    )


def _ever(entity: Entity[Any], at: AsOf, group_ids: Sequence[int]) -> tuple[sa.ColumnElement[bool], ...]:
    """All versions that ever stood."""
    table = entity.table.c
    stood = sa.or_(table.seen_to.is_(None), table.seen_to > table.seen_from)
    return table.school_id == at.school_id, table.seen_from <= at.run_id, table.group_id.in_(group_ids), stood


def _first_reading(
    connection: sa.Connection, at: AsOf, group_ids: Sequence[int]
) -> dict[tuple[int, str], int]:
    """The first run that saw a lesson of a group in a month: months are read as a whole."""
    table = schema.LESSON.table.c
    month = sa.func.substr(table.day, 1, 7)
    query = (
        sa.select(table.group_id, month, sa.func.min(table.seen_from))
        .where(*_ever(schema.LESSON, at, group_ids))
        .group_by(table.group_id, month)
    )
    return {(row[0], row[1]): row[2] for row in connection.execute(query)}


def _run_days(connection: sa.Connection, at: AsOf, zone: ZoneInfo | None) -> dict[int, date]:
    query = sa.select(RUN.c.run_id, RUN.c.started_at).where(RUN.c.school_id == at.school_id)
    hours = timedelta(hours=NIGHT_ENDS_AT)
    return {run_id: (_local(moment, zone) - hours).date() for run_id, moment in connection.execute(query)}


def _day(moment: str, zone: ZoneInfo | None) -> date:
    return _local(moment, zone).date()


def _local(moment: str, zone: ZoneInfo | None) -> datetime:
    return datetime.fromisoformat(moment).astimezone(zone or UTC)
