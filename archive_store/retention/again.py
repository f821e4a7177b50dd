"""A tombstone wins: what came back with an old copy of the database is destroyed again.

An archive that was restored from before a destruction does not know of it; the tombstones that lie beside
its sealed years, on its carriers and beside the copies of its database do. One is believed only if it names
what may be destroyed by the archive's own reckoning: of a term that is over, with the root on record, and
held by nobody. So no file that somebody puts there destroys what is not due.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from archive_store.asof import AsOf, last_known
from archive_store.nomenclature.kinds import Nomenclature
from archive_store.retention import erasing, live
from archive_store.retention.book import Clerk, Kind, events
from archive_store.retention.due import term_of
from archive_store.retention.holds import holds
from archive_store.retention.live import Cleared
from archive_store.retention.notes import lying_in, write_beside
from archive_store.retention.tombstones import Tombstone, enter, tombstones
from archive_store.schema import EDU_GROUP, SNAPSHOT
from archive_store.snapshot.terms import may_destroy_from
from archive_store.store import durable


@dataclass(frozen=True, slots=True)
class Again:
    """What was destroyed once more, what went with it, and tombstones that are not believed."""

    stones: tuple[Tombstone, ...]
    cleared: Cleared | None
    doubtful: tuple[Tombstone, ...]


def destroy_again(
    engine: sa.Engine,
    clerk: Clerk,
    places: Sequence[Path],
    files: Sequence[Path],
    terms: Nomenclature,
    today: str,
) -> Again:
    """Believe the tombstones that lie in ``places`` and clear the record of what they name.

    ``files`` are the folders of homework's files, ``today`` a day in the school's zone. The caller holds the
    archive's lock. Raises RecordNotVouched.
    """
    with engine.connect() as connection:
        unknown = _unknown(connection, clerk.school_id, places)
        believed = [one for one in unknown if _is_believed(connection, clerk.school_id, one, terms, today)]
        cleared_before = events(connection, clerk.school_id, Kind.CLEARED)
        # Also what a killed command had cleared from the record, and not yet from the disk.
        erasing.overwrite_contents(files, live.unneeded_files(connection, cleared_before))
    doubtful = tuple(one for one in unknown if one not in believed)
    if not believed:
        return Again((), None, doubtful)
    with durable(engine) as connection:
        enter(connection, clerk, believed)
        cleared = live.clear(connection, clerk, 0, believed)
    with engine.connect() as connection:
        unneeded = live.unneeded_files(connection, events(connection, clerk.school_id, Kind.CLEARED))
        erasing.overwrite_contents(files, unneeded)
    live.tidy(engine)
    for place in places:
        if place.is_dir():
            write_beside(place, clerk.school_id, believed)
    return Again(tuple(believed), cleared, doubtful)


def _unknown(connection: sa.Connection, school_id: int, places: Sequence[Path]) -> list[Tombstone]:
    known = {(one.study_year, one.bag) for one in tombstones(connection, school_id)}
    return [
        one
        for school, one in lying_in(places)
        if school == school_id and (one.study_year, one.bag) not in known
    ]


def _is_believed(
    connection: sa.Connection, school_id: int, one: Tombstone, terms: Nomenclature, today: str
) -> bool:
    query = sa.select(SNAPSHOT.c.root, SNAPSHOT.c.retention_years, SNAPSHOT.c.group_id).where(
        SNAPSHOT.c.school_id == school_id,
        SNAPSHOT.c.study_year == one.study_year,
        SNAPSHOT.c.bag == one.bag,
    )
    row = connection.execute(query).first()
    known = holds(connection, school_id)
    if row is not None:
        of_bag = bytes(row.root).hex() == one.root and row.group_id == one.group
        held = any(hold.subject.covers(*one.unit) for hold in known)
    else:  # an archive from before the closing: nothing but the year ties the bag to its class
        of_bag = _is_of_its_year(connection, school_id, one)
        held = any(hold.subject.study_year == one.study_year for hold in known)
    years = term_of(one.bag, row.retention_years if row else one.years, terms)
    return of_bag and not held and today >= may_destroy_from(one.study_year, years)


def _is_of_its_year(connection: sa.Connection, school_id: int, one: Tombstone) -> bool:
    """Whether the class that a tombstone names is one of the year that it names."""
    if one.group is None:
        return True
    groups = last_known(connection, EDU_GROUP, AsOf(school_id), EDU_GROUP.table.c.group_id == one.group)
    return all(group.study_year == one.study_year for group in groups)
