"""The classes in which a pupil was, year by year, and when the record last knew him there.

The platform stops showing a pupil who has left the school: his memberships and marks are withdrawn from the
record, but their versions are kept. Who is gone is therefore read as of the last run that still found him in
the class; who is shown as left, as of the last run before, if the platform has since taken marks of his away.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import sqlalchemy as sa

from archive_store.asof import AsOf, last_known
from archive_store.catalogue import LEFT
from archive_store.errors import NotInYear
from archive_store.forms.people import Human, full_name
from archive_store.records import EduGroup
from archive_store.schema import EDU_GROUP, FINAL_MARK, FORMER_MEMBER, MARK, MEMBERSHIP, PERSON, RUN, Entity

_CLASS: Final = "Group"


@dataclass(frozen=True, slots=True)
class Place:
    """A class in which a pupil was. Read its record as of ``at``.

    ``gone_on`` is the day on which the archive first did not find the pupil there any more, None while the
    platform shows him; ``has_left`` tells that it shows him as one who has left.
    """

    group: EduGroup
    study_year: int
    at: AsOf
    gone_on: str | None = None
    has_left: bool = False


def places(connection: sa.Connection, at: AsOf, person_id: int) -> list[Place]:
    """The classes of a pupil in the order of years; in one year those that he has left come first."""
    found = [
        _place(connection, at, person_id, group)
        for group in _groups(connection, at, person_id)
        if group.type == _CLASS and group.study_year is not None
    ]
    return sorted(
        found, key=lambda one: (one.study_year, not one.has_left, one.gone_on is None, one.at.run_id)
    )


def place_in(connection: sa.Connection, at: AsOf, person_id: int, study_year: int) -> Place:
    """The class of a pupil in a year, the last one if there were several. Raises NotInYear."""
    known = places(connection, at, person_id)
    of_year = [one for one in known if one.study_year == study_year]
    if not of_year:
        name = full_name(person(connection, at, person_id), person_id)
        raise NotInYear(name, study_year, [(one.study_year, one.group.name) for one in known])
    return of_year[-1]


def person(connection: sa.Connection, at: AsOf, person_id: int) -> Human | None:
    """The pupil as last known, also one who is gone."""
    return next(last_known(connection, PERSON, at, PERSON.table.c.person_id == person_id), None)


def _groups(connection: sa.Connection, at: AsOf, person_id: int) -> Iterator[EduGroup]:
    """The groups that name the pupil as a member, now or in the past, or that gave him a final mark."""
    ids: set[int] = set()
    for entity in (MEMBERSHIP, FORMER_MEMBER, FINAL_MARK):
        ids.update(_groups_in(connection, entity, at, person_id))
    return last_known(connection, EDU_GROUP, at, EDU_GROUP.table.c.group_id.in_(sorted(ids)))


def _groups_in(connection: sa.Connection, entity: Entity[Any], at: AsOf, person_id: int) -> list[int]:
    table = entity.table.c
    query = sa.select(table.group_id).distinct()
    known = table.school_id == at.school_id, table.seen_from <= at.run_id, table.person_id == person_id
    return [int(row[0]) for row in connection.execute(query.where(*known))]


def _place(connection: sa.Connection, at: AsOf, person_id: int, group: EduGroup) -> Place:
    table = MEMBERSHIP.table.c
    versions = connection.execute(
        sa.select(table.status, table.seen_from, table.seen_to)
        .where(
            table.school_id == at.school_id,
            table.group_id == group.group_id,
            table.person_id == person_id,
            table.seen_from <= at.run_id,
        )
        .order_by(table.seen_from)
    ).all()
    year = group.study_year or 0
    if not versions:
        return Place(group, year, at, has_left=True)
    last = versions[-1]
    if last.seen_to is not None and last.seen_to <= at.run_id:
        before = replace(at, run_id=last.seen_to - 1)
        return Place(group, year, before, _day(connection, at, last.seen_to), has_left=True)
    if last.status != LEFT:
        return Place(group, year, at)
    before = replace(at, run_id=last.seen_from - 1)
    shown_less = _marks(connection, at, person_id, group) < _marks(connection, before, person_id, group)
    return Place(group, year, before if shown_less else at, has_left=True)


def _marks(connection: sa.Connection, at: AsOf, person_id: int, group: EduGroup) -> int:
    """How many marks and final marks of the pupil in the class stand."""
    found = 0
    for entity in (MARK, FINAL_MARK):
        table = entity.table.c
        query = sa.select(sa.func.count()).where(
            at.stands(entity), table.group_id == group.group_id, table.person_id == person_id
        )
        found += connection.execute(query).scalar_one()
    return found


def _day(connection: sa.Connection, at: AsOf, run_id: int) -> str | None:
    runs = RUN.c
    moment = connection.execute(
        sa.select(runs.started_at).where(runs.school_id == at.school_id, runs.run_id == run_id)
    ).scalar()
    return None if moment is None else at.day_of(moment)
