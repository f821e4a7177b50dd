"""The archive's side of a comparison: its records as of a run, and whether it vouches for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from archive_store import schema
from archive_store.asof import AsOf, read
from archive_store.canonical import version_digest
from archive_store.reconciliations import LastReadings
from archive_store.schema import Entity, R


@dataclass(frozen=True, slots=True)
class Archive:
    """The record of one school as of a run. ``readings`` tells when each part was last read."""

    connection: sa.Connection
    at: AsOf
    readings: LastReadings

    def by_days(self, entity: Entity[R], groups: tuple[int, ...], first_day: str, last_day: str) -> list[R]:
        """The standing records of these groups and days (inclusive)."""
        table = entity.table
        of_groups = table.c.group_id.in_(groups)
        return list(
            read(self.connection, entity, self.at, of_groups, table.c.day.between(first_day, last_day))
        )

    def of_group(self, entity: Entity[R], group_id: int) -> list[R]:
        """The standing records of one group."""
        return list(read(self.connection, entity, self.at, entity.table.c.group_id == group_id))

    def weights(self) -> dict[int, int | None]:
        """The weight of each type of work."""
        types = read(self.connection, schema.WORK_TYPE, self.at)
        return {one.work_type_id: one.weight for one in types}

    def is_altered(self, entity: Entity[R], record: R) -> bool:
        """Whether a standing record no longer agrees with the digest of its version."""
        table = entity.table
        digest = self.connection.execute(
            sa.select(table.c.digest).where(self.at.stands(entity), *_same_key(entity, record))
        ).scalar()
        return digest is None or bytes(digest) != version_digest(entity.name, self.at.school_id, record)

    def stands_elsewhere(self, entity: Entity[R], record: R) -> bool:
        """Whether the record stands under another class or day than the one compared."""
        known = sa.select(sa.literal(1)).where(self.at.stands(entity), *_same_key(entity, record))
        return self.connection.execute(known.limit(1)).first() is not None

    def last_read(self, kind: str, group_id: int, day: str | None) -> datetime | None:
        """When the run began that last read the slice of a day (None: not by days), or None."""
        began = [
            one.began_at
            for one in self.readings.get((kind, group_id), ())
            if day is None or one.first_day <= day <= one.last_day
        ]
        return moment(max(began)) if began else None


def moment(text: str | None) -> datetime | None:
    """A moment of the archive, or None for none and for a text that is no moment."""
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo else None


def _same_key(entity: Entity[R], record: R) -> list[sa.ColumnElement[bool]]:
    values: dict[str, Any] = dict(zip(entity.columns, record, strict=True))
    return [entity.table.c[name] == values[name] for name in entity.key]
