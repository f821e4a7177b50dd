"""What has been fetched: finished slices as rows. The slices of a plan that are not here are to do."""

from __future__ import annotations

from dataclasses import dataclass
from sys import intern
from typing import Final

import sqlalchemy as sa

from archive_store.schema import CHECKPOINT
from archive_store.statements import mark_of, upsert


@dataclass(frozen=True, slots=True)
class Place:
    """What a slice covers: an entity, a class (0: the school), a span of days (empty: not by days)."""

    entity: str
    group_id: int = 0
    first_day: str = ""
    last_day: str = ""


_AT_ONCE: Final = 5_000
# In the place of a digest: withdrawals of this slice are held back until someone vouches for them.
HELD_BACK: Final = b""
# In the place of a digest: the platform refused, and need not be asked again before its turn.
REFUSED: Final = b"refused"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A finished slice: digest of its answer (None or HELD_BACK: parse the next one anyway), and when."""

    answer_digest: bytes | None
    done_at: str


def load(connection: sa.Connection, school_id: int) -> dict[Place, Checkpoint]:
    """All finished slices of a school. Texts that come again and again are kept in memory once."""
    query = sa.select(CHECKPOINT).where(CHECKPOINT.c.school_id == school_id)
    return {
        Place(intern(row.entity), row.group_id, intern(row.first_day), intern(row.last_day)): Checkpoint(
            bytes(row.answer_digest) if row.answer_digest is not None else None, intern(row.done_at)
        )
        for row in connection.execute(query.execution_options(yield_per=_AT_ONCE))
    }


def refused(connection: sa.Connection, school_id: int) -> set[str]:
    """The entities of slices that the platform refuses."""
    rows = connection.execute(
        sa.select(CHECKPOINT.c.entity)
        .distinct()
        .where(CHECKPOINT.c.school_id == school_id, CHECKPOINT.c.answer_digest == REFUSED)
    )
    return {row.entity for row in rows}


def save(
    connection: sa.Connection,
    school_id: int,
    place: Place,
    answer_digest: bytes | None,
    records: int | None,
    run_id: int,
    at: str,
) -> None:
    """Record a finished slice in the caller's transaction, beside the records that it wrote.

    ``records`` is how many records it holds; None leaves the number as it was.
    """
    changed = ("answer_digest", "run_id", "done_at", *(("records",) if records is not None else ()))
    row = {
        "school_id": school_id,
        "entity": place.entity,
        "group_id": place.group_id,
        "first_day": place.first_day,
        "last_day": place.last_day,
        "answer_digest": answer_digest,
        "records": records or 0,
        "run_id": run_id,
        "done_at": at,
    }
    sql = upsert(CHECKPOINT, changed, mark_of(connection))
    connection.exec_driver_sql(sql, tuple(row[column.name] for column in CHECKPOINT.columns))


def remember(connection: sa.Connection, school_id: int, place: Place, answer_digest: bytes) -> None:
    """Take the answer of a slice for settled: while it stays the same, it is not parsed again."""
    connection.execute(
        CHECKPOINT.update()
        .where(
            CHECKPOINT.c.school_id == school_id,
            CHECKPOINT.c.entity == place.entity,
            CHECKPOINT.c.group_id == place.group_id,
            CHECKPOINT.c.first_day == place.first_day,
            CHECKPOINT.c.last_day == place.last_day,
        )
        .values(answer_digest=answer_digest)
    )


def distrust(connection: sa.Connection, school_id: int, place: Place, *, any_group: bool = False) -> None:
    """Forget the digests of the slices that overlap ``place``: their next answers are parsed again.

    After a repair of a part, an old digest no longer says what stands in the archive. ``any_group``: also
    those of other groups, on the same days.
    """
    overlaps = [
        CHECKPOINT.c.school_id == school_id,
        CHECKPOINT.c.entity == place.entity,
        CHECKPOINT.c.answer_digest != HELD_BACK,
    ]
    if not any_group:
        overlaps.append(CHECKPOINT.c.group_id == place.group_id)
    if place.first_day:
        overlaps += [CHECKPOINT.c.first_day <= place.last_day, CHECKPOINT.c.last_day >= place.first_day]
    connection.execute(CHECKPOINT.update().where(*overlaps).values(answer_digest=None))
