"""The life of a record, of any entity: first seen, changed, gone, come again.

It is read from the versions: each names the run that first saw it and the one that saw it changed or gone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, Literal

import sqlalchemy as sa

from archive_store.asof import AsOf
from archive_store.schema import RUN, Entity

_NEVER: Final = "0001-01-02T00:00:00Z"
What = Literal["first", "changed", "withdrawn", "again"]


@dataclass(frozen=True, slots=True)
class Change:
    """A field that became another: what it was and what it is."""

    field: str
    was: Any
    now: Any


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a run saw happen to a record.

    ``record`` is what stood from then on; None when it was withdrawn. ``changes`` says how it differs from
    what stood last.
    """

    what: What
    run_id: int
    record: Any | None
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Life:
    """All that the archive knows of one record, oldest event first."""

    entity: Entity[Any]
    key: tuple[Any, ...]
    events: tuple[Event, ...]

    @property
    def last_record(self) -> Any:  # noqa: ANN401 - a record of the entity
        """What stood last."""
        return next(event.record for event in reversed(self.events) if event.record is not None)

    @property
    def ever_changed(self) -> bool:
        """Whether anything happened to it after it was first seen."""
        return len(self.events) > 1


@dataclass(frozen=True, slots=True)
class Moments:
    """When each run was: a version is as old as the run that saw it."""

    of_runs: dict[int, str]

    def __getitem__(self, run_id: int) -> str:
        """The moment of a run's end (of its beginning, while it is under way), ISO 8601 in UTC.

        Of a run that is not on record, as after an alteration: that of the last one before it.
        """
        if run_id in self.of_runs:
            return self.of_runs[run_id]
        before = max((one for one in self.of_runs if one <= run_id), default=None)
        return _NEVER if before is None else self.of_runs[before]


def moments(connection: sa.Connection, school_id: int) -> Moments:
    """The moments of the school's runs."""
    at = sa.func.coalesce(RUN.c.ended_at, RUN.c.started_at)
    rows = connection.execute(sa.select(RUN.c.run_id, at).where(RUN.c.school_id == school_id))
    return Moments({row[0]: row[1] for row in rows})


def lives(
    connection: sa.Connection, entity: Entity[Any], at: AsOf, *where: sa.ColumnElement[bool]
) -> Iterator[Life]:
    """The lives of records as known by then, streamed in the order of their keys.

    A condition must hold for all versions of a record or for none: on its key, :func:`ever_closed` or
    :func:`ever_in`.
    """
    table = entity.table
    columns = [table.c[name] for name in entity.columns]
    query = (
        sa.select(table.c.seen_from, table.c.seen_to, *columns)
        .where(table.c.school_id == at.school_id, table.c.seen_from <= at.run_id, *where)
        # What ended in the run that opened it never stood.
        .where(sa.or_(table.c.seen_to.is_(None), table.c.seen_to > table.c.seen_from))
        .order_by(*(table.c[name] for name in entity.key), table.c.seen_from)
    )
    positions = [entity.columns.index(name) + 2 for name in entity.key]
    with connection.execute(query.execution_options(yield_per=1_000)) as rows:
        for key, versions in groupby(rows, key=lambda row: tuple(row[n] for n in positions)):
            yield Life(entity, key, tuple(_events(entity, at, versions)))


def ever_closed(entity: Entity[Any], at: AsOf) -> sa.ColumnElement[bool]:
    """The condition that something happened to a record after it was first seen."""
    other = entity.table.alias()
    same = [other.c[name] == entity.table.c[name] for name in ("school_id", *entity.key)]
    return sa.exists().where(*same, other.c.seen_to <= at.run_id)


def ever_in(
    entity: Entity[Any], at: AsOf, group_ids: Sequence[int], *where: sa.ColumnElement[bool]
) -> sa.ColumnElement[bool]:
    """The condition that any version of a record stood in one of the groups (and met the condition)."""
    table = entity.table
    key = [table.c[name] for name in entity.key]
    stood = sa.select(*key).where(table.c.school_id == at.school_id, table.c.group_id.in_(group_ids), *where)
    return sa.tuple_(*key).in_(stood)


def _events(entity: Entity[Any], at: AsOf, versions: Iterator[Any]) -> Iterator[Event]:
    standing: Any | None = None
    ended: int | None = None
    for seen_from, seen_to, *values in versions:
        record = entity.record._make(values)
        if standing is None:
            yield Event("first", seen_from, record)
        elif ended == seen_from:
            yield Event("changed", seen_from, record, _changes(entity, standing, record))
        else:
            yield Event("withdrawn", int(ended or 0), None)
            yield Event("again", seen_from, record, _changes(entity, standing, record))
        standing, ended = record, seen_to
    if ended is not None and ended <= at.run_id:
        yield Event("withdrawn", ended, None)


def _changes(entity: Entity[Any], was: Any, now: Any) -> tuple[Change, ...]:  # noqa: ANN401
    fields = zip(entity.columns, was, now, strict=True)
    return tuple(Change(name, old, new) for name, old, new in fields if old != new)
