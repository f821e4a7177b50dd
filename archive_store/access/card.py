"""All that the archive holds on one person, for a request by the law on personal data.

A pupil or a member of staff. What the archive holds of them: records with all their versions, copies in
sealed bags, and the log of what was given out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from archive_store import schema
from archive_store.access.readings import Reading, Subject, is_about, readings, subject_of
from archive_store.asof import AsOf, last_known
from archive_store.history_of import Life, Moments, lives, moments
from archive_store.records import ReportingPeriod
from archive_store.schema import ENTITIES, SNAPSHOT, Entity


@dataclass(frozen=True, slots=True)
class Holding:
    """What is held of one kind. ``since`` is the moment (UTC) at which the first of it was seen."""

    entity: Entity[Any]
    lives: Sequence[Life]
    standing: int
    since: str

    @property
    def fields(self) -> list[str]:
        """The meanings (to be translated) of the fields that hold something, ids of the platform left out."""
        versions = [event.record for life in self.lives for event in life.events if event.record is not None]
        columns = self.entity.table.c
        return [
            str(columns[name].comment)
            for name in self.entity.columns
            if not name.endswith(("_id", "_sent")) and any(getattr(one, name) is not None for one in versions)
        ]

    @property
    def earlier(self) -> int:
        """How many versions are kept besides those that stand."""
        versions = sum(1 for life in self.lives for event in life.events if event.record is not None)
        return versions - self.standing


@dataclass(frozen=True, slots=True)
class SealedCopy:
    """A sealed bag that holds the same: its year, its name, its root."""

    study_year: int
    bag: str
    root: str


@dataclass(frozen=True, slots=True)
class PersonCard:
    """The card. ``names`` are ids of groups and subjects with their names."""

    subject: Subject
    name: str
    holdings: Sequence[Holding]
    moments: Moments
    groups: dict[int, Any]
    subjects: dict[int, str]
    periods: Sequence[ReportingPeriod]
    sealed: Sequence[SealedCopy]
    disclosures: Sequence[Reading] = field(default=())

    def standing(self, entity: Entity[Any]) -> Iterator[Any]:
        """The records of a kind that stand now."""
        for one in self.holdings:
            if one.entity is entity:
                yield from (life.last_record for life in one.lives if life.events[-1].record is not None)


def person_card(connection: sa.Connection, at: AsOf, person_id: int, own_entry: int = 0) -> PersonCard:
    """Gather the card of the person with that id, whom the archive must know.

    ``own_entry`` is the number of the entry of the log for this very card: it is not listed in it.
    """
    subject = subject_of(connection, at, person_id)
    when = moments(connection, at.school_id)
    holdings = [
        one for one in (_holding(connection, at, entity, person_id, when) for entity in ENTITIES) if one
    ]
    groups = {one.group_id: one for one in last_known(connection, schema.EDU_GROUP, at)}
    subjects = {one.subject_id: one.name for one in last_known(connection, schema.SUBJECT, at)}
    in_groups = schema.REPORTING_PERIOD.table.c.group_id.in_(sorted(subject.groups))
    periods = list(last_known(connection, schema.REPORTING_PERIOD, at, in_groups))
    known = (one for one in readings(connection, at.school_id) if one.begun.number != own_entry)
    told = [one for one in known if is_about(one.begun, subject)]
    sealed = list(_sealed(connection, at.school_id, subject))
    return PersonCard(subject, _name(holdings), holdings, when, groups, subjects, periods, sealed, told)


def _holding(
    connection: sa.Connection, at: AsOf, entity: Entity[Any], person_id: int, when: Moments
) -> Holding | None:
    condition = _about(entity, person_id)
    if condition is None:
        return None
    if "person_id" not in entity.key:
        # A life is told whole, also when only one version of it names the person.
        (key,) = (entity.table.c[name] for name in entity.key)
        named = sa.select(key).where(entity.table.c.school_id == at.school_id, condition)
        condition = key.in_(named)
    found = list(lives(connection, entity, at, condition))
    if not found:
        return None
    standing = sum(1 for life in found if life.events[-1].record is not None)
    since = min(when[life.events[0].run_id] for life in found)
    return Holding(entity, found, standing, since)


def _about(entity: Entity[Any], person_id: int) -> sa.ColumnElement[bool] | None:
    columns = entity.table.c
    if "person_id" in columns:
        return columns.person_id == person_id
    if entity is schema.LESSON:
        return columns.teachers.contains(f'"{person_id}"', autoescape=True)
    return columns.created_by == person_id if entity is schema.WORK else None


def _sealed(connection: sa.Connection, school_id: int, subject: Subject) -> Iterator[SealedCopy]:
    query = (
        sa.select(SNAPSHOT)
        .where(SNAPSHOT.c.school_id == school_id, SNAPSHOT.c.study_year.in_(sorted(subject.years)))
        .order_by(SNAPSHOT.c.study_year, SNAPSHOT.c.bag)
    )
    for row in connection.execute(query):
        if row.group_id is None or row.group_id in subject.groups:
            yield SealedCopy(row.study_year, row.bag, bytes(row.root).hex())


def _name(holdings: Sequence[Holding]) -> str:
    for one in holdings:
        record = one.lives[0].last_record
        if hasattr(record, "last_name"):
            parts = (record.last_name, record.first_name, record.middle_name)
            return " ".join(part for part in parts if part) or str(record.short_name or "")
    return ""
