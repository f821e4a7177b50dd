"""Read the record as it was known at a moment.

Each function takes an :class:`AsOf`; the newest record is ``AsOf(school_id)``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any, Final

import sqlalchemy as sa

from archive_store.errors import UnknownRun
from archive_store.schema import RUN, Entity, R

_LATEST: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class AsOf:
    """One school's record as of the end of run ``run_id``; the newest by default.

    ``zone`` is the school's, in which a moment has its day (UTC if it is not given).
    """

    school_id: int
    run_id: int = _LATEST
    zone: tzinfo | None = field(default=None, compare=False)

    def day_of(self, moment: str) -> str:
        """The school's day (``YYYY-MM-DD``) of a moment on record."""
        return datetime.fromisoformat(moment).astimezone(self.zone or UTC).date().isoformat()

    def stands(self, entity: Entity[Any]) -> sa.ColumnElement[bool]:
        """The condition that a version of ``entity`` stands at this moment."""
        return self.stands_in(entity.table)

    def stands_in(self, table: sa.FromClause) -> sa.ColumnElement[bool]:
        """The same for a versioned table, or an alias of one."""
        return sa.and_(
            table.c.school_id == self.school_id,
            table.c.seen_from <= self.run_id,
            sa.or_(table.c.seen_to.is_(None), table.c.seen_to > self.run_id),
        )


def at_moment(connection: sa.Connection, school_id: int, moment: str) -> AsOf:
    """The record as it was known at ``moment`` (ISO 8601, UTC): the last run that ended by then.

    Before the first run the record is empty: run 0.
    """
    last = connection.execute(
        sa.select(sa.func.max(RUN.c.run_id)).where(RUN.c.school_id == school_id, RUN.c.ended_at <= moment)
    ).scalar()
    return AsOf(school_id, last or 0)


def at_run(connection: sa.Connection, school_id: int, run_id: int) -> AsOf:
    """The record as of the end of a run. Raises UnknownRun."""
    ended = sa.select(RUN.c.run_id).where(RUN.c.school_id == school_id, RUN.c.ended_at.is_not(None))
    if connection.execute(ended.where(RUN.c.run_id == run_id)).first() is None:
        last = connection.execute(ended.order_by(RUN.c.run_id.desc())).scalar()
        raise UnknownRun(run_id, last or 0)
    return AsOf(school_id, run_id)


def read(
    connection: sa.Connection,
    entity: Entity[R],
    at: AsOf,
    *where: sa.ColumnElement[bool],
    order_by: tuple[str, ...] = (),
) -> Iterator[R]:
    """The standing records of ``entity``, streamed; in the order of ``order_by``, else of the key."""
    columns = [entity.table.c[name] for name in entity.columns]
    order: list[sa.ColumnElement[Any]] = [entity.table.c[name] for name in order_by or entity.key]
    if where:
        order = [_sorted_after_the_search(column) for column in order]
    query = sa.select(*columns).where(at.stands(entity), *where).order_by(*order)
    with connection.execute(query.execution_options(yield_per=5_000)) as result:
        for rows in result.partitions():
            yield from map(entity.record._make, rows)


def _sorted_after_the_search(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """The column as an expression: else SQLite reads a whole school in key order to spare itself a sort."""
    return column + 0 if isinstance(column.type, sa.BigInteger) else column + ""


def last_known(
    connection: sa.Connection, entity: Entity[R], at: AsOf, *where: sa.ColumnElement[bool]
) -> Iterator[R]:
    """The last version of each record known by then, also of records since withdrawn.

    For names: a teacher who has left the school still taught the lessons of that year.
    """
    table = entity.table
    known = [table.c.school_id == at.school_id, table.c.seen_from <= at.run_id, *where]
    newest = (
        sa.func.row_number()
        .over(partition_by=[table.c[name] for name in entity.key], order_by=table.c.seen_from.desc())
        .label("age")
        if entity.key
        else sa.func.row_number().over(order_by=table.c.seen_from.desc()).label("age")
    )
    columns = [table.c[name] for name in entity.columns]
    versions = sa.select(*columns, newest).where(*known).subquery()
    query = sa.select(*(versions.c[name] for name in entity.columns)).where(versions.c.age == 1)
    for row in connection.execute(query):
        yield entity.record._make(row)
