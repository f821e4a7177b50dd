"""Names that a class had before: a class may be renamed in the middle of a year."""

from __future__ import annotations

from itertools import pairwise

import sqlalchemy as sa

from archive_store.asof import AsOf
from archive_store.records import EduGroup
from archive_store.schema import EDU_GROUP, RUN


def former_names(connection: sa.Connection, at: AsOf, group: EduGroup) -> tuple[tuple[str, str], ...]:
    """The earlier names, oldest first, each with the day of the run that saw the next one."""
    table = EDU_GROUP.table.c
    versions = connection.execute(
        sa.select(table.name, RUN.c.started_at)
        .join(RUN, RUN.c.run_id == table.seen_from)
        .where(
            table.school_id == at.school_id, table.group_id == group.group_id, table.seen_from <= at.run_id
        )
        .order_by(table.seen_from)
    ).all()
    return tuple(
        (was.name, at.day_of(now.started_at)) for was, now in pairwise(versions) if was.name != now.name
    )
